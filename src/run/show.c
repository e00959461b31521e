/* An error in a file, with its line and a caret. */
#include "src/run/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_CAP = 4096, SHOWN = 100 };

/* Prints the line, tabs as blanks, so that the caret stands right. */
static void print_line(const char *line, unsigned line_number, unsigned column)
{
    int width = fprintf(stderr, "  %u | ", line_number);
    unsigned at = 1;
    for (const char *c = line; *c != '\0' && *c != '\n' && *c != '\r'; c++) {
        if (((unsigned char)*c & 0xc0) != 0x80)
            at++;
        if (at > SHOWN + column)
            break;
        fputc((unsigned char)*c < 0x20 ? ' ' : *c, stderr);
    }
    if (column > 0 && width > 0)
        fprintf(stderr, "\n%*s^", width + (int)column - 1, "");
    fputc('\n', stderr);
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
            print_line(line, number, error->column < LINE_CAP ? error->column : 0);
            break;
        }
        number += whole;
    }
    fclose(in);
    return code;
}
