/* A record as the input wishes, opened with each suite's keys. The first octet chooses suite and side, the second content type and where
 * the MAC is, the third the length of the connection id. What must hold: no more comes out than went in, nothing without a right MAC. */
#include <stdlib.h>
#include <string.h>

#include "decrypt/secrets.h"
#include "decrypt/unseal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t suites[] = {0xc0a8, 0xc0a9, 0xc0a4, 0xc0a5, 0x00a8, 0x00a9, 0xccab,
                                  0x008c, 0x00ae, 0x00af, 0x002c, 0x00b0, 0xd003, 0xc028};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEADER = 3, SUITES = sizeof suites / sizeof suites[0] };
    static const uint8_t master[CS_MASTER_OCTETS] = {1}, client[CS_RANDOM_OCTETS] = {2},
                         server[CS_RANDOM_OCTETS] = {3};
    if (size < HEADER)
        return 0;
    struct cs_epoch_keys keys = {.cipher = cs_cipher_of(suites[(data[0] & 0x7f) % SUITES]),
                                 .mac_last = (data[1] & 0x80) != 0};
    const size_t cid = data[2] < size - HEADER ? data[2] : size - HEADER;
    const size_t length = size - HEADER - cid;
    struct cs_unsealer *unsealer = cs_unsealer_new();
    uint8_t *octets = malloc(length > 0 ? length : 1), *out = malloc(length > 0 ? length : 1);
    if (unsealer == NULL || octets == NULL || out == NULL)
        abort();
    if (length > 0)
        memcpy(octets, data + HEADER + cid, length);
    const struct cs_sealed record = {.type = data[1] & 0x1f,
                                     .version = CS_DTLS_1_2,
                                     .sequence = UINT64_C(1) << 48 | data[0],
                                     .cid = {data + HEADER, cid},
                                     .body = {octets, length}};
    size_t got = 0;
    uint8_t type = 0;
    if (keys.cipher != NULL && cs_epoch_keys_derive(&keys, master, client, server) &&
        cs_unseal(unsealer, &keys, data[0] >> 7, &record, out, &got, &type) && got >= length)
        abort();
    free(octets);
    free(out);
    cs_unsealer_free(unsealer);
    return 0;
}
