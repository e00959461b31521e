/* What people type: hex, addresses, durations, filters. Nothing crashes, and what is accepted comes out as it went in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "src/cli/cli.h"
#include "src/check/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void hex(const char *word)
{
    uint8_t octets[64];
    char again[2 * sizeof octets + 1];
    size_t bad = 0;
    long n = cs_hex_parse(word, octets, sizeof octets, &bad);
    if (n < 0) {
        require(bad <= strlen(word));
        return;
    }
    struct cs_text text;
    cs_text_init(&text, again, sizeof again);
    cs_text_hex(&text, (struct cs_slice){octets, (size_t)n});
    uint8_t back[sizeof octets];
    require(text.len == 2 * (size_t)n && cs_hex_parse(again, back, sizeof back, &bad) == n);
    require(n == 0 || memcmp(octets, back, (size_t)n) == 0);
}

static void address(const char *word)
{
    struct cs_address one, two;
    char text[64];
    if (!cs_address_parse(word, 5683, &one))
        return;
    require(cs_address_parse(cs_address_format(&one, text, sizeof text), 1, &two));
    require(cs_address_equal(&one, &two));
}

static void quoted(const char *word, size_t size)
{
    char small[16], large[4 * 256 + 16];
    size_t bad = 0;
    struct cs_text cut, whole;
    cs_text_init(&cut, small, sizeof small);
    cs_text_init(&whole, large, sizeof large);
    struct cs_slice octets = {(const uint8_t *)word, size};
    cs_text_quote(&cut, octets);
    cs_text_quote(&whole, octets);
    require(cut.len == whole.len && strlen(small) < sizeof small && strlen(large) == whole.len);
    require(cs_utf8_valid((struct cs_slice){(const uint8_t *)large, whole.len}, &bad));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char word[257];
    struct filter filter = {.count = 0};
    struct cs_error error;
    uint64_t ns;
    if (size >= sizeof word)
        return 0;
    if (size > 0)
        memcpy(word, data, size);
    word[size] = '\0';
    hex(word);
    address(word);
    quoted(word, size);
    cli_parse_duration(word, &ns);
    if (!filter_parse(word, &filter, &error))
        require(error.text[0] != '\0' && error.column <= size + 1);
    return 0;
}
