/* source/bpf.c: filter expressions of libpcap over the frames of a file. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "source/kinds.h"

struct cs_bpf {
    struct bpf_program program;
    uint16_t link_type;
};

struct cs_bpf *cs_bpf_compile(const char *expression, uint16_t link_type, struct cs_error *error)
{
    enum { SNAP_LENGTH = 262144 };
    *error = (struct cs_error){.line = 0};
    struct cs_bpf *bpf = calloc(1, sizeof *bpf);
    pcap_t *dead = pcap_open_dead(cs_link_type_to_dlt(link_type), SNAP_LENGTH);
    bool compiled = false;
    if (bpf == NULL || dead == NULL)
        snprintf(error->text, sizeof error->text, "out of memory");
    else if (pcap_compile(dead, &bpf->program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0)
        snprintf(error->text, sizeof error->text, "capture filter '%s': %s", expression,
                 pcap_geterr(dead));
    else
        compiled = true;
    if (dead != NULL)
        pcap_close(dead);
    if (!compiled) {
        free(bpf);
        return NULL;
    }
    bpf->link_type = link_type;
    return bpf;
}

bool cs_bpf_matches(const struct cs_bpf *bpf, const struct cs_frame *frame)
{
    const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->octets.len,
                                       .len = frame->wire_length};
    return frame->link_type == bpf->link_type &&
           pcap_offline_filter(&bpf->program, &header, frame->octets.at) != 0;
}

void cs_bpf_free(struct cs_bpf *bpf)
{
    if (bpf == NULL)
        return;
    pcap_freecode(&bpf->program);
    free(bpf);
}
