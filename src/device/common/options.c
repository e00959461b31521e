/* src/device/common/options.c: the faults that the command line names. */
#include "src/device/common/options.h"

void device_switch_faults(const struct device_options *options, bool *faults)
{
    for (size_t i = 0; i < options->fault_count; i++) {
        const char *nearest = NULL;
        faults[device_fault_named(options->faults[i], &nearest)] = true;
    }
}
