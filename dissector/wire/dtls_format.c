/* wire/dtls_format.c: the records of a datagram in one line. */
#include "base/text.h"
#include "wire/dtls.h"

const char *cs_record_text(uint8_t type)
{
    static const char *const texts[] = {
        [CS_RECORD_CHANGE_CIPHER_SPEC] = "ChangeCipherSpec",
        [CS_RECORD_ALERT] = "alert",
        [CS_RECORD_HANDSHAKE] = "handshake",
        [CS_RECORD_APPLICATION_DATA] = "application data",
        [24] = "heartbeat",
        [CS_RECORD_CONNECTION_ID] = "record with a connection id",
        [26] = "ACK",
        [CS_RECORD_UNIFIED] = "record of DTLS 1.3",
    };
    const char *text = type < sizeof texts / sizeof texts[0] ? texts[type] : NULL;
    return text != NULL ? text : "record of an unknown type";
}

/* RFC 6347 section 4.3.2, RFC 8446 section 4. */
const char *cs_handshake_text(uint8_t type)
{
    static const char *const texts[] = {
        [0] = "HelloRequest",
        [CS_CLIENT_HELLO] = "ClientHello",
        [CS_SERVER_HELLO] = "ServerHello",
        [3] = "HelloVerifyRequest",
        [4] = "NewSessionTicket",
        [8] = "EncryptedExtensions",
        [CS_HANDSHAKE_CERTIFICATE] = "Certificate",
        [12] = "ServerKeyExchange",
        [13] = "CertificateRequest",
        [14] = "ServerHelloDone",
        [15] = "CertificateVerify",
        [16] = "ClientKeyExchange",
        [20] = "Finished",
    };
    const char *text = type < sizeof texts / sizeof texts[0] ? texts[type] : NULL;
    return text != NULL ? text : "handshake message of an unknown type";
}

static void add_handshake(const struct cs_record *record, struct cs_text *text)
{
    struct cs_handshake h;
    uint32_t at = 0;
    const char *between = "";
    while (cs_handshake_next(record->body, &at, &h)) {
        cs_text_add(text, "%s%s", between, cs_handshake_text(h.type));
        if (h.fragment.len < h.length)
            cs_text_add(text, " (octets %u to %zu of %u)", h.offset, h.offset + h.fragment.len,
                        h.length);
        between = ", ";
    }
    if (at == 0) /* the rest of it was cut off */
        cs_text_add(text, "%s",
                    record->body.len > 0 ? cs_handshake_text(record->body.at[0]) : "handshake");
}

void cs_records_format(struct cs_slice octets, uint32_t missing, struct cs_text *text)
{
    struct cs_record_walk walk = {.octets = octets, .missing = missing, .cid_length = -1};
    struct cs_record record;
    const char *between = "";
    while (cs_record_next(&walk, &record)) {
        cs_text_add(text, "%s", between);
        between = "; ";
        if (walk.at > 0 && record.at == 0)
            cs_text_add(text, "DTLS: ");
        if (record.type == CS_RECORD_HANDSHAKE && !record.encrypted)
            add_handshake(&record, text);
        else
            cs_text_add(text, "%s, epoch %u, %zu octets%s", cs_record_text(record.type),
                        record.epoch, record.body.len, record.encrypted ? " encrypted" : "");
    }
    if (walk.bad)
        cs_text_add(text, "%s%zu octets that are no record", between, octets.len - (size_t)walk.at);
}
