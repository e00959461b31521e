#include "coap/explain.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "coap/option_value.h"

struct writer {
    const struct cs_message *m;
    struct cs_span *out;
    size_t max, count;
    struct cs_span spare; /* for what does not fit any more */
    struct cs_text text;  /* of the span begun last */
};

/* Text that did not fit ends in three dots, and not in half a character. */
static void finish(struct writer *w)
{
    struct cs_text *t = &w->text;
    if (t->cap == 0 || t->len < t->cap)
        return;
    size_t end = t->cap - 4;
    while (end > 0 && ((uint8_t)t->at[end] & 0xc0) == 0x80)
        end--;
    memcpy(t->at + end, "...", 4);
}

static struct cs_text *begin(struct writer *w, enum cs_span_kind kind, uint32_t at, uint32_t len,
                             const char *label)
{
    finish(w);
    struct cs_span *span = w->count < w->max ? &w->out[w->count] : &w->spare;
    w->count++;
    *span = (struct cs_span){.at = at, .len = len, .kind = (uint8_t)kind};
    snprintf(span->label, sizeof span->label, "%s", label);
    cs_text_init(&w->text, span->text, sizeof span->text);
    return &w->text;
}

static struct cs_text *field(struct writer *w, uint32_t at, uint32_t len, const char *label)
{
    return begin(w, CS_SPAN_FIELD, at, len, label);
}

static struct cs_text *fault(struct writer *w, uint32_t at, uint32_t len, const char *label)
{
    return begin(w, CS_SPAN_FAULT, at, len, label);
}

/* What the decoder stumbled over, if it stands in [from, to]. */
static void decode_fault(struct writer *w, uint32_t from, uint32_t to, uint32_t len)
{
    const struct cs_message *m = w->m;
    if (m->fault == CS_FAULT_NONE || m->fault_at < from || m->fault_at > to)
        return;
    const uint32_t left = (uint32_t)m->octets.len - m->fault_at;
    cs_text_add(fault(w, m->fault_at, len < left ? len : left, cs_fault_id(m->fault)), "%s",
                cs_fault_text(m->fault));
}

static void not_read(struct writer *w, uint32_t from)
{
    const struct cs_slice all = w->m->octets;
    if (from >= all.len)
        return;
    const uint32_t len = (uint32_t)all.len - from;
    cs_text_hex(field(w, from, len, "not decoded"), (struct cs_slice){all.at + from, len});
}

/* ------------------------------------------------------------------ header */

static const struct type_words {
    const char *name;
    bool request, response, empty; /* RFC 7252 section 4.3 table 1: what it may carry */
} types[5] = {
    [CS_CON] = {"Confirmable (CON)", true, true, true},
    [CS_NON] = {"Non-confirmable (NON)", true, true, false},
    [CS_ACK] = {"Acknowledgement (ACK)", false, true, true},
    [CS_RST] = {"Reset (RST)", false, false, true},
    [CS_UNTYPED] = {"none", true, true, true},
};

static void length_field(struct writer *w, unsigned nibble)
{
    const struct cs_message *m = w->m;
    struct cs_text *text = field(w, 0, 1, "Length");
    cs_text_add(text, "%u", nibble);
    if (m->carrier == CS_WS || m->code_at == 1)
        return;
    cs_text_add(text, ": %u more octet%s of length", m->code_at - 1, m->code_at > 2 ? "s" : "");
}

static void first_octet(struct writer *w, uint8_t octet)
{
    const unsigned length = octet & 15u;
    if (cs_message_is_typed(w->m)) {
        cs_text_add(field(w, 0, 1, "Version"), "%u", octet >> 6);
        cs_text_add(field(w, 0, 1, "Type"), "%u: %s", octet >> 4 & 3u, types[octet >> 4 & 3].name);
    } else {
        length_field(w, octet >> 4);
    }
    cs_text_add(field(w, 0, 1, "Token Length"), "%u", length);
    if (length == 13 || length == 14)
        cs_text_add(&w->text, ": %u more octet%s of length", length - 12, length == 14 ? "s" : "");
    if (length > 8 && length < 15)
        cs_text_add(&w->text, " (RFC 8974, or illegal)");
    decode_fault(w, 0, 0, 1);
}

