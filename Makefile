# coapspec: `make help` says what there is.

BUILD   ?= build
CC      ?= gcc
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc)
VERSION := 0.1.0
export BUILD JOBS

# what is built is named; V=1 shows the whole commands
Q  := $(if $(V),,@)
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),:,printf '%-4s %s\n' $(1) $@)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wformat=2 -Wvla
CFLAGS   ?= -O3 -g
CPPFLAGS += -D_GNU_SOURCE -DCOAPSPEC_VERSION='"$(VERSION)"' -Idissector/include -Idissector -I.
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS)

# which library which part of the tree may use (tests/policy/includes.test holds it to that)
NEEDS         := libpcap libcjson libfyaml openssl
LIBS_coapspec := $(shell pkg-config --libs $(NEEDS) 2>/dev/null) -lm
# libcoap for the reference device: the OpenSSL flavour where there is one
COAP_PC       := $(firstword $(foreach p,libcoap-3-openssl libcoap-3-gnutls libcoap-3,$(shell pkg-config --exists $(p) 2>/dev/null && echo $(p))))
LIBS_device   := $(if $(COAP_PC),$(shell pkg-config --libs $(COAP_PC)))
CFLAGS_device := $(if $(COAP_PC),$(shell pkg-config --cflags $(COAP_PC)))

DISSECTOR := $(sort $(wildcard dissector/*.c dissector/*/*.c dissector/*/*/*.c))
REPORTS   := $(sort $(wildcard reports/*.c reports/*/*.c))
DEVICE    := $(sort $(wildcard src/device/*.c src/device/*/*.c))
# the table of the device's faults is the program's too, for `list` and `explain`
SRC       := $(filter-out $(filter-out src/device/faults.c,$(DEVICE)) src/main.c src/lazy/lazy.c,$(sort $(wildcard src/*.c src/*/*.c src/*/*/*.c)))
RULES     := $(sort $(wildcard dissector/rules/*/*.c))
COMMANDS  := $(patsubst src/cmd/%.c,%,$(sort $(wildcard src/cmd/*.c)))
UNIT      := $(sort $(wildcard tests/unit/*.c))
SPECIMEN  := $(sort $(wildcard tests/specimen/*.c))
SOURCES   := $(DISSECTOR) $(REPORTS) $(DEVICE) $(SRC) $(wildcard src/main.c src/lazy/lazy.c) $(sort $(wildcard tests/*/*.c))

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB      := $(BUILD)/libcoapspec.a
PROGRAM  := $(BUILD)/libprogram.a
UNIT_BIN := $(patsubst tests/%.c,$(BUILD)/%,$(UNIT))

.PHONY: all
all: $(BUILD)/coapspec $(BUILD)/coapspec-device ## build/coapspec and build/coapspec-device

.PHONY: needs
needs:
	@pkg-config --exists $(NEEDS) 2>/dev/null && [ -n "$(COAP_PC)" ] || \
	    { echo "a library is missing: make setup installs what it takes (./setup says which)" >&2; exit 1; }

$(BUILD)/%.o: %.c | needs
	@mkdir -p $(@D)
	@$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS_$(word 2,$(subst /, ,$*))) -MMD -MP -c $< -o $@

# Three lists are read off the sources, and written anew only when they change, so that a file that comes or goes is
# noticed: the rules (one without specimens does not build), the commands, one for each src/cmd/NAME.c, and the faults.
.PHONY: FORCE
$(BUILD)/rules_list.c: dissector/rules/list.awk FORCE
	@mkdir -p $(@D)
	@awk -f $< $(RULES) </dev/null >$@.part && { cmp -s $@.part $@ && rm $@.part || mv $@.part $@; }
$(BUILD)/commands.c: src/cmd/list.awk FORCE
	@mkdir -p $(@D)
	@echo $(COMMANDS) | awk -f $< >$@.part && { cmp -s $@.part $@ && rm $@.part || mv $@.part $@; }
