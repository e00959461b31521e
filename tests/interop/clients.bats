# The suite for clients against foreign clients.
# differing tests: once more, alone (tests/run)
# side by side: 3
load ../e2e/common
load as_expected

@test "the suite for clients on libcoap's client" { as_expected libcoap-client client-suite; }
@test "the suite for clients on libcoap's client, over DTLS" { as_expected libcoap-client coaps-client-suite; }
@test "the suite for clients on the reference device" { as_expected reference client-suite; }
@test "the suite for clients on nmap" { as_expected nmap client-suite; }
@test "the suite for clients on node-coap-client 2.1.0" { as_expected node-coap-client@2.1.0 client-suite; }
@test "the suite for clients on npm coap 0.12.1" { as_expected npm-coap@0.12.1 client-suite; }
@test "the suite for clients on npm coap 0.21.0" { as_expected npm-coap@0.21.0 client-suite; }
@test "the suite for clients on npm coap 0.24.0" { as_expected npm-coap@0.24.0 client-suite; }
@test "the suite for clients on npm coap 0.26.0" { as_expected npm-coap@0.26.0 client-suite; }
@test "the suite for clients on npm coap 1.0.10" { as_expected npm-coap@1.0.10 client-suite; }
@test "the suite for clients on npm coap 1.4.1" { as_expected npm-coap@1.4.1 client-suite; }
@test "the suite for clients on npm coap 1.5.0" { as_expected npm-coap@1.5.0 client-suite; }
