/* reports/base/wrap.c: running text within a number of columns. */
#include "reports/base/wrap.h"

#include <stdbool.h>
#include <string.h>

static size_t columns_of(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xc0u) != 0x80u;
    return columns;
}

size_t report_columns(const char *text) { return columns_of(text, strlen(text)); }

void report_wrap(FILE *out, const char *text, size_t column, size_t indent, size_t width)
{
    bool fresh = true;    /* nothing of the text on this line yet */
    bool indented = true; /* the first line stands where the caller wants it */
    const char *at = text;
    while (*at != '\0') {
        if (*at == '\n') {
            fputc('\n', out);
            indented = false;
            fresh = true;
            at++;
            continue;
        }
        size_t spaces = strspn(at, " ");
        const char *word = at + spaces;
        size_t length = strcspn(word, " \n");
        size_t columns = columns_of(word, length);
        at = word + length;
        if (length == 0)
            continue;
        if (!fresh && column + spaces + columns > width) {
            fputc('\n', out);
            indented = false;
            spaces = 0;
        }
        if (!indented) {
            fprintf(out, "%*s", (int)indent, "");
            column = indent;
            indented = true;
        }
        fprintf(out, "%*s%.*s", (int)spaces, "", (int)length, word);
        column += spaces + columns;
        fresh = false;
    }
    fputc('\n', out);
}
