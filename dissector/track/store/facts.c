/* track/store/facts.c: see facts.h. */
#include "track/store/facts.h"

#include "coap/option_read.h"

enum { DATAGRAM_MAX = 1152, PAYLOAD_MAX = 1024 }; /* RFC 7252 section 4.6 */

static const uint64_t type_traits[8] = {[CS_CON] = CS_T_TYPED | CS_T_CON,
                                        [CS_NON] = CS_T_TYPED | CS_T_NON,
                                        [CS_ACK] = CS_T_TYPED | CS_T_ACK,
                                        [CS_RST] = CS_T_TYPED | CS_T_RST};

/* By code class. */
static const uint64_t class_traits[8] = {
    [0] = CS_T_REQUEST,
    [1] = CS_T_RESERVED_CODE,
    [2] = CS_T_RESPONSE | CS_T_SUCCESS,
    [3] = CS_T_RESERVED_CODE,
    [4] = CS_T_RESPONSE | CS_T_ERROR | CS_T_CLIENT_ERROR,
    [5] = CS_T_RESPONSE | CS_T_ERROR | CS_T_SERVER_ERROR,
    [6] = CS_T_RESERVED_CODE,
    [7] = CS_T_RESERVED_CODE,
};

#define UNKNOWN_OPTIONS                                                                            \
    (UINT64_C(1) << CS_OPTION_INDEX_UNKNOWN_ELECTIVE | UINT64_C(1)                                 \
                                                           << CS_OPTION_INDEX_UNKNOWN_CRITICAL)

/* The bits of cs_message.option_notes are traits in the same order. */
#define SAME_PLACE(note, trait)                                                                    \
    _Static_assert((uint64_t)(note) << CS_TN_HAS_UINT == (trait), "a note is a trait")
SAME_PLACE(CS_NOTE_UINT, CS_T_HAS_UINT);
SAME_PLACE(CS_NOTE_STRING, CS_T_HAS_STRING);
SAME_PLACE(CS_NOTE_PADDED, CS_T_UINT_PADDED);
SAME_PLACE(CS_NOTE_NOT_ASCII, CS_T_STRING_NOT_ASCII);
SAME_PLACE(CS_NOTE_LENGTH, CS_T_OPTION_LENGTH);
SAME_PLACE(CS_NOTE_REPEATED, CS_T_OPTION_REPEATED);
SAME_PLACE(CS_NOTE_ELSEWHERE, CS_T_OPTION_ELSEWHERE);
SAME_PLACE(CS_NOTE_DOTS, CS_T_DOT_SEGMENT);

static inline uint64_t when(bool condition, uint64_t traits) { return condition ? traits : 0; }

/* The first option may be the one that does not decode. */
static bool option_fault(const struct cs_message *m)
{
    return m->fault >= CS_FAULT_OPTION_DELTA && m->fault <= CS_FAULT_OPTION_NUMBER;
}

/* Requests and responses, by the type that carries them. */
static inline uint64_t of_type(uint8_t type, uint64_t traits)
{
    if ((traits & CS_T_REQUEST) != 0 && type >= CS_ACK) /* no request, whatever its code */
        traits = (traits & ~CS_T_REQUEST) | CS_T_MISPLACED;
    return traits |
           when((traits & CS_T_RESPONSE) != 0, type == CS_ACK ? CS_T_PIGGYBACKED : CS_T_SEPARATE);
}

uint64_t cs_facts_traits(const struct cs_facts_map *map, const struct cs_event *event)
{
    const struct cs_message *m = &event->message;
    uint64_t traits = CS_T_MESSAGE;

    traits |= when(m->fault == CS_FAULT_NONE, CS_T_WELL_FORMED);
    traits |= when(m->fault == CS_FAULT_CUT, CS_T_CUT);
    traits |= when(m->fault > CS_FAULT_CUT, CS_T_MALFORMED);
    traits |= when(event->datagram.fragmented, CS_T_FRAGMENTED);
    traits |=
        when(m->octets.len + event->datagram.missing > DATAGRAM_MAX || m->payload.len > PAYLOAD_MAX,
             CS_T_LARGE);
    traits |= when(cs_address_is_multicast(&event->datagram.dst), CS_T_MULTICAST);
    traits |= when(event->datagram.renewed, CS_T_RENEWED);
    if (!m->has_header) /* what there is of it means nothing */
        return traits | when(cs_message_is_typed(m), CS_T_TYPED);

    traits |= type_traits[m->type & 7] | map->of_code[m->code];
    if (cs_message_is_typed(m))
        traits = of_type(m->type, traits);
    else if (CS_CODE_CLASS(m->code) == 7)
        traits = (traits & ~CS_T_RESERVED_CODE) | CS_T_SIGNAL;
    traits |= when(m->token_length > 0, CS_T_HAS_TOKEN);
    traits |= when(m->token_length > 8, CS_T_LONG_TOKEN);
    traits |= when(m->option_set != 0 || option_fault(m), CS_T_HAS_OPTIONS);
    traits |= when((m->option_set & UNKNOWN_OPTIONS) != 0, CS_T_UNKNOWN_OPTION);
    traits |= when((m->option_set & map->location) != 0, CS_T_LOCATION);
    traits |= when((m->option_set & map->proxied) != 0, CS_T_PROXIED);
    traits |= when((m->option_set & map->conditional) != 0, CS_T_CONDITIONAL);
    traits |= when(m->payload.len > 0, CS_T_HAS_PAYLOAD);
    return traits | (uint64_t)m->option_notes << CS_TN_HAS_UINT;
}

