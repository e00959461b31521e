/* specimen/specimen_dtls.c: see specimen_dtls.h. */
#include "tests/specimen/specimen_dtls.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/dtls.h"

enum { WORDS_MAX = 16, SEQUENCE = 0x30, BIT_STRING = 3, OBJECT_ID = 6 };

struct word {
    const char *key, *value; /* borrowed; a key ends with =, a value with a blank */
    size_t key_length, value_length;
};

struct build {
    uint8_t *at;
    size_t cap, len;
    const char *text;
    struct word words[WORDS_MAX];
    size_t word_count;
    struct cs_slice hex; /* behind | */
    size_t bad;
    const char *why;
};

static void fail(struct build *b, const char *where, const char *why)
{
    if (b->why == NULL) {
        b->bad = (size_t)(where - b->text);
        b->why = why;
    }
}

/* ------------------------------------------------------------------ octets */

static void put(struct build *b, const void *octets, size_t n)
{
    if (n > b->cap - b->len) {
        fail(b, b->text, "the datagram is too long for a specimen");
        return;
    }
    memcpy(b->at + b->len, octets, n);
    b->len += n;
}

static void put_number(struct build *b, uint64_t value, unsigned width)
{
    while (width-- > 0) {
        const uint8_t octet = (uint8_t)(value >> (8 * width));
        put(b, &octet, 1);
    }
}

/* A length of so many octets that end() fills in. */
static size_t begin(struct build *b, unsigned width)
{
    put_number(b, 0, width);
    return b->len;
}

static void end(struct build *b, size_t begun, unsigned width)
{
    const size_t length = b->len - begun;
    for (unsigned i = 0; i < width && b->why == NULL; i++)
        b->at[begun - 1 - i] = (uint8_t)(length >> (8 * i));
}

/* An element of DER; its length is made as short as it can be. */
static size_t begin_der(struct build *b, uint8_t tag)
{
    put_number(b, tag, 1);
    return begin(b, 1);
}

static void end_der(struct build *b, size_t begun)
{
    const size_t length = b->len - begun;
    const unsigned more = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
    put_number(b, 0, more);
    if (b->why != NULL)
        return;
    memmove(b->at + begun + more, b->at + begun, length);
    if (more == 0)
        b->at[begun - 1] = (uint8_t)length;
    else
        b->at[begun - 1] = (uint8_t)(0x80 | more);
    for (unsigned i = 0; i < more; i++)
        b->at[begun + more - 1 - i] = (uint8_t)(length >> (8 * i));
}

static void put_oid(struct build *b, const char *hex)
{
    uint8_t octets[16];
    const long n = cs_hex_parse(hex, octets, sizeof octets, &(size_t){0});
    const size_t oid = begin_der(b, OBJECT_ID);
    put(b, octets, n > 0 ? (size_t)n : 0);
    end_der(b, oid);
}

/* ------------------------------------------------------------------ words */

static const struct word *find_word(const struct build *b, const char *key, size_t nth)
{
    for (size_t i = 0; i < b->word_count; i++)
        if (b->words[i].key_length == strlen(key) &&
            memcmp(b->words[i].key, key, b->words[i].key_length) == 0 && nth-- == 0)
            return &b->words[i];
    return NULL;
}

static uint64_t number_of(struct build *b, const char *key, uint64_t otherwise, int base)
{
    char *stop;
    const struct word *w = find_word(b, key, 0);
    if (w == NULL)
        return otherwise;
    const uint64_t value = strtoull(w->value, &stop, base);
    if (stop != w->value + w->value_length)
        fail(b, w->value, "not a number");
    return value;
}

/* The comma-separated hex numbers of a word, `width` octets each. */
static void put_list(struct build *b, const struct word *w, unsigned width)
{
    const char *at = w->value, *stop = w->value + w->value_length;
    while (at < stop && b->why == NULL) {
        char *next;
        const unsigned long value = strtoul(at, &next, 16);
        if (next == at || (next < stop && *next != ','))
            fail(b, at, "not a list of hex numbers");
        put_number(b, value, width);
        at = next + (*next == ',');
    }
}

