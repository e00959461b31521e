/* tests/unit/innocents.h: dialogues that strict checkers get wrong. No rule is broken in them, as they stand and after what
 * captures do to them (innocent.c). */
#ifndef TESTS_UNIT_INNOCENTS_H
#define TESTS_UNIT_INNOCENTS_H

#define HUNDRED_OCTETS                                                                             \
    "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901" \
    "23456789"
#define KILOBYTE                                                                                   \
    HUNDRED_OCTETS HUNDRED_OCTETS HUNDRED_OCTETS HUNDRED_OCTETS HUNDRED_OCTETS HUNDRED_OCTETS      \
        HUNDRED_OCTETS HUNDRED_OCTETS HUNDRED_OCTETS HUNDRED_OCTETS

static const struct innocent {
    const char *what, *dialogue;
} innocents[] = {
    {"over TCP: two settings, requests and answers in another order",
     "! tcp\n! whole\n> raw: 50 e1 23 80 01 00 20\n< raw: 00 e1\n> GET /a tok=01\n> GET /b tok=02\n"
     "> PUT /c tok=03 cf=0 | 1\n< 2.05 tok=02 | b\n< 2.04 tok=03\n< 2.05 tok=01 cf=0 | a"},
    {"over TCP: an Empty message, Ping and Pong, Release and Abort",
     "! tcp\n! whole\n> 0.00\n> 7.02 tok=42\n< 7.03 tok=42 opt2\n< 7.04 opt2=6162 opt4=05\n> 7.05 "
     "opt2=0801 "
     "| bad option"},
    {"over TCP: a signal with a critical option, a code that nobody has assigned, zeros before a "
     "number",
     "! tcp\n! whole\n> 7.01 opt1=00 opt1=00 opt9=0000\n< 7.31 opt0=aa opt12=00000000"},
    {"over TCP: what would be too much for a datagram, and a size exponent of 7",
     "! tcp\n! whole\n> PUT /a tok=01 block1=0/1/bert | " KILOBYTE KILOBYTE HUNDRED_OCTETS
     "\n< 2.31 tok=01 block1=0/1/bert"},
    {"over TCP: an observation that never ends",
     "! tcp\n! whole\n> GET /a tok=0102 observe=0\n< 2.05 tok=0102 observe=0 | a\n+400 < 2.05 "
     "tok=0102 "
     "observe=0 | b\n+4000 < 2.05 tok=0102 observe=0 | b"},
    {"over TCP: the same request twice, with the same token, one after the other",
     "! tcp\n! whole\n> GET /a tok=01\n< 2.05 tok=01 | a\n> GET /a tok=01\n< 2.05 tok=01 | a"},
    {"over TCP: both sides ask, with the same token",
     "! tcp\n! whole\n> GET /a tok=01\n< GET /b tok=01\n> 2.05 tok=01 | b\n< 2.05 tok=01 | a"},
    {"over TCP: no response to be seen, no request to be seen",
     "! tcp\n> GET /a tok=01\n< 2.05 tok=0304 | b\n+300 end"},
    {"over WebSocket: settings, a request for a host by its name, its response",
     "! ws\n! whole\n> 7.01\n< 7.01 opt2=0480\n> GET /a tok=01 uri-host=192.0.2.1\n< 2.05 tok=01 | "
     "a"},
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
    {"a client begins anew, and the server remembers what it answered under that Message ID",
     "> CON PUT /a mid=12 tok=01020304 | 1\n< ACK 2.04 mid=12 tok=01020304\n"
     "+20 > CON GET /a mid=1 tok=01020305\n< ACK 2.31 mid=1 tok=01020399\n"
     "> CON GET /a mid=2 tok=01020306\n< ACK 4.04 mid=2 tok=010203aa"},
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
    {"a smaller block than the one asked for (RFC 7959)",
     "> CON GET /a mid=7 tok=01 block2=0/0/64\n"
     "< ACK 2.05 mid=7 tok=01 block2=0/1/16 etag=aa cf=0 | 0123456789abcdef\n"
     "> CON GET /a mid=8 tok=02 block2=1/0/16\n"
     "< ACK 2.05 mid=8 tok=02 block2=1/0/16 etag=aa | 0123"},
    {"a Content-Format in the first block alone",
     "> CON GET /a mid=7 tok=01020304 accept=60\n"
     "< ACK 2.05 mid=7 tok=01020304 block2=0/1/16 cf=60 | 0123456789abcdef\n"
     "> CON GET /a mid=8 tok=01020304 accept=60 block2=1/0/16\n"
     "< ACK 2.05 mid=8 tok=01020304 block2=1/0/16 | 0123"},
    {"Q-Block1: a burst, the missing blocks, one of them again (RFC 9177)",
     "> NON PUT /a mid=7 tok=01020301 request-tag=01 q-block1=0/1/16 size1=40 | 0123456789abcdef\n"
     "> NON PUT /a mid=8 tok=01020302 request-tag=01 q-block1=1/1/16 size1=40 | 0123456789abcdef\n"
     "> NON PUT /a mid=9 tok=01020303 request-tag=01 q-block1=2/0/16 size1=40 | 01234567\n"
     "< NON 4.08 mid=90 tok=01020303 cf=272 | ~\n"
     "> NON PUT /a mid=10 tok=01020304 request-tag=01 q-block1=1/1/16 size1=40 | 0123456789abcdef\n"
     "< NON 2.04 mid=91 tok=01020304"},
    {"Q-Block2: several responses to one request (RFC 9177)",
     "> NON GET /a mid=7 tok=01020301 q-block2=0/1/16\n"
     "< NON 2.05 mid=90 tok=01020301 q-block2=0/1/16 size2=40 etag=aa cf=0 | 0123456789abcdef\n"
     "< NON 2.05 mid=91 tok=01020301 q-block2=1/1/16 size2=40 etag=aa cf=0 | 0123456789abcdef\n"
     "< NON 2.05 mid=92 tok=01020301 q-block2=2/0/16 size2=40 etag=aa cf=0 | 01234567\n"
     "+2 > NON GET /a mid=8 tok=01020302 q-block2=1/0/16 q-block2=2/0/16\n"
     "< NON 2.05 mid=93 tok=01020302 q-block2=1/1/16 etag=aa cf=0 | 0123456789abcdef\n"
     "< NON 2.05 mid=94 tok=01020302 q-block2=2/0/16 etag=aa cf=0 | 01234567"},
    {"an observation by NON, a confirmable notification now and then, and an error that ends it",
     "> NON GET /a mid=7 tok=01020304 observe=0\n"
     "< NON 2.05 mid=90 tok=01020304 observe=1 | 1\n"
     "+30 < CON 2.05 mid=91 tok=01020304 observe=2 | 2\n"
     "> ACK 0.00 mid=91\n"
     "+30 < CON 4.04 mid=92 tok=01020304\n"
     "> ACK 0.00 mid=92"},
    {"a notification that the next one supersedes (RFC 7641 section 4.5.2)",
     "> CON GET /a mid=7 tok=01020304 observe=0\n"
     "< ACK 2.05 mid=7 tok=01020304 observe=1 | 1\n"
     "+5 < CON 2.05 mid=91 tok=01020304 observe=2 | 2\n"
     "+2.4 < CON 2.05 mid=92 tok=01020304 observe=3 | 3\n"
     "+4.8 < CON 2.05 mid=93 tok=01020304 observe=4 | 4\n"
     "> ACK 0.00 mid=91\n"
     "> ACK 0.00 mid=93"},
    {"a FETCH that observes, and the rest of its answer by blocks",
     "> CON FETCH /a mid=7 tok=01020304 observe=0 cf=60 | q\n"
     "< ACK 2.05 mid=7 tok=01020304 observe=1 block2=0/1/16 etag=aa | 0123456789abcdef\n"
     "> CON FETCH /a mid=8 tok=01020305 cf=60 block2=1/0/16 | q\n"
     "< ACK 2.05 mid=8 tok=01020305 block2=1/0/16 etag=aa | 01"},
    {"CoCoA: back-off by 1.5", "> CON GET /a mid=7 tok=01\n"
                               "+4.2 > CON GET /a mid=7 tok=01\n"
                               "+6.3 > CON GET /a mid=7 tok=01\n"
                               "+9.45 > CON GET /a mid=7 tok=01\n"
                               "+14.2 > CON GET /a mid=7 tok=01"},
    {"CoCoA: back-off by 3", "> CON GET /a mid=7 tok=01\n"
                             "+0.4 > CON GET /a mid=7 tok=01\n"
                             "+1.2 > CON GET /a mid=7 tok=01\n"
                             "+3.6 > CON GET /a mid=7 tok=01"},
    {"both roles on one port, tokens and Message IDs alike in both directions",
     "> CON POST /rd?ep=a mid=700 tok=01020304 | </3>\n"
     "< ACK 2.01 mid=700 tok=01020304 location-path=rd location-path=1\n"
     "< CON GET /3/0 mid=700 tok=01020304\n"
     "> ACK 2.05 mid=700 tok=01020304 | a\n"
     "> CON POST /rd/1 mid=701 tok=01020305\n"
     "< ACK 2.04 mid=701 tok=01020305\n"
     "< CON GET /3/0 mid=701 tok=01020305 observe=0\n"
     "> ACK 2.05 mid=701 tok=01020305 observe=1 | a\n"
     "> NON 2.05 mid=702 tok=01020305 observe=2 | b\n"
     "< RST 0.00 mid=702\n"
     "< CON DELETE /3/0 mid=702 tok=01020306\n"
     "> ACK 4.05 mid=702 tok=01020306"},
    {"the acknowledgement of a separate response, captured before it",
     "> CON GET /a mid=700 tok=01020304\n"
     "< ACK 0.00 mid=700\n"
     "> ACK 0.00 mid=9000\n"
     "< CON 2.05 mid=9000 tok=01020304 | a\n"
     "> CON GET /a mid=701 tok=01020305\n"
     "> ACK 0.00 mid=9001\n"
     "< CON 2.05 mid=9001 tok=01020305 | a\n"
     "< ACK 0.00 mid=701"},
    {"a separate response whose Empty ACK was lost, so that the client repeats",
     "> CON GET /a mid=700 tok=01020304\n"
     "< CON 2.05 mid=9000 tok=01020304 | a\n"
     "> ACK 0.00 mid=9000\n"
     "+2.4 > CON GET /a mid=700 tok=01020304\n"
     "< ACK 0.00 mid=700"},
    {"a NON that is sent several times (section 4.3)", "> NON PUT /a mid=7 tok=01 | 1\n"
                                                       "+1 > NON PUT /a mid=7 tok=01 | 1\n"
                                                       "+1 > NON PUT /a mid=7 tok=01 | 1\n"
                                                       "+1 > NON PUT /a mid=7 tok=01 | 1"},
    {"pings in both directions with one Message ID", "> CON 0.00 mid=700\n"
                                                     "< CON 0.00 mid=700\n"
                                                     "< RST 0.00 mid=700\n"
                                                     "> RST 0.00 mid=700"},
    {"an extended token, and a server that does not know of them",
     "> raw: 4d 01 07 00 01 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e b1 61\n"
     "< RST 0.00 mid=0x700"},
    {"captures of both ends joined, of which one clock is 3 s ahead",
     "> CON GET /a mid=700 tok=01\n"
     "< ACK 0.00 mid=700\n"
     "+1 < CON 2.05 mid=90 tok=01 | a\n"
     "> ACK 0.00 mid=90\n"
     "+2 > CON GET /a mid=700 tok=01\n"
     "< ACK 0.00 mid=700\n"
     "+1 < CON 2.05 mid=90 tok=01 | a\n"
     "> ACK 0.00 mid=90\n"
     "> NON GET /b mid=701 tok=01\n"
     "< NON 2.05 mid=91 tok=01 | b\n"
     "+3 > NON GET /b mid=701 tok=01\n"
     "< NON 2.05 mid=91 tok=01 | b"},
    {"EDHOC, and OSCORE with the last message of it (RFC 9668)",
     "> CON POST /.well-known/edhoc mid=7 tok=01 cf=65 | ~\n"
     "< ACK 2.04 mid=7 tok=01 cf=64 | ~\n"
     "> CON POST mid=8 tok=02 oscore=0900 edhoc= | ~\n"
     "< ACK 2.04 mid=8 tok=02 oscore= | ~"},
    {"a bootstrap of LwM2M",
     "> CON POST /bs?ep=a mid=7 tok=01020304\n"
     "< ACK 2.04 mid=7 tok=01020304\n"
     "< CON DELETE /0 mid=90 tok=a1\n"
     "> ACK 2.02 mid=90 tok=a1\n"
     "< CON PUT /0/1 mid=91 tok=a2 cf=11542 | ~\n"
     "> ACK 2.04 mid=91 tok=a2\n"
     "< CON GET / mid=92 tok=a3 accept=40\n"
     "> ACK 2.05 mid=92 tok=a3 cf=40 | </>;lwm2m=\"1.1\",</0/0>;uri=\"coaps://x\",</1>;ver=1.1\n"
     "< CON POST /bs mid=93 tok=a4\n"
     "> ACK 2.04 mid=93 tok=a4"},
    {"LwM2M 1.1: composite operations, Send, Create, Execute",
     "< CON FETCH mid=90 tok=a1 cf=112 accept=112 | ~\n"
     "> ACK 2.05 mid=90 tok=a1 cf=112 | ~\n"
     "< CON iPATCH mid=91 tok=a2 cf=112 | ~\n"
     "> ACK 2.04 mid=91 tok=a2\n"
     "> CON POST /dp mid=7 tok=01020304 cf=112 | ~\n"
     "< ACK 2.04 mid=7 tok=01020304\n"
     "< CON POST /3 mid=92 tok=a3 cf=11542 | ~\n"
     "> ACK 2.01 mid=92 tok=a3 location-path=3 location-path=1\n"
     "< CON POST /3/0/4 mid=93 tok=a4\n"
     "> ACK 2.04 mid=93 tok=a4\n"
     "< CON PUT /3/0?pmin=1?pmax=9 mid=94 tok=a5\n"
     "> ACK 2.04 mid=94 tok=a5"},
    {"codes of later documents (RFC 8132, 8516, 8768), and 5.05",
     "> CON GET /a mid=7 tok=01\n"
     "< ACK 4.29 mid=7 tok=01 max-age=10\n"
     "> CON PATCH /a mid=8 tok=02 cf=51 | a\n"
     "< ACK 4.09 mid=8 tok=02\n"
     "> CON GET mid=9 tok=03 proxy-uri=coap://b.example/a hop-limit=1\n"
     "< ACK 5.08 mid=9 tok=03 | b.example\n"
     "> CON GET mid=10 tok=04 proxy-uri=http://b.example/a accept=0\n"
     "< ACK 5.05 mid=10 tok=04\n"
     "> CON GET /a mid=11 tok=05\n"
     "< ACK 5.03 mid=11 tok=05 max-age=0"},
    {"a client whose translated port changes while it observes",
     "> CON GET /a mid=7 tok=01020304 observe=0\n"
     "< ACK 2.05 mid=7 tok=01020304 observe=1 | 1\n"
     "+60 < NON 2.05 mid=90 tok=01020304 observe=2 | 2\n"
     "2> CON GET /a mid=8 tok=01020304 observe=0\n"
     "2< ACK 2.05 mid=8 tok=01020304 observe=3 | 3\n"
     "2< NON 2.05 mid=91 tok=01020304 observe=4 | 4\n"
     "< CON 2.05 mid=92 tok=01020304 observe=5 | 5\n"
     "+2.4 < CON 2.05 mid=92 tok=01020304 observe=5 | 5"},
    {"a group that is observed; a request of which errors are wanted",
     ">* NON GET /a mid=7 tok=0102 observe=0\n"
     "< NON 2.05 mid=90 tok=0102 observe=1 | a\n"
     "s2< NON 2.05 mid=40 tok=0102 observe=1 | b\n"
     "+5 < NON 2.05 mid=91 tok=0102 observe=2 | c\n"
     "s2< CON 2.05 mid=41 tok=0102 observe=2 | d\n"
     ">* NON GET /b mid=8 tok=0103 no-response=2\n"
     "< NON 4.04 mid=92 tok=0103"},
    {"a duplicate whose answer has grown older", "> CON GET /a mid=7 tok=01\n"
                                                 "< ACK 2.05 mid=7 tok=01 max-age=30 | a\n"
                                                 "+2.4 > CON GET /a mid=7 tok=01\n"
                                                 "< ACK 2.05 mid=7 tok=01 max-age=27 | a"},
    {"empty segments, an empty query, no path",
     "> CON GET mid=7 tok=01 uri-path= uri-path=a uri-path= uri-query=\n"
     "< ACK 2.05 mid=7 tok=01 | a\n"
     "> CON POST mid=8 tok=02 uri-path=a uri-path= | 1\n"
     "< ACK 2.01 mid=8 tok=02 location-path= location-path=x location-query=\n"
     "> CON GET mid=9 tok=03\n"
     "< ACK 4.04 mid=9 tok=03"},
    {"one short token for everything, and Message IDs drawn at random",
     "> NON GET /a mid=700 tok=01\n"
     "> NON GET /b mid=33000 tok=01\n"
     "< NON 2.05 mid=90 tok=01 | a\n"
     "< NON 4.04 mid=91 tok=01\n"
     "> CON POST /c mid=12000 tok=01 | x\n"
     "< ACK 0.00 mid=12000\n"
     "> CON GET /d mid=51000 tok=01\n"
     "< CON 2.04 mid=92 tok=01\n"
     "> ACK 0.00 mid=92\n"
     "< ACK 2.05 mid=51000 tok=01 | d"},
    {"NON responses to confirmable requests, early and late",
     "> CON GET /a mid=7 tok=01020304\n"
     "+1 < ACK 0.00 mid=7\n"
     "+20 < NON 2.05 mid=90 tok=01020304 | a\n"
     "> CON PUT /a mid=8 tok=01020305 | 1\n"
     "< NON 2.04 mid=91 tok=01020305"},
    {"a piggybacked response after seconds, and again for each copy of the request",
     "> CON GET /a mid=7 tok=01020304\n"
     "+2.4 > CON GET /a mid=7 tok=01020304\n"
     "+3 < ACK 2.05 mid=7 tok=01020304 | a\n"
     "< ACK 2.05 mid=7 tok=01020304 | a\n"
     "+2 > CON GET /a mid=7 tok=01020304\n"
     "< ACK 2.05 mid=7 tok=01020304 | a"},
    {"options of experiments, repeated ones too, and one that is refused",
     "> CON GET /a mid=7 tok=01 opt65000=aa opt65000=bb opt2050=01 opt10=aa\n"
     "< ACK 2.05 mid=7 tok=01 opt65000=aa opt10=bb | a\n"
     "> CON GET /a mid=8 tok=02 opt65001=aa\n"
     "< ACK 4.02 mid=8 tok=02 | option 65001"},
    {"Content-Formats of experiments", "> CON GET /a mid=7 tok=01 accept=65000\n"
                                       "< ACK 2.05 mid=7 tok=01 cf=65000 | a\n"
                                       "> CON PUT /a mid=8 tok=02 cf=65535 | a\n"
                                       "< ACK 4.15 mid=8 tok=02"},
    {"a proxy that keeps the token, seen on both sides",
     "> CON GET mid=7 tok=01020304 proxy-uri=coap://b.example/a\n"
     "2> CON GET /a mid=900 tok=01020304\n"
     "2< ACK 2.05 mid=900 tok=01020304 | a\n"
     "< ACK 2.05 mid=7 tok=01020304 | a"},
    {"DTLS 1.2 and 1.3 on the port of CoAP",
     "> raw: 16 fe fd 00 00 00 00 00 00 00 00 00 05 01 00 00 01 00\n"
     "> raw: 2f 12 01 02 03 04 05 06 07 08\n"
     "> raw: 19 fe fd 00 01 00 00 00 00 00 00 00 05 01 00 00 01 00"},
    {"plain text that keeps a NAT binding", "> raw: 6b 65 65 70 61 6c 69 76 65\n"
                                            "> raw: 48 65 6c 6c 6f\n"
                                            "> raw: 0d 0a\n"
                                            "> raw: 4f 4b 0d 0a\n"
                                            "> CON GET /a mid=7 tok=01"},
    {"STUN, zeros and line ends that keep a NAT binding",
     "> raw: 00 01 00 08 21 12 a4 42 01 02 03 04 05 06 07 08 09 0a 0b 0c 80 22 00 04 63 6f 61 70\n"
     "> raw: 00 00 00 00\n"
     "> raw: 0d 0a 0d 0a"},
    {"an error in two blocks that part a character",
     "> CON GET /a mid=7 tok=01 block2=0/0/16\n"
     "< raw: 61 84 00 07 01 d1 0a 08 ff 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 c3\n"
     "> CON GET /a mid=8 tok=01 block2=1/0/16\n"
     "< raw: 61 84 00 08 01 d1 0a 10 ff a4 41"},
    {"a token for ACE as in the examples of RFC 9200",
     "> CON POST /token mid=7 tok=01020304 cf=19 | a\n"
     "< ACK 2.05 mid=7 tok=01020304 cf=19 | a"},
    {"two ends that count in step, and the capture missed a separate response",
     "> CON GET /a mid=4660 tok=01\n"
     "< ACK 0.00 mid=4660\n"
     "< CON 2.05 mid=4660 tok=01 | a\n"
     "> ACK 0.00 mid=4660\n"
     "> CON GET /a mid=4661 tok=02\n"
     "< ACK 0.00 mid=4661\n"
     "> ACK 0.00 mid=4661"},
    {"an option number that is reserved for Location options",
     "> CON POST /a mid=7 tok=01 opt128=aa | 1\n"
     "< ACK 2.01 mid=7 tok=01 location-path=b opt132=aa"},
    {"a device that wakes each minute and begins with the same message",
     "> CON POST /a mid=1 tok=01 | 1\n"
     "+60 > CON POST /a mid=1 tok=01 | 1\n"
     "+60 > CON POST /a mid=1 tok=01 | 1\n"
     "+60 > CON POST /a mid=1 tok=01 | 1"},
    {"captures of both ends joined, with one retransmission", "> CON GET /a mid=7 tok=01\n"
                                                              "+2.4 > CON GET /a mid=7 tok=01\n"
                                                              "+3 > CON GET /a mid=7 tok=01\n"
                                                              "+2.4 > CON GET /a mid=7 tok=01"},
    {"a Q-Block2 of link-format that begins within a link",
     "> NON GET /.well-known/core mid=7 tok=01020301 q-block2=1/0/16\n"
     "< NON 2.05 mid=90 tok=01020301 cf=40 q-block2=1/0/16 | x;ct=a<b>;ct=c"},
    {"a confirmable notification is acknowledged, and its copy finds that the client has forgotten",
     "> CON GET /a mid=7 tok=01020304 observe=0\n< ACK 2.05 mid=7 tok=01020304 observe=1 | a\n"
     "+5 < CON 2.05 mid=90 tok=01020304 observe=2 | b\n> ACK 0.00 mid=90\n"
     "+2.4 < CON 2.05 mid=90 tok=01020304 observe=2 | b\n> RST 0.00 mid=90"},
    {"a critical option of somebody's own, served",
     "> CON GET /a mid=7 tok=01 opt65001=aa\n< ACK 2.05 mid=7 tok=01 | a"},
    {"an end that only asks, and rejects all requests",
     "< CON GET /a mid=90 tok=01 opt65001=aa\n> RST 0.00 mid=90\n< CON GET /a mid=91 tok=02\n"
     "> RST 0.00 mid=91\n> CON POST /b mid=7 tok=03 | 1\n< ACK 2.04 mid=7 tok=03"},
    {"If-None-Match, once with effect and once without",
     "> CON PUT /a mid=7 tok=01 if-none-match | 1\n< ACK 2.01 mid=7 tok=01\n"
     "> CON PUT /a mid=8 tok=02 if-none-match | 1\n< ACK 4.12 mid=8 tok=02\n"
     "> CON PUT /a mid=9 tok=03 | 1\n< ACK 2.04 mid=9 tok=03"},
    {"If-None-Match with each block of a transfer",
     "> CON PUT /a mid=7 tok=01020304 if-none-match block1=0/1/16 | 0123456789abcdef\n"
     "< ACK 2.31 mid=7 tok=01020304 block1=0/1/16\n"
     "> CON PUT /a mid=8 tok=01020305 if-none-match block1=1/0/16 | 01\n"
     "< ACK 2.04 mid=8 tok=01020305 block1=1/0/16"},
    {"a registration that is sent twice, and its server keeps but the latter",
     "> CON POST /rd?ep=a mid=7 tok=01 | </1>\n< ACK 2.01 mid=7 tok=01 location-path=rd/4\n"
     "+30 > CON POST /rd?ep=a mid=7 tok=01 | </1>\n< ACK 2.01 mid=7 tok=01 location-path=rd/5"},
    {"a poll that is answered by what is new, its copy as well",
     "> CON POST /poll mid=7 tok=01 | 1\n< ACK 2.04 mid=7 tok=01 | 1\n"
     "+2.4 > CON POST /poll mid=7 tok=01 | 1\n< ACK 2.04 mid=7 tok=01 | 2"},
    {"zeros that keep a NAT binding open, and a ping with Message ID 0",
     "> raw: 00 00 00 00\n> CON 0.00 mid=0\n< RST 0.00 mid=0\n> raw: 00 00 00 00\n"
     "+1 > CON GET /a mid=1 tok=01\n< ACK 2.05 mid=1 tok=01 | a"},
    {"something else on the port, between a request and its answer",
     "> CON GET /a mid=4660 tok=01\n> raw: 00 f1 12 34 f4 05\n< ACK 2.05 mid=4660 tok=01 | a"},
    {"both ends acknowledge what the capture missed, and count in step",
     "> NON GET /a mid=4650 tok=01\n< NON 2.05 mid=4651 tok=01 | a\n"
     "> ACK 0.00 mid=4660\n< ACK 0.00 mid=4660"},
};

#endif
