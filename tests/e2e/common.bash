# tests/e2e/common.bash: what the tests of commands share. `load common` comes first in each.
bats_require_minimum_version 1.5.0

root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
cd "$root" || exit 1
program=${BUILD:-build}/coapspec
unset NO_COLOR COLUMNS

coapspec() { "$program" "$@"; }

# As bats' run, but standard output and standard error stand apart in $output and $stderr.
try() { run --separate-stderr "$program" "$@"; }

# shellcheck disable=SC2154 # bats sets status and output
# The last command ended with this code; otherwise all that it said is shown.
exits() {
    [ "$status" -eq "$1" ] && return
    echo "expected exit $1, got $status"
    echo "stdout: $output"
    echo "stderr: ${stderr-}"
    return 1
}

# Is this text in that one?
says() {
    [[ $2 == *"$1"* ]] && return
    echo "expected: $1"
    echo "in: $2"
    return 1
}

# Debian's name of a program of libcoap, whichever TLS library it was built with.
libcoap_program() {
    local name
    for name in "$1" "$1-openssl" "$1-gnutls" "$1-notls"; do
        command -v "$name" && return
    done
    return 1
}

# Starts libcoap's own server on the loopback interface: $server is its URI, $server_host and $server_port. stop_server ends it.
# It shares its port with any other that asks for it, so it has an address of its own, and no port that the system chooses.
start_server() {
    local binary attempt
    binary=$(libcoap_program coap-server) || skip "no coap-server here (libcoap3-bin)"
    for attempt in 1 2 3 4 5; do
        server_host=127.$((1 + RANDOM % 254)).$((RANDOM % 256)).$((1 + RANDOM % 254))
        server_port=$((10000 + RANDOM % 20000))
        "$binary" -A "$server_host" -p "$server_port" -v 0 >/dev/null 2>&1 3>&- &
        server_pid=$!
        server=coap://$server_host:$server_port
        wait_for_server && return
        stop_server
    done
    echo "coap-server did not start ($attempt attempts)"
    return 1
}

# A port where nobody listens yet is refused at once: ask again for as long as the process lives.
wait_for_server() {
    local tries
    for ((tries = 0; tries < 2000; tries++)); do
        kill -0 "$server_pid" 2>/dev/null || return 1
        coapspec send -q 'CON EMPTY' "$server" --timeout 1s >/dev/null 2>&1 && return
    done
    return 1
}

stop_server() {
    [ -n "${server_pid-}" ] || return 0
    # it may be gone already, and how it ended does not matter
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=
}
