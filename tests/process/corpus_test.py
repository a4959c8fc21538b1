#!/usr/bin/env python3
"""Every message of tests/corpus over HTTP and over a real Kafka, in both modes: the right verdict,
code and field, the bytes as they came, and a stream that goes on.  Engine, corpus and oracle must
say the same three times.

    corpus_test.py                       both ways (a broker of its own, or TIENDO_TEST_BROKERS')
    corpus_test.py --only http           one of: http kafka
"""
import argparse
import base64
import http.client
import json
import os
import sys

from agreement import Oracle, oracle_record, verdict_of
from broker import Broker
from kafka_wire import produce
from program import EVENT_MEDIA, ROOT, Program, Wrong, add_options, check, say, wait_until, work_folder

sys.path.insert(0, os.path.join(ROOT, "tests", "corpus"))

import corpus  # noqa: E402
from clean import ACTIVITY, STRUCTURED, envelope, structured  # noqa: E402

RIGHT_EVERY, SHOWN = 100, 40
PLAIN = set(range(0x21, 0x7F)) - set(b'"%')


def with_right_ones(cases, way):
    """A right event after each hundred, and one at the end."""
    for number, case in enumerate(cases, 1):
        yield case
        if number % RIGHT_EVERY == 0 or number == len(cases):
            yield structured("right", envelope("activity.recorded", "right-%s-%d" % (way, number), ACTIVITY))


class Differences(list):
    def note(self, case, where, what, said, expected):
        if said != expected:
            self.append("%s (%s) %s: %s is %r, expected %r" % (case.name, case.mode, where, what, said, expected))

    def raise_any(self, way):
        if self:
            raise Wrong("%d differences over %s\n%s" % (len(self), way, "\n".join(self[:SHOWN])))


def expected_of(case):
    return ("rejected" if case.code else "accepted", case.code, case.field)


def check_kept(differences, program, stream, cases, headers_of):
    """GET /v1/events gives each message back to the byte, with its verdict; the oracle says the same."""
    lines = []
    for position, case in enumerate(cases):
        status, said = program.ask("/v1/events/%s/%d" % (stream, position))
        check(status == 200, "%s@%d answered %d" % (stream, position, status))
        where = "%s@%d" % (stream, position)
        code, field = said.get("code"), said.get("field", "")
        differences.note(case, where, "verdict", (said["verdict"], code, field), expected_of(case))
        kept = base64.b64decode(said["value_base64"]) if "value_base64" in said else said["value"]
        kept = kept.encode() if isinstance(kept, str) else kept
        if kept != case.body:
            differences.note(case, where, "kept value", kept and kept[:80], case.body and case.body[:80])
        headers = [(h.get("name"), base64.b64decode(h["value_base64"]) if "value_base64" in h else
                    None if h["value"] is None else h["value"].encode()) for h in said["headers"]]
        # Over HTTP fields of one name belong together, wherever they stood.
        by_name = (lambda all: sorted(all, key=lambda h: h[0])) if stream == "intake" else list
        differences.note(case, where, "kept headers", by_name(headers), by_name(headers_of(case)))
        if case.code and code:
            check_message(differences, case, where, said)
        line = oracle_record(stream, position, 0, case.body or b"", None)
        line["headers"] = [[name, None if value is None else value.decode("utf-8", "surrogateescape")] for name, value in headers]
        lines.append(line)
    records = Oracle(lines).log.streams[stream]
    for case, record in zip(cases, records):
        in_plan = (case.code or "").startswith("plan_") or "/plan." in case.name     # it names only the part
        differences.note(case, "oracle", "verdict", (record.verdict, record.code), expected_of(case)[:2])
        if not in_plan:
            differences.note(case, "oracle", "field", record.field or None, verdict_of(
                {"verdict": record.verdict, "code": case.code, "field": case.field})[3])


def check_message(differences, case, where, said):
    """The sentence, in both languages, says where, what was found and what is expected."""
    in_plan = said["code"].startswith("plan_") or "/plan." in case.name     # what a plan should say is told in either language
    for language in "vi", "en":
        text = said["message"][language]
        for part in ("field", "found") if in_plan and language == "vi" else ("field", "found", "expected"):
            wanted = said[part].replace("did you mean", "có phải ý là") if language == "vi" else said[part]
            if wanted not in text:
                differences.note(case, where, "message in " + language, text, "... %s %s ..." % (part, wanted))
    differences.note(case, where, "one message in both languages", said["message"]["vi"] == said["message"]["en"], False)
    differences.note(case, where, "expected", bool(said["expected"]), True)