FAULTS := $(sort $(wildcard src/faults/*/*.c))
$(BUILD)/faults_list.c: src/faults/list.awk FORCE
	@mkdir -p $(@D)
	@awk -f $< $(FAULTS) </dev/null >$@.part && { cmp -s $@.part $@ && rm $@.part || mv $@.part $@; }
# The normative statements of the documents become a table.
CATALOGUE := $(sort $(wildcard dissector/rules/requirements/*.tsv dissector/rules/sections/*.tsv))
$(BUILD)/requirements.c: dissector/rules/requirements.awk $(CATALOGUE)
	@mkdir -p $(@D)
	@awk -f $< $(CATALOGUE) >$@.part && mv $@.part $@
$(BUILD)/%.o: $(BUILD)/%.c
	@$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -c $< -o $@

$(LIB): $(call obj,$(DISSECTOR)) $(BUILD)/rules_list.o $(BUILD)/requirements.o
	@rm -f $@
	@$(call say,AR)
	$(Q)$(AR) rcs $@ $^

$(PROGRAM): $(call obj,$(SRC) $(REPORTS)) $(BUILD)/commands.o $(BUILD)/faults_list.o
	@rm -f $@
	@$(call say,AR)
	$(Q)$(AR) rcs $@ $^

# OpenSSL is loaded when it is called (src/lazy/lazy.c), on the processors that stubs.awk knows; elsewhere it is linked as usual.
SSL_PARTS := $(call obj,$(wildcard src/net/dtls*.c dissector/decrypt/*.c))
ifneq ($(filter x86_64-% aarch64-%,$(shell $(CC) -dumpmachine)),)
LAZY      := $(BUILD)/lazy_stubs.o $(call obj,src/lazy/lazy.c)
LIBS_lazy := $(filter-out -lssl -lcrypto,$(LIBS_coapspec))
else
LIBS_lazy := $(LIBS_coapspec)
endif
ssl_files = $(foreach l,ssl crypto,$(shell $(CC) -print-file-name=lib$(l).so))
$(BUILD)/lazy_stubs.S: src/lazy/stubs.awk $(SSL_PARTS)
	@nm -D --defined-only $(ssl_files) | awk 'NF == 3 { sub(/@.*/, "", $$3); print $$3 }' | sort -u >$@.there
	@nm -u $(SSL_PARTS) | awk 'NF == 2 { print $$2 }' | sort -u | comm -12 - $@.there | \
	    awk -v libraries="$$(objdump -p $(ssl_files) | awk '$$1 == "SONAME" { print $$2 }' | tac | tr '\n' ' ')" -f $< >$@.part && mv $@.part $@
$(BUILD)/lazy_stubs.o: $(BUILD)/lazy_stubs.S
	@$(call say,AS)
	$(Q)$(CC) $(CFLAGS) -c $< -o $@

$(BUILD)/coapspec: $(call obj,src/main.c) $(LAZY) $(PROGRAM) $(LIB)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_lazy)

# another mind: of our own code it has but the one for "did you mean"
$(BUILD)/coapspec-device: $(call obj,$(DEVICE) dissector/base/nearest.c)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_device)

.PHONY: setup
setup: ## install with apt what a use needs: USE=build (default), demo, test, check, bench
	@./setup $(or $(USE),build)

.PHONY: interop
interop: ## foreign stacks alone: those of Debian and npm, judged in both roles (minutes)
	@$(MAKE) --no-print-directory test T=interop

# those of npm go into build/npm; what cannot be had is named, and its tests are skipped
.PHONY: peers
peers:
	@tests/interop/peer setup

.PHONY: steady
steady: all ## verdicts stand: RUNS=100 of the core suite beside two busy processes, and each record again (minutes)
	@tests/faults/steady $(or $(RUNS),100)

.PHONY: demo
demo: ## no hardware, no root: build, then the reference device with two faults is found out
	@./setup demo
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@tests/demo

# --------------------------------------------------------------------------- tests

# objects between a source and a program are kept
.SECONDARY:
# what plays the rules' specimens
PLAYER := $(BUILD)/libspecimen.a
$(PLAYER): $(call obj,$(SPECIMEN))
	@rm -f $@
	@$(call say,AR)
	$(Q)$(AR) rcs $@ $^

# tests/unit/NAME.c is one cmocka program each
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(PLAYER) $(PROGRAM) $(LIB)
	@mkdir -p $(@D)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ -lcmocka $(LIBS_coapspec)

.PHONY: unit
unit: $(UNIT_BIN) ## the unit tests alone, without set-up
	$(if $^,@tests/run $(patsubst $(BUILD)/%,%,$^))

.PHONY: test
test: ## every test; T='unit/option' or T='e2e/check:pipe' only some; TIMES=1 shows what took long
	@./setup test
	@$(MAKE) --no-print-directory -j$(JOBS) tested $(if $(T),$(findstring peers,$(T:interop%=peers)),peers)
	@set -f; TIMES='$(TIMES)' tests/run $(T) # patterns are of tests, not of files

# all that the tests run; says nothing when it is there
.PHONY: tested
tested: all $(UNIT_BIN) $(BUILD)/diff_libcoap $(BUILD)/datagrams $(BUILD)/vary $(BUILD)/dialogues $(BUILD)/bench/generate
	@:

# our decoder beside libcoap's
CFLAGS_interop := $(CFLAGS_device)
$(BUILD)/diff_libcoap: $(BUILD)/tests/interop/diff_libcoap.o $(LIB)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_device)

# what source and wire make of a capture, to be held against tshark's
$(BUILD)/datagrams: $(BUILD)/tests/captures/datagrams.o $(LIB)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)