/* The options without the octets of Observe and Max-Age: the stretches between them. */
static uint64_t hash_but_updates(const struct cs_message *m, uint64_t hash)
{
    const uint8_t *base = m->octets.at;
    struct cs_option_walk walk;
    struct cs_option option;
    size_t from = (size_t)(m->options.at - base), end = from + m->options.len;
    cs_option_walk_init(&walk, m);
    while (cs_option_step(&walk, &option) && option.number <= CS_OPT_MAX_AGE) {
        if (option.number != CS_OPT_OBSERVE && option.number != CS_OPT_MAX_AGE)
            continue;
        hash = cs_hash(hash, base + from, option.at - from);
        from = option.value_at + option.value.len;
    }
    return cs_hash(hash, base + from, end - from);
}

uint32_t cs_facts_content(const struct cs_message *m)
{
    const uint8_t *rest = m->octets.at + m->token_at;
    size_t length = m->octets.len - m->token_at;
    uint64_t hash = (uint64_t)m->code << 8 | m->token_length;
    if (m->fault == CS_FAULT_NONE &&
        (cs_message_has(m, CS_OPT_OBSERVE) || cs_message_has(m, CS_OPT_MAX_AGE))) {
        hash = hash_but_updates(m, cs_hash(hash, rest, (size_t)(m->options.at - rest)));
        rest = m->options.at + m->options.len;
        length = (size_t)(m->octets.at + m->octets.len - rest);
    }
    return (uint32_t)(cs_hash(hash, rest, length) >> 32);
}

static uint16_t saturate16(size_t n) { return n > UINT16_MAX ? UINT16_MAX : (uint16_t)n; }

/* The options whose presence alone is a fact. */
static const struct {
    uint16_t number;
    uint32_t flag;
} presence[] = {
    {CS_OPT_OBSERVE, CS_SENT_OBSERVE},
    {CS_OPT_BLOCK1, CS_SENT_BLOCK},
    {CS_OPT_BLOCK2, CS_SENT_BLOCK},
    {CS_OPT_Q_BLOCK1, CS_SENT_BLOCK},
    {CS_OPT_Q_BLOCK2, CS_SENT_BLOCK},
    {CS_OPT_ACCEPT, CS_SENT_ACCEPT},
    {CS_OPT_ETAG, CS_SENT_ETAG},
    {CS_OPT_IF_MATCH, CS_SENT_IF_MATCH},
    {CS_OPT_IF_NONE_MATCH, CS_SENT_IF_NONE_MATCH},
    {CS_OPT_NO_RESPONSE, CS_SENT_NO_RESPONSE},
    {CS_OPT_CONTENT_FORMAT, CS_SENT_CONTENT_FORMAT},
    {CS_OPT_OSCORE, CS_SENT_OSCORE},
    {CS_OPT_URI_HOST, CS_SENT_URI_HOST},
};

void cs_facts_map_init(struct cs_facts_map *map)
{
    *map = (struct cs_facts_map){
        .location = CS_OPTION_BIT(CS_OPT_LOCATION_PATH) | CS_OPTION_BIT(CS_OPT_LOCATION_QUERY),
        .proxied = CS_OPTION_BIT(CS_OPT_PROXY_URI) | CS_OPTION_BIT(CS_OPT_PROXY_SCHEME),
        .conditional = CS_OPTION_BIT(CS_OPT_IF_MATCH) | CS_OPTION_BIT(CS_OPT_IF_NONE_MATCH),
        .blank = {.copies = 1},
    };
    for (unsigned code = 0; code < 256; code++)
        map->of_code[code] = (code == 0 ? CS_T_EMPTY : class_traits[CS_CODE_CLASS(code)]) |
                             when(code == CS_CODE(2, 3), CS_T_VALID) |
                             when(cs_code_place[code] == 0, CS_T_UNASSIGNED_CODE);
    for (size_t i = 0; i < sizeof presence / sizeof presence[0]; i++)
        map->flag[cs_option_index(presence[i].number)] = presence[i].flag;
    map->flag[CS_OPTION_INDEX_UNKNOWN_CRITICAL] = CS_SENT_UNKNOWN_CRITICAL;
}

