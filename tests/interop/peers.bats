# One round of requests between foreign stacks and a partner, judged by `check`.
# differing tests: once more, alone (tests/run)
# side by side: 4
load ../e2e/common
load as_expected

@test "libcoap's client" { as_expected libcoap-client client; }
@test "libcoap's server" { as_expected libcoap-server server; }
@test "libcoap's resource directory" { as_expected libcoap-rd server; }
@test "the reference device as a client" { as_expected reference client; }
@test "the reference device as a server" { as_expected reference server; }
@test "nmap as a client" { as_expected nmap client; }
@test "node-coap-client 2.1.0" { as_expected node-coap-client@2.1.0 client; }
@test "npm coap 0.12.1 as a client" { as_expected npm-coap@0.12.1 client; }
@test "npm coap 0.12.1 as a server" { as_expected npm-coap@0.12.1 server; }
@test "npm coap 0.21.0 as a client" { as_expected npm-coap@0.21.0 client; }
@test "npm coap 0.21.0 as a server" { as_expected npm-coap@0.21.0 server; }
@test "npm coap 0.24.0 as a client" { as_expected npm-coap@0.24.0 client; }
@test "npm coap 0.24.0 as a server" { as_expected npm-coap@0.24.0 server; }
@test "npm coap 0.26.0 as a client" { as_expected npm-coap@0.26.0 client; }
@test "npm coap 0.26.0 as a server" { as_expected npm-coap@0.26.0 server; }
@test "npm coap 1.0.10 as a client" { as_expected npm-coap@1.0.10 client; }
@test "npm coap 1.0.10 as a server" { as_expected npm-coap@1.0.10 server; }
@test "npm coap 1.4.1 as a client" { as_expected npm-coap@1.4.1 client; }
@test "npm coap 1.4.1 as a server" { as_expected npm-coap@1.4.1 server; }
@test "npm coap 1.5.0 as a client" { as_expected npm-coap@1.5.0 client; }
@test "npm coap 1.5.0 as a server" { as_expected npm-coap@1.5.0 server; }

@test "every expectation is about a rule, a scenario or a published test of this build" {
    cut -f3 "$interop/expected.tsv" | sed 1d | sort -u >"$BATS_TEST_TMPDIR/named"
    {
        coapspec list rules --format json | jq -r '.[].id'
        coapspec list scenarios --format json | jq -r '.[].id, (.[].covers[]? | select(startswith("TD_")))'
    } | sort -u >"$BATS_TEST_TMPDIR/known"
    run comm -23 "$BATS_TEST_TMPDIR/named" "$BATS_TEST_TMPDIR/known"
    [ -s "$BATS_TEST_TMPDIR/named" ]
    [ -z "$output" ]
}
