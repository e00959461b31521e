#!/usr/bin/env bats
# make demo and coapspec demo: what a newcomer sees first, and pastes next.
load common

setup_file() {
    export DEMO=$BATS_FILE_TMPDIR/demo PROGRAM=$root/$program
    [[ $program != /* ]] || PROGRAM=$program
    mkdir "$DEMO"
    cd "$DEMO" || return 1
    { "$PROGRAM" demo >out 2>err && echo 0 || echo $?; } >status
}

@test "the demonstration finds the two faults and nothing else, in less than 15 seconds" {
    local began=$SECONDS
    run tests/demo
    exits 0
    says 'the two faults were found' "$output"
    [ $((SECONDS - began)) -lt 15 ]
}

@test "coapspec demo ends with 1, as for any device that fails" {
    cd "$DEMO"
    [ "$(cat status)" = 1 ] || { cat out err; return 1; }
    jq -e '.summary.exit_code == 1' coapspec-results/results.json
}

@test "its report fits 80 columns, the commands to paste apart" {
    cd "$DEMO"
    [ -s out ]
    run awk 'length > 80 && !/^  repeat /' out
    [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "what it says it has written is there" {
    cd "$DEMO"
    run sed -n 's/^  written *//p' out
    [ "${#lines[@]}" = 3 ]
    for file in "${lines[@]}"; do
        [ -s "$file" ] || { echo "not there: $file"; return 1; }
    done
    xmllint --noout coapspec-results/junit.xml
}

@test "the three commands that it prints can be pasted, and do what is said of them" {
    cd "$DEMO"
    run grep -E '^  [^ ]*coapspec ' err
    [ "${#lines[@]}" = 3 ] || { cat err; return 1; }
    commands=("${lines[@]}")
    run bash -c "${commands[0]}"
    exits 1
    says rfc7252/5.5.2/diagnostic-payload-is-utf8 "$output"
    run bash -c "${commands[1]}"
    exits 0
    says "RFC 7252, section 5.5.2" "$output"
    run bash -c "${commands[2]}"
    exits 0
    says "10 of 10 scenarios passed, 0 failed" "$output"
}

@test "the command that repeats a finding repeats it" {
    cd "$DEMO"
    command=$(sed -n 's/^  repeat *//p' out | grep diagnostic-payload-is-utf8)
    run bash -c "$command --out again"
    exits 1
    says "FAIL  rfc7252/5.5.2/diagnostic-payload-is-utf8" "$output"
    says "1 of 1 scenarios passed" "$output"
}
