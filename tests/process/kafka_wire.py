"""A producer that sends exactly what it is told: keys, headers and values that are null or no text,
as no client library would.  Kafka's produce request and record batch, to one broker."""
import gzip
import socket
import struct

from program import Wrong

PRODUCE, VERSION, WAIT_MS = 0, 3, 30_000
BATCH_RECORDS = 100


def _table():
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


CRC32C = tuple(_table())


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC32C[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def varint(number):
    number = number << 1 ^ number >> 63         # zigzag
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def counted(data):
    return varint(-1) if data is None else varint(len(data)) + data


def record(at, key, headers, value):
    body = b"\0" + varint(0) + varint(at) + counted(key) + counted(value) + varint(len(headers))
    for name, said in headers:
        body += counted(name.encode()) + counted(said)
    return counted(body)


def batch(messages):
    """Compressed, so that the broker's limit on the size of a batch is none on that of a message."""
    records = gzip.compress(b"".join(record(at, *message) for at, message in enumerate(messages)))
    compressed_with_gzip, nobody = 1, (-1, -1, -1)
    checked = struct.pack(">hiqqqhii", compressed_with_gzip, len(messages) - 1, 0, 0, *nobody, len(messages)) + records
    return struct.pack(">qiibI", 0, len(checked) + 9, -1, 2, crc32c(checked)) + checked


def text(word):
    return struct.pack(">h", len(word)) + word.encode()


def read(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise Wrong("the broker hung up")
        data += more
    return data


def produce(address, topic, messages, partition=0):
    """Writes (key, [(name, value)], value)s into one partition; back once the broker has them."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_MS / 1000) as connection:
        for begin in range(0, len(messages), BATCH_RECORDS):
            data = batch(messages[begin:begin + BATCH_RECORDS])
            request = (struct.pack(">hhi", PRODUCE, VERSION, begin) + text("corpus") + struct.pack(">hhii", -1, -1, WAIT_MS, 1)
                       + text(topic) + struct.pack(">iii", 1, partition, len(data)) + data)
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = read(connection, struct.unpack(">i", read(connection, 4))[0])
            # correlation, one topic by name, one partition: index, error, offset ...
            error = struct.unpack_from(">h", answer, 4 + 4 + 2 + len(topic) + 4 + 4)[0]
            if error:
                raise Wrong("the broker refused a batch with error %d" % error)
