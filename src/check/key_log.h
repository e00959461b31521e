/* src/check/key_log.h: the key log of --keylog, which may grow while it is read. */
#ifndef SRC_CHECK_KEY_LOG_H
#define SRC_CHECK_KEY_LOG_H

#include "coapspec/dtls.h"

struct key_log;

/* `secrets` is borrowed. NULL with `error` when the file cannot be opened. */
struct key_log *key_log_open(const char *path, struct cs_secrets *secrets, struct cs_error *error);
void key_log_close(struct key_log *log);
/* Reads what has come since the last time; a line without an end waits for the rest of it unless `last`. False with `error`, place and
 * all, at a line that is none of a key log; those behind it follow with the next call. */
bool key_log_read(struct key_log *log, bool last, struct cs_error *error);

#endif
