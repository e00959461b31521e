# make bench: how fast, and in how much memory, beside a bare pcap_loop.

BENCH := $(addprefix $(BUILD)/bench/,generate floor measure memory rules send)

.PHONY: bench
bench: ## speed and memory beside a bare pcap_loop: SHORT=1 without ten million packets, VARIANTS=1 with other traffic, ROUNDS=5
	@./setup bench
	@$(MAKE) --no-print-directory -j$(JOBS) all $(BENCH)
	@SHORT='$(SHORT)' VARIANTS='$(VARIANTS)' ROUNDS='$(or $(ROUNDS),$(if $(SHORT),1,5))' tests/bench/run

.PHONY: bench-live
bench-live: ## drops of check -i at 100 000 packets a second and more, between network namespaces: takes root
	@./setup bench
	@$(MAKE) --no-print-directory -j$(JOBS) all $(BENCH)
	@tests/bench/live

$(BUILD)/bench/generate: $(call obj,$(addprefix tests/bench/,generate.c mixture.c talks.c hostile.c frames.c))
$(BUILD)/bench/floor: $(call obj,tests/bench/floor.c)
$(BUILD)/bench/measure: $(call obj,tests/bench/measure.c)
$(BUILD)/bench/send: $(call obj,tests/bench/send.c)
$(BUILD)/bench/memory: $(call obj,tests/bench/memory.c) $(LIB)
$(BUILD)/bench/rules: $(call obj,tests/bench/rules.c) $(LIB)
$(BENCH):
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(LIBS_coapspec)
