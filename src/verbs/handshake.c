/* handshake: a DTLS session of its own, like no other: one cipher suite, one curve, a certificate that is wrong. */
#include "src/verbs/handshake.h"

#include <string.h>

#include "src/net/dtls_transport.h"
#include "src/run/run.h"
#include "src/verbs/match.h"

/* What a word sets. */
static const struct word {
    const char *text;
    struct step_handshake sets;
} words[] = {
    {"succeeds", {.refused = false}},
    {"refused", {.refused = true}},
    {"answered", {.answered = true}},
    {"suite=TLS_PSK_WITH_AES_128_CCM_8", {.is.suite = CS_SUITE_PSK_CCM_8}},
    {"suite=TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", {.is.suite = CS_SUITE_ECDSA_CCM_8}},
    {"curve=secp256r1", {.is.group = "P-256"}},
    {"certificate=expired", {.is.certificate = NET_CERTIFICATE_EXPIRED}},
    {"certificate=untrusted", {.is.certificate = NET_CERTIFICATE_UNTRUSTED}},
    {"certificate=named", {.is.certificate = NET_CERTIFICATE_NAMED}},
    {"certificate=other_uri", {.is.certificate = NET_CERTIFICATE_OTHER_URI}},
    {"certificate=other_uri_own_cn", {.is.certificate = NET_CERTIFICATE_OTHER_URI_OWN_CN}},
    {"certificate=other_cn", {.is.certificate = NET_CERTIFICATE_OTHER_CN}},
    {"certificate=wildcard_cn", {.is.certificate = NET_CERTIFICATE_WILDCARD_CN}},
    {"certificate=raw-key", {.is.raw_key = true}},
};
enum { OUTCOMES = 3 };

static const struct word *word_at(const char *at, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].text) == length && memcmp(words[i].text, at, length) == 0)
            return &words[i];
    return NULL;
}

bool step_handshake_parse(const char *text, struct step_handshake *out, unsigned *column)
{
    const char *at = text;
    *out = (struct step_handshake){.refused = false};
    *column = 1;
    for (size_t length; *at != '\0'; at += length + strspn(at + length, " ")) {
        length = strcspn(at, " ");
        const struct word *w = word_at(at, length);
        const bool outcome = w != NULL && w < words + OUTCOMES;
        *column = (unsigned)(at - text) + 1;
        if (w == NULL || outcome != (at == text))
            return false;
        out->refused = out->refused || w->sets.refused;
        out->answered = out->answered || w->sets.answered;
        out->is.raw_key = out->is.raw_key || w->sets.is.raw_key;
        out->is.suite = w->sets.is.suite != 0 ? w->sets.is.suite : out->is.suite;
        out->is.group = w->sets.is.group != NULL ? w->sets.is.group : out->is.group;
        if (w->sets.is.certificate != NET_CERTIFICATE_OURS)
            out->is.certificate = w->sets.is.certificate;
    }
    return at > text && out->answered == out->is.raw_key;
}

/* ------------------------------------------------------------------ of ours */

static enum step_result begin(struct run_sequence *t, const struct step *step,
                              const struct step_handshake *handshake)
{
    static const char *const got[] = {
        [NET_SESSION_DONE] = "the device goes through with the handshake",
        [NET_SESSION_SILENT] = "no end of the handshake within 10 s",
        [NET_SESSION_UNDECIDED] = NULL, /* and others: the error says it */
    };
    struct run_case *c = t->owner;
    struct cs_error error = {0};
    enum net_session_result result;
    struct run_endpoint *endpoint = run_endpoint_shake(c, &handshake->is, &result, &error);
    t->since_ns = net_now();
    if (endpoint != NULL)
        c->current = endpoint;
    if (result == NET_SESSION_FAILED) {
        run_bench_error(t, &step->values[0], 0, "%.300s", error.text);
        return STEP_BROKEN;
    }
    const bool went = result == NET_SESSION_DONE || result == NET_SESSION_SHOWN;
    if (went != handshake->refused)
        return STEP_DONE;
    const struct run_failure failure = {
        .where = &step->values[0],
        .octet = CS_NO_OCTET,
        .expected = handshake->refused    ? "the handshake is refused"
                    : handshake->answered ? "a raw public key and the suite and curve on offer"
                                          : "a session",
        .got = got[result] == NULL ? error.text : got[result],
        .unknown = result == NET_SESSION_UNDECIDED,
    };
    run_fail(t, &failure, "%.300s", failure.got);
    return STEP_BROKEN;
}

