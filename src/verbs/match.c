/* What expect, await, check and silence have in common. */
#include "src/verbs/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/verbs/check_text.h"

const char *step_describe(const struct cs_message *message, char *buf, size_t cap)
{
    struct cs_text text;
    cs_text_init(&text, buf, cap);
    if (message->fault != CS_FAULT_NONE)
        cs_text_add(&text, "malformed (%s): ", cs_fault_text((enum cs_fault)message->fault));
    cs_message_format(message, true, &text);
    return buf;
}

const char *step_time_text(uint64_t ns, char *buf, size_t cap)
{
    if (ns < NET_SECOND)
        snprintf(buf, cap, "%llu ms", (unsigned long long)(ns / NET_MS));
    else
        snprintf(buf, cap, "%.4g s", (double)ns / 1e9);
    return buf;
}

/* What answers a message of ours has its Message ID, or its token (RFC 7252 sections 4.2, 5.3.2). */
static bool correlates(const struct cs_line *line, const struct cs_message *m,
                       const struct run_sent *ours, struct cs_mismatch *mismatch)
{
    if (ours == NULL || !peer_has_mid(&ours->message) || !peer_has_mid(m))
        return true;
    if (!line->has_mid && (m->type == CS_ACK || m->type == CS_RST) && m->mid != ours->message.mid) {
        *mismatch = (struct cs_mismatch){.octet = 2};
        snprintf(mismatch->expected, sizeof mismatch->expected, "mid=0x%04x", ours->message.mid);
        snprintf(mismatch->got, sizeof mismatch->got, "mid=0x%04x", m->mid);
        return false;
    }
    const struct cs_slice *a = &ours->message.token, *b = &m->token;
    if (line->has_token || CS_CODE_CLASS(m->code) < 2 ||
        ours->message.fault == CS_FAULT_TOKEN_LENGTH ||
        (a->len == b->len && (a->len == 0 || memcmp(a->at, b->at, a->len) == 0)))
        return true;
    *mismatch = (struct cs_mismatch){.octet = b->len > 0 ? 4 : 0};
    struct cs_text text;
    cs_text_init(&text, mismatch->expected, sizeof mismatch->expected);
    cs_text_add(&text, a->len > 0 ? "tok=" : "no token");
    cs_text_hex(&text, *a);
    cs_text_init(&text, mismatch->got, sizeof mismatch->got);
    cs_text_add(&text, b->len > 0 ? "tok=" : "no token");
    cs_text_hex(&text, *b);
    return false;
}

/* RFC 7252 section 5.4.1: a response with a critical option that nobody knows is rejected, unless the line or our own
 * request spoke of it (libcoap returns what it did not understand). */
static bool understood(const struct cs_line *line, const struct cs_message *m,
                       const struct run_sent *ours, struct cs_mismatch *mismatch)
{
    struct cs_option_walk walk;
    struct cs_option option;
    if (line->raw || CS_CODE_CLASS(m->code) < 2 ||
        (m->option_set >> CS_OPTION_INDEX_UNKNOWN_CRITICAL & 1u) == 0)
        return true;
    cs_option_walk_init(&walk, m);
    while (cs_option_next(&walk, &option)) {
        bool named = !CS_OPTION_IS_CRITICAL(option.number) ||
                     cs_option_def(option.number) != NULL ||
                     (ours != NULL && cs_option_count(&ours->message, option.number) > 0);
        for (size_t i = 0; i < line->option_count && !named; i++)
            named = line->options[i].number == option.number;
        if (named)
            continue;
        *mismatch = (struct cs_mismatch){.octet = option.at};
        snprintf(mismatch->expected, sizeof mismatch->expected, "no unknown critical option");
        snprintf(mismatch->got, sizeof mismatch->got, "option %u", (unsigned)option.number);
        return false;
    }
    return true;
}

static bool matches(struct run_sequence *t, const struct step_text *text,
                    const struct run_message *m, const struct run_sent *ours, struct cs_line *line,
                    struct cs_mismatch *mismatch)
{
    const struct cs_message *message = &m->message;
    const struct cs_message *previous = t->last != NULL ? &t->last->message : NULL;
    *mismatch = (struct cs_mismatch){.octet = CS_NO_OCTET};
    if (strcmp(text->text, "silence") == 0) {
        snprintf(mismatch->expected, sizeof mismatch->expected, "silence");
        step_describe(message, mismatch->got, sizeof mismatch->got);
        return false;
    }
    if (!run_parse_line(t, text, true, line))
        return false;
    if (message->fault != CS_FAULT_NONE && !line->raw) {
        snprintf(mismatch->expected, sizeof mismatch->expected, "a well-formed message");
        step_describe(message, mismatch->got, sizeof mismatch->got);
        mismatch->octet = message->fault_at;
        return false;
    }
    return cs_line_match(line, message, previous, mismatch) &&
           correlates(line, message, ours, mismatch) && understood(line, message, ours, mismatch);
}