static bool known(const char *key, size_t length)
{
    static const char *const keys[] = {
        "version", "random",       "suites",       "sni",      "groups", "points",
        "cert",    "client-types", "server-types", "versions", "cid",    "key",
        "type",    "epoch",        "session",      "cookie",   NULL};
    for (const char *const *k = keys; *k != NULL; k++)
        if (strlen(*k) == length && memcmp(*k, key, length) == 0)
            return true;
    return false;
}

static void read_words(struct build *b, const char *at, uint8_t *hex, size_t hex_max)
{
    size_t bad = 0;
    for (at += strspn(at, " "); *at != '\0' && *at != '|'; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " "), key = strcspn(at, "= ");
        if (b->word_count == WORDS_MAX || key == length || !known(at, key)) {
            fail(b, at, "not a KEY=VALUE that DTLS has here");
            return;
        }
        b->words[b->word_count++] = (struct word){at, at + key + 1, key, length - key - 1};
        at += length;
    }
    if (*at != '|')
        return;
    const long n = cs_hex_parse(at + 1, hex, hex_max, &bad);
    if (n < 0)
        fail(b, at + 1 + bad, "not hex");
    b->hex = (struct cs_slice){hex, n > 0 ? (size_t)n : 0};
}

/* ------------------------------------------------------------------ hellos */

/* An extension whose value is a list behind its length; of a server, a single number without one. */
static void put_extension(struct build *b, const char *key, unsigned type, unsigned width,
                          bool single)
{
    const struct word *w = find_word(b, key, 0);
    if (w == NULL)
        return;
    put_number(b, type, 2);
    const size_t value = begin(b, 2), list = single ? 0 : begin(b, width);
    put_list(b, w, width);
    if (!single)
        end(b, list, width);
    end(b, value, 2);
}

static void put_server_name(struct build *b)
{
    const struct word *w = find_word(b, "sni", 0);
    if (w == NULL)
        return;
    put_number(b, 0, 2);
    const size_t value = begin(b, 2), list = begin(b, 2);
    put_number(b, 0, 1); /* host_name */
    const size_t name = begin(b, 2);
    put(b, w->value, w->value_length);
    end(b, name, 2);
    end(b, list, 2);
    end(b, value, 2);
}

static void put_connection_id(struct build *b)
{
    const uint64_t length = number_of(b, "cid", 0, 10);
    if (find_word(b, "cid", 0) == NULL)
        return;
    put_number(b, 54, 2);
    const size_t value = begin(b, 2), id = begin(b, 1);
    for (uint64_t i = 0; i < length && i < 256; i++)
        put_number(b, 0xc1, 1);
    end(b, id, 1);
    end(b, value, 2);
}

static void put_hello(struct build *b, bool server)
{
    const struct word *suites = find_word(b, "suites", 0);
    put_number(b, number_of(b, "version", CS_DTLS_1_2, 16), 2);
    const uint64_t random = number_of(b, "random", server ? 2 : 1, 16);
    for (unsigned i = 0; i < 4; i++)
        put_number(b, random, 8);
    put_number(b, 0, 1); /* session id */
    if (!server)
        put_number(b, 0, 1); /* cookie */
    const size_t list = server ? 0 : begin(b, 2);
    if (suites != NULL)
        put_list(b, suites, 2);
    if (!server)
        end(b, list, 2);
    put_number(b, server ? 0 : 0x0100, server ? 1 : 2); /* no compression */
    const size_t extensions = begin(b, 2);
    put_server_name(b);
    put_extension(b, "groups", 10, 2, false);
    put_extension(b, "points", 11, 1, false);
    put_extension(b, "client-types", 19, 1, server);
    put_extension(b, "server-types", 20, 1, server);
    put_extension(b, "versions", 43, 2, server);
    put_connection_id(b);
    end(b, extensions, 2);
}

/* ------------------------------------------------------------------ certificates */

