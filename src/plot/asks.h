/* plot/asks.h: what a device that is a client must be told to do, and how --exec tells it.
 *
 * A scenario says `asks: {method: PUT, payload: hello}`. In the user's command, `{method}` stands for the value, or for the
 * usual one where the scenario leaves it open; `{payload:-e %}` stands for `-e hello` where the scenario asks for it,
 * and for nothing elsewhere. A command without `{payload…}` cannot be told: the scenario is not applicable. */
#ifndef SRC_PLOT_ASKS_H
#define SRC_PLOT_ASKS_H

#include <stdbool.h>
#include <stddef.h>

enum asks_word_id {
    ASKS_METHOD,
    ASKS_PATH,
    ASKS_NON,
    ASKS_PAYLOAD,
    ASKS_FORMAT,
    ASKS_ACCEPT,
    ASKS_COUNT,
    ASKS_LINGER,
    ASKS_VALIDATE,
    ASKS_GROUP,
    ASKS_SESSIONS,
    ASKS_WORDS
};

struct asks_word {
    const char *name;
    const char *what;
    const char *usual; /* what a command without it does; NULL: nothing of the kind */
};

/* ASKS_WORDS rows, indexed by enum asks_word_id. */
const struct asks_word *asks_words(void);

/* What one scenario asks; NULL: left open. Owned by the scenario. */
struct asks {
    char *values[ASKS_WORDS];
};

/* Letters, digits and /_.- only: the value goes into a command line of a shell. */
bool asks_value_is_plain(const char *value);

/* The first thing that the command cannot be told, as an asks_word_id; ASKS_WORDS when it can be told everything. */
size_t asks_untellable(const struct asks *asks, const char *command);

/* The command with its placeholders replaced; {server} and {uri} too, of `server` ("coap://127.0.0.1:5683", or the URI of a group
 * where that is asked). Other braces stay. malloc'ed; NULL without memory. */
char *asks_command(const struct asks *asks, const char *command, const char *server);

/* For a person: "PUT /test, Non-confirmable, payload hello". */
void asks_describe(const struct asks *asks, char *buf, size_t cap);

#endif
