/* src/weak_source.c: stands in until dissector/source reads interfaces; weak, so that the real ones take precedence. */
#include "source/source.h"

#define WEAK __attribute__((weak))
WEAK struct cs_source *cs_source_live(const char *interface, const char *filter, struct cs_error *error)
{
    (void)filter;
    snprintf(error->text, sizeof error->text, "%s: this build reads no interfaces", interface);
    return NULL;
}
WEAK struct cs_bpf *cs_bpf_compile(const char *expression, uint16_t link_type, struct cs_error *error)
{
    (void)link_type;
    snprintf(error->text, sizeof error->text, "%s: this build has no BPF", expression);
    return NULL;
}
WEAK bool cs_bpf_matches(const struct cs_bpf *bpf, const struct cs_frame *frame)
{
    (void)bpf;
    (void)frame;
    return true;
}
WEAK void cs_bpf_free(struct cs_bpf *bpf) { (void)bpf; }
