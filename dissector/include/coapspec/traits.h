/* coapspec/traits.h: the kinds of events, and the traits that a rule may subscribe to.
 *
 * Each kind has up to 64 traits of its own, one bit each, ordered from the common to the rare. The first one is there in
 * every event of its kind. An event has many traits; a rule names those that must all be there.
 */
#ifndef COAPSPEC_TRAITS_H
#define COAPSPEC_TRAITS_H

#include <stdint.h>

/* What happened. A rule speaks of one kind, cs_rule.of. */
enum cs_kind {
    CS_OF_MESSAGE, /* a datagram taken for CoAP came; traits CS_T_… */
    CS_OF_CLOSED,  /* a CON or NON record is retired: `own` is that record; traits CS_C_… */
    CS_OF_DTLS,    /* DTLS shows something: `dtls` and `session` are set; traits CS_D_… */
    CS_KINDS
};
enum { CS_KIND_TRAITS_MAX = 64 };

/* clang-format off */
/* CS_OF_MESSAGE */
#define CS_MESSAGE_TRAITS(X) \
    X(MESSAGE, "a datagram taken for CoAP, well-formed or not") \
    X(TYPED, "its framing has a type and a Message ID: that of RFC 7252, over UDP or DTLS") \
    X(WELL_FORMED, "it decodes") \
    X(CON, "type Confirmable") \
    X(ACK, "type Acknowledgement") \
    X(NON, "type Non-confirmable") \
    X(REQUEST, "code 0.01 to 0.31") \
    X(RESPONSE, "code class 2, 4 or 5") \
    X(FIRST, "CON or NON: its first transmission; not TYPED: a request") \
    X(HAS_TOKEN, "token length is not 0") \
    X(HAS_OPTIONS, "at least one option") \
    X(HAS_PAYLOAD, "payload is not empty") \
    X(REPLY, "ACK or RST whose Message ID is that of a CON or NON in `acked`") \
    X(ANSWER, "a response whose `request` is known") \
    X(PIGGYBACKED, "a response in an ACK") \
    X(SEPARATE, "a response in a CON or NON") \
    X(SUCCESS, "code class 2") \
    X(EMPTY, "code 0.00") \
    X(RST, "type Reset") \
    X(ERROR, "code class 4 or 5") \
    X(CLIENT_ERROR, "code class 4") \
    X(SERVER_ERROR, "code class 5") \
    X(REPEAT, "CON or NON: transmitted before, same content") \
    X(REPEAT_REPLY, "ACK or RST: not the first one for `acked`") \
    X(STRAY_REPLY, "ACK or RST for which no CON or NON is known") \
    X(STRAY_RESPONSE, "a response for which no request is known") \
    X(MID_REUSED, "CON or NON: its Message ID is live with other content; `former` is that record") \
    X(TOKEN_SHARED, "a new request whose token is in use by another open request, `former`") \
    X(MID_LIVE, "CON or NON: REPEAT or MID_REUSED") \
    X(OVER_NSTART, "a confirmable request, and more of its sender are open than NSTART") \
    X(VALID, "code 2.03") \
    X(PROXIED, "a Proxy-Uri or Proxy-Scheme") \
    X(UNKNOWN_OPTION, "an option whose number is not assigned") \
    X(MULTICAST, "sent to a multicast address") \
    X(FRAGMENTED, "came in several IP packets") \
    X(LARGE, "more than 1152 octets, or more than 1024 of payload") \
    X(LOCATION, "a Location-Path or Location-Query") \
    X(UNASSIGNED_CODE, "a code that is not in the registry") \
    X(RESERVED_CODE, "code class 1, 3 or 6, or TYPED and 7") \
    X(SIGNAL, "not TYPED, and code class 7: its options have numbers of their own") \
    X(MALFORMED, "it does not decode; `message->fault` says why") \
    X(HAS_UINT, "an assigned option of format uint") \
    X(HAS_STRING, "an assigned option of format string") \
    X(UINT_PADDED, "a uint option value that begins with a zero octet") \
    X(STRING_NOT_ASCII, "a string option value with an octet above 0x7f") \
    X(OPTION_LENGTH, "an assigned option whose length is outside its range") \
    X(OPTION_REPEATED, "an option that is not repeatable, twice") \
    X(OPTION_ELSEWHERE, "an assigned option that is not defined for such a code") \
    X(DOT_SEGMENT, "a string option whose value is . or ..") \
    X(CUT, "the capture holds only a part of it") \
    X(LONG_TOKEN, "token length field 9 to 15") \
    X(MISPLACED, "an ACK or RST with the code of a request, and then no REQUEST") \
    X(IN_SESSION, "between two addresses that have a DTLS `session`: in the clear, or out of it") \
    X(RENEWED, "in a later epoch of a DTLS session; a CON may have the one it repeats in `former`") \
    X(CONDITIONAL, "an If-Match or If-None-Match") \
    X(AFTER_UNANSWERABLE, "an ACK, RST or response; its sender just got what nobody may answer, in `known`")

