#!/usr/bin/env bats
# Captures with a verdict in their names (ttproto), against labelled.tsv: file, label, findings, reason. A finding is
# RULE@PACKETS: the packets of one finding joined by +, of several by commas. No more, no less is found.
#
# The captures lie beside the project in ../shared, or where SHARED says.

setup() {
    CAPTURES=${SHARED:-../shared}/captures/ttproto
    LIST=$BATS_TEST_DIRNAME/labelled.tsv
    COAPSPEC=${BUILD:-build}/coapspec
    [ -d "$CAPTURES" ] || skip "no labelled captures in $CAPTURES"
}

findings() { # the third column of a capture
    "$COAPSPEC" check --format json "$1" 2>/dev/null | jq -r '
        [.findings[] | {rule, at: (.packets | map(tostring) | join("+"))}]
        | group_by(.rule) | map(.[0].rule + "@" + (map(.at) | join(",")))
        | if . == [] then "-" else join(" ") end'
}

@test "labelled captures bring exactly the findings of the list" {
    wrong=0
    while IFS=$'\t' read -r file _ expected _; do
        got=$(findings "$CAPTURES/$file")
        [ "$got" = "$expected" ] && continue
        printf '%s\n  expected %s\n  got      %s\n' "$file" "$expected" "$got"
        wrong=$((wrong + 1))
    done < <(tail -n +2 "$LIST")
    [ "$wrong" -eq 0 ]
}

@test "every labelled capture is on the list, under its label" {
    diff <(tail -n +2 "$LIST" | cut -f1,2 | sort) <(tail -n +2 "$CAPTURES/INDEX.tsv" | cut -f1,3 | sort)
}

@test "a finding that the label does not expect, and a FAIL without a finding, have their reason" {
    run awk -F'\t' 'NR > 1 && ($2 != "FAIL") == ($3 != "-") && $4 == "" { print $1 }' "$LIST"
    [ "$output" = "" ]
}
