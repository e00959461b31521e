/* base/nearest.c: optimal string alignment distance over three rows. */
#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

enum { LENGTH_MAX = 80 };

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
    unsigned rows[3][LENGTH_MAX + 1];
    unsigned *above = rows[0], *row = rows[1], *spare = rows[2];
    for (size_t j = 0; j <= nb; j++)
        above[j] = (unsigned)j;
    for (size_t i = 1; i <= na; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= nb; j++) {
            char ca = lower(a[i - 1]), cb = lower(b[j - 1]);
            unsigned best = least(above[j - 1] + (ca != cb), least(above[j], row[j - 1]) + 1);
            /* `spare` still holds the row two above */
            if (i > 1 && j > 1 && ca == lower(b[j - 2]) && lower(a[i - 2]) == cb)
                best = least(best, spare[j - 2] + 1);
            row[j] = best;
        }
        unsigned *oldest = spare;
        spare = above;
        above = row;
        row = oldest;
    }
    return above[nb];
}

/* Of what begins with the word, what holds it, and what begins almost like it, the first. */
static const char *partly(const char *word, size_t length, const char *const *words, size_t n)
{
    const char *holds = NULL, *almost = NULL;
    unsigned best = (unsigned)length / 6 + 1;
    for (size_t i = 0; i < n; i++) {
        const size_t other = strlen(words[i]);
        if (strncmp(words[i], word, length) == 0)
            return words[i];
        if (holds == NULL && length > 3 && strstr(words[i], word) != NULL)
            holds = words[i];
        const size_t begin = other < length ? other : length;
        const unsigned d = begin <= LENGTH_MAX ? distance(word, length, words[i], begin) : best;
        if (d < best) {
            best = d;
            almost = words[i];
        }
    }
    return holds != NULL ? holds : almost;
}

const char *cs_nearest(const char *word, const char *const *words, size_t n)
{
    size_t length = strlen(word);
    if (length == 0 || length > LENGTH_MAX)
        return NULL;
    unsigned best = (unsigned)(length + 2) / 3 + 1;
    const char *found = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t other = strlen(words[i]);
        if (other > LENGTH_MAX || other > length + best || length > other + best)
            continue;
        unsigned d = distance(word, length, words[i], other);
        if (d < best && d < length) {
            best = d;
            found = words[i];
        }
    }
    return found != NULL || length < 3 ? found : partly(word, length, words, n);
}
