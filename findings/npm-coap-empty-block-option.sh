#!/bin/bash
# npm coap's server takes a Block option of no octets for a broken one.
#
# Expected: a Block option is an uint (RFC 7959 section 2.2), and the uint 0 has no octets (RFC 7252
# section 3.2): block 0, no more, 16 octets. It is the first request of every peer that asks for the
# smallest blocks, and an upload of one small block.
# Seen: to Block2 of no octets the server sends block 0 with "more" set and without payload, and
# aiocoap's client gives the transfer up; with blocks of 32 octets (Block2 `01`) all is well. To
# Block1 of no octets it answers 5.00.
# Versions: npm coap 1.5.0, aiocoap 0.4.17. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_npm coap@1.5.0
from_pypi aiocoap==0.4.17
program serve.js <<'PROGRAM'
const server = require('coap').createServer((request, response) => {
  const { method, payload } = request
  response.end(method === 'GET' ? '0123456789'.repeat(6) : `${payload.length} octets`)
})
const probe = require('dgram').createSocket('udp4')
probe.bind(0, '127.0.0.1', () => {
  const { port } = probe.address()
  probe.close(() => server.listen(port, '127.0.0.1', () => console.log(port)))
})
setTimeout(() => process.exit(0), 60000)
PROGRAM
program ask.py <<'PROGRAM'
import asyncio
import logging
import sys
from aiocoap import GET, PUT, Context, Message
from aiocoap.optiontypes import BlockOption

logging.disable(logging.CRITICAL)
uri = f'coap://127.0.0.1:{sys.argv[1]}/a'

async def ask(client, message, **how):
    block = next(o for o in message.opt.option_list() if o.number in (23, 27))
    request = client.request(message, **how)
    try:
        response = await asyncio.wait_for(request.response, 10)
        what = f'{response.code.dotted}, {len(response.payload)} octets'
    except Exception as error:
        what = type(error).__name__
    print(f'{block.encode().hex()!r}: {what}')

async def main():
    client = await Context.create_client_context()
    block = BlockOption.BlockwiseTuple
    for size in 0, 1:
        await ask(client, Message(code=GET, uri=uri, block2=block(0, False, size)))
    for size in 0, 1:
        message = Message(code=PUT, uri=uri, payload=b'ten octets', block1=block(0, False, size))
        await ask(client, message, handle_blockwise=False)
    await client.shutdown()

asyncio.run(main())
PROGRAM
node "$work/serve.js" >"$work/port" &
for ((i = 0; i < 50; i++)); do
    [ -s "$work/port" ] && break
    sleep 0.1
done
mapfile -t lines < <(run python3 "$work/ask.py" "$(cat "$work/port")")

expect "'': 2.05, 60 octets"
seen 'GET with Block2 0/0/16' "${lines[0]}" "'': UnexpectedBlock2"
expect "'01': 2.05, 60 octets"
seen 'GET with Block2 0/0/32' "${lines[1]}" "'01': 2.05, 60 octets"
expect "'': a success"
seen 'PUT with Block1 0/0/16' "${lines[2]}" "'': 5.00, 62 octets"
expect "'01': a success"
seen 'PUT with Block1 0/0/32' "${lines[3]}" "'01': 2.05, 9 octets"
finish
