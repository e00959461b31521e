#!/bin/bash
# scapy counts the interfaces of a pcapng file on through its sections.
#
# Expected: the pcapng draft, Section Header Block: interfaces are numbered from 0 in each section,
# so that two files can be joined with cat. The packets after the second header belong to the
# interfaces after it.
# Seen: scapy looks the number up among those of the first section, and takes their unit of time.
# After a section in nanoseconds, the packets of one in microseconds are of January 1970.
# Versions: scapy 2.8.0; tshark 4.0.17 of Debian 12 and python-pcapng 2.1.1 beside it.
# Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need tshark
from_pypi python-pcapng==2.1.1 scapy==2.8.0
run python3 - >"$work/joined.pcapng" <<'PROGRAM'
import sys
from capture import enhanced, frame, interface, resolution, section

second = 1_700_000_000
sys.stdout.buffer.write(section() + interface(resolution(9))
                        + enhanced(0, second * 10**9, frame())
                        + section() + interface()
                        + enhanced(0, second * 10**6 + 500_000, frame()))
PROGRAM

expect '1700000000.000000 1700000000.500000'
for reader in tshark python-pcapng; do
    seen "$reader" "$(times "$reader" "$work/joined.pcapng")" '1700000000.000000 1700000000.500000'
done
seen scapy "$(times scapy "$work/joined.pcapng")" '1700000000.000000 1700000.000500'
finish
