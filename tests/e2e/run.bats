#!/usr/bin/env bats
# coapspec run with a device that is a server: what it writes, chooses and says.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    device="${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:{port}"
    clean="core/ping core/get-con core/zero-length-token"
}

findings() { jq -r '[.findings[] | "\(.rule) \(.octet) \(.message) \(.packets)"] | sort | .[]' "$1"; }
held() { jq -r '.rules[] | select(.held + .broken + .undecided > 0) | "\(.id) \(.held) \(.broken) \(.undecided)"' "$1"; }

@test "the record of a run is judged as the run was" {
    # shellcheck disable=SC2086 # several scenarios
    try run $clean robustness/other-version --exec "$device" --fault ack-mid --out "$dir/out"
    [ "$status" -eq 1 ]
    "$program" check "$dir/out/evidence.pcapng" --format json >"$dir/again.json" || [ $? = 1 ]
    [ "$(findings "$dir/out/results.json" | wc -l)" -gt 0 ]
    diff <(findings "$dir/out/results.json") <(findings "$dir/again.json")
    diff <(held "$dir/out/results.json") <(held "$dir/again.json")
}


@test "the response that ends a scenario is not rejected" {
    try run core/get-non core/separate-response core/separate-to-non --exec "$device" --out "$dir/out"
    exits 0
    "$program" check "$dir/out/evidence.pcapng" --format json >"$dir/check.json"
    [ "$(jq '[.statistics[] | select(.responses > 0)] | length' "$dir/check.json")" -ge 3 ]
    [ "$(jq '[.statistics[].resets] | add' "$dir/check.json")" -eq 0 ]
}

@test "a resource that does not keep what it is given is not called writable" {
    start_server
    try probe --allow-writes "$server"
    stop_server
    says 'test: "/"' "$output"
    says 'observable: "/time"' "$output" # a PUT sets this clock
    [[ $output != *$'\n  writable:'* ]]
}

@test "nobody there is trouble of the bench, not of the device" {
    try run core/ping --target coap://127.0.0.1:9 --out "$dir/out"
    exits 3
    says "does not answer" "$stderr"
}

@test "a selector that matches nothing names what is near" {
    try run core --only TD_COAP_CORE_99 --target coap://127.0.0.1:9 --out "$dir/out"
    exits 5
    says "TD_COAP_CORE_" "$stderr"
}

@test "a published id selects its scenarios" {
    try run core --only TD_COAP_CORE_31 --exec "$device" --out "$dir/out"
    exits 0
    says "1 of 1 scenarios passed" "$output"
}

@test "a scenario that is wrong is shown with line, column and the nearest right word" {
    printf 'name: a\ncovers: []\nsteps:\n  - sned: CON GET /a\n' >"$dir/bad.yaml"
    try run "$dir/bad.yaml" --target coap://127.0.0.1:9 --out "$dir/out"
    exits 2
    says "bad.yaml:4:5" "$stderr"
    says "did you mean send" "$stderr"
}

@test "JUnit says what failed, and skips what does not apply" {
    # shellcheck disable=SC2086
    try run $clean core/accept-chooses --exec "$device" --fault ack-mid --out "$dir/out"
    exits 1
    xmllint --noout "$dir/out/junit.xml" || skip "no xmllint here"
    grep -q '<failure' "$dir/out/junit.xml"
}

@test "the same seed sends the same octets, another one does not" {
    sent() {
        "$program" run core/get-con core/zero-length-token --jobs 1 --seed "$1" --exec "$device" --out "$dir/$2" >/dev/null 2>&1
        "$program" check "$dir/$2/evidence.pcapng" --messages --format ndjson |
            jq -c 'select(.code | startswith("0.")) | [.message_type, .code, .mid, .token, .options]'
    }
    diff <(sent 7 one) <(sent 7 two)
    [ "$(sent 7 one | wc -l)" -gt 2 ]
    [ "$(sent 7 one)" != "$(sent 8 three)" ]
}

@test "ndjson: a line for each scenario that ends and each finding, the summary last" {
    # shellcheck disable=SC2086 # several scenarios
    try run $clean --exec "$device" --fault ack-mid --out "$dir/out" --format ndjson
    exits 1
    jq -es 'map(.type) | .[-1] == "summary" and (.[:-1] | all(. == "scenario" or . == "finding"))' <<<"$output"
    jq -es '[.[] | select(.type == "scenario") | .id] | sort == ["core/get-con", "core/ping", "core/zero-length-token"]' <<<"$output"
    diff <(jq -r 'select(.type == "finding") | .rule' <<<"$output" | sort) \
        <(jq -r '.findings[].rule' "$dir/out/results.json" | sort)
}

@test "what was expected is shown with its values, every alternative of it" {
    printf 'name: a\nsteps:\n  - send: CON GET $test\n  - expect: [2.01, "${1 + 1}.04 | $unique"]\n' >"$dir/alternatives.yaml"
    try run "$dir/alternatives.yaml" --exec "$device" --seed 1 --out "$dir/out"
    exits 1
    says "expected 2.01 or 2.04, got 2.05" "$output"
    [[ $output =~ "expected  2.01 or 2.04 | "cs[0-9a-f]+ ]]
    says '[2.01, "${1 + 1}.04 | $unique"]' "$output"
}

@test "scenarios that do not apply are counted by reason" {
    try run client/accept client/delete core/ping --exec "$device" --out "$dir/out"
    exits 0
    says "2         for a device that is a client" "$output"
    printf 'resources: {test: /test}\nabilities: {writes: no}\n' >"$dir/device.yaml"
    try run core/put-non core/separate-response --exec "$device" --profile "$dir/device.yaml" --out "$dir/out"
    exits 5
    says "the profile says no: writes" "$output"
    says "the profile binds no \$separate: " "$output"
}
