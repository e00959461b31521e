/* coap/explain_dtls.c: what each octet of a datagram of DTLS records means. */
#include <stdio.h>

#include "base/cursor.h"
#include "base/text.h"
#include "coap/explain.h"
#include "wire/dtls.h"

struct writer {
    struct cs_span *out;
    size_t max, count;
    struct cs_span spare; /* for what does not fit any more */
    struct cs_slice octets;
};

static struct cs_text add(struct writer *w, enum cs_span_kind kind, uint32_t at, size_t len,
                          const char *label)
{
    struct cs_span *span = w->count < w->max ? &w->out[w->count] : &w->spare;
    struct cs_text text;
    w->count++;
    *span = (struct cs_span){.at = at, .len = (uint32_t)len, .kind = (uint8_t)kind};
    snprintf(span->label, sizeof span->label, "%s", label);
    cs_text_init(&text, span->text, sizeof span->text);
    return text;
}

static uint64_t number_at(const struct writer *w, uint32_t at, unsigned width)
{
    uint64_t number = 0;
    while (width-- > 0)
        number = number << 8 | w->octets.at[at++];
    return number;
}

/* In hex; what is long stands beside it anyway. */
static void add_hex(struct cs_text *text, struct cs_slice octets)
{
    enum { LONGEST = 64 };
    if (octets.len > LONGEST)
        cs_text_add(text, "%zu octets", octets.len);
    else
        cs_text_hex(text, octets);
}

/* ------------------------------------------------------------------ fields of fixed length */

enum as { AS_NUMBER, AS_HEX, AS_VERSION, AS_CONTENT, AS_HANDSHAKE };

struct field {
    const char *label;
    uint8_t width, as; /* enum as */
};

/* RFC 6347 sections 4.1, 4.2.2. */
static const struct field record_header[] = {{"Content type", 1, AS_CONTENT},
                                             {"Version", 2, AS_VERSION},
                                             {"Epoch", 2, AS_NUMBER},
                                             {"Sequence number", 6, AS_NUMBER}};
static const struct field handshake_header[] = {
    {"Handshake message", 1, AS_HANDSHAKE}, {"Its length", 3, AS_NUMBER},
    {"Message sequence", 2, AS_NUMBER},     {"Fragment offset", 3, AS_NUMBER},
    {"Fragment length", 3, AS_NUMBER},
};
static const struct field hello_begin[] = {{"Version", 2, AS_VERSION}, {"Random", 32, AS_HEX}};

static const char *version_text(uint64_t version)
{
    return version == CS_DTLS_1_0   ? "DTLS 1.0"
           : version == CS_DTLS_1_2 ? "DTLS 1.2"
           : version == CS_DTLS_1_3 ? "DTLS 1.3"
                                    : "not assigned";
}

static uint32_t add_fields(struct writer *w, uint32_t at, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct field *f = &fields[i];
        struct cs_text text = add(w, CS_SPAN_FIELD, at, f->width, f->label);
        const uint64_t n = f->as == AS_HEX ? 0 : number_at(w, at, f->width);
        if (f->as == AS_HEX)
            add_hex(&text, (struct cs_slice){w->octets.at + at, f->width});
        else if (f->as == AS_VERSION)
            cs_text_add(&text, "0x%04x, %s", (unsigned)n, version_text(n));
        else if (f->as == AS_CONTENT)
            cs_text_add(&text, "%u, %s", (unsigned)n, cs_record_text((uint8_t)n));
        else if (f->as == AS_HANDSHAKE)
            cs_text_add(&text, "%u, %s", (unsigned)n, cs_handshake_text((uint8_t)n));
        else
            cs_text_add(&text, "%llu", (unsigned long long)n);
        at += f->width;
    }
    return at;
}
#define FIELDS(w, at, fields) add_fields(w, at, fields, sizeof(fields) / sizeof(fields)[0])

/* ------------------------------------------------------------------ hellos */

static const char *extension_text(uint16_t type)
{
    static const struct {
        uint16_t type;
        const char *name;
    } names[] = {{0, "server_name"},
                 {1, "max_fragment_length"},
                 {10, "supported_groups"},
                 {11, "ec_point_formats"},
                 {13, "signature_algorithms"},
                 {16, "application_layer_protocol_negotiation"},
                 {19, "client_certificate_type"},
                 {20, "server_certificate_type"},
                 {22, "encrypt_then_mac"},
                 {23, "extended_master_secret"},
                 {28, "record_size_limit"},
                 {35, "session_ticket"},
                 {43, "supported_versions"},
                 {51, "key_share"},
                 {54, "connection_id"},
                 {65281, "renegotiation_info"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].type == type)
            return names[i].name;
    return "extension";
}

/* The place of a cursor in the datagram. */
static uint32_t place(const struct writer *w, const struct cs_cursor *c)
{
    return (uint32_t)(c->at - w->octets.at);
}

static void add_extensions(struct writer *w, struct cs_cursor *c)
{
    if (!cs_cursor_holds(c, 2))
        return;
    struct cs_text all = add(w, CS_SPAN_FIELD, place(w, c), 2, "Extensions");
    cs_text_add(&all, "%u octets", cs_cursor_u16(c));
    while (cs_cursor_holds(c, 4)) {
        const uint32_t at = place(w, c);
        struct cs_cursor next = *c;
        const uint16_t type = cs_cursor_u16(&next), length = cs_cursor_u16(&next);
        if (!cs_cursor_holds(&next, length))
            return;
        const struct cs_slice value = cs_cursor_take(&next, length);
        *c = next;
        struct cs_text text = add(w, CS_SPAN_FIELD, at, 4 + (size_t)length, extension_text(type));
        cs_text_add(&text, "%u%s", type, length > 0 ? ", " : "");
        add_hex(&text, value);
    }
}

