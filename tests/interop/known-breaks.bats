# What libcoap is known to break is still so, datagram for datagram: a library that was mended, or a rule that was
# bent to it, is noticed here.
# shellcheck disable=SC2154 # common.bash sets program
load ../e2e/common

table=tests/interop/known-breaks-libcoap.tsv

teardown() {
    [ -n "${peer_pid-}" ] || return 0
    kill "$peer_pid" 2>/dev/null
    wait "$peer_pid" 2>/dev/null || true
}

# Sends the datagrams, prints each answer in hex on a line.
datagrams() {
    local one socket
    exec {socket}<>"/dev/udp/$host/$port"
    while read -r one; do
        # one write, one datagram
        xxd -r -p <<<"$one" | dd bs=2000 count=1 status=none >&"$socket"
    done < <(sed 's/ + /\n/g' <<<"$1")
    while one=$(timeout 0.15 dd bs=2000 count=1 status=none <&"$socket" | xxd -p | tr -d '\n') && [ -n "$one" ]; do
        echo "$one"
    done
    exec {socket}>&-
}

# A table's cell as an extended regular expression for all the answers, joined by +.
pattern() {
    [ "$1" = - ] && return
    sed -e 's/\*\*/../g' -e 's/ \* / .* /g' -e 's/\*$/.*/' -e 's/ + /\\+/g' -e 's/ //g' <<<"$1"
}

long() { printf '410310977434746573ff'; printf '78%.0s' {1..1300}; }

# Repeats the rows of this kind of peer; $host and $port is where it listens.
repeat_rows() {
    local requirements seen libcoap sent got what answer wrong=0 count=0
    while IFS=$'\t' read -r requirements seen libcoap sent got what; do
        [[ $sent != - && ($seen == both || $seen == "$1") && ($libcoap == any || $libcoap == "$version") ]] || continue
        [ "$sent" = LONG ] && sent=$(long)
        answer=$(datagrams "$sent" | paste -sd+)
        count=$((count + 1))
        if ! kill -0 "$peer_pid"; then
            wait "$peer_pid"
            echo "the peer ended with $? after: $sent"
            return 1
        fi
        if ! grep -Eqx "$(pattern "$got")" <<<"$answer"; then
            printf '%s: %s\n  sent %s\n  known answer %s\n  answer now   %s\n' \
                "$requirements" "$what" "${sent:0:60}" "$got" "$answer"
            wrong=$((wrong + 1))
        fi
    done < <(sed '/^#/d; /^requirements/d' "$table")
    echo "$count rows, $wrong different"
    [ "$count" -gt 25 ] && [ "$wrong" -eq 0 ]
}

version_fits() {
    version=$("$program-device" --version)
    version=${version##* }
    cut -f3 "$table" | grep -qxF "$version" || skip "nothing is known of libcoap $version"
}

@test "the reference device: libcoap does what it is known to do" {
    version_fits
    exec {ready}< <(exec "$program-device" --listen coap://127.0.0.1:0 3>&- 2>/dev/null)
    peer_pid=$!
    read -r -u "$ready" line
    host=127.0.0.1 port=${line##*:}
    repeat_rows device
}

@test "Debian's coap-server: libcoap does what it is known to do" {
    version_fits
    start_server
    peer_pid=$server_pid
    host=$server_host port=$server_port
    repeat_rows server
}

@test "each row names statements of the catalogue" {
    sed '/^#/d; /^requirements/d' "$table" | cut -f1 | tr ' ' '\n' | sort -u >"$BATS_TEST_TMPDIR/named"
    cut -f1 dissector/rules/requirements/rfc7252.tsv | sort -u >"$BATS_TEST_TMPDIR/known"
    run comm -23 "$BATS_TEST_TMPDIR/named" "$BATS_TEST_TMPDIR/known"
    [ -s "$BATS_TEST_TMPDIR/named" ]
    [ -z "$output" ]
}
