# What foreign stacks break is what expected.tsv says, no more and no less. A peer that is not installed is skipped
# (`tests/interop/peer NAME setup`; `make interop` does that for all).
load ../e2e/common

interop=tests/interop

decided() { awk -F '\t' 'NR == FNR {undecided[$1]; next} !($1 in undecided)' "$BATS_TEST_TMPDIR/undecided" -; }

# The list for a peer: another libcoap than that of Debian 12 has one of its own.
list_of() {
    local libcoap
    libcoap=$("$program-device" --version)
    libcoap=${libcoap##* }
    case $1:$libcoap in
    npm-* | *:4.3.1) echo "$interop/expected.tsv" ;;
    *) echo "$interop/expected-libcoap-$libcoap.tsv" ;;
    esac
}

# as_expected PEER ROLE
as_expected() {
    "$interop/peer" "$1" version >/dev/null 2>&1 || skip "$1 is not installed"
    if [[ $2 != *suite ]] && { [ "$(id -u)" != 0 ] || ! command -v tcpdump >/dev/null; }; then
        skip "no right to capture here"
    fi
    [ -e "$(list_of "$1")" ] || skip "no $(list_of "$1")"
    "$interop/judge" "$1" "$2" >"$BATS_TEST_TMPDIR/all" 2>"$BATS_TEST_TMPDIR/talk" || {
        cat "$BATS_TEST_TMPDIR/talk"
        return 1
    }
    # what a busy machine left inconclusive is neither expected nor missed
    awk -F '\t' '$2 == "inconclusive" {print $1}' "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/undecided"
    awk -F '\t' -v peer="$1" -v role="$2" '$1 == peer && $2 == role {print $3 "\t" $4}' "$(list_of "$1")" |
        decided >"$BATS_TEST_TMPDIR/expected"
    cut -f1,2 "$BATS_TEST_TMPDIR/all" | decided >"$BATS_TEST_TMPDIR/found"
    diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/found"
}

@test "libcoap's client" { as_expected libcoap-client client; }
@test "libcoap's server" { as_expected libcoap-server server; }
@test "libcoap's resource directory" { as_expected libcoap-rd server; }
@test "the reference device as a client" { as_expected reference client; }
@test "the reference device as a server" { as_expected reference server; }
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

@test "the core suite on libcoap's server" { as_expected libcoap-server suite; }
@test "the core suite on libcoap's resource directory" { as_expected libcoap-rd suite; }
@test "the core suite on the reference device" { as_expected reference suite; }
@test "the core suite on npm coap 0.21.0" { as_expected npm-coap@0.21.0 suite; }
@test "the core suite on npm coap 0.24.0" { as_expected npm-coap@0.24.0 suite; }
@test "the core suite on npm coap 0.26.0" { as_expected npm-coap@0.26.0 suite; }
@test "the core suite on npm coap 1.0.10" { as_expected npm-coap@1.0.10 suite; }
@test "the core suite on npm coap 1.4.1" { as_expected npm-coap@1.4.1 suite; }

@test "the suite for clients on libcoap's client" { as_expected libcoap-client client-suite; }
@test "the suite for clients on the reference device" { as_expected reference client-suite; }
@test "the suite for clients on npm coap 0.21.0" { as_expected npm-coap@0.21.0 client-suite; }
@test "the suite for clients on npm coap 0.24.0" { as_expected npm-coap@0.24.0 client-suite; }
@test "the suite for clients on npm coap 0.26.0" { as_expected npm-coap@0.26.0 client-suite; }
@test "the suite for clients on npm coap 1.0.10" { as_expected npm-coap@1.0.10 client-suite; }
@test "the suite for clients on npm coap 1.4.1" { as_expected npm-coap@1.4.1 client-suite; }

@test "every expectation is about a rule or a scenario of this build" {
    cut -f3 "$interop/expected.tsv" | sed 1d | sort -u >"$BATS_TEST_TMPDIR/named"
    {
        coapspec list rules --format json | jq -r '.[].id'
        coapspec list scenarios --format json | jq -r '.[].id'
    } | sort -u >"$BATS_TEST_TMPDIR/known"
    run comm -23 "$BATS_TEST_TMPDIR/named" "$BATS_TEST_TMPDIR/known"
    [ -s "$BATS_TEST_TMPDIR/named" ]
    [ -z "$output" ]
}
