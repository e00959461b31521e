#!/bin/bash
# dpkt reads the times of every interface in the unit of the first one.
#
# Expected: the pcapng draft, Interface Description Block, if_tsresol: the unit belongs to the
# interface. mergecap writes two of them for a file in microseconds and one in nanoseconds.
# Seen: dpkt keeps the unit of the first interface. With microseconds first, the packets of the
# second lie 53 000 years ahead; with nanoseconds first, in January 1970.
# Versions: dpkt 1.9.8; tshark 4.0.17 of Debian 12, python-pcapng 2.1.1 and scapy 2.8.0 beside it.
# Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need tshark
from_pypi python-pcapng==2.1.1 scapy==2.8.0 dpkt==1.9.8
run python3 - >"$work/two.pcapng" <<'PROGRAM'
import sys
from capture import enhanced, frame, interface, resolution, section

second = 1_700_000_000
sys.stdout.buffer.write(section() + interface() + interface(resolution(9))
                        + enhanced(0, second * 10**6, frame())
                        + enhanced(1, second * 10**9 + 500_000_000, frame()))
PROGRAM

expect '1700000000.000000 1700000000.500000'
for reader in tshark python-pcapng scapy; do
    seen "$reader" "$(times "$reader" "$work/two.pcapng")" '1700000000.000000 1700000000.500000'
done
seen dpkt "$(times dpkt "$work/two.pcapng")" '1700000000.000000 1700000000500.000000'
finish
