#!/bin/bash
# go-coap's server answers Non-confirmable requests with Confirmable responses.
#
# Expected: RFC 7252 section 5.2.3: a Non-confirmable request should get a Non-confirmable response;
# who sends one has no wish to acknowledge anything.
# Seen: the response to a NON is a CON, which wants an acknowledgement. A device that sends its NON
# and goes to sleep never gives one.
# Versions: go-coap v3.8.1. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_go github.com/plgd-dev/go-coap/v3@v3.8.1
program main.go <<'PROGRAM'
package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/plgd-dev/go-coap/v3/message"
	"github.com/plgd-dev/go-coap/v3/message/codes"
	"github.com/plgd-dev/go-coap/v3/mux"
	coapnet "github.com/plgd-dev/go-coap/v3/net"
	"github.com/plgd-dev/go-coap/v3/options"
	"github.com/plgd-dev/go-coap/v3/udp"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	router := mux.NewRouter()
	must(router.Handle("/a", mux.HandlerFunc(func(w mux.ResponseWriter, r *mux.Message) {
		must(w.SetResponse(codes.Content, message.TextPlain, bytes.NewReader([]byte("x"))))
	})))
	listener, err := coapnet.NewListenUDP("udp4", "127.0.0.1:0")
	must(err)
	server := udp.NewServer(options.WithMux(router))
	go func() { _ = server.Serve(listener) }()
	client, err := net.DialUDP("udp4", nil, listener.LocalAddr().(*net.UDPAddr))
	must(err)
	for _, first := range []byte{0x40, 0x50} {
		_, err = client.Write([]byte{first, 1, 0, first, 0xb1, 'a'})
		must(err)
		must(client.SetReadDeadline(time.Now().Add(5 * time.Second)))
		answer := make([]byte, 100)
		_, err = client.Read(answer)
		must(err)
		fmt.Println([]string{"CON", "NON", "ACK", "RST"}[answer[0]>>4&3], answer[1]>>5)
	}
}
PROGRAM
mapfile -t lines < <(cd "$work" && go mod tidy >"$work/tidy.log" 2>&1 && run go run .)

expect 'ACK 2'
seen 'answer to a CON' "${lines[0]}" 'ACK 2'
expect 'NON 2'
seen 'answer to a NON' "${lines[1]}" 'CON 2'
finish
