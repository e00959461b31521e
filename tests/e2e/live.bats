#!/usr/bin/env bats
# An interface is judged as a file is. In a network namespace of its own, so that nothing else passes there; that takes
# root.

load common

setup_file() {
    export NETNS=coapspec-$$
    { ip netns add "$NETNS" && ip -n "$NETNS" link set lo up; } 2>/dev/null || {
        ip netns del "$NETNS" 2>/dev/null
        NETNS=
    }
}

teardown_file() {
    [ -z "$NETNS" ] || ip netns del "$NETNS"
}

needs_namespace() { [ -n "$NETNS" ] || skip "no network namespace here: it takes root"; }

# Judges the loopback interface of the namespace until it has seen what it wants; the octets are sent all the while,
# to each port in turn.
judge_while_sending() { # octets ports argument…
    local octets=$1 ports=$2 pid
    shift 2
    ip netns exec "$NETNS" "$program" check -i lo --format json "$@" >"$BATS_TEST_TMPDIR/report" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
    pid=$!
    # shellcheck disable=SC2016 # the inner shell expands
    timeout 30 ip netns exec "$NETNS" bash -c '
        while kill -0 "$1" 2>/dev/null; do
            for port in $3; do printf "$2" >"/dev/udp/127.0.0.1/$port"; done
        done' - "$pid" "$octets" "$ports"
    wait "$pid"
}

report() { jq -r "$1" "$BATS_TEST_TMPDIR/report"; }

@test "messages on an interface are judged" {
    needs_namespace
    judge_while_sending '\x50\x01\x12\x34\xb1a' 5683 --bpf 'udp port 5683' --count 20 && status=0 || status=$?
    exits 0
    [ "$(report .summary.packets)" -eq 20 ]
    [ "$(report .summary.messages)" -eq 20 ]
}

@test "a broken rule on an interface is found" {
    needs_namespace
    judge_while_sending '\x40\x00\x12\x34\xff' 5683 --bpf 'udp port 5683' --count 5 && status=0 || status=$?
    exits 1
    [ "$(report '.findings[0].rule')" = rfc7252/4.1/empty-message-is-bare ]
    [ "$(report '.findings[0].packets[-1]')" -eq 1 ]
}

@test "packets that the filter refuses are not seen" {
    needs_namespace
    judge_while_sending '\x50\x01\x12\x34\xb1a' '5683 5699' --bpf 'udp port 5699' --port 5699 --count 20 && status=0 || status=$?
    exits 0
    [ "$(report .summary.messages)" -eq 20 ]
    run ! grep -q 5683 "$BATS_TEST_TMPDIR/report"
}

@test "an interface that is not there is exit 3 with the names of those that are" {
    try check -i l0
    exits 3
    says "no interface is named l0" "$stderr"
    says "did you mean lo?" "$stderr"
}

@test "a wrong filter is told" {
    needs_namespace
    run ip netns exec "$NETNS" "$program" check -i lo --bpf 'udp prot 1'
    [ "$status" -ne 0 ]
    says "capture filter 'udp prot 1'" "$output"
}

@test "without permission it says what gives it" {
    command -v setpriv >/dev/null || skip "no setpriv here"
    [ "$(id -u)" -eq 0 ] || skip "root alone can give up its rights"
    run setpriv --inh-caps=-all --bounding-set=-all "$program" check -i lo --duration 1s
    exits 3
    says "setcap cap_net_raw" "$output"
}

@test "a device is reached at its link-local address" {
    needs_namespace
    ip -n "$NETNS" addr add fe80::7/64 dev lo nodad || skip "no IPv6 here"
    exec {ready}< <(exec ip netns exec "$NETNS" "$program-device" --listen 'coap://[::]:5683' 3>&- 2>/dev/null)
    device_pid=$!
    read -r -u "$ready" _
    run --separate-stderr ip netns exec "$NETNS" "$program" run core/ping core/get-con --target 'coap://[fe80::7%lo]' --out "$BATS_TEST_TMPDIR/out"
    kill "$device_pid"
    exits 0
    says "2 of 2 scenarios passed" "$output"
}
