#!/bin/bash
# node-coap-client declares the payload of a GET as JSON, and rewrites the query of the URI.
#
# Expected: RFC 7252 section 5.10.3: Content-Format says in which format the payload is; a GET
# without payload has no use for it. Section 6.4: each argument of the query becomes a Uri-Query as
# it stands: `y` stays `y`, and a plus sign is a plus sign (it means a space in HTML forms alone).
# Seen: every request without payload carries Content-Format 50. `?y&x=a+b` is sent as `y=` and
# `x=a b`: a server that looks for the argument `y`, or for the value `a+b`, does not find it.
# Versions: node-coap-client 2.1.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_npm node-coap-client@2.1.0 coap-packet@1.1.1
program ask.js <<'PROGRAM'
const { CoapClient } = require('node-coap-client')
const packet = require('coap-packet')
const socket = require('dgram').createSocket('udp4')

socket.on('message', octets => {
  const request = packet.parse(octets)
  for (const { name, value } of request.options) {
    console.log(name, name === 'Content-Format' ? value.toString('hex') : value.toString())
  }
  console.log('payload', request.payload.length)
  process.exit(0)
})
socket.bind(0, '127.0.0.1', () => {
  CoapClient.request(`coap://127.0.0.1:${socket.address().port}/a?y&x=a+b`, 'get').catch(() => {})
})
PROGRAM

expect 'Uri-Path a, Uri-Query y, Uri-Query x=a+b, payload 0'
seen 'GET /a?y&x=a+b' "$(run node "$work/ask.js" | paste -sd , | sed 's/,/, /g')" \
    'Uri-Path a, Content-Format 32, Uri-Query y=, Uri-Query x=a b, payload 0'
finish
