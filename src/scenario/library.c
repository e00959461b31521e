/* Where the scenarios and suites are. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "src/scenario/scenario.h"
#include "src/yaml/yaml.h"

enum { PATH_CAP = 1024, ENTRIES_MAX = 10000 };

/* ------------------------------------------------------------------ the directory */

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* As short as it can be said from where we are: in reports, a path is to be read. */
static char *below_here(char *path)
{
    char here[PATH_CAP];
    size_t length = getcwd(here, sizeof here) != NULL ? strlen(here) : 0;
    if (length > 1 && strncmp(path, here, length) == 0 && path[length] == '/')
        memmove(path, path + length + 1, strlen(path + length + 1) + 1);
    return path;
}

static char *find_directory(void)
{
    static const char *const beside[] = {"../scenarios", "../share/coapspec/scenarios"};
    const char *given = getenv("COAPSPEC_SCENARIOS");
    char exe[PATH_CAP], path[PATH_CAP + 64];
    if (given != NULL && given[0] != '\0')
        return strdup(given);
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return NULL;
    exe[n] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", exe, beside[i]);
        char *real = is_directory(path) ? realpath(path, NULL) : NULL;
        if (real != NULL)
            return below_here(real);
    }
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    const struct scenario_entry *x = a, *y = b;
    return strcmp(x->id, y->id);
}

