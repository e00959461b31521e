#include "src/cli/line.h"

#include <string.h>

/* A long input is shown from a little before the place. */
int cli_fail_at(const struct cli *cli, const char *text, unsigned column, const char *why)
{
    enum { BEFORE = 60, SHOWN = 76 };
    const char *from = text;
    unsigned skipped = 0;
    for (; column - skipped > BEFORE && *from != '\0'; skipped++)
        do {
            from++;
        } while (((unsigned char)*from & 0xc0) == 0x80);
    size_t length = strcspn(from, "\r\n");
    cli_fail(cli, CLI_USAGE, "column %u: %s", column, why);
    fprintf(stderr, "  %.*s\n  %*s^\n", (int)(length < SHOWN ? length : SHOWN), from,
            (int)(column - skipped - 1), "");
    return CLI_USAGE;
}
