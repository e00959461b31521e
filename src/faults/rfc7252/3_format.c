/* Faults of the message format: RFC 7252 sections 3 and 4.1. */
#include "src/faults/rfc7252/octets.h"

/* ------------------------------------------------------------------ section 3: the format */

static void version_0(struct net_faulty *f) { f->out.at[0] &= 0x3f; }

static void token_length_9(struct net_faulty *f)
{
    static const uint8_t nine[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    if (is_response(f))
        set_token(f, nine, sizeof nine);
}

static void token_length_15(struct net_faulty *f)
{
    if (is_response(f))
        f->out.at[0] |= 0x0f;
}

static void marker_alone(struct net_faulty *f)
{
    if (!is_response(f))
        return;
    cut_payload(f);
    add(&f->out, "\xff", 1);
}

static void header_cut(struct net_faulty *f)
{
    if (is_response(f))
        f->out.length = 3;
}

static void token_cut(struct net_faulty *f)
{
    if (is_response(f) && f->message.token.len > 1)
        f->out.length = 5;
}

static void option_cut(struct net_faulty *f)
{
    if (!is_response(f))
        return;
    cut_payload(f);
    add(&f->out, "\xdd\xf0\x10", 3);
}

static void option_delta_15(struct net_faulty *f)
{
    if (is_response(f))
        add_behind_options(f, "\xf1", 1);
}

static void option_length_15(struct net_faulty *f)
{
    if (is_response(f))
        add_behind_options(f, "\x1f", 1);
}

static void option_number_large(struct net_faulty *f)
{
    if (is_response(f))
        add_behind_options(f, "\xe0\xff\xff", 3);
}

static void padded_uint(struct net_faulty *f)
{
    /* Max-Age with a leading zero; 14 comes after Content-Format 12 */
    static const struct {
        uint32_t last;
        const char *octets;
    } forms[] = {{0, "\xd2\x01\x00\x1e"}, {4, "\xa2\x00\x1e"}, {12, "\x22\x00\x1e"}};
    struct cs_option_walk walk;
    struct cs_option option;
    uint32_t last = 0;
    if (!is_content(f))
        return;
    cs_option_walk_init(&walk, &f->message);
    while (cs_option_next(&walk, &option))
        last = option.number;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].last == last)
            add_behind_options(f, forms[i].octets, i == 0 ? 4 : 3);
}

static void reserved_class(struct net_faulty *f)
{
    if (is_response(f))
        f->out.at[1] = (uint8_t)(0xc0u | (f->message.code & 0x1fu));
}

static void reserved_class_1(struct net_faulty *f)
{
    if (is_response(f))
        f->out.at[1] = CS_CODE(1, 1);
}

static void empty_with_payload(struct net_faulty *f)
{
    if (is(f, CS_ACK) && is_empty(f))
        add(&f->out, "\xff\x61", 2);
}

static void empty_with_token(struct net_faulty *f)
{
    if (is(f, CS_ACK) && is_empty(f)) {
        f->out.at[0] |= 1;
        add(&f->out, "\x01", 1);
    }
}

static void reset_with_payload(struct net_faulty *f)
{
    if (is(f, CS_RST))
        add(&f->out, "\xff\x61", 2);
}

static void reset_with_code(struct net_faulty *f)
{
    if (is(f, CS_RST))
        f->out.at[1] = CS_CODE(4, 0);
}

/* ------------------------------------------------------------------ the table */

const struct net_fault net_faults_of_format[] = {
    {.name = "version-0",
     .what = "the version of every message is 0",
     .trips = RULES("rfc7252/3/version-is-1"),
     .change = version_0},
    {.name = "token-length-9",
     .what = "responses have a token of nine octets",
     .trips = RULES("rfc7252/5.3.1/response-has-the-token-of-the-request"),
     .change = token_length_9},
    {.name = "token-length-15",
     .what = "the token length of responses is 15",
     .trips = RULES("rfc7252/3/token-length-is-at-most-8"),
     .change = token_length_15},
    {.name = "marker-alone",
     .what = "responses end with a payload marker and no payload",
     .trips = RULES("rfc7252/3/payload-marker-has-payload"),
     .change = marker_alone},
    {.name = "header-cut",
     .what = "responses end inside the header",
     .trips = RULES("rfc7252/3/header-and-token-are-whole"),
     .change = header_cut},
    {.name = "token-cut",
     .what = "responses end inside the token",
     .trips = RULES("rfc7252/3/header-and-token-are-whole"),
     .change = token_cut},
    {.name = "option-cut",
     .what = "responses end inside an option",
     .trips = RULES("rfc7252/3.1/options-are-whole"),
     .change = option_cut},
    {.name = "option-delta-15",
     .what = "responses have an option delta of 15",
     .trips = RULES("rfc7252/3.1/delta-15-is-the-payload-marker"),
     .change = option_delta_15},
    {.name = "option-length-15",
     .what = "responses have an option length of 15",
     .trips = RULES("rfc7252/3.1/option-length-15-is-reserved"),
     .change = option_length_15},
    {.name = "option-number-large",
     .what = "responses have an option number above 65535",
     .trips = RULES("rfc7252/3.1/option-numbers-ascend"),
     .change = option_number_large},
    {.name = "padded-uint",
     .what = "the Max-Age of a 2.05 begins with a zero octet",
     .trips = RULES("rfc7252/3.2/uint-has-no-leading-zeros"),
     .change = padded_uint},
    {.name = "reserved-class-6",
     .what = "the code of responses is of class 6",
     .trips = RULES("rfc7252/3/code-class-is-defined"),
     .change = reserved_class},
    {.name = "reserved-class-1",
     .what = "the code of responses is 1.01",
     .trips = RULES("rfc7252/3/code-class-is-defined"),
     .change = reserved_class_1},
    {.name = "empty-with-payload",
     .what = "an Empty Acknowledgement has a payload",
     .trips = RULES("rfc7252/4.1/empty-message-is-bare"),
     .change = empty_with_payload},
    {.name = "empty-with-token",
     .what = "an Empty Acknowledgement has a token",
     .trips = RULES("rfc7252/4.1/empty-message-is-bare"),
     .change = empty_with_token},
    {.name = "reset-with-payload",
     .what = "a Reset has a payload",
     .trips = RULES("rfc7252/4.1/empty-message-is-bare"),
     .change = reset_with_payload},
    {.name = "reset-with-code",
     .what = "a Reset carries a code",
     .trips =
         RULES("rfc7252/4.2/reset-is-empty", "rfc7252/5.3.1/response-has-the-token-of-the-request",
               "rfc7252/5.3.2/response-comes-from-where-the-request-went"),
     .change = reset_with_code},
    {.name = NULL},
};
