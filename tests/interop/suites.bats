# The core suite against foreign servers, that for proxies against a foreign proxy.
# differing tests: once more, alone (tests/run)
# side by side: 6
load ../e2e/common
load as_expected

@test "the core suite on libcoap's server" { as_expected libcoap-server suite; }
@test "the core suite on libcoap's resource directory" { as_expected libcoap-rd suite; }
@test "the suite for proxies on libcoap's proxy" {
    # it does not live through a name of its own that has no address
    getent hosts localhost >/dev/null || skip "localhost has no address here (/etc/hosts)"
    as_expected libcoap-proxy proxy-suite
}
@test "the core suite on the reference device" { as_expected reference suite; }
@test "the core suite on npm coap 0.12.1" { as_expected npm-coap@0.12.1 suite; }
@test "the core suite on npm coap 0.21.0" { as_expected npm-coap@0.21.0 suite; }
@test "the core suite on npm coap 0.24.0" { as_expected npm-coap@0.24.0 suite; }
@test "the core suite on npm coap 0.26.0" { as_expected npm-coap@0.26.0 suite; }
@test "the core suite on npm coap 1.0.10" { as_expected npm-coap@1.0.10 suite; }
@test "the core suite on npm coap 1.4.1" { as_expected npm-coap@1.4.1 suite; }
@test "the core suite on npm coap 1.5.0" { as_expected npm-coap@1.5.0 suite; }
