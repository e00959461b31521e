/* renegotiate: a new handshake inside a DTLS session of ours: what is said then is said in another epoch. */
#include "src/net/dtls_transport.h"
#include "src/verbs/match.h"
#include "src/verbs/verbs.h"

/* A device need not let us: nothing is held against it. */
static enum step_result gives_up(struct run_sequence *t, const struct step *step, const char *why)
{
    const struct run_failure failure = {
        .where = &step->values[0],
        .octet = CS_NO_OCTET,
        .expected = "a new epoch",
        .got = why,
        .unknown = true,
    };
    run_fail(t, &failure, "%s", why);
    return STEP_BROKEN;
}

static enum step_result start(struct run_sequence *t, const struct step *step)
{
    struct run_endpoint *e = run_endpoint_named(t->owner, step->values[0].text);
    struct cs_error error = {0};
    uint64_t due;
    struct net_dtls *session = e != NULL ? net_dtls_session(&e->socket) : NULL;
    if (session == NULL) {
        run_bench_error(t, &step->values[0], 0, "no DTLS session of ours is called %s",
                        step->values[0].text);
        return STEP_BROKEN;
    }
    if (!net_dtls_renegotiate(session, &error))
        return gives_up(t, step, "the device does not let us renegotiate");
    if (!step_deadline(t, step, "$patience", &due) || !run_wait_until(t, due))
        return STEP_BROKEN;
    return STEP_WAIT;
}

static enum step_result on_turn(struct run_sequence *t, const struct step *step)
{
    struct run_endpoint *e = run_endpoint_named(t->owner, step->values[0].text);
    struct net_dtls *session = e != NULL ? net_dtls_session(&e->socket) : NULL;
    switch (session != NULL ? net_dtls_renegotiation(session) : NET_SESSION_FAILED) {
    case NET_SESSION_SILENT:
        return STEP_WAIT;
    case NET_SESSION_DONE:
        t->since_ns = net_now();
        return STEP_DONE;
    case NET_SESSION_REFUSED:
        return gives_up(t, step, "the device refuses to renegotiate");
    default:
        return gives_up(t, step, "the renegotiation ended the session");
    }
}

static enum step_result on_timer(struct run_sequence *t, const struct step *step)
{
    return gives_up(t, step, "the device does not answer the hello that renegotiates");
}

const struct step_verb step_renegotiate = {
    .name = "renegotiate",
    .summary = "a new handshake inside the DTLS session of that socket, the next epoch of which "
               "follows; a device that refuses it makes the scenario inconclusive",
    .example = "- renegotiate: first",
    .value = STEP_VALUE_NAME,
    .keys = STEP_KEY_WITHIN,
    .start = start,
    .on_timer = on_timer,
    .on_turn = on_turn,
};
