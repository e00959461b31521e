# coapspec decode: one message, octet by octet.
load common

@test "octets come out as a line and a table" {
    try decode 420141ee5b9060513301300139
    exits 0
    [ "${lines[0]}" = "CON GET /3/0/9 observe=0 tok=5b90 mid=0x41ee" ]
    says "     2   41 ee                    Message ID: 0x41ee (16878)" "$output"
    says 'Uri-Path: "9"' "$output"
    [ -z "$stderr" ]
}

@test "blanks, colons, commas, 0x and several arguments are one datagram" {
    for input in "40 01 00 07" "40:01:00:07" "0x40,0x01,0x00,0x07" "40010007"; do
        try decode -q "$input"
        exits 0
        [ "$output" = "CON GET tok=- mid=0x0007" ]
    done
    try decode -q 40 01 00 07
    [ "$output" = "CON GET tok=- mid=0x0007" ]
}

@test "standard input is read" {
    output=$(printf '40 01\n00 07\n' | coapspec decode -q -)
    [ "$output" = "CON GET tok=- mid=0x0007" ]
    output=$(echo 'RST mid=1' | coapspec decode -q -)
    [ "$output" = 70000001 ]
}

@test "a line comes out as octets" {
    try decode -q 'CON GET /a tok=01 mid=2'
    exits 0
    [ "$output" = 4101000201b161 ]
}

@test "a broken rule stands at its octet and makes the exit code 1" {
    try decode 7100000101
    exits 1
    says "! octet 0:" "$output"
    says "rfc7252/4.1/empty-message-is-bare" "$output"
}

@test "a malformed datagram is decoded as far as it goes" {
    try decode 40010001f0
    exits 1
    [ "${lines[0]}" = "raw: 40 01 00 01 f0" ]
    says "octet 4" "$output"
    says "not decoded" "$output"
}

@test "one octet and 65535 octets are decoded" {
    try decode 40
    exits 1
    says "raw: 40" "$output"
    head -c 65531 /dev/zero | tr '\0' 'a' | od -An -v -tx1 | { echo 40450001ff; cat; } >"$BATS_TEST_TMPDIR/hex"
    run bash -c "$program decode - <$BATS_TEST_TMPDIR/hex | tail -n 40"
    says "(-v shows them)" "$output"
}

@test "bad hex is exit 2 with column and caret" {
    try decode '4001 00g7'
    exits 2
    says "column 8: not a hex digit" "$stderr"
    says $'  4001 00g7\n         ^' "$stderr"
    [ -z "$output" ]
    try decode 400
    exits 2
    says "column 3: half an octet" "$stderr"
}

@test "a bad line is exit 2 with the nearest right word" {
    try decode 'CON GET obsreve=0'
    exits 2
    says "column 9: unknown option 'obsreve': did you mean observe?" "$stderr"
    says $'  CON GET obsreve=0\n          ^' "$stderr"
}

@test "no input is exit 2" {
    try decode
    exits 2
    try decode ''
    exits 2
    run --separate-stderr bash -c "$program decode - </dev/null"
    exits 2
}

@test "JSON holds the line, the octets and what is broken" {
    try decode --format json 71000001aa
    exits 1
    [ "$(jq -r .line <<<"$output")" = "RST EMPTY tok=aa mid=0x0001" ]
    [ "$(jq -r .octets <<<"$output")" = 71000001aa ]
    [ "$(jq -r .fault.id <<<"$output")" = empty-not-bare ]
    [ "$(jq -r '.findings[] | select(.rule == "rfc7252/4.1/empty-message-is-bare") | .verdict' <<<"$output")" = fail ]
    [ "$(jq '[.octets_explained[] | select(.kind == "field") | .octet] | max' <<<"$output")" = 4 ]
}

@test "no row is wider than 80 columns, and without UTF-8 all of it is ASCII" {
    hex=45450001aabbccddee2101d104ffb174ff7b22c3a4220a
    run env LC_ALL=C COLUMNS=80 "$program" decode "$hex"
    exits 1
    says 'Payload: 6 octets' "$output"
    [ -z "$(awk 'NR > 1 && length > 80' <<<"$output")" ] # the first is for pasting
    [ -z "$(LC_ALL=C grep -P '[^\x00-\x7f]' <<<"$output")" ]
}

@test "every example of docs/notation.md gives the octets beside it" {
    count=0
    while IFS= read -r row; do
        line=$(sed -E 's/^\| `([^`]*)`.*/\1/; s/\\\|/|/' <<<"$row")
        hex=$(sed -E 's/.*\| `([0-9a-f ]+)`.*/\1/; s/ //g' <<<"$row")
        got=$(coapspec decode -q "$line") || true
        [[ $got == "$hex"* ]] || { echo "$line: expected $hex, got $got"; return 1; }
        count=$((count + 1))
    done < <(grep -E '^\| `.*` .*\| `[0-9a-f ]+`( …)? \|$' docs/notation.md)
    [ "$count" -ge 9 ]
}

@test "the help has examples" {
    try decode --help
    exits 0
    says "coapspec decode 44 01 41 ee" "$output"
}

@test "records of DTLS are taken apart as far as they are in the clear" {
    try decode 15fefd0000000000000001000202 28
    exits 0
    [ "${lines[0]}" = "DTLS: alert, epoch 0, 2 octets" ]
    says "Content type: 21, alert" "$output"
    try decode --format json 17fefd00010000000000010003aabbcc
    exits 0
    [ "$(jq -r '.octets_explained | map(.label) | join(",")' <<<"$output")" = "Content type,Version,Epoch,Sequence number,Length,Encrypted" ]
    try decode 17fefd00010000000000010009aabbcc
    exits 1
    says "! octet 0: no whole record begins here" "$output"
}

@test "a message over TCP or WebSocket is read by its own framing" {
    try decode -q --framing tcp 21 01 01 b1 78
    exits 0
    [ "$output" = "GET /x tok=01" ]
    try decode -q --framing ws 'GET /x tok=01'
    exits 0
    [ "$output" = 010101b178 ]
    try decode --framing tcp 10 e1 20
    exits 0
    says "Code: 7.01: CSM, a signal" "$output"
    try decode --framing tcp 22 01 01 02 e0 3c
    exits 1
    says "! octet 4:" "$output"
    try decode --framing ws 21 01 01 b1 78
    exits 1
    says "! octet 0: the length field" "$output"
    try decode --framing tcp 'CON GET /x'
    exits 2
    says "no type, Message ID or version" "$stderr"
    try decode --framing sctp 00
    exits 2
}

@test "over TCP an option that is out of place stands at its octet, and nobody asks for a type" {
    try decode --framing tcp 31 01 01 d1 01 05
    exits 1
    says "! octet 3:" "$output"
    says "rfc7252/5.4/options-are-defined-for-the-message" "$output"
    try decode --framing tcp --format json 00 00
    [ "$(jq -r '[.carrier, .code, .type, .mid] | @csv' <<<"$output")" = '"tcp","0.00",,' ]
}
