#!/bin/bash
# gopacket misreads pcapng times that are in whole seconds, or in a power of two.
#
# Expected: the pcapng draft, Interface Description Block, if_tsresol: 0 means whole seconds, 3
# milliseconds, and with the top bit set the unit is a negative power of two: 0x8a is 1/1024 s.
# Seen: 0 is taken for "not given", that is microseconds: 2023 becomes 1970. Half a second in units
# of 1/1024 s is read as 0.499999744 s, in units of 2^-20 s as 0.499646464 s.
# Versions: github.com/gopacket/gopacket v1.7.7; tshark 4.0.17 of Debian 12 beside it.
# Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3 tshark
from_go github.com/gopacket/gopacket@v1.7.7
program main.go <<'PROGRAM'
package main

import (
	"fmt"
	"os"

	"github.com/gopacket/gopacket/pcapgo"
)

func main() {
	reader, err := pcapgo.NewNgReader(os.Stdin, pcapgo.DefaultNgReaderOptions)
	if err == nil {
		_, info, err := reader.ReadPacketData()
		fmt.Printf("%d.%09d\n", info.Timestamp.Unix(), info.Timestamp.Nanosecond())
		if err == nil {
			return
		}
	}
	fmt.Println(err)
}
PROGRAM
(cd "$work" && go mod tidy && go build -o times .) >"$work/build.log" 2>&1 || skip 'go build fails'

# unit POWER TICKS DESCRIBED: a packet at so many ticks
unit()
{
    run python3 - "$1" "$2" >"$work/unit.pcapng" <<'PROGRAM'
import sys
from capture import enhanced, frame, interface, resolution, section

power, ticks = map(int, sys.argv[1:])
sys.stdout.buffer.write(section() + interface(resolution(power)) + enhanced(0, ticks, frame()))
PROGRAM
    expect "$(run tshark -r "$work/unit.pcapng" -T fields -e frame.time_epoch)"
    seen "if_tsresol $1, $2 ticks" "$(run "$work/times" <"$work/unit.pcapng")" "$3"
}

unit 3 1700000000500 1700000000.500000000
unit 0 1700000000 1700.000000000
unit $((0x8a)) $((1700000000 * 1024 + 512)) 1700000000.499999744
unit $((0x94)) $((1700000000 * 1048576 + 524288)) 1700000000.499646464
finish