/* What another alternative would have had in place of the same octets. */
static void or_else(struct cs_mismatch *mismatch, const struct cs_mismatch *other)
{
    size_t n = strlen(mismatch->expected);
    if (mismatch->octet == other->octet && strcmp(mismatch->got, other->got) == 0 &&
        strcmp(mismatch->expected, other->expected) != 0 &&
        n + strlen(other->expected) + 5 <= sizeof mismatch->expected)
        snprintf(mismatch->expected + n, sizeof mismatch->expected - n, " or %s", other->expected);
}

/* The alternatives with their names replaced: "2.01 or 2.04". `buf` is returned. */
static const char *wanted(struct run_sequence *t, const struct step_text *texts, size_t count,
                          char *buf, size_t cap)
{
    buf[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(buf);
        if (i > 0)
            n += (size_t)snprintf(buf + n, cap - n, " or ");
        if (n + 1 < cap)
            run_shown(t, texts[i].text, buf + n, cap - n);
    }
    return buf;
}

bool step_match(struct run_sequence *t, const struct step_text *texts, size_t count,
                const struct run_message *m, const struct run_sent *ours,
                struct cs_mismatch *mismatch)
{
    struct cs_line *line = malloc(sizeof *line);
    struct cs_mismatch other;
    bool fits = false;
    for (size_t i = 0; line != NULL && i < count && !fits && !t->owner->broken; i++) {
        fits = matches(t, &texts[i], m, ours, line, i == 0 ? mismatch : &other);
        if (i > 0 && !fits && !t->owner->broken)
            or_else(mismatch, &other);
    }
    free(line);
    return fits;
}

bool step_wants_empty_ack(struct run_sequence *t, const struct step_text *texts, size_t count)
{
    struct cs_line *line = malloc(sizeof *line);
    bool wants = false;
    for (size_t i = 0; line != NULL && i < count && !wants; i++)
        if (strcmp(texts[i].text, "silence") != 0 && run_parse_line(t, &texts[i], true, line))
            wants = line->raw || (line->types >> CS_ACK & 1u) != 0 ||
                    (line->has_code && (line->codes[0] & 1u) != 0 && line->types == 0);
    free(line);
    return wants;
}

bool step_deadline(struct run_sequence *t, const struct step *step, const char *otherwise,
                   uint64_t *due_ns)
{
    uint64_t within;
    if (!run_duration(t, &step->within, otherwise, &within))
        return false;
    *due_ns = t->since_ns + within;
    return true;
}

void step_mismatch(struct run_sequence *t, const struct step_text *texts, size_t count,
                   const struct run_message *m, const struct cs_mismatch *mismatch)
{
    char got[300], expected[256];
    step_describe(&m->message, got, sizeof got);
    struct run_failure failure = {.where = &texts[0],
                                  .column = mismatch->column,
                                  .message = m,
                                  .octet = mismatch->octet,
                                  .expected = wanted(t, texts, count, expected, sizeof expected),
                                  .got = got};
    run_fail(t, &failure, "expected %s, got %s", mismatch->expected, mismatch->got);
}

void step_nothing_came(struct run_sequence *t, const struct step_text *texts, size_t count,
                       const char *what)
{
    char took[32], got[300], how[320], expected[256];
    struct run_failure failure = {.where = &texts[0],
                                  .octet = CS_NO_OCTET,
                                  .timing = true,
                                  .expected = wanted(t, texts, count, expected, sizeof expected),
                                  .got = "nothing",
                                  .message = t->near};
    step_time_text(net_now() - t->since_ns, took, sizeof took);
    if (run_client_shut_out(t->owner, how, sizeof how)) {
        failure.timing = false;
        run_fail(t, &failure, "no %s within %s: %s", what, took, how);
        return;
    }
    if (run_client_ended(t->owner, how, sizeof how)) {
        /* a client may end when it is done, unless it was asked to stay */
        failure.unknown = t->owner->scenario->asks.values[ASKS_LINGER] != NULL;
        failure.timing = false;
        run_fail(t, &failure, "no %s within %s: %s", what, took, how);
        return;
    }
    if (t->near == NULL) {
        run_fail(t, &failure, "no %s within %s", what, took);
        return;
    }
    failure.got = step_describe(&t->near->message, got, sizeof got);
    run_fail(t, &failure, "no %s within %s, but something that does not belong to it", what, took);
}