static const struct name {
    const char *word, *oid, *parameter;
} keys[] = {{"p256", "2a8648ce3d0201", "2a8648ce3d030107"},
            {"p384", "2a8648ce3d0201", "2b81040022"},
            {"p256-packed", "2a8648ce3d0201", "2a8648ce3d030107"},
            {"ecdh", "2b8104010c", "2a8648ce3d030107"},
            {"rsa", "2a864886f70d010101", NULL},
            {"ed25519", "2b6570", NULL},
            {NULL, NULL, NULL}},
  signatures[] = {{"sha256", "2a8648ce3d040302", NULL},
                  {"sha384", "2a8648ce3d040303", NULL},
                  {"rsa", "2a864886f70d01010b", NULL},
                  {"ed25519", "2b6570", NULL},
                  {NULL, NULL, NULL}},
  usages[] = {
      {"signs", "80", NULL}, {"agrees", "08", NULL}, {"root", "04", NULL}, {NULL, NULL, NULL}};

/* The name that stands at `*at`, up to a colon or the end of the word. */
static const struct name *take_name(struct build *b, const struct name *list, const char **at,
                                    const char *stop)
{
    const size_t length = strcspn(*at, ": ");
    for (const struct name *n = list; n->word != NULL; n++)
        if (strlen(n->word) == length && memcmp(n->word, *at, length) == 0) {
            *at += length + (*at + length < stop && (*at)[length] == ':');
            return n;
        }
    fail(b, *at, "not a KEY:SIGNATURE[:USAGE] of specimens");
    return &list[0];
}

static void put_key(struct build *b, const struct name *key)
{
    const bool packed = strcmp(key->word, "p256-packed") == 0;
    const size_t info = begin_der(b, SEQUENCE), algorithm = begin_der(b, SEQUENCE);
    put_oid(b, key->oid);
    if (key->parameter != NULL)
        put_oid(b, key->parameter);
    end_der(b, algorithm);
    const size_t bits = begin_der(b, BIT_STRING);
    put_number(b, packed ? 2 : 4, 2); /* no unused bits; the form of the point */
    put_number(b, 0x1122334455667788, 8);
    end_der(b, bits);
    end_der(b, info);
}

static void put_algorithm(struct build *b, const struct name *signature)
{
    const size_t algorithm = begin_der(b, SEQUENCE);
    put_oid(b, signature->oid);
    end_der(b, algorithm);
}

static void put_usage(struct build *b, const struct name *usage)
{
    enum { EXTENSIONS = 0xa3, OCTET_STRING = 4 };
    const size_t outside = begin_der(b, EXTENSIONS), list = begin_der(b, SEQUENCE),
                 extension = begin_der(b, SEQUENCE);
    put_oid(b, "551d0f");
    const size_t value = begin_der(b, OCTET_STRING), bits = begin_der(b, BIT_STRING);
    put_number(b, strtoul(usage->oid, NULL, 16), 2);
    end_der(b, bits);
    end_der(b, value);
    end_der(b, extension);
    end_der(b, list);
    end_der(b, outside);
}

/* With the usage `root`, issuer and subject are the same. */
static void put_certificate(struct build *b, const struct word *w)
{
    const char *at = w->value, *stop = w->value + w->value_length;
    const struct name *key = take_name(b, keys, &at, stop);
    const struct name *signature = take_name(b, signatures, &at, stop);
    const struct name *usage = at < stop ? take_name(b, usages, &at, stop) : NULL;
    const bool root = usage != NULL && strcmp(usage->word, "root") == 0;
    const size_t whole = begin_der(b, SEQUENCE), body = begin_der(b, SEQUENCE);
    put_number(b, 0xa003020102, 5); /* [0] version 3 */
    put_number(b, 0x020107, 3);     /* serial number */
    put_algorithm(b, signature);
    put_number(b, 0x30023100, 4); /* issuer */
    put_number(b, 0x3000, 2);     /* validity */
    if (root)
        put_number(b, 0x30023100, 4); /* subject */
    else
        put_number(b, 0x300431023000, 6);
    put_key(b, key);
    if (usage != NULL)
        put_usage(b, usage);
    end_der(b, body);
    put_algorithm(b, signature);
    put_number(b, 0x0303001122, 5); /* the signature */
    end_der(b, whole);
}

