/* check/ahead.h: a thread of its own reads and decodes a source while the caller judges what was read before. */
#ifndef SRC_CHECK_AHEAD_H
#define SRC_CHECK_AHEAD_H

#include "coapspec/analysis.h"
#include "source/source.h"

/* What a capture held of secrets, in the order in which they were read. */
struct ahead_secrets {
    struct ahead_secrets *next;
    size_t length;
    uint8_t text[];
};

/* One call of cs_source_next() and what came of it; borrowed until the next ahead_next(). */
struct ahead_round {
    int n;             /* packets read, before any selection; CS_SOURCE_END, CS_SOURCE_ERROR */
    uint64_t began_ns; /* time of the first; 0 without one */
    struct cs_error error;
    struct cs_source_status status; /* after it */
    struct ahead_secrets *secrets;  /* are to be known before the batch is judged */
    struct cs_batch *batch;
};

struct ahead;

/* Reads up to `left` packets. `select` keeps frames, and returns how many or CS_SOURCE_ERROR with `error`; it runs in the other thread, and
 * nothing else may use what it uses. Source and analysis are borrowed until ahead_stop(); of the analysis the caller uses
 * all but cs_analysis_read() and cs_analysis_frames(). NULL when there is no memory or no thread: then nothing has been read. */
struct ahead *ahead_start(struct cs_source *source, struct cs_analysis *analysis, uint64_t left,
                          int (*select)(void *user, struct cs_frame *frames, int n,
                                        struct cs_error *error),
                          void *user);
/* The next round. Behind one whose `n` is below 0 there is none. */
const struct ahead_round *ahead_next(struct ahead *ahead);
/* Ends the thread, wherever it is. NULL is allowed. */
void ahead_stop(struct ahead *ahead);
/* How many processors this process may use. */
unsigned ahead_processors(void);

#endif
