/* Text as a key log. What must hold: a bad line has a column within it and a reason; what is kept is found again; a limit is kept. */
#include <stdlib.h>
#include <string.h>

#include "decrypt/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { LEAST = 64 };
    static const char label[] = "CLIENT_RANDOM ";
    struct cs_error error = {0};
    struct cs_secrets *secrets = cs_secrets_new(0);
    uint8_t *text = malloc(size > 0 ? size : 1); /* of exactly that length */
    if (secrets == NULL || text == NULL)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    const bool fine = cs_secrets_text(secrets, (struct cs_slice){text, size}, &error);
    if (!fine &&
        (error.line == 0 || error.column == 0 || error.column > size + 1 || error.text[0] == '\0'))
        abort();
    const struct cs_secrets_counts counts = cs_secrets_counts(secrets);
    if (counts.kept > LEAST || (counts.given_up > 0 && counts.kept < LEAST))
        abort();
    if (fine && size > sizeof label && memcmp(text, label, sizeof label - 1) == 0 &&
        counts.kept == 0)
        abort();
    free(text);
    cs_secrets_free(secrets);
    return 0;
}
