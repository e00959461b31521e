/* handshake: a DTLS session of its own, like no other: one cipher suite, one curve, a certificate that is wrong. */
#include "src/steps/handshake.h"

#include <string.h>

#include "src/run/run.h"
#include "src/steps/step.h"

/* What a word sets. */
static const struct word {
    const char *text;
    struct step_handshake sets;
} words[] = {
    {"succeeds", {.refused = false}},
    {"refused", {.refused = true}},
    {"suite=TLS_PSK_WITH_AES_128_CCM_8", {.is.suite = CS_SUITE_PSK_CCM_8}},
    {"suite=TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", {.is.suite = CS_SUITE_ECDSA_CCM_8}},
    {"curve=secp256r1", {.is.group = "P-256"}},
    {"certificate=expired", {.is.certificate = NET_CERTIFICATE_EXPIRED}},
    {"certificate=untrusted", {.is.certificate = NET_CERTIFICATE_UNTRUSTED}},
};

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
        const bool outcome = w != NULL && w < words + 2;
        *column = (unsigned)(at - text) + 1;
        if (w == NULL || outcome != (at == text))
            return false;
        out->refused = out->refused || w->sets.refused;
        out->is.suite = w->sets.is.suite != 0 ? w->sets.is.suite : out->is.suite;
        out->is.group = w->sets.is.group != NULL ? w->sets.is.group : out->is.group;
        if (w->sets.is.certificate != NET_CERTIFICATE_OURS)
            out->is.certificate = w->sets.is.certificate;
    }
    if (out->is.certificate != NET_CERTIFICATE_OURS && out->is.suite == 0)
        out->is.suite = CS_SUITE_ECDSA_CCM_8; /* one that has certificates */
    return at > text;
}

static enum step_result start(struct run_thread *t, const struct step *step)
{
    static const char *const got[] = {
        [NET_DTLS_DONE] = "the device goes through with the handshake",
        [NET_DTLS_SILENT] = "no end of the handshake within 10 s",
    };
    struct run_case *c = t->owner;
    struct step_handshake handshake;
    struct cs_error error = {0};
    unsigned column;
    enum net_dtls_result result;
    if (!step_handshake_parse(step->values[0].text, &handshake, &column)) {
        run_bench_error(t, &step->values[0], column, "no such word of a handshake");
        return STEP_BROKEN;
    }
    struct run_endpoint *endpoint = run_endpoint_shake(c, &handshake.is, &result, &error);
    t->since_ns = net_now();
    if (endpoint != NULL)
        c->current = endpoint;
    if (result == NET_DTLS_FAILED) {
        run_bench_error(t, &step->values[0], 0, "%.300s", error.text);
        return STEP_BROKEN;
    }
    if ((result == NET_DTLS_DONE) != handshake.refused)
        return STEP_DONE;
    const struct run_failure failure = {
        .where = &step->values[0],
        .octet = CS_NO_OCTET,
        .expected = handshake.refused ? "the handshake is refused" : "a session",
        .got = result == NET_DTLS_REFUSED ? error.text : got[result],
    };
    run_fail(t, &failure, "%.300s", failure.got);
    return STEP_BROKEN;
}

const struct step_verb step_handshake = {
    .name = "handshake",
    .summary = "begins a DTLS session with a port of its own, for the next messages: `succeeds` or "
               "`refused`, then suite=, curve=secp256r1, certificate=expired or untrusted",
    .example = "- handshake: succeeds suite=TLS_PSK_WITH_AES_128_CCM_8\n- send: GET $test",
    .value = STEP_VALUE_HANDSHAKE,
    .start = start,
};
