#!/bin/bash
# scapy reads options that are not there in CoAP messages without options.
#
# Expected: RFC 7252 section 3: after the token come zero or more options, then the marker and the
# payload, or nothing. An Acknowledgement `62 45 12 34 01 ab ff 61` has no option and payload "a".
# Option number 0 is reserved (section 12.2), so nobody writes one.
# Seen: scapy takes the marker for an option header of delta 15 (Uri-Query) and the payload for its
# value; a message of nothing but a header gets an option 0, and once a field is set it is written
# with one octet more. The octet makes an Empty message a malformed one (section 4.1).
# Versions: scapy 2.8.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi scapy==2.8.0
program look.py <<'PROGRAM'
import logging
logging.disable(logging.CRITICAL)
from scapy.contrib.coap import CoAP

def look(octets):
    message = CoAP(bytes.fromhex(octets))
    print(message.options, bytes(message.payload))

def renumber(octets):
    message = CoAP(bytes.fromhex(octets))
    message.msg_id = 0x1235
    print(bytes(message).hex())

look('6245123401abff61')
look('60001234')
renumber('60001234')
renumber('4201123401ab')
look('6245123401abc0ff61')
PROGRAM
mapfile -t lines < <(run python3 "$work/look.py")

expect 'no option, payload "a"'
seen 'response without options' "${lines[0]}" "[('Uri-Query', b'a')] b''"
expect 'no option, no payload'
seen 'Empty Acknowledgement' "${lines[1]}" "[(0, b'')] b''"
expect '60001235'
seen 'Empty Acknowledgement with another Message ID' "${lines[2]}" 6000123500
expect '4201123501ab'
seen 'GET without options with another Message ID' "${lines[3]}" 4201123501ab00
expect 'Content-Format of no octets, payload "a"'
seen 'the same response with one option' "${lines[4]}" "[('Content-Format', b'')] b'a'"
finish
