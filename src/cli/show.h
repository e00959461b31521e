/* cli/show.h: an error in a file, with its line and a caret. */
#ifndef SRC_CLI_SHOW_H
#define SRC_CLI_SHOW_H

#include "src/cli/cli.h"

/* "coapspec: FILE:LINE:COLUMN: text", the line, and a caret below the column. On stderr. CLI_USAGE for what is wrong in a
 * file, CLI_BENCH for a file that cannot be read. */
int show_error(const struct cli *cli, const struct cs_error *error);

#endif
