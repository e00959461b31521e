#!/bin/bash
# go-coap's path of a request: read with its empty segments, written without, an error with a slash.
#
# Expected: RFC 7252 section 5.10.1: a Uri-Path is any text, "/" included; section 6.4: empty
# segments are sent, too. A proxy or recorder that reads a path and sends it on sends the same.
# Seen: Path() gives "/a/" for the segments `a` and empty; SetPath("/a/") writes `a` alone. For one
# segment `a/b` Path() returns an error, so that a router has nothing to look up.
# Versions: go-coap v3.8.1. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_go github.com/plgd-dev/go-coap/v3@v3.8.1
program main.go <<'PROGRAM'
package main

import (
	"fmt"

	"github.com/plgd-dev/go-coap/v3/message"
)

func read(segments ...string) {
	options := message.Options{}
	for _, segment := range segments {
		options = append(options, message.Option{ID: message.URIPath, Value: []byte(segment)})
	}
	path, err := options.Path()
	fmt.Printf("%q %v\n", path, err)
}

func write(path string) {
	options, _, err := message.Options{}.SetPath(make([]byte, 64), path)
	for _, option := range options {
		fmt.Printf("%q ", option.Value)
	}
	fmt.Println(err)
}

func main() {
	read("a", "")
	write("/a/")
	write("/a//b")
	read("a/b")
}
PROGRAM
mapfile -t lines < <(cd "$work" && go mod tidy >"$work/tidy.log" 2>&1 && run go run .)

expect '"/a/" <nil>'
seen 'Path() of the segments a and empty' "${lines[0]}" '"/a/" <nil>'
expect '"a" "" <nil>'
seen 'SetPath("/a/")' "${lines[1]}" '"a" <nil>'
expect '"a" "" "b" <nil>'
seen 'SetPath("/a//b")' "${lines[2]}" '"a" "b" <nil>'
expect 'a path, without an error'
seen 'Path() of the segment a/b' "${lines[3]}" '"" invalid encoding'
finish
