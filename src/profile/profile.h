/* profile/profile.h: what a device claims, and where its resources are (ISO 9646 calls it ICS and IXIT). */
#ifndef SRC_PROFILE_PROFILE_H
#define SRC_PROFILE_PROFILE_H

#include <stdio.h>

#include "coapspec/stream.h"
#include "src/names/names.h"

/* Who said what is in it: nobody yet, a file, or the device when it was asked, also by writing where that may hurt. */
enum profile_source { PROFILE_EMPTY, PROFILE_FILE, PROFILE_PROBE, PROFILE_PROBE_WRITING };

enum profile_claim { PROFILE_UNKNOWN, PROFILE_NO, PROFILE_YES };

enum {
    PROFILE_RESOURCES_MAX = 64,
    PROFILE_ABILITIES_MAX = 32,
    PROFILE_PARAMETERS_MAX = 32,
    PROFILE_OWN_MAX = 32,
    PROFILE_PATH_MAX = 400 /* octets, with the query */
};

struct profile_own {
    char *name, *value;
};

/* Indexed as names_resources(), names_abilities(), names_parameters(). */
struct profile {
    enum profile_source source;
    char *resources[PROFILE_RESOURCES_MAX];    /* "/large?x=1"; NULL: not bound */
    uint8_t abilities[PROFILE_ABILITIES_MAX];  /* enum profile_claim */
    double parameters[PROFILE_PARAMETERS_MAX]; /* seconds where it is a duration */
    bool given[PROFILE_PARAMETERS_MAX]; /* somebody said it; the others are usual or follow */
    struct profile_own
        own[PROFILE_OWN_MAX]; /* --param, names that are none of the above: scenarios' own */
    size_t own_count;
    unsigned jobs; /* how many cases it can bear side by side; 0: not said */
    bool client;   /* the device is a client */
};

/* The caller's memory; texts in it are its own. Nothing is bound or claimed at first, and the parameters have their defaults. */
void profile_init(struct profile *profile);
void profile_fini(struct profile *profile);
/* A file of YAML, over what is there already. False with `error` (file, line, column). */
bool profile_read(struct profile *profile, const char *path, struct cs_error *error);
/* The same for a text at hand; `path` is what diagnostics call it. */
bool profile_parse(struct profile *profile, const char *path, const char *text, size_t length,
                   struct cs_error *error);
/* "name=value" as of --param: a parameter, a resource, an ability, or a new name. */
bool profile_set(struct profile *profile, const char *assignment, struct cs_error *error);
/* The name nearest to `name` in that part of a profile ("resources", "abilities", "parameters"), or in
 * all of it (NULL); NULL if none is near. */
const char *profile_name_in(const char *part, const char *name);
/* As YAML, with what each name means. `heading` is a comment for its first line. */
bool profile_write(const struct profile *profile, const char *heading, FILE *out);

/* What --param says of a name that is none of these, or NULL. */
const char *profile_own(const struct profile *profile, const char *name);
/* The path bound to $name, or NULL. */
const char *profile_resource(const struct profile *profile, const char *name);
/* The path is copied; NULL takes it away. A name that is none of names_resources() is passed over. */
void profile_bind(struct profile *profile, const char *name, const char *path);
/* PROFILE_UNKNOWN for a name that is none of names_abilities(); such a one is not claimed. */
enum profile_claim profile_ability(const struct profile *profile, const char *name);
void profile_claim(struct profile *profile, const char *name, enum profile_claim claim);
/* The value of a parameter: seconds for a duration. */
double profile_parameter(const struct profile *profile, const char *name);
/* The text of $name for a line: resources (a query becomes a word of its own), parameters, own names. NULL if nobody
 * knows it. May be written into `buf`. */
const char *profile_text(const struct profile *profile, const char *name, char *buf, size_t cap);
/* For the rules. */
struct cs_parameters profile_parameters(const struct profile *profile);

#endif