/* RFC 7252 section 3: classes 1 and 6 are reserved, and so is 7 without the reliable transports of RFC 8323. */
static void code_faults(struct writer *w, uint32_t at, uint8_t type, uint8_t code)
{
    const unsigned class = CS_CODE_CLASS(code);
    if (type == CS_UNTYPED && class == 7)
        return;
    if (class == 1 || class == 3 || class == 6)
        cs_text_add(fault(w, at, 1, "code-class"), "class %u is reserved (RFC 7252 section 3)",
                    class);
    else if (class == 7)
        cs_text_add(fault(w, at, 1, "code-class"),
                    "signalling codes belong to TCP and WebSockets (RFC 8323 section 5)");
    else if (cs_code_is_request(code) && !types[type].request)
        cs_text_add(fault(w, at, 1, "type-and-code"),
                    "%s cannot carry a request (RFC 7252 section 4)", types[type].name);
    else if (cs_code_is_response(code) && !types[type].response)
        cs_text_add(fault(w, at, 1, "type-and-code"), "%s must be Empty (RFC 7252 section 4.2)",
                    types[type].name);
    else if (code == 0 && !types[type].empty)
        cs_text_add(fault(w, at, 1, "type-and-code"), "%s must not be Empty (RFC 7252 section 4.3)",
                    types[type].name);
}

static void code_octet(struct writer *w, uint8_t type)
{
    const uint8_t code = w->m->code;
    const uint32_t at = w->m->code_at;
    const struct cs_code_def *def = cs_code_def(code);
    cs_text_add(field(w, at, 1, "Code"), "%u.%02u: %s", CS_CODE_CLASS(code), CS_CODE_DETAIL(code),
                def != NULL ? def->name : "unassigned");
    if (cs_code_is_request(code))
        cs_text_add(&w->text, ", a request");
    else if (cs_code_is_response(code))
        cs_text_add(&w->text, ", a response");
    else if (cs_message_is_signal(w->m))
        cs_text_add(&w->text, ", a signal");
    code_faults(w, at, type, code);
}

/* Of a whole header; its version may be another, and then the rest of it means nothing. */
static void header(struct writer *w)
{
    const struct cs_message *m = w->m;
    const struct cs_slice o = m->octets;
    if (!cs_message_header_is_whole(m)) {
        decode_fault(w, 0, 0, (uint32_t)o.len);
        not_read(w, 0);
        return;
    }
    first_octet(w, o.at[0]);
    if (!m->has_header) {
        not_read(w, 1);
        return;
    }
    if (m->carrier == CS_TCP && m->code_at > 1)
        cs_text_hex(field(w, 1, m->code_at - 1u, "Length, extended"),
                    (struct cs_slice){o.at + 1, m->code_at - 1u});
    code_octet(w, m->type);
    if (cs_message_is_typed(m))
        cs_text_add(field(w, m->mid_at, 2, "Message ID"), "0x%04x (%u)", m->mid, m->mid);
}

/* ------------------------------------------------------------------ token */

static void token(struct writer *w)
{
    const struct cs_message *m = w->m;
    if (m->token_length == 0 || m->token.len == 0)
        return;
    const uint32_t at = (uint32_t)(m->token.at - m->octets.at);
    if (at > m->token_at)
        cs_text_add(field(w, m->token_at, at - m->token_at, "Token Length, extended"),
                    "%u + %zu = %zu octets", m->token_length == 13 ? 13u : 269u,
                    m->token.len - (m->token_length == 13 ? 13u : 269u), m->token.len);
    cs_text_hex(field(w, at, (uint32_t)m->token.len, "Token"), m->token);
}

/* ------------------------------------------------------------------ options */

/* Whether a proxy may forward it is no question for a signal, which goes to the other end alone. */
static const char *forwarding(uint32_t number)
{
    return CS_OPTION_IS_UNSAFE(number)         ? "unsafe to forward"
           : CS_OPTION_IS_NO_CACHE_KEY(number) ? "safe to forward, no cache key"
                                               : "safe to forward";
}

static void option_head(struct writer *w, const struct cs_option *o, uint32_t before)
{
    const bool signal = cs_message_is_signal(w->m);
    const struct cs_option_def *def = cs_option_def_in(w->m, o->number);
    char label[32];
    snprintf(label, sizeof label, "Option %u", o->number);
    cs_text_add(field(w, o->at, o->value_at - o->at, label), "%s: delta %u, length %zu; %s",
                signal        ? "of this signal"
                : def != NULL ? def->name
                              : "unassigned",
                o->number - before, o->value.len,
                CS_OPTION_IS_CRITICAL(o->number) ? "critical" : "elective");
    if (!signal)
        cs_text_add(&w->text, ", %s", forwarding(o->number));
}

