#!/bin/bash
# npm coap writes a Location-Path as one segment, and of several it shows only the last.
#
# Expected: RFC 7252 section 5.10.7: each Location-Path holds one segment, each Location-Query one
# argument; they make one relative URI together. A client needs all of them (in LwM2M: rd and the
# registration's id, to update and to deregister).
# Seen: setOption('Location-Path', '/rd/5') writes one option with the slashes in it, which stands
# for /%2Frd%2F5. The headers of a response that has `rd` and `5` show `5` alone.
# Versions: npm coap 1.5.0, coap-packet 1.1.1. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_npm coap@1.5.0 coap-packet@1.1.1
program location.js <<'PROGRAM'
const coap = require('coap')
const packet = require('coap-packet')
const dgram = require('dgram')

// what a server of the library writes
const server = coap.createServer((request, response) => {
  response.code = '2.01'
  response.setOption('Location-Path', '/rd/5')
  response.setOption('Location-Query', 'a=1&b=2')
  response.end()
})
function write (port, then) {
  const client = dgram.createSocket('udp4')
  client.on('message', octets => {
    console.log(packet.parse(octets).options.map(o => `${o.name} ${o.value}`).join(', '))
    client.close(then)
  })
  client.send(packet.generate({ confirmable: true, code: '0.02' }), port, '127.0.0.1')
}
// what a client of the library reads
function read () {
  const device = dgram.createSocket('udp4')
  device.on('message', (octets, from) => {
    const { messageId, token } = packet.parse(octets)
    const options = [['Location-Path', 'rd'], ['Location-Path', '5']]
      .map(([name, value]) => ({ name, value: Buffer.from(value) }))
    device.send(packet.generate({ ack: true, code: '2.01', messageId, token, options }), from.port)
  })
  device.bind(0, '127.0.0.1', () => {
    const request = coap.request({ port: device.address().port, host: '127.0.0.1', method: 'POST' })
    request.on('response', response => {
      console.log(response.headers['Location-Path'])
      process.exit(0)
    })
    request.end()
  })
}
const probe = dgram.createSocket('udp4')
probe.bind(0, '127.0.0.1', () => {
  const { port } = probe.address()
  probe.close(() => server.listen(port, '127.0.0.1', () => write(port, read)))
})
PROGRAM
mapfile -t lines < <(run node "$work/location.js")

expect 'Location-Path rd, Location-Path 5, Location-Query a=1, Location-Query b=2'
seen 'written for /rd/5?a=1&b=2' "${lines[0]}" 'Location-Path /rd/5, Location-Query a=1&b=2'
expect 'both segments'
seen 'headers of a response with Location-Path rd and 5' "${lines[1]}" 5
finish
