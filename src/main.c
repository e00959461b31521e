/* src/main.c: nothing but the way in. */
#include "src/cli/cli.h"

int main(int argc, char **argv) { return cli_main(argc, argv); }
