/* An error in a file, with its line and a caret. */
#include "src/cli/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/base/clean.h"
#include "reports/base/wrap.h"

enum { LINE_CAP = 4096, SHOWN = 100 };

/* As many octets of the line as have so many columns; characters are not torn. */
static size_t octets_of(const char *line, size_t columns)
{
    size_t i = 0, at = 0;
    for (; line[i] != '\0'; i++)
        if (((unsigned char)line[i] & 0xc0) != 0x80 && at++ == columns)
            break;
    return i;
}

/* Prints the line, tabs as blanks; the caret stands right also where octets are shown as \xNN. */
static void print_line(const struct cli *cli, char *line, unsigned line_number, unsigned column)
{
    const bool unicode = cli_style_of(cli, STDERR_FILENO).unicode;
    line[strcspn(line, "\r\n")] = '\0';
    line[octets_of(line, SHOWN + column)] = '\0';
    for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
        *tab = ' ';
    char *clean = report_clean(line, unicode, false);
    line[octets_of(line, column > 0 ? column - 1 : 0)] = '\0';
    char *before = report_clean(line, unicode, false);
    int width = fprintf(stderr, "  %u | ", line_number);
    fputs(clean != NULL ? clean : "", stderr);
    if (column > 0 && width > 0 && before != NULL)
        fprintf(stderr, "\n%*s^", width + (int)report_columns(before), "");
    fputc('\n', stderr);
    free(clean);
    free(before);
}

int show_error(const struct cli *cli, const struct cs_error *error)
{
    char line[LINE_CAP];
    bool in_a_line = error->line > 0 && error->file[0] != '\0';
    int code = cli_fail_error(cli, in_a_line ? CLI_USAGE : CLI_BENCH, error);
    FILE *in = in_a_line ? fopen(error->file, "r") : NULL;
    if (in == NULL)
        return code;
    unsigned number = 1;
    while (fgets(line, sizeof line, in) != NULL) {
        bool whole = strchr(line, '\n') != NULL || feof(in) != 0;
        if (number == error->line) {
            print_line(cli, line, number, error->column < LINE_CAP ? error->column : 0);
            break;
        }
        number += whole;
    }
    fclose(in);
    return code;
}
