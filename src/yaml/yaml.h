/* yaml/yaml.h: a YAML file as a tree that knows where everything stands.
 *
 * The plain part of YAML: mappings, sequences, scalars, one document. Anchors, aliases and tags are
 * refused: they would let a small file grow without bounds. */
#ifndef SRC_YAML_YAML_H
#define SRC_YAML_YAML_H

#include "coapspec/dissect.h"

enum { YAML_DEPTH_MAX = 24, YAML_NODES_MAX = 100000, YAML_FILE_MAX = 4 << 20 };

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

/* One node. The children of a mapping are its values, each with its `key`. */
struct yaml_node {
    enum yaml_kind kind;
    char *key; /* in a mapping; NULL elsewhere */
    unsigned key_line, key_column;
    char *text;  /* of a scalar; "" for none */
    bool quoted; /* the scalar stood in quotes, or in a block */
    unsigned line,
        column; /* of its first character, from 1; of a quoted scalar: behind the quote */
    struct yaml_node *first, *last, *next; /* children; the next sibling */
    size_t count;                          /* children */
};

struct yaml_file {
    char *path;
    char *text; /* the whole file, for the line in a diagnostic */
    size_t length;
    struct yaml_node *root;
};

/* Reads a file. NULL with `error` (file, line, column, text). */
struct yaml_file *yaml_read(const char *path, struct cs_error *error);
/* The same for text that is at hand; `path` for messages. */
struct yaml_file *yaml_parse(const char *path, const char *text, size_t length,
                             struct cs_error *error);
void yaml_free(struct yaml_file *file);

/* The value of a key in a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* A line of the file without its end, malloc'ed; NULL when there is none. `line` from 1. */
char *yaml_line(const struct yaml_file *file, unsigned line);
/* Fills in `error` for a place in the file; returns false. */
bool yaml_fail(const struct yaml_file *file, unsigned line, unsigned column, struct cs_error *error,
               const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
