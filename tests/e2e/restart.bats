#!/usr/bin/env bats
# A device that is started anew, to see that its first Message ID is another one.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    device=${BUILD:-build}/coapspec-device
}

@test "a server that says where it listens may come back elsewhere" {
    try run core/first-message-id core/ping --exec "$device --listen coap://127.0.0.1:0" --out "$dir/out"
    exits 0
    says "2 of 2 scenarios passed" "$output"
}

@test "a server at a given port comes back there" {
    try run core/first-message-id core/ping --exec "$device --listen coap://127.0.0.1:{port}" --out "$dir/out"
    exits 0
    says "2 of 2 scenarios passed" "$output"
}

@test "a first Message ID that is always the same is a warning" {
    try run core/first-message-id --exec "$device --listen coap://127.0.0.1:0 --fault first-mid-fixed" --out "$dir/out"
    exits 0
    says "4 times the same: 1" "$output"
}

@test "a device that we do not start is not judged" {
    "$device" --listen coap://127.0.0.1:0 >"$dir/said" &
    pid=$!
    until [ -s "$dir/said" ]; do sleep 0.05; done
    try run core/first-message-id --target "$(sed 's/.* //' "$dir/said")" --out "$dir/out"
    kill "$pid"
    exits 5
    says "the device is not started by us" "$(<"$dir/out/results.json")"
}

@test "a device that does not come back is trouble of the bench" {
    # shellcheck disable=SC2016 # for the shell that coapspec starts
    try run core/first-message-id --profile tests/faults/device.yaml --out "$dir/out" \
        --exec "[ ! -e $dir/once ] && touch $dir/once && exec $device --listen coap://127.0.0.1:0"
    exits 3
}
