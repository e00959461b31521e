/* verbs/verbs.h: the list of verbs, and what they have in common. What a verb is stands in plot/step.h. */
#ifndef SRC_VERBS_VERBS_H
#define SRC_VERBS_VERBS_H

#include "src/run/case.h"
#include "src/plot/step.h"

/* All verbs, by name. */
const struct step_verb *const *step_verbs(size_t *count);
const struct step_verb *step_verb_by_name(const char *name); /* NULL: none is called so */

/* serve.c: $NAME is the URI of that address, $NAME_host and $NAME_port its parts. */
bool step_name_socket(struct run_case *c, const char *name, const char *scheme,
                      const struct cs_address *address);
/* icmp.c */
bool step_is_icmp_error(const char *name);

/* A key that a step may have: its name and what it means. For diagnostics and `explain`. */
struct step_key {
    unsigned bit;
    const char *name, *what;
};
const struct step_key *step_keys(size_t *count);

#endif
