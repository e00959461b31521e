/* Evidence is counted in tenths of a bit: how improbable each feature is in octets that came by chance. What could not
 * be a sane CoAP message is refused outright; what is sane needs evidence enough. docs/heuristic.md has the figures. */
#include "coap/recognise.h"

#include "base/text.h"
#include "coap/option_value.h"

enum {
    BIT = 10,
    REFUSED = -1,
    ENOUGH = 22 * BIT,
    UNREGISTERED_FROM = 256, /* below, a number needs a standard */
    LONGEST = 1280,          /* RFC 7252 section 4.6 advises 1152; some add a little */
    REQUEST_CODE = 6 * BIT,  /* 7 of 256, and a token length of 9 in 16 */
    RESPONSE_CODE = 4 * BIT, /* 27 of 256, and the same */
    OPTION = 2 * BIT,       /* a head octet that leads to an option at home here, of legal length */
    PATH_CHARACTER = 27,    /* 40 of 256 */
    TEXT_CHARACTER = 14,    /* 95 of 256 */
    TEXT_AT_MOST = 8 * BIT, /* of a payload: there are other protocols whose end is text */
    STRING_AT_MOST = 16 * BIT,    /* of one option: the same */
    KNOWN_FORMAT = 3 * BIT,       /* a registered Content-Format of one octet: 30 of 256 */
    KNOWN_LONG_FORMAT = 10 * BIT, /* of two octets: some 50 of 65536 */
    REGISTERS_EMPTY = 2 * BIT,    /* Observe 0 in a request, of length 0 */
    REGISTERS = 7 * BIT,          /* the same as 0 or 1 in one octet */
    MARKER = 7 * BIT,
    ENDS = 4 * BIT /* the last option ends where the datagram does */
};

static bool is_path_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '=';
}

static bool is_printable(uint8_t c) { return c >= 0x20 && c < 0x7f; }

static bool is_blank(uint8_t c) { return c == '\n' || c == '\r' || c == '\t'; }

/* SIP, SSDP, HTTP, bencode, syslog: text from the first octet on. A CoAP message has its Message ID, token or
 * options early enough to show an octet that is none. */
static bool is_text_protocol(struct cs_slice octets)
{
    const size_t n = octets.len < 16 ? octets.len : 16;
    for (size_t i = 0; i < n; i++)
        if (!is_printable(octets.at[i]) && !is_blank(octets.at[i]))
            return false;
    return true;
}

/* TURN ChannelData (RFC 8656 section 12.4), GTPv2-C and L2TP data messages begin with an octet of 0x40 to 0x4f and
 * have their own length where CoAP has the Message ID. */
static bool holds_its_length(const struct cs_message *m)
{
    const size_t len = m->octets.len;
    return m->mid == len || (m->mid + 4u <= len && m->mid + 4u + 3u >= len);
}

/* RFC 7252 section 4.3 table 1, Empty left aside: four octets prove nothing. */
static int header_evidence(const struct cs_message *m)
{
    if (m->token_length > 8 || cs_code_def(m->code) == NULL)
        return REFUSED;
    if (cs_code_is_request(m->code) && m->type <= CS_NON)
        return REQUEST_CODE;
    if (cs_code_is_response(m->code) && m->type <= CS_ACK)
        return RESPONSE_CODE;
    return REFUSED;
}

/* Text in an option is printable; paths and queries are mostly small letters and digits. */
static int string_evidence(struct cs_slice value)
{
    int sum = 0;
    if (!cs_utf8_valid(value, NULL))
        return REFUSED;
    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = value.at[i];
        if (c < 0x20 || c == 0x7f)
            return REFUSED;
        sum += is_path_character(c) ? PATH_CHARACTER : is_printable(c) ? TEXT_CHARACTER : 0;
    }
    return sum < STRING_AT_MOST ? sum : STRING_AT_MOST;
}

static int format_evidence(uint64_t value, int octets)
{
    if (cs_content_format_def((uint32_t)value) == NULL)
        return REFUSED;
    return octets == 0 ? 0 : octets == 1 ? KNOWN_FORMAT : KNOWN_LONG_FORMAT;
}

