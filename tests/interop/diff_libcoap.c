/* diff_libcoap [COUNT [SEED]]: mutated datagrams before two judges, our decoder and libcoap's coap_pdu_parse(). What one
 * accepts and the other does not, or what they read differently, must be of a class on the list below; otherwise the
 * octets are printed and the exit code is 1. docs/differences-libcoap.md is this list for readers.
 *
 * diff_libcoap --classes prints the list as that document has it, each in one line; with --forget CLASS in front, the differences of that
 * class are unexpected: so it is seen that they would be found. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coap3/coap.h>

#include "base/text.h"
#include "coapspec/dissect.h"

enum { LONGEST = 600, MUTATIONS = 5, UNEXPECTED_MAX = 20 };

/* ------------------------------------------------------------------ the two judges */

struct judged {
    enum cs_carrier carrier; /* CS_UDP or CS_TCP */
    struct cs_slice octets;
    struct cs_message ours;
    bool we_accept, they_accept;
    coap_pdu_t *theirs;
    const char *field; /* which one differs, where both accept */
};

static bool same_options(const struct judged *j)
{
    struct cs_option_walk walk;
    struct cs_option option;
    coap_opt_iterator_t their_walk;
    coap_opt_t *theirs;
    cs_option_walk_init(&walk, &j->ours);
    coap_option_iterator_init(j->theirs, &their_walk, COAP_OPT_ALL);
    while ((theirs = coap_option_next(&their_walk)) != NULL) {
        if (!cs_option_next(&walk, &option) || option.number != their_walk.number ||
            option.value.len != coap_opt_length(theirs))
            return false;
        if (option.value.len > 0 &&
            memcmp(option.value.at, coap_opt_value(theirs), option.value.len) != 0)
            return false;
    }
    return !cs_option_next(&walk, &option);
}

static bool same_octets(struct cs_slice ours, const uint8_t *theirs, size_t length)
{
    return ours.len == length && (length == 0 || memcmp(ours.at, theirs, length) == 0);
}

/* The first field that was read differently; NULL if there is none. */
static const char *differing_field(const struct judged *j)
{
    const coap_bin_const_t token = coap_pdu_get_token(j->theirs);
    const uint8_t *payload = NULL;
    size_t length = 0;
    coap_get_data(j->theirs, &length, &payload);
    const bool typed = cs_message_is_typed(&j->ours);
    if (typed && (int)coap_pdu_get_type(j->theirs) != j->ours.type)
        return "type";
    if ((int)coap_pdu_get_code(j->theirs) != j->ours.code)
        return "code";
    if (typed && coap_pdu_get_mid(j->theirs) != j->ours.mid)
        return "message ID";
    if (!same_octets(j->ours.token, token.s, token.length))
        return "token";
    if (!same_options(j))
        return "options";
    return same_octets(j->ours.payload, payload, length) ? NULL : "payload";
}

static void judge(struct judged *j)
{
    const coap_proto_t proto = j->carrier == CS_UDP ? COAP_PROTO_UDP : COAP_PROTO_TCP;
    j->we_accept = cs_message_decode(j->carrier, j->octets, 0, &j->ours);
    j->theirs = coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, j->octets.len + 4);
    if (j->theirs == NULL)
        abort();
    j->they_accept = coap_pdu_parse(proto, j->octets.at, j->octets.len, j->theirs) > 0;
    j->field = j->we_accept && j->they_accept ? differing_field(j) : NULL;
}

/* ------------------------------------------------------------------ the written list */

static bool tkl_of_rfc_8974(const struct judged *j)
{
    return j->we_accept && !j->they_accept && j->ours.token_length > 8;
}

/* Accepted here alone, and one of its options is as `suspect` says. */
static bool refused_for(const struct judged *j, bool (*suspect)(const struct cs_option *o))
{
    struct cs_option_walk walk;
    struct cs_option o;
    if (!j->we_accept || j->they_accept)
        return false;
    cs_option_walk_init(&walk, &j->ours);
    while (cs_option_next(&walk, &o))
        if (suspect(&o))
            return true;
    return false;
}

