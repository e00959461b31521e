/* verbs/check_text.h: the texts of a step are checked with samples in place of their names. */
#ifndef SRC_VERBS_CHECK_TEXT_H
#define SRC_VERBS_CHECK_TEXT_H

#include "src/verbs/parse.h"

/* Each is false with the mistake in the error of `p`, at its place in the file. */
bool step_check_duration(struct step_parse *p, const struct step_text *text);
bool step_check_number(struct step_parse *p, const struct step_text *text, uint64_t min,
                       uint64_t max);
/* A message to send or to expect. `sends`: its method says what it does to the resources that it names. */
bool step_check_line(struct step_parse *p, const struct step_text *text, bool expectation,
                     bool sends);
/* Does $NAME stand for something in every scenario? */
bool step_name_has_meaning(const char *name);
/* A name of a socket or a message. */
bool step_check_name(struct step_parse *p, const struct step_text *text);
/* The value of a verb. */
bool step_check_value(struct step_parse *p, const struct step *step, const struct step_text *text);

/* Fields of a message that `save:` knows: a text like those it yields, or NULL; the nearest name. */
const char *step_field_sample(const char *field);
const char *step_field_nearest(const char *field);

/* Where an impairment's line begins behind "in " or "out "; NULL when neither is there. */
const char *step_impairment_line(const char *text, bool *outgoing);

#endif
