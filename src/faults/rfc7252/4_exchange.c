/* Faults of the exchange of messages: RFC 7252 section 4. */
#include "src/faults/rfc7252/octets.h"

/* ------------------------------------------------------------------ section 4.1 to 4.3: types */

static void ping_acknowledged(struct net_faulty *f)
{
    if (is(f, CS_RST))
        set_type(&f->out, CS_ACK);
}

static void resets_lost(struct net_faulty *f)
{
    if (is(f, CS_RST))
        f->lost = true;
}

static void reset_mid(struct net_faulty *f)
{
    if (is(f, CS_RST))
        set_mid(&f->out, other_mid(f->message.mid));
}

static void ack_mid(struct net_faulty *f)
{
    if (is(f, CS_ACK))
        set_mid(&f->out, other_mid(f->message.mid));
}

static void ack_carries_request(struct net_faulty *f)
{
    if (is_piggybacked(f))
        f->out.at[1] = CS_CODE(0, 1);
}

static void ack_becomes_non(struct net_faulty *f)
{
    if (is_piggybacked(f))
        set_type(&f->out, CS_NON);
}

static void ack_becomes_con(struct net_faulty *f)
{
    if (is_piggybacked(f) && f->answers == 0)
        set_type(&f->out, CS_CON);
}

static void ack_becomes_reset(struct net_faulty *f)
{
    if (is_piggybacked(f))
        make(&f->out, CS_RST, 0, f->message.mid);
}

static void response_missing(struct net_faulty *f)
{
    if (is_piggybacked(f))
        make(&f->out, CS_ACK, 0, f->message.mid);
}

static void non_acknowledged(struct net_faulty *f)
{
    if (!answers_non(f))
        return;
    set_type(&f->out, CS_ACK);
    set_mid(&f->out, f->request->mid);
}

static void non_gets_empty_ack(struct net_faulty *f)
{
    if (answers_non(f) && f->answers == 0) {
        make(&f->second, CS_ACK, 0, f->request->mid);
    }
}

static void empty_non(struct net_faulty *f)
{
    if (is_content(f))
        make(&f->second, CS_NON, 0, other_mid(f->message.mid));
}

/* ------------------------------------------------------------------ section 4.2: separate
 * responses, retransmission */

static void separate_mid_of_request(struct net_faulty *f)
{
    if (is_separate(f))
        set_mid(&f->out, f->request->mid);
}

static void separate_lost(struct net_faulty *f)
{
    if (is_separate(f))
        f->lost = true;
}

static void empty_ack_lost(struct net_faulty *f)
{
    if (is(f, CS_ACK) && is_empty(f))
        f->lost = true;
}

static void repeats_after_ack(struct net_faulty *f)
{
    if (is(f, CS_CON) && is_response(f) && f->answers == 0) {
        f->second = f->out;
        f->second_after_ns = 2500 * NET_MS;
    }
}

static void repeats_too_soon(struct net_faulty *f)
{
    if (is(f, CS_CON) && is_response(f) && f->answers == 0) {
        f->second = f->out;
        f->second_after_ns = 600 * NET_MS;
    }
}

static void repeats_changed(struct net_faulty *f)
{
    if (is(f, CS_CON) && is_response(f) && f->answers == 0 && f->message.payload.len > 0) {
        f->second = f->out;
        f->second.at[f->second.length - 1] ^= 1;
        f->second_after_ns = 3200 * NET_MS; /* behind one of its own */
    }
}

/* ------------------------------------------------------------------ sections 4.2 to 4.5: what
 * should not be said */

static void stray_ack(struct net_faulty *f)
{
    if (is_content(f))
        make(&f->second, CS_ACK, 0, other_mid(f->message.mid));
}

static void stray_reset(struct net_faulty *f)
{
    if (is_content(f))
        make(&f->second, CS_RST, 0, other_mid(f->message.mid));
}

static void stray_response(struct net_faulty *f)
{
    if (!is_content(f))
        return;
    make(&f->second, CS_NON, CS_CODE(2, 5), other_mid(f->message.mid));
    f->second.at[0] |= 2;
    add(&f->second, "\xde\xad", 2);
}

static void answers_replies(const struct cs_message *ours, unsigned copies, struct net_octets *out)
{
    (void)copies;
    if (ours->type == CS_ACK || ours->type == CS_RST)
        make(out, CS_RST, 0, ours->mid);
}

static void answers_malformed(const struct cs_message *ours, unsigned copies,
                              struct net_octets *out)
{
    (void)copies;
    if (ours->octets.len >= 4 && ours->version == 1 && ours->fault != CS_FAULT_NONE &&
        (ours->type == CS_CON || ours->type == CS_NON))
        make(out, CS_ACK, CS_CODE(2, 5), ours->mid);
}

