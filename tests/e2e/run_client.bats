#!/usr/bin/env bats
# coapspec run with a device that is a client.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    client="${BUILD:-build}/coapspec-device --client {uri} --method {method} {non:--non} {payload:--payload %}"
}

@test "a client is started for each scenario, and ended" {
    try run client/ping client/con-response-to-non --exec "$client" --out "$dir/out"
    exits 0
    says "2 of 2 scenarios passed" "$output"
}

@test "a client that cannot be told is not judged" {
    try run client/etag-is-echoed --exec "$client" --out "$dir/out"
    exits 5
    says "the command has no {count}" "$(<"$dir/out/results.json")"
}

@test "a client that is ended by a signal fails" {
    # shellcheck disable=SC2016 # for the shell that coapspec starts
    try run client/ack-ends-retransmission --exec "$client & sleep 0.3; kill -SEGV \$\$" --out "$dir/out"
    exits 1
    says "signal 11" "$output"
}

@test "a client that sends nothing leaves the scenario inconclusive, with its last words" {
    try run client/ping --exec 'echo no way # {server}
        false' --out "$dir/out"
    exits 5
    says "the client exited with status 1 (it said: no way)" "$output"
}

@test "a command that is not there is trouble of the bench" {
    try run client/ping --exec 'no-such-client {server}' --out "$dir/out"
    exits 3
}

@test "with --listen a person is told what the device must send" {
    : >"$dir/said"
    "$program" run client/ping --listen coap://127.0.0.1:0 --out "$dir/out" >"$dir/said" 2>&1 &
    runner=$!
    uri=
    for ((i = 0; i < 100; i++)); do
        if [[ $(<"$dir/said") =~ (coap://127.0.0.1:[0-9]+):\ GET\ /test ]]; then
            uri=${BASH_REMATCH[1]}
            break
        fi
        sleep 0.1
    done
    [ -n "$uri" ]
    "${BUILD:-build}/coapspec-device" --client "$uri/test" >/dev/null 2>&1 &
    device=$!
    wait "$runner"
    kill "$device"
}

@test "a client that says nothing at all is not accused of anything" {
    try run client/accept --exec 'sleep 20 # {server} {path} {accept:-A %}' --param await=0.2 --out "$BATS_TEST_TMPDIR/out"
    exits 5
    says "nothing at all came from the client" "$output"
    jq -e '.scenarios[0].verdict == "inconclusive"' "$BATS_TEST_TMPDIR/out/results.json"
}
