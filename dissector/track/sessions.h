/* track/sessions.h: what DTLS shows, by pairs of addresses: handshakes, and how much was encrypted.
 *
 * Nothing is held while there is no DTLS. Handshake messages that come in fragments are put together, one at a time for each
 * side; when memory is short the session that was silent longest is forgotten. Records whose secret is known are opened. */
#ifndef CS_TRACK_SESSIONS_H
#define CS_TRACK_SESSIONS_H

#include "coapspec/analysis.h"

struct cs_sessions;

/* cs_ledger_sessions makes it and frees it, and marks the messages between those who have a session. */

/* Takes a datagram of DTLS records, which stays in place until cs_sessions_next() is false. `carries_coap`: its ports say so. */
void cs_sessions_datagram(struct cs_sessions *sessions, const struct cs_datagram *datagram,
                          bool carries_coap);
/* The next thing that the datagram shows, good until the next call; false when there is nothing more. */
bool cs_sessions_next(struct cs_sessions *sessions, struct cs_view *view);

/* The session between these two; NULL when there is none. */
const struct cs_session *cs_sessions_find(struct cs_sessions *sessions, const struct cs_address *a,
                                          const struct cs_address *b);
/* Is any kept at all? Before the question above. */
bool cs_sessions_any(const struct cs_sessions *sessions);

#endif
