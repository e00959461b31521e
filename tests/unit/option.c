/* The walk over options and the three registries. */
#include "tests/unit/support.h"

#include <ctype.h>

static struct cs_message decoded(struct cs_slice octets)
{
    struct cs_message m;
    cs_message_decode(CS_UDP, octets, 0, &m);
    return m;
}

static void a_walk_gives_number_offsets_and_value(void **state)
{
    (void)state;
    /* GET tok=07 /a/ (empty segment) 292=0102 */
    const struct cs_slice octets = exact_hex("41 01 00 01 07 b1 61 00 e2 00 0c 01 02 ff 00");
    static const struct {
        uint32_t number, at, value_at;
        size_t len;
    } expected[] = {{11, 5, 6, 1}, {11, 7, 8, 0}, {292, 8, 11, 2}};
    const struct cs_message m = decoded(octets);
    struct cs_option_walk walk;
    struct cs_option o;
    cs_option_walk_init(&walk, &m);
    for (size_t i = 0; i < 3; i++) {
        assert_true(cs_option_next(&walk, &o));
        assert_int_equal(o.number, expected[i].number);
        assert_int_equal(o.at, expected[i].at);
        assert_int_equal(o.value_at, expected[i].value_at);
        assert_int_equal(o.value.len, expected[i].len);
        if (o.value.len > 0)
            assert_ptr_equal(o.value.at, octets.at + o.value_at);
    }
    assert_false(cs_option_next(&walk, &o));
    assert_int_equal(walk.fault, CS_FAULT_NONE);
    assert_false(cs_option_next(&walk, &o));
    release(octets);
}

static void a_walk_ends_before_the_faulty_option(void **state)
{
    (void)state;
    const struct cs_slice octets = exact_hex("40 01 00 01 b1 61 03 62");
    const struct cs_message m = decoded(octets);
    struct cs_option_walk walk;
    struct cs_option o;
    cs_option_walk_init(&walk, &m);
    assert_true(cs_option_next(&walk, &o));
    assert_false(cs_option_next(&walk, &o));
    release(octets);
}

static void a_walk_over_bad_octets_names_the_fault_and_stays_there(void **state)
{
    (void)state;
    const struct cs_slice octets = exact_hex("b1 61 03 62");
    const struct cs_message m = {.octets = octets, .options = octets};
    struct cs_option_walk walk;
    struct cs_option o;
    cs_option_walk_init(&walk, &m);
    assert_true(cs_option_next(&walk, &o));
    assert_false(cs_option_next(&walk, &o));
    assert_int_equal(walk.fault, CS_FAULT_OPTION_SHORT);
    assert_int_equal(walk.at, 2);
    assert_false(cs_option_next(&walk, &o));
    release(octets);
}

static void find_gives_the_first_and_count_all(void **state)
{
    (void)state;
    /* /a/bc, 65003=01, 65005: both share the bit of the unknown critical ones */
    const struct cs_slice octets = exact_hex("40 01 00 01 b1 61 02 62 63 e1 fc d3 01 20");
    const struct cs_message m = decoded(octets);
    struct cs_option o;
    assert_true(cs_option_find(&m, CS_OPT_URI_PATH, &o));
    assert_int_equal(o.at, 4);
    assert_int_equal(cs_option_count(&m, CS_OPT_URI_PATH), 2);
    assert_true(cs_option_find(&m, 65003, &o));
    assert_int_equal(cs_option_uint(&o), 1);
    assert_int_equal(cs_option_count(&m, 65003), 1);
    assert_int_equal(cs_option_count(&m, 65005), 1);
    assert_int_equal(cs_option_count(&m, 65007), 0);
    assert_false(cs_option_find(&m, 65001, &o));
    assert_false(cs_option_find(&m, CS_OPT_ACCEPT, &o));
    release(octets);
}

