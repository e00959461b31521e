/* rules/engine.h: puts each view to the rules that subscribed to its traits, and nobody else. */
#ifndef CS_RULES_ENGINE_H
#define CS_RULES_ENGINE_H

#include "coapspec/analysis.h"

struct cs_engine;

/* `rules` is borrowed for the engine's life. NULL when there is no memory. */
struct cs_engine *cs_engine_new(const struct cs_rule *const *rules, size_t count, void *user,
                                void (*on_finding)(void *user, const struct cs_finding *finding));
void cs_engine_free(struct cs_engine *engine);
/* Asks the rules that the view's traits concern; a broken one goes to `on_finding`, the others are counted. */
void cs_engine_judge(struct cs_engine *engine, struct cs_view *view);
/* Up to now. */
const struct cs_tally *cs_engine_tallies(struct cs_engine *engine);

#endif
