#!/usr/bin/env python3
"""POST /v1/events on a node with Kafka, while tiendo and the broker are killed with -9 and the
network between them is cut, goes silent or becomes slow. In the end: every event answered with 202
is in the log as accepted, once; every other one at most once; what was sent again is a duplicate.

    gateway_test.py                          about 40 s
    gateway_test.py --minutes 10 --seed 7    the large form
"""
import argparse
import http.client
import json
import os
import random
import socket
import sys
import threading
import time

from broker import Broker
from program import BATCH_MEDIA, EVENT_MEDIA, Program, Wrong, add_options, check, say, wait_until, work_folder
from proxy import Proxy

EVENTS, REFERENCE, PARTITIONS = "tiendo.events", "tiendo.reference", 3
TYPE = "vn.tiendo.statistic.declared.v1"


class NetworkedBroker(Broker):
    """One of our own, whose clients all come through a proxy."""

    def __init__(self, work):
        self.port = free_ports()
        self.proxy = Proxy(self.port)
        super().__init__(work, own=True)
        self._run("topic", "create", "--port", str(self.port),
                  "%s:%d" % (EVENTS, PARTITIONS), "%s:1" % REFERENCE)

    def start(self):
        self.address = "127.0.0.1:%d" % self.proxy.port
        self._run("start", "--data", self.data, "--port", str(self.port),
                  "--set", "advertised.listeners=PLAINTEXT://" + self.address)

    def kill(self):
        self._run("stop", "--data", self.data, "--kill")

    def close(self):
        self.proxy.close()
        self.kill()


def free_ports():
    """A port whose neighbour is free too, for the controller."""
    while True:
        port = random.randrange(20000, 32000)
        try:
            for one in (port, port + 1):
                socket.create_server(("127.0.0.1", one)).close()
            return port
        except OSError:
            pass


class Event:
    """One event with what its sender knows of it."""

    def __init__(self, name, unit):
        self.name, self.unit = name, unit
        self.sent = 0            # how often
        self.placed = []         # (topic, partition, offset) of each 202
        self.verdicts = []       # (stream, position, verdict) of each that said one
        self.insists = True      # is sent again until there is a 202

    def body(self):
        return json.dumps({"specversion": "1.0", "id": self.name, "source": "urn:test", "type": TYPE,
                           "time": "2024-05-01T08:00:00+07:00", "data": self.data()}).encode()

    def data(self):
        return {"statistic": "population", "unit": self.unit, "as_at": "2024-01-01", "value": 5}

    def headers(self):
        return {"Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": self.name,
                "ce-source": "urn:test", "ce-type": TYPE, "ce-time": "2024-05-01T08:00:00+07:00"}


class Sender(threading.Thread):
    """Sends new events and those it insists on, one request at a time, until it is stopped."""

    def __init__(self, number, program, chance):
        super().__init__(daemon=True)
        self.number, self.program, self.chance = number, program, chance
        self.events, self.open, self.answers = [], [], {}
        self.stopping, self.error = False, None

    def run(self):
        try:
            while not self.stopping:
                self.send(self.some_events())
                time.sleep(0.02 * self.chance.random())
        except Exception as error:          # told by the thread that waits for this one
            self.error = error

    def some_events(self):
        chosen = self.open[:self.chance.randrange(12)] if self.chance.random() < 0.5 else []
        for _ in range(self.chance.choice((1, 1, 2, 10, 40)) if not chosen else 0):
            event = Event("s%d-%d" % (self.number, len(self.events)),
                          "p.d%d.c%d" % (self.chance.randrange(9), self.chance.randrange(9)))
            event.insists = self.chance.random() < 0.7
            self.events.append(event)
            chosen.append(event)
        # Some are sent again although they were answered: platforms do that too.
        if self.events and self.chance.random() < 0.05:
            again = self.chance.choice(self.events)
            if again not in chosen:
                chosen.append(again)
        return chosen

    def send(self, events):
        target = "/v1/events" + ("?wait=applied" if self.chance.random() < 0.3 else "")
        if len(events) == 1 and self.chance.random() < 0.5:
            body, headers = json.dumps(events[0].data()).encode(), events[0].headers()
        elif len(events) == 1:
            body, headers = events[0].body(), {"Content-Type": EVENT_MEDIA}
        else:
            body = b"[" + b",".join(event.body() for event in events) + b"]"
            headers = {"Content-Type": BATCH_MEDIA}
        for event in events:
            event.sent += 1
        status, said = self.post(target, body, headers)
        self.answers[status] = self.answers.get(status, 0) + 1
        check(status in (0, 202, 429, 503), "POST answered %s: %r" % (status, said))
        if said.get("events") is not None and status in (202, 503):
            check(len(said["events"]) == len(events), "%d events were answered by %r" % (len(events), said))
            for event, one in zip(events, said["events"]):
                self.note(event, one, status)
        elif status == 503:
            check(said["code"] == "unknown_outcome", "503 said %r" % said)
        self.open = [event for event in self.events[-4000:] if event.insists and not event.placed]

    def note(self, event, one, status):
        if "offset" in one:
            event.placed.append((one["topic"], one["partition"], one["offset"]))
        else:
            check(status == 503 and one["code"] == "unknown_outcome", "an event without offset: %r" % one)
        if "verdict" in one:
            event.verdicts.append((one["stream"], one["position"], one["verdict"]))

    def post(self, target, body, headers):
        """(0, {}) where no answer came."""
        port = self.program.port
        if port is None:
            time.sleep(0.05)
            return 0, {}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()


