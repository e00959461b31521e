/* rules/requirements.c: look-up in the generated tables. They are small and asked by people, hence the linear search. */
#include "rules/requirements.h"

#include <string.h>

#include "rules/requirements_table.h"

const struct cs_requirement *cs_requirements(size_t *count)
{
    *count = cs_requirement_count;
    return cs_requirement_rows;
}

const struct cs_requirement *cs_requirement_by_id(const char *id)
{
    for (size_t i = 0; i < cs_requirement_count; i++)
        if (strcmp(cs_requirement_rows[i].id, id) == 0)
            return &cs_requirement_rows[i];
    return NULL;
}

const char *cs_section_title(const char *spec, const char *section)
{
    for (size_t i = 0; i < cs_section_count; i++)
        if (strcmp(cs_section_rows[i].spec, spec) == 0 &&
            strcmp(cs_section_rows[i].section, section) == 0)
            return cs_section_rows[i].title;
    return NULL;
}
