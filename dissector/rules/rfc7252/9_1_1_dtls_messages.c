/* RFC 7252 sections 9.1.1 and 9.1.2: what travels in DTLS, and what must not leave it.
 *
 * Requests in the clear beside a session are no fault: section 9.1.2 reckons with them. What answers nothing that was sent in the
 * clear was meant for the session. */
#include "rules/sessions.h"

static struct cs_verdict messages_are_application_data(const struct cs_view *view)
{
    const char *doubt = cs_session_doubt(view->known.session);
    if (doubt != NULL)
        return cs_undecided(doubt);
    if (view->dtls->type == CS_RECORD_APPLICATION_DATA)
        return cs_held();
    return cs_broken(view, view->dtls->at, "a CoAP message in a record of content type %u",
                     view->dtls->type);
}

const struct cs_rule cs_rfc7252_coap_is_application_data = {
    .id = "rfc7252/9.1.1/coap-is-application-data",
    .spec = "RFC 7252",
    .section = "9.1.1",
    .level = CS_MUST,
    .says = "In DTLS, CoAP messages are sent as application data, content type 23.",
    .cause = "The record is built by hand, or its content type was set for the handshake and never "
             "changed.",
    .covers = CS_STRINGS("RFC7252-9.1.1-1"),
    .of = CS_OF_DTLS,
    .on = CS_D_RECORD,
    .check = messages_are_application_data,
    .holds = CS_STRINGS("> dtls: client-hello suites=c0a8\n< dtls: server-hello suites=c0a8\n"
                        "> dtls: record\n< dtls: record"),
    .breaks = CS_STRINGS("> dtls: client-hello suites=c0a8\n< dtls: server-hello suites=c0a8\n"
                         "> dtls: record type=22 epoch=0 | 41 01 00 07 a1 bb 2e 77 65 6c 6c 2d 6b "
                         "6e 6f 77 6e 04 63 6f 72 65"),
};

static struct cs_verdict messages_wait_for_the_handshake(const struct cs_view *view)
{
    const char *doubt = cs_session_doubt(view->known.session);
    if (view->dtls->type != CS_RECORD_APPLICATION_DATA)
        return cs_silent();
    if (doubt != NULL)
        return cs_undecided(doubt);
    if (view->dtls->epoch > 0)
        return cs_held();
    return cs_broken(view, view->dtls->at,
                     "a CoAP message in a record of epoch 0, which is not protected");
}

const struct cs_rule cs_rfc7252_coap_waits_for_the_handshake = {
    .id = "rfc7252/9.1.1/coap-waits-for-the-handshake",
    .spec = "RFC 7252",
    .section = "9.1.1",
    .level = CS_SPEC,
    .says = "The first CoAP request is sent after the DTLS handshake.",
    .cause = "The first message is sent at once, without waiting for the keys.",
    .covers = CS_STRINGS("RFC7252-9.1.1-1"),
    .of = CS_OF_DTLS,
    .on = CS_D_RECORD,
    .check = messages_wait_for_the_handshake,
    .holds = CS_STRINGS("> dtls: client-hello suites=c0a8\n> dtls: record epoch=1"),
    .breaks = CS_STRINGS("> dtls: client-hello suites=c0a8\n"
                         "> dtls: record epoch=0 | 41 01 00 07 a1 bb 2e 77 65 6c 6c 2d 6b 6e 6f 77 "
                         "6e 04 63 6f 72 65"),
};

/* Why it cannot be said that something in the clear was meant for the session. */
static const char *leak_doubt(const struct cs_view *view)
{
    const struct cs_session *session = view->known.session;
    if (!cs_session_stands(session))
        return "the DTLS handshake had not come to its end";
    if (session->closing)
        return "the DTLS session may have been closed before";
    if (!view->flow->whole)
        return "what it answers may have been sent in the clear and be missing from the capture";
    return cs_session_doubt(session);
}

/* What answers a message that was decrypted: as it should be, or in the clear. */
static struct cs_verdict answers(const struct cs_view *view, const struct cs_sent *sent)
{
    const bool inside = view->event->datagram.protection == CS_DTLS;
    const bool asked_inside = (sent->flags & CS_SENT_DTLS) != 0;
    if (inside == asked_inside)
        return cs_held();
    if (inside)
        return cs_silent();
    return cs_with_packet(cs_broken(view, view->message->code_at,
                                    "what it answers, packet %llu, came in DTLS",
                                    (unsigned long long)sent->packet),
                          sent->packet);
}

