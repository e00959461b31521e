# make check: what a compiler, an analyser or a sanitizer can tell, each in a build folder of its own.

SANITIZE  := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
TIDY      := $(filter-out tests/bench/% tests/unit/%,$(SOURCES))
HEADERS   := $(sort $(shell find dissector reports src tests -name '*.h'))
SCRIPTS   := setup .ci/run $(sort $(shell grep -rlI --exclude-dir=corpus '^\#!.*\(bash\|/sh\)' tests)) $(wildcard tests/*/*.bash)
FUZZ      := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
CHECKS    := gcc clang sanitizers format tidy cppcheck scripts policy $(addprefix fuzz-,$(FUZZ))
with       = $(MAKE) --no-print-directory -s BUILD=build/$(1)

.PHONY: check
check: ## both compilers with -Werror, sanitizers, analysers, policies, a short fuzz of each target
	@./setup check
	@$(MAKE) --no-print-directory -j$(JOBS) -k -Otarget $(addprefix check-,$(CHECKS))
	@echo "checked: $(CHECKS)"

.PHONY: $(addprefix check-,$(CHECKS))
check-gcc:
	+@$(call with,gcc) -k CC=gcc CFLAGS='-O2 -g -Werror' all $(UNIT_BIN:$(BUILD)/%=build/gcc/%)
check-clang:
	+@$(call with,clang) -k CC=clang CFLAGS='-O1 -g -Werror' all $(UNIT_BIN:$(BUILD)/%=build/clang/%)
check-sanitizers:
	+@$(call with,asan) -k CC=clang CFLAGS='-O1 -g $(SANITIZE)' all unit
check-format:
	@clang-format --dry-run -Werror $(SOURCES) $(HEADERS) 2>&1 | sed -n 's/:[0-9]*:[0-9]*: error:.*/: make format would change it/p' | sort -u | { ! grep .; }
check-tidy: $(patsubst %.c,build/tidy/%.ok,$(TIDY))
check-cppcheck:
	@mkdir -p build/cppcheck
	@cppcheck -q -j $(JOBS) --cppcheck-build-dir=build/cppcheck --std=c11 --error-exitcode=1 --inline-suppr \
	    --enable=warning,performance,portability --suppressions-list=tests/cppcheck.suppress \
	    -D_GNU_SOURCE -DCOAPSPEC_VERSION='"0"' '-DcJSON_ArrayForEach(e,a)=while(e)' -Idissector/include -Idissector -I. dissector reports src
check-scripts:
	@shellcheck $(filter-out %.bats,$(SCRIPTS))
	@shellcheck -s bats $(wildcard tests/*/*.bats)
check-policy: all
	@tests/run policy
$(addprefix check-fuzz-,$(FUZZ)): check-fuzz-%:
	+@tests/fuzz/run $* 10

# clang-tidy looks at a file again when the file or a header of it has changed: when clang's object has been made anew.
build/tidy/%.ok: %.c .clang-tidy $(HEADERS)
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- -std=c11 $(CPPFLAGS) $(CFLAGS_device) 2>$@.log && touch $@

.PHONY: format
format: ## clang-format all C files
	@clang-format -i $(SOURCES) $(HEADERS)

.PHONY: fuzz
fuzz: ## search for inputs that crash: TARGET=message TIME=60 (seconds)
	@./setup check
	@tests/fuzz/run '$(TARGET)' '$(or $(TIME),60)'
