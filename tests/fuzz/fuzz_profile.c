/* A device profile, and the link format that a probe reads: what is accepted is written such that it is read again. */
#include <stdio.h>
#include <stdlib.h>

#include "src/profile/links.h"
#include "src/profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void profile(const char *text, size_t length)
{
    struct profile first, second;
    struct cs_error error = {{0}, 0, 0, {0}};
    profile_init(&first);
    profile_init(&second);
    if (profile_parse(&first, "fuzz.yaml", text, length, &error)) {
        char *again = NULL;
        size_t again_length = 0;
        FILE *out = open_memstream(&again, &again_length);
        if (out == NULL)
            abort();
        bool written = profile_write(&first, "fuzz", out);
        fclose(out);
        if (!written || !profile_parse(&second, "again.yaml", again, again_length, &error))
            abort();
        free(again);
    } else if (error.text[0] == '\0') {
        abort();
    }
    profile_fini(&first);
    profile_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct link_list links;
    profile(text, size);
    if (links_parse(text, size, &links))
        links_free(&links);
    return 0;
}
