/* Any octets, whole or cut: the decoder, the walk and the explanation agree with each other. */
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
        REQUIRE(cs_message_has(m, o.number));
        REQUIRE(cs_option_count(m, o.number) > 0 && cs_option_find(m, o.number, &found));
        REQUIRE(found.at <= o.at && found.number == o.number);
        (void)cs_option_uint(&o);
        set |= CS_OPTION_BIT(o.number);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_message whole, m;
    const bool good = cs_message_decode((struct cs_slice){data, size}, 0, &whole);
    REQUIRE(good == (whole.fault == CS_FAULT_NONE) && whole.fault != CS_FAULT_CUT);
    check_slices(&whole);
    check_options(&whole);
    check_explanation(&whole);
    for (size_t n = size % 5; n < size && n < 40; n += 5) {
        REQUIRE(!cs_message_decode((struct cs_slice){data, n}, (uint32_t)(size - n), &m));
        REQUIRE(!good || m.fault == CS_FAULT_CUT);
        check_slices(&m);
        check_options(&m);
        check_explanation(&m);
    }
    return 0;
}
