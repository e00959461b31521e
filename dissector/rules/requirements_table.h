/* rules/requirements_table.h: the generated tables, for requirements.c alone. */
#ifndef CS_RULES_REQUIREMENTS_TABLE_H
#define CS_RULES_REQUIREMENTS_TABLE_H

#include "rules/requirements.h"

struct cs_section_row {
    const char *spec, *section, *title;
};
extern const struct cs_requirement cs_requirement_rows[];
extern const size_t cs_requirement_count;
extern const struct cs_section_row cs_section_rows[];
extern const size_t cs_section_count;

#endif