/* What the device itself says to these is kept back. */
static void keeps_resets_of_malformed(struct net_faulty *f)
{
    if (is(f, CS_RST) && f->request != NULL && f->request->fault != CS_FAULT_NONE)
        f->lost = true;
}

static void answers_reserved(const struct cs_message *ours, unsigned copies, struct net_octets *out)
{
    (void)copies;
    unsigned class = CS_CODE_CLASS(ours->code);
    if (ours->fault == CS_FAULT_NONE && (class == 1 || class >= 6) &&
        (ours->type == CS_CON || ours->type == CS_NON))
        make(out, CS_ACK, CS_CODE(2, 5), ours->mid);
}

static void answers_short(const struct cs_message *ours, unsigned copies, struct net_octets *out)
{
    (void)copies;
    if (ours->fault == CS_FAULT_SHORT_HEADER)
        make(out, CS_RST, 0, 0);
}

static void duplicate_unanswered(struct net_faulty *f)
{
    if (is(f, CS_ACK) && f->answers > 0)
        f->lost = true;
}

static void duplicate_answered_differently(struct net_faulty *f)
{
    if (is_piggybacked(f) && f->answers > 0)
        f->out.at[1] = f->message.code == CS_CODE(5, 0) ? CS_CODE(5, 3) : CS_CODE(5, 0);
}

static void duplicate_non_answered(const struct cs_message *ours, unsigned copies,
                                   struct net_octets *out)
{
    if (ours->type != CS_NON || !cs_code_is_request(ours->code) || copies == 0)
        return;
    make(out, CS_NON, CS_CODE(2, 5), other_mid(ours->mid));
    if (ours->token.len <= 8) {
        out->at[0] |= (uint8_t)ours->token.len;
        add(out, (const char *)ours->token.at, ours->token.len);
    }
}

static void message_id_constant(struct net_faulty *f)
{
    if (is_response(f) && (f->message.type == CS_CON || f->message.type == CS_NON))
        set_mid(&f->out, 0x1111);
}

static void answers_lost(struct net_faulty *f)
{
    if (is_response(f))
        f->lost = true;
}

static void answers_late(struct net_faulty *f)
{
    if (is_response(f))
        f->delay_ns = 3 * NET_SECOND;
}

static void answers_twice(struct net_faulty *f)
{
    if (is_response(f) && f->message.type != CS_ACK) {
        f->second = f->out;
        set_mid(&f->second, other_mid(f->message.mid));
        f->second_after_ns = 50 * NET_MS;
    }
}

static void too_large(struct net_faulty *f)
{
    if (!is_content(f) || f->message.payload.len == 0 || f->message.payload.len > 600)
        return;
    while (f->out.length < 1400)
        add(&f->out, "x", 1);
}

/* ------------------------------------------------------------------ the table */