static void a_uint_has_leading_zeros_and_saturates(void **state)
{
    static const struct {
        const char *hex;
        uint64_t value;
    } values[] = {
        {"", 0},
        {"00", 0},
        {"05", 5},
        {"01 00", 256},
        {"00 00 00 00 00 00 00 00 00 07", 7},
        {"ff ff ff ff ff ff ff ff", UINT64_MAX},
        {"01 00 00 00 00 00 00 00 00", UINT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const struct cs_option o = {.value = exact_hex(values[i].hex)};
        assert_true(cs_option_uint(&o) == values[i].value);
        release(o.value);
    }
}

/* RFC 7252 table 4, RFC 7959 table 1, RFC 9177 table 1: C U N of the registered numbers. */
static void properties_follow_from_the_number(void **state)
{
    (void)state;
    assert_true(CS_OPTION_IS_CRITICAL(CS_OPT_URI_HOST) && CS_OPTION_IS_UNSAFE(CS_OPT_URI_HOST));
    assert_true(CS_OPTION_IS_CRITICAL(CS_OPT_IF_MATCH) && !CS_OPTION_IS_UNSAFE(CS_OPT_IF_MATCH));
    assert_true(!CS_OPTION_IS_CRITICAL(CS_OPT_MAX_AGE) && CS_OPTION_IS_UNSAFE(CS_OPT_MAX_AGE));
    assert_true(CS_OPTION_IS_NO_CACHE_KEY(CS_OPT_SIZE1) && CS_OPTION_IS_NO_CACHE_KEY(CS_OPT_SIZE2));
    assert_false(CS_OPTION_IS_NO_CACHE_KEY(CS_OPT_ETAG));
}

static void option_rows_are_in_order_and_have_bits_of_their_own(void **state)
{
    (void)state;
    size_t count = 0;
    const struct cs_option_def *defs = cs_option_defs(&count);
    uint64_t seen = 0;
    assert_true(count >= 29);
    for (size_t i = 0; i < count; i++) {
        const struct cs_option_def *d = &defs[i];
        assert_true(i == 0 || defs[i - 1].number < d->number);
        assert_ptr_equal(cs_option_def(d->number), d);
        assert_true(cs_option_index(d->number) < CS_OPTION_INDEX_UNKNOWN_ELECTIVE);
        assert_true((seen & CS_OPTION_BIT(d->number)) == 0);
        seen |= CS_OPTION_BIT(d->number);
        assert_true(d->min <= d->max && (d->used_in != 0 || d->number == 0) && d->spec[0] != '\0');
        for (const char *c = d->key; *c != '\0'; c++)
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-');
    }
}

static void every_number_has_an_index_and_only_rows_have_a_definition(void **state)
{
    (void)state;
    size_t count = 0, found = 0;
    cs_option_defs(&count);
    for (uint32_t number = 0; number <= 65535; number++) {
        const unsigned index = cs_option_index(number);
        if (cs_option_def(number) != NULL) {
            assert_int_equal(cs_option_def(number)->number, number);
            found++;
        } else
            assert_int_equal(index, CS_OPTION_IS_CRITICAL(number)
                                        ? CS_OPTION_INDEX_UNKNOWN_CRITICAL
                                        : CS_OPTION_INDEX_UNKNOWN_ELECTIVE);
    }
    assert_int_equal(found, count);
    assert_null(cs_option_def(65536 + CS_OPT_URI_PATH));
}

static void options_have_the_lengths_of_their_documents(void **state)
{
    static const struct {
        uint16_t number, min, max;
        bool repeatable;
    } rows[] = {
        {CS_OPT_IF_MATCH, 0, 8, true},
        {CS_OPT_URI_HOST, 1, 255, false},
        {CS_OPT_ETAG, 1, 8, true},
        {CS_OPT_IF_NONE_MATCH, 0, 0, false},
        {CS_OPT_OBSERVE, 0, 3, false},
        {CS_OPT_URI_PORT, 0, 2, false},
        {CS_OPT_LOCATION_PATH, 0, 255, true},
        {CS_OPT_OSCORE, 0, 255, false},
        {CS_OPT_URI_PATH, 0, 255, true},
        {CS_OPT_CONTENT_FORMAT, 0, 2, false},
        {CS_OPT_MAX_AGE, 0, 4, false},
        {CS_OPT_URI_QUERY, 0, 255, true},
        {CS_OPT_HOP_LIMIT, 1, 1, false},
        {CS_OPT_ACCEPT, 0, 2, false},
        {CS_OPT_LOCATION_QUERY, 0, 255, true},
        {CS_OPT_BLOCK1, 0, 3, false},
        {CS_OPT_BLOCK2, 0, 3, false},
        {CS_OPT_Q_BLOCK2, 0, 3, true},
        {CS_OPT_PROXY_URI, 1, 1034, false},
        {CS_OPT_PROXY_SCHEME, 1, 255, false},
        {CS_OPT_SIZE1, 0, 4, false},
        {CS_OPT_ECHO, 1, 40, false},
        {CS_OPT_NO_RESPONSE, 0, 1, false},
        {CS_OPT_REQUEST_TAG, 0, 8, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cs_option_def *d = cs_option_def(rows[i].number);
        assert_non_null(d);
        if (d->min != rows[i].min || d->max != rows[i].max || d->repeatable != rows[i].repeatable)
            fail_msg("%s: expected %u to %u octets, got %u to %u", d->name, rows[i].min,
                     rows[i].max, d->min, d->max);
    }
}

static void codes_are_found_by_number(void **state)
{
    (void)state;
    size_t count = 0, found = 0;
    const struct cs_code_def *defs = cs_code_defs(&count);
    for (size_t i = 0; i < count; i++)
        assert_true(i == 0 || defs[i - 1].code < defs[i].code);
    for (unsigned code = 0; code < 256; code++)
        found += cs_code_def((uint8_t)code) != NULL;
    assert_int_equal(found, count);
    assert_string_equal(cs_code_def(CS_CODE(0, 7))->name, "iPATCH");
    assert_string_equal(cs_code_def(CS_CODE(4, 29))->name, "Too Many Requests");
    assert_string_equal(cs_code_def(CS_CODE(5, 8))->spec, "RFC 8768");
    assert_null(cs_code_def(CS_CODE(2, 0)));
    assert_null(cs_code_def(CS_CODE(0, 31)));
}

static void content_formats_are_found_by_number(void **state)
{
    (void)state;
    size_t count = 0, found = 0;
    const struct cs_content_format_def *defs = cs_content_format_defs(&count);
    for (size_t i = 0; i < count; i++)
        assert_true(i == 0 || defs[i - 1].number < defs[i].number);
    for (uint32_t number = 0; number <= 65535; number++)
        found += cs_content_format_def(number) != NULL;
    assert_int_equal(found, count);
    assert_string_equal(cs_content_format_def(40)->media_type, "application/link-format");
    assert_string_equal(cs_content_format_def(11544)->media_type, "application/vnd.oma.lwm2m+cbor");
    assert_null(cs_content_format_def(1));
    assert_null(cs_content_format_def(65536));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_gives_number_offsets_and_value),
        cmocka_unit_test(a_walk_ends_before_the_faulty_option),
        cmocka_unit_test(a_walk_over_bad_octets_names_the_fault_and_stays_there),
        cmocka_unit_test(find_gives_the_first_and_count_all),
        cmocka_unit_test(a_uint_has_leading_zeros_and_saturates),
        cmocka_unit_test(properties_follow_from_the_number),
        cmocka_unit_test(option_rows_are_in_order_and_have_bits_of_their_own),
        cmocka_unit_test(every_number_has_an_index_and_only_rows_have_a_definition),
        cmocka_unit_test(options_have_the_lengths_of_their_documents),
        cmocka_unit_test(codes_are_found_by_number),
        cmocka_unit_test(content_formats_are_found_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
