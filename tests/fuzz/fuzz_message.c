/* Any octets, whole or cut, in each framing: the decoder, the walk and the explanation agree with each other. */
#include <stdlib.h>
#include <string.h>

#include "coap/explain.h"
#include "coapspec/dissect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static void check_slices(const struct cs_message *m)
{
    const uint8_t *end = m->octets.at + m->octets.len;
    REQUIRE(m->fault < CS_FAULT_COUNT && m->fault_at <= m->octets.len);
    REQUIRE(m->token.len == 0 ||
            (m->token.at >= m->octets.at && m->token.at + m->token.len <= end));
    REQUIRE(m->options.len == 0 ||
            (m->options.at >= m->octets.at && m->options.at + m->options.len <= end));
    REQUIRE(m->payload.len == 0 || m->payload.at + m->payload.len == end);
    REQUIRE(cs_fault_text((enum cs_fault)m->fault)[0] != '\0');
}

/* Numbers never fall, options lie behind one another, the set names exactly what is there. */
static void check_options(const struct cs_message *m)
{
    struct cs_option_walk walk;
    struct cs_option o, found;
    uint64_t set = 0;
    uint32_t before = 0, at = 0;
    cs_option_walk_init(&walk, m);
    while (cs_option_next(&walk, &o)) {
        REQUIRE(o.number >= before && o.number <= 65535 && o.at >= at && o.value_at > o.at);
        REQUIRE(o.value_at + o.value.len <= m->octets.len);
        REQUIRE(o.value.len == 0 || o.value.at == m->octets.at + o.value_at);
        const bool signal = cs_message_is_signal(m);
        REQUIRE(signal || cs_message_has(m, o.number));
        REQUIRE(signal || (cs_option_count(m, o.number) > 0 &&
                           cs_option_find(m, o.number, &found) && found.number == o.number));
        REQUIRE(signal || found.at <= o.at);
        (void)cs_option_uint(&o);
        set |= signal ? UINT64_C(1) << (CS_OPTION_INDEX_UNKNOWN_ELECTIVE + (o.number & 1))
                      : CS_OPTION_BIT(o.number);
        before = o.number;
        at = o.value_at + (uint32_t)o.value.len;
    }
    REQUIRE(walk.fault == CS_FAULT_NONE && walk.rest.len == 0 && set == m->option_set);
    REQUIRE(at == 0 || at == (uint32_t)(m->options.at - m->octets.at) + m->options.len);
}

/* Fields cover each octet; every span lies inside the datagram; a fault of the decoder is among them. */
static void check_explanation(const struct cs_message *m)
{
    enum { MAX = 512 };
    static struct cs_span spans[MAX];
    const size_t n = cs_explain(m, spans, MAX);
    uint32_t covered = 0;
    bool named = m->fault == CS_FAULT_NONE;
    for (size_t i = 0; i < n && i < MAX; i++) {
        const struct cs_span *s = &spans[i];
        REQUIRE((size_t)s->at + s->len <= m->octets.len);
        REQUIRE(memchr(s->label, '\0', sizeof s->label) != NULL && s->label[0] != '\0');
        REQUIRE(memchr(s->text, '\0', sizeof s->text) != NULL);
        if (s->kind == CS_SPAN_FAULT) {
            named |=
                strcmp(s->label, cs_fault_id((enum cs_fault)m->fault)) == 0 && s->at == m->fault_at;
            continue;
        }
        REQUIRE(s->at <= covered);
        if (s->at + s->len > covered)
            covered = s->at + s->len;
    }
    REQUIRE(n > MAX || (covered == m->octets.len && named));
}

static void check_framing(enum cs_carrier carrier, const uint8_t *data, size_t size)
{
    struct cs_message whole, m;
    const bool good = cs_message_decode(carrier, (struct cs_slice){data, size}, 0, &whole);
    REQUIRE(good == (whole.fault == CS_FAULT_NONE) && whole.fault != CS_FAULT_CUT);
    check_slices(&whole);
    check_options(&whole);
    check_explanation(&whole);
    for (size_t n = size % 5; n < size && n < 40; n += 5) {
        REQUIRE(!cs_message_decode(carrier, (struct cs_slice){data, n}, (uint32_t)(size - n), &m));
        REQUIRE(!good || m.fault == CS_FAULT_CUT);
        check_slices(&m);
        check_options(&m);
        check_explanation(&m);
    }
}

/* The octets as a stream: what is cut out of it has a length that the decoder agrees with, and each prefix asks for more. */
static void check_stream(const uint8_t *data, size_t size)
{
    struct cs_message m;
    const struct cs_tcp_frame frame = cs_tcp_frame((struct cs_slice){data, size}, SIZE_MAX);
    REQUIRE(frame.state != CS_FRAME_TOO_LONG);
    REQUIRE(frame.state != CS_FRAME_MORE || frame.length > size);
    if (frame.state != CS_FRAME_WHOLE)
        return;
    REQUIRE(frame.length >= 2 && frame.length <= size);
    const struct cs_slice message = {data, (size_t)frame.length};
    cs_message_decode(CS_TCP, message, 0, &m);
    REQUIRE(m.fault != CS_FAULT_LENGTH && m.fault != CS_FAULT_SHORT_HEADER &&
            m.fault != CS_FAULT_TOKEN_SHORT && m.fault != CS_FAULT_TOKEN_LENGTH);
    check_slices(&m);
    REQUIRE(cs_tcp_frame(message, frame.length - 1).state == CS_FRAME_TOO_LONG);
    for (size_t n = 0; n < message.len && n < 24; n++) {
        const struct cs_tcp_frame part = cs_tcp_frame((struct cs_slice){data, n}, SIZE_MAX);
        REQUIRE(part.state == CS_FRAME_MORE && part.length > n && part.length <= frame.length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_framing(CS_UDP, data, size);
    check_framing(CS_TCP, data, size);
    check_framing(CS_WS, data, size);
    check_stream(data, size);
    return 0;
}
