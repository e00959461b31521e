/* A profile is read from its file. */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "src/profile/profile.h"
#include "src/yaml/yaml.h"

static bool misplaced(const struct yaml_file *file, const struct yaml_node *node, const char *why,
                      struct cs_error *error)
{
    char text[sizeof error->text];
    snprintf(text, sizeof text, "%s", why);
    return yaml_fail(file, node->line, node->column, error, "%s", text);
}

static bool read_section(struct profile *profile, const struct yaml_file *file,
                         const struct yaml_node *section, struct cs_error *error)
{
    if (section->kind == YAML_SCALAR && section->text[0] == '\0')
        return true; /* all of it is commented out */
    if (section->kind != YAML_MAPPING)
        return misplaced(file, section, "a mapping of names is due here", error);
    for (const struct yaml_node *node = section->first; node != NULL; node = node->next) {
        char assignment[640];
        if (node->kind != YAML_SCALAR || strlen(node->text) > 500 || strlen(node->key) > 60)
            return misplaced(file, node, "one value is due here", error);
        const char *near = profile_name_in(section->key, node->key);
        if (near == NULL || strcmp(near, node->key) != 0)
            return yaml_fail(file, node->key_line, node->key_column, error,
                             "%s: nothing is called '%.40s'%s%s%s", section->key, node->key,
                             near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                             near != NULL ? "?" : "");
        snprintf(assignment, sizeof assignment, "%s=%s", node->key, node->text);
        if (!profile_set(profile, assignment, error))
            return misplaced(file, node, error->text, error);
    }
    return true;
}

static bool read_jobs(struct profile *profile, const struct yaml_file *file,
                      const struct yaml_node *node, struct cs_error *error)
{
    char *end = NULL;
    unsigned long jobs = node->kind == YAML_SCALAR ? strtoul(node->text, &end, 10) : 0;
    if (jobs < 1 || jobs > 256 || *end != '\0')
        return misplaced(file, node, "a number from 1 to 256 is due here", error);
    profile->jobs = (unsigned)jobs;
    return true;
}

static bool read_role(struct profile *profile, const struct yaml_file *file,
                      const struct yaml_node *node, struct cs_error *error)
{
    profile->client = node->kind == YAML_SCALAR && strcmp(node->text, "client") == 0;
    if (profile->client || (node->kind == YAML_SCALAR && strcmp(node->text, "server") == 0))
        return true;
    return misplaced(file, node, "server or client is due here: what the device is", error);
}

static bool read_root(struct profile *profile, const struct yaml_file *file, struct cs_error *error)
{
    static const struct {
        const char *key;
        bool (*read)(struct profile *, const struct yaml_file *, const struct yaml_node *,
                     struct cs_error *);
    } keys[] = {{"resources", read_section},
                {"abilities", read_section},
                {"parameters", read_section},
                {"jobs", read_jobs},
                {"role", read_role}};
    const char *words[sizeof keys / sizeof keys[0]];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        words[i] = keys[i].key;
    for (const struct yaml_node *n = file->root->first; n != NULL; n = n->next) {
        size_t i = 0;
        while (i < sizeof keys / sizeof keys[0] && strcmp(keys[i].key, n->key) != 0)
            i++;
        if (i == sizeof keys / sizeof keys[0]) {
            const char *near = cs_nearest(n->key, words, i);
            return yaml_fail(file, n->key_line, n->key_column, error,
                             "a profile has no '%.40s'%s%s%s", n->key,
                             near != NULL ? ": did you mean " : "", near != NULL ? near : "",
                             near != NULL ? "?" : "");
        }
        if (!keys[i].read(profile, file, n, error))
            return false;
    }
    return true;
}

/* Takes the file over; NULL: it could not be read. */
static bool read_file(struct profile *profile, struct yaml_file *file, struct cs_error *error)
{
    if (file == NULL)
        return false;
    bool fine = file->root->kind == YAML_MAPPING
                    ? read_root(profile, file, error)
                    : misplaced(file, file->root, "a profile is a mapping", error);
    if (fine)
        profile->source = PROFILE_FILE;
    yaml_free(file);
    return fine;
}

bool profile_read(struct profile *profile, const char *path, struct cs_error *error)
{
    return read_file(profile, yaml_read(path, error), error);
}

bool profile_parse(struct profile *profile, const char *path, const char *text, size_t length,
                   struct cs_error *error)
{
    return read_file(profile, yaml_parse(path, text, length, error), error);
}
