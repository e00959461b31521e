# coapspec send: one message and its answer, against libcoap's own server.
load common

setup() { start_server; }
teardown() { stop_server; }

@test "an answer that cannot be written is exit 3, unless its reader went away" {
    [ -c /dev/full ] || skip "no full device here"
    run bash -c "'$program' send -q 'CON GET /' '$server' >/dev/full"
    exits 3
    says "coapspec: standard output: " "$output"
    { "$program" send -q 'CON GET /' "$server" 2>"$BATS_TEST_TMPDIR/said"; echo $? >"$BATS_TEST_TMPDIR/code"; } | true
    [ "$(<"$BATS_TEST_TMPDIR/code")" -eq 0 ]
    [ ! -s "$BATS_TEST_TMPDIR/said" ]
}

@test "a piggybacked answer is printed as a line" {
    try send 'CON GET / tok=0102 mid=0x1234' "$server"
    exits 0
    says "ACK 2.05" "$output"
    says "tok=0102 mid=0x1234" "$output"
    says "> CON GET tok=0102 mid=0x1234" "$stderr"
    says " ms" "$stderr"
    [ "${#lines[@]}" -eq 1 ]
}

@test "what is printed is a line that decode takes" {
    try send -q 'CON GET /.well-known/core' "$server"
    exits 0
    says "content-format=40" "$output"
    [ -z "$stderr" ]
    try decode -q "$output"
    exits 0
}

@test "a ping is answered by RST" {
    try send 'CON EMPTY mid=77' "$server"
    exits 0
    [ "$output" = "RST EMPTY mid=0x004d" ]
}

@test "a NON is answered by a NON" {
    try send 'NON GET /time' "$server"
    exits 0
    says "NON 2.05" "$output"
}

@test "a separate response is waited for and acknowledged" {
    try send 'CON GET /async?1' "$server"
    exits 0
    says "ACK EMPTY" "${lines[0]}"
    says "CON 2.05" "${lines[1]}"
    mid=$(sed -E 's/.*mid=(0x[0-9a-f]{4}).*/\1/' <<<"${lines[1]}")
    says "> ACK EMPTY mid=$mid" "$stderr"
}

@test "notifications are printed for as long as --for says" {
    try send 'CON GET /time observe=0' "$server" --for 2.5s
    exits 0
    [ "${#lines[@]}" -ge 3 ]
    [ "$(grep -c 'observe=' <<<"$output")" -ge 3 ]
}

@test "an error is an answer: exit 0" {
    try send 'CON GET /nowhere' "$server"
    exits 0
    says "ACK 4.04" "$output"
}

@test "-v shows the octets of both" {
    try send -v 'CON EMPTY mid=1' "$server"
    exits 0
    says "40 00 00 01" "$stderr"
    says "70 00 00 01" "$stderr"
}

@test "an illegal message can be sent" {
    try send 'raw: 41 01 00 01' "$server" --once
    exits 0
    says "RST EMPTY mid=0x0001" "$output"
}

@test "silence is exit 3" {
    try send 'ACK' "$server" --timeout 300ms
    exits 3
    says "no answer" "$stderr"
    says "none is due" "$stderr"
}

@test "a port where nobody listens is exit 3, at once" {
    stop_server
    try send 'CON GET /' "$server"
    exits 3
    says "nobody listens there" "$stderr"
}

@test "a bad line, a bad URI and a path in the URI are exit 2" {
    try send 'CON GTE /' "$server"
    exits 2
    says "column 5: unknown word 'GTE': did you mean GET?" "$stderr"
    try send 'CON GET /' 'http://127.0.0.1'
    exits 2
    try send 'CON GET' "$server/time"
    exits 2
    says "CON GET /time" "$stderr"
    try send 'CON GET /'
    exits 2
}

@test "a CON that nobody acknowledges is sent again, and the answer still counts" {
    kill -STOP "$server_pid"
    coapspec send 'CON GET / tok=01' "$server" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
    sender=$!
    until grep -q "transmission 2" "$BATS_TEST_TMPDIR/err"; do
        kill -0 $sender
        read -rt 0.05 <> <(:) || true
    done
    kill -CONT "$server_pid"
    wait $sender
    says "ACK 2.05" "$(cat "$BATS_TEST_TMPDIR/out")"
    says "several transmissions" "$(cat "$BATS_TEST_TMPDIR/err")"
}

@test "--once sends a CON once" {
    kill -STOP "$server_pid"
    try send --once 'CON GET /' "$server" --timeout 3.1s
    kill -CONT "$server_pid"
    exits 3
    [[ $stderr != *transmission* ]]
}

@test "it does what RFC 7252 asks of a client: the scenarios for clients, with send as the device" {
    # but for the one that waits for the last of five transmissions; tests/unit/peer.c has their times
    local send="'{non:NON} {method} {path} {accept:accept=%} {payload:| %}' {server} --for 20s # {linger}"
    try run client --exclude client/retransmission-schedule --exec "$program send -q $send" --out "$BATS_TEST_TMPDIR/out"
    exits 0
    jq -e '[.scenarios[] | select(.verdict == "pass")] | length >= 36' "$BATS_TEST_TMPDIR/out/results.json"
}

# Says the steps of a server to `send`, and what send made of it to $stderr.
serve() { # the steps after the request, as lines of YAML
    { printf '%s\n' 'name: A server' 'role: client' 'about: For a test.' 'steps:' '  - await: CON GET' "$@"; } >"$BATS_TEST_TMPDIR/server.yaml"
    try run "$BATS_TEST_TMPDIR/server.yaml" --out "$BATS_TEST_TMPDIR/out" \
        --exec "$program send 'CON GET /test tok=0102' {server} --for 2s >$BATS_TEST_TMPDIR/said 2>$BATS_TEST_TMPDIR/err"
    stderr=$(<"$BATS_TEST_TMPDIR/err")
}

@test "what comes a second time is named a duplicate, and answered as the first time" {
    serve '  - reply: ACK EMPTY' '  - reply: CON 2.05 mid=0x0102 | once' '    retransmit: no' '  - expect: ACK EMPTY mid=0x0102' \
        '  - send: CON 2.05 tok=0102 mid=0x0102 | once' '    retransmit: no' '  - expect: ACK EMPTY mid=0x0102'
    exits 0
    [ "$(grep -c once "$BATS_TEST_TMPDIR/said")" -eq 1 ]
    says "a duplicate" "$stderr"
}

@test "a notification that nobody waits for, and a ping, are answered by RST" {
    serve '  - reply: 2.05 | hello' '  - send: NON 2.05 tok=0909 observe=5 mid=0x0103 | other' '  - expect: RST EMPTY mid=0x0103' \
        '  - send: CON EMPTY mid=0x0104' '  - expect: RST EMPTY mid=0x0104'
    exits 0
    says "its token is not ours" "$stderr"
    says "> RST EMPTY mid=0x0104" "$stderr"
}

@test "a malformed response is shown, and rejected" {
    serve '  - reply: ACK EMPTY' '  - send: "raw: 42 45 01 05 01 02 ff"' '    retransmit: no' '  - expect: RST EMPTY mid=0x0105'
    exits 0
    says "malformed: payload marker with nothing behind it" "$stderr"
}
