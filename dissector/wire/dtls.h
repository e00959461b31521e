/* wire/dtls.h: the records of a DTLS datagram, and the handshake messages in them. */
#ifndef CS_WIRE_DTLS_H
#define CS_WIRE_DTLS_H

#include "base/text.h"
#include "coapspec/dtls.h"

/* A record, RFC 6347 section 4.1. Of the unified header of DTLS 1.3 and of connection ids (unless
 * their length is known) the end cannot be seen: such a record takes the rest of the datagram. */
struct cs_record {
    uint8_t type; /* CS_RECORD_…, or another number */
    bool encrypted;
    bool cut; /* the capture holds only a part */
    uint16_t version, epoch;
    uint64_t sequence;
    uint32_t at, body_at; /* in the datagram */
    struct cs_slice body;
    struct cs_slice cid; /* the connection id, when its length is known */
};
struct cs_record_walk {
    struct cs_slice octets;
    uint32_t missing, at;
    int cid_length; /* of the records with connection ids; below 0: not known */
    bool bad;       /* once cs_record_next() has returned false: what follows is no record */
};
/* False at the end. */
bool cs_record_next(struct cs_record_walk *walk, struct cs_record *out);

/* The first octets of a record of DTLS 1.0 or 1.2, as a look at any datagram: content type 20 to
 * 25, version 254.x. */
static inline bool cs_is_record(struct cs_slice octets)
{
    return octets.len >= 3 && octets.at[0] >= 20 && octets.at[0] <= 25 && octets.at[1] == 0xfe;
}
/* 001xxxxx: the unified header of DTLS 1.3, where nothing else is to be expected. */
static inline bool cs_is_unified_record(struct cs_slice octets)
{
    return octets.len > 0 && octets.at[0] >> 5 == 1;
}
/* Begins this datagram with a ClientHello? For ports of which nothing is known. */
bool cs_is_client_hello(struct cs_slice octets);

/* A fragment of a handshake message, RFC 6347 section 4.2.2. */
struct cs_handshake {
    uint8_t type;
    uint16_t sequence;
    uint32_t length, offset; /* of the whole message; where the fragment belongs */
    struct cs_slice fragment;
    uint32_t fragment_at; /* in the record's body */
};
enum { CS_CLIENT_HELLO = 1, CS_SERVER_HELLO = 2, CS_HANDSHAKE_CERTIFICATE = 11 };
/* Takes the next fragment off the front of a handshake record's body, of which `*at` octets have
 * been taken. */
bool cs_handshake_next(struct cs_slice body, uint32_t *at, struct cs_handshake *out);

/* The body of a ClientHello or ServerHello. False when it is none; extensions that are broken are
 * left out. */
bool cs_hello_decode(struct cs_slice body, bool server, struct cs_hello *out);
/* "application data", of a content type; "ClientHello", of a handshake message. */
const char *cs_record_text(uint8_t type);
const char *cs_handshake_text(uint8_t type);
/* The records of a datagram in one line: "DTLS: ClientHello", "DTLS: application data, epoch 1, 33
 * octets encrypted". */
void cs_records_format(struct cs_slice octets, uint32_t missing, struct cs_text *text);
/* The number in an extension of one octet (a certificate type that a server chose) or two (a
 * version); -1 without it. */
int cs_extension_number(const struct cs_extension *extension, unsigned width);

#endif
