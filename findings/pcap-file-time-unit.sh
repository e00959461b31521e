#!/bin/bash
# The crate pcap-file takes every time in a pcapng file for nanoseconds; the next release mends it.
#
# Expected: the pcapng draft, Interface Description Block, if_tsresol: without that option times are
# in microseconds, with it in the unit that it names.
# Seen: release 2.0.0 reads any number of ticks as nanoseconds. A capture in microseconds shrinks
# by a factor of 1000: half a second between two copies of a request becomes half a millisecond, and
# 2023 becomes 1970. 3.0.0-rc1 reads it.
# Versions: crate pcap-file 2.0.0 and 3.0.0-rc1. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3
# capture NAME POWER TICKS-A-SECOND: two packets half a second apart; power 0 is no if_tsresol
capture()
{
    run python3 - "$2" "$3" >"$work/$1" <<'PROGRAM'
import sys
from capture import enhanced, frame, interface, resolution, section

power, ticks = map(int, sys.argv[1:])
times = 1_700_000_000 * ticks, 1_700_000_000 * ticks + ticks // 2
sys.stdout.buffer.write(section() + (interface(resolution(power)) if power else interface())
                        + b''.join(enhanced(0, time, frame()) for time in times))
PROGRAM
}
capture micro.pcapng 0 1000000
capture nano.pcapng 9 1000000000

# build_with VERSION: the program is built for this release
build_with()
{
    from_crates "pcap-file=$1"
    program src/main.rs <<'PROGRAM'
use pcap_file::pcapng::{Block, PcapNgReader};

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut reader = PcapNgReader::new(std::fs::File::open(path).unwrap()).unwrap();
    while let Some(block) = reader.next_block() {
        if let Block::EnhancedPacket(packet) = block.unwrap() {
            print!("{:?} ", packet.timestamp);
        }
    }
}
PROGRAM
    (cd "$work" && cargo build --quiet) >"$work/build.log" 2>&1 || skip 'cargo build fails'
}
read_times() { run "$work/target/debug/example" "$work/$1"; }

build_with 2.0.0
expect '1700000000s 1700000000.5s '
seen 'nanoseconds' "$(read_times nano.pcapng)" '1700000000s 1700000000.5s '
seen 'microseconds' "$(read_times micro.pcapng)" '1700000s 1700000.0005s '
build_with 3.0.0-rc1
seen 'microseconds' "$(read_times micro.pcapng)" '1700000000s 1700000000.5s '
finish
