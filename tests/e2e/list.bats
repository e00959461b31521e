# `coapspec list` and `explain`: what this build knows.
# shellcheck disable=SC2154 # bats and common.bash set these
load common

@test "rules as JSON have the fields that were promised" {
    try list rules --format json
    exits 0
    jq -e 'length > 20 and all(.id and .spec and .section and (.level | length > 0) and .says
           and (.requirements | type == "array"))' <<<"$output"
    jq -e '[.[].id] | . == sort and length == (unique | length)' <<<"$output"
}

@test "requirements as JSON have the fields that were promised" {
    try list requirements --format json
    exits 0
    jq -e '[.[] | select(.spec == "RFC 7252")] | length >= 288' <<<"$output"
    jq -e 'all(.id and .spec and .section and .level and .who and .observable and .text
           and (.rules | type == "array") and (.scenarios | type == "array"))' <<<"$output"
    # covered, or a reason: never both, never neither
    jq -e 'all((((.rules + .scenarios) | length) > 0) != has("reason"))' <<<"$output"
    jq -e '.[] | select(.id == "RFC7252-4.1-1a") | .rules == ["rfc7252/4.1/empty-message-is-bare"]' <<<"$output"
}

@test "a requirement that a rule names exists" {
    unknown=$(comm -23 <("$program" list rules --format json | jq -r '.[].requirements[]' | grep ^RFC | sort -u) \
        <("$program" list requirements -q | sort -u))
    [ -z "$unknown" ] || { echo "$unknown"; return 1; }
}

@test "every section of a requirement and of a rule has a title" {
    # shellcheck disable=SC2046 # one word each
    untitled=$("$program" explain $("$program" list requirements -q) --format json |
        jq -r '.[] | select(.section_title | not) | "\(.spec) \(.section)"' | sort -u)
    [ -z "$untitled" ] || { echo "not in dissector/rules/sections/: $untitled"; return 1; }
}

@test "registries are lists too" {
    "$program" list options --format json | jq -e '.[] | select(.number == 11)
        | .name == "Uri-Path" and .critical and .unsafe and .repeatable and .max == 255'
    "$program" list codes --format json | jq -e '.[] | select(.code == "4.04") | .name == "Not Found"'
    "$program" list formats --format json | jq -e '.[] | select(.number == 40) | .media_type == "application/link-format"'
}

@test "a glob chooses" {
    try list rules 'rfc7252/4.1/*' -q
    exits 0
    says "rfc7252/4.1/empty-message-is-bare" "$output"
    run ! grep -v '^rfc7252/4\.1/' <<<"$output"
    try list rules 'nothing/*'
    exits 5
    try list rules 'nothing/*' --format json
    [ "$(jq length <<<"$output")" = 0 ]
}

@test "list alone says of what there are lists" {
    try list
    exits 2
    says "requirements" "$output"
    try list rles
    exits 2
    says "did you mean rules?" "$stderr"
}

@test "explain shows a rule with its dialogues" {
    try explain rfc7252/4.1/empty-message-is-bare
    exits 0
    says "RFC 7252, section 4.1" "$output"
    says "held by" "$output"
    says "broken by" "$output"
    says "RFC7252-4.1-1a" "$output"
    try explain rfc7252/4.1/empty-message-is-bare --format json
    jq -e '.[0] | .id == "rfc7252/4.1/empty-message-is-bare" and (.holds | length) > 0 and (.breaks | length) > 0' <<<"$output"
}

@test "explain shows every kind of thing, whatever its case" {
    try explain RFC7252-4.2-1 observe 4.02 uri-PATH
    exits 0
    says "RFC7252-4.2-1" "$output"
    says "Observe" "$output"
    says "Bad Option" "$output"
    says "Uri-Path" "$output"
    try explain 40 # an option number that is not assigned, and a Content-Format
    says "application/link-format" "$output"
}

@test "explain knows verbs, names, published tests, suites and faults" {
    try explain expect '$separate' ACK_TIMEOUT TD_COAP_CORE_31 smoke executes-duplicates version-0
    exits 0
    says "further keys" "$output"
    says '$separate  resource' "$output"
    says "2 s" "$output"
    says "scenarios     core/ping" "$output"
    says "RFC7252-4.5-1b" "$output"
    says "run --fault" "$output"
    try explain excpect
    exits 5
    says "did you mean expect?" "$stderr"
}

@test "every list is there as text within 80 columns and as an array of objects with an id or name" {
    for kind in $("$program" list 2>/dev/null | cut -d' ' -f1); do
        COLUMNS=80 try list "$kind"
        exits 0
        # an id that is longer than the line cannot be broken
        run awk 'length > 80 && NF > 2' <<<"$output"
        [ -z "$output" ] || { echo "$kind: $output"; return 1; }
        "$program" list "$kind" --format json |
            jq -e 'length > 1 and all(has("id") or has("name") or has("number"))' >/dev/null || { echo "$kind"; return 1; }
    done
}

@test "the requirements that a fault of the reference device breaks exist" {
    unknown=$(comm -23 <("$program" list device-faults --format json | jq -r '.[].requirements[]' | sort -u) \
        <("$program" list requirements -q | sort -u))
    [ -z "$unknown" ] || { echo "$unknown"; return 1; }
}

@test "explain of the unknown is exit 5 with the nearest name" {
    try explain rfc7252/4.1/empty-mesage-is-bare
    exits 5
    says "did you mean rfc7252/4.1/empty-message-is-bare?" "$stderr"
    try explain
    exits 2
}

@test "scenarios and suites are listed, and a broken one is shown with its place" {
    mkdir -p "$BATS_TEST_TMPDIR/s/core" "$BATS_TEST_TMPDIR/s/suites"
    export COAPSPEC_SCENARIOS=$BATS_TEST_TMPDIR/s
    cp scenarios/core/ping.yaml "$COAPSPEC_SCENARIOS/core/toy.yaml"
    try list scenarios --format json
    exits 0
    jq -e 'length == 1 and (.[0] | .id == "core/toy" and (.file | endswith("core/toy.yaml")) and (.name | length > 0)
           and (.covers | length > 0) and (.needs | type == "array") and .role == "server")' <<<"$output"
    first=$(jq -r '.[0].covers[0]' <<<"$output")
    try list requirements "$first" --format json
    jq -e '.[0].scenarios == ["core/toy"]' <<<"$output"
    try explain core/toy
    exits 0
    says "covers" "$output"
    echo 'name: [' >"$COAPSPEC_SCENARIOS/core/broken.yaml"
    try list scenarios
    exits 2
    says "core/broken.yaml:" "$stderr"
    try list rules
    exits 0
    try explain observe
    exits 0
}

@test "the faults of the border name the rules that find them" {
    try list faults --format json
    exits 0
    [ "$output" != $'[\n]' ] || skip "there are no faults yet"
    jq -e 'length > 1 and all(.name and .does and (.rules | type == "array"))' <<<"$output"
    unknown=$(comm -23 <(jq -r '.[].rules[]' <<<"$output" | sort -u) <("$program" list rules -q | sort -u))
    [ -z "$unknown" ] || { echo "$unknown"; return 1; }
}