/* ------------------------------------------------------------------ of a device that is a client */

static bool is_refused(const struct step *step)
{
    return strncmp(step->values[0].text, "re", 2) == 0;
}

static enum step_result await_session(struct run_sequence *t, const struct step *step,
                                      const struct step_handshake *handshake)
{
    struct run_endpoint *e = &t->owner->endpoints[0];
    struct cs_error error = {0};
    uint64_t due;
    struct net_dtls_server *sessions = net_dtls_sessions(&e->socket);
    if (sessions == NULL || !net_dtls_server_offer(sessions, &handshake->is, &error)) {
        run_bench_error(t, &step->values[0], 0, "%.300s",
                        error.text[0] != '\0' ? error.text : "we do not listen for DTLS");
        return STEP_BROKEN;
    }
    memset(&e->news, 0, sizeof e->news);
    if (!step_deadline(t, step, "$await", &due) || !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_result fails(struct run_sequence *t, const struct step *step, bool unknown,
                              const struct run_message *m, const char *got)
{
    const struct run_failure failure = {
        .where = &step->values[0],
        .message = m,
        .octet = CS_NO_OCTET,
        .expected = is_refused(step) ? "the handshake is refused" : "a session",
        .got = got,
        .unknown = unknown,
    };
    run_fail(t, &failure, "%.300s", got);
    return STEP_BROKEN;
}

/* Who looks at our certificate when the handshake is over, and then ends the session, has refused it too: what counts is that
 * nothing is asked of us. */
static enum step_result on_turn(struct run_sequence *t, const struct step *step)
{
    const struct run_case *c = t->owner;
    const struct run_endpoint *e = &c->endpoints[0];
    const unsigned *news = e->news.counts;
    if (!c->run->profile->client)
        return STEP_WAIT;
    if (news[NET_SESSION_WAS_STOPPED] > 0)
        return fails(t, step, true, NULL, e->news.why);
    if (!is_refused(step)) {
        if (news[NET_SESSION_WAS_REFUSED] > 0)
            return fails(t, step, false, NULL, e->news.why);
        return news[NET_SESSION_BEGAN] > 0 ? STEP_DONE : STEP_WAIT;
    }
    for (size_t i = 0; news[NET_SESSION_BEGAN] > 0 && i < c->message_count; i++) {
        const struct run_message *m = c->messages[i];
        if (m->endpoint == e && m->at_ns >= t->started_ns &&
            cs_address_equal(&m->src, &e->news.peer))
            return fails(t, step, false, m,
                         "the device goes through with the handshake, and sends its request");
    }
    return news[NET_SESSION_WAS_REFUSED] > 0 || news[NET_SESSION_ENDED] > 0 ? STEP_DONE : STEP_WAIT;
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    const unsigned *news = t->owner->endpoints[0].news.counts;
    if (news[NET_SESSION_ASKED] == 0)
        return fails(t, step, true, NULL, "no handshake was begun");
    if (!is_refused(step))
        return fails(t, step, false, NULL, "the handshake came to no end");
    if (news[NET_SESSION_BEGAN] > 0)
        return fails(t, step, true, NULL,
                     "the device goes through with the handshake, and sends nothing");
    return STEP_DONE; /* it went no further, without a word */
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct step_handshake handshake;
    unsigned column;
    if (!step_handshake_parse(step->values[0].text, &handshake, &column)) {
        run_bench_error(t, &step->values[0], column, "no such word of a handshake");
        return STEP_BROKEN;
    }
    return (t->owner->run->profile->client ? await_session : begin)(t, step, &handshake);
}

const struct step_verb step_handshake = {
    .name = "handshake",
    .summary =
        "begins a DTLS session with a port of its own, for the next messages; of a client, its "
        "next one with us: `succeeds`, `refused` or `answered`, then suite=, curve=secp256r1, "
        "certificate=expired, untrusted, raw-key or another",
    .example = "- handshake: succeeds suite=TLS_PSK_WITH_AES_128_CCM_8\n- send: GET $test",
    .value = STEP_VALUE_HANDSHAKE,
    .keys = STEP_KEY_WITHIN,
    .start = start,
    .on_timer = on_timer,
    .on_turn = on_turn,
};
