/* rules/requirements.h: the normative statements of the documents, as this project numbers and paraphrases them.
 *
 * The data are rules/requirements/DOCUMENT.tsv and rules/sections/DOCUMENT.tsv; docs/catalogue-corrections.md says how the
 * numbers are formed. */
#ifndef CS_RULES_REQUIREMENTS_H
#define CS_RULES_REQUIREMENTS_H

#include <stddef.h>

struct cs_requirement {
    const char *id; /* "RFC7252-4.1-1a" */
    const char *spec, *section;
    const char *level; /* "MUST", "SHOULD NOT", "MAY" …; "SPEC" for a definition without keyword */
    const char *who;   /* "sender", "server", "proxy" … */
    const char *
        observable; /* "passive": a capture shows it; "active": it must be provoked; "internal"; "human" */
    const char *trigger; /* what provokes it; "" */
    const char *text;
    const char *reason; /* why neither a rule nor a scenario covers it, where none does; "" */
};

/* In order of document, section and number. */
const struct cs_requirement *cs_requirements(size_t *count);
const struct cs_requirement *cs_requirement_by_id(const char *id); /* NULL if there is none */
/* "Empty Message"-like title of a section; NULL when it is not known. */
const char *cs_section_title(const char *spec, const char *section);

#endif