class Chaos:
    """What goes wrong, one thing after the other."""

    def __init__(self, program, broker, chance):
        self.program, self.broker, self.chance = program, broker, chance
        self.done, self.next = {}, []

    def step(self):
        if not self.next:                   # each of them before any comes again
            self.next = [self.kill_tiendo, self.kill_broker, self.cut, self.cut, self.mute, self.mute, self.slow]
            self.chance.shuffle(self.next)
        act = self.next.pop()
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1
        act()
        time.sleep(1.5 * self.chance.random())

    def kill_tiendo(self):
        self.program.kill()
        self.program.port = None
        self.program.start()

    def kill_broker(self):
        self.broker.kill()
        time.sleep(2 * self.chance.random())
        self.broker.start()

    def cut(self):
        self.broker.proxy.cut()
        time.sleep(self.chance.choice((0.05, 1, 4)) * self.chance.random())
        self.broker.proxy.heal()

    def mute(self):
        self.broker.proxy.mute()
        time.sleep(self.chance.choice((0.3, 2, 5)) * self.chance.random())
        self.broker.proxy.heal()

    def slow(self):
        self.broker.proxy.delay = 0.2 * self.chance.random()
        time.sleep(2 * self.chance.random())
        self.broker.proxy.heal()


def finish(senders, program):
    """Everything works again: what is insisted on is sent until all of it is answered."""
    for sender in senders:
        sender.stopping = True
    for sender in senders:
        sender.join(120)
        check(not sender.is_alive(), "a request has had no answer for two minutes")
        if sender.error:
            raise sender.error
    for sender in senders:
        end = time.monotonic() + 120
        while sender.open:
            check(time.monotonic() < end, "%d events are not taken by a sound broker" % len(sender.open))
            sender.send(sender.open[:50])
    wait_until("all is read", 120, lambda: all_is_read(program))


def publish_command(program, work):
    """tiendo publish --to: verdicts as with the embedded intake."""
    name = os.path.join(work, "file.ndjson")
    with open(name, "wb") as file:
        for n in (1, 2, 3, 1):
            file.write(Event("file-%d" % n, "p.q").body() + b"\n")
        file.write(b"nonsense\n")
    done = program.command("publish", name, "--to", "http://127.0.0.1:%d" % program.port, "--lang", "en")
    check(done.returncode == 1 and "5 events: 3 accepted, 1 duplicate, 1 rejected" in done.stdout,
          "tiendo publish ended with %d: %s%s" % (done.returncode, done.stdout, done.stderr))


def all_is_read(program):
    page = program.metrics()
    lag = sum(value for _, value in page.get("tiendo_stream_lag_messages", ()))
    running = [labels for labels, _ in page.get("tiendo_stream_state", ()) if labels["state"] == "running"]
    return lag == 0 and len(running) >= PARTITIONS + 1


def identity(record):
    """The id of a record in whatever mode."""
    headers = record.get("headers", {})
    if record["value"] == "nonsense":
        return "file-nonsense"
    return headers["ce_id"] if "ce_id" in headers else json.loads(record["value"])["id"]