static void option_faults(struct writer *w, const struct cs_option *o, bool again)
{
    const struct cs_option_def *def = cs_option_def_in(w->m, o->number);
    const uint32_t len = (uint32_t)o->value.len;
    const uint32_t whole = o->value_at - o->at + len;
    size_t bad = 0;
    if (def == NULL)
        return;
    if (again && !def->repeatable)
        cs_text_add(fault(w, o->at, whole, "option-repeated"), "%s may stand once only (%s)",
                    def->name, def->spec);
    if (len < def->min || len > def->max)
        cs_text_add(fault(w, o->at, whole, "option-value-length"),
                    "%u octets, but %s has %u to %u (%s)", len, def->name, def->min, def->max,
                    def->spec);
    else if (def->format == CS_FORMAT_UINT && def->min == 0 && len > 0 && o->value.at[0] == 0)
        cs_text_add(fault(w, o->value_at, 1, "leading-zero"),
                    "a number should have no leading zero octets (RFC 7252 section 3.2)");
    if (def->format == CS_FORMAT_STRING && !cs_utf8_valid(o->value, &bad))
        cs_text_add(fault(w, o->value_at + (uint32_t)bad, 1, "not-utf-8"),
                    "not UTF-8 (RFC 7252 section 3.2)");
    const char *wrong = cs_option_value_wrong(o, w->m->carrier);
    if (wrong != NULL)
        cs_text_add(fault(w, o->value_at, len, "option-value"), "%s", wrong);
}

static void add_octets(struct cs_text *text, struct cs_slice value)
{
    if (value.len == 0)
        cs_text_add(text, "empty");
    else
        cs_text_hex(text, value);
}

static void options(struct writer *w)
{
    const struct cs_message *m = w->m;
    struct cs_option_walk walk;
    struct cs_option o;
    uint32_t before = 0;
    bool first = true;
    cs_option_walk_init(&walk, m);
    while (cs_option_next(&walk, &o)) {
        const struct cs_option_def *def = cs_option_def_in(m, o.number);
        option_head(w, &o, before);
        struct cs_text *text =
            field(w, o.value_at, (uint32_t)o.value.len, def != NULL ? def->name : "Option value");
        if (def != NULL)
            cs_option_value_format(text, &o, m->code);
        else
            add_octets(text, o.value);
        option_faults(w, &o, !first && o.number == before);
        before = o.number;
        first = false;
    }
}

/* ------------------------------------------------------------------ payload */

static bool is_plain_text(struct cs_slice octets)
{
    for (size_t i = 0; i < octets.len; i++)
        if (octets.at[i] < 0x20 && octets.at[i] != '\n' && octets.at[i] != '\r' &&
            octets.at[i] != '\t')
            return false;
    return cs_utf8_valid(octets, NULL);
}

static void payload(struct writer *w)
{
    const struct cs_slice p = w->m->payload;
    if (p.len == 0)
        return;
    const uint32_t at = (uint32_t)(p.at - w->m->octets.at);
    cs_text_add(field(w, at - 1, 1, "Payload Marker"), "0xff");
    struct cs_text *text = field(w, at, (uint32_t)p.len, "Payload");
    cs_text_add(text, "%zu octet%s: ", p.len, p.len == 1 ? "" : "s");
    if (is_plain_text(p))
        cs_text_quote(text, p);
    else
        cs_text_hex(text, p);
}

/* Where the decoder's understanding ended. */
static uint32_t read_to(const struct cs_message *m)
{
    const uint8_t *end = m->octets.at + m->token_at;
    if (m->token.len > 0)
        end = m->token.at + m->token.len;
    if (m->options.len > 0)
        end = m->options.at + m->options.len;
    if (m->payload.len > 0)
        end = m->payload.at + m->payload.len;
    return (uint32_t)(end - m->octets.at);
}

size_t cs_explain(const struct cs_message *message, struct cs_span *out, size_t max)
{
    struct writer w = {.m = message, .out = out, .max = max};
    const uint32_t length = (uint32_t)message->octets.len;
    header(&w);
    if (message->has_header) {
        if (message->fault == CS_FAULT_EMPTY_NOT_BARE)
            decode_fault(&w, 1, length, length);
        token(&w);
        options(&w);
        payload(&w);
        if (message->fault != CS_FAULT_EMPTY_NOT_BARE)
            decode_fault(&w, 1, length, length);
        not_read(&w, read_to(message));
    }
    finish(&w);
    return w.count;
}
