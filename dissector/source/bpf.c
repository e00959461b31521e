/* source/bpf.c: filter expressions of libpcap over the frames of a file. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/kinds.h"

/* Those that wire/link.c reads. A file may hold several, and an expression is compiled for each. */
static const uint16_t link_types[] = {0, 1, 12, 14, 101, 108, 113, 228, 229, 276};
enum { LINK_TYPES = sizeof link_types / sizeof link_types[0], SNAP_LENGTH = 262144 };

struct cs_bpf {
    struct bpf_program
        programs[LINK_TYPES + 1]; /* the last one for the link type that was asked for */
    bool compiled[LINK_TYPES + 1];
    uint16_t asked;
};

static bool compile(struct bpf_program *program, const char *expression, uint16_t link_type,
                    struct cs_error *error)
{
    pcap_t *dead = pcap_open_dead(cs_link_type_to_dlt(link_type), SNAP_LENGTH);
    if (dead == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return false;
    }
    bool done = pcap_compile(dead, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!done)
        snprintf(error->text, sizeof error->text, "capture filter '%s': %s", expression,
                 pcap_geterr(dead));
    pcap_close(dead);
    return done;
}

struct cs_bpf *cs_bpf_compile(const char *expression, uint16_t link_type, struct cs_error *error)
{
    *error = (struct cs_error){.line = 0};
    struct cs_bpf *bpf = calloc(1, sizeof *bpf);
    if (bpf == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    bpf->asked = link_type;
    bpf->compiled[LINK_TYPES] = compile(&bpf->programs[LINK_TYPES], expression, link_type, error);
    if (!bpf->compiled[LINK_TYPES]) {
        free(bpf);
        return NULL;
    }
    struct cs_error ignored; /* "ether host …" has no meaning on raw IP: such frames do not match */
    for (size_t i = 0; i < LINK_TYPES; i++)
        bpf->compiled[i] = compile(&bpf->programs[i], expression, link_types[i], &ignored);
    return bpf;
}

static size_t program_of(const struct cs_bpf *bpf, uint16_t link_type)
{
    for (size_t i = 0; i < LINK_TYPES; i++)
        if (link_types[i] == link_type)
            return i;
    return link_type == bpf->asked ? (size_t)LINK_TYPES : SIZE_MAX;
}

bool cs_bpf_matches(const struct cs_bpf *bpf, const struct cs_frame *frame)
{
    size_t i = program_of(bpf, frame->link_type);
    if (i == SIZE_MAX || !bpf->compiled[i])
        return false;
    const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->octets.len,
                                       .len = frame->wire_length};
    return pcap_offline_filter(&bpf->programs[i], &header, frame->octets.at) != 0;
}

void cs_bpf_free(struct cs_bpf *bpf)
{
    if (bpf == NULL)
        return;
    for (size_t i = 0; i <= LINK_TYPES; i++)
        if (bpf->compiled[i])
            pcap_freecode(&bpf->programs[i]);
    free(bpf);
}
