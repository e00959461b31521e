/* RFC 7252 section 3: what is not of this version is not answered. */
#include "rules/doubt.h"
#include "track/unanswerable.h"

/* All sorts of things are sent to a CoAP port. To be innocent, the answer must be for a message that the capture missed, and that
 * had the same Message ID as what stands in its place; which happens by chance once in 65536, and more often where
 * both are small, or the other side counts and is about there. What has no code of CoAP is none. */
static struct cs_verdict other_version_is_not_answered(const struct cs_view *view)
{
    const struct cs_unanswerable *u = view->known.unanswerable;
    const uint16_t mid = view->message->mid;
    const unsigned other = 1 - view->side;
    if (u->kind != CS_OTHER_VERSION)
        return cs_silent();
    if ((view->traits & CS_T_STRAY_REPLY) == 0 || (mid != u->mid && mid != 0) ||
        view->now_ns - u->time_ns > UINT64_C(2000000000))
        return cs_held();
    const bool met = (view->flow->asked >> other & 1u) != 0 &&
                     cs_mid_is_near(mid, view->flow->last_mid[other], CS_COUNTERS_BEGIN);
    const bool noise = u->code == 0 || cs_code_def(u->code) == NULL;
    if (!cs_time_runs(view) || view->capture_lossy ||
        (!view->flow->whole && (noise || u->mid != mid || mid < CS_COUNTERS_BEGIN || met)))
        return cs_undecided("the capture may have missed the message that is answered");
    return cs_with_packet(
        cs_broken(view, 0,
                  "it answers a message of another version, 0x%04x where the Message ID "
                  "would be",
                  u->mid),
        u->packet);
}

const struct cs_rule cs_rfc7252_other_version_is_not_answered = {
    .id = "rfc7252/3/other-version-is-not-answered",
    .spec = "RFC 7252",
    .section = "3",
    .level = CS_MUST,
    .says = "A message of another version is silently ignored.",
    .cause = "The version is taken for a format error and rejected, or is not looked at.",
    .covers = CS_STRINGS("RFC7252-3-2"),
    .on = CS_T_AFTER_UNANSWERABLE,
    .check = other_version_is_not_answered,
    .holds = CS_STRINGS("> raw: 80 01 12 34\n> CON 0.00 mid=0x1235\n< RST 0.00 mid=0x1235"),
    .breaks = CS_STRINGS("> raw: 80 01 12 34\n< RST 0.00 mid=0x1234",
                         "> raw: 81 01 12 34 01\n< ACK 2.05 mid=0x1234 tok=01 | a",
                         "! whole\n> raw: 80 01 12 34\n< RST 0.00 mid=0"),
    .open =
        CS_STRINGS("> raw: 80 01 12 34\n< RST 0.00 mid=0", "> raw: 00 00 00 00\n< RST 0.00 mid=0",
                   "> CON GET /a mid=0x1230 tok=01\n< ACK 2.05 mid=0x1230 tok=01 | a\n"
                   "> raw: 80 01 12 34\n< RST 0.00 mid=0x1234"),
    .also = CS_STRINGS("rfc7252/3/version-is-1", "rfc7252/4.2/reset-echoes-message-id"),
};
