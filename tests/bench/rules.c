/* tests/bench/rules.c: rules FILE none|once|strangers|twice: the analysis of a capture with no rules, with all, with as
 * many again that concern no message of it, and with each rule twice. Prints what was found, and by which rule.
 *
 * What `strangers` costs more than `once` is what a rule costs a message that it does not concern. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coapspec/analysis.h"
#include "source/source.h"

static uint64_t found;

static void on_finding(void *user, const struct cs_finding *finding)
{
    (void)user;
    if (found++ < 20)
        fprintf(stderr, "packet %" PRIu64 ": %s: %s\n", finding->packet, finding->rule->id,
                finding->why);
}

/* The rules of this build, and after them, if `copies`, a copy of each. `on` is added to what a copy subscribes to. */
static const struct cs_rule **rules_of(size_t *count, bool copies, uint64_t on)
{
    const struct cs_rule *const *all = cs_rules(count);
    const struct cs_rule **list = calloc(2 * *count + 1, sizeof(struct cs_rule *));
    struct cs_rule *copy = calloc(*count + 1, sizeof *copy);
    for (size_t i = 0; list != NULL && copy != NULL && i < *count; i++) {
        copy[i] = *all[i];
        copy[i].on |= on;
        list[i] = all[i];
        list[*count + i] = &copy[i];
    }
    *count *= copies ? 2 : 1;
    return list;
}

int main(int argc, char **argv)
{
    struct cs_error error;
    if (argc != 3) {
        fputs("rules FILE none|once|strangers|twice\n", stderr);
        return 2;
    }
    struct cs_source *source = cs_source_file(argv[1], &error);
    if (source == NULL) {
        fprintf(stderr, "rules: %s\n", error.text);
        return 3;
    }
    bool strangers = strcmp(argv[2], "strangers") == 0;
    struct cs_settings settings = {.on_finding = on_finding};
    settings.rules = rules_of(&settings.rule_count, strangers || strcmp(argv[2], "twice") == 0,
                              strangers ? CS_T_RESERVED_CODE | CS_T_LONG_TOKEN : 0);
    if (strcmp(argv[2], "none") == 0)
        settings.rule_count = 0;
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    if (analysis == NULL || settings.rules == NULL)
        return 3;
    struct cs_frame frames[32];
    int n;
    while ((n = cs_source_next(source, frames, 32, &error)) >= 0)
        cs_analysis_frames(analysis, frames, (size_t)n);
    cs_analysis_end(analysis);
    struct cs_counts counts = cs_analysis_counts(analysis);
    size_t tallies;
    const struct cs_tally *tally = cs_analysis_tallies(analysis, &tallies);
    uint64_t held = 0, undecided = 0;
    for (size_t i = 0; i < tallies; i++) {
        held += tally[i].held;
        undecided += tally[i].undecided;
    }
    fprintf(stderr,
            "%zu rules: %" PRIu64 " packets, %" PRIu64 " messages, %" PRIu64 " flows, %" PRIu64
            " malformed; held %" PRIu64 ", broken %" PRIu64 ", undecided %" PRIu64
            "; evicted %" PRIu64 " flows, %" PRIu64 " messages, %" PRIu64 " fragments\n",
            settings.rule_count, counts.packets, counts.messages, counts.flows, counts.malformed,
            held, found, undecided, counts.evicted_flows, counts.evicted_messages,
            counts.evicted_fragments);
    cs_analysis_free(analysis);
    cs_source_free(source);
    return n == CS_SOURCE_END ? 0 : 3;
}
