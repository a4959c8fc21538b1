#!/usr/bin/env python3
"""A year of events through a real Kafka while tiendo is killed with -9 again and again; in the end
every record, verdict, figure and report must be as the oracle says, from its own reading of the
topic.

    kafka_oracle.py                            20,000 events, 5 kills
    kafka_oracle.py --events 1000000           the large form
"""
import argparse
import base64
import json
import os
import random
import sys
import threading
import time

import agreement
import sample
from agreement import bytes_in, bytes_of
from broker import Broker
from plan_reforms import reforms_of_sample
from program import Program, Wrong, add_options, say, wait_until, work_folder
from sample import PLAN

PERIODS = ("2024", "2024-Q2", "2024-9M")
BINARY_MODE = 8      # so many messages are sent in binary mode


class Feeding(threading.Thread):
    """Writes the year into the topic, spread over at least `pace` seconds."""

    def __init__(self, broker, a, topics):
        super().__init__(daemon=True)
        self.broker, self.a, self.topics = broker, a, topics
        self.sent, self.error, self.seconds = 0, None, 0.0

    def run(self):
        began = time.monotonic()
        try:
            if not self.a.late_reference:
                self.send_reference()
            self.send_year(began)
            if self.a.late_reference:
                self.send_reference()
            self.send_tombstone()
        except Exception as error:      # told by the thread that waits for this one
            self.error = error
        self.seconds = time.monotonic() - began

    def send_reference(self):
        lines = sample.reference()
        lines += reforms_of_sample(random.Random(self.a.seed), lines)
        pipe = self.broker.pipe(self.topics["reference"], 0)
        for line in lines:
            pipe.write(b"tayninh", line)
        pipe.close()
        self.sent += len(lines)

    def send_year(self, began):
        a = self.a
        generator = sample.generate("--seed", a.seed, "--events", a.events, "--partitions", a.partitions, "--out", "-")
        pipes = [self.broker.pipe(self.topics["events"], p) for p in range(a.partitions)]
        slice_events = max(1, a.events // 400)
        binary_events = max(1, a.events // BINARY_MODE)
        for i, line in enumerate(generator.stdout):
            said = json.loads(line)
            value = (base64.b64decode(said["value_base64"]) if "value_base64" in said
                     else said["value"].encode())
            if i % binary_events != binary_events // 2 or not self.send_binary(said, value):
                pipes[said["partition"]].write(said["key"].encode(), value)
            self.sent += 1
            if i % slice_events == 0:
                for pipe in pipes:
                    pipe.flush()
                if not a.ahead:
                    time.sleep(max(0.0, began + a.pace * i / a.events - time.monotonic()))
        for pipe in pipes:
            pipe.close()
        if generator.wait() != 0:
            raise Wrong("generate.py failed")

    def send_binary(self, said, value):
        """The same event with its attributes as headers; not where it is no plain event."""
        try:
            event = json.loads(value)
            data = json.dumps(event.pop("data"), ensure_ascii=False).encode()
            headers = [("content-type", "application/json")] + [("ce_" + k, v) for k, v in event.items()]
            if not all(type(v) is str and v.isascii() and v for _, v in headers):
                return False
        except (ValueError, KeyError, AttributeError, TypeError):
            return False
        pipe = self.broker.pipe(self.topics["events"], said["partition"], headers)
        pipe.write(said["key"].encode(), data)
        pipe.close()
        return True

    def send_tombstone(self):
        pipe = self.broker.pipe(self.topics["events"], 0, (), empty_is_null=True)
        pipe.write(b"tayninh", b"")
        pipe.close()
        self.sent += 1


class Kills:
    """Kills the program while it reads, and sees that the log never shrinks."""

    def __init__(self, program, feeding, a, chance):
        self.program, self.feeding, self.chance = program, feeding, chance
        self.dawdle = 0.0 if a.ahead else 0.3
        self.thresholds = sorted(chance.randrange(a.events) for _ in range(a.kills))
        self.held = {}

    def look(self):
        """The counts, which must add up and never be less than they were."""
        now = self.program.received()
        for stream, received in self.held.items():
            if now.get(stream, 0) < received:
                raise Wrong("%s shrank from %d to %d" % (stream, received, now.get(stream, 0)))
        self.held = now
        return sum(now.values())

    def run(self):
        for n, threshold in enumerate(self.thresholds, 1):
            wait_until("%d messages are read" % threshold, 300, lambda: self.reading(threshold))
            time.sleep(self.chance.random() * self.dawdle)
            held = self.look()
            self.program.kill()
            time.sleep(self.chance.random() * 0.2)
            if self.chance.random() < 0.3:               # once more, while it opens its stores
                self.program.launch()
                time.sleep(self.chance.random() * 0.4)
                self.program.kill()
            began = time.monotonic()
            self.program.start()
            took = time.monotonic() - began
            after = self.look()
            self.program.verify()
            say("kill %d at %d messages; answers again after %.2f s, %d messages" % (n, held, took, after))

    def reading(self, threshold):
        if self.feeding.error:
            raise self.feeding.error
        return self.look() >= threshold


class Topic:
    """The topic as kcat reads it beside the log as tiendo exports it, message by message."""

    def __init__(self, broker, program, topics, partitions):
        self.broker, self.program = broker, program
        self.parts = [(topics["events"], p) for p in range(partitions)] + [(topics["reference"], 0)]
        self.told, self.messages = {}, 0

    def records(self):
        """Every message for the oracle; raises Wrong where the log does not hold it just once."""
        for topic, partition in self.parts:
            stream = "%s:%d:0" % (topic, partition)
            log = self.program.exported(stream)
            told = self.told[stream] = []
            for position, message in enumerate(self.broker.dump(topic, partition)):
                record = next(log, None)
                if record is None:
                    raise Wrong("%s ends at %d; offset %d is lost" % (stream, position, message["offset"]))
                self.compare(stream, position, message, record)
                told.append(agreement.verdict_of(record))
                self.messages += 1
                yield agreement.oracle_record(stream, position, message["ts"], bytes_in(message["payload"]) or b"",
                                              headers_of(message))
            if next(log, None) is not None:
                raise Wrong("%s holds more than the topic's %d messages" % (stream, len(told)))

    @staticmethod
    def compare(stream, position, message, record):
        kept = (record["position"], record["offset"], record["stamp_ms"], bytes_of(record, "key"),
                bytes_of(record, "value"), record.get("headers", {}))
        sent = (position, message["offset"], message["ts"], bytes_in(message["key"]), bytes_in(message["payload"]),
                headers_of(message))
        if kept != sent:
            raise Wrong("%s@%d: the log holds\n%r\nthe topic\n%r" % (stream, position, kept, sent))


def headers_of(message):
    """kcat tells them as one list, name after value after name."""
    headers = message.get("headers") or []
    return dict(zip(headers[::2], headers[1::2]))


def compare_all(program, oracle, told):
    differences = agreement.Differences()
    agreement.compare_verdicts(differences, oracle.log, told)
    view = oracle.view()
    units = view.units()
    for unit in units:
        for period in PERIODS:
            said = agreement.compare_progress(differences, program, view, PLAN, unit, period)
            differences.compare(unit, "state", said.get("state"), "current")
        for obligation in agreement.obligations_of(view, PLAN):
            agreement.compare_reports(differences, program, view, PLAN, unit, obligation)
    differences.raise_any()
    return len(units), differences.compared


def ask_as_of(program, oracle, chance, moments):
    """Partitions whose records lie milliseconds apart, cut at a record or an instant of theirs."""
    differences = agreement.Differences()
    for _ in range(moments):
        record = chance.choice(oracle.log.ordered)
        as_of = ("%s@%d" % (record.stream, record.position) if chance.random() < 0.6
                 else agreement.periods.instant_text(record.K[0] + chance.choice((-1, 0, 1))))
        view = oracle.view(as_of)
        for unit in chance.sample(view.units(), min(8, len(view.units()))):
            agreement.compare_progress(differences, program, view, PLAN, unit, chance.choice(PERIODS),
                                       chance.choice(("as_reported", "current", "2024-06-30")), as_of)
    differences.raise_any()
    return differences.compared


def run(a, work, broker):
    topics = {"events": broker.create("tiendo.events", a.partitions),
              "reference": broker.create("tiendo.reference", 1)}
    chance = random.Random(a.seed)
    more = ["--brokers", broker.address, "--topics", ",".join(topics.values())]
    with Program(a.tiendo, os.path.join(work, "data"), more) as program:
        feeding = Feeding(broker, a, topics)
        began = time.monotonic()
        feeding.start()
        if a.ahead:
            feeding.join()
            began = time.monotonic()
        program.start()
        kills = Kills(program, feeding, a, chance)
        kills.run()
        feeding.join()
        if feeding.error:
            raise feeding.error
        fed = time.monotonic()
        program.wait_current(600, feeding.sent)
        kills.look()
        current = time.monotonic()
        say("%d messages sent in %.1f s; read and projected %.1f s after the last (%.1f s in all)"
            % (feeding.sent, feeding.seconds, current - fed, current - began))
        program.verify()
        topic = Topic(broker, program, topics, a.partitions)
        oracle = agreement.Oracle(topic.records())
        if topic.messages != feeding.sent:
            raise Wrong("%d messages were sent and %d are in the topic" % (feeding.sent, topic.messages))
        for stream, counts in sorted(program.counts().items()):
            say("%s  %s" % (stream, "  ".join("%s %d" % one for one in counts.items())))
        say("log and topic compared, oracle filled in %.1f s" % (time.monotonic() - current))
        began = time.monotonic()
        units, compared = compare_all(program, oracle, topic.told)
        say("%d units, %d values compared in %.1f s: no difference" % (units, compared, time.monotonic() - began))
        began = time.monotonic()
        compared = ask_as_of(program, oracle, chance, a.moments)
        say("%d moments, %d values compared in %.1f s: no difference" % (a.moments, compared, time.monotonic() - began))
        code, seconds = program.terminate()
        if code != 0 or seconds > 5:
            raise Wrong("SIGTERM: exit %d after %.1f s" % (code, seconds))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20000)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=8, help="seconds over which sending is spread (default 8)")
    parser.add_argument("--moments", type=int, default=6, help="past moments that are asked for (default 6)")
    parser.add_argument("--shared-broker", action="store_true",
                        help="only with the broker of TIENDO_TEST_BROKERS; without it, exit 77 (left out)")
    parser.add_argument("--ahead", action="store_true", help="the topic is full before tiendo starts")
    parser.add_argument("--late-reference", action="store_true", help="units and plan come last")
    add_options(parser)
    a = parser.parse_args()
    if a.shared_broker and not os.environ.get("TIENDO_TEST_BROKERS"):
        say("left out: TIENDO_TEST_BROKERS is not set")
        return 77
    say("seed %d, %d events, %d partitions, %d kills" % (a.seed, a.events, a.partitions, a.kills))
    with work_folder(a, "kafka-oracle") as work:
        broker = None
        try:
            broker = Broker(work)
            run(a, work, broker)
        except Wrong as wrong:
            say("FAILED (seed %d): %s" % (a.seed, wrong))
            return 1
        finally:
            if broker:
                broker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
