#!/bin/bash
# Californium answers a CON with No-Response by the very response, in a CON that it repeats.
#
# Expected: RFC 7967 section 2: the value 2 of No-Response says that the client has no interest in
# 2.xx. A Confirmable request is acknowledged all the same (RFC 7252 section 4.2), with an empty
# ACK. A server that does not know the option (it is elective) answers as ever: an ACK with the
# response.
# Seen: a NON gets nothing, as asked. A CON gets no ACK: the response comes as a Confirmable message
# of its own, and once more when the client, which has no interest, says nothing.
# Versions: Californium 3.14.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

need python3
from_maven org.eclipse.californium:californium-core:3.14.0
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
program ask.py <<'PROGRAM'
import socket
import sys
import time

def ask(port, octets):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(('127.0.0.1', port))
    client.send(bytes.fromhex(octets))
    end = time.monotonic() + 4
    answers = []
    while (left := end - time.monotonic()) > 0:
        client.settimeout(left)
        try:
            first, code = client.recv(2000)[:2]
        except TimeoutError:
            break
        kind = ('CON', 'NON', 'ACK', 'RST')[first >> 4 & 3]
        answers.append(f'{kind} {code >> 5}.{code & 31:02d}')
    print(', '.join(answers))

for request in sys.argv[2:]:
    ask(int(sys.argv[1]), request)
PROGRAM
port=$(free_port)
start java "$work/Serve.java" "$port"
mapfile -t lines < <(run python3 "$work/ask.py" "$port" 40010001b161 50010002b161d1ea02 \
    40010003b161d1ea02)

expect 'ACK 2.05'
seen 'CON, without No-Response' "${lines[0]}" 'ACK 2.05'
expect nothing
seen 'NON, No-Response 2' "${lines[1]}" ''
expect 'ACK 0.00'
seen 'CON, No-Response 2' "${lines[2]}" 'CON 2.05, CON 2.05'
finish
