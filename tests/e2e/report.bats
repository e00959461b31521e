# `coapspec report`: documents of earlier runs.
# shellcheck disable=SC2154 # bats and common.bash set these
load common
load captures

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    program=$root/${BUILD:-build}/coapspec
    [[ ${BUILD-} == /* ]] && program=$BUILD/coapspec
    make_capture bad.pcap <<'END'
0 > 41 01 0001 aa b1 61
0 < 61 45 0001 aa ff 68 69
1 > 41 00 0002 aa
END
    make_capture good.pcap <<'END'
0 > 41 01 0001 aa b1 61
0 < 61 45 0001 aa ff 68 69
0 > 40 00 0002
END
    "$program" check bad.pcap --report json=bad.json >bad.txt || [ $? -eq 1 ]
    "$program" check good.pcap -q --report json=good.json >/dev/null
}

@test "show says what the run said, with its exit code" {
    try report show bad.json
    exits 1
    diff <(grep -v '^  repeat' bad.txt) <(grep -v '^  repeat' <<<"$output")
    try report show good.json
    exits 0
}

@test "convert gives JUnit, JSON and text" {
    "$program" report convert bad.json >r.xml
    [ "$(xmllint --xpath 'count(//failure)' r.xml)" = 1 ]
    "$program" report convert bad.json --format json | cmp - bad.json
    "$program" report convert bad.json --format text | grep -q 'FAIL  rfc7252/4.1/empty-message-is-bare'
    "$program" report convert bad.json --report junit=x.xml,json=x.json
    cmp x.xml r.xml
    cmp x.json bad.json
}

@test "merge adds up" {
    "$program" report merge bad.json good.json >merged.json
    jq -e '(.findings | length) == 1 and (.sources | length) == 2 and .summary.packets == 6
           and .findings[0].source == "bad.pcap"' merged.json
    jq -e '.rules[] | select(.id == "rfc7252/4.1/empty-message-is-bare") | .broken == 1 and .held >= 1' merged.json
    [ "$("$program" report merge good.json bad.json | jq -r '.findings[0].source')" = bad.pcap ]
}

@test "diff tells what became worse, by its exit code too" {
    try report diff good.json bad.json
    exits 1
    says "worse   rfc7252/4.1/empty-message-is-bare: pass" "$output"
    try report diff bad.json good.json
    exits 0
    says "better  rfc7252/4.1/empty-message-is-bare: fail" "$output"
    try report diff bad.json bad.json
    exits 0
    says "0 verdicts changed" "$output"
}

@test "rules of another version are kept" {
    sed 's/empty-message-is-bare/of-another-version/' bad.json >other.json
    try report show other.json
    exits 1
    says "FAIL  rfc7252/4.1/of-another-version" "$output"
    says "expected  An Empty message has token length 0" "$output"
}

@test "what is no document is exit 3, with its place" {
    echo '{ "schema": ' >broken.json
    try report show broken.json
    exits 3
    says "coapspec: broken.json:" "$stderr"
    try report show /nonexistent
    exits 3
    try report shwo bad.json
    exits 2
    says "did you mean show?" "$stderr"
    try report show
    exits 2
    try report diff bad.json
    exits 2
}
