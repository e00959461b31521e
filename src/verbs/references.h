/* verbs/references.h: what steps say of each other. */
#ifndef SRC_VERBS_REFERENCES_H
#define SRC_VERBS_REFERENCES_H

#include "src/verbs/parse.h"

/* Goes through the steps of a scenario in the order in which they run: each message, socket and interval that is named
 * must be there by then, and something to save or to reply to. What only some ways through the steps bring (`when`,
 * `parallel`) counts as being there. False with `error`. */
bool step_check_references(struct step_parse *p);

#endif
