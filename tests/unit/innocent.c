/* Dialogues that strict checkers get wrong: whatever a rule may say of them, none is broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coapspec/rules.h"
#include "rules/specimen.h"

static const struct innocent {
    const char *what, *dialogue;
} innocents[] = {
    {"token lengths 9 to 12 (RFC 8974)", "> raw: 49 01 00 07 01 02 03 04 05 06 07 08 09 b1 61\n"
                                         "< raw: 69 45 00 07 01 02 03 04 05 06 07 08 09 ff 61"},
    {"token length 13 and one octet more (RFC 8974)",
     "> raw: 4d 01 00 07 01 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e b1 61\n"
     "< raw: 6d 45 00 07 01 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e ff 61"},
    {"an unknown critical option in a NON, met by silence",
     "> NON GET /a mid=7 tok=0102 opt65001=aa\n+300 end"},
    {"an unknown critical option in a NON, met by RST",
     "> NON GET /a mid=7 tok=0102 opt65001=aa\n< RST 0.00 mid=7"},
    {"an unknown critical option in a NON, met by 4.02",
     "> NON GET /a mid=7 tok=0102 opt65001=aa\n< NON 4.02 mid=90 tok=0102"},
    {"5.01 in place of 4.05", "> raw: 41 06 00 07 01\n< raw: 61 a1 00 07 01"},
    {"an empty token, used for one request after the other",
     "> raw: 40 01 00 07 b1 61\n< raw: 60 45 00 07 ff 61\n> raw: 40 01 00 08 b1 62\n< raw: 60 45 "
     "00 08 ff 62"},
    {"a token used again while an answer was lost",
     "> CON GET /a mid=7 tok=01\n+100 > CON GET /b mid=8 tok=01\n< ACK 2.05 mid=8 tok=01 | b"},
    {"a response without Max-Age",
     "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 etag=aa | a"},
    {"5.03 without Max-Age", "> CON GET /a mid=7 tok=01\n< ACK 5.03 mid=7 tok=01"},
    {"Uri-Host refused",
     "> CON GET /a mid=7 tok=01 uri-host=other.example\n< ACK 4.04 mid=7 tok=01"},
    {"random back-off", "> CON GET /a mid=7 tok=01\n+2.03 > CON GET /a mid=7 tok=01\n+4.31 > CON "
                        "GET /a mid=7 tok=01\n+7.9 > CON GET /a mid=7 tok=01"},
    {"ACK_TIMEOUT of 3 s, as some stacks have it",
     "> CON GET /a mid=7 tok=01\n+4.2 > CON GET /a mid=7 tok=01\n+8.4 > CON GET /a mid=7 "
     "tok=01\n+16.8 > CON GET /a mid=7 tok=01\n"
     "+33.6 > CON GET /a mid=7 tok=01"},
    {"every packet captured twice",
     "> CON GET /a mid=7 tok=01\n+0.00001 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n"
     "+0.00001 < ACK 2.05 mid=7 tok=01 | a\n> NON PUT /b mid=8 tok=02 | 1\n+0.00001 > NON PUT /b "
     "mid=8 tok=02 | 1"},
    {"every packet captured four times",
     "> CON GET /a mid=7 tok=01\n+0.00001 > CON GET /a mid=7 tok=01\n+0.00001 > CON GET /a mid=7 "
     "tok=01\n"
     "+0.00001 > CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a"},
    {"requests in the clear beside a DTLS session, and their responses",
     "> dtls: client-hello suites=c0a8\n< dtls: server-hello suites=c0a8\n> dtls: record\n< dtls: "
     "record\n"
     "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n< CON 0.00 mid=8\n> RST 0.00 mid=8"},
    {"a response in the clear beside a DTLS session, whose request was not captured",
     "> dtls: record\n< dtls: record\n< NON 2.05 mid=7 tok=01 | a"},
    {"a ClientHello without server name and point formats (RFC 8422)",
     "> dtls: client-hello suites=c0ae,c0a8 groups=001d,0017"},
    {"a ClientHello with a shared key alone, without curves", "> dtls: client-hello suites=c0a8"},
    {"a certificate for RSA, with a suite for it",
     "> dtls: client-hello suites=c02f groups=001d\n< dtls: server-hello suites=c02f\n"
     "< dtls: certificate cert=rsa:rsa:agrees"},
    {"a key for EdDSA (RFC 8422)",
     "> dtls: client-hello suites=c0ae groups=0017 points=00\n< dtls: server-hello suites=c0ae\n"
     "< dtls: certificate cert=ed25519:ed25519:signs"},
    {"DTLS 1.3", "> dtls: client-hello suites=1301,1305 groups=001d versions=fefc\n"
                 "< dtls: server-hello suites=1305 versions=fefc"},
    {"a capture that began in the middle",
     "< ACK 2.05 mid=7 tok=0102 | a\n< NON 2.05 mid=90 tok=0304 | b\n> ACK 0.00 mid=91\n< RST 0.00 "
     "mid=8\n"
     "< CON 2.05 mid=92 tok=0506 observe=12 | c\n> ACK 0.00 mid=92"},
    {"one direction only, the client's",
     "> CON GET /a mid=7 tok=01\n+2.4 > CON GET /a mid=7 tok=01\n> CON GET /b mid=8 tok=01\n> ACK "
     "0.00 mid=90\n> CON GET /c mid=9 tok=01\n+400 end"},
    {"one direction only, the server's",
     "< ACK 2.05 mid=7 tok=01 | a\n< ACK 0.00 mid=8\n< CON 2.05 mid=90 tok=02 | b\n+2.4 < CON 2.05 "
     "mid=90 tok=02 | b\n< ACK 2.04 mid=9 tok=03\n+400 end"},
    {"a request lost between two with one token",
     "> NON GET /a mid=7 tok=01\n< NON 2.05 mid=90 tok=01 | a\n< NON 2.04 mid=91 tok=01"},
    {"two captures' worth of one port: the client begins anew",
     "> CON GET /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a\n> CON GET /b mid=2 tok=02\n< ACK "
     "2.05 mid=2 tok=02 | b\n"
     "+30 > CON PUT /c mid=1 tok=01 | 5\n< ACK 2.04 mid=1 tok=01\n> NON GET /d mid=2 tok=02\n< NON "
     "2.05 mid=90 tok=02 | d"},
    {"the client begins anew and says the same, and now the answer is ready",
     "> CON GET /a mid=1 tok=01\n< ACK 0.00 mid=1\n+1 < CON 2.05 mid=90 tok=01 | a\n> ACK 0.00 "
     "mid=90\n"
     "+60 > CON GET /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a"},
    {"two captures of one port joined, the later one first",
     "> CON GET /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a\n> NON GET /b mid=2 tok=02\n"
     "+-3600 > CON PUT /c mid=1 tok=03 | 5\n< ACK 2.04 mid=1 tok=03\n> CON GET /d mid=2 tok=04\n"
     "< ACK 2.05 mid=2 tok=04 | d"},
    {"the same, and the second capture begins with an answer",
     "> CON GET /a mid=1 tok=01\n> NON GET /b mid=2 tok=02\n+-3600 < ACK 2.05 mid=1 tok=03 | c\n"
     "< ACK 2.05 mid=2 tok=04 | d"},
    {"link-format that ends in a line end",
     "> CON GET /.well-known/core mid=7 tok=01\n"
     "< raw: 61 45 00 07 01 c1 28 ff 3c 2f 61 3e 3b 63 74 3d 34 30 0d 0a"},
    {"a server that begins anew", "> NON GET /a mid=7 tok=0102\n< NON 2.05 mid=1 tok=0102 | a\n"
                                  "+60 > NON GET /b mid=8 tok=0103\n< NON 2.05 mid=1 tok=0103 | b"},
    {"notifications, some confirmable, one lost and repeated with a new value",
     "> CON GET /a mid=7 tok=0102 observe=0\n< ACK 2.05 mid=7 tok=0102 observe=1 | 1\n+5 < NON "
     "2.05 mid=90 tok=0102 observe=2 | 2\n"
     "+5 < CON 2.05 mid=91 tok=0102 observe=3 max-age=9 | 3\n+2.4 < CON 2.05 mid=91 tok=0102 "
     "observe=4 max-age=7 | 3\n"
     "> ACK 0.00 mid=91\n+300 < CON 2.05 mid=92 tok=0102 observe=9 | 4\n> RST 0.00 mid=92"},
    {"an observation registered again and then cancelled, with one token",
     "> CON GET /a mid=7 tok=0102 observe=0\n< ACK 2.05 mid=7 tok=0102 observe=1 | 1\n+60 > CON "
     "GET /a mid=8 tok=0102 observe=0\n"
     "< ACK 2.05 mid=8 tok=0102 observe=7 | 1\n+60 > CON GET /a mid=9 tok=0102 observe=1\n< ACK "
     "2.05 mid=9 tok=0102 | 1"},
    {"notifications of an observation that began before the capture",
     "< CON 2.05 mid=91 tok=0102 observe=3 | 3\n> ACK 0.00 mid=91\n+5 < NON 2.05 mid=92 tok=0102 "
     "observe=4 | 4"},
    {"a block-wise upload and download, one token throughout",
     "> CON PUT /a mid=7 tok=01 block1=0/1/16 size1=20 | 0123456789abcdef\n< ACK 2.31 mid=7 tok=01 "
     "block1=0/1/16\n"
     "> CON PUT /a mid=8 tok=01 block1=1/0/16 | 0123\n< ACK 2.04 mid=8 tok=01 block1=1/0/16\n"
     "> CON GET /a mid=9 tok=01\n< ACK 2.05 mid=9 tok=01 block2=0/1/16 size2=20 | "
     "0123456789abcdef\n"
     "> CON GET /a mid=10 tok=01 block2=1/0/16\n< ACK 2.05 mid=10 tok=01 block2=1/0/16 | 0123"},
    {"an upload cut short",
     "> CON PUT /a mid=7 tok=01 block1=0/1/16 | 0123456789abcdef\n< ACK 4.13 mid=7 tok=01 "
     "block1=0/0/16 size1=8\n"
     "> CON PUT /a mid=8 tok=02 block1=4/1/16 | 0123456789abcdef\n< ACK 4.08 mid=8 tok=02"},
    {"answers to a multicast request",
     ">* NON GET /.well-known/core mid=7 tok=0102\n< NON 2.05 mid=90 tok=0102 cf=40 | </a>\ns2< "
     "NON 2.05 mid=40 tok=0102 cf=40 | </b>\n"
     "s2< NON 2.05 mid=40 tok=0102 cf=40 | </b>"},
    {"a response from another address, where the request to it may have been missed",
     "> NON GET /a mid=7 tok=0102\ns2< NON 2.05 mid=90 tok=0102 | a"},
    {"two clients behind one translated address, of which the capture sees one name each",
     "> CON GET /a mid=7 tok=01\n2> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | a\n2< ACK "
     "2.05 mid=7 tok=01 | a"},
    {"a duplicate whose answer differs, because the first one was lost",
     "> CON POST /a mid=7 tok=01 | 1\n+2.4 > CON POST /a mid=7 tok=01 | 1\n< ACK 2.01 mid=7 tok=01 "
     "location-path=1\n< ACK 2.04 mid=7 tok=01"},
    {"a separate response before its acknowledgement",
     "> CON GET /a mid=7 tok=01\n< CON 2.05 mid=90 tok=01 | a\n< ACK 0.00 mid=7\n> ACK 0.00 "
     "mid=90"},
    {"a separate response that the client has forgotten",
     "> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+1 < CON 2.05 mid=90 tok=01 | a\n"
     "> ACK 0.00 mid=90\n+2.4 < CON 2.05 mid=90 tok=01 | a\n> RST 0.00 mid=90"},
    {"a separate NON response to a CON",
     "> CON GET /a mid=7 tok=01\n< ACK 0.00 mid=7\n+1 < NON 2.05 mid=90 tok=01 | a"},
    {"a response long after EXCHANGE_LIFETIME",
     "> CON GET /a mid=7 tok=0102\n< ACK 0.00 mid=7\n+400 < CON 2.05 mid=90 tok=0102 | a\n> ACK "
     "0.00 mid=90"},
    {"the same, and everything is known",
     "! whole\n> CON GET /a mid=7 tok=0102\n< ACK 0.00 mid=7\n+400 < CON 2.05 mid=90 tok=0102 | "
     "a\n> ACK 0.00 mid=90"},
    {"two counters of Message IDs that meet",
     "> NON GET /a mid=1 tok=0102\n< NON 2.05 mid=1 tok=0102 | a\n> NON GET /b mid=2 tok=0103\n< "
     "NON 2.05 mid=2 tok=0103 | b"},
    {"No-Response (RFC 7967)", "> NON PUT /a mid=7 tok=01 no-response=26 | 1\n> CON PUT /a mid=8 "
                               "tok=02 no-response=26 | 1\n< ACK 0.00 mid=8"},
    {"the methods of RFC 8132",
     "> CON FETCH /a mid=7 tok=01 cf=60 accept=60 | 1\n< ACK 2.05 mid=7 tok=01 cf=60 | 1\n> CON "
     "PATCH /a mid=8 tok=02 cf=60 | 1\n"
     "< ACK 2.04 mid=8 tok=02\n> CON iPATCH /b mid=9 tok=03 cf=60 | 1\n< ACK 2.01 mid=9 tok=03\n> "
     "CON PATCH /b mid=10 tok=04 cf=60 | 1\n"
     "< ACK 4.22 mid=10 tok=04"},
    {"Echo and Request-Tag (RFC 9175)",
     "> CON PUT /a mid=7 tok=01 | 1\n< ACK 4.01 mid=7 tok=01 echo=0102030405060708\n"
     "> CON PUT /a mid=8 tok=02 echo=0102030405060708 request-tag=01 request-tag= | 1\n< ACK 2.04 "
     "mid=8 tok=02"},
    {"OSCORE (RFC 8613): outer POST and FETCH, outer 2.04 and 2.05",
     "> CON POST mid=7 tok=01 oscore=0900 | 0123456789\n< ACK 2.04 mid=7 tok=01 oscore= | "
     "0123456789\n"
     "> CON FETCH mid=8 tok=02 oscore=0901 observe=0 | 0123456789\n< ACK 2.05 mid=8 tok=02 oscore= "
     "observe=1 max-age=0 | 0123456789\n"
     "> CON POST mid=9 tok=03 oscore=0902 | 0123456789\n< ACK 2.05 mid=9 tok=03 oscore= | "
     "0123456789"},
    {"Hop-Limit and 5.08 (RFC 8768)", "> CON GET /a mid=7 tok=01 uri-host=b.example hop-limit=3\n< "
                                      "ACK 5.08 mid=7 tok=01 | b.example"},
    {"a problem detail in CBOR (RFC 9290)",
     "> CON GET /a mid=7 tok=01\n< ACK 4.00 mid=7 tok=01 cf=257 | ~"},
    {"options that nobody has registered, and one of OCF",
     "> CON GET /a mid=7 tok=01 opt2049=0800 opt2053=0800 opt64000=aa opt65002=aa\n< ACK 2.05 "
     "mid=7 tok=01 opt64002=aa | a"},
    {"a registration of LwM2M and its update",
     "> CON POST /rd?ep=x?lt=60?lwm2m=1.1?b=U mid=7 tok=0102 cf=40 | "
     "</>;rt=\"oma.lwm2m\";ct=11543,</1/0>,</3/0>;ver=1.1\n"
     "< ACK 2.01 mid=7 tok=0102 location-path=rd location-path=5a3f\n> CON POST /rd/5a3f?lt=90 "
     "mid=8 tok=0103\n< ACK 2.04 mid=8 tok=0103\n"
     "< CON GET /3/0/9 mid=90 tok=a1 observe=0 accept=112\n> ACK 2.05 mid=90 tok=a1 observe=1 "
     "cf=112 | x\n"
     "> CON DELETE /rd/5a3f mid=9 tok=0104\n< ACK 2.02 mid=9 tok=0104"},
    {"a message that the capture cut in its token",
     "! snap 6\n> CON GET /a mid=7 tok=01020304\n> CON GET /b mid=8 tok=01020305"},
    {"a message that the capture cut in an option",
     "! snap 8\n> CON GET /temperature mid=7 tok=0102\n< ACK 2.05 mid=7 tok=0102 cf=40 | "
     "</a>;ct=a"},
    {"a message that the capture cut in its payload",
     "! snap 12\n> CON GET /a mid=7 tok=0102\n< ACK 2.05 mid=7 tok=0102 cf=40 | </a>;ct=a"},
    {"an empty datagram that keeps a NAT binding, and one of one octet",
     "> raw:\n> raw: 00\n> raw: 0a"},
    {"a client whose port sends something else as well",
     "> raw: 00 01 00 00 21 12 a4 42 00 01 02 03 04 05 06 07 08 09 0a 0b\n> CON GET /a mid=7 "
     "tok=01"},
    {"a draft before RFC 7252: GET /light, /sensors/temp, PUT with a token, and the answers",
     "> raw: 41 01 00 07 95 6c 69 67 68 74\n< raw: 61 45 00 07 10 6f 6e\n"
     "> raw: 42 01 00 08 97 73 65 6e 73 6f 72 73 04 74 65 6d 70\n< raw: 60 45 00 08 32 31 2e 35\n"
     "> raw: 43 03 00 09 10 85 6c 69 67 68 74 22 aa bb 6f 66 66\n< raw: 61 44 00 09 b2 aa bb\n"
     "> raw: 40 00 00 0a\n< raw: 70 00 00 0a"},
    {"several requests at once, as with a larger NSTART",
     "> CON GET /a mid=7 tok=01\n> CON GET /b mid=8 tok=02\n> CON GET /c mid=9 tok=03\n< ACK 2.05 "
     "mid=9 tok=03 | c\n< ACK 2.05 mid=7 tok=01 | a\n"
     "< ACK 2.05 mid=8 tok=02 | b"},
    {"an answer captured before its request",
     "< ACK 2.05 mid=7 tok=01 | a\n> CON GET /a mid=7 tok=01"},
    {"a request that nobody answers", "> CON GET /a mid=7 tok=01\n+400 end"},
    {"nobody at home, and everything is known", "! whole\n> CON GET /a mid=7 tok=01\n+400 end"},
    {"a CON with the Message ID and content of a NON before a restart",
     "> NON PUT /a mid=900 tok=01 | 1\n< NON 2.04 mid=2 tok=01\n+40 > CON PUT /a mid=901 tok=01 | "
     "1\n< ACK 0.00 mid=901\n< CON 2.04 mid=2 tok=01\n> ACK 0.00 mid=2"},
    {"an answer to a message after a restart that the capture missed",
     "> CON 0.00 mid=5\n+30 < ACK 2.05 mid=5 tok=01 | a\n> NON GET /b mid=6 tok=01020304\n"
     "+30 < ACK 0.00 mid=6\n+1 < CON 2.04 mid=90 tok=01020304\n> CON GET /c mid=8 tok=01020305\n"
     "+30 < ACK 2.05 mid=8 tok=01020306 | a"},
    {"one short token for everything, and the capture lost an answer and a request",
     "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=8 tok=01 | b"},
    {"a block-wise transfer that the server began, and the capture lost a block",
     "> CON GET /a mid=7 tok=01020304\n< ACK 2.05 mid=8 tok=01020304 block2=1/0/64 | a"},
    {"a client that begins anew while its answer is late",
     "> CON GET /a mid=1 tok=01\n< ACK 0.00 mid=1\n+40 > CON GET /a mid=1 tok=01\n"
     "< ACK 2.05 mid=1 tok=01 | a"},
    {"two counters that begin at the same number, and the capture lost a message",
     "> CON POST /rd mid=1 tok=01\n< ACK 2.01 mid=1 tok=01\n> ACK 0.00 mid=1\n> RST 0.00 mid=1"},
    {"a capture joined with another of the same unanswered requests",
     "> CON GET /a mid=1 tok=01\n+2.1 > CON GET /a mid=1 tok=01\n+50 > CON GET /a mid=1 tok=01\n"
     "+2.1 > CON GET /a mid=1 tok=01\n+4.2 > CON GET /a mid=1 tok=01"},
    {"a large answer to a small request", "> CON GET /a mid=7 tok=01\n< ACK 2.05 mid=7 tok=01 | "
                                          "0123456789012345678901234567890123456789"},
};

struct found {
    const char *what;
    unsigned count;
};

static void on_finding(void *user, const struct cs_finding *finding)
{
    struct found *found = user;
    print_error("%s: %s at packet %llu: %s\n", found->what, finding->rule->id,
                (unsigned long long)finding->packet, finding->why);
    found->count++;
}

static void nobody_is_blamed(void **state)
{
    const struct innocent *innocent = *state;
    struct found found = {.what = innocent->what};
    struct cs_settings settings = {.user = &found, .on_finding = on_finding};
    struct cs_error error = {{0}, 0, 0, {0}};
    struct cs_analysis *analysis = cs_specimen_play(innocent->dialogue, &settings, &error);
    if (analysis == NULL)
        fail_msg("%s: line %u, column %u: %s", innocent->what, error.line, error.column,
                 error.text);
    cs_analysis_free(analysis);
    assert_int_equal(found.count, 0);
}

/* The same dialogue with a fault in it is noticed: the list is not held by a player that plays nothing. */
static void a_fault_among_them_is_blamed(void **state)
{
    (void)state;
    unsigned silent = 0;
    for (size_t i = 0; i < sizeof innocents / sizeof innocents[0]; i++) {
        char dialogue[4096];
        struct found found = {.what = "planted"};
        struct cs_settings settings = {.user = &found};
        struct cs_error error;
        snprintf(dialogue, sizeof dialogue, "%s\n3> raw: 50 00 00 07", innocents[i].dialogue);
        struct cs_analysis *analysis = cs_specimen_play(dialogue, &settings, &error);
        assert_non_null(analysis);
        size_t count;
        const struct cs_tally *tallies = cs_analysis_tallies(analysis, &count);
        uint64_t broken = 0;
        for (size_t r = 0; r < count; r++)
            broken += tallies[r].broken;
        silent += broken == 0 && strstr(dialogue, " end\n") == NULL;
        cs_analysis_free(analysis);
    }
    assert_int_equal(silent, 0);
}

int main(void)
{
    enum { COUNT = sizeof innocents / sizeof innocents[0] };
    static struct CMUnitTest tests[COUNT + 1];
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = innocents[i].what,
                                       .test_func = nobody_is_blamed,
                                       .initial_state = (void *)(uintptr_t)&innocents[i]};
    tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(a_fault_among_them_is_blamed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
