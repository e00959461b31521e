#!/bin/bash
# None of four servers answers a request for a proxy with 5.05.
#
# Expected: RFC 7252 section 5.10.2: an endpoint that gets a request with Proxy-Uri and is not
# willing to be a forward-proxy must answer 5.05 (Proxying Not Supported).
# Seen: aiocoap, go-coap and pamoja-coap say 4.04, as if there were a proxy whose target is missing.
# Californium serves its own root resource, 2.05: the client has the text of one server for the
# representation of another.
# Versions: aiocoap 0.4.17, pamoja-coap 0.2.0, go-coap v3.8.1, Californium 3.14.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi aiocoap==0.4.17 pamoja-coap==0.2.0
from_go github.com/plgd-dev/go-coap/v3@v3.8.1
from_maven org.eclipse.californium:californium-core:3.14.0

program ask.py <<'PROGRAM'
import socket
import sys

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(5)
client.connect(('127.0.0.1', int(sys.argv[1])))
client.send(bytes.fromhex('40010001 da16') + b'coap://h/a')
answer = client.recv(2000)
print(f'{answer[1] >> 5}.{answer[1] & 31:02d}')
PROGRAM
program serve_aiocoap.py <<'PROGRAM'
import asyncio
import sys
from aiocoap import Context, Message
from aiocoap.resource import Resource, Site

class Value(Resource):
    async def render_get(self, request):
        return Message(payload=b'a')

async def main():
    site = Site()
    site.add_resource(['a'], Value())
    await Context.create_server_context(site, bind=('127.0.0.1', int(sys.argv[1])))
    print('up', flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
PROGRAM
program serve_pamoja.py <<'PROGRAM'
import asyncio
import sys
from pamoja.coap import CoapServer

async def main():
    server = CoapServer(f'127.0.0.1:{sys.argv[1]}')
    await server.connect()
    await server.send('a', 'a')
    print('up', flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
PROGRAM
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
	"github.com/plgd-dev/go-coap/v3/udp"
)

func main() {
	router := mux.NewRouter()
	err := router.Handle("/a", mux.HandlerFunc(func(w mux.ResponseWriter, r *mux.Message) {
		_ = w.SetResponse(codes.Content, message.TextPlain, bytes.NewReader([]byte("a")))
	}))
	if err != nil {
		os.Exit(1)
	}
	listener, err := coapnet.NewListenUDP("udp4", "127.0.0.1:"+os.Args[1])
	if err != nil {
		os.Exit(1)
	}
	time.AfterFunc(time.Minute, func() { os.Exit(0) })
	fmt.Println("up")
	_ = udp.NewServer(options.WithMux(router)).Serve(listener)
}
PROGRAM
program Serve.java <<'PROGRAM'
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;

public class Serve {
    public static void main(String[] arguments) throws Exception {
        CoapConfig.register();
        Configuration.setStandard(Configuration.createStandardWithoutFile());
        int port = Integer.parseInt(arguments[0]);
        CoapServer server = new CoapServer();
        server.addEndpoint(new CoapEndpoint.Builder()
            .setInetSocketAddress(new InetSocketAddress("127.0.0.1", port)).build());
        server.add(new CoapResource("a") {
            @Override
            public void handleGET(CoapExchange exchange) {
                exchange.respond("a");
            }
        });
        server.start();
        System.out.println("up");
        Thread.sleep(60000);
        System.exit(0);
    }
}
PROGRAM
(cd "$work" && go mod tidy && go build -o serve_go .) >"$work/build.log" 2>&1 ||
    skip 'go build fails'

# server WHAT DESCRIBED COMMAND...: the command gets the port, and says "up"
server()
{
    local port
    port=$(free_port)
    start "$3" "${@:4}" "$port"
    seen "$1" "$(run python3 "$work/ask.py" "$port")" "$2"
}

expect 5.05
server aiocoap 4.04 python3 "$work/serve_aiocoap.py"
server pamoja-coap 4.04 python3 "$work/serve_pamoja.py"
server go-coap 4.04 "$work/serve_go"
server Californium 2.05 java "$work/Serve.java"
finish
