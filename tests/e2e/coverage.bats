# Every statement of the documents has a rule, a scenario or a reason, and the page that shows it is up to date.
# shellcheck disable=SC2154 # bats and common.bash set these
load common

@test "docs/coverage/rfc7252.md is what make docs makes" {
    docs/make-coverage "RFC 7252" >"$BATS_TEST_TMPDIR/now.md"
    diff docs/coverage/rfc7252.md "$BATS_TEST_TMPDIR/now.md" || { echo "make docs"; return 1; }
}

@test "each statement of RFC 7252 that a capture shows has a rule or a reason" {
    run jq -r '.[] | select(.spec == "RFC 7252" and .observable == "passive" and .reason == "missing") | .id' \
        <<<"$("$program" list requirements --format json)"
    [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "each statement of RFC 7252 that must be provoked has a scenario or a reason" {
    run jq -r '.[] | select(.spec == "RFC 7252" and .reason == "missing") | .id' \
        <<<"$("$program" list requirements --format json)"
    [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "each statement of RFC 7252 that is covered has been seen to fail" {
    run awk -F ' [|] ' '/^[|] RFC7252/ && $4 ~ /^`/ { sub(/ *[|]$/, "", $5); if ($5 == "") print $1 }' docs/coverage/rfc7252.md
    [ -z "$output" ] || { echo "$output"; return 1; }
}
