#!/bin/bash
# Two of five readers of pcapng leave out the offset of the interface's clock.
#
# Expected: the pcapng draft, Interface Description Block, if_tsoffset: seconds that a reader adds
# to each time of that interface. A capture whose times count from the boot of a device has it.
# Seen: tshark, tcpdump and dpkt add it. python-pcapng and scapy do not, and say nothing: the packet
# of 2023 is one of 1992. Beside a log of the device nothing fits any more.
# Versions: python-pcapng 2.1.1, scapy 2.8.0, dpkt 1.9.8; tshark 4.0.17 and tcpdump 4.99.3 of
# Debian 12. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need tshark tcpdump
from_pypi python-pcapng==2.1.1 scapy==2.8.0 dpkt==1.9.8
run python3 - >"$work/offset.pcapng" <<'PROGRAM'
import sys
from capture import enhanced, frame, interface, offset, section

time = 700_000_000_250_000
sys.stdout.buffer.write(section() + interface(offset(10**9)) + enhanced(0, time, frame()))
PROGRAM

expect 1700000000.250000
for reader in tshark tcpdump dpkt; do
    seen "$reader" "$(times "$reader" "$work/offset.pcapng")" 1700000000.250000
done
for reader in python-pcapng scapy; do
    seen "$reader" "$(times "$reader" "$work/offset.pcapng")" 700000000.250000
done
finish
