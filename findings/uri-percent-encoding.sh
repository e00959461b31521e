#!/bin/bash
# One URI with %2F and %26 becomes three different requests in three clients.
#
# Expected: RFC 7252 section 6.4: a URI is split at its slashes and ampersands first, then each part
# is percent-decoded. So /a%2Fb?x=1%262&y is one Uri-Path `a/b` and two Uri-Query, `x=1&2` and `y`.
# Seen: aiocoap does that. The client of npm coap decodes nothing (`a%2Fb`). Californium decodes
# first and splits then: two path segments, three arguments.
# Versions: aiocoap 0.4.17, npm coap 1.5.0, Californium 3.14.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi aiocoap==0.4.17
from_npm coap@1.5.0 coap-packet@1.1.1
from_maven org.eclipse.californium:californium-core:3.14.0
uri='/a%2Fb?x=1%262&y'

program aiocoap_ask.py <<'PROGRAM'
import sys
import aiocoap

options = aiocoap.Message(code=aiocoap.GET, uri='coap://127.0.0.1' + sys.argv[1]).opt
print(*options.uri_path, '?', *options.uri_query)
PROGRAM
program npm.js <<'PROGRAM'
const coap = require('coap')
const packet = require('coap-packet')
const socket = require('dgram').createSocket('udp4')

socket.on('message', octets => {
  const values = name => packet.parse(octets).options.filter(o => o.name === name)
    .map(o => o.value.toString())
  console.log(...values('Uri-Path'), '?', ...values('Uri-Query'))
  process.exit(0)
})
socket.bind(0, '127.0.0.1', () => {
  coap.request(`coap://127.0.0.1:${socket.address().port}${process.argv[2]}`).end()
})
PROGRAM
program Ask.java <<'PROGRAM'
import org.eclipse.californium.core.coap.Request;

public class Ask {
    public static void main(String[] arguments) {
        Request request = Request.newGet();
        request.setURI("coap://127.0.0.1" + arguments[0]);
        System.out.println(String.join(" ", request.getOptions().getUriPath()) + " ? "
            + String.join(" ", request.getOptions().getUriQuery()));
    }
}
PROGRAM

expect 'a/b ? x=1&2 y'
seen aiocoap "$(run python3 "$work/aiocoap_ask.py" "$uri")" 'a/b ? x=1&2 y'
seen 'npm coap' "$(run node "$work/npm.js" "$uri")" 'a%2Fb ? x=1%262 y'
seen Californium "$(run java "$work/Ask.java" "$uri")" 'a b ? x=1 2 y'
finish