static struct cs_verdict replies_stay_in_the_session(const struct cs_view *view)
{
    if ((view->traits & CS_T_REPLY) != 0)
        return answers(view, view->acked);
    if ((view->traits & CS_T_STRAY_REPLY) == 0 || view->event->datagram.protection == CS_DTLS)
        return cs_silent();
    const char *doubt = leak_doubt(view);
    if (doubt != NULL)
        return cs_undecided(doubt);
    return cs_broken(view, 0,
                     "an %s in the clear next to a DTLS session, without a message in the clear",
                     view->message->type == CS_RST ? "RST" : "ACK");
}

const struct cs_rule cs_rfc7252_replies_stay_in_the_session = {
    .id = "rfc7252/9.1.1/replies-stay-in-the-session",
    .spec = "RFC 7252",
    .section = "9.1.1",
    .level = CS_MUST,
    .says = "The ACK or RST for a message in DTLS is sent as application data of the same session.",
    .cause = "The message layer stores the address of the peer, but not its session.",
    .covers = CS_STRINGS("RFC7252-9.1.1-1"),
    .on = CS_T_IN_SESSION | CS_T_EMPTY,
    .check = replies_stay_in_the_session,
    .holds = CS_STRINGS("! whole\n> dtls: record\n< dtls: record\n> CON 0.00 mid=7\n"
                        "< RST 0.00 mid=7",
                        "! whole\n> dtls: record\n< dtls: record\n> in-dtls: CON 0.00 mid=7\n"
                        "< in-dtls: RST 0.00 mid=7"),
    .breaks = CS_STRINGS("! whole\n> dtls: record\n< dtls: record\n< RST 0.00 mid=7",
                         "! whole\n> dtls: record\n< dtls: record\n> in-dtls: CON 0.00 mid=7\n"
                         "< RST 0.00 mid=7"),
    .open = CS_STRINGS("> dtls: record\n< dtls: record\n< RST 0.00 mid=7",
                       "! whole\n> dtls: record\n< RST 0.00 mid=7",
                       "! whole\n> dtls: record\n< dtls: record\n> dtls: record type=21\n"
                       "< RST 0.00 mid=7"),
    .also = CS_STRINGS("rfc7252/4.2/reset-echoes-message-id"),
};

static struct cs_verdict responses_stay_in_the_session(const struct cs_view *view)
{
    if ((view->traits & CS_T_ANSWER) != 0)
        return answers(view, view->request);
    if ((view->traits & CS_T_STRAY_RESPONSE) == 0 || view->event->datagram.protection == CS_DTLS)
        return cs_silent();
    const char *doubt = leak_doubt(view);
    if (doubt != NULL)
        return cs_undecided(doubt);
    return cs_broken(
        view, view->message->code_at,
        "a response in the clear next to a DTLS session, without a request in the clear");
}

const struct cs_rule cs_rfc7252_responses_stay_in_the_session = {
    .id = "rfc7252/9.1.2/responses-stay-in-the-session",
    .spec = "RFC 7252",
    .section = "9.1.2",
    .level = CS_MUST,
    .says =
        "The response to a request in DTLS is sent in the same session, and never in the clear.",
    .cause = "A separate response or a notification is sent to the address of the client, outside "
             "its session.",
    .covers = CS_STRINGS("RFC7252-9.1.2-2"),
    .on = CS_T_IN_SESSION | CS_T_RESPONSE | CS_T_WELL_FORMED,
    .check = responses_stay_in_the_session,
    .holds = CS_STRINGS("! whole\n> dtls: record\n< dtls: record\n> CON GET /a mid=7 tok=01\n"
                        "< ACK 2.05 mid=7 tok=01 | a",
                        "! whole\n> dtls: record\n< dtls: record\n"
                        "> in-dtls: CON GET /a mid=7 tok=01\n< in-dtls: ACK 2.05 mid=7 tok=01 | a"),
    .breaks = CS_STRINGS("! whole\n> dtls: record\n< dtls: record\n< NON 2.05 mid=7 tok=01 | a",
                         "! whole\n> dtls: record\n< dtls: record\n"
                         "> in-dtls: CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a"),
    .open = CS_STRINGS("> dtls: record\n< dtls: record\n< NON 2.05 mid=7 tok=01 | a",
                       "! whole\n> dtls: client-hello suites=c0a8\n< NON 2.05 mid=7 tok=01 | a"),
    .also = CS_STRINGS("rfc7252/5.3.2/response-comes-from-where-the-request-went"),
};
