#!/bin/bash
# pamoja-coap takes each block of an upload for a message of its own, and never answers a big GET.
#
# Expected: a server without block-wise transfer does not know Block1, which is critical: 4.02 (RFC
# 7252 section 5.4.1), and the client sees that it must not. A value that does not fit into one
# message is an error that is said: 5.00, or 5.01 (section 5.9.3); a CON gets an answer in any case.
# Seen: the two blocks of a PUT are both answered with 2.04 and handed to the application as two
# values. A GET of a value of 3000 octets gets no datagram at all, so that the client sends it again
# and again; a value of 1000 octets is there.
# Versions: pamoja-coap 0.2.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi pamoja-coap==0.2.0
program server.py <<'PROGRAM'
import asyncio
import socket
from pamoja.coap import CoapServer

async def main():
    server = CoapServer('127.0.0.1:0')
    await server.connect()
    await server.subscribe('in')
    await server.send('small', 's' * 1000)
    await server.send('big', 'b' * 3000)
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(('127.0.0.1', server.local_port))
    client.settimeout(1)

    def ask(octets):
        client.send(bytes.fromhex(octets))
        try:
            answer = client.recv(5000)
        except TimeoutError:
            return 'no answer'
        return f'{answer[1] >> 5}.{answer[1] & 31:02d}'

    first = await asyncio.to_thread(ask, '40030001 b2696e d10308 ff' + '41' * 16)
    last = await asyncio.to_thread(ask, '40030002 b2696e d10310 ff' + '42' * 4)
    print(first, last)
    print(*[(await asyncio.wait_for(server.recv(), 5)).text for _ in range(2)])
    print(await asyncio.to_thread(ask, '40010003 b5' + b'small'.hex()))
    print(await asyncio.to_thread(ask, '40010004 b3' + b'big'.hex()))
    print(await asyncio.to_thread(ask, '40010005 b5' + b'small'.hex()))
    await server.disconnect()

asyncio.run(main())
PROGRAM
mapfile -t lines < <(run python3 "$work/server.py")

expect '4.02, or 2.31 and 2.04'
seen 'PUT of 20 octets in two blocks' "${lines[0]}" '2.04 2.04'
expect 'nothing, or one value of 20 octets'
seen 'what the application gets' "${lines[1]}" 'AAAAAAAAAAAAAAAA BBBB'
expect 2.05
seen 'GET of 1000 octets' "${lines[2]}" 2.05
expect 'a response'
seen 'GET of 3000 octets' "${lines[3]}" 'no answer'
expect 2.05
seen 'GET of 1000 octets afterwards' "${lines[4]}" 2.05
finish
