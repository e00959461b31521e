#include "base/cursor.h"
#include "coap/option_read.h"
#include "coapspec/dissect.h"

void cs_option_walk_init(struct cs_option_walk *walk, const struct cs_message *message)
{
    const struct cs_slice options = message->options;
    *walk = (struct cs_option_walk){.rest = options};
    if (options.at != NULL)
        walk->at = (uint32_t)(options.at - message->octets.at);
}

bool cs_option_next(struct cs_option_walk *walk, struct cs_option *out)
{
    return cs_option_step(walk, out);
}

bool cs_option_seek(const struct cs_message *message, uint32_t number, struct cs_option *out)
{
    struct cs_option_walk walk;
    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, out) && out->number <= number)
        if (out->number == number)
            return true;
    return false;
}

size_t cs_option_count(const struct cs_message *message, uint32_t number)
{
    if (!cs_message_has(message, number))
        return 0;
    size_t count = 0;
    struct cs_option_walk walk;
    struct cs_option option;
    cs_option_walk_init(&walk, message);
    while (cs_option_next(&walk, &option) && option.number <= number)
        count += option.number == number;
    return count;
}

uint64_t cs_option_uint(const struct cs_option *option)
{
    uint64_t value = 0;
    for (size_t i = 0; i < option->value.len; i++) {
        if (value >> 56 != 0)
            return UINT64_MAX;
        value = value << 8 | option->value.at[i];
    }
    return value;
}
