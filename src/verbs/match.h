/* verbs/match.h: what expect, await, check and silence have in common. */
#ifndef SRC_VERBS_MATCH_H
#define SRC_VERBS_MATCH_H

#include "src/verbs/verbs.h"

/* Holds a message against the step's alternatives. True when one of them fits; else `mismatch` is that of the first, with
 * what the others expect at the same place. `ours`: the message of ours that it answers, for what its Message ID and token must be; may be NULL. */
bool step_match(struct run_sequence *sequence, const struct step_text *texts, size_t count,
                const struct run_message *message, const struct run_sent *ours,
                struct cs_mismatch *mismatch);
/* Does one of the alternatives ask for an ACK, or for an Empty message? */
bool step_wants_empty_ack(struct run_sequence *sequence, const struct step_text *texts,
                          size_t count);
/* The end of the time for the present step: `within`, or `otherwise`, after the last thing that happened. */
bool step_deadline(struct run_sequence *sequence, const struct step *step, const char *otherwise,
                   uint64_t *due_ns);
/* Fails the case with a mismatch: none of the texts fits. */
void step_mismatch(struct run_sequence *sequence, const struct step_text *texts, size_t count,
                   const struct run_message *message, const struct cs_mismatch *mismatch);
/* Fails the case: nothing like the texts came within the time. `what` is due: "answer". */
void step_nothing_came(struct run_sequence *sequence, const struct step_text *texts, size_t count,
                       const char *what);
/* It came before the step's `after`: then the case has failed for it. */
bool step_came_too_early(struct run_sequence *sequence, const struct step *step,
                         const struct run_message *message);
/* Says what the step, or else the RFC, wants said to a message that was taken. */
void step_give_answer(struct run_sequence *sequence, const struct step *step,
                      struct run_message *message);
/* Saves the fields that the step names. False: the case has failed for it. */
bool step_save_fields(struct run_sequence *sequence, const struct step *step,
                      const struct run_message *message);
/* A message as a line; `buf` is returned. */
const char *step_describe(const struct cs_message *message, char *buf, size_t cap);
/* "1.25 s", "300 ms"; `buf` is returned. */
const char *step_time_text(uint64_t ns, char *buf, size_t cap);

/* Puts the line of a step together and sends it; NULL: the case has failed for it. `request` gives an answer its Message ID and
 * token; NULL: they are new. */
struct run_sent *step_send_line(struct run_sequence *sequence, const struct step *step,
                                const struct step_text *text, struct run_message *request);

#endif
