# coaps: send, probe and run over DTLS, against the reference device.
# shellcheck disable=SC2154 # bats and common.bash set program, output and stderr
load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    program=$root/${BUILD:-build}/coapspec
    [[ ${BUILD-} == /* ]] && program=$BUILD/coapspec
    key=(--psk-identity someone --psk-key hex:736563726574)
    "$program-device" --help | grep -q psk-key
}
teardown() { stop_device; }

start_device() { # options: a device that speaks DTLS; $device is its URI
    local line
    exec {ready}< <(exec "$program-device" --listen coaps://127.0.0.1:0 "$@" 3>&- 2>/dev/null)
    device_pid=$!
    read -r -u "$ready" line
    device=${line#listening on }
    [[ $device == coaps://127.0.0.1:* ]]
}
stop_device() {
    [ -n "${device_pid-}" ] || return 0
    kill "$device_pid" 2>/dev/null
    wait "$device_pid" 2>/dev/null
    device_pid=
}
with_key() { start_device --psk-identity someone --psk-key secret; }

@test "a message goes over DTLS, and its answer comes back" {
    with_key
    try send 'CON GET /test tok=0102' "$device" "${key[@]}"
    exits 0
    says "ACK 2.05" "$output"
}

@test "nobody listens, or the key is not theirs: exit 3, with the reason" {
    with_key
    try send 'CON GET /test' "$device" --psk-identity nobody --psk-key secret
    exits 3
    says "the device refuses the handshake" "$stderr"
    stop_device
    try send 'CON GET /test' "$device" "${key[@]}"
    exits 3
    says "nobody listens there" "$stderr"
}

@test "keys go with coaps, and an identity with a key" {
    try send 'CON GET /test' coap://127.0.0.1 "${key[@]}"
    exits 2
    says "keys are for coaps" "$stderr"
    try probe coaps://127.0.0.1 --psk-key secret
    exits 2
    try run smoke --target http://127.0.0.1
    exits 2
    says "only coap:// and coaps:// are spoken" "$stderr"
}

@test "a key from the environment stands in no report" {
    with_key
    export LAMP_KEY=secret
    try run core/accept-chooses core/unknown-critical-option --target "$device" --psk-identity someone --psk-key env:LAMP_KEY \
        -o out --strict --color never
    exits 1
    says "--psk-key env:LAMP_KEY" "$output"
    [ "$(cat out/results.json out/junit.xml | grep -c secret)" = 0 ]
    try run smoke --target "$device" --psk-identity someone --psk-key env:NOT_SET
    exits 2
    says "variable that is set" "$stderr"
}

@test "a profile is found out over DTLS" {
    with_key
    try probe "$device" "${key[@]}" -q
    exits 0
    says 'test: "/test"' "$output"
}

findings() { jq -c '.findings[] | [.rule, .verdict, .packets, .octet, .message, .offender.address]' "$1" | sort; }
tallies() { jq -c '.rules[] | [.id, .verdict, .held, .broken, .undecided]' "$1" | sort; }

@test "a run over DTLS is judged as one without, and check on its evidence finds the same" {
    with_key --fault location-dot-dot
    try run core/ping core/get-con core/post-creates robustness/other-version --target "$device" "${key[@]}" -o out --strict \
        --profile "$root/tests/faults/device.yaml" --color never
    exits 1
    says "messages were judged decrypted" "$output"
    try check out/evidence.pcapng --strict --color never --report json=out/check.json
    exits 1
    says "messages were judged decrypted" "$output"
    [ "$(findings out/results.json | wc -l)" -gt 0 ]
    diff <(findings out/results.json) <(findings out/check.json)
    diff <(tallies out/results.json) <(tallies out/check.json)
    [ "$(jq '.sources[0].counts.messages' out/check.json)" = "$(jq '.sources[0].counts.messages' out/results.json)" ]
}

@test "others read the evidence too, and find as many messages" {
    with_key
    try run core/ping core/get-con --target "$device" "${key[@]}" -o out
    exits 0
    [ "$(grep -ac secret out/evidence.pcapng)" = 0 ] # of the sessions, not the key
    command -v tshark >/dev/null || skip "no tshark here"
    [ "$(tshark -r out/evidence.pcapng -d "dtls.port==${device##*:},coap" -Y coap 2>/dev/null | wc -l)" = \
        "$(jq '.sources[0].counts.messages' out/results.json)" ]
}

@test "without keys in the evidence nobody reads it; a key log opens it again" {
    with_key
    try run core/get-con --target "$device" "${key[@]}" -o out
    exits 0
    tr -d '\0' <out/evidence.pcapng | grep -ao 'CLIENT_RANDOM [0-9a-f]* [0-9a-f]*' >keys.log
    [ "$(wc -l <keys.log)" -ge 2 ]
    try run core/get-con --target "$device" "${key[@]}" -o bare --no-keys-in-evidence
    exits 0
    [ "$(grep -ac CLIENT_RANDOM bare/evidence.pcapng)" = 0 ]
    try check bare/evidence.pcapng --color never --report json=check.json
    exits 0
    says "the messages in those are not judged" "$(tr '\n' ' ' <<<"$output" | tr -s ' ')"
    [ "$(jq '.sources[0].counts.messages' check.json)" = 0 ]
    [ "$(jq '.sources[0].dtls | .sealed > 0 and .decrypted == 0' check.json)" = true ]
}

@test "a bad line of a key log is told with its place" {
    printf '# keys\nSERVER_HANDSHAKE_TRAFFIC_SECRET 00 00\nCLIENT_RANDOM 00\n' >keys.log
    try check x.pcapng --keylog keys.log
    exits 2
    says "keys.log:3:15: the client's random has 32 octets, not 1" "$stderr"
    try check x.pcapng --keylog none.log
    exits 3
    says "none.log: No such file" "$stderr"
}

@test "a fault at our border is judged, and its evidence opens nothing else" {
    with_key
    try run core/get-con --target "$device" "${key[@]}" -o out --fault ack-mid --color never
    exits 1
    says "messages were judged decrypted" "$output"
    [ "$(grep -ac CLIENT_RANDOM out/evidence.pcapng)" = 0 ]
}

@test "handshakes are tried where we have what they take, and the others have their reason" {
    with_key
    try run dtls --target "$device" "${key[@]}" -o out --color never --format json
    exits 0
    verdict() { jq -r --arg id "dtls/$1" '.scenarios[] | select(.id == $id) | "\(.verdict): \(.reason)"' <<<"$output"; }
    [ "$(verdict psk-suite)" = "pass: null" ]
    [ "$(verdict other-session-does-not-acknowledge)" = "pass: null" ]
    says "not applicable: we have no certificate" "$(verdict certificate-suite)"
    says "not applicable: we cannot issue certificates" "$(verdict certificate-expired)"
    says "not applicable: not found by the probe: raw_public_key" "$(verdict raw-key-suite)"
    stop_device
    start_device --psk-identity someone --psk-key secret --fault dtls-forward-secrecy-only
    try run dtls/psk-suite --target "$device" "${key[@]}" -o out --color never
    exits 1
    says "the device refuses the handshake: handshake failure" "$output"
}

@test "who claims raw public keys must answer a hello that offers nothing else" {
    with_key
    try run 'dtls/raw-key*' --target "$device" "${key[@]}" --param raw_public_key=yes -o out --color never
    exits 1
    says "the device refuses the handshake: handshake failure" "$output"
}

@test "who has certificates of another kind is not blamed: whether it has raw public keys is not seen" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -subj /CN=device -keyout own.key -out own.crt 2>/dev/null
    start_device --psk-identity someone --psk-key secret --cert own.crt --cert-key own.key --ca own.crt
    try run dtls/raw-key-suite --target "$device" "${key[@]}" --param raw_public_key=yes -o out --color never --format json
    [ "$(jq -r '.scenarios[0].verdict' <<<"$output")" = inconclusive ]
    # OpenSSL before 3.2 does not know the extension and takes no notice of it
    [[ $(jq -r '.scenarios[0].reason' <<<"$output") == *@("a certificate of X.509"|"refuses raw public keys themselves")* ]]
}

# ------------------------------------------------------------------ the device is the client

# A certificate and its key in NAME.pem; signed by AUTHORITY, or by itself.
certificate() { # name [authority]
    local options=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt")
    [ $# -eq 1 ] || options+=(-CA "$2.crt" -CAkey "$2.key")
    openssl req -x509 "${options[@]}" 2>/dev/null
    cat "$1.crt" "$1.key" >"$1.pem"
}
client="-device --client {uri} --method {method} {payload:--payload %} {sessions:--sessions %}"

@test "a client comes over coaps with a key, and is judged on what is inside" {
    try run client/ping client/con-response-to-non client/answer-to-group --exec "$program-device --client {uri} {non:--non} {group:%} ${key[*]/hex:*/secret}" \
        "${key[@]}" -o out --color never
    exits 0
    says "coaps://127.0.0.1:" "$output"
    says "2 of 3 scenarios passed" "$output"
    says "no group is spoken to over DTLS" "$output"
}

