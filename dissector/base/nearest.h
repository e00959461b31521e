/* base/nearest.h: "did you mean …?" */
#ifndef CS_BASE_NEAREST_H
#define CS_BASE_NEAREST_H

#include <stddef.h>

/* The word of the list that was most likely meant, or NULL when none is near. Insertions,
 * deletions, changes and swapped neighbours count one each (ASCII case does not count); up to a
 * third of the length may differ. A word that begins with what was typed (three letters at least),
 * or almost, or that holds it (four), is near too. Of equals, the first. */
const char *cs_nearest(const char *word, const char *const *words, size_t n);

#endif