static void put_certificates(struct build *b)
{
    const size_t list = begin(b, 3);
    const struct word *w;
    for (size_t i = 0; (w = find_word(b, "cert", i)) != NULL; i++) {
        const size_t one = begin(b, 3);
        put_certificate(b, w);
        end(b, one, 3);
    }
    end(b, list, 3);
}

static void put_raw_key(struct build *b)
{
    const struct word *w = find_word(b, "key", 0);
    const char *at = w != NULL ? w->value : b->text;
    const struct name *key = take_name(b, keys, &at, w != NULL ? at + w->value_length : at);
    const size_t list = begin(b, 3);
    put_key(b, key);
    end(b, list, 3);
}

/* ------------------------------------------------------------------ the datagram */

static void put_record(struct build *b, const struct cs_slice content)
{
    static const uint8_t sealed[24] = {0x5e};
    const bool given = content.at != NULL;
    put(b, given ? content.at : sealed, given ? content.len : sizeof sealed);
}

static void put_handshake(struct build *b, uint8_t type, unsigned number)
{
    put_number(b, type, 1);
    put_number(b, 0, 3);
    put_number(b, number, 2);
    put_number(b, 0, 3); /* the whole message in one fragment */
    const size_t body = begin(b, 3);
    if (type == CS_HANDSHAKE_CERTIFICATE && find_word(b, "key", 0) != NULL)
        put_raw_key(b);
    else if (type == CS_HANDSHAKE_CERTIFICATE)
        put_certificates(b);
    else
        put_hello(b, type == CS_SERVER_HELLO);
    end(b, body, 3);
    if (b->why == NULL)
        memcpy(b->at + body - 11, b->at + body - 3, 3); /* the length of the whole */
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the builder writes there */
size_t cs_specimen_dtls(const char *text, unsigned number, uint8_t *out, size_t cap, size_t *bad,
                        const char **why)
{
    static const struct {
        const char *word;
        uint8_t handshake, type;
    } kinds[] = {{"client-hello", CS_CLIENT_HELLO, CS_RECORD_HANDSHAKE},
                 {"server-hello", CS_SERVER_HELLO, CS_RECORD_HANDSHAKE},
                 {"certificate", CS_HANDSHAKE_CERTIFICATE, CS_RECORD_HANDSHAKE},
                 {"raw-key", CS_HANDSHAKE_CERTIFICATE, CS_RECORD_HANDSHAKE},
                 {"record", 0, CS_RECORD_APPLICATION_DATA}};
    struct build b = {.at = out, .cap = cap, .text = text};
    uint8_t hex[512];
    const size_t length = strcspn(text, " ");
    size_t kind = 0;
    while (kind < 5 &&
           (strlen(kinds[kind].word) != length || memcmp(kinds[kind].word, text, length) != 0))
        kind++;
    if (kind == 5)
        fail(&b, text, "client-hello, server-hello, certificate, raw-key or record");
    else
        read_words(&b, text + length, hex, sizeof hex);
    if (b.why == NULL) {
        const bool handshake = kinds[kind].handshake != 0;
        put_number(&b, number_of(&b, "type", kinds[kind].type, 10), 1);
        put_number(&b, CS_DTLS_1_2, 2);
        put_number(&b, number_of(&b, "epoch", handshake ? 0 : 1, 10), 2);
        put_number(&b, number, 6);
        const size_t body = begin(&b, 2);
        if (handshake)
            put_handshake(&b, kinds[kind].handshake, number);
        else
            put_record(&b, b.hex);
        end(&b, body, 2);
    }
    *bad = b.bad;
    *why = b.why;
    return b.why == NULL ? b.len : 0;
}
