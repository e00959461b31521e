# The published tests TD_COAP_CORE_01 to 31 (ETSI CoAP#4) against foreign servers, clients and a foreign proxy, as far as each
# offers the resources; by the RFC, and with --literal by the published text where the two differ.
# differing tests: once more, alone (tests/run)
# side by side: 5
load ../e2e/common
load as_expected

@test "the published tests on libcoap's server" { as_expected libcoap-server etsi; }
@test "the published tests on libcoap's resource directory" { as_expected libcoap-rd etsi; }
@test "the published tests on libcoap's proxy" { as_expected libcoap-proxy proxy-etsi; }
@test "the published tests on npm coap 0.12.1 as a server" { as_expected npm-coap@0.12.1 etsi; }
@test "the published tests on npm coap 1.5.0 as a server" { as_expected npm-coap@1.5.0 etsi; }
@test "the published tests on libcoap's client" { as_expected libcoap-client client-etsi; }
@test "the published tests on nmap" { as_expected nmap client-etsi; }
@test "the published tests on node-coap-client 2.1.0" { as_expected node-coap-client@2.1.0 client-etsi; }
@test "the published tests on npm coap 0.12.1 as a client" { as_expected npm-coap@0.12.1 client-etsi; }
@test "the published tests on npm coap 1.5.0 as a client" { as_expected npm-coap@1.5.0 client-etsi; }

# The tests that scenarios of etsi-core cover for a role of the device under test; proxies are servers whose scenario needs `proxy`.
published_for() { # server|client|proxy
    coapspec list scenarios --format json | jq -r --arg role "$1" '.[]
        | select((if .id | startswith("proxy/") then "proxy" else .role end) == $role)
        | .covers[]? | select(test("^TD_COAP_CORE_[0-9]"))' | sort -u
}

carried_out() { awk -F '\t' -v role="$1" '$2 == role && $1 != "reference" {print $3}' "$interop/expected.tsv" | sort -u; }

@test "each published test of a server is carried out on a foreign one" {
    [ "$(published_for server | wc -l)" -ge 24 ]
    diff <(published_for server) <(carried_out etsi)
}

@test "each published test of a client is carried out on a foreign one" {
    [ "$(published_for client | wc -l)" -ge 18 ]
    diff <(published_for client) <(carried_out client-etsi)
}

# TD_COAP_CORE_24, 26 and 29 are scenarios of a proxy that keeps responses; libcoap's keeps none
@test "each published test of a proxy is carried out on a foreign one, caching apart" {
    diff <(published_for proxy | grep -vx 'TD_COAP_CORE_2[469]') <(carried_out proxy-etsi)
}

literal() { # scenario exit-code OPTION…: our device, which does what the RFC wants
    try run "$1" --exec "${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:{port}" --seed 1 --out "$BATS_TEST_TMPDIR/out" "${@:3}"
    exits "$2"
}

@test "a published text that errs fails a right device with --literal, and not without" {
    local scenario count=0
    for scenario in scenarios/etsi/*.yaml; do
        grep -q 'when: literal' "$scenario" || continue
        scenario=${scenario#scenarios/} scenario=${scenario%.yaml}
        echo "$scenario"
        literal "$scenario" 0
        literal "$scenario" 1 --literal
        count=$((count + 1))
    done
    [ "$count" -ge 9 ]
}

@test "the tests that are as published say the same with --literal" {
    literal etsi-core 0 --only TD_COAP_CORE_01,TD_COAP_CORE_31
    jq -c '[.scenarios[] | [.id, .verdict]]' "$BATS_TEST_TMPDIR/out/results.json" >"$BATS_TEST_TMPDIR/plain"
    literal etsi-core 0 --only TD_COAP_CORE_01,TD_COAP_CORE_31 --literal
    jq -c '[.scenarios[] | [.id, .verdict]]' "$BATS_TEST_TMPDIR/out/results.json" | diff "$BATS_TEST_TMPDIR/plain" -
}
