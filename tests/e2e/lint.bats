#!/usr/bin/env bats
# coapspec lint: what run would refuse is told with its place, before anything is sent.

load common

setup() { dir=$BATS_TEST_TMPDIR; }

scenario() { printf 'name: a\ncovers: []\n%b' "$1" >"$dir/a.yaml"; }

@test "all that is installed reads" {
    try lint
    exits 0
    says "files: nothing wrong" "$stderr"
}

@test "an unknown name behind of: is shown with its place and the nearest right word" {
    scenario 'steps:\n  - send: GET /a\n    as: watch\n  - expect: 2.05\n    of: wacth\n'
    try lint "$dir/a.yaml"
    exits 2
    [ "${stderr_lines[0]}" = "coapspec: $dir/a.yaml:7:9: no message of ours is called 'wacth' so far: did you mean watch?" ]
    [ "${stderr_lines[1]}" = "  7 |     of: wacth" ]
    [ "${stderr_lines[2]}" = "              ^" ]
}

@test "run refuses what lint refuses, and sends nothing" {
    scenario 'steps:\n  - close: second\n'
    try lint "$dir/a.yaml"
    exits 2
    local said=$stderr
    try run "$dir/a.yaml" --target coap://127.0.0.1:9 --out "$dir/out"
    exits 2
    [ "$stderr" = "$said" ]
    [ ! -e "$dir/out" ]
}

@test "an unknown statement is told with the nearest one" {
    printf 'name: a\ncovers: [TD_COAP_CORE_01, RFC7252-4.2-N55]\nsteps:\n  - sleep: 1s\n' >"$dir/a.yaml"
    try lint "$dir/a.yaml"
    exits 2
    says ":2:27: no statement is called RFC7252-4.2-N55: did you mean RFC7252-4.2-N" "$stderr"
}

@test "a statement that nobody can break is covered by no scenario" {
    printf 'name: a\ncovers: [RFC7252-5.10.8-1, RFC7252-5.10.8-3]\nsteps:\n  - sleep: 1s\n' >"$dir/a.yaml"
    try lint "$dir/a.yaml"
    exits 2
    says ":2:28: RFC7252-5.10.8-3 is a MAY: no device fails it" "$stderr"
}

@test "a scenario has parameters of its own" {
    scenario 'params: {led: /test}\nsteps:\n  - send: CON GET $led\n  - expect: 2.05\n'
    local device="${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:{port}"
    try run "$dir/a.yaml" --exec "$device" --out "$dir/out"
    exits 0
    try run "$dir/a.yaml" --exec "$device" --out "$dir/out" --param led=/not-there
    exits 1
    says "4.04" "$output"
    try run "$dir/a.yaml" --exec "$device" --out "$dir/out" --param lde=/test
    exits 2
    says "--param lde: no profile and no chosen scenario has it: did you mean led?" "$stderr"
    try run core/ping --exec "$device" --out "$dir/out" --param ack_timout=3
    exits 2
    says "did you mean ack_timeout?" "$stderr"
}