static bool is_out_of_range(const struct cs_option *o)
{
    const struct cs_option_def *def = cs_option_def(o->number);
    return def != NULL && (o->value.len < def->min || o->value.len > def->max);
}

static bool is_empty_query(const struct cs_option *o)
{
    return o->number == CS_OPT_URI_QUERY && o->value.len == 0;
}

/* RFC 8323 section 5: the options of signalling codes have numbers of their own. libcoap 4.3.4 refuses all others. */
static bool is_signalling_option(const struct cs_option *o)
{
    return LIBCOAP_VERSION > 4003001 || o->number == 2 || o->number == 4;
}

static bool length_out_of_range(const struct judged *j)
{
    return CS_CODE_CLASS(j->ours.code) != 7 && refused_for(j, is_out_of_range);
}

static bool empty_query(const struct judged *j)
{
    return CS_CODE_CLASS(j->ours.code) != 7 && refused_for(j, is_empty_query);
}

static bool signalling(const struct judged *j)
{
    return CS_CODE_CLASS(j->ours.code) == 7 && refused_for(j, is_signalling_option);
}

static bool tcp_length(const struct judged *j)
{
    return j->ours.fault == CS_FAULT_LENGTH && j->they_accept;
}

static bool number_wraps(const struct judged *j)
{
    return j->ours.fault == CS_FAULT_OPTION_NUMBER && j->they_accept;
}

static const struct difference {
    const char *id, *says, *word;
    bool (*is)(const struct judged *j);
} differences[] = {
    {"token-length-9-to-14", "accepted here, refused by libcoap 4.3.1",
     "RFC 7252 section 3 makes it a format error; RFC 8974 section 2 defines it. Which one applies "
     "depends on what the two ends agreed, so the decoder reads it and a rule says \"RFC 8974, or "
     "illegal\".",
     tkl_of_rfc_8974},
    {"option-length-out-of-range", "accepted here, refused by libcoap as a whole",
     "RFC 7252 section 5.4.3: such an option is treated like an unrecognised one; the message is "
     "not malformed.",
     length_out_of_range},
    {"uri-query-empty", "accepted here, refused by libcoap, which requires at least one octet",
     "RFC 7252 section 5.10 table 4: a Uri-Query has 0 to 255 octets.", empty_query},
    {"signalling-option-length", "accepted here, refused by libcoap",
     "Class 7 does not exist on UDP (RFC 7252 section 3), so the option lengths of RFC 8323 "
     "section 5 do not apply here; a rule and `decode` report the code. Over TCP the decoder "
     "leaves them to rules.",
     signalling},
    {"option-number-above-65535",
     "refused here, accepted by libcoap, whose 16-bit sum wraps to a low number",
     "RFC 7252 section 12.2: numbers go from 0 to 65535. The number that libcoap reads was never "
     "sent.",
     number_wraps},
    {"tcp-length-field",
     "refused here, accepted by libcoap's parser, which is told where the message ends",
     "RFC 8323 section 3.2: the length field says where the options and the payload end. libcoap "
     "looks at it when it reads the stream.",
     tcp_length},
};
enum { DIFFERENCES = sizeof differences / sizeof differences[0] };

/* Index in the list; DIFFERENCES when the two agree; -1 for what is not on the list, or `forgotten`. */
static int classify(const struct judged *j, const char *forgotten)
{
    if (j->we_accept == j->they_accept && j->field == NULL)
        return DIFFERENCES;
    for (int i = 0; i < DIFFERENCES; i++)
        if (differences[i].is(j))
            return strcmp(differences[i].id, forgotten) != 0 ? i : -1;
    return -1;
}

/* ------------------------------------------------------------------ datagrams */

