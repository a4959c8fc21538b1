#!/usr/bin/env python3
"""The bad days of Kafka partitions, with the real program and a broker of one's own: stopped, paused,
topics deleted and made anew, retention that passes the reader, producers' times, another cluster at
the same address, a log that was cut or has rotted. Each ends in the state it should; a second topic beside it goes
on; nothing is lost or there twice; a person's decision brings the stream on without a restart and is
remembered by the next start.

    kafka_bad_days_test.py                    all, about a minute
    kafka_bad_days_test.py --only recreated   one of: stopped paused recreated fewer retention time cluster cut poison
                                              compacted
    kafka_bad_days_test.py --pause 60         seconds that the broker is paused for, and at least stopped for
"""
import argparse
import glob
import itertools
import json
import os
import sys
import time

import sample
from broker import Broker
from program import Program, Wrong, add_options, check, say, wait_until, work_folder

SOON = 40            # seconds; states come within a few
EVENT = ('{"specversion":"1.0","id":"%s","source":"urn:test","type":"vn.tiendo.statistic.declared.v1","data":'
         '{"statistic":"population","unit":"u1","as_at":"2024-01-01","value":%d}}')


class Day:
    """A broker, a topic that has a bad day, another one beside it, and the program that reads both."""

    def __init__(self, a, work, broker, name, **topic):
        self.broker, self.name = broker, name
        self.bad = broker.create("bad-" + name, 1, **topic)
        self.good = broker.create("good-" + name, 1)
        self.ids = itertools.count()
        self.program = Program(a.tiendo, os.path.join(work, "data-" + name), self.arguments())
        pipe = self.broker.pipe(self.good, 0)
        for line in sample.reference():
            pipe.write(b"tayninh", line)
        pipe.close()
        self.send_good()

    def arguments(self, *more):
        return ["--brokers", self.broker.address, "--topics", self.bad + "," + self.good,
                "--kafka-property", "reconnect.backoff.max.ms=500", *more]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.end()

    # ---- what is sent
    def send(self, count, topic=None):
        """The values, in the order of their offsets; one batch at the broker."""
        values = [EVENT % (n, n) for n in itertools.islice(self.ids, count)]
        pipe = self.broker.pipe(topic or self.bad, 0, linger_ms=200)
        for value in values:
            pipe.write(b"key", value.encode())
        pipe.close()
        return values

    def send_good(self, count=50):
        self.send(count, self.good)

    def make_anew(self, count):
        self.broker.delete(self.bad)
        self.bad = self.broker.create("bad-" + self.name, 1)
        return self.send(count)

    # ---- what became of it
    def stream(self, epoch=0):
        return "%s:0:%d" % (self.bad, epoch)

    def states(self):
        _, said = self.program.request("GET", "/readyz?verbose")
        return {s["stream"]: s for s in json.loads(said)["streams"]}

    def wait_state(self, state, epoch=0):
        def reached():
            return self.states().get(self.stream(epoch), {}).get("state") == state
        try:
            wait_until("", SOON, reached)
        except Wrong:
            raise Wrong("%s is not %s: %r" % (self.stream(epoch), state, self.states())) from None
        stopped = state not in ("running", "retry", "overlap", "probing")
        shown = {labels["state"]: value for labels, value in self.program.metrics()["tiendo_partition_state"]
                 if labels["topic"] == self.bad}
        check(shown[state] == 1 and sum(shown.values()) == 1 and len(shown) == 8, "metric: %r" % shown)
        if stopped:
            status, body = self.program.request("GET", "/readyz")
            check(status == 503 and self.stream(epoch) in body.decode(), "readyz: %d %r" % (status, body))
            wait_until("figures say that they are incomplete", SOON, self.figures_are_incomplete)
            listed = self.program.command("stream", "list").stdout
            check(any(self.stream(epoch) in line and state in line for line in listed.splitlines()), listed)

    def figures_are(self, state):
        status, said = self.program.ask("/v1/plans/%s/progress" % sample.PLAN)
        return status == 200 and said["state"] == state

    def figures_are_incomplete(self):
        return self.figures_are("incomplete")

    def wait_lag(self, lag):
        wait_until("the broker said its end", SOON, lambda: self.states()[self.stream()]["lag"] == lag)

    def wait_values(self, values, epoch=0):
        """The stream holds exactly these, in this order, at offsets that rise."""
        wait_until("%s has %d records: %r" % (self.stream(epoch), len(values), self.states()), SOON,
                   lambda: self.program.received().get(self.stream(epoch), 0) >= len(values))
        records = list(self.program.exported(self.stream(epoch)))
        check([r["value"] for r in records] == values,
              "%s holds %d records, not the %d expected" % (self.stream(epoch), len(records), len(values)))
        offsets = [r["offset"] for r in records]
        check(offsets == sorted(set(offsets)), "offsets: %r" % offsets)
        return offsets

    def check_good_goes_on(self):
        before = self.program.received().get("%s:0:0" % self.good, 0)
        self.send_good()
        wait_until("the other topic goes on", SOON,
                   lambda: self.program.received()["%s:0:0" % self.good] == before + 50)

    # ---- what a person does
    def act(self, command, *more, expect=0, epoch=0):
        done = self.program.command("stream", command, self.stream(epoch), "--author", "op",
                                    "--reason", "a bad day", *more)
        check(done.returncode == expect, "%s: exit %d: %s%s" % (command, done.returncode, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def new_epoch(self, values):
        before = self.program.received().get("control", 0)
        said = self.act("new-epoch", expect=1)
        check(self.stream(1) in said and "--yes" in said, said)
        check(self.program.received().get("control", 0) == before, "without --yes something was written")
        self.act("new-epoch", "--yes")
        self.wait_state("running", epoch=1)
        self.wait_values(values, epoch=1)
        self.restart()
        self.wait_state("running", epoch=1)
        check(self.states()[self.stream()]["state"] == "closed", repr(self.states()))
        self.wait_values(values, epoch=1)

    def restart(self, *more):
        self.program.terminate()
        self.program.verify()
        self.program.more = self.arguments(*more)
        self.program.start()


def bad_stopped(a, work, broker):
    with Day(a, work, broker, "stopped") as day:
        day.program.start()
        values = day.send(500)
        day.wait_values(values)
        stopped = time.monotonic()
        broker.stop()
        wait_until("the trouble is shown", SOON, lambda: day.program.request("GET", "/readyz")[0] == 503)
        wait_until("nobody knows how far the figures are behind", SOON, lambda: day.figures_are("behind"))
        time.sleep(max(0.0, stopped + a.pause - time.monotonic()))
        broker.start()
        values += day.send(500)
        day.wait_values(values)
        day.wait_state("running")
        day.check_good_goes_on()
        wait_until("ready again", SOON, lambda: day.program.request("GET", "/readyz")[0] == 200)


def bad_paused(a, work, broker):
    with Day(a, work, broker, "paused") as day:
        day.program.start()
        values = day.send(500)
        day.wait_values(values)
        broker.pause()
        try:
            time.sleep(a.pause)                        # what is tried is a pause of this length
            status, body = day.program.request("GET", "/readyz")
            check(status == 503 and b"do not answer" in body, "while paused: %d %r" % (status, body))
            code, seconds = day.program.terminate()
            check(code == 0 and seconds < 10, "SIGTERM while paused: %d after %.1f s" % (code, seconds))
            day.program.start()
        finally:
            broker.resume()
        values += day.send(500)
        day.wait_values(values)
        day.wait_state("running")
        day.check_good_goes_on()


def bad_recreated(a, work, broker):
    for count, what in ((20, "shorter"), (50, "as long"), (80, "longer")):
        for running in (True, False):
            name = "recreated-%d-%s" % (count, "on" if running else "off")
            with Day(a, work, broker, name) as day:
                day.program.start()
                old = day.send(20)
                day.wait_values(old)
                time.sleep(0.05)          # later, so that it bears a later time
                old += day.send(30)
                day.wait_values(old)
                if not running:
                    day.program.terminate()
                new = day.make_anew(count)
                if not running:
                    day.program.start()
                day.wait_state("diverged")
                day.check_good_goes_on()
                kept = [r["value"] for r in day.program.exported(day.stream())]
                check(kept[:50] == old, "what was read before is not as it was")
                late = kept[50:]
                check(not late or running, "%d records of the new topic (%s) were taken for the old one's" % (len(late), what))
                check(not late or "since the two were" in day.states()[day.stream()]["message"], "it is not told")
                check("diverged" not in day.act("accept-gap", expect=1).split("new-epoch")[1], "no next step")
                day.new_epoch(new)
                say("  %s, %s: diverged, %d records of the new topic in the old stream"
                    % (what, "while it was read" if running else "while nobody read", len(late)))


def bad_fewer(a, work, broker):
    """A topic made anew with fewer partitions: the one that is gone is not passed over."""
    for running in (True, False):
        with Day(a, work, broker, "fewer-%s" % ("on" if running else "off")) as day:
            broker.delete(day.bad)
            day.bad = broker.create("bad-" + day.name, 2)
            day.program.start()
            gone = day.bad + ":1:0"
            pipe = broker.pipe(day.bad, 1)
            pipe.write(b"key", (EVENT % ("in-1", 1)).encode())
            pipe.close()
            wait_until("partition 1 is read", SOON, lambda: day.program.received().get(gone) == 1)
            if not running:
                day.program.terminate()
            broker.delete(day.bad)
            day.bad = broker.create("bad-" + day.name, 1)
            if not running:
                day.program.start()
            wait_until("the partition that is gone has diverged", SOON,
                       lambda: day.states().get(gone, {}).get("state") == "diverged")
            wait_until("figures say that they are incomplete", SOON, day.figures_are_incomplete)
            done = day.program.command("stream", "new-epoch", gone, "--author", "op", "--reason", "x", "--yes")
            check(done.returncode == 0, done.stdout + done.stderr)
            wait_until("the new epoch waits for its partition", SOON,
                       lambda: day.states().get(day.bad + ":1:1", {}).get("state") == "probing")
            day.check_good_goes_on()
            day.restart()
            wait_until("so it does after a restart", SOON,
                       lambda: day.states().get(gone, {}).get("state") == "closed")


def bad_retention(a, work, broker):
    with Day(a, work, broker, "retention") as day:
        day.program.start()
        read = day.send(30)
        day.wait_values(read)
        check("goes on by itself" in day.act("accept-gap", "--yes", expect=1), "accepted without a gap")
        day.program.terminate()
        later = day.send(40)
        broker.delete_before(day.bad, 0, 55)
        day.program.start()
        day.wait_state("gap")
        day.check_good_goes_on()
        day.wait_values(read)
        said = day.act("accept-gap", expect=1)
        check("offsets 30 to 54 (25 of them)" in said and "offset" in said and "--yes" in said, said)
        day.wait_state("gap")
        day.restart()
        day.wait_state("gap")
        done = day.act("accept-gap", "--yes")
        check("control@0" in done, done)
        offsets = day.wait_values(read + later[25:])
        check(offsets[30] == 55, repr(offsets))
        day.wait_state("running")
        record = next(day.program.exported("control"))
        data = json.loads(record["value"])["data"]
        check((data["from"], data["to"]) == (30, 55), repr(data))
        day.restart()
        day.wait_state("running")
        day.wait_values(read + later[25:] + day.send(5))
        no_such = day.program.command("stream", "accept-gap", "nope:0:0", "--author", "op", "--reason", "x")
        check(no_such.returncode == 2 and day.stream() in no_such.stderr, no_such.stderr)
        nobody = day.program.command("stream", "accept-gap", day.stream(), "--reason", "x")
        check(nobody.returncode == 2 and "--author" in nobody.stderr, nobody.stderr)
        day.program.terminate()
        ended = day.program.command("stream", "accept-gap", day.stream(), "--author", "op", "--reason", "x")
        check(ended.returncode == 75 and "tiendo run" in ended.stderr, ended.stderr)


def bad_time(a, work, broker):
    with Day(a, work, broker, "time", time="CreateTime") as day:
        day.program.start()
        first = day.send(10)
        day.wait_state("untrusted_time")
        day.check_good_goes_on()
        check(day.stream() not in day.program.received(), "records with their producers' time were taken")
        day.wait_lag(10)
        said = day.act("accept-gap", expect=1)
        check("offsets 0 to 9" in said and "--create-time-topics" in said, said)
        day.restart("--create-time-topics", day.bad)
        day.wait_values(first)
        day.wait_state("running")
        day.restart()
        day.send(10)
        day.wait_state("untrusted_time")
        day.wait_lag(10)
        day.act("accept-gap", "--yes")
        day.wait_state("running")
        day.wait_values(first)
        day.send(1)
        day.wait_state("untrusted_time")


def bad_cluster(a, work, broker):
    other = os.path.join(work, "other-cluster")
    with Day(a, work, broker, "cluster") as day:
        day.program.start()
        values = day.send(30)
        day.wait_values(values)
        wait_until("the cluster is shown", SOON, lambda: day.states()[day.stream()].get("cluster"))
        broker.stop()
        broker.start(other)
        for topic in (day.bad, day.good):
            broker._run("topic", "create", "--data", other, topic + ":1")
        day.send(60)
        day.wait_state("diverged")
        check("cluster" in day.states()[day.stream()]["message"], repr(day.states()))
        day.wait_values(values)
        day.program.kill()
        day.program.start()
        day.wait_state("diverged")                     # also after a restart
        broker.stop(other)
        broker.start()
        day.restart()
        day.wait_state("running")
        day.wait_values(values + day.send(5))


def bad_cut(a, work, broker):
    """The broker comes back without its last records, as after a power loss, and takes others."""
    with Day(a, work, broker, "cut") as day:
        day.program.start()
        values = day.send(40)
        values += day.send(10)                         # a batch of its own
        day.wait_values(values)
        broker.stop()
        folder = os.path.join(broker.data, "log", day.bad + "-0")
        segment, = glob.glob(os.path.join(folder, "*.log"))
        os.truncate(segment, os.path.getsize(segment) - 100)
        for name in glob.glob(os.path.join(folder, "*index")) + [os.path.join(broker.data, "log", ".kafka_cleanshutdown")]:
            if os.path.exists(name):
                os.remove(name)
        broker.start()
        left = [m["payload"] for m in broker.dump(day.bad, 0)]
        check(left == values[:len(left)] and len(left) < 50, "the broker still has %d records" % len(left))
        other = day.send(25)
        day.wait_state("diverged")
        day.check_good_goes_on()
        day.wait_values(values)
        day.new_epoch(left + other)


def bad_poison(a, work, broker):
    """A batch that rotted on the broker's disk, between others."""
    with Day(a, work, broker, "poison") as day:
        before, rotten, after = day.send(10), day.send(10), day.send(10)
        broker.stop()
        segment, = glob.glob(os.path.join(broker.data, "log", day.bad + "-0", "*.log"))
        with open(segment, "r+b") as file:
            at = file.read().index(rotten[5].encode()) + len('{"specversion":"1.0","i')
            file.seek(at)
            file.write(b"D")
        broker.start()
        day.program.start()
        day.wait_state("poison")
        day.check_good_goes_on()
        first = len(list(day.program.exported(day.stream())))
        check(10 <= first <= 15, "it stopped at offset %d" % first)
        check("offsets %d to %d (1 of them)" % (first, first) in day.act("accept-gap", expect=1), "another plan")
        day.act("accept-gap", "--yes")                 # the record behind is of the same batch
        wait_until("it tries the next one", SOON, lambda: "offset %d " % (first + 1)
                   in day.states()[day.stream()]["message"])
        day.wait_state("poison")
        check("cannot be passed over" in day.act("accept-gap", "--to", "31", "--yes", expect=1), "beyond the end")
        day.act("accept-gap", "--to", "20", "--yes")
        day.wait_state("running")
        day.wait_values((before + rotten)[:first] + after)
        day.restart()
        day.wait_state("running")
        day.wait_values((before + rotten)[:first] + after + day.send(3))


def bad_compacted(a, work, broker):
    """Records that the log holds are gone at the broker, and that is as it should be."""
    settings = ("cleanup.policy=compact", "segment.ms=100", "min.cleanable.dirty.ratio=0.001",
                "max.compaction.lag.ms=100")
    with Day(a, work, broker, "compacted", settings=settings) as day:
        day.program.start()
        values = day.send(30)
        day.wait_values(values)
        day.program.terminate()
        def compacted():
            values.extend(day.send(1))                 # of the same key; begins a segment
            return len(list(broker.dump(day.bad, 0))) < 10
        wait_until("the broker has compacted", SOON, compacted)
        left = [m["payload"] for m in broker.dump(day.bad, 0)]
        day.program.start()
        day.wait_values(values[:30] + [v for v in left if v not in values[:30]])
        day.wait_state("running")
        day.restart()
        day.wait_state("running")


PARTS = {"stopped": bad_stopped, "paused": bad_paused, "recreated": bad_recreated, "fewer": bad_fewer,
         "retention": bad_retention, "time": bad_time, "cluster": bad_cluster, "cut": bad_cut, "poison": bad_poison,
         "compacted": bad_compacted}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=sorted(PARTS))
    parser.add_argument("--pause", type=float, default=10)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "bad-days") as work:
        failed = False
        broker = Broker(work, own=True, settings=("log.cleaner.backoff.ms=200",))
        try:
            for name, part in PARTS.items():
                if a.only and name not in a.only:
                    continue
                began = time.monotonic()
                try:
                    part(a, work, broker)
                    said = "ok"
                except Wrong as wrong:
                    said, failed = "FAILED: %s" % wrong, True
                say("%-10s %5.1f s  %s" % (name, time.monotonic() - began, said))
        finally:
            broker.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
