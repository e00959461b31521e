#!/bin/bash
# tshark shows the path of the first request that had a token beside every later response with it.
#
# Expected: RFC 7252 section 5.3.1: a token is unique among the requests that are under way; once
# the response is there it is free again. Clients that ask one thing at a time may have one token
# for all. In an Acknowledgement the Message ID tells the request as well (section 5.2.1).
# Seen: after GET /a and GET /b, both with token aa, each with its piggybacked response, tshark
# links the second response to the second request, but gives it the path /a: in the Info column,
# and to a filter on coap.opt.uri_path_recon.
# Versions: tshark 4.0.17 of Debian 12. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3 tshark
echo "versions: $(run tshark --version | head -n 1)"
paths()
{
    exchanges "$work/capture.pcapng" "$@"
    fields "$work/capture.pcapng" coap.response_to coap.opt.uri_path_recon | sed 1~2d | paste -sd ,
}

expect '1 /a,3 /b'
seen 'request and path of two responses, tokens aa and bb' \
    "$(paths 41010001aab161 61450001aaff31 41010002bbb162 61450002bbff32)" '1 /a,3 /b'
expect '1 /a,3 /b'
seen 'request and path of two responses, token aa' \
    "$(paths 41010001aab161 61450001aaff31 41010002aab162 61450002aaff32)" '1 /a,3 /a'
finish
