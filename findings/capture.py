"""pcapng files with CoAP in them, block by block, and the times that libraries read there."""
import struct


def option(code, value):
    return struct.pack('<HH', code, len(value)) + value + bytes(-len(value) % 4)


def block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack('<I', len(body) + 12)
    return struct.pack('<I', kind) + length + body + length


def section():
    return block(0x0A0D0D0A, struct.pack('<IHHq', 0x1A2B3C4D, 1, 0, -1))


def interface(*options):
    """An Ethernet interface; times are in microseconds unless an option says otherwise."""
    end = option(0, b'') if options else b''
    return block(1, struct.pack('<HHI', 1, 0, 65535) + b''.join(options) + end)


def resolution(power):
    return option(9, bytes([power]))


def offset(seconds):
    return option(14, struct.pack('<q', seconds))


def enhanced(number, time, frame):
    head = struct.pack('<IIIII', number, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame))
    return block(6, head + frame)


def simple(frame):
    return block(3, struct.pack('<I', len(frame)) + frame)


def frame(octets='40010001b474656d70', back=False):
    """A CoAP message in hex, GET /temp unless given, from 192.0.2.1 to 192.0.2.2 or back."""
    coap = bytes.fromhex(octets)
    ports = (5683, 40000) if back else (40000, 5683)
    udp = struct.pack('>HHHH', *ports, 8 + len(coap), 0) + coap
    ip = struct.pack('>BBHHHBB', 0x45, 0, 20 + len(udp), 1, 0, 64, 17)
    client, server = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
    addresses = server + client if back else client + server
    total = sum(struct.unpack('>9H', ip + addresses))
    total = (total & 0xFFFF) + (total >> 16)
    return bytes(12) + b'\x08\x00' + ip + struct.pack('>H', ~total & 0xFFFF) + addresses + udp


def exchanges(*messages):
    """A capture of messages in hex, request and response in turn, 10 ms apart."""
    packets = (enhanced(0, 1_700_000_000_000_000 + 10_000 * n, frame(message, back=n % 2))
               for n, message in enumerate(messages))
    return section() + interface() + b''.join(packets)


def read(reader, path):
    """The time of each packet, or None, as a library reads it."""
    with open(path, 'rb') as file:
        if reader == 'dpkt':
            import dpkt
            return [time for time, _ in dpkt.pcapng.Reader(file)]
        if reader == 'python-pcapng':
            import pcapng
            packets = (b for b in pcapng.FileScanner(file) if 'Packet' in type(b).__name__)
            return [getattr(b, 'timestamp', None) for b in packets]
    from scapy.utils import PcapReader
    return [packet.time for packet in PcapReader(path)]


if __name__ == '__main__':
    import logging
    import sys
    logging.disable(logging.CRITICAL)
    if sys.argv[1] == 'exchanges':
        sys.stdout.buffer.write(exchanges(*sys.argv[2:]))
    else:
        print(*(t if t is None else f'{t:.6f}' for t in read(*sys.argv[1:])))
