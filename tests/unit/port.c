#include "src/net/port.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/support.h"

enum { PORTS = 600 }; /* of some 20 000, so that two would be alike if nothing prevented it */

static unsigned system_gives(unsigned *last)
{
    unsigned first = 0;
    FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    assert_non_null(file);
    assert_int_equal(2, fscanf(file, "%u %u", &first, last));
    fclose(file);
    return first;
}

static void a_port_is_taken_once_and_never_one_that_the_system_gives(void **state)
{
    static bool seen[65536];
    static int holds[PORTS];
    struct cs_error error;
    unsigned last = 0;
    const unsigned first = system_gives(&last);
    (void)state;
    if (first < 20000) /* a system of unusual settings */
        skip();
    for (size_t i = 0; i < PORTS; i++) {
        uint16_t port = 0;
        assert_true(net_port_take(&port, &holds[i], &error));
        assert_true(holds[i] >= 0);
        assert_true(port >= 10000 && (port < first || port > last));
        assert_false(seen[port]);
        seen[port] = true;
    }
    for (size_t i = 0; i < PORTS; i++)
        close(holds[i]);
}

static void a_port_that_was_taken_can_be_bound(void **state)
{
    struct cs_error error;
    int hold = -1;
    uint16_t port = 0;
    (void)state;
    assert_true(net_port_take(&port, &hold, &error));
    const struct sockaddr_in in = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(0, bind(fd, (const struct sockaddr *)&in, sizeof in));
    close(fd);
    close(hold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_is_taken_once_and_never_one_that_the_system_gives),
        cmocka_unit_test(a_port_that_was_taken_can_be_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
