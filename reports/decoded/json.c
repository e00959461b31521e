/* reports/decoded/json.c: `coapspec decode --format json`. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/text.h"
#include "coap/explain.h"
#include "reports/base/clean.h"
#include "reports/decoded/decoded.h"

static void add_text(cJSON *object, const char *key, const char *text)
{
    char *clean = report_utf8(text, false);
    if (clean != NULL)
        cJSON_AddStringToObject(object, key, clean);
    free(clean);
}

static void add_hex(cJSON *object, const char *key, struct cs_slice octets)
{
    char *hex = malloc(octets.len * 2 + 1);
    struct cs_text text;
    if (hex == NULL)
        return;
    cs_text_init(&text, hex, octets.len * 2 + 1);
    cs_text_hex(&text, octets);
    cJSON_AddStringToObject(object, key, hex);
    free(hex);
}

static void add_fault(cJSON *object, const struct cs_message *message)
{
    if (message->fault == CS_FAULT_NONE) {
        cJSON_AddNullToObject(object, "fault");
        return;
    }
    cJSON *fault = cJSON_AddObjectToObject(object, "fault");
    cJSON_AddStringToObject(fault, "id", cs_fault_id((enum cs_fault)message->fault));
    cJSON_AddNumberToObject(fault, "octet", message->fault_at);
    cJSON_AddStringToObject(fault, "message", cs_fault_text((enum cs_fault)message->fault));
}

/* The header, where there is one. */
static void add_header(cJSON *object, const struct cs_message *message)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    char code[8];
    const bool typed = cs_message_is_typed(message);
    if (!typed)
        cJSON_AddStringToObject(object, "carrier", cs_carrier_text(message->carrier));
    if (!cs_message_header_is_whole(message))
        return;
    if (typed) {
        cJSON_AddNumberToObject(object, "version", message->version);
        cJSON_AddStringToObject(object, "type", types[message->type & 3]);
    }
    cJSON_AddStringToObject(object, "code", report_code_text(message->code, code));
    if (typed)
        cJSON_AddNumberToObject(object, "mid", message->mid);
    add_hex(object, "token", message->token);
    add_hex(object, "payload", message->payload);
}

static void add_options(cJSON *object, const struct cs_message *message)
{
    cJSON *list = cJSON_AddArrayToObject(object, "options");
    struct cs_option_walk walk;
    struct cs_option option;
    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, &option)) {
        const struct cs_option_def *def = cs_option_def_in(message, option.number);
        cJSON *row = cJSON_CreateObject();
        cJSON_AddNumberToObject(row, "number", option.number);
        if (def != NULL)
            cJSON_AddStringToObject(row, "name", def->name);
        cJSON_AddNumberToObject(row, "octet", option.at);
        add_hex(row, "value", option.value);
        cJSON_AddItemToArray(list, row);
    }
}

static void add_spans(cJSON *object, const struct cs_span *spans, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "octets_explained");
    for (size_t i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();
        cJSON_AddNumberToObject(row, "octet", spans[i].at);
        cJSON_AddNumberToObject(row, "length", spans[i].len);
        cJSON_AddStringToObject(row, "kind", spans[i].kind == CS_SPAN_FAULT ? "fault" : "field");
        add_text(row, "label", spans[i].label);
        add_text(row, "text", spans[i].text);
        cJSON_AddItemToArray(list, row);
    }
}

/* Named as in results.json. */
static void add_findings(cJSON *object, const struct report_decoded *decoded)
{
    cJSON *list = cJSON_AddArrayToObject(object, "findings");
    for (size_t i = 0; i < decoded->violation_count; i++) {
        const struct report_violation *v = &decoded->violations[i];
        cJSON *row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "rule", v->rule->id);
        cJSON_AddStringToObject(row, "spec", v->rule->spec);
        cJSON_AddStringToObject(row, "section", v->rule->section);
        cJSON_AddStringToObject(row, "level", cs_level_text(v->rule->level));
        cJSON_AddStringToObject(row, "verdict",
                                cs_level_is_should(v->rule->level) ? "warn" : "fail");
        if (v->octet != CS_NO_OCTET)
            cJSON_AddNumberToObject(row, "octet", v->octet);
        add_text(row, "message", v->why);
        cJSON_AddItemToArray(list, row);
    }
}

bool report_decoded_json(const struct report_decoded *decoded, FILE *out)
{
    size_t count;
    struct cs_span *spans = report_spans(decoded, &count);
    char *line = report_line(decoded), *printed = NULL;
    cJSON *root = cJSON_CreateObject();

    if (spans != NULL && line != NULL && root != NULL) {
        add_text(root, "line", line);
        add_hex(root, "octets", decoded->message.octets);
        if (!decoded->records) {
            add_fault(root, &decoded->message);
            add_header(root, &decoded->message);
            add_options(root, &decoded->message);
        }
        add_spans(root, spans, count);
        add_findings(root, decoded);
        printed = cJSON_Print(root);
    }
    bool good = printed != NULL && fprintf(out, "%s\n", printed) > 0 && fflush(out) == 0;
    cJSON_free(printed);
    cJSON_Delete(root);
    free(line);
    free(spans);
    return good;
}