class Tally:
    def __init__(self, program, senders):
        self.copies = {}         # id -> [(verdict, stream, position)]
        self.by_offset = {}      # (stream, offset) -> id
        self.of_command = 0      # records of publish_command
        for partition in range(PARTITIONS):
            stream = "%s:%d:0" % (EVENTS, partition)
            for record in program.exported(stream):
                check(not record.get("conflict"), "a re-send was taken for a conflict: %r" % record)
                name = identity(record)
                if name.startswith("file-"):
                    self.of_command += 1
                    continue
                self.copies.setdefault(name, []).append((record["verdict"], stream, record["position"]))
                self.by_offset[stream, record["offset"]] = name
        self.events = [event for sender in senders for event in sender.events]

    def check(self):
        """Every event as it was answered; returns the counts."""
        counts = dict.fromkeys(("events", "acknowledged", "never_acknowledged", "of_those_in_the_log",
                                "copies", "duplicates", "more_copies_than_sends", "verdicts_told"), 0)
        for event in self.events:
            copies = self.copies.pop(event.name, [])
            accepted = [copy for copy in copies if copy[0] == "accepted"]
            duplicates = [copy for copy in copies if copy[0] == "duplicate"]
            check(len(accepted) + len(duplicates) == len(copies), "%s was refused: %r" % (event.name, copies))
            check(len(accepted) == (1 if copies else 0), "%s is in the log as %r" % (event.name, copies))
            check(copies or not event.placed, "%s was acknowledged at %r and is lost" % (event.name, event.placed))
            for topic, partition, offset in event.placed:
                check(self.by_offset.get(("%s:%d:0" % (topic, partition), offset)) == event.name,
                      "%s is not at %s:%d@%d" % (event.name, topic, partition, offset))
            for stream, position, verdict in event.verdicts:
                check((verdict, stream, position) in copies,
                      "%s was told %s at %s@%d, and has %r" % (event.name, verdict, stream, position, copies))
            counts["events"] += 1
            counts["acknowledged" if event.placed else "never_acknowledged"] += 1
            counts["of_those_in_the_log"] += not event.placed and bool(copies)
            counts["copies"] += len(copies)
            counts["duplicates"] += len(duplicates)
            counts["more_copies_than_sends"] += max(0, len(copies) - event.sent)
            counts["verdicts_told"] += len(event.verdicts)
        check(not self.copies, "events nobody sent: %r" % list(self.copies)[:5])
        return counts


def run(a, work):
    chance = random.Random(a.seed)
    broker = NetworkedBroker(work)
    timeout_ms = chance.choice((2500, 4000))
    more = ["--brokers", broker.address, "--kafka-property", "delivery.timeout.ms=%d" % timeout_ms]
    try:
        with Program(a.tiendo, os.path.join(work, "data"), more) as program:
            program.start()
            wait_until("all partitions are read", 60, lambda: all_is_read(program))
            senders = [Sender(n, program, random.Random("%d %d" % (a.seed, n))) for n in range(a.senders)]
            for sender in senders:
                sender.start()
            chaos = Chaos(program, broker, chance)
            end = time.monotonic() + a.minutes * 60
            while time.monotonic() < end:
                chaos.step()
                for sender in senders:
                    if sender.error:
                        raise sender.error
            finish(senders, program)
            publish_command(program, work)
            program.verify()
            tally = Tally(program, senders)
            counts = tally.check()
            streams = program.counts()
            received = sum(c["received"] for s, c in streams.items() if s.startswith(EVENTS + ":"))
            held = counts["copies"] + tally.of_command
            check(received == held, "the log counts %d, it holds %d" % (received, held))
            code, seconds = program.terminate()
            check(code == 0 and seconds < 5, "SIGTERM: exit %d after %.1f s" % (code, seconds))
    finally:
        broker.close()
    answers = {}
    for sender in senders:
        for status, count in sender.answers.items():
            answers[status] = answers.get(status, 0) + count
    say("troubles: " + ", ".join("%d x %s" % (n, what) for what, n in sorted(chaos.done.items())))
    say("requests: " + ", ".join("%d x %s" % (n, status or "no answer") for status, n in sorted(answers.items())))
    say("events: " + ", ".join("%s %d" % (name, n) for name, n in counts.items()))
    check(answers.get(202), "nothing was ever acknowledged")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=0.4, help="of trouble")
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    add_options(parser)
    a = parser.parse_args()
    say("seed %d, %g minutes" % (a.seed, a.minutes))
    with work_folder(a, "gateway") as work:
        try:
            run(a, work)
        except Wrong as wrong:
            say("FAILED (seed %d): %s" % (a.seed, wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
