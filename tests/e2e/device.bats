# coapspec device: the reference device, judged by somebody else's client (Debian's coap-client).
# shellcheck disable=SC2154 # bats and common.bash set program, stderr and lines
load common

setup() { client=$(libcoap_program coap-client) || skip "no coap-client here (libcoap3-bin)"; }
teardown() { stop_device; }

# Starts the device on a free port with these options: $device is its URI.
start_device() {
    local line
    exec {ready}< <(exec "$program" device --listen coap://127.0.0.1:0 "$@" 3>&- 2>/dev/null)
    device_pid=$!
    read -r -u "$ready" line
    device=${line#listening on }
    [[ $device == coap://127.0.0.1:* ]]
}

stop_device() {
    [ -n "${device_pid-}" ] || return 0
    kill "$device_pid" 2>/dev/null
    wait "$device_pid" 2>/dev/null
    device_pid=
}

@test "coapspec device has the options of coapspec-device" {
    options() { grep -oE -e '--[a-z-]+' | grep -v '^--[a-z]*-$' | sort -u; }
    diff <("$program-device" --help | options | grep -v version) <("$program" device --help | options | grep -vE 'quiet|color')
}

# ask METHOD PATH [OPTION…]: the answer, as coap-client shows it, in $answer.
ask() {
    local method=$1 path=$2
    shift 2
    answer=$("$client" -B 1 -v 7 -m "$method" "$@" "$device/$path" 2>&1 3>&- | tr -d '\0' |
        grep -a '^v:1 t:[A-Z]* c:[2-5]\.') || { echo "no answer to $method $path $*"; return 1; }
}

# answers CODE [TEXT…]: the code, and texts that the answer has to have.
answers() {
    says " c:$1 " "$answer" || return 1
    shift
    local text
    for text in "$@"; do says "$text" "$answer" || return 1; done
}

lacks() {
    [[ $2 != *"$1"* ]] && return
    echo "not expected: $1"
    echo "in: $2"
    return 1
}

@test "no other program of libcoap shares the port of a device" {
    local binary port one
    binary=$(libcoap_program coap-server)
    start_device
    port=${device##*:}
    for one in "-A 127.0.0.1" ""; do
        # shellcheck disable=SC2086 # several words
        run timeout 2 "$binary" $one -p "$port" 3>&- # libcoap 4.3.4's goes on without it
        [[ $output == *"cannot create "*"endpoint"* ]]
    done
    ask get read-only -A 60
    answers 4.06
}

@test "each resource answers a GET" {
    start_device --slow 10
    while read -r path code text; do
        ask get "$path"
        answers "$code" "$text"
    done <<'END'
test 2.05 coapspec reference device
large 2.05 Block2:0/M/1024
large-update 2.05 PUT something
large-create 2.05 POST something
separate 2.05 this took a while
slow 2.05 this took a while
obs 2.05 Max-Age:5
obs-con 2.05 Content-Format:text/plain
obs-non 2.05 Content-Format:text/plain
create 2.05 POST here
create1 4.04 no such
counter 2.05 '0'
query?a=1&b=2 2.05 a=1\x0Ab=2
seg1/seg2/seg3 2.05 three segments
location-query?first=1 2.05 first=1
multi-format 2.05 warm
validate 2.05 ETag:0x
etag 2.05 ETag:0x
read-only 2.05 cannot be changed
max-age 2.05 Max-Age:30
empty 2.05 Content-Format:text/plain ]
forbidden 4.03 nobody may
unauthorized 4.01 who are you
unavailable 5.03 Max-Age:10
failing 5.00 it is broken
nothing 4.04 no such
END
}

@test "/.well-known/core lists the resources, and filters them" {
    start_device
    ask get .well-known/core
    answers 2.05 'application/link-format' '</test>;rt="test"' '</multi-format>' 'ct="0 41 60"'
    ask get '.well-known/core?rt=obs*'
    answers 2.05 '</obs>' '</obs-con>'
    lacks '</test>' "$answer"
    ask get .well-known/core -A 50
    answers 4.06
}

@test "/test is deleted and comes back" {
    start_device
    ask delete test
    answers 2.02
    ask get test
    answers 4.04
    ask put test -e again
    answers 2.01
    ask put test -e more -t 0
    answers 2.04
    ask get test
    answers 2.05 more
}

@test "what a POST makes can be found, changed and deleted" {
    start_device
    ask post create -e one -t 0
    answers 2.01 'Location-Path:create, Location-Path:1'
    ask get create/1
    answers 2.05 one
    ask put create/1 -e two
    answers 2.04
    ask delete create/1
    answers 2.02
    ask delete create/1
    answers 2.02
    ask get create/1
    answers 4.04
    ask post test -e x
    answers 2.01 'Location-Path:location1, Location-Path:location2, Location-Path:'
    ask post location-query -e x
    answers 2.01 'Location-Query:first=1, Location-Query:second=2'
}

@test "large bodies go both ways" {
    start_device
    local body
    body=$(printf 'b%.0s' {1..1500})
    ask put large-update -e "$body"
    answers 2.04
    ask get large-update
    answers 2.05 'Size2:1500'
    ask post large-create -e "$body"
    answers 2.01 'Location-Path:large-create'
    ask put test -e "${body:0:600}"
    answers 4.13 'Size1:512'
}

@test "an Accept is honoured or refused" {
    start_device
    ask get multi-format -A 41
    answers 2.05 'application/xml'
    ask get multi-format -A 60
    answers 2.05 'application/cbor'
    ask get multi-format -A 50
    answers 4.06
    ask get read-only -A 60
    answers 4.06
}

@test "conditions are looked at" {
    start_device
    ask get validate
    local tag=${answer#*ETag:}
    tag=${tag%%[, ]*}
    ask get validate -O "4,$tag"
    answers 2.03 "ETag:$tag"
    lacks '::' "$answer"
    ask put validate -e new -O "1,0xdead"
    answers 4.12
    ask put validate -e new -t 0 -O "1,$tag"
    answers 2.04
    ask get validate -O "4,$tag"
    answers 2.05 new
    ask put create1 -e x -t 0 -O 5
    answers 2.01
    ask put create1 -e y -O 5
    answers 4.12
    ask get create1
    answers 2.05 "'x'"
}

@test "what cannot be done is refused with its own code" {
    start_device
    ask post read-only -e x
    answers 4.05
    ask put nothing -e x
    answers 4.04
    ask put test -e x -t 9999
    answers 4.15
    ask get test -O 65001,0x00
    answers 4.02
    ask get test -P "$device"
    answers 5.05
}

@test "a counter counts POSTs" {
    start_device
    ask post counter
    ask post counter
    ask get counter
    answers 2.05 "'2'"
}

@test "an observer is told each second, and at once when something is put" {
    start_device
    local seen
    seen=$("$client" -v 6 -s 3 -m get "$device/obs-con" 3>&- 2>&1 | grep -ac 't:CON c:2.05 .* Observe:')
    [ "$seen" -ge 2 ]
}

@test "faults change what the device says" {
    local fault method path options words with before after
    while IFS='|' read -r fault method path options before after; do
        for with in "" "$fault"; do
            start_device ${with:+--fault "$with"}
            words=${options/LONG/$(printf 'x%.0s' {1..600})}
            # shellcheck disable=SC2086 # several words
            ask "$method" "$path" ${words/DEVICE/$device}
            if [ -z "$with" ]; then
                says "$before" "$answer"
                lacks "$after" "$answer"
            else
                says "$after" "$answer" || { echo "fault $fault"; return 1; }
            fi
            stop_device
        done
    done <<'END'
post-without-location|post|create|-e x|Location-Path:create|[ ]
location-dot-dot|post|create|-e x|Location-Path:1|Location-Path:..
location-in-content|get|read-only||c:2.05|Location-Path:somewhere
created-says-changed|post|create|-e x|c:2.01|c:2.04
created-says-content|post|create|-e x|c:2.01|c:2.05
changed-says-created|put|test|-e x|c:2.04|c:2.01
delete-missing-404|delete|nothing||c:2.02|c:4.04
accept-ignored|get|read-only|-A 60|c:4.06|c:2.05
wrong-content-format|get|multi-format|-A 41|application/xml|text/plain
unsupported-format-accepted|put|test|-e x -t 9999|c:4.15|c:2.04
if-match-ignored|put|test|-e x -O 1,0xdead|c:4.12|c:2.04
if-none-match-ignored|put|test|-e x -O 5|c:4.12|c:2.04
precondition-is-bad-request|put|test|-e x -O 5|c:4.12|c:4.00
unknown-path-is-content|get|nothing||c:4.04|c:2.05
diagnostic-not-utf8|get|nothing||no such|na\xEFve
error-with-content-format|get|nothing||c:4.04|Content-Format:text/plain
method-refused-as-missing|post|read-only||c:4.05|c:4.04
critical-ignored|get|test|-O 65001,0x00|c:4.02|c:2.05
too-large-without-size1|put|test|-e LONG|Size1:512|[ ]
request-option-in-response|get|test||c:2.05|Accept:
critical-in-response|get|test||c:2.05|65001:
max-age-default|get|test||c:2.05|Max-Age:60
unavailable-without-max-age|get|unavailable||Max-Age:10|[ ]
deleted-with-location|delete|nothing||c:2.02|Location-Path:somewhere
unregistered-format|get|test||text/plain|Content-Format:64000
well-known-no-format|get|.well-known/core||link-format|[ ] ::
well-known-broken|get|.well-known/core||'</test|'(/test
well-known-ct-text|get|.well-known/core||ct=0|ct=text
well-known-ct-twice|get|.well-known/core||ct=0|;ct=0;ct=0
well-known-missing|get|.well-known/core||c:2.05|c:4.04
unknown-response-code|get|test||c:2.05|c:2.17
error-instead-of-content|get|test||c:2.05|c:5.00
amplifies|get|test||reference device|AAAA
proxy-answered|get|read-only|-P DEVICE|c:5.05|c:4.04
END
}

@test "SIGTERM and SIGINT end it within a second" {
    local signal began
    for signal in TERM INT; do
        start_device
        began=$SECONDS
        kill -s "$signal" "$device_pid"
        wait "$device_pid"
        [ $((SECONDS - began)) -le 1 ]
        device_pid=
    done
}

@test "a port in use is exit 3, and said" {
    start_device
    try device --listen "$device"
    exits 3
    says "cannot listen on $device" "$stderr"
    says "in use" "$stderr"
}

@test "an unknown fault is exit 2, with the nearest name" {
    try device --fault accept-ignord
    exits 2
    says 'did you mean accept-ignored?' "$stderr"
}

@test "bad command lines are exit 2" {
    try device --listen nonsense
    exits 2
    try device --slow soon
    exits 2
    try device --client coap://127.0.0.1:1/x --method FROB
    exits 2
    try device something
    exits 2
}

@test "the faults are listed, and as JSON with what they break" {
    try device --list-faults
    exits 0
    says "accept-ignored " "$output"
    try device --list-faults --format json
    exits 0
    [ "$(jq -r '.[] | select(.name == "accept-ignored") | .requirements[0]' <<<"$output")" = RFC7252-5.10.4-1 ]
    # each of them is known to the catalogue of this build
    jq -r '.[].requirements[]' <<<"$output" | sort -u |
        comm -23 - <(cut -f1 dissector/rules/requirements/rfc7252.tsv | sort -u) >"$BATS_TEST_TMPDIR/unknown"
    [ ! -s "$BATS_TEST_TMPDIR/unknown" ] || { cat "$BATS_TEST_TMPDIR/unknown"; return 1; }
}

@test "the client prints answers, and says when there is none" {
    start_device --slow 10
    try device --client "$device/test"
    exits 0
    [ "$output" = "2.05 coapspec reference device" ]
    try device --client "$device/separate" --non --count 2
    exits 0
    [ "${#lines[@]}" -eq 2 ]
    try device --client "$device/create" --method POST --payload x --token-length 8
    exits 0
    [ "$output" = 2.01 ]
    try device --client coap://127.0.0.1:1/test
    exits 1
}

@test "it listens on IPv6 too" {
    exec {ready}< <(exec "$program" device --listen "coap://[::1]:0" 3>&- 2>/dev/null)
    device_pid=$!
    read -r -u "$ready" line || skip "no IPv6 here"
    device=${line#listening on }
    try device --client "$device/test"
    exits 0
}