static const char *const seeds[] = {
    "40 00 12 34",                      /* CON Empty */
    "42 01 12 34 5b 90 b4 74 65 6d 70", /* GET /temp */
    "61 45 12 34 01 c0 ff 32 32",       /* ACK 2.05 cf=0 | 22 */
    "44 02 7d 34 01 02 03 04 b2 72 64 11 28 37 65 70 3d 6e 6f 64 65 ff 3c 2f 31 2f 30 3e",
    "48 01 00 01 01 02 03 04 05 06 07 08 60 53 6f 62 73 62 2d 16",
    "52 45 be ef a1 a2 42 01 02 21 05 61 32 ff 7b 22 76 22 3a 31 7d",
    "40 03 00 01 b5 6c 61 72 67 65 d1 03 0a ff 61 62 63 64",                   /* Block1 */
    "60 45 00 01 d1 0a 06 51 10 ff 61",                                        /* Block2, Size2 */
    "40 01 00 01 d4 ef 01 02 03 04",                                           /* Echo */
    "40 01 00 01 e1 00 17 01",                                                 /* Request-Tag */
    "40 01 00 01 e0 fc d1 10 e0 00 10",                                        /* above 65000 */
    "40 01 00 01 e0 fe f2",                                                    /* 65535 */
    "40 01 00 01 3d 03 65 78 61 6d 70 6c 65 2e 63 6f 6d 2e 6f 72 67 42 16 33", /* Uri-Host */
    "40 01 00 01 dd 16 03 63 6f 61 70 3a 2f 2f 61 2e 62 2f 63 64 65 66 67 44 63 6f 61 70", /* Proxy-* */
    "4d 01 00 01 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d b1 61", /* RFC 8974 */
    "70 00 ff ff",
    "40 84 00 01 ff 4e 6f 74 20 66 6f 75 6e 64",
    "41 41 00 01 07 83 72 65 67 04 35 61 38 33", /* Location-Path */
    "40 e1 00 01 21 05",
};

static uint64_t state;

static uint64_t roll(void) /* xorshift64* */
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state * UINT64_C(0x2545f4914f6cdd1d)) >> 16;
}

static size_t below(size_t n) { return n > 0 ? (size_t)(roll() % n) : 0; }

struct buffer {
    uint8_t at[LONGEST];
    size_t len;
};

static void insert(struct buffer *b, size_t where, const uint8_t *octets, size_t n)
{
    if (b->len + n > LONGEST)
        return;
    memmove(b->at + where + n, b->at + where, b->len - where);
    memcpy(b->at + where, octets, n);
    b->len += n;
}

static void erase(struct buffer *b, size_t where, size_t n)
{
    n = n > b->len - where ? b->len - where : n;
    memmove(b->at + where, b->at + where + n, b->len - where - n);
    b->len -= n;
}

static void plant_seed(struct buffer *b)
{
    const size_t which = below(sizeof seeds / sizeof seeds[0]);
    const long n = cs_hex_parse(seeds[which], b->at, LONGEST, NULL);
    if (n < 0)
        abort();
    b->len = (size_t)n;
}

static void mutate(struct buffer *b)
{
    static const uint8_t telling[] = {0x00, 0xff, 0x0d, 0x0e, 0x0f, 0xd0, 0xe0, 0xf0, 0xdd, 0xee,
                                      0x10, 0x01, 0x1d, 0xd1, 0xe1, 0xfe, 0xf2, 0xf3, 0x80, 0x40};
    struct buffer other;
    uint8_t fresh[24];
    const size_t where = below(b->len + 1);
    switch (below(8)) {
    case 0: /* one bit */
        if (where < b->len)
            b->at[where] ^= (uint8_t)(1u << below(8));
        break;
    case 1: /* any octet */
        if (where < b->len)
            b->at[where] = (uint8_t)roll();
        break;
    case 2: /* an octet that means something */
        if (where < b->len)
            b->at[where] = telling[below(sizeof telling)];
        break;
    case 3: /* the same, put in */
        insert(b, where, &telling[below(sizeof telling)], 1);
        break;
    case 4: /* chance, put in */
        for (size_t i = 0; i < sizeof fresh; i++)
            fresh[i] = (uint8_t)roll();
        insert(b, where, fresh, 1 + below(sizeof fresh));
        break;
    case 5:
        erase(b, where, 1 + below(4));
        break;
    case 6: /* ends early */
        b->len = where;
        break;
    default: /* goes on as another one */
        plant_seed(&other);
        insert(b, where, other.at + 4, other.len - 4);
    }
}

