#!/bin/bash
# tshark finds no response to requests without a token.
#
# Expected: RFC 7252 section 5.3.1: a client that has one request under way at a time may leave the
# token empty; a piggybacked response has the Message ID of its request (section 5.2.1).
# Seen: with a token of one octet tshark links the response to the request and gives the time
# between them. Without a token it does neither.
# Versions: tshark 4.0.17 of Debian 12. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3 tshark
echo "versions: $(run tshark --version | head -n 1)"
answer()
{
    exchanges "$work/capture.pcapng" "$@"
    fields "$work/capture.pcapng" coap.response_to coap.response_time | sed 1~2d
}

expect '1 0.010000000'
seen 'request of the response, and time, with token aa' \
    "$(answer 41010001aab161 61450001aaff31)" '1 0.010000000'
expect '1 0.010000000'
seen 'request of the response, and time, with no token' "$(answer 40010001b161 60450001ff31)" ' '
finish
