/* tests/unit/dtls_server.c: DTLS sessions that others begin with a socket of ours. The client is a process of its own, as its
 * handshake waits. */
#include "src/net/dtls_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/net/address.h"
#include "src/net/dtls_transport.h"
#include "tests/unit/support.h"

static const uint8_t ping[4] = {0x40, 0, 0x12, 0x34}, pong[4] = {0x70, 0, 0x12, 0x34};

/* What the server has seen. */
struct seen {
    struct net_socket socket;
    unsigned news[NET_SESSION_NEWS];
    char why[160];
    unsigned messages, in_clear;
    unsigned verifies; /* HelloVerifyRequests that it sent */
    bool closes;       /* it closes its socket when it hears of a session */
};

static void on_news(void *user, const struct cs_address *peer, enum net_session_news news,
                    const char *why)
{
    struct seen *s = user;
    (void)peer;
    s->news[news]++;
    if (why[0] != '\0')
        snprintf(s->why, sizeof s->why, "%s", why);
    if (s->closes && news == NET_SESSION_BEGAN)
        net_socket_close(&s->socket);
}

static void on_message(void *user, const struct net_received *received)
{
    struct seen *s = user;
    s->messages++;
    s->in_clear += !received->secured;
    assert_int_equal(received->octets.len, sizeof ping);
    assert_memory_equal(received->octets.at, ping, sizeof ping);
    const struct cs_slice answer = {pong, sizeof pong};
    assert_true(net_socket_send(&s->socket, &received->src, answer));
}

static void on_wire(void *user, const struct cs_address *peer, struct cs_slice octets, bool ours,
                    uint64_t at_ns)
{
    struct seen *s = user;
    (void)at_ns;
    assert_int_equal(peer->ip[0], 127);
    s->verifies += ours && octets.len > 13 && octets.at[0] == 22 && octets.at[13] == 3;
}

/* ------------------------------------------------------------------ the client */

/* What the client does once its session is there, and whether that was well. */
typedef bool client_part(int fd, const struct net_dtls_end *end, struct net_dtls *dtls);

/* One ping, and what comes back. */
static bool exchange(int fd, struct net_dtls *dtls)
{
    uint8_t octets[2048], inside[64];
    if (!net_dtls_send(dtls, (struct cs_slice){ping, sizeof ping}))
        return false;
    for (int i = 0; i < 8; i++) {
        const ssize_t n = recv(fd, octets, sizeof octets, 0);
        if (n <= 0)
            return false;
        net_dtls_take(dtls, (struct cs_slice){octets, (size_t)n}, 0);
        if (net_dtls_next(dtls, inside, sizeof inside) == sizeof pong)
            return memcmp(inside, pong, sizeof pong) == 0;
    }
    return false;
}

static bool one_ping(int fd, const struct net_dtls_end *end, struct net_dtls *dtls)
{
    (void)end;
    return exchange(fd, dtls);
}

static bool is_there(int fd, const struct net_dtls_end *end, struct net_dtls *dtls)
{
    (void)fd, (void)end;
    return dtls != NULL;
}

static bool in_the_clear(int fd, const struct net_dtls_end *end, struct net_dtls *dtls)
{
    (void)dtls;
    return sendto(fd, ping, sizeof ping, 0, (const struct sockaddr *)&end->peer,
                  end->peer_length) == sizeof ping;
}

static struct net_security by_key(const char *identity)
{
    struct net_security s = {.identity = identity, .key_length = 6};
    memcpy(s.key, "secret", 6);
    return s;
}

/* The client begins anew from the same port, and has forgotten what was. */
static bool once_more(int fd, const struct net_dtls_end *end, struct net_dtls *dtls)
{
    static const struct net_security security = {
        .identity = "someone", .key = "secret", .key_length = 6};
    struct cs_error error;
    struct net_dtls *second = NULL;
    return exchange(fd, dtls) &&
           net_dtls_connect(&security, NULL, end, NULL, 5 * NET_SECOND, &second, &error) ==
               NET_SESSION_DONE &&
           exchange(fd, second);
}

/* Ends with the result of its handshake, or 9 when what followed was not well. */
static void be_client(const struct cs_address *server, const struct net_security *security,
                      client_part *part)
{
    struct cs_error error = {0};
    struct net_dtls *dtls = NULL;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = 5};
    struct net_dtls_end end = {.fd = fd};
    end.peer_length = net_to_sockaddr(server, 0, &end.peer);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const enum net_session_result result =
        net_dtls_connect(security, NULL, &end, NULL, 5 * NET_SECOND, &dtls, &error);
    const bool fine = result != NET_SESSION_DONE || part(fd, &end, dtls);
    net_dtls_free(dtls);
    _exit(fine ? (int)result : 9);
}

