#!/bin/bash
# tshark does not put an upload together whose block size the server reduces.
#
# Expected: RFC 7959 section 3.2, figure 9: the server answers the first block with a smaller size,
# and the client goes on in blocks of that size, with numbers that count in it: after 32 octets of
# block 0 comes block 2 of 16. The body is whole all the same.
# Seen: three blocks of one size are shown as one body of 48 octets. The same body with 32 octets in
# the first block is never put together, without a word of what is missing; its payload is not
# decoded, either.
# Versions: tshark 4.0.17 of Debian 12. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3 tshark
echo "versions: $(run tshark --version | head -n 1)"
sixteen=$(printf '41%.0s' {1..16})
body()
{
    exchanges "$work/capture.pcapng" "$@"
    fields "$work/capture.pcapng" coap.block.reassembled.length | paste -sd ' ' | tr -d ' '
}

expect 48
seen 'octets put together, 16 16 16' "$(body \
    "41030001a1b162d10308ff$sixteen" 615f0001a1d10e08 \
    "41030002a2b162d10318ff$sixteen" 615f0002a2d10e18 \
    "41030003a3b162d10320ff$sixteen" 61440003a3d10e20)" 48
expect 48
seen 'octets put together, 32 16' "$(body \
    "41030001a1b162d10309ff$sixteen$sixteen" 615f0001a1d10e08 \
    "41030002a2b162d10320ff$sixteen" 61440002a2d10e20)" ''
finish