static bool ends_in_yaml(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

static bool add(struct scenario_library *library, const char *id)
{
    if (library->count >= ENTRIES_MAX)
        return false;
    if ((library->count & 63) == 0) {
        struct scenario_entry *entries =
            realloc(library->entries, (library->count + 64) * sizeof *entries);
        if (entries == NULL)
            return false;
        library->entries = entries;
    }
    char path[PATH_CAP * 2];
    snprintf(path, sizeof path, "%s/%s", library->directory, id);
    struct scenario_entry *e = &library->entries[library->count++];
    *e = (struct scenario_entry){strndup(id, strlen(id) - 5), strdup(path)};
    return e->id != NULL && e->path != NULL;
}

/* The directories below are gone through with a list of those that are still to do: no recursion. */
static bool collect(struct scenario_library *library)
{
    char *open[256] = {strdup("")};
    size_t count = 1;
    bool fine = open[0] != NULL;
    while (count > 0) {
        char *area = open[--count], path[PATH_CAP * 2];
        snprintf(path, sizeof path, "%s/%s", library->directory, area);
        DIR *dir = fine ? opendir(path) : NULL;
        struct dirent *entry;
        while (dir != NULL && fine && (entry = readdir(dir)) != NULL) {
            char id[PATH_CAP + 300];
            int length =
                snprintf(id, sizeof id, "%s%s%s", area, area[0] != '\0' ? "/" : "", entry->d_name);
            if (entry->d_name[0] == '.' || length < 0 || (size_t)length >= sizeof id)
                continue;
            snprintf(path, sizeof path, "%s/%s", library->directory, id);
            bool below = is_directory(path);
            if (below && strcmp(id, "suites") != 0 && strcmp(id, "schema") != 0 && count < 256)
                open[count++] = strdup(id);
            else if (!below && ends_in_yaml(id))
                fine = add(library, id);
        }
        if (dir != NULL)
            closedir(dir);
        free(area);
    }
    return fine;
}

bool scenario_library_open(struct scenario_library *library, struct cs_error *error)
{
    *library = (struct scenario_library){.directory = find_directory()};
    if (library->directory == NULL || !is_directory(library->directory)) {
        snprintf(error->text, sizeof error->text,
                 "no scenarios found%s%.200s: COAPSPEC_SCENARIOS says where they are",
                 library->directory != NULL ? " in " : "",
                 library->directory != NULL ? library->directory : "");
        return false;
    }
    if (!collect(library)) {
        snprintf(error->text, sizeof error->text, "too many scenarios, or out of memory");
        return false;
    }
    qsort(library->entries, library->count, sizeof *library->entries, by_id);
    return true;
}

void scenario_library_close(struct scenario_library *library)
{
    for (size_t i = 0; i < library->count; i++) {
        free(library->entries[i].id);
        free(library->entries[i].path);
    }
    free(library->entries);
    free(library->directory);
    *library = (struct scenario_library){0};
}

/* ------------------------------------------------------------------ suites */

static bool add_member(const struct scenario_library *library, struct scenario_suite *suite,
                       size_t index)
{
    for (size_t i = 0; i < suite->member_count; i++)
        if (suite->members[i] == index)
            return true;
    if (suite->members == NULL)
        suite->members = calloc(library->count, sizeof *suite->members);
    if (suite->members == NULL)
        return false;
    suite->members[suite->member_count++] = index;
    return true;
}

static bool add_members(const struct scenario_library *library, struct scenario_suite *suite,
                        const struct yaml_file *file, const struct yaml_node *node,
                        struct cs_error *error)
{
    bool any = false;
    if (node->kind != YAML_SCALAR)
        return yaml_fail(file, node->line, node->column, error,
                         "the id of a scenario, or a glob, is due here");
    for (size_t i = 0; i < library->count; i++)
        if (fnmatch(node->text, library->entries[i].id, 0) == 0) {
            any = true;
            if (!add_member(library, suite, i))
                return yaml_fail(file, node->line, node->column, error, "out of memory");
        }
    if (any)
        return true;
    const char **words = calloc(library->count + 1, sizeof *words);
    for (size_t i = 0; words != NULL && i < library->count; i++)
        words[i] = library->entries[i].id;
    const char *near = words != NULL ? cs_nearest(node->text, words, library->count) : NULL;
    yaml_fail(file, node->line, node->column, error, "no scenario is called %.100s%s%s%s",
              node->text, near != NULL ? ": did you mean " : "", near != NULL ? near : "",
              near != NULL ? "?" : "");
    free(words);
    return false;
}

bool scenario_suite_read(const struct scenario_library *library, const char *id,
                         struct scenario_suite *suite, bool *exists, struct cs_error *error)
{
    char path[PATH_CAP * 2];
    *suite = (struct scenario_suite){0};
    snprintf(path, sizeof path, "%s/suites/%.200s.yaml", library->directory, id);
    *exists = strchr(id, '/') == NULL && access(path, R_OK) == 0;
    if (!*exists)
        return false;
    struct yaml_file *file = yaml_read(path, error);
    if (file == NULL)
        return false;
    const struct yaml_node *name = yaml_get(file->root, "name"),
                           *list = yaml_get(file->root, "scenarios");
    bool fine = list != NULL && list->kind == YAML_SEQUENCE;
    if (!fine)
        yaml_fail(file, 1, 1, error, "a suite has a name and a list of scenarios");
    suite->id = strdup(id);
    suite->path = strdup(path);
    suite->name = strdup(name != NULL && name->kind == YAML_SCALAR ? name->text : id);
    for (const struct yaml_node *n = fine ? list->first : NULL; fine && n != NULL; n = n->next)
        fine = add_members(library, suite, file, n, error);
    yaml_free(file);
    if (!fine)
        scenario_suite_free(suite);
    return fine;
}

void scenario_suite_free(struct scenario_suite *suite)
{
    free(suite->id);
    free(suite->name);
    free(suite->path);
    free(suite->members);
    *suite = (struct scenario_suite){0};
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **scenario_suites(const struct scenario_library *library)
{
    char path[PATH_CAP * 2];
    size_t count = 0, cap = 256;
    snprintf(path, sizeof path, "%s/suites", library->directory);
    char **ids = calloc(cap + 1, sizeof *ids);
    DIR *dir = ids != NULL ? opendir(path) : NULL;
    struct dirent *entry;
    while (dir != NULL && count < cap && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && ends_in_yaml(entry->d_name))
            ids[count++] = strndup(entry->d_name, strlen(entry->d_name) - 5);
    if (dir != NULL)
        closedir(dir);
    if (ids != NULL)
        qsort(ids, count, sizeof *ids, by_text);
    return ids;
}