const struct net_fault net_faults_of_exchange[] = {
    {.name = "ping-acknowledged",
     .what = "a Reset is sent as an Acknowledgement",
     .trips = RULES("rfc7252/4.2/acknowledgement-echoes-message-id",
                    "rfc7252/4.2/ping-is-answered-by-reset",
                    "rfc7252/4.3/nonconfirmable-is-not-acknowledged"),
     .change = ping_acknowledged},
    {.name = "resets-lost", .what = "Resets do not come", .trips = NO_RULE, .change = resets_lost},
    {.name = "reset-mid",
     .what = "the Message ID of a Reset is another one",
     .trips = NO_RULE,
     .change = reset_mid},
    {.name = "ack-mid",
     .what = "the Message ID of an Acknowledgement is another one",
     .trips = RULES("rfc7252/4.2/acknowledgement-echoes-message-id"),
     .change = ack_mid},
    {.name = "ack-carries-request",
     .what = "an Acknowledgement carries a request",
     .trips = RULES("rfc7252/4.2/acknowledgement-carries-no-request"),
     .change = ack_carries_request},
    {.name = "ack-becomes-non",
     .what = "a piggybacked response is sent as NON",
     .trips = NO_RULE,
     .change = ack_becomes_non},
    {.name = "ack-becomes-con",
     .what = "a piggybacked response is sent as CON",
     .trips = RULES("rfc7252/5.2.2/separate-response-has-own-message-id"),
     .change = ack_becomes_con},
    {.name = "ack-becomes-reset",
     .what = "a request is answered by a Reset",
     .trips = NO_RULE,
     .change = ack_becomes_reset},
    {.name = "response-missing",
     .what = "a request is acknowledged, and no response follows",
     .trips = NO_RULE,
     .change = response_missing},
    {.name = "non-acknowledged",
     .what = "a NON request is answered in an Acknowledgement",
     .trips = RULES("rfc7252/4.3/nonconfirmable-is-not-acknowledged"),
     .change = non_acknowledged},
    {.name = "non-gets-empty-ack",
     .what = "a NON request is acknowledged besides its response",
     .trips = RULES("rfc7252/4.3/nonconfirmable-is-not-acknowledged"),
     .change = non_gets_empty_ack},
    {.name = "empty-non",
     .what = "an Empty NON follows each 2.05",
     .trips = RULES("rfc7252/4.3/nonconfirmable-is-not-empty"),
     .change = empty_non},
    {.name = "separate-mid-of-request",
     .what = "a separate response has the Message ID of the request",
     .trips = RULES("rfc7252/4.2/answer-ends-retransmission",
                    "rfc7252/5.2.2/separate-response-has-own-message-id"),
     .change = separate_mid_of_request},
    {.name = "separate-lost",
     .what = "separate responses do not come",
     .trips = NO_RULE,
     .change = separate_lost},
    {.name = "empty-ack-lost",
     .what = "Empty Acknowledgements do not come",
     .trips = NO_RULE,
     .change = empty_ack_lost},
    {.name = "repeats-after-ack",
     .what = "a CON response is repeated although it was acknowledged",
     .trips = NO_RULE,
     .change = repeats_after_ack},
    {.name = "repeats-too-soon",
     .what = "a CON response is repeated after 0.6 s",
     .trips = NO_RULE,
     .change = repeats_too_soon},
    {.name = "repeats-changed",
     .what = "a CON response is repeated with another payload",
     .trips = RULES("rfc7252/4.2/retransmission-is-identical", "rfc7252/4.4/message-id-is-new"),
     .change = repeats_changed},
    {.name = "stray-ack",
     .what = "an Acknowledgement of nothing follows each 2.05",
     .trips = RULES("rfc7252/4.2/acknowledgement-echoes-message-id"),
     .change = stray_ack},
    {.name = "stray-reset",
     .what = "a Reset for nothing follows each 2.05",
     .trips = NO_RULE,
     .change = stray_reset},
    {.name = "stray-response",
     .what = "a response to nothing follows each 2.05",
     .trips = RULES("rfc7252/5.3.1/response-has-the-token-of-the-request"),
     .change = stray_response},
    {.name = "answers-replies",
     .what = "Acknowledgements and Resets are answered by a Reset",
     .trips = RULES("rfc7252/4.2/reply-is-not-rejected"),
     .invent = answers_replies},
    {.name = "answers-malformed",
     .what = "malformed messages are answered by 2.05",
     .trips = RULES("rfc7252/4.3/nonconfirmable-is-not-acknowledged"),
     .change = keeps_resets_of_malformed,
     .invent = answers_malformed},
    {.name = "answers-reserved",
     .what = "requests with a code of a reserved class are answered by 2.05",
     .trips = RULES("rfc7252/4.3/nonconfirmable-is-not-acknowledged"),
     .invent = answers_reserved},
    {.name = "answers-short",
     .what = "datagrams that hold no header are answered by a Reset",
     .trips = NO_RULE,
     .invent = answers_short},
    {.name = "duplicate-unanswered",
     .what = "a repeated request is not answered again",
     .trips = NO_RULE,
     .change = duplicate_unanswered},
    {.name = "duplicate-differs",
     .what = "a repeated request is answered by 5.00",
     .trips = NO_RULE,
     .change = duplicate_answered_differently},
    {.name = "duplicate-non-answered",
     .what = "a repeated NON request is answered again",
     .trips = RULES("rfc7252/5.9.1/success-code-fits-the-method"),
     .invent = duplicate_non_answered},
    {.name = "message-id-constant",
     .what = "the Message ID of all responses in CON and NON is 0x1111",
     .trips = RULES("rfc7252/4.2/answer-ends-retransmission", "rfc7252/4.4/message-id-is-new"),
     .change = message_id_constant},
    {.name = "answers-lost",
     .what = "responses do not come",
     .trips = NO_RULE,
     .change = answers_lost},
    {.name = "answers-late",
     .what = "responses come 3 s late",
     .trips = NO_RULE,
     .change = answers_late},
    {.name = "answers-twice",
     .what = "responses in CON and NON come twice, as different messages",
     .trips = RULES("rfc7252/4.2/answer-ends-retransmission"),
     .change = answers_twice},
    {.name = "too-large",
     .what = "a 2.05 has 1400 octets",
     .trips = RULES("rfc7252/11.3/amplification-is-small"),
     .change = too_large},
    {.name = NULL},
};
