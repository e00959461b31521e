#!/usr/bin/env bats
# check --threads 1 and 2 say the same, to the octet: findings, errors, exit codes, documents.
load common

setup_file() {
    export MADE=$BATS_FILE_TMPDIR
    for kind in mix lossy holes blocks; do
        "${BUILD:-build}/bench/generate" $kind 20000 >"$MADE/$kind.pcap" 2>/dev/null
    done
    head -c 300001 "$MADE/mix.pcap" >"$MADE/cut.pcap"
    { head -c 200000 "$MADE/mix.pcap" && head -c 4000 /dev/zero | tr '\0' '\377'; } >"$MADE/broken.pcap"
    head -c 24 "$MADE/mix.pcap" >"$MADE/empty.pcap"
}

both() { # words of check: outcome, standard output and error of either, without the number of threads
    local n code
    for n in 1 2; do
        code=0
        "$program" check --threads $n "$@" >"$MADE/out.$n" 2>"$MADE/err.$n" || code=$?
        echo "exit $code" >>"$MADE/err.$n"
        sed -i "s/--threads $n/--threads N/g; s/\"started\":[[:space:]]*\"[^\"]*\"//" "$MADE/out.$n" "$MADE/err.$n"
    done
    cmp "$MADE/out.1" "$MADE/out.2" && cmp "$MADE/err.1" "$MADE/err.2"
}

@test "of real captures, in text and as a document" {
    for file in tests/captures/real/*.pcapng; do
        both "$file"
        both "$file" --format json
    done
}

@test "of generated ones, each message" {
    for kind in mix lossy holes blocks; do
        both "$MADE/$kind.pcap" --format ndjson --messages
        [ -s "$MADE/out.2" ]
    done
}

@test "of several files, one of which cannot be read" {
    both "$MADE/mix.pcap" "$MADE/nowhere.pcap" "$MADE/holes.pcap"
    says 'nowhere' "$(cat "$MADE/err.2")"
}

@test "of files that end inside a packet, are broken, or hold nothing" {
    both "$MADE/cut.pcap"
    says 'ends inside packet' "$(cat "$MADE/out.2")"
    both "$MADE/broken.pcap"
    both "$MADE/empty.pcap"
}

@test "with a count, a filter and an expression" {
    both "$MADE/mix.pcap" --count 5000
    both "$MADE/mix.pcap" --count 64
    both "$MADE/mix.pcap" --bpf 'udp port 5683 and ip6'
    both "$MADE/mix.pcap" --bpf 'no such thing'
    both "$MADE/lossy.pcap" --filter 'verdict=fail'
}

@test "of a pipe" {
    for n in 1 2; do
        "$program" check --threads $n - --format json < <(cat "$MADE/mix.pcap") | sed 's/"started":[[:space:]]*"[^"]*"//; s/--threads .//' >"$MADE/out.$n"
    done
    cmp "$MADE/out.1" "$MADE/out.2"
}

@test "what is interrupted says what it found until then" {
    timeout -s INT 0.05 "$program" check --threads 2 "$MADE"/*.pcap "$MADE"/*.pcap "$MADE"/*.pcap "$MADE"/*.pcap >"$MADE/out" 2>&1 || true
    [ -s "$MADE/out" ]
}

@test "three threads are refused" {
    run "$program" check --threads 3 "$MADE/mix.pcap"
    exits 2
}