@test "a client with another key is shut out, and the report says why" {
    try run client/ping --exec "$program-device --client {uri} --psk-identity somebody --psk-key secret" "${key[@]}" -o out --color never --param await=2
    exits 5
    says "the device names an identity that we do not know" "$(tr '\n' ' ' <<<"$output" | tr -s ' ')"
}

@test "a client by certificates takes the server that it asks, by whatever name, and no other" {
    certificate authority && certificate device authority
    try run client/ping dtls --exec "$program$client --ca authority.crt --cert device.pem" --ca authority.crt --ca-key authority.key \
        --param clock=yes --param await=6 -o out --color never --format json
    exits 0
    [ "$(jq '[.scenarios[] | select(.verdict == "pass")] | length' <<<"$output")" -ge 9 ]
    local name=localhost
    getent hosts localhost >/dev/null || name=127.0.0.1 # no /etc/hosts: libcoap cannot ask by name
    try run dtls/server-uri-other dtls/server-certificate-untrusted --listen coaps://$name:0 --color never -o out \
        --exec "$program$client --ca authority.crt" --ca authority.crt --ca-key authority.key --param await=6
    exits 0
    says "coaps://$name:" "$output"
    try run dtls/server-uri-other --exec "$program$client --ca authority.crt --fault dtls-client-asks-no-name" \
        --ca authority.crt --ca-key authority.key --param await=6 -o out --color never
    exits 1
    says "goes through with the handshake, and sends its request" "$(tr '\n' ' ' <<<"$output" | tr -s ' ')"
}

@test "a client that trusts another authority is not accused" {
    certificate authority && certificate stranger
    try run dtls/server-uri-other --exec "$program$client --ca stranger.crt" --ca authority.crt --ca-key authority.key --param await=2 -o out --color never
    exits 5
    says "INCONCLUSIVE  dtls/server-uri-other" "$output"
    says "the device refuses the handshake: unknown CA" "$output"
}

@test "to listen for coaps takes something to show" {
    try run client/ping --listen coaps://127.0.0.1:0 --exec "$program$client"
    exits 2
    says "--ca and --ca-key" "$stderr"
    certificate authority
    try run client/ping --exec "$program$client --ca authority.crt" --ca authority.crt -o out
    exits 2
}
