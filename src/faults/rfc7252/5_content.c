/* Faults of requests and responses: RFC 7252 section 5. */
#include "src/faults/rfc7252/octets.h"

/* ------------------------------------------------------------------ section 5: requests and
 * responses */

static void token_changed(struct net_faulty *f)
{
    if (is_response(f) && f->message.token.len > 0)
        f->out.at[4] ^= 0xff;
}

static void token_missing(struct net_faulty *f)
{
    if (is_response(f))
        set_token(f, (const uint8_t *)"", 0);
}

static void token_added(struct net_faulty *f)
{
    if (is_response(f) && f->message.token.len == 0)
        set_token(f, (const uint8_t *)"\x01", 1);
}

static void token_zeros_cut(struct net_faulty *f)
{
    /* as one does who keeps tokens as numbers */
    size_t zeros = 0;
    while (zeros < f->message.token.len && f->message.token.at[zeros] == 0)
        zeros++;
    uint8_t rest[8] = {0};
    if (!is_response(f) || zeros == 0 || f->message.token.len > 8)
        return;
    memcpy(rest, f->message.token.at + zeros, f->message.token.len - zeros);
    set_token(f, rest, f->message.token.len - zeros);
}

static void code_is_4_04(struct net_faulty *f)
{
    if (is_content(f))
        f->out.at[1] = CS_CODE(4, 4);
}

static void code_is_2_04(struct net_faulty *f)
{
    if (is_content(f))
        f->out.at[1] = CS_CODE(2, 4);
}

static void errors_are_content(struct net_faulty *f)
{
    if (is_response(f) && CS_CODE_CLASS(f->message.code) == 4)
        f->out.at[1] = CS_CODE(2, 5);
}

static void bad_option_is_bad_request(struct net_faulty *f)
{
    if (is_response(f) && f->message.code == CS_CODE(4, 2))
        f->out.at[1] = CS_CODE(4, 0);
}

static void elective_refused(struct net_faulty *f)
{
    if (is_response(f) && f->request != NULL &&
        (f->request->option_set >> CS_OPTION_INDEX_UNKNOWN_ELECTIVE & 1u) != 0)
        f->out.at[1] = CS_CODE(4, 2);
}

static void critical_in_response(struct net_faulty *f)
{
    if (is_response(f))
        add_behind_options(f, "\xe0\xfa\x00", 3);
}

static void payload_changed(struct net_faulty *f)
{
    if (is_content(f) && f->message.payload.len > 0)
        f->out.at[f->out.length - 1] ^= 1;
}

static void payload_missing(struct net_faulty *f)
{
    if (is_content(f))
        cut_payload(f);
}
/* ------------------------------------------------------------------ the table */

const struct net_fault net_faults_of_content[] = {
    {.name = "token-changed",
     .what = "the token of responses is another one",
     .trips = RULES("rfc7252/5.3.1/response-has-the-token-of-the-request"),
     .change = token_changed},
    {.name = "token-missing",
     .what = "responses have no token",
     .trips = RULES("rfc7252/5.3.1/response-has-the-token-of-the-request"),
     .change = token_missing},
    {.name = "token-added",
     .what = "responses to a request without token have one",
     .trips = RULES("rfc7252/5.3.1/response-has-the-token-of-the-request"),
     .change = token_added},
    {.name = "token-zeros-cut",
     .what = "zero octets at the beginning of a token are left out",
     .trips = RULES("rfc7252/5.3.1/response-has-the-token-of-the-request"),
     .change = token_zeros_cut},
    {.name = "content-is-4.04",
     .what = "a 2.05 becomes a 4.04",
     .trips = NO_RULE,
     .change = code_is_4_04},
    {.name = "content-is-2.04",
     .what = "a 2.05 becomes a 2.04",
     .trips = RULES("rfc7252/5.9.1/success-code-fits-the-method"),
     .change = code_is_2_04},
    {.name = "errors-are-content",
     .what = "errors of class 4 become 2.05",
     .trips =
         RULES("rfc7252/5.10.9/size1-is-of-requests", "rfc7252/5.9.1/success-code-fits-the-method"),
     .change = errors_are_content},
    {.name = "bad-option-is-4.00",
     .what = "a 4.02 becomes a 4.00",
     .trips = NO_RULE,
     .change = bad_option_is_bad_request},
    {.name = "elective-refused",
     .what = "an unknown elective option gives 4.02",
     .trips = NO_RULE,
     .change = elective_refused},
    {.name = "critical-in-response",
     .what = "responses carry an unknown critical option",
     .trips = RULES("rfc7252/3.1/option-numbers-ascend"),
     .change = critical_in_response},
    {.name = "payload-changed",
     .what = "the payload of each 2.05 is changed",
     .trips = NO_RULE,
     .change = payload_changed},
    {.name = "payload-missing",
     .what = "the payload of each 2.05 is missing",
     .trips = NO_RULE,
     .change = payload_missing},
    {.name = NULL},
};
