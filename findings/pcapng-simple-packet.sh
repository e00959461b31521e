#!/bin/bash
# A packet without a time: one reader drops it, one makes a time up, one makes it a packet of 1970.
#
# Expected: the pcapng draft, Simple Packet Block: a packet without interface number and time, for
# small devices. A reader shows it, without a time.
# Seen: dpkt leaves it out. scapy gives it the time at which the file is read. tshark shows it
# without a time, but editcap writes it out as an Enhanced Packet Block of 1970-01-01, also from
# pcapng to pcapng: afterwards nothing tells that it never had a time.
# Versions: dpkt 1.9.8, scapy 2.8.0, python-pcapng 2.1.1; tshark and editcap 4.0.17 of Debian 12.
# Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need tshark editcap
from_pypi python-pcapng==2.1.1 scapy==2.8.0 dpkt==1.9.8
run python3 - >"$work/simple.pcapng" <<'PROGRAM'
import sys
from capture import enhanced, frame, interface, section, simple

sys.stdout.buffer.write(section() + interface() + simple(frame())
                        + enhanced(0, 1_700_000_000_000_000, frame()))
PROGRAM
run editcap "$work/simple.pcapng" "$work/copy.pcapng"
now=$(date +%s)
scapy=$(times scapy "$work/simple.pcapng" | cut -d . -f 1)
[ $((scapy - now)) -lt 60 ] && [ "$scapy" -ge "$now" ] && scapy='the time of reading'

expect 'two packets, the first without a time'
seen python-pcapng "$(times python-pcapng "$work/simple.pcapng")" 'None 1700000000.000000'
seen tshark "$(times tshark "$work/simple.pcapng")" ' 1700000000.000000'
seen 'tshark, after editcap' "$(times tshark "$work/copy.pcapng")" '0.000000 1700000000.000000'
seen dpkt "$(times dpkt "$work/simple.pcapng")" 1700000000.000000
seen 'scapy, the first' "$scapy" 'the time of reading'
finish
