# coapspec: `make help` says what there is.

BUILD   ?= build
CC      ?= gcc
PREFIX  ?= /usr/local
VERSION := 0.1.0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wformat=2 -Wvla
CFLAGS   ?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -DCOAPSPEC_VERSION='"$(VERSION)"' -Idissector/include -Idissector -I.
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS)

# which library which part of the tree may use (tests/policy/includes.sh holds it to that)
LIBS_coapspec := $(shell pkg-config --libs libpcap libcjson libcbor libfyaml ncursesw panelw openssl 2>/dev/null)
# libcoap for the reference device: the OpenSSL flavour where there is one
COAP_PC       := $(firstword $(foreach p,libcoap-3-openssl libcoap-3-gnutls libcoap-3,$(shell pkg-config --exists $(p) && echo $(p))))
LIBS_device   := $(if $(COAP_PC),$(shell pkg-config --libs $(COAP_PC)))
CFLAGS_device := $(if $(COAP_PC),$(shell pkg-config --cflags $(COAP_PC)))

DISSECTOR := $(sort $(wildcard dissector/*.c dissector/*/*.c dissector/*/*/*.c))
REPORTS   := $(sort $(wildcard reports/*.c))
DEVICE    := $(sort $(wildcard src/device/*.c))
SRC       := $(filter-out $(DEVICE),$(sort $(wildcard src/*.c src/*/*.c)))
RULES     := $(sort $(wildcard dissector/rules/*/*.c))
UNIT      := $(sort $(wildcard tests/unit/*.c))

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB := $(BUILD)/libcoapspec.a

.PHONY: all
all: $(BUILD)/coapspec $(BUILD)/coapspec-device

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS_$(word 2,$(subst /, ,$*))) -MMD -MP -c $< -o $@

# The list of rules is read off the sources; a rule without specimens does not build.
$(BUILD)/rules_list.c: dissector/rules/list.awk $(RULES)
	@mkdir -p $(@D)
	awk -f $< $(RULES) > $@.part && mv $@.part $@
$(BUILD)/rules_list.o: $(BUILD)/rules_list.c
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -c $< -o $@

$(LIB): $(call obj,$(DISSECTOR)) $(BUILD)/rules_list.o
	@rm -f $@
	$(AR) rcs $@ $^

# The list of commands: one for each src/cmd_NAME.c. Written anew only when it changes, so that a file that comes or
# goes is noticed.
COMMANDS := $(patsubst src/cmd_%.c,%,$(sort $(wildcard src/cmd_*.c)))
.PHONY: FORCE
$(BUILD)/commands.c: FORCE
	@mkdir -p $(@D)
	@{ echo '/* generated: see Makefile */'; echo '#include "src/cli.h"'; \
	  for c in $(COMMANDS); do echo "extern const struct cli_command cli_$$c;"; done; \
	  echo 'const struct cli_command *const cli_commands[] = {'; \
	  for c in $(COMMANDS); do echo "    &cli_$$c,"; done; \
	  echo '};'; echo 'const size_t cli_command_count = sizeof cli_commands / sizeof cli_commands[0];'; \
	} > $@.part; cmp -s $@.part $@ && rm $@.part || mv $@.part $@
$(BUILD)/commands.o: $(BUILD)/commands.c
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -c $< -o $@

$(BUILD)/coapspec: $(call obj,$(SRC) $(REPORTS)) $(BUILD)/commands.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)

$(BUILD)/coapspec-device: $(call obj,$(DEVICE))
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_device)

# tests/unit/NAME.c is one cmocka program
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(call obj,$(REPORTS)) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ -lcmocka $(LIBS_coapspec)

.PHONY: unit
unit: $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT))
	@failed=0; for t in $^; do $$t || failed=1; done; exit $$failed

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
