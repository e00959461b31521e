/* A scenario file: read and checked, or refused with a place and a reason. */
#include <stdlib.h>

#include "src/scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cs_error error = {{0}, 0, 0, {0}};
    struct scenario *scenario =
        scenario_parse("fuzz.yaml", "fuzz", (const char *)data, size, &error);
    if (scenario == NULL && error.text[0] == '\0')
        abort();
    if (scenario != NULL && (scenario->name == NULL || scenario->steps.count == 0))
        abort();
    if (scenario != NULL)
        scenario_free(scenario);
    return 0;
}
