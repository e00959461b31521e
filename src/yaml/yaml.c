/* A YAML file as a tree: libfyaml's events, put together without recursion. */
#include "src/yaml/yaml.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool yaml_fail(const struct yaml_file *file, unsigned line, unsigned column, struct cs_error *error,
               const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    snprintf(error->file, sizeof error->file, "%s", file->path);
    error->line = line;
    error->column = column;
    return false;
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != YAML_MAPPING)
        return NULL;
    for (const struct yaml_node *n = mapping->first; n != NULL; n = n->next)
        if (strcmp(n->key, key) == 0)
            return n;
    return NULL;
}

char *yaml_line(const struct yaml_file *file, unsigned line)
{
    if (line == 0)
        return NULL;
    const char *at = file->text, *end = file->text + file->length;
    for (; line > 1 && at < end; line--) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            return NULL;
        at++;
    }
    return at < end ? strndup(at, strcspn(at, "\r\n")) : NULL;
}

/* ------------------------------------------------------------------ building */

struct builder {
    struct yaml_file *file;
    struct cs_error *error;
    struct yaml_node *open[YAML_DEPTH_MAX];
    size_t depth, nodes;
    char *key; /* read, its value not yet */
    unsigned key_line, key_column;
};

static void free_nodes(struct yaml_node *node)
{
    /* the children are put in front of the siblings: a list instead of a tree, no recursion */
    while (node != NULL) {
        struct yaml_node *next = node->next;
        if (node->first != NULL) {
            node->last->next = next;
            next = node->first;
        }
        free(node->key);
        free(node->text);
        free(node);
        node = next;
    }
}

void yaml_free(struct yaml_file *file)
{
    if (file == NULL)
        return;
    free_nodes(file->root);
    free(file->path);
    free(file->text);
    free(file);
}

static bool in_mapping(const struct builder *b)
{
    return b->depth > 0 && b->open[b->depth - 1]->kind == YAML_MAPPING;
}

/* Hangs a node below the one that is open. */
static void add(struct builder *b, struct yaml_node *node)
{
    struct yaml_node *parent = b->depth > 0 ? b->open[b->depth - 1] : NULL;
    if (parent == NULL) {
        b->file->root = node;
        return;
    }
    if (parent->kind == YAML_MAPPING) {
        node->key = b->key;
        node->key_line = b->key_line;
        node->key_column = b->key_column;
        b->key = NULL;
    }
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
}

static struct yaml_node *new_node(struct builder *b, enum yaml_kind kind,
                                  const struct fy_mark *mark)
{
    unsigned line = (unsigned)mark->line + 1, column = (unsigned)mark->column + 1;
    if (in_mapping(b) && b->key == NULL) {
        yaml_fail(b->file, line, column, b->error, "a key must be a word");
        return NULL;
    }
    if (++b->nodes > YAML_NODES_MAX || b->depth >= YAML_DEPTH_MAX) {
        yaml_fail(b->file, line, column, b->error, "too much in one file, or too deep");
        return NULL;
    }
    struct yaml_node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        yaml_fail(b->file, line, column, b->error, "out of memory");
        return NULL;
    }
    node->kind = kind;
    node->line = line;
    node->column = column;
    if (in_mapping(b) &&
        line < b->key_line) { /* nothing behind the colon has no place of its own */
        node->line = b->key_line;
        node->column = b->key_column;
    }
    add(b, node);
    return node;
}

static bool take_key(struct builder *b, const char *text, size_t length, const struct fy_mark *mark)
{
    b->key = strndup(text, length);
    b->key_line = (unsigned)mark->line + 1;
    b->key_column = (unsigned)mark->column + 1;
    if (b->key == NULL)
        return yaml_fail(b->file, b->key_line, b->key_column, b->error, "out of memory");
    if (yaml_get(b->open[b->depth - 1], b->key) != NULL)
        return yaml_fail(b->file, b->key_line, b->key_column, b->error, "'%s' is there twice",
                         b->key);
    return true;
}

