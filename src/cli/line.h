/* src/cli/line.h: pointing at a place in what the user typed. */
#ifndef SRC_CLI_LINE_H
#define SRC_CLI_LINE_H

#include "src/cli/cli.h"

/* Prints why, and below it the text with a caret under `column` (in characters, from 1). Returns CLI_USAGE. */
int cli_fail_at(const struct cli *cli, const char *text, unsigned column, const char *why);

#endif
