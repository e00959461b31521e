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
    # libcoap 4.3.4 refuses a Proxy-Uri of http before the device sees it: then its ten are not applicable
    local due=16
    case $(${device%% *} --version) in *" 4.3.4") due=6 ;; esac
    [ "$(jq '[.scenarios[] | select(.verdict == "pass")] | length' "$dir/out/results.json")" -eq "$due" ]
    [ "$(jq '[.scenarios[] | select(.verdict == "pass" or .verdict == "not applicable")] | length' "$dir/out/results.json")" -eq 16 ]
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

# A run against the reference proxy, in the clear and over DTLS.
both() { # options of the device, options of the run…
    try run proxy/cache-asks-for-dtls proxy/coaps-cache-is-private --profile tests/faults/device.yaml --out "$dir/out" --param proxy=yes \
        --param cache=yes --param proxy_to_coaps=yes --param patience=2 --psk-identity someone --psk-key secret --color never \
        --exec "$device --listen coaps://127.0.0.1:0 --psk-identity someone --psk-key secret $1" "${@:2}"
}
judged() { jq '.sources[0].counts.messages, (.rules[] | select(.held > 0) | .id, .held)' "$1"; }
verdict() { jq -r --arg id "proxy/$1" '.scenarios[] | select(.id == $id) | "\(.verdict): \(.reason)"' "$dir/out/results.json"; }

@test "a proxy that wants DTLS keeps its cache from requests in the clear, or is found out" {
    both --proxy-secured
    exits 0
    [ "$(verdict cache-asks-for-dtls)" = "pass: null" ]
    [ "$(verdict coaps-cache-is-private)" = "pass: null" ]
    both "--proxy-secured --fault proxy-cache-for-anyone"
    exits 1
    says "fail: expected 4.xx or 5.xx, got 2.05" "$(verdict cache-asks-for-dtls)"
    [ "$(verdict coaps-cache-is-private)" = "pass: null" ]
}

@test "a proxy keeps what a coaps origin said for who asked, or is found out; one that is open to all has nothing to hide" {
    both --proxy
    exits 0
    says "inconclusive: the ground for it could not be prepared" "$(verdict cache-asks-for-dtls)"
    [ "$(verdict coaps-cache-is-private)" = "pass: null" ]
    try check "$dir/out/evidence.pcapng" --report json="$dir/check.json"
    exits 0
    diff <(judged "$dir/out/results.json") <(judged "$dir/check.json") # in the clear, and inside of DTLS on both sides
    both "--proxy --fault proxy-shares-coaps"
    exits 1
    says "fail: expected 4.xx or 5.xx, got 2.05" "$(verdict coaps-cache-is-private)"
}

@test "the second address is of the other scheme, and is said or printed" {
    both --proxy --also coap://127.0.0.1:1
    exits 3
    says "coaps is due here" "$stderr"
    try run proxy --target coap://127.0.0.1 --also coap://127.0.0.1
    exits 2
    says "coaps:// is due here" "$stderr"
    try run proxy/cache-asks-for-dtls --exec "$device --proxy" --out "$dir/out" --profile tests/faults/device.yaml --param proxy=yes --param cache=yes
    exits 5
    says "the device is reached over coap alone: --also coaps://" "$(verdict cache-asks-for-dtls)"
    printf 'name: n\nsteps:\n  - connect: x\n    over: dtls\n' >"$dir/a.yaml"
    try lint "$dir/a.yaml"
    exits 2
    says "a.yaml:4:11: coap or coaps is due here" "$stderr"
}