# captures as they would be had they been taken otherwise
$(BUILD)/vary: $(BUILD)/tests/captures/vary.o $(LIB)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)

# the rules' specimens as captures
$(BUILD)/dialogues: $(BUILD)/tests/same/dialogues.o $(PLAYER) $(LIB)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)

.PHONY: same
same: ## does the present build find the same as an older one? OLD=path/to/coapspec; MORE='folders with captures', RUNS=no
	@./setup test
	@$(MAKE) --no-print-directory -j$(JOBS) all $(BUILD)/vary $(BUILD)/dialogues $(BUILD)/bench/generate
	@MORE='$(MORE)' RUNS='$(RUNS)' THREADS='$(THREADS)' tests/same/compare '$(OLD)'

# tests/fuzz/fuzz_NAME.c; tests/fuzz/run chooses compiler and flags
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/fuzz_%.o $(PROGRAM) $(LIB)
	@mkdir -p $(@D)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)

# the rules' specimens as seeds of fuzz targets
$(BUILD)/fuzz/seeds: $(BUILD)/tests/fuzz/seeds.o $(PLAYER) $(LIB)
	@mkdir -p $(@D)
	@$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)

include tests/check.mk tests/bench/bench.mk

# --------------------------------------------------------------------------- installation

bindir   := $(DESTDIR)$(PREFIX)/bin
datadir  := $(DESTDIR)$(PREFIX)/share/coapspec
mandir   := $(DESTDIR)$(PREFIX)/share/man/man1
docdir   := $(DESTDIR)$(PREFIX)/share/doc/coapspec
incdir   := $(DESTDIR)$(PREFIX)/include/coapspec
libdir   := $(DESTDIR)$(PREFIX)/lib
compdir  := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
MAN      := $(patsubst %,$(BUILD)/man/coapspec-%.1,$(COMMANDS)) $(BUILD)/man/coapspec.1

.PHONY: man
man: $(MAN) ## the manual pages, made of what --help says
$(BUILD)/man/coapspec.1: $(BUILD)/coapspec docs/man.awk
	@mkdir -p $(@D)
	@COLUMNS=200 LC_ALL=C.UTF-8 $< --help >$@.text && \
	    awk -f docs/man.awk -v name=coapspec -v version=$(VERSION) -v pages='$(COMMANDS)' $@.text >$@.part && mv $@.part $@
$(BUILD)/man/coapspec-%.1: $(BUILD)/coapspec docs/man.awk
	@mkdir -p $(@D)
	@COLUMNS=200 LC_ALL=C.UTF-8 $< $* --help >$@.text && \
	    awk -f docs/man.awk -v name=coapspec-$* -v version=$(VERSION) $@.text >$@.part && mv $@.part $@

.PHONY: docs
docs: all ## the pages that are made of what the programs say: docs/coverage/
	@docs/make-coverage docs/coverage

.PHONY: install
install: all man ## DESTDIR= PREFIX=/usr/local
	install -d $(bindir) $(compdir) $(mandir) $(incdir) $(libdir) $(datadir) $(docdir)/docs/coverage
	install -m 755 $(BUILD)/coapspec $(BUILD)/coapspec-device $(bindir)
	install -m 644 $(LIB) $(libdir)
	install -m 644 dissector/include/coapspec/*.h $(incdir)
	install -m 644 $(MAN) $(mandir)
	install -m 644 docs/completion.bash $(compdir)/coapspec
	install -m 644 reports/schema/results.schema.json $(datadir)
	install -m 644 README.md CHANGES LICENSE $(docdir)
	install -m 644 $(wildcard docs/*.md) $(docdir)/docs
	install -m 644 $(wildcard docs/coverage/*.md) $(docdir)/docs/coverage
	rm -rf $(datadir)/scenarios
	$(if $(wildcard scenarios),cp -R scenarios $(datadir)/scenarios)
	chmod -R u=rwX,go=rX $(datadir)

.PHONY: uninstall
uninstall: ## take away what install put there
	rm -rf $(datadir) $(incdir) $(docdir)
	rm -f $(bindir)/coapspec $(bindir)/coapspec-device $(libdir)/libcoapspec.a $(compdir)/coapspec $(MAN:$(BUILD)/man/%=$(mandir)/%)

.PHONY: rule
rule: $(BUILD)/unit/rules ## one rule against its specimens, step by step: ID=rfc7252/3/version-is-1
	@$< '$(ID)'

.PHONY: clean
clean: ## remove all that was built
	rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { line = sprintf("make %-10s", $$1); n = split($$2, word, " "); \
	    for (i = 1; i <= n; i++) { if (length(line word[i]) > 78) { print line; line = sprintf("%15s", "") } \
	    line = line " " word[i] } print line }' $(MAKEFILE_LIST)

-include $(patsubst %.c,$(BUILD)/%.d,$(SOURCES))