/* Serves until the client has ended; what it ended with. */
static int serve(struct seen *s, const struct net_security *ours, const struct net_security *theirs,
                 const struct net_handshake *handshake, client_part *part)
{
    const struct cs_address any = {.family = 4, .ip = {127, 0, 0, 1}};
    struct cs_error error = {0};
    struct net_loop *loop = net_loop_new();
    s->socket = (struct net_socket){.transport = net_transport_of("coaps"),
                                    .security = ours,
                                    .accepts = true,
                                    .name = "127.0.0.1",
                                    .news = on_news,
                                    .receive = on_message,
                                    .wire = {.see = on_wire, .user = s},
                                    .user = s};
    if (!net_socket_open(&s->socket, loop, &any, &any, &error))
        fail_msg("%s", error.text);
    if (handshake != NULL)
        assert_true(net_dtls_server_offer(net_dtls_sessions(&s->socket), handshake, &error));
    const pid_t child = fork();
    if (child == 0)
        be_client(&s->socket.local, theirs, part);
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0)
        net_loop_turn(loop, net_now() + 20 * NET_MS);
    net_loop_turn(loop, net_now()); /* what it said last */
    net_socket_close(&s->socket);
    net_loop_free(loop);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* ------------------------------------------------------------------ by a key */

static void messages_go_both_ways_and_a_cookie_is_asked_for(void **state)
{
    const struct net_security key = by_key("someone");
    struct seen s = {.messages = 0};
    (void)state;
    assert_int_equal(serve(&s, &key, &key, NULL, one_ping), NET_SESSION_DONE);
    assert_int_equal(s.messages, 1);
    assert_int_equal(s.in_clear, 0);
    assert_int_equal(s.verifies, 1);
    assert_int_equal(s.news[NET_SESSION_ASKED], 1);
    assert_int_equal(s.news[NET_SESSION_BEGAN], 1);
    assert_int_equal(s.news[NET_SESSION_ENDED], 1);
    assert_string_equal(s.why, "the device ended the session");
}

static void an_identity_that_we_do_not_know_has_no_session(void **state)
{
    const struct net_security ours = by_key("someone"), theirs = by_key("nobody");
    struct seen s = {.messages = 0};
    (void)state;
    assert_int_equal(serve(&s, &ours, &theirs, NULL, one_ping), NET_SESSION_REFUSED);
    assert_int_equal(s.news[NET_SESSION_BEGAN], 0);
    assert_int_equal(s.news[NET_SESSION_WAS_STOPPED], 1);
    assert_string_equal(s.why, "the device names an identity that we do not know");
}

static void what_comes_in_the_clear_is_told_apart(void **state)
{
    const struct net_security key = by_key("someone");
    struct seen s = {.messages = 0};
    (void)state;
    assert_int_equal(serve(&s, &key, &key, NULL, in_the_clear), NET_SESSION_DONE);
    assert_int_equal(s.messages, 1);
    assert_int_equal(s.in_clear, 1);
}

static void who_begins_anew_from_the_same_port_has_a_new_session(void **state)
{
    const struct net_security key = by_key("someone");
    struct seen s = {.messages = 0};
    (void)state;
    assert_int_equal(serve(&s, &key, &key, NULL, once_more), NET_SESSION_DONE);
    assert_int_equal(s.messages, 2);
    assert_int_equal(s.news[NET_SESSION_BEGAN], 2);
}

static void who_is_told_of_a_session_may_close_the_socket(void **state)
{
    const struct net_security key = by_key("someone");
    struct seen s = {.closes = true};
    (void)state;
    serve(&s, &key, &key, NULL, is_there);
    assert_int_equal(s.news[NET_SESSION_BEGAN], 1);
}

static void nobody_without_a_session_is_spoken_to(void **state)
{
    const struct cs_address any = {.family = 4, .ip = {127, 0, 0, 1}},
                            other = {.family = 4, .ip = {127, 0, 0, 1}, .port = 9};
    const struct net_security key = by_key("someone");
    struct cs_error error = {0};
    struct net_loop *loop = net_loop_new();
    struct net_socket socket = {.transport = net_transport_of("coaps"),
                                .security = &key,
                                .accepts = true,
                                .name = "127.0.0.1"};
    (void)state;
    assert_true(net_socket_open(&socket, loop, &any, &any, &error));
    assert_true(net_socket_is_secure(&socket));
    errno = 0;
    assert_false(net_socket_send(&socket, &other, (struct cs_slice){ping, sizeof ping}));
    assert_int_equal(errno, ENOTCONN);
    net_socket_close(&socket);
    net_loop_free(loop);
}

/* ------------------------------------------------------------------ by certificates */

static char folder[] = "/tmp/coapspec-unit-XXXXXX";
static char authority[64], authority_key[64], other[64];

