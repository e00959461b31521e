#!/usr/bin/env bats
# Cross-proxies between CoAP and HTTP: how they are recognised, and what is not asked of others.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    device="${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:0"
}

run_proxy() { try run 'proxy/http-*' 'proxy/web-*' --exec "$1" --out "$dir/out" "${@:2}"; }

@test "a cross-proxy is found out and judged without a profile" {
    run_proxy "$device --proxy"
    exits 0
    [ "$(jq '[.scenarios[] | select(.verdict == "pass")] | length' "$dir/out/results.json")" -eq 16 ]
}

@test "a server is not asked to be a cross-proxy" {
    run_proxy "$device"
    exits 5
    says "proxy_to_http" "$(<"$dir/out/results.json")"
    says "proxy_from_http" "$(<"$dir/out/results.json")"
}

@test "a proxy that breaks the answer to OPTIONS is found out all the same" {
    run_proxy "$device --proxy --fault proxy-web-answers-options"
    exits 1
    says "expected 501, got 200" "$output"
}

@test "an HTTP side that is not there is trouble of the bench, with the address" {
    run_proxy "$device" --param proxy_from_http=yes --param http_port=1 --only proxy/web-get --profile tests/faults/device.yaml
    exits 3
    says "cannot reach 127.0.0.1:1 (TCP)" "$(<"$dir/out/results.json")"
}

@test "lines of HTTP are checked before anything is sent" {
    printf 'name: n\nsteps:\n  - http_send: get /x\n' >"$dir/a.yaml"
    try lint "$dir/a.yaml"
    exits 2
    says "a.yaml:3:16: a method is due here" "$stderr"
}
