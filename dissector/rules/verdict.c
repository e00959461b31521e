/* rules/verdict.c: the words in which a rule answers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coapspec/rule.h"

struct cs_verdict cs_undecided(const char *why)
{
    return (struct cs_verdict){.outcome = CS_UNDECIDED, .octet = CS_NO_OCTET, .why = why};
}

struct cs_verdict cs_broken(const struct cs_view *view, uint32_t octet, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(view->details->why, sizeof view->details->why, format, args);
    va_end(args);
    view->details->packet_count = 0;
    return (struct cs_verdict){.outcome = CS_BROKEN, .octet = octet, .details = view->details};
}

struct cs_verdict cs_blame_receiver(struct cs_verdict verdict)
{
    verdict.by = CS_BY_RECEIVER;
    return verdict;
}

struct cs_verdict cs_with_packet(struct cs_verdict verdict, uint64_t packet)
{
    struct cs_details *details = verdict.outcome == CS_BROKEN ? verdict.details : NULL;
    if (details != NULL && details->packet_count < CS_PACKETS_MAX)
        details->packets[details->packet_count++] = packet;
    return verdict;
}

static const char *const level_text[] = {
    [CS_MUST] = "MUST",       [CS_MUST_NOT] = "MUST NOT",
    [CS_SHOULD] = "SHOULD",   [CS_SHOULD_NOT] = "SHOULD NOT",
    [CS_SPEC] = "definition",
};

const char *cs_level_text(enum cs_level level) { return level_text[level]; }
bool cs_level_is_should(enum cs_level level)
{
    return level == CS_SHOULD || level == CS_SHOULD_NOT;
}

const struct cs_rule *cs_rule_by_id(const char *id)
{
    size_t count;
    const struct cs_rule *const *rules = cs_rules(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i]->id, id) == 0)
            return rules[i];
    return NULL;
}
