#!/usr/bin/env bats
# What source and wire make of a capture is what tshark makes of it: number, addresses, ports and payload of each UDP
# datagram. Real captures lie beside the project in ../shared, or where SHARED says; those of the fuzzer are always here.

setup() {
    DATAGRAMS=${BUILD:-build}/datagrams
    CAPTURES=${SHARED:-../shared}/captures
    SEEDS=tests/fuzz/corpus/pcap
    cd "$BATS_TEST_DIRNAME/../.." || return
    command -v tshark >/dev/null || skip "no tshark here"
    [ -x "$DATAGRAMS" ] || skip "not built: $DATAGRAMS (make test builds it)"
    ONE=$CAPTURES/ttproto/coap_core/TD_COAP_CORE_21_PASS.pcap
}

needs_captures() { [ -d "$CAPTURES" ] || skip "no captures in $CAPTURES"; }

# Datagrams that an ICMP error quotes are not counted: they did not pass here. tshark names both addresses of an IPv4 or
# IPv6 packet in fields of their own: one of the two is empty.
tshark_datagrams() {
    tshark -r "$1" -Y 'udp and not icmp and not icmpv6' -T fields -e frame.number -e ip.src -e ipv6.src -e udp.srcport \
        -e ip.dst -e ipv6.dst -e udp.dstport -e udp.payload 2>/dev/null |
        awk -F'\t' -v OFS='\t' '{ print $1, $2 $3, $4, $5 $6, $7, $8 }'
}

agrees() { # file: the two lists are the same; their length in $count
    tshark_datagrams "$1" >"$BATS_TEST_TMPDIR/tshark"
    "$DATAGRAMS" "$1" >"$BATS_TEST_TMPDIR/ours" || return 1
    count=$(wc -l <"$BATS_TEST_TMPDIR/ours")
    diff "$BATS_TEST_TMPDIR/tshark" "$BATS_TEST_TMPDIR/ours" >"$BATS_TEST_TMPDIR/diff" && return
    echo "$1 (< tshark, > ours)"
    head -n 4 "$BATS_TEST_TMPDIR/diff" | cut -c 1-200
    return 1
}

@test "of real captures tshark sees the same datagrams" {
    needs_captures
    mapfile -t files < <(find "$CAPTURES" -name '*.pcap' | sort)
    mergecap -a -w "$BATS_TEST_TMPDIR/all" "${files[@]}" # one start of tshark, of several link types
    agrees "$BATS_TEST_TMPDIR/all"
    [ "$count" -gt 500 ]
    # and the one file holds what they hold, but for the packet numbers
    diff <("$DATAGRAMS" "${files[@]}" | cut -f 2-) <("$DATAGRAMS" "$BATS_TEST_TMPDIR/all" | cut -f 2-)
}

@test "of every link type, of fragments and of extension headers tshark sees the same datagrams" {
    agrees "$SEEDS/pcapng-link-types"
    [ "$count" -eq 13 ]
    agrees "$SEEDS/pcap-fragments"
    [ "$count" -eq 7 ]
}

@test "of both byte orders, of several sections and of a cut file tshark sees the same datagrams" {
    for file in "$SEEDS"/pcap-{us,ns}-big "$SEEDS"/pcap-modified "$SEEDS"/pcapng-{evidence-*,two-sections,cut}; do
        agrees "$file"
    done
}

@test "as pcapng and as pcap with nanoseconds they are the same" {
    needs_captures
    before=$("$DATAGRAMS" "$ONE")
    [ -n "$before" ]
    for format in pcapng nsecpcap modpcap; do
        editcap -F "$format" "$ONE" "$BATS_TEST_TMPDIR/$format"
        [ "$("$DATAGRAMS" "$BATS_TEST_TMPDIR/$format")" = "$before" ]
        agrees "$BATS_TEST_TMPDIR/$format"
    done
}

@test "frames cut by the snap length are cut at the same octet" {
    needs_captures
    for length in 70 60 50; do
        editcap -s "$length" "$ONE" "$BATS_TEST_TMPDIR/cut"
        agrees "$BATS_TEST_TMPDIR/cut"
        [ "$count" -gt 0 ]
    done
}

@test "in evidence of ours tshark sees the datagrams, right checksums, directions and comments" {
    for seed in pcap-fragments pcapng-link-types; do
        "$DATAGRAMS" -w "$SEEDS/$seed" >"$BATS_TEST_TMPDIR/evidence"
        agrees "$BATS_TEST_TMPDIR/evidence"
        diff <("$DATAGRAMS" "$SEEDS/$seed" | cut -f 2-) <("$DATAGRAMS" "$BATS_TEST_TMPDIR/evidence" | cut -f 2-)
        # 1 is "good"; IPv6 has no checksum of its own; outbound is the tester's
        run tshark -r "$BATS_TEST_TMPDIR/evidence" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields \
            -e ip.checksum.status -e udp.checksum.status -e frame.packet_flags_direction -e frame.comment
        [ "$(grep -cE '^1?.1.0x0000000[12].a comment$' <<<"$output")" -eq "$count" ]
    done
    run capinfos "$BATS_TEST_TMPDIR/evidence"
    [[ $output == *"Capture application: coapspec"* ]]
    [[ $output == *"Capture comment:     what was run"* ]]
}
