#!/usr/bin/env bats
# coapspec run --capture: the stream comes from an interface. It takes the permission to capture.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    device="${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:{port}"
    faults="--fault executes-duplicates --fault diagnostic-not-utf8"
    scenarios="core/ping core/get-con core/duplicate-post core/missing"
}

needs_capture() {
    "$program" check -i lo --duration 1ms >"$dir/said" 2>&1 || [ $? -ne 3 ] ||
        skip "no permission to capture here"
}

findings() { jq -r '[.findings[] | "\(.rule) \(.octet) \(.message) \(.packets)"] | sort | .[]' "$1"; }
held() { jq -r '.rules[] | select(.held + .broken + .undecided > 0) | "\(.id) \(.held) \(.broken) \(.undecided)"' "$1"; }
cases() { jq -r '.scenarios[] | "\(.id) \(.verdict) \(.packets)"' "$1"; }

# The same findings, tallies and number of messages in both documents; "some" findings.
same() {
    [ "$(findings "$1" | wc -l)" -gt 0 ]
    diff <(findings "$1") <(findings "$2")
    diff <(held "$1") <(held "$2")
    diff <(jq .summary.messages "$1") <(jq .summary.messages "$2")
}

@test "what passed the interface is judged, kept, and judged the same again" {
    needs_capture
    # shellcheck disable=SC2086 # several scenarios
    try run $scenarios --exec "$device $faults" --capture lo --out "$dir/out"
    exits 1
    "$program" check "$dir/out/evidence.pcapng" --format json >"$dir/again.json" || [ $? = 1 ]
    same "$dir/out/results.json" "$dir/again.json"
    [ "$(jq -r '.sources[0].format' "$dir/out/results.json")" = "interface, Ethernet" ]
    [ "$(jq -r '.sources[0].note' "$dir/out/results.json")" = null ]
}

@test "an interface shows what our sockets saw, at the same packets" {
    needs_capture
    for how in "" "--capture lo"; do
        # shellcheck disable=SC2086
        run "$program" run $scenarios --exec "$device $faults" $how --strict --jobs 1 --seed 7 --out "$dir/out$how"
        [ "$status" -eq 1 ]
    done
    same "$dir/out/results.json" "$dir/out--capture lo/results.json"
    cases "$dir/out/results.json" | grep -q 'fail \[[0-9]'
    diff <(cases "$dir/out/results.json") <(cases "$dir/out--capture lo/results.json")
}

@test "the evidence of an interface has its frames and our verdicts" {
    needs_capture
    command -v tshark >/dev/null || skip "no tshark here"
    # shellcheck disable=SC2086
    try run $scenarios --exec "$device $faults" --capture lo --strict --out "$dir/out"
    exits 1
    tshark -r "$dir/out/evidence.pcapng" -T fields -e frame.number -e eth.type -e frame.comment >"$dir/frames"
    [ "$(grep -c 0x0800 "$dir/frames")" -eq "$(jq .summary.packets "$dir/out/results.json")" ]
    jq -r '.scenarios[] | select(.verdict == "fail") | .id as $id | .packets[] | "\(.) \($id)"' \
        "$dir/out/results.json" >"$dir/failed"
    [ -s "$dir/failed" ]
    while read -r number id; do
        grep -q "^$number	.*coapspec: fail: $id: " "$dir/frames"
    done <"$dir/failed"
}

@test "with --format ndjson the scenarios have the numbers of packets" {
    needs_capture
    # shellcheck disable=SC2086
    try run $scenarios --exec "$device $faults" --capture lo --format ndjson --strict --out "$dir/out"
    exits 1
    diff <(jq -r 'select(.type == "scenario") | "\(.id) \(.packets)"' <<<"$output" | sort) \
        <(jq -r '.scenarios[] | "\(.id) \(.packets)"' "$dir/out/results.json" | sort)
}

@test "what a client says is taken from the interface, too" {
    needs_capture
    try run client/ping client/con-response-to-non --capture any --out "$dir/out" \
        --exec "${BUILD:-build}/coapspec-device --client {uri} --method {method} {non:--non}"
    exits 0
    says "2 of 2 scenarios passed" "$output"
    [ "$(jq '.summary.messages > 4 and .sources[0].note == null' "$dir/out/results.json")" = true ]
}

# In a network namespace, where there is an interface by which nothing passes.
@test "an interface that the run does not pass is told" {
    needs_capture
    local netns=coapspec-$$-capture
    { ip netns add "$netns" && ip -n "$netns" link set lo up; } 2>/dev/null || {
        ip netns del "$netns" 2>/dev/null
        skip "no network namespace here: it takes root"
    }
    ip -n "$netns" link add out type veth peer name in 2>/dev/null && ip -n "$netns" link set out up || {
        ip netns del "$netns"
        skip "no virtual interface here"
    }
    run --separate-stderr ip netns exec "$netns" "$program" run core/ping --exec "$device" --capture out --out "$dir/out"
    ip netns del "$netns"
    exits 3
    says "coapspec: out: none of the " "$stderr"
    [ -s "$dir/out/results.json" ]
}

@test "an interface that is not there is exit 3 with the nearest name" {
    try run core/ping --exec "$device" --capture l0 --out "$dir/out"
    exits 3
    says "l0: no interface is named l0; did you mean lo?" "$stderr"
}

@test "without permission nothing is sent, and it says what gives it" {
    command -v setpriv >/dev/null || skip "no setpriv here"
    [ "$(id -u)" -eq 0 ] || skip "root alone can give up its rights"
    run --separate-stderr setpriv --inh-caps=-all --bounding-set=-all "$program" run core/ping \
        --exec "$device" --capture lo --out "$dir/out"
    exits 3
    says "lo: no permission to capture: run as root" "$stderr"
    [ ! -e "$dir/out/evidence.pcapng" ]
}

@test "a fault at our border and a capture exclude each other" {
    try run core/ping --exec "$device" --capture lo --fault ack-mid --out "$dir/out"
    exits 2
    says "--capture" "$stderr"
    [ ! -e "$dir/out" ]
}

@test "what passes the interface in DTLS is opened, judged, and judged the same again" {
    needs_capture
    "${BUILD:-build}/coapspec-device" --help | grep -q psk-key || skip "a device without DTLS"
    key="--psk-identity someone --psk-key secret"
    # shellcheck disable=SC2086 # several words
    try run core/ping core/get-con core/post-creates --profile tests/faults/device.yaml --capture lo --strict --out "$dir/out" $key \
        --exec "${BUILD:-build}/coapspec-device --listen coaps://127.0.0.1:0 $key --fault location-dot-dot"
    exits 1
    says "judged decrypted" "$output"
    [ "$(jq '.sources[0].counts.messages > 4 and .sources[0].note == null' "$dir/out/results.json")" = true ]
    cases "$dir/out/results.json" | grep -q 'fail \[[0-9]'
    "$program" check "$dir/out/evidence.pcapng" --format json >"$dir/again.json" || [ $? = 1 ]
    same "$dir/out/results.json" "$dir/again.json"
}