def check_counts(program, stream, cases):
    """received = accepted + duplicate + rejected, of the log, for each code."""
    page = program.metrics()
    rejected = {labels["reason"]: value for labels, value in page["tiendo_events_rejected_total"] if labels["stream"] == stream}
    wanted = {}
    for case in cases:
        if case.code:
            wanted[case.code] = wanted.get(case.code, 0) + 1
    check({k: v for k, v in rejected.items() if v} == wanted, "rejected by reason: %r, expected %r" % (rejected, wanted))
    refused = sum(wanted.values())
    counted = program.counts()[stream]
    check(counted == {"received": len(cases), "accepted": len(cases) - refused, "duplicate": 0, "rejected": refused},
          "%s counts %r" % (stream, counted))
    rows, cursor = [], None
    while cursor is not None or not rows:
        status, said = program.ask("/v1/rejected", stream=stream, limit=1000, cursor=cursor)
        check(status == 200, "/v1/rejected answered %d" % status)
        rows, cursor = rows + said["rows"], said["next"]
        if cursor is None:
            break
    check([row["position"] for row in rows] == [at for at, case in enumerate(cases) if case.code],
          "/v1/rejected does not list what was rejected")
    program.verify()


def check_rejudging(program, stream, cases):
    """What is refused by the rules of today is refused again, in words, and nothing is written."""
    act = json.dumps({"author": "corpus", "reason": "a try"})
    before = program.counts()
    for position, case in enumerate(cases):
        if position % 97 and case.name != "right":
            continue
        status, body = program.request("POST", "/v1/rejected/%s/%d/rejudge" % (stream, position), act)
        said = json.loads(body)
        check((status, said["code"]) == (409, "still_rejected" if case.code else "not_rejected"), "%s: %r" % (case.name, said))
        check(not case.code or case.code in said["detail"], "%s: %r" % (case.name, said))
    wrong = next(at for at, case in enumerate(cases) if case.code == "not_json")
    for place, code, word in (wrong, 1, "not_json"), (len(cases) - 1, 1, "accepted"), (10 ** 9, 2, "10000"):
        done = program.command("rejudge", stream, str(place), "--author", "corpus", "--reason", "a try", "--lang", "en")
        check(done.returncode == code and word in done.stderr, "tiendo rejudge: %r" % done)
    check(program.counts() == before, "a refused act was written")


# ---------------------------------------------------------------- HTTP
def http_headers(case):
    """Structured: the content type alone.  Binary: ce- headers, text percent-encoded."""
    for name, value in case.headers:
        if name.startswith("ce_"):
            name = "ce-" + name[3:]
            try:
                value.decode()
                value = b"".join(bytes([b]) if b in PLAIN else b"%%%02X" % b for b in value)
            except UnicodeDecodeError:
                pass                                        # the very bytes that are no text
        yield name, value


def over_http_field(case):
    return case._replace(field=case.field.replace("headers.ce_", "headers.ce-"))    # as every header is written


def over_http(a, work):
    cases = [over_http_field(case) for case in with_right_ones(corpus.over_http(), "http")]
    differences = Differences()
    with Program(a.tiendo, os.path.join(work, "http")).start() as program:
        for position, case in enumerate(cases):
            said = send(program, case)
            differences.note(case, "POST", "answer", (said["stream"], said["position"]), ("intake", position))
            differences.note(case, "POST", "verdict", (said["verdict"], said.get("code"), said.get("field", "")), expected_of(case))
        check_kept(differences, program, "intake", cases,
                   lambda case: [] if case.mode == STRUCTURED else list(http_headers(case)))
        differences.raise_any("HTTP")
        check_counts(program, "intake", cases)
        check_rejudging(program, "intake", cases)
        code, _ = program.terminate()
        check(code == 0, "SIGTERM ended it with %d" % code)
        program.verify()
    say("HTTP: %d messages" % len(cases))


def send(program, case):
    """A POST whose headers may be no text, and may come twice."""
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=60)
    connection.putrequest("POST", "/v1/events")
    for name, value in http_headers(case):
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(case.body)))
    connection.endheaders(case.body)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    check(answer.status == 202, "%s (%s) answered %d %s" % (case.name, case.mode, answer.status, body[:200]))
    return json.loads(body)["events"][0]


# ---------------------------------------------------------------- Kafka
def over_kafka(a, work):
    cases = list(with_right_ones(corpus.over_kafka(), "kafka"))
    differences = Differences()
    broker = Broker(work)
    try:
        topic = broker.create("corpus", 1)
        produce(broker.address, topic, [(b"key", case.headers, case.body) for case in cases])
        more = ["--brokers", broker.address, "--topics", topic]
        with Program(a.tiendo, os.path.join(work, "kafka-data"), more).start() as program:
            stream = topic + ":0:0"
            wait_until("all is read", 60, lambda: program.received().get(stream) == len(cases))
            check_kept(differences, program, stream, cases, lambda case: case.headers)
            differences.raise_any("Kafka")
            check_counts(program, stream, cases)
            code, _ = program.terminate()
            check(code == 0, "SIGTERM ended it with %d" % code)
            program.verify()
    finally:
        broker.close()
    say("Kafka: %d messages" % len(cases))


PARTS = {"http": over_http, "kafka": over_kafka}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "corpus") as work:
        try:
            for name, part in PARTS.items():
                if a.only in (None, name):
                    part(a, work)
        except Wrong as wrong:
            say(str(wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
