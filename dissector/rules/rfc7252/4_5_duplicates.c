/* RFC 7252 section 4.5: what copies of a message bring. */
#include "rules/doubt.h"

/* The rule may be relaxed for requests that are idempotent, or can be handled as if they were: so for all methods but POST
 * and PATCH. What two answers to a POST may differ in without a second execution, nobody can tell from outside; but two
 * locations are two resources. */
static bool is_location_alone(const struct cs_message *m)
{
    const uint64_t location =
        CS_OPTION_BIT(CS_OPT_LOCATION_PATH) | CS_OPTION_BIT(CS_OPT_LOCATION_QUERY);
    return m->option_set != 0 && (m->option_set & ~location) == 0 && m->payload.len == 0;
}

/* A sender that begins anew may say the same under the same Message ID; that takes it a while. */
static struct cs_verdict copy_creates_nothing_more(const struct cs_view *view)
{
    const struct cs_sent *sent = view->acked;
    const struct cs_message *m = view->message;
    if (sent->code != CS_CODE(0, 2) || (sent->flags & (CS_SENT_OSCORE | CS_SENT_BLOCK)) != 0 ||
        (sent->flags & CS_SENT_REPLY_EMPTY) != 0)
        return cs_silent();
    if ((sent->flags & CS_SENT_REPLY_DIFFERED) == 0)
        return cs_held();
    if (m->code != CS_CODE(2, 1) || sent->reply_code != m->code || !is_location_alone(m))
        return cs_undecided("the request may be one that can be executed twice");
    if (view->now_ns - sent->first_ns > CS_RESTART_NS || !cs_time_runs(view) ||
        (sent->traits & CS_T_MID_REUSED) != 0 || !cs_has_token_of(view, sent))
        return cs_undecided("the client may have restarted");
    return cs_with_packet(
        cs_with_packet(cs_broken(view, view->message->code_at,
                                 "this 2.01 has another location than the first one for Message "
                                 "ID 0x%04x",
                                 sent->mid),
                       sent->packet + sent->reply_packets),
        sent->packet);
}

const struct cs_rule cs_rfc7252_copy_of_post_creates_nothing_more = {
    .id = "rfc7252/4.5/copy-of-post-creates-nothing-more",
    .spec = "RFC 7252",
    .section = "4.5",
    .level = CS_SHOULD,
    .says = "A server processes a duplicate POST only once, and answers the duplicate with the "
            "same Acknowledgement.",
    .cause =
        "The server keeps no Message IDs, or no answers to them: each copy makes a new resource.",
    .covers = CS_STRINGS("RFC7252-4.5-1a", "RFC7252-4.5-1b"),
    .on = CS_T_REPEAT_REPLY | CS_T_PIGGYBACKED | CS_T_ANSWER,
    .to = CS_T_CON | CS_T_REQUEST,
    .check = copy_creates_nothing_more,
    .holds =
        CS_STRINGS("> CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=b\n"
                   "+2.4 > CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=b"),
    .breaks =
        CS_STRINGS("> CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=b\n"
                   "+2.4 > CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=c"),
    .open =
        CS_STRINGS("> CON POST /a mid=7 tok=01 | 1\n< ACK 2.04 mid=7 tok=01 | 1\n"
                   "+2.4 > CON POST /a mid=7 tok=01 | 1\n< ACK 2.04 mid=7 tok=01 | 2",
                   "> CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=b\n"
                   "+30 > CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 location-path=c"),
};