static int make_authorities(void **state)
{
    char command[512];
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(authority, sizeof authority, "%s/authority.pem", folder);
    snprintf(authority_key, sizeof authority_key, "%s/authority.key", folder);
    snprintf(other, sizeof other, "%s/other.pem", folder);
    snprintf(command, sizeof command,
             "cd %s && for one in authority other; do openssl req -x509 -newkey ec -pkeyopt "
             "ec_paramgen_curve:P-256 -sha256 -nodes -days 2 -subj /CN=$one -keyout $one.key -out "
             "$one.pem; done 2>openssl.txt",
             folder);
    return system(command); /* NOLINT(cert-env33-c): the command is ours */
}

static int remove_authorities(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command); /* NOLINT(cert-env33-c): the command is ours */
}

static void a_server_without_a_certificate_issues_one(void **state)
{
    const struct net_security ours = {.ca = authority, .ca_key = authority_key},
                              theirs = {.ca = authority};
    struct seen s = {.messages = 0};
    (void)state;
    assert_int_equal(serve(&s, &ours, &theirs, NULL, one_ping), NET_SESSION_DONE);
    assert_int_equal(s.messages, 1);
}

static void who_trusts_another_authority_refuses(void **state)
{
    const struct net_security ours = {.ca = authority, .ca_key = authority_key},
                              theirs = {.ca = other};
    struct seen s = {.messages = 0};
    (void)state;
    assert_int_equal(serve(&s, &ours, &theirs, NULL, one_ping), NET_SESSION_FAILED);
    assert_int_equal(s.news[NET_SESSION_WAS_REFUSED], 1);
    assert_string_equal(s.why, "the device refuses the handshake: unknown CA");
}

/* Ours looks at the dates and at who signed, and at no name. */
static void certificates_are_as_wrong_as_they_should_be(void **state)
{
    static const struct {
        enum net_certificate kind;
        enum net_session_result result;
    } rows[] = {{NET_CERTIFICATE_EXPIRED, NET_SESSION_FAILED},
                {NET_CERTIFICATE_UNTRUSTED, NET_SESSION_FAILED},
                {NET_CERTIFICATE_NAMED, NET_SESSION_DONE},
                {NET_CERTIFICATE_OTHER_URI, NET_SESSION_DONE},
                {NET_CERTIFICATE_OTHER_URI_OWN_CN, NET_SESSION_DONE},
                {NET_CERTIFICATE_OTHER_CN, NET_SESSION_DONE},
                {NET_CERTIFICATE_WILDCARD_CN, NET_SESSION_DONE}};
    const struct net_security ours = {.ca = authority, .ca_key = authority_key},
                              theirs = {.ca = authority};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct net_handshake handshake = {.certificate = rows[i].kind};
        struct seen s = {.messages = 0};
        assert_int_equal(serve(&s, &ours, &theirs, &handshake, one_ping), rows[i].result);
        assert_int_equal(s.messages, rows[i].result == NET_SESSION_DONE);
    }
}

static void a_certificate_is_shown_although_there_is_a_key(void **state)
{
    struct net_security ours = by_key("someone"), theirs = by_key("someone");
    const struct net_handshake handshake = {.certificate = NET_CERTIFICATE_NAMED};
    struct seen s = {.messages = 0};
    (void)state;
    ours.ca = authority;
    ours.ca_key = authority_key;
    assert_int_equal(serve(&s, &ours, &theirs, NULL, one_ping), NET_SESSION_DONE);
    /* the client has a key alone: there is no suite for both */
    assert_int_equal(serve(&s, &ours, &theirs, &handshake, one_ping), NET_SESSION_REFUSED);
    assert_int_equal(s.news[NET_SESSION_WAS_STOPPED], 1);
}

static void a_certificate_that_cannot_be_made_changes_nothing(void **state)
{
    const struct net_security ours = {.ca = authority, .ca_key = other};
    const struct net_dtls_serving serving = {.security = &ours, .own = {"127.0.0.1", 5684}};
    struct cs_error error = {0};
    (void)state;
    assert_null(net_dtls_serve(&serving, &error));
    assert_non_null(strstr(error.text, "no certificate could be made"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_go_both_ways_and_a_cookie_is_asked_for),
        cmocka_unit_test(an_identity_that_we_do_not_know_has_no_session),
        cmocka_unit_test(what_comes_in_the_clear_is_told_apart),
        cmocka_unit_test(who_begins_anew_from_the_same_port_has_a_new_session),
        cmocka_unit_test(who_is_told_of_a_session_may_close_the_socket),
        cmocka_unit_test(nobody_without_a_session_is_spoken_to),
        cmocka_unit_test(a_server_without_a_certificate_issues_one),
        cmocka_unit_test(who_trusts_another_authority_refuses),
        cmocka_unit_test(certificates_are_as_wrong_as_they_should_be),
        cmocka_unit_test(a_certificate_is_shown_although_there_is_a_key),
        cmocka_unit_test(a_certificate_that_cannot_be_made_changes_nothing),
    };
    return cmocka_run_group_tests(tests, make_authorities, remove_authorities);
}
