#!/bin/bash
# Four clients, four ways with a slash at the end of a URI, or of two in a row.
#
# Expected: RFC 7252 section 6.4 makes a Uri-Path of each segment, empty ones too; only the path "/"
# has none. So /a/ is `a` and an empty Uri-Path, and /a//b has an empty one in the middle. A server
# keeps /a and /a/ apart (section 6.5 composes both).
# Seen: aiocoap does that. npm coap drops every empty segment. node-coap-client keeps the one in
# the middle, drops the one at the end, and sends an empty Uri-Path for "/". Californium keeps the
# one in the middle and drops the one at the end.
# Versions: aiocoap 0.4.17, npm coap 1.5.0, node-coap-client 2.1.0, Californium 3.14.0.
# Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi aiocoap==0.4.17
from_npm coap@1.5.0 coap-packet@1.1.1 node-coap-client@2.1.0
from_maven org.eclipse.californium:californium-core:3.14.0
uris=(/a/ /a//b /)

program aiocoap_ask.py <<'PROGRAM'
import sys
import aiocoap

for uri in sys.argv[1:]:
    print(list(aiocoap.Message(code=aiocoap.GET, uri='coap://127.0.0.1' + uri).opt.uri_path))
PROGRAM
program npm.js <<'PROGRAM'
const [which, ...uris] = process.argv.slice(2)
const packet = require('coap-packet')
const socket = require('dgram').createSocket('udp4')
const ask = which === 'coap'
  ? uri => require('coap').request(uri).end()
  : uri => require('node-coap-client').CoapClient.request(uri, 'get').catch(() => {})
let asked = 0

function next () {
  if (asked === uris.length) process.exit(0)
  ask(`coap://127.0.0.1:${socket.address().port}${uris[asked++]}`)
}
socket.on('message', (octets, from) => {
  const request = packet.parse(octets)
  const path = request.options.filter(o => o.name === 'Uri-Path').map(o => `'${o.value}'`)
  console.log(`[${path.join(', ')}]`)
  const { messageId, token } = request
  socket.send(packet.generate({ ack: true, code: '2.05', messageId, token }), from.port)
  setTimeout(next, 200)
})
socket.bind(0, '127.0.0.1', next)
PROGRAM
program Ask.java <<'PROGRAM'
import java.util.stream.Collectors;
import org.eclipse.californium.core.coap.Request;

public class Ask {
    public static void main(String[] uris) {
        for (String uri : uris) {
            Request request = Request.newGet();
            request.setURI("coap://127.0.0.1" + uri);
            System.out.println(request.getOptions().getUriPath().stream()
                .map(segment -> "'" + segment + "'")
                .collect(Collectors.joining(", ", "[", "]")));
        }
    }
}
PROGRAM

# client WHAT DESCRIBED COMMAND...
client()
{
    seen "$1" "$(run "${@:3}" "${uris[@]}" | paste -sd ' ')" "$2"
}

expect "for ${uris[*]}: ['a', ''] ['a', '', 'b'] []"
client aiocoap "['a', ''] ['a', '', 'b'] []" python3 "$work/aiocoap_ask.py"
client 'npm coap' "['a'] ['a', 'b'] []" node "$work/npm.js" coap
client node-coap-client "['a'] ['a', '', 'b'] ['']" node "$work/npm.js" node-coap-client
client Californium "['a'] ['a', '', 'b'] []" java "$work/Ask.java"
finish
