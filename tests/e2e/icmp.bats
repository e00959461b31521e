#!/usr/bin/env bats
# Forged ICMP errors: what takes root, and so has no place in the table of tests/faults.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    device=${BUILD:-build}/coapspec-device
    client="$device --client {uri} --method {method}"
}

needs_root() { [ "$(id -u)" -eq 0 ] || skip "a raw socket takes root"; }

verdicts() { jq -r '.scenarios[] | select(.verdict != "not applicable") | [.id, .verdict] | join(" ")' "$dir/out/results.json"; }

# On a busy machine we may be late ourselves, and then nothing is decided: again.
judge() {
    local times
    for times in 1 2 3; do
        try run icmp --profile tests/faults/device.yaml --exec "$1" --out "$dir/out" --strict
        [[ $(verdicts) == *inconclusive* ]] || return 0
        echo "inconclusive ($times)"
    done
}

@test "a server that forged ICMP errors do not impress passes" {
    needs_root
    judge "$device --listen coap://127.0.0.1:0"
    exits 0
    [ "$(verdicts)" = "icmp/forged-unreachable pass
icmp/time-exceeded pass" ]
}

@test "a server that gives up on any ICMP error is found out" {
    needs_root
    judge "$device --listen coap://127.0.0.1:0 --fault icmp-gives-up"
    exits 1
    [ "$(verdicts)" = "icmp/forged-unreachable fail
icmp/time-exceeded fail" ]
}

@test "libcoap's client believes any Port Unreachable, and passes over the others" {
    needs_root
    judge "$client"
    exits 1
    [ "$(verdicts)" = "icmp/client-forged-unreachable fail
icmp/client-time-exceeded pass" ]
}

@test "a client that gives up on any ICMP error is found out" {
    needs_root
    judge "$client --fault icmp-gives-up"
    exits 1
    [ "$(verdicts)" = "icmp/client-forged-unreachable fail
icmp/client-time-exceeded fail" ]
}

@test "the evidence has the ICMP errors, and is judged as the run was" {
    needs_root
    judge "$device --listen coap://127.0.0.1:0"
    try check "$dir/out/evidence.pcapng" --format json
    exits 0
    [ "$(jq .summary.packets <<<"$output")" -gt "$(jq .summary.messages <<<"$output")" ]
}

@test "over IPv6 nothing is forged, and the reason is given" {
    judge "$device --listen coap://[::1]:0"
    exits 5
    says "over IPv4 alone" "$(<"$dir/out/results.json")"
}