static bool take_scalar(struct builder *b, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    const struct fy_mark *mark = fy_event_start_mark(event);
    static const struct fy_mark nowhere = {0};
    size_t length = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : "";
    if (mark == NULL)
        mark = &nowhere;
    if (text == NULL)
        text = "";
    if (memchr(text, '\0', length) != NULL)
        return yaml_fail(b->file, (unsigned)mark->line + 1, (unsigned)mark->column + 1, b->error,
                         "a NUL character");
    if (in_mapping(b) && b->key == NULL)
        return take_key(b, text, length, mark);
    struct yaml_node *node = new_node(b, YAML_SCALAR, mark);
    if (node == NULL)
        return false;
    node->quoted = token != NULL && fy_token_scalar_style(token) != FYSS_PLAIN;
    node->column += node->quoted;
    node->text = strndup(text, length);
    return node->text != NULL ||
           yaml_fail(b->file, node->line, node->column, b->error, "out of memory");
}

static bool refuse(struct builder *b, struct fy_event *event, const char *what)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    return yaml_fail(b->file, mark != NULL ? (unsigned)mark->line + 1 : 0,
                     mark != NULL ? (unsigned)mark->column + 1 : 0, b->error, "%s", what);
}

/* The anchor or tag of a node, or NULL. */
static struct fy_token *marker_of(const struct fy_event *event)
{
    struct fy_token *anchor = NULL, *tag = NULL;
    if (event->type == FYET_SCALAR) {
        anchor = event->scalar.anchor;
        tag = event->scalar.tag;
    } else if (event->type == FYET_MAPPING_START) {
        anchor = event->mapping_start.anchor;
        tag = event->mapping_start.tag;
    } else if (event->type == FYET_SEQUENCE_START) {
        anchor = event->sequence_start.anchor;
        tag = event->sequence_start.tag;
    }
    return anchor != NULL ? anchor : tag;
}

/* The mark stands behind the & ! or *. */
static bool refuse_marker(struct builder *b, struct fy_token *marker, const char *what)
{
    const struct fy_mark *mark = fy_token_start_mark(marker);
    unsigned column = mark != NULL ? (unsigned)mark->column + 1 : 0;
    for (size_t at = mark != NULL ? mark->input_pos : 0; at > 0 && column > 1; at--, column--)
        if (memchr("&!*", b->file->text[at - 1], 3) == NULL)
            break;
    return yaml_fail(b->file, mark != NULL ? (unsigned)mark->line + 1 : 0, column, b->error, "%s",
                     what);
}

static bool take(struct builder *b, struct fy_event *event)
{
    struct fy_token *marker = marker_of(event);
    if (marker != NULL)
        return refuse_marker(b, marker,
                             "anchors and tags are not used here; put the text into quotes");
    switch (event->type) {
    case FYET_SCALAR:
        return take_scalar(b, event);
    case FYET_ALIAS:
        return refuse_marker(b, event->alias.anchor,
                             "a text that begins with * is an alias in YAML: put it into quotes");
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START: {
        bool mapping = event->type == FYET_MAPPING_START;
        struct yaml_node *node =
            new_node(b, mapping ? YAML_MAPPING : YAML_SEQUENCE, fy_event_start_mark(event));
        if (node != NULL)
            b->open[b->depth++] = node;
        return node != NULL;
    }
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        b->depth--;
        return true;
    case FYET_DOCUMENT_START:
        return b->file->root == NULL || refuse(b, event, "one document in a file");
    default:
        return true;
    }
}

/* What libfyaml had to say first. */
static bool parser_error(struct builder *b, struct fy_diag *diag)
{
    void *previous = NULL;
    struct fy_diag_error *e = fy_diag_errors_iterate(diag, &previous);
    if (e == NULL)
        return yaml_fail(b->file, 0, 0, b->error, "this is no YAML");
    /* a message whose payload looks like a mapping */
    const bool colon = strstr(e->msg, "nested block mapping") != NULL;
    return yaml_fail(b->file, (unsigned)(e->line > 0 ? e->line : 0),
                     (unsigned)(e->column > 0 ? e->column : 0), b->error, "%s%s", e->msg,
                     colon ? " (a text with \": \" in it takes quotes around it)" : "");
}