/* CS_OF_CLOSED: there is no message. */
#define CS_CLOSED_TRAITS(X) \
    X(CLOSED, "any")

/* CS_OF_DTLS: there is no message; `event` has the datagram. */
#define CS_DTLS_TRAITS(X) \
    X(DTLS, "any") \
    X(RECORD, "application data, or a record in the clear that holds CoAP in its place") \
    X(HELLO, "a ClientHello or ServerHello") \
    X(CERTIFICATE, "the certificates, or the raw public key, of one side")
/* clang-format on */

enum {
#define X(name, text) CS_TN_##name,
    CS_MESSAGE_TRAITS(X)
#undef X
        CS_MESSAGE_TRAIT_COUNT
};
enum {
#define X(name, text) CS_CN_##name,
    CS_CLOSED_TRAITS(X)
#undef X
        CS_CLOSED_TRAIT_COUNT
};
enum {
#define X(name, text) CS_DN_##name,
    CS_DTLS_TRAITS(X)
#undef X
        CS_DTLS_TRAIT_COUNT
};

/* CS_T_CON, CS_T_REQUEST, …: one bit each. */
#define CS_TRAIT(name)        (UINT64_C(1) << CS_TN_##name)
#define CS_CLOSED_TRAIT(name) (UINT64_C(1) << CS_CN_##name)
#define CS_DTLS_TRAIT(name)   (UINT64_C(1) << CS_DN_##name)

