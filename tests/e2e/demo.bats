#!/usr/bin/env bats
# make demo and coapspec demo.
load common

@test "the demonstration finds the two faults and nothing else, in less than 15 seconds" {
    local began=$SECONDS
    run tests/demo
    exits 0
    says 'the two faults were found' "$output"
    [ $((SECONDS - began)) -lt 15 ]
}

@test "coapspec demo ends with 1, as for any device that fails, and says what to paste next" {
    try demo --out "$BATS_TEST_TMPDIR/out"
    exits 1
    [ "$(grep -c '^  coapspec ' <<<"$stderr")" -eq 3 ]
    jq -e '.summary.exit_code == 1' "$BATS_TEST_TMPDIR/out/results.json"
    [ -s "$BATS_TEST_TMPDIR/out/junit.xml" ]
    [ -s "$BATS_TEST_TMPDIR/out/evidence.pcapng" ]
}

@test "what it suggests works" {
    try demo --out "$BATS_TEST_TMPDIR/out"
    try check -q "$BATS_TEST_TMPDIR/out/evidence.pcapng"
    exits 1
    try explain rfc7252/5.5.2/diagnostic-payload-is-utf8
    exits 0
}
