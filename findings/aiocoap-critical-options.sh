#!/bin/bash
# A server written with aiocoap obeys requests with critical options that it does not know.
#
# Expected: RFC 7252 section 5.4.1: a critical option that the server does not recognise makes it
# answer 4.02 (Confirmable) or reject the message (Non-confirmable). If-None-Match and If-Match
# are critical: a server that has no such thing as conditional requests may not carry them out.
# Seen: the handlers of the application are called as if the options were not there: 2.05 for the
# unassigned option 99, and a PUT with If-None-Match writes over what exists. The library does not
# look at the class of an option; a handler has to.
# Versions: aiocoap 0.4.17. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi aiocoap==0.4.17
program serve.py <<'PROGRAM'
import asyncio
import logging
import socket
from aiocoap import CHANGED, Context, Message
from aiocoap.resource import Resource, Site

logging.disable(logging.CRITICAL)

class Value(Resource):
    value = b'old'

    async def render_get(self, request):
        return Message(payload=self.value)

    async def render_put(self, request):
        self.value = request.payload
        return Message(code=CHANGED)

async def main():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.bind(('127.0.0.1', 0))
    server_address = probe.getsockname()
    probe.close()
    site = Site()
    site.add_resource(['v'], Value())
    server = await Context.create_server_context(site, bind=server_address)
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(5)
    client.connect(server_address)

    async def ask(octets):
        client.send(bytes.fromhex(octets))
        answer = await asyncio.to_thread(client.recv, 100)
        code = answer[1]
        print(f'{code >> 5}.{code & 31:02d}', answer[5:].decode())

    await ask('40010001 b176 d14b 7a')      # GET, Uri-Path v, option 99
    await ask('40030002 50 6176 ff 6e6577') # PUT, If-None-Match, Uri-Path v, "new"
    await ask('40010003 b176')
    await server.shutdown()

asyncio.run(main())
PROGRAM
mapfile -t lines < <(run python3 "$work/serve.py")

expect '4.02'
seen 'Confirmable GET with the critical option 99' "${lines[0]}" '2.05 old'
expect '4.12 (or 4.02)'
seen 'PUT with If-None-Match on what exists' "${lines[1]}" '2.04 '
expect '2.05 old'
seen 'GET afterwards' "${lines[2]}" '2.05 new'
finish
