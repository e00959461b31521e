/* src/lazy/lazy.c: OpenSSL's libraries are loaded when the first of their functions is called: with the first secret, or with coaps.
 * Loading them takes more than all else that a short `check` does (docs/performance.md). The stubs are made by stubs.awk of what
 * the program calls. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

/* Of the generated stubs: where they jump to; their names and the sonames, NULL behind the last. */
extern void *lazy_slots[];
extern const char *const lazy_names[], *const lazy_libraries[];

enum { LIBRARIES_MAX = 2 }; /* libcrypto and libssl */

void lazy_open(void);

/* There is no way on without them, and nobody up the stack who expects that: the bench has failed (exit code 3). */
static void *must(void *found)
{
    if (found != NULL)
        return found;
    fprintf(stderr, "coapspec: OpenSSL is needed here, and cannot be loaded: %s\n", dlerror());
    exit(3);
}

/* In the libraries alone: the program has functions of these names, too, the stubs. */
static void *find(void *const *handles, size_t count, const char *name)
{
    void *found = NULL;
    for (size_t i = 0; i < count && found == NULL; i++)
        found = dlsym(handles[i], name);
    return found;
}

void lazy_open(void)
{
    void *handles[LIBRARIES_MAX];
    size_t count = 0;
    for (; count < LIBRARIES_MAX && lazy_libraries[count] != NULL; count++)
        handles[count] = must(dlopen(lazy_libraries[count], RTLD_NOW | RTLD_GLOBAL));
    for (size_t i = 0; lazy_names[i] != NULL; i++)
        lazy_slots[i] = must(find(handles, count, lazy_names[i]));
}