static bool too_early(struct run_sequence *t, const struct step *step, const struct run_message *m,
                      uint64_t *early)
{
    uint64_t after, tolerance;
    static const struct step_text none = {0};
    if (step->after.text == NULL || !run_duration(t, &step->after, NULL, &after) ||
        !run_duration(t, &none, "$tolerance", &tolerance))
        return false;
    uint64_t due = t->since_ns + after;
    *early = due > m->at_ns ? due - m->at_ns : 0;
    return *early > tolerance;
}

bool step_came_too_early(struct run_sequence *t, const struct step *step,
                         const struct run_message *m)
{
    uint64_t early;
    if (!too_early(t, step, m, &early))
        return false;
    char text[32], got[300], expected[256];
    struct run_failure failure = {.where = &step->after,
                                  .message = m,
                                  .octet = CS_NO_OCTET,
                                  .timing = true,
                                  .expected = wanted(t, &step->after, 1, expected, sizeof expected),
                                  .got = step_describe(&m->message, got, sizeof got)};
    run_fail(t, &failure, "it came %s too early", step_time_text(early, text, sizeof text));
    return true;
}

void step_give_answer(struct run_sequence *t, const struct step *step, struct run_message *m)
{
    struct run_case *c = t->owner;
    const struct cs_message *message = &m->message;
    bool reliable = message->type == CS_CON, response = CS_CODE_CLASS(message->code) >= 2;
    if (m->answered)
        return;
    switch (step->answer) {
    case STEP_ANSWER_NONE:
        m->answered = true;
        break;
    case STEP_ANSWER_ACK:
        run_answer(c, m, CS_ACK);
        break;
    case STEP_ANSWER_RST:
        run_answer(c, m, CS_RST);
        break;
    case STEP_ANSWER_DUTY:
        if (reliable && (response || message->code == 0))
            run_answer(c, m, response ? CS_ACK : CS_RST);
        break;
    }
}

/* ------------------------------------------------------------------ fields */

static void add_uint(struct cs_text *text, const struct cs_message *m, uint32_t number)
{
    struct cs_option option;
    if (cs_option_find(m, number, &option))
        cs_text_add(text, "%llu", (unsigned long long)cs_option_uint(&option));
}

static void add_hex(struct cs_text *text, const struct cs_message *m, uint32_t number)
{
    struct cs_option option;
    if (cs_option_find(m, number, &option))
        cs_text_hex(text, option.value);
}

static void add_block(struct cs_text *text, const struct cs_message *m, uint32_t number)
{
    struct cs_option option;
    if (!cs_option_find(m, number, &option))
        return;
    unsigned long long value = (unsigned long long)cs_option_uint(&option);
    cs_text_add(text, "%llu/%llu/%u", value >> 4, value >> 3 & 1, 16u << (value & 7));
}