static int number_evidence(const struct cs_option *o, bool request)
{
    const uint64_t value = cs_option_uint(o);
    const int octets = (int)o->value.len;
    if (octets > 0 && o->value.at[0] == 0 && o->number != CS_OPT_HOP_LIMIT)
        return octets == 1 ? 0 : REFUSED; /* a sender may be clumsy about zero */
    if (o->number == CS_OPT_CONTENT_FORMAT || o->number == CS_OPT_ACCEPT)
        return format_evidence(value, octets);
    if (o->number == CS_OPT_OBSERVE && request)
        return value > 1 ? REFUSED : octets == 0 ? REGISTERS_EMPTY : REGISTERS * octets;
    return 0;
}

static int option_evidence(const struct cs_option *o, bool request, bool again)
{
    const struct cs_option_def *def = cs_option_def(o->number);
    if (def == NULL) /* somebody's own, like those of oneM2M from 256 on: neither for nor against */
        return o->number >= UNREGISTERED_FROM && o->value.len <= 255 ? 0 : REFUSED;
    if (def->name[0] == '(' || (again && !def->repeatable))
        return REFUSED;
    if ((def->used_in & (request ? CS_IN_REQUEST : CS_IN_RESPONSE)) == 0)
        return REFUSED;
    if (o->value.len < def->min || o->value.len > def->max ||
        cs_option_value_wrong(o, CS_UDP) != NULL)
        return REFUSED;
    const int value = def->format == CS_FORMAT_STRING ? string_evidence(o->value)
                      : def->format == CS_FORMAT_UINT ? number_evidence(o, request)
                                                      : 0;
    return value == REFUSED ? REFUSED : OPTION + value;
}

static int options_evidence(const struct cs_message *m, struct cs_option *format)
{
    const bool request = cs_code_is_request(m->code);
    struct cs_option_walk walk;
    struct cs_option o;
    uint32_t before = 0;
    int sum = 0;
    cs_option_walk_init(&walk, m);
    while (cs_option_next(&walk, &o)) {
        const int evidence = option_evidence(&o, request, o.number == before);
        if (evidence == REFUSED)
            return REFUSED;
        if (o.number == CS_OPT_CONTENT_FORMAT)
            *format = o;
        before = o.number;
        sum += evidence;
    }
    return sum;
}

/* Content-Formats whose first octet is known. Text is text throughout. */
static bool contradicts(const struct cs_option *format, struct cs_slice payload, bool text)
{
    if (format->number == 0)
        return false;
    const uint8_t first = payload.at[0];
    switch (cs_option_uint(format)) {
    case 0: /* text/plain */
        return !cs_utf8_valid(payload, NULL);
    case 40: /* link-format */
        return !text || first != '<';
    case 50: /* JSON and SenML in JSON */
    case 110:
    case 11543:
        return !text;
    case 112: /* SenML: an array in CBOR */
        return first >> 5 != 4;
    default:
        return false;
    }
}

static int payload_evidence(const struct cs_message *m, const struct cs_option *format)
{
    const struct cs_slice p = m->payload;
    if (p.len == 0)
        return m->options.len > 0 && m->fault == CS_FAULT_NONE ? ENDS : 0;
    size_t text = 0;
    while (text < p.len && (is_printable(p.at[text]) || is_blank(p.at[text])))
        text++;
    if (m->fault == CS_FAULT_NONE && contradicts(format, p, text == p.len))
        return REFUSED;
    if (text < p.len)
        return MARKER;
    const int sum = text < 8 ? (int)text * TEXT_CHARACTER : TEXT_AT_MOST;
    return MARKER + (sum < TEXT_AT_MOST ? sum : TEXT_AT_MOST);
}

bool cs_looks_like_coap(const struct cs_datagram *datagram, const struct cs_message *message)
{
    const struct cs_message *m = message;
    if (datagram->carrier != CS_UDP || datagram->protection != CS_CLEAR ||
        (m->fault != CS_FAULT_NONE && (m->fault != CS_FAULT_CUT || !m->has_header)))
        return false;
    if (m->octets.len + datagram->missing > LONGEST || is_text_protocol(m->octets) ||
        (datagram->missing == 0 && holds_its_length(m)))
        return false;
    struct cs_option format = {.number = 0};
    const int header = header_evidence(m);
    if (header == REFUSED)
        return false;
    const int options = options_evidence(m, &format);
    if (options == REFUSED)
        return false;
    const int payload = payload_evidence(m, &format);
    return payload != REFUSED && header + options + payload >= ENOUGH;
}
