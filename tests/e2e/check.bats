# `coapspec check`: captures are judged.
# shellcheck disable=SC2154 # bats and common.bash set these
load common
load captures

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    program=$root/${BUILD:-build}/coapspec
    [[ ${BUILD-} == /* ]] && program=$BUILD/coapspec
    # a good exchange, then two Empty messages that are not bare: one rule is broken twice, at packets 3 and 4
    make_capture bad.pcap <<'END'
0 > 41 01 0001 aa b1 61
0 < 61 45 0001 aa ff 68 69
1 > 41 00 0002 aa
2 > 41 00 0003 aa
END
    make_capture good.pcap <<'END'
0 > 41 01 0001 aa b1 61
0 < 61 45 0001 aa ff 68 69
END
}

@test "check says what it saw of DTLS and that the rest is encrypted, also from its own document" {
    try check "$root/tests/captures/real/openssl-3.0-psk.pcapng" --color never --report json=dtls.json
    [ "$status" -eq 0 ]
    says "1 session (1 with TLS_PSK_WITH_AES_128_CCM_8), 15 records, 6 of them" "$output"
    [ "$(jq -r '.sources[0].dtls | "\(.sessions) \(.encrypted) \(.suites[0].number)"' dtls.json)" = "1 6 49320" ]
    try report show dtls.json --color never
    says "1 session (1 with TLS_PSK_WITH_AES_128_CCM_8), 15 records, 6 of them" "$output"
}

@test "a capture in order is exit 0, and says how much it was" {
    try check good.pcap
    exits 0
    says "good.pcap: 2 packets, 2 CoAP messages" "$output"
    says "1 request (GET 1), 1 response (2.05 1), 0 unanswered" "$output"
    says "PASS  0 violations" "$output"
    try check good.pcap -q
    exits 0
    [ "$output" = "PASS  0 violations, 0 warnings." ]
}

@test "a duration without an end, or of a file, is a mistake" {
    try check -i lo --duration 0s
    exits 2
    try check good.pcap --duration 5s
    exits 2
}

@test "interrupted before the first octet is exit 130 and no error" {
    mkfifo pipe
    sleep 10 >pipe &
    timeout --preserve-status -s INT 0.5 "$program" check - <pipe >out 2>err && false
    [ $? -eq 130 ]
    [ ! -s err ]
    kill %1
}

@test "a broken rule is exit 1 and names clause, packet, octet and cause" {
    try check bad.pcap
    exits 1
    says "FAIL  rfc7252/4.1/empty-message-is-bare" "$output"
    says "clause    RFC 7252, section 4.1 (MUST)" "$output"
    says "packet    3" "$output"
    says "octets    0000  41 00 00 02 aa" "$output"
    says "^^ octet 0" "$output"
    says "and       1 more like it: packet 4" "$output"
    says "repeat    $program check bad.pcap --only rfc7252/4.1/empty-message-is-bare" "$output"
}

@test "the command of a finding repeats it" {
    command=$("$program" check bad.pcap --color never | sed -n 's/^  repeat *//p' | head -n 1)
    run bash -c "$command"
    exits 1
    says "packet    3" "$output"
}

@test "json holds what the schema demands" {
    "$program" check bad.pcap --format json >out.json || [ $? -eq 1 ]
    jq -e '.schema and .tool.name == "coapspec" and .source.kind == "capture" and .summary.fail == 2' out.json
    jq -e '[.findings[] | {rule, spec, section, level, verdict, packets, octet} | select(.packets == [3] and .octet == 0)]
           == [{rule: "rfc7252/4.1/empty-message-is-bare", spec: "RFC 7252", section: "4.1", level: "MUST",
                verdict: "fail", packets: [3], octet: 0}]' out.json
    jq -e '.findings[0].offender == {role: "endpoint", address: "192.0.2.9:40000"}' out.json
    jq -e '[.rules[] | select(.id == "rfc7252/4.1/empty-message-is-bare") | .verdict, .broken] == ["fail", 2]' out.json
    jq -e '.statistics[0] | .client == "192.0.2.9:40000" and .requests == 1 and .codes["2.05"] == 1' out.json
}

@test "json is valid by its schema" {
    python=
    for p in /usr/bin/python3 python3; do "$p" -c 'import jsonschema' 2>/dev/null && python=$p && break; done
    [ -n "$python" ] || skip "no python3-jsonschema here"
    "$program" check bad.pcap good.pcap --format json >out.json || [ $? -eq 1 ]
    run "$python" - "$root/reports/schema/results.schema.json" out.json <<'END'
import json, sys, jsonschema
schema, document = (json.load(open(f)) for f in sys.argv[1:])
jsonschema.validate(document, schema)
for spoil in (lambda d: d.pop("summary"), lambda d: d["findings"][0].update(verdict="maybe"),
              lambda d: d["rules"][0].update(surplus=1)):
    bad = json.loads(json.dumps(document))
    spoil(bad)
    try:
        jsonschema.validate(bad, schema)
    except jsonschema.ValidationError:
        continue
    sys.exit("the schema lets everything through")
END
    exits 0
}

@test "a document is the same whatever is shown beside it" {
    for format in text json ndjson; do
        "$program" check bad.pcap --format "$format" --report "json=$format.json" >shown || [ $? -eq 1 ]
        jq 'del(.command, .started)' "$format.json" >"$format.document"
    done
    [ "$(jq '.statistics | length' text.json)" -gt 0 ]
    cmp text.document json.document
    cmp text.document ndjson.document
}

@test "ndjson: a line for each finding, then the summary; with --messages each message too" {
    "$program" check bad.pcap --format ndjson >out || [ $? -eq 1 ]
    [ "$(jq -r .type out | tr '\n' ' ')" = "finding finding summary " ]
    "$program" check bad.pcap --format ndjson --messages >out || [ $? -eq 1 ]
    [ "$(jq -r .type out | sort | uniq -c | tr -s ' \n' ' ')" = " 2 finding 4 message 1 summary " ]
    jq -se '.[] | select(.packet == 2 and .type == "message") | .code == "2.05" and .message_type == "ACK" and .mid == 1
           and .token == "aa" and .src == "192.0.2.1:5683" and .request_packet == 1 and .payload_length == 2' out
    jq -se '.[] | select(.packet == 1 and .type == "message") | .options == [{number: 11, name: "Uri-Path", value: "a"}]' out
}

@test "a message line is JSON whatever the message holds" {
    # Uri-Path of a quote, a backslash, a control character, invalid UTF-8; an unknown option; a long Proxy-Uri
    long=$(printf '41%.0s' {1..1500})
    make_capture odd.pcap <<END
0 > 4001 0001 b3 225c0a
0 > 4001 0002 b2 ff22
0 > 4001 0003 e0 fcdc
0 > 4001 0004 de 16 04cf $long
0 > 40
0 > 4f01 0005
END
    "$program" check odd.pcap --format ndjson --messages >out || [ $? -le 1 ]
    [ "$(jq -r 'select(.type == "message") | .packet' out | tr '\n' ' ')" = "1 2 3 4 5 6 " ]
    jq -se '.[] | select(.packet == 1 and .type == "message") | .options[0].value == "\"\\\n"' out
    jq -se '.[] | select(.packet == 2 and .type == "message") | .options[0].hex == "ff22"' out
    jq -se '.[] | select(.packet == 4 and .type == "message") | .options[0] | .number == 35 and .length == 1500' out
    jq -se '.[] | select(.packet == 5 and .type == "message") | .fault == "short-header"' out
}

@test "several files: one report, findings name their file" {
    try check good.pcap bad.pcap --format json
    exits 1
    jq -e '[.findings[].source] | unique == ["bad.pcap"]' <<<"$output"
    jq -e '[.sources[].counts.packets] == [2, 4]' <<<"$output"
    # each is an analysis of its own: the message IDs of one do not collide with those of the other
    try check good.pcap good.pcap
    exits 0
}

@test "a pipe gives the same verdicts as a file" {
    "$program" check bad.pcap --format json | jq 'del(.started, .command, .source, .sources[].name, .findings[].source)' >file
    "$program" check - --format json <bad.pcap | jq 'del(.started, .command, .source, .sources[].name, .findings[].source)' >pipe
    cmp file pipe
}

@test "reports are written aside: json, junit, text" {
    try check bad.pcap -q --report json=r.json,junit=r.xml,text=r.txt
    exits 1
    jq -e '.summary.fail == 2' r.json
    xmllint --noout r.xml
    [ "$(xmllint --xpath 'count(//failure)' r.xml)" = 1 ]
    grep -q 'FAIL  rfc7252/4.1/empty-message-is-bare' r.txt
    [ -z "$(find . -name '*.part')" ]
}

@test "--report with a wrong list is exit 2 before anything is read" {
    try check /nonexistent --report jsn=x
    exits 2
    says "did you mean json?" "$stderr"
}

@test "--only and --exclude choose rules; what matches nothing is exit 5 with the nearest name" {
    try check bad.pcap --only 'rfc7252/3/*'
    exits 0
    try check bad.pcap --exclude rfc7252/4.1
    exits 0
    try check bad.pcap --only RFC7252-4.1-1a
    exits 1
    try check bad.pcap --only rfc7252/4.1/empty-mesage-is-bare
    exits 5
    says "did you mean rfc7252/4.1/empty-message-is-bare?" "$stderr"
    try check bad.pcap --only 'rcf7252/*'
    exits 5
    says "did you mean rfc7252/*?" "$stderr"
}

@test "--filter shows a part and judges the whole" {
    make_capture two.pcap <<'END'
0 7> 41 00 0001 aa
5 8> 41 00 0001 aa
END
    for filter in host=192.0.2.7 to=+1s packet=1 host=192.0.2.7,verdict=fail,code=0.00; do
        try check two.pcap --filter "$filter" --format json
        exits 1
        jq -e '[.findings[].packet] == [1] and .summary.fail == 1' <<<"$output"
    done
    try check two.pcap --filter host=192.0.2.6
    exits 0
    try check two.pcap --filter hots=1
    exits 2
    says "column 1: unknown term hots: did you mean host?" "$stderr"
}

@test "--bpf looks at a part of the packets" {
    try check bad.pcap --bpf 'udp and less 34' --format json
    exits 1
    jq -e '.summary.packets == 2' <<<"$output"
    try check bad.pcap --bpf 'udp udp udp'
    exits 2
    says "coapspec: --bpf: " "$stderr"
}

@test "--port and --no-heuristic say what CoAP is" {
    sed 's/\x16\x33/\x30\x39/' good.pcap >other.pcap # port 12345 for 5683, in one of the packets
    try check other.pcap --no-heuristic --port 12345 --format json
    jq -e '.summary.messages == 2' <<<"$output"
    try check other.pcap --port 70000
    exits 2
}

@test "a file that ends inside a packet is judged up to there, and that is said" {
    head -c 150 bad.pcap >cut.pcap
    try check cut.pcap
    says "the file ends inside packet 3" "$output"
    exits 0
}

@test "what is no capture is exit 3 and named" {
    echo "not a capture at all" >text
    try check text
    exits 3
    says "coapspec: text: is no pcap or pcapng capture" "$stderr"
    try check /nonexistent
    exits 3
    try check bad.pcap /nonexistent
    exits 3
    says "FAIL  rfc7252/4.1/empty-message-is-bare" "$output"
}

@test "a capture without CoAP is exit 5" {
    head -c 24 good.pcap >empty.pcap
    try check empty.pcap
    exits 5
    says "Nothing was tested" "$output"
}

@test "--count stops after so many packets" {
    try check bad.pcap --count 2
    exits 0
    says "2 packets, 2 CoAP" "$output"
}

@test "SHOULD is a warning, and with --strict a failure" {
    make_capture should.pcap <<'END'
0 > 41 01 0001 aa d1 04 00
0 < 61 45 0001 aa
END
    try check should.pcap
    exits 0
    says "WARN  rfc7252/3.2/" "$output"
    try check should.pcap --strict
    exits 1
    says "FAIL  rfc7252/3.2/" "$output"
}

@test "the command line is checked" {
    try check
    exits 2
    try check bad.pcap -i lo
    exits 2
    try check bad.pcap --format xml
    exits 2
    says "text, json, ndjson" "$stderr"
    try check bad.pcap --messages
    exits 2
    try check bad.pcap --limit-memory 1k
    exits 2
    try check bad.pcap --quite
    exits 2
    says "did you mean --quiet?" "$stderr"
    try chekc bad.pcap
    exits 2
    says "did you mean check?" "$stderr"
}

@test "help has options and examples, and keeps to 80 columns of ASCII where there is no UTF-8" {
    LC_ALL=C try check --help
    exits 0
    says "--filter TERMS" "$output"
    says "Examples:" "$output"
    run ! grep -P '[^\x00-\x7f]' <<<"$output"
    [ -z "$(awk 'length > 80 && !/^  coapspec/' <<<"$output")" ] # examples are to be pasted
}

@test "colour only where it is wanted" {
    run ! grep -q $'\033' <<<"$("$program" check bad.pcap)"
    "$program" check bad.pcap --color always | grep -q $'\033'
    NO_COLOR=1 "$program" check bad.pcap --color always | grep -q $'\033'
    run ! grep -q $'\033' <<<"$("$program" check bad.pcap --color never)"
}

@test "a reader that goes away is no error" {
    run bash -c "set -o pipefail; '$program' check bad.pcap --format ndjson --messages | head -n 1"
    exits 1
    [ "$(wc -l <<<"$output")" = 1 ]
}

@test "a full disk is said" {
    [ -e /dev/full ] || skip "no /dev/full here"
    run bash -c "'$program' check good.pcap >/dev/full"
    exits 3
    says "No space left on device" "$output"
}

@test "an interface is judged for a while, and Ctrl-C gives the report" {
    run --separate-stderr "$program" check -i lo --duration 300ms
    [ "$status" -ne 3 ] || skip "no right to capture here: $stderr"
    says "lo: " "$output"
    "$program" check -i lo --format json >out.json 3>&- &
    pid=$!
    # a shell that has not become the program yet would take the signal for itself, and nobody would hear of it
    until [ /proc/$pid/exe -ef "$program" ] && grep -q 'SigCgt:.*[2367abef]$' /proc/$pid/status; do
        kill -0 $pid
    done
    kill -INT $pid
    wait $pid && status=0 || status=$?
    exits 130
    jq -e '.summary.interrupted' out.json
    try check -i no-such-interface
    exits 3
}
