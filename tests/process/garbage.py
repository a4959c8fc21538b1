"""Senders who send anything."""
import json
import socket

from program import BATCH_MEDIA, EVENT_MEDIA, check


def garbage(chance, lines):
    """(method, path, body, headers)."""
    body = chance.choice(lines)
    for _ in range(chance.randrange(4)):
        body = mutated(body, chance)
    media = chance.choice((EVENT_MEDIA,) * 4 + (BATCH_MEDIA,) * 3 + ("application/json", "text/plain", "", "a/b/c",
                          EVENT_MEDIA + "; charset=utf-16", "\xff"))
    if media == BATCH_MEDIA and chance.random() < 0.7:
        body = b"[" + b",".join([body] * chance.randrange(4)) + b"]"
    headers = {"Content-Type": media.encode("latin-1")}
    if chance.random() < 0.2:
        for name in ("specversion", "id", "source", "type", "subject", "time"):
            if chance.random() < 0.8:
                headers["ce-" + name] = chance.choice((b"1.0", b"x", b"", b"\xc3\x28", b"%ff%00", b"urn:a", b"a" * 300,
                                                       b"vn.tiendo.activity.recorded.v1"))
    if chance.random() < 0.85:
        return "POST", "/v1/events", body, headers
    path = chance.choice(("/v1/events/intake/%d" % chance.randrange(1 << 65), "/v1/plans/%00/progress", "/v1/units?q=%ff",
                          "/v1/plans/tayninh-2024/progress?as_of=intake@-1", "/v1/plans/tayninh-2024/progress?tree=x",
                          "/v1/rollups?plan=tayninh-2024&indicator=dx_acts&period=0000", "/v1/rejected?cursor=zz",
                          "/v1/rejected?limit=99999999999999999999", "/%2e%2e/%2e%2e/etc/passwd", "/v1/explain?plan=a",
                          "/v1/figures/tayninh-2024/dx_acts/tayninh/..2024/history", "/" + "a" * 3000))
    return chance.choice(("GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS")), path, b"", {}


def mutated(body, chance):
    at = chance.randrange(len(body) + 1)
    kind = chance.randrange(7)
    if kind == 0:
        return body[:at]
    if kind == 1:
        return body[:at] + bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9))) + body[at:]
    if kind == 2:
        return body[:at] + chance.choice((b"[" * 40, b"{\"a\":" * 40, b"\"", b"\\", b"\0", b"1e999999999", b"-")) + body[at:]
    if kind == 3:
        return body[:at] + body[at + chance.randrange(1, 30):]
    if kind == 4:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
    if kind == 5:
        return body.replace(b"2024", chance.choice((b"9999", b"0000", b"-1", b"99999999999")))
    return body + body


def send_raw(program, chance, times):
    """Bytes that are no HTTP, and requests that break off; whatever comes back is no 5xx."""
    starts = (b"", b"GET", b"GET / HTTP/9.9\r\n\r\n", b"POST /v1/events HTTP/1.1\r\nContent-Length: 99999999999999999\r\n\r\n",
              b"POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/cloudevents+json\r\nContent-Length: 500\r\n\r\n{",
              b"POST /v1/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", b"GET /" + b"a" * 100_000, b"\x16\x03\x01\x02",
              b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000)
    for _ in range(times):
        with socket.create_connection(("127.0.0.1", program.port), timeout=10) as raw:
            raw.settimeout(0.05)
            try:
                raw.sendall(chance.choice(starts) + bytes(chance.randrange(256) for _ in range(chance.randrange(50))))
                raw.shutdown(socket.SHUT_WR)
                answer = raw.recv(100)
                check(not answer.startswith(b"HTTP/1.1 5"), "no HTTP was answered with %r" % answer)
            except (OSError, socket.timeout):
                pass


def send_limits(program):
    """Sizes at and over what is taken."""
    event = b'{"specversion":"1.0","id":"%s"}'
    for size, expected in (((1 << 20), 202), ((1 << 20) + 1, 202), (16 << 20, 202), ((16 << 20) + 1, 413)):
        body = event % (b"x" * (size - len(event) + 2))
        check(len(body) == size, "size %d" % len(body))
        try:
            status, answer = program.request("POST", "/v1/events", body, {"Content-Type": EVENT_MEDIA})
        except OSError:                                  # closed while it was sent
            status, answer = 413, b""
        check(status == expected, "%d bytes answered %d, expected %d" % (size, status, expected))
        if status == 202:
            code = json.loads(answer)["events"][0]["code"]
            check(code == ("too_large" if size > 1 << 20 else "attribute_missing"), "%d bytes: %s" % (size, code))
