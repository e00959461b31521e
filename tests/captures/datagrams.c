/* datagrams FILE…: the UDP datagrams of captures, one a line, as tshark prints its fields: packet, source, port,
 * destination, port, payload in hex; by tabs. datagrams -w FILE…: as evidence on standard output instead. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source/source.h"
#include "wire/wire.h"

/* "192.0.2.1<TAB>5683" */
static void print_address(const struct cs_address *address)
{
    char text[64];
    cs_address_format(address, text, sizeof text);
    char *host = text[0] == '[' ? text + 1 : text;
    char *end = strrchr(text, ':');
    if (text[0] == '[')
        end--; /* the bracket */
    printf("%.*s\t%u\t", (int)(end - host), host, address->port);
}

static void print(const struct cs_datagram *datagram)
{
    printf("%" PRIu64 "\t", datagram->packet);
    print_address(&datagram->src);
    print_address(&datagram->dst);
    for (size_t i = 0; i < datagram->octets.len; i++)
        printf("%02x", datagram->octets.at[i]);
    putchar('\n');
}

static void write_evidence(struct cs_pcapng_writer *writer, struct cs_datagram datagram)
{
    const char *const comments[] = {"a comment"};
    datagram.direction = datagram.packet % 2 != 0 ? CS_FROM_TESTER : CS_FROM_DEVICE;
    cs_pcapng_datagram(writer, &datagram, comments, 1);
}

/* `writer`: NULL to print. */
static int show(const char *path, struct cs_pcapng_writer *writer)
{
    enum { MEMORY = 4 * 1024 * 1024 };
    struct cs_error error;
    struct cs_source *source = cs_source_file(path, &error);
    struct cs_wire *wire = cs_wire_new(MEMORY);
    int n = CS_SOURCE_ERROR;
    struct cs_frame frames[32];
    while (source != NULL && wire != NULL && (n = cs_source_next(source, frames, 32, &error)) > 0)
        for (int i = 0; i < n; i++) {
            struct cs_datagram datagram;
            enum cs_wire_result result = cs_wire_frame(wire, &frames[i], &datagram);
            if (result != CS_WIRE_DATAGRAM && result != CS_WIRE_REASSEMBLED)
                continue;
            if (writer != NULL)
                write_evidence(writer, datagram);
            else
                print(&datagram);
        }
    if (n == CS_SOURCE_ERROR)
        fprintf(stderr, "%s: %s\n", error.file, error.text);
    cs_wire_free(wire);
    cs_source_free(source);
    return n == CS_SOURCE_ERROR ? 3 : 0;
}

int main(int argc, char **argv)
{
    const bool writes = argc > 1 && strcmp(argv[1], "-w") == 0;
    struct cs_pcapng_writer writer;
    if (writes)
        cs_pcapng_begin(&writer, stdout, "coapspec", "what was run");
    int result = 0;
    for (int i = writes ? 2 : 1; i < argc; i++)
        result |= show(argv[i], writes ? &writer : NULL);
    return writes && writer.failed ? 3 : result;
}
