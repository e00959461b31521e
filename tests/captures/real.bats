#!/usr/bin/env bats
# Captures of real stacks (real/README.md) bring exactly the findings of real/findings.tsv: file, rule, packets, reason. The
# packets of one finding are joined by +, several findings by commas; `-` stands for none.

setup() {
    HERE=$BATS_TEST_DIRNAME/real
    COAPSPEC=${BUILD:-build}/coapspec
}

findings() { # of a capture, as in the list
    "$COAPSPEC" check --format json "$HERE/$1.pcapng" 2>/dev/null | jq -r --arg name "$1" '
        [.findings[] | {rule, by: .offender.role, at: (.packets | map(tostring) | join("+"))}]
        | if . == [] then "\($name)\t-\t-" else
            group_by(.rule + .by)[] | "\($name)\t\(.[0].rule)\t\(map(.at) | join(","))" end'
}

@test "captures of real stacks bring exactly the findings of the list" {
    for file in "$HERE"/*.pcapng; do
        findings "$(basename "$file" .pcapng)"
    done | LC_ALL=C sort >"$BATS_TEST_TMPDIR/found"
    diff <(tail -n +2 "$HERE/findings.tsv" | cut -f1-3 | LC_ALL=C sort) "$BATS_TEST_TMPDIR/found"
}

@test "every finding in a real stack has its reason" {
    run awk -F'\t' 'NR > 1 && ($2 != "-") != ($4 != "") { print }' "$HERE/findings.tsv"
    [ "$output" = "" ]
}

@test "every real capture says where it comes from" {
    for file in "$HERE"/*.pcapng; do
        grep -q "^| $(basename "$file" .pcapng) |" "$HERE/README.md" || { echo "$file"; return 1; }
    done
}