/* Location-Path and Location-Query, or Uri-Path and Uri-Query, as words of the notation. */
static void add_path(struct cs_text *text, const struct cs_message *m, uint32_t path,
                     uint32_t query)
{
    struct cs_option_walk walk;
    struct cs_option option;
    cs_option_walk_init(&walk, m);
    while (cs_option_next(&walk, &option)) {
        if (option.number != path && option.number != query)
            continue;
        cs_text_add(text, option.number == path ? "/" : " ?");
        for (size_t i = 0; i < option.value.len; i++) {
            uint8_t octet = option.value.at[i];
            bool plain = (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
                         (octet >= 'A' && octet <= 'Z') || strchr("-._~=", octet) != NULL;
            if (plain && octet != '\0')
                cs_text_put(text, (char)octet);
            else
                cs_text_add(text, "%%%02X", octet);
        }
    }
}

static void add_token(struct cs_text *text, const struct cs_message *m)
{
    if (m->token.len == 0)
        cs_text_add(text, "-");
    cs_text_hex(text, m->token);
}

/* As it is where that can be read again, else in quotes. */
static void add_payload(struct cs_text *text, const struct cs_message *m)
{
    size_t n = 0;
    while (n < m->payload.len && m->payload.at[n] > ' ' && m->payload.at[n] < 0x7f &&
           strchr("\"\\$*", m->payload.at[n]) == NULL)
        n++;
    if (n == m->payload.len && n > 0 && n < 512)
        cs_text_add(text, "%.*s", (int)n, (const char *)m->payload.at);
    else
        cs_text_quote(text, m->payload);
}

static void field_text(const struct cs_message *m, const char *field, struct cs_text *text)
{
    if (strcmp(field, "mid") == 0)
        cs_text_add(text, "%u", m->mid);
    else if (strcmp(field, "token") == 0)
        add_token(text, m);
    else if (strcmp(field, "code") == 0)
        cs_code_format(m->code, text);
    else if (strcmp(field, "type") == 0)
        cs_text_add(text, "%s", cs_type_text(m->type));
    else if (strcmp(field, "payload_hex") == 0)
        cs_text_hex(text, m->payload);
    else if (strcmp(field, "payload") == 0)
        add_payload(text, m);
    else if (strcmp(field, "etag") == 0)
        add_hex(text, m, CS_OPT_ETAG);
    else if (strcmp(field, "echo") == 0)
        add_hex(text, m, CS_OPT_ECHO);
    else if (strcmp(field, "observe") == 0)
        add_uint(text, m, CS_OPT_OBSERVE);
    else if (strcmp(field, "max_age") == 0)
        add_uint(text, m, CS_OPT_MAX_AGE);
    else if (strcmp(field, "cf") == 0)
        add_uint(text, m, CS_OPT_CONTENT_FORMAT);
    else if (strcmp(field, "size2") == 0)
        add_uint(text, m, CS_OPT_SIZE2);
    else if (strcmp(field, "block2") == 0)
        add_block(text, m, CS_OPT_BLOCK2);
    else if (strcmp(field, "location") == 0)
        add_path(text, m, CS_OPT_LOCATION_PATH, CS_OPT_LOCATION_QUERY);
    else if (strcmp(field, "path") == 0)
        add_path(text, m, CS_OPT_URI_PATH, CS_OPT_URI_QUERY);
}

bool step_save_fields(struct run_sequence *t, const struct step *step, const struct run_message *m)
{
    char buf[3000];
    for (size_t i = 0; i < step->save_count; i++) {
        struct cs_text text;
        if (strcmp(step->saves[i].field, "interval") == 0) {
            if (run_save_interval(t->owner, step->saves[i].name, m->after_ns))
                continue;
            run_bench_error(t, NULL, 0, "too many names");
            return false;
        }
        cs_text_init(&text, buf, sizeof buf);
        field_text(&m->message, step->saves[i].field, &text);
        const bool may_be_empty = strcmp(step->saves[i].field, "payload_hex") == 0;
        if (text.len == 0 && !may_be_empty) {
            char got[300];
            struct run_failure failure = {.message = m,
                                          .octet = CS_NO_OCTET,
                                          .expected = step->saves[i].field,
                                          .got = step_describe(&m->message, got, sizeof got)};
            run_fail(t, &failure, "there is no %s to save", step->saves[i].field);
            return false;
        }
        if (!run_save(t->owner, step->saves[i].name, buf)) {
            run_bench_error(t, NULL, 0, "too many names");
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ sending a line */

static bool too_much(struct run_sequence *t, const struct step_text *where,
                     const struct cs_error *error)
{
    run_bench_error(t, where, error->column, "%s", error->text);
    return false;
}

/* Appends a payload of so many octets. */
static bool fill(struct run_sequence *t, const struct step *step, uint8_t *octets, size_t *length,
                 size_t cap)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    uint64_t count;
    if (step->fill.text == NULL)
        return true;
    if (!run_number(t, &step->fill, 0, &count))
        return false;
    if (*length + count + 1 > cap) {
        run_bench_error(t, &step->fill, 0, "more than fits into a datagram");
        return false;
    }
    octets[(*length)++] = 0xff;
    for (uint64_t i = 0; i < count; i++)
        octets[(*length)++] = (uint8_t)letters[i % 26];
    return true;
}

struct run_sent *step_send_line(struct run_sequence *t, const struct step *step,
                                const struct step_text *text, struct run_message *request)
{
    struct run_case *c = t->owner;
    struct cs_line *line = malloc(sizeof *line);
    uint8_t *octets = malloc(NET_DATAGRAM_MAX), token[PEER_TOKEN];
    struct run_sent *sent = NULL;
    struct cs_error error = {0};
    peer_token(&c->random, token);
    uint16_t mid = request != NULL ? request->message.mid : run_new_mid(c);
    struct run_endpoint *endpoint = c->current;
    if (step->from.text != NULL)
        endpoint = run_endpoint_named(c, step->from.text);
    if (endpoint == NULL)
        run_bench_error(t, &step->from, 0, "no socket is called %s: connect makes them",
                        step->from.text);
    else if (line != NULL && octets != NULL && run_parse_line(t, text, false, line)) {
        struct cs_slice with =
            request != NULL ? request->message.token : (struct cs_slice){token, sizeof token};
        size_t length = cs_line_encode(CS_UDP, line, with, mid, octets, NET_DATAGRAM_MAX, &error);
        if (length == 0)
            too_much(t, text, &error);
        else if (fill(t, step, octets, &length, 65500))
            sent = (step->in_clear ? run_send_clear : run_send)(t, endpoint, octets, length,
                                                                !step->no_retransmit);
    }
    if (sent != NULL && step->as.text != NULL)
        snprintf(sent->name, sizeof sent->name, "%s", step->as.text);
    free(line);
    free(octets);
    return sent;
}
