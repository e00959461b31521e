#!/bin/bash
# go-coap's TCP server sends messages of any size to a peer that announced none.
#
# Expected: RFC 8323 section 5.3.1: a peer takes messages of up to 1152 octets, until its CSM says
# more with Max-Message-Size; the other side must not send a longer one.
# Seen: a client whose CSM is empty asks for 100 000 octets, and gets them in one message of
# 100 009, which no buffer of the default size can hold.
# Versions: go-coap v3.8.1. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3
from_go github.com/plgd-dev/go-coap/v3@v3.8.1
program main.go <<'PROGRAM'
package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/plgd-dev/go-coap/v3/message"
	"github.com/plgd-dev/go-coap/v3/message/codes"
	"github.com/plgd-dev/go-coap/v3/mux"
	coapnet "github.com/plgd-dev/go-coap/v3/net"
	"github.com/plgd-dev/go-coap/v3/options"
	"github.com/plgd-dev/go-coap/v3/tcp"
)

func main() {
	router := mux.NewRouter()
	err := router.Handle("/big", mux.HandlerFunc(func(w mux.ResponseWriter, r *mux.Message) {
		body := bytes.NewReader(make([]byte, 100000))
		_ = w.SetResponse(codes.Content, message.TextPlain, body)
	}))
	if err != nil {
		os.Exit(1)
	}
	listener, err := coapnet.NewTCPListener("tcp4", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	time.AfterFunc(time.Minute, func() { os.Exit(0) })
	fmt.Println(listener.Addr())
	_ = tcp.NewServer(options.WithMux(router)).Serve(listener)
}
PROGRAM
program ask.py <<'PROGRAM'
import socket
import sys

host, port = sys.argv[1].split(':')
connection = socket.create_connection((host, int(port)), timeout=10)
stream = connection.makefile('rb')

def message():
    first = stream.read(1)[0]
    length = first >> 4
    if length > 12:
        extended = stream.read(1 << length - 13)
        length = int.from_bytes(extended, 'big') + (13, 269, 65805)[length - 13]
    code = stream.read(1)[0]
    rest = stream.read((first & 15) + length)
    return code, 2 + len(rest) + (len(extended) if first >> 4 > 12 else 0)

connection.send(bytes.fromhex('00e1 41 01 aa b3626967'))
while True:
    code, size = message()
    if code >> 5 != 7:
        print(f'{code >> 5}.{code & 31:02d}', 'up to 1152' if size <= 1152 else size)
        break
PROGRAM
(cd "$work" && go mod tidy && go build -o serve .) >"$work/build.log" 2>&1 || skip 'go build fails'
start "$work/serve"

expect 'a message of up to 1152 octets'
seen 'code and size of the response' "$(run python3 "$work/ask.py" "$(cat "$work/started")")" \
    '2.05 100009'
finish