/* libfyaml 0.7 never comes back from a directive that it does not know, and takes octets that are
 * no text: neither has a place in our files, so it does not see them. */
static bool is_plain_text(const struct yaml_file *file, struct cs_error *error)
{
    const char *text = file->text;
    unsigned line = 1;
    size_t begin = 0, bad = 0;
    bool utf8 = cs_utf8_valid((struct cs_slice){(const uint8_t *)text, file->length}, &bad);
    for (size_t i = 0; i < file->length; i++) {
        const unsigned char c = (unsigned char)text[i];
        const unsigned column = (unsigned)(i - begin) + 1;
        if ((!utf8 && i == bad) || (c < 0x20 && strchr("\t\n\r", c) == NULL) || c == 0x7f || c == 0)
            return yaml_fail(file, line, column, error, "octet %02x is not text", c);
        if (i == begin && c == '%')
            return yaml_fail(file, line, column, error, "YAML directives are not understood here");
        if (c == '\n' || c == '\r') {
            line += c == '\n' || text[i + 1] != '\n';
            begin = i + 1;
        }
    }
    return true;
}

static bool build(struct builder *b)
{
    if (!is_plain_text(b->file, b->error))
        return false;
    struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = ~0u};
    struct fy_diag *diag = fy_diag_create(&quiet);
    if (diag == NULL)
        return yaml_fail(b->file, 0, 0, b->error, "out of memory");
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {.flags = FYPCF_DEFAULT_PARSE, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    bool fine = parser != NULL && fy_parser_set_string(parser, b->file->text, b->file->length) == 0;
    bool ended = false;
    struct fy_event *event;
    while (fine && (event = fy_parser_parse(parser)) != NULL) {
        ended = event->type == FYET_STREAM_END;
        fine = take(b, event);
        fy_parser_event_free(parser, event);
    }
    if (fine && !ended)
        fine = parser_error(b, diag);
    if (parser != NULL)
        fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    free(b->key);
    if (fine && b->file->root == NULL)
        fine = yaml_fail(b->file, 1, 1, b->error, "the file is empty");
    return fine;
}

/* Takes `text` over. */
static struct yaml_file *parse_owned(const char *path, char *text, size_t length,
                                     struct cs_error *error)
{
    *error = (struct cs_error){0};
    struct yaml_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        free(text);
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    file->path = strdup(path);
    file->text = text;
    file->length = length;
    struct builder b = {.file = file, .error = error};
    if (file->path == NULL || !build(&b)) {
        yaml_free(file);
        return NULL;
    }
    return file;
}

struct yaml_file *yaml_parse(const char *path, const char *text, size_t length,
                             struct cs_error *error)
{
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return parse_owned(path, copy, length, error);
}

struct yaml_file *yaml_read(const char *path, struct cs_error *error)
{
    *error = (struct cs_error){0};
    snprintf(error->file, sizeof error->file, "%s", path);
    if (path[0] == '\0') {
        snprintf(error->text, sizeof error->text, "the name of the file is empty");
        return NULL;
    }
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (in == NULL) {
        snprintf(error->text, sizeof error->text, "cannot open: %s", strerror(errno));
        return NULL;
    }
    char *text = malloc(YAML_FILE_MAX + 1);
    size_t length = text != NULL ? fread(text, 1, YAML_FILE_MAX, in) : 0;
    bool failed = text == NULL || ferror(in) != 0, whole = getc(in) == EOF;
    int saved = errno;
    if (in != stdin)
        fclose(in);
    if (failed || !whole) {
        snprintf(error->text, sizeof error->text, "%s",
                 text == NULL ? "out of memory"
                 : failed     ? strerror(saved)
                              : "larger than 4 MiB");
        free(text);
        return NULL;
    }
    text[length] = '\0';
    char *fitting = realloc(text, length + 1);
    /* cppcheck-suppress memleak ; handed over */
    return parse_owned(path, fitting != NULL ? fitting : text, length, error);
}