/* A list of octets behind its length. */
static struct cs_slice add_vector(struct writer *w, struct cs_cursor *c, unsigned width,
                                  const char *label)
{
    const uint32_t at = place(w, c);
    const size_t length = width == 1 ? cs_cursor_u8(c) : cs_cursor_u16(c);
    const struct cs_slice value = cs_cursor_take(c, length);
    if (!cs_cursor_ok(c))
        return (struct cs_slice){NULL, 0};
    struct cs_text text = add(w, CS_SPAN_FIELD, at, width + length, label);
    if (width == 1 && length > 0)
        add_hex(&text, value);
    else
        cs_text_add(&text, length > 0 ? "%zu octets" : "none", length);
    return value;
}

static void add_suites(struct writer *w, uint32_t at, size_t length)
{
    char buf[8];
    for (size_t i = 0; i + 1 < length; i += 2) {
        struct cs_text text = add(w, CS_SPAN_FIELD, at + (uint32_t)i, 2, "Cipher suite");
        cs_text_add(&text, "%s",
                    cs_suite_text((uint16_t)number_at(w, at + (uint32_t)i, 2), buf, sizeof buf));
    }
}

/* A hello that came whole and decodes. */
static void add_hello(struct writer *w, uint32_t at, size_t length, bool server)
{
    struct cs_cursor c = cs_cursor((struct cs_slice){w->octets.at + at, length}, 0);
    cs_cursor_skip(&c, FIELDS(w, at, hello_begin) - at);
    add_vector(w, &c, 1, "Session ID");
    if (!server) {
        add_vector(w, &c, 1, "Cookie");
        const struct cs_slice list = add_vector(w, &c, 2, "Cipher suites");
        add_suites(w, (uint32_t)(list.at - w->octets.at), list.len);
        add_vector(w, &c, 1, "Compression methods");
    } else {
        add_suites(w, place(w, &c), 2);
        cs_cursor_skip(&c, 2);
        add(w, CS_SPAN_FIELD, place(w, &c), 1, "Compression method");
        cs_cursor_skip(&c, 1);
    }
    add_extensions(w, &c);
    if (c.left > 0)
        add(w, CS_SPAN_FIELD, place(w, &c), c.left, "what is no extension");
}

/* ------------------------------------------------------------------ records */

static void add_body(struct writer *w, uint32_t at, struct cs_slice body, const char *label)
{
    if (body.len == 0)
        return;
    struct cs_text text = add(w, CS_SPAN_FIELD, at, body.len, label);
    cs_text_add(&text, "%zu octets", body.len);
}

static void add_wrong(struct writer *w, uint32_t at, size_t len, const char *why)
{
    struct cs_text text = add(w, CS_SPAN_FIELD, at, len, "not decoded");
    add_hex(&text, (struct cs_slice){w->octets.at + at, len});
    text = add(w, CS_SPAN_FAULT, at, len, "dtls");
    cs_text_add(&text, "%s", why);
}

static void add_handshakes(struct writer *w, const struct cs_record *r)
{
    struct cs_handshake h;
    struct cs_hello hello;
    uint32_t taken = 0, before = 0;
    while (cs_handshake_next(r->body, &taken, &h)) {
        const bool server = h.type == CS_SERVER_HELLO;
        const uint32_t at = FIELDS(w, r->body_at + before, handshake_header);
        if ((server || h.type == CS_CLIENT_HELLO) && h.fragment.len == h.length &&
            cs_hello_decode(h.fragment, server, &hello))
            add_hello(w, at, h.fragment.len, server);
        else
            add_body(w, at, h.fragment, h.fragment.len < h.length ? "Fragment" : "Body");
        before = taken;
    }
    if (before < r->body.len)
        add_wrong(w, r->body_at + before, r->body.len - before, "no handshake message begins here");
}

static void add_record(struct writer *w, const struct cs_record *r)
{
    if (r->type == CS_RECORD_UNIFIED) {
        add(w, CS_SPAN_FIELD, r->at, 1, "Unified header of DTLS 1.3");
        add_body(w, r->body_at, r->body, "Encrypted");
        return;
    }
    const uint32_t at = FIELDS(w, r->at, record_header);
    if (r->cid.len > 0) {
        struct cs_text text = add(w, CS_SPAN_FIELD, at, r->cid.len, "Connection ID");
        add_hex(&text, r->cid);
    }
    if (r->body_at >= at + 2) {
        struct cs_text text = add(w, CS_SPAN_FIELD, r->body_at - 2, 2, "Length");
        cs_text_add(&text, "%zu", r->body.len);
    }
    if (r->encrypted)
        add_body(w, r->body_at, r->body,
                 r->type == CS_RECORD_CONNECTION_ID ? "Connection ID, length, encrypted"
                                                    : "Encrypted");
    else if (r->type == CS_RECORD_HANDSHAKE)
        add_handshakes(w, r);
    else
        add_body(w, r->body_at, r->body, "Content");
}

size_t cs_explain_records(struct cs_slice octets, struct cs_span *out, size_t max)
{
    struct writer w = {.out = out, .max = max, .octets = octets};
    struct cs_record_walk walk = {.octets = octets, .cid_length = -1};
    struct cs_record record;
    while (cs_record_next(&walk, &record))
        add_record(&w, &record);
    if (walk.bad)
        add_wrong(&w, walk.at, octets.len - walk.at, "no whole record begins here");
    return w.count;
}
