# Every statement of the documents has a rule, a scenario or a reason, and the pages that show it are up to date.
# shellcheck disable=SC2154 # bats and common.bash set these
load common

@test "docs/coverage/ is what make docs makes, a page for each document" {
    mkdir "$BATS_TEST_TMPDIR/now"
    docs/make-coverage "$BATS_TEST_TMPDIR/now"
    diff -r docs/coverage "$BATS_TEST_TMPDIR/now" || { echo "make docs"; return 1; }
    requirements=(dissector/rules/requirements/*.tsv) pages=(docs/coverage/*.md)
    [ ${#requirements[@]} = $((${#pages[@]} - 1)) ] # one is the README
}

@test "each statement that a capture shows has a rule or a reason" {
    run jq -r '.[] | select(.observable == "passive" and .reason == "missing") | .id' \
        <<<"$("$program" list requirements --format json)"
    [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "each statement that must be provoked has a scenario or a reason" {
    run jq -r '.[] | select(.reason == "missing") | .id' \
        <<<"$("$program" list requirements --format json)"
    [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "each statement that is covered has been seen to fail" {
    run awk -F ' [|] ' '/^[|] / && $4 ~ /^`/ { sub(/ *[|]$/, "", $5); if ($5 == "") print $1 }' docs/coverage/*.md
    [ -z "$output" ] || { echo "$output"; return 1; }
}