/* clang-format off */
#define CS_T_MESSAGE          CS_TRAIT(MESSAGE)
#define CS_T_TYPED            CS_TRAIT(TYPED)
#define CS_T_WELL_FORMED      CS_TRAIT(WELL_FORMED)
#define CS_T_CON              CS_TRAIT(CON)
#define CS_T_ACK              CS_TRAIT(ACK)
#define CS_T_NON              CS_TRAIT(NON)
#define CS_T_REQUEST          CS_TRAIT(REQUEST)
#define CS_T_RESPONSE         CS_TRAIT(RESPONSE)
#define CS_T_FIRST            CS_TRAIT(FIRST)
#define CS_T_HAS_TOKEN        CS_TRAIT(HAS_TOKEN)
#define CS_T_HAS_OPTIONS      CS_TRAIT(HAS_OPTIONS)
#define CS_T_HAS_PAYLOAD      CS_TRAIT(HAS_PAYLOAD)
#define CS_T_REPLY            CS_TRAIT(REPLY)
#define CS_T_ANSWER           CS_TRAIT(ANSWER)
#define CS_T_PIGGYBACKED      CS_TRAIT(PIGGYBACKED)
#define CS_T_SEPARATE         CS_TRAIT(SEPARATE)
#define CS_T_SUCCESS          CS_TRAIT(SUCCESS)
#define CS_T_EMPTY            CS_TRAIT(EMPTY)
#define CS_T_RST              CS_TRAIT(RST)
#define CS_T_ERROR            CS_TRAIT(ERROR)
#define CS_T_CLIENT_ERROR     CS_TRAIT(CLIENT_ERROR)
#define CS_T_SERVER_ERROR     CS_TRAIT(SERVER_ERROR)
#define CS_T_REPEAT           CS_TRAIT(REPEAT)
#define CS_T_REPEAT_REPLY     CS_TRAIT(REPEAT_REPLY)
#define CS_T_STRAY_REPLY      CS_TRAIT(STRAY_REPLY)
#define CS_T_STRAY_RESPONSE   CS_TRAIT(STRAY_RESPONSE)
#define CS_T_MID_REUSED       CS_TRAIT(MID_REUSED)
#define CS_T_TOKEN_SHARED     CS_TRAIT(TOKEN_SHARED)
#define CS_T_MID_LIVE         CS_TRAIT(MID_LIVE)
#define CS_T_OVER_NSTART      CS_TRAIT(OVER_NSTART)
#define CS_T_VALID            CS_TRAIT(VALID)
#define CS_T_PROXIED          CS_TRAIT(PROXIED)
#define CS_T_UNKNOWN_OPTION   CS_TRAIT(UNKNOWN_OPTION)
#define CS_T_MULTICAST        CS_TRAIT(MULTICAST)
#define CS_T_FRAGMENTED       CS_TRAIT(FRAGMENTED)
#define CS_T_LARGE            CS_TRAIT(LARGE)
#define CS_T_LOCATION         CS_TRAIT(LOCATION)
#define CS_T_UNASSIGNED_CODE  CS_TRAIT(UNASSIGNED_CODE)
#define CS_T_RESERVED_CODE    CS_TRAIT(RESERVED_CODE)
#define CS_T_SIGNAL           CS_TRAIT(SIGNAL)
#define CS_T_MALFORMED        CS_TRAIT(MALFORMED)
#define CS_T_HAS_UINT         CS_TRAIT(HAS_UINT)
#define CS_T_HAS_STRING       CS_TRAIT(HAS_STRING)
#define CS_T_UINT_PADDED      CS_TRAIT(UINT_PADDED)
#define CS_T_STRING_NOT_ASCII CS_TRAIT(STRING_NOT_ASCII)
#define CS_T_OPTION_LENGTH    CS_TRAIT(OPTION_LENGTH)
#define CS_T_OPTION_REPEATED  CS_TRAIT(OPTION_REPEATED)
#define CS_T_OPTION_ELSEWHERE CS_TRAIT(OPTION_ELSEWHERE)
#define CS_T_DOT_SEGMENT      CS_TRAIT(DOT_SEGMENT)
#define CS_T_CUT              CS_TRAIT(CUT)
#define CS_T_LONG_TOKEN       CS_TRAIT(LONG_TOKEN)
#define CS_T_MISPLACED        CS_TRAIT(MISPLACED)
#define CS_T_IN_SESSION       CS_TRAIT(IN_SESSION)
#define CS_T_RENEWED          CS_TRAIT(RENEWED)
#define CS_T_CONDITIONAL      CS_TRAIT(CONDITIONAL)
#define CS_T_AFTER_UNANSWERABLE CS_TRAIT(AFTER_UNANSWERABLE)

#define CS_C_CLOSED CS_CLOSED_TRAIT(CLOSED)

#define CS_D_DTLS        CS_DTLS_TRAIT(DTLS)
#define CS_D_RECORD      CS_DTLS_TRAIT(RECORD)
#define CS_D_HELLO       CS_DTLS_TRAIT(HELLO)
#define CS_D_CERTIFICATE CS_DTLS_TRAIT(CERTIFICATE)
/* clang-format on */

#endif