static bool is_text(struct cs_slice value, const char *text)
{
    return value.len == strlen(text) && memcmp(value.at, text, value.len) == 0;
}

/* RFC 7252 section 7.2: two segments of path, these. */
static bool is_well_known_core(const struct cs_message *m)
{
    struct cs_option_walk walk;
    struct cs_option o = {.number = 0};
    cs_option_walk_init(&walk, m);
    while (o.number < CS_OPT_URI_PATH)
        if (!cs_option_step(&walk, &o))
            return false;
    return is_text(o.value, ".well-known") && cs_option_step(&walk, &o) &&
           o.number == CS_OPT_URI_PATH && is_text(o.value, "core") &&
           (!cs_option_step(&walk, &o) || o.number != CS_OPT_URI_PATH);
}

/* What the values of a request's options say. */
static void read_values(const struct cs_message *m, struct cs_sent *record)
{
    struct cs_option_walk walk;
    struct cs_option o;
    cs_option_walk_init(&walk, m);
    while (cs_option_step(&walk, &o) && o.number <= CS_OPT_BLOCK1) { /* the last one asked for */
        if (o.number == CS_OPT_OBSERVE)
            record->flags |= cs_option_uint(&o) == 0 ? CS_SENT_OBSERVE_ZERO : 0u;
        else if (o.number == CS_OPT_ACCEPT)
            record->accept = saturate16(cs_option_uint(&o));
        else if (o.number == CS_OPT_BLOCK1)
            record->flags |= (cs_option_uint(&o) & 8) != 0 ? CS_SENT_BLOCK1_MORE : 0u;
    }
}

/* A number with leading zeros is as good as one without (section 3.2), whatever its length. */
static bool is_out_of_range(const struct cs_option_def *def, const struct cs_option *o)
{
    const bool padded = def->format == CS_FORMAT_UINT && o->value.len > 0 && o->value.at[0] == 0;
    return !padded && (o->value.len < def->min || o->value.len > def->max);
}

/* What is wrong with critical options of a request. */
static uint32_t critical_faults(const struct cs_message *m)
{
    struct cs_option_walk walk;
    struct cs_option o;
    uint32_t flags = 0, before = UINT32_MAX;
    cs_option_walk_init(&walk, m);
    for (; cs_option_step(&walk, &o); before = o.number) {
        const struct cs_option_def *def = cs_option_def(o.number);
        if (def == NULL || !CS_OPTION_IS_CRITICAL(o.number))
            continue;
        flags |= is_out_of_range(def, &o) ? CS_SENT_CRITICAL_LENGTH : 0u;
        flags |= o.number == before && !def->repeatable ? CS_SENT_CRITICAL_AGAIN : 0u;
    }
    return flags;
}

void cs_facts_record(const struct cs_facts_map *map, const struct cs_event *event, uint32_t token,
                     uint32_t content, struct cs_sent *record)
{
    const struct cs_message *m = &event->message;
    *record = map->blank;
    record->packet = event->datagram.packet;
    record->first_ns = event->datagram.time_ns;
    record->mid = m->mid;
    record->type = m->type;
    record->code = m->code;
    record->fault = m->fault;
    record->token_length = m->token.len > UINT8_MAX ? UINT8_MAX : (uint8_t)m->token.len;
    record->token = token;
    record->content = content;
    record->length = saturate16(m->octets.len + event->datagram.missing);
    record->flags |= event->datagram.protection == CS_DTLS ? CS_SENT_DTLS : 0u;
    for (uint64_t set = m->option_set; set != 0; set &= set - 1)
        record->flags |= map->flag[__builtin_ctzll(set)];
    if (!cs_code_is_request(m->code))
        return;
    if (cs_message_has(m, CS_OPT_URI_PATH) && is_well_known_core(m))
        record->flags |= CS_SENT_WELL_KNOWN_CORE;
    if ((record->flags & (CS_SENT_OBSERVE | CS_SENT_ACCEPT | CS_SENT_BLOCK)) != 0)
        read_values(m, record);
    if ((m->option_notes & (CS_NOTE_LENGTH | CS_NOTE_REPEATED)) != 0)
        record->flags |= critical_faults(m);
}