/* The same over TCP, RFC 8323 section 3.2: without type and Message ID, with a length that fits, or nearly so. */
static void reframe(struct buffer *b)
{
    uint8_t head[4];
    size_t n = 0;
    if (b->len < 4)
        return;
    const unsigned token = b->at[0] & 15u;
    const size_t rest = b->len - 4, extended = token < 13 ? 0 : token - 12u;
    const size_t before = extended + token + (token == 14 ? 255 : 0);
    size_t length = rest > before ? rest - before : 0;
    length += below(16) == 0 ? below(3) : 0;
    head[n++] = (uint8_t)((length < 13 ? length : length < 269 ? 13u : 14u) << 4 | token);
    if (length >= 269)
        head[n++] = (uint8_t)((length - 269) >> 8);
    if (length >= 13)
        head[n++] = (uint8_t)(length - (length < 269 ? 13 : 269));
    head[n++] = b->at[1];
    memmove(b->at + n, b->at + 4, rest);
    memcpy(b->at, head, n);
    b->len = n + rest;
}

/* ------------------------------------------------------------------ the comparison */

static void print_unexpected(const struct judged *j)
{
    char hex[2 * LONGEST + 1];
    struct cs_text text;
    cs_text_init(&text, hex, sizeof hex);
    cs_text_hex(&text, j->octets);
    printf("not on the list: %s over %s\n  here: %s at %" PRIu32 "; libcoap: %s%s%s\n", hex,
           cs_carrier_text(j->carrier), cs_fault_id((enum cs_fault)j->ours.fault), j->ours.fault_at,
           j->they_accept ? "accepted" : "refused", j->field != NULL ? "; differs in " : "",
           j->field != NULL ? j->field : "");
}

static int list_classes(void)
{
    for (size_t i = 0; i < DIFFERENCES; i++)
        printf("`%s`: %s. %s\n", differences[i].id, differences[i].says, differences[i].word);
    return 0;
}

struct figures {
    uint64_t seen[DIFFERENCES + 1], unexpected, well_formed;
};

static void compare_one(struct figures *f, const char *forgotten)
{
    struct buffer b;
    plant_seed(&b);
    for (size_t n = below(MUTATIONS + 1); n > 0; n--)
        mutate(&b);
    const bool tcp = below(4) == 0;
    if (tcp)
        reframe(&b);
    struct judged j = {.carrier = tcp ? CS_TCP : CS_UDP, .octets = {b.at, b.len}};
    judge(&j);
    const int class = classify(&j, forgotten);
    if (class >= 0)
        f->seen[class]++;
    else {
        f->unexpected++;
        print_unexpected(&j);
    }
    f->well_formed += j.we_accept && j.they_accept;
    coap_delete_pdu(j.theirs);
}

int main(int argc, char **argv)
{
    const char *forgotten = "";
    if (argc > 1 && strcmp(argv[1], "--classes") == 0)
        return list_classes();
    if (argc > 2 && strcmp(argv[1], "--forget") == 0) {
        forgotten = argv[2];
        argc -= 2;
        argv += 2;
    }
    const uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct figures f = {.unexpected = 0};
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    coap_startup();
    coap_set_log_level((coap_log_t)0);
    for (uint64_t i = 0; i < count && f.unexpected < UNEXPECTED_MAX; i++)
        compare_one(&f, forgotten);
    printf("%" PRIu64 " datagrams, seed %" PRIu64 ", %s\n", count, seed, coap_package_version());
    printf("%10" PRIu64 " agreed, %" PRIu64 " of them well-formed\n", f.seen[DIFFERENCES],
           f.well_formed);
    for (size_t i = 0; i < DIFFERENCES; i++)
        printf("%10" PRIu64 " %s\n", f.seen[i], differences[i].id);
    coap_cleanup();
    return f.unexpected > 0 ? 1 : 0;
}
