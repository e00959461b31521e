/* The list of verbs, and the keys that their steps may have. */
#include "src/verbs/verbs.h"

#include <string.h>

/* clang-format off */
#define STEP_VERBS(X) \
    X(await) X(check) X(close) X(connect) X(delay) X(drop) \
    X(duplicate) X(each) X(exec) X(expect) X(handshake) X(http_await) X(http_expect) \
    X(http_reply) X(http_send) X(http_serve) X(icmp) X(multicast) X(parallel) X(raw) \
    X(renegotiate) X(reorder) X(repeat) X(reply) X(restart) X(save) X(send) X(serve) \
    X(silence) X(sleep) X(unequal) X(uneven) X(when)
/* clang-format on */

#define X(name) extern const struct step_verb step_##name;
STEP_VERBS(X)
#undef X

static const struct step_verb *const verbs[] = {
#define X(name) &step_##name,
    STEP_VERBS(X)
#undef X
};

const struct step_verb *const *step_verbs(size_t *count)
{
    *count = sizeof verbs / sizeof verbs[0];
    return verbs;
}

const struct step_verb *step_verb_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

static const struct step_key keys[] = {
    {STEP_KEY_WITHIN, "within", "how long it may take, counted from the last thing that happened"},
    {STEP_KEY_AFTER, "after", "not sooner than that"},
    {STEP_KEY_BY, "by", "for how long"},
    {STEP_KEY_FROM, "from", "which socket of ours: a name given by connect"},
    {STEP_KEY_AS, "as", "a name for this message, for `of`"},
    {STEP_KEY_OF, "of", "the message of ours that this is about; the last one otherwise"},
    {STEP_KEY_TIMES, "times", "how many messages; 1 otherwise"},
    {STEP_KEY_FILL, "fill", "a payload of so many octets"},
    {STEP_KEY_MATCHING, "matching", "only messages like this one"},
    {STEP_KEY_ANSWER, "answer",
     "what we say to it: ACK, RST or none; as the RFC wants it otherwise"},
    {STEP_KEY_AGAIN, "again", "yes: a further transmission of the message that was taken last"},
    {STEP_KEY_OPTIONAL, "optional",
     "yes: it need not come; of a reply: where no request came, there is none"},
    {STEP_KEY_RETRANSMIT, "retransmit", "no: a confirmable message goes out once"},
    {STEP_KEY_SAVE, "save", "fields of the message to names: {tag: etag}"},
    {STEP_KEY_STEPS, "steps", "the steps inside"},
    {STEP_KEY_ELSE, "else", "the steps otherwise"},
    {STEP_KEY_CLEAR, "clear", "yes: not inside DTLS, by a socket that speaks it"},
    {STEP_KEY_SESSION, "session",
     "another: of another DTLS session than the request that was awaited before it"},
    {STEP_KEY_EXPECT, "expect", "what is to be read"},
    {STEP_KEY_OVER, "over", "coap or coaps: in the clear, or in a DTLS session"},
};

const struct step_key *step_keys(size_t *count)
{
    *count = sizeof keys / sizeof keys[0];
    return keys;
}
