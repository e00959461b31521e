/* application/link-format: targets and attributes with their offsets, and where the walk ends. */
#include "tests/unit/support.h"

#include "base/text.h"
#include "payload/link_format.h"

/* "target@offset name=value@offset …", and how the walk ended. */
static void walked(struct cs_slice payload, char *buf, size_t cap)
{
    static const char *const ends[] = {"end", "target", "quote", "separator"};
    struct cs_link_walk walk;
    struct cs_link_attribute a;
    struct cs_text text;
    cs_text_init(&text, buf, cap);
    cs_link_walk_init(&walk, payload);
    while (cs_link_next(&walk)) {
        cs_text_add(&text, "%.*s@%u ", (int)walk.target.len, (const char *)walk.target.at,
                    walk.target_at);
        while (cs_link_attribute(&walk, &a))
            cs_text_add(&text, "%.*s@%u%s%.*s@%u ", (int)a.name.len, (const char *)a.name.at,
                        a.name_at, a.has_value ? "=" : "", (int)a.value.len,
                        (const char *)a.value.at, a.value_at);
    }
    cs_text_add(&text, "%s@%u", ends[walk.fault], walk.at);
}

static const struct row {
    const char *payload, *walked;
} rows[] = {
    {"", "end@0"},
    {"</a>", "/a@1 end@4"},
    {"</a>,</b>", "/a@1 /b@6 end@9"},
    {"<>", "@1 end@2"},
    {"</a>;ct=0,</b>;if;rt=\"x y\"", "/a@1 ct@5=0@8 /b@11 if@15@17 rt@18=\"x y\"@21 end@26"},
    {"</a>;title=\"x,y;ct=z\";ct=1", "/a@1 title@5=\"x,y;ct=z\"@11 ct@22=1@25 end@26"},
    {"</a>;t=\"\\\"\";u=2", "/a@1 t@5=\"\\\"\"@7 u@12=2@14 end@15"},
    {"</a>;ct=,</b>", "/a@1 ct@5=@8 /b@10 end@13"},
    {"</a>;;x", "/a@1 @5@5 x@6@7 end@7"},
    {" \n</a>", "/a@3 end@6"},
    {"</a>,", "/a@1 end@5"},
    {"no link", "end@0"},
    {"</a", "target@0"},
    {"</a>,</b", "/a@1 target@5"},
    {"</a>x;ct=1", "/a@1 separator@4"},
    {"</a>;t=\"x", "/a@1 quote@7"},
    {"</a>;t=\"x\"y", "/a@1 t@5=\"x\"@7 separator@10"},
    {"</a>;t=\"\\", "/a@1 quote@7"},
};

static void each_link_and_attribute_has_its_offset(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[256];
        const struct cs_slice payload =
            exact_copy((const uint8_t *)rows[i].payload, strlen(rows[i].payload));
        walked(payload, got, sizeof got);
        if (strcmp(got, rows[i].walked) != 0)
            fail_msg("%s\n  expected %s\n  got      %s", rows[i].payload, rows[i].walked, got);
        release(payload);
    }
}

/* No prefix of any of them is read beyond its end. */
static void a_prefix_ends_where_it_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t n = 0; n < strlen(rows[i].payload); n++) {
            char got[256];
            const struct cs_slice payload = exact_copy((const uint8_t *)rows[i].payload, n);
            walked(payload, got, sizeof got);
            assert_non_null(strchr(got, '@'));
            release(payload);
        }
}

static void an_attribute_is_found_in_each_link(void **state)
{
    (void)state;
    static const char payload[] = "</a>;rt=x;ct=0,</b>;ct=1;ct=2,</c>;ctx=3;ct";
    static const struct {
        uint32_t links, value_at;
        bool has_value;
    } expected[] = {{1, 13, true}, {2, 23, true}, {2, 28, true}, {3, 43, false}};
    struct cs_link_walk walk;
    struct cs_link_attribute a;
    cs_link_walk_init(&walk, (struct cs_slice){(const uint8_t *)payload, strlen(payload)});
    for (size_t i = 0; i < 4; i++) {
        assert_true(cs_link_find(&walk, "ct", &a));
        assert_int_equal(walk.links, expected[i].links);
        assert_int_equal(a.value_at, expected[i].value_at);
        assert_int_equal(a.has_value, expected[i].has_value);
    }
    assert_false(cs_link_find(&walk, "ct", &a));
    cs_link_walk_init(&walk, (struct cs_slice){(const uint8_t *)payload, strlen(payload)});
    walk.last = 12;
    assert_true(cs_link_find(&walk, "ct", &a));
    assert_false(cs_link_find(&walk, "ct", &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_link_and_attribute_has_its_offset),
        cmocka_unit_test(a_prefix_ends_where_it_ends),
        cmocka_unit_test(an_attribute_is_found_in_each_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
