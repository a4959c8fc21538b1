#!/usr/bin/env python3
"""Producers that are not ours: the CloudEvents SDK for JavaScript over HTTP (structured, binary,
batched) and through kafkajs (structured, binary), and kcat (structured, binary). Every event is
sent in every way; the first one counts, and the others are duplicates without a conflict.

    foreign_test.py

It needs node and npm, and fetches the two packages of foreign/package-lock.json once. Without npm,
or where the packages cannot be fetched, it says so and exits 77.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys

from broker import Broker
from program import ROOT, Program, Wrong, add_options, check, say, wait_until, work_folder

SOURCE = os.path.join(ROOT, "tests", "process", "foreign")
SDK_WAYS = ("http-structured", "http-binary", "http-batch", "kafka-structured", "kafka-binary")
WAYS = (*SDK_WAYS, "kcat-structured", "kcat-binary")
SKIPPED = 77
PARTITIONS, OF_EACH = 3, 4
ACTIVITY = "vn.tiendo.activity.recorded.v1"


class Skipped(Exception):
    pass


def packages(build):
    """The folder with send.js and the packages of the lock file, fetched unless they are there."""
    if not shutil.which("npm") or not shutil.which("node"):
        raise Skipped("node or npm is not installed")
    with open(os.path.join(SOURCE, "package-lock.json"), "rb") as lock:
        folder = os.path.join(build, "foreign-" + hashlib.sha256(lock.read()).hexdigest()[:12])
    done = os.path.join(folder, "fetched")
    if not os.path.exists(done):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SOURCE, folder)
        fetched = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder,
                                 text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240)
        if fetched.returncode != 0:
            raise Skipped("npm ci failed: " + fetched.stdout[-600:])
        open(done, "w").close()
    shutil.copy(os.path.join(SOURCE, "send.js"), folder)
    return folder


def event(name, n):
    """One that lands in the partition of its district, whoever sends it."""
    unit = "tayninh.d%d.xa" % (n % 5)
    return {"specversion": "1.0", "id": name, "source": "urn:foreign:" + name, "type": ACTIVITY,
            "time": "2024-05-01T01:02:03.004Z", "subject": unit, "actor": "chi lan", "partitionkey": "tayninh.d%d" % (n % 5),
            "data": {"activity": name, "unit": unit, "type": "training_class", "form": "online",
                     "starts": "2024-04-30", "ends": "2024-04-30", "evidence": "Lớp học tiếng Việt – ‘đủ dấu’ %d" % n,
                     "participants": {"members": 10 + n, "youth": 5}}}


class Senders:
    def __init__(self, folder, program, broker, topic):
        self.folder, self.program, self.broker, self.topic = folder, program, broker, topic

    def send(self, way, events):
        if way.startswith("kcat"):
            for one in events:
                self.kcat(way, one)
            return
        url = "http://127.0.0.1:%d" % self.program.port
        done = subprocess.run(["node", "send.js", way, url, self.broker.address, self.topic], cwd=self.folder,
                              input="\n".join(map(json.dumps, events)), text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(done.returncode == 0, "send.js %s: %s%s" % (way, done.stdout, done.stderr))
        said = [json.loads(line) for line in done.stdout.splitlines()]
        if way.startswith("http"):
            check(len(said) == len(events), "%s answered %r" % (way, said))
            for one in said:
                check(one["verdict"] in ("accepted", "duplicate") and not one["conflict"], "%s: %r" % (way, one))

    def kcat(self, way, event):
        """kcat hashes keys in another way than Kafka's own clients unless it is told to do as they."""
        words = ["-P", "-t", self.topic, "-k", event["partitionkey"], "-X", "partitioner=murmur2_random"]
        headers, value = [("content-type", "application/cloudevents+json; charset=UTF-8")], event
        if way == "kcat-binary":
            attributes = {**event}
            value = attributes.pop("data")
            headers = [("content-type", "application/json")] + [("ce_" + k, v) for k, v in attributes.items()]
        for name, text in headers:
            words += ["-H", "%s=%s" % (name, text)]
        kcat = self.broker.kcat(*words, stdin=subprocess.PIPE)
        kcat.communicate(json.dumps(value, ensure_ascii=False).encode(), timeout=60)
        check(kcat.returncode == 0, "kcat ended with %d" % kcat.returncode)


def identity(record):
    headers = record.get("headers", {})
    return headers["ce_id"] if "ce_id" in headers else json.loads(record["value"])["id"]


def check_copies(program, topic, events):
    """Each once in every way, in one stream: the first accepted, all others duplicates."""
    copies = {}
    for partition in range(PARTITIONS):
        for record in program.exported("%s:%d:0" % (topic, partition)):
            check(not record.get("conflict"), "taken for a conflict: %r" % record)
            copies.setdefault(identity(record), []).append((record["stream"], record["verdict"], record.get("code")))
    check(set(copies) == {one["id"] for one in events}, "other events are in the log: %r" % list(copies))
    for name, found in copies.items():
        check(len(found) == len(WAYS), "%s is there %d times: %r" % (name, len(found), found))
        check(len({stream for stream, _, _ in found}) == 1, "%s is in several partitions: %r" % (name, found))
        verdicts = [verdict for _, verdict, _ in found]
        check(verdicts == ["accepted"] + ["duplicate"] * (len(WAYS) - 1), "%s: %r" % (name, found))
    used = {found[0][0] for found in copies.values()}
    check(len(used) > 1, "all events are in one partition: the key had no say")
    return sum(map(len, copies.values()))


def run(a, folder, work):
    broker = Broker(work)
    try:
        topic, reference = broker.create("foreign.events", PARTITIONS), broker.create("foreign.reference", 1)
        more = ["--brokers", broker.address, "--topics", topic + "," + reference,
                "--events-topic", topic, "--reference-topic", reference]
        with Program(a.tiendo, os.path.join(work, "data"), more) as program:
            program.start()
            senders = Senders(folder, program, broker, topic)
            # Each way is the first for some of the events.
            events = [event("f-%s-%d" % (way, n), n) for way in WAYS for n in range(OF_EACH)]
            for turn in range(len(WAYS)):
                for n, way in enumerate(WAYS):
                    first = (n + turn) % len(WAYS)
                    senders.send(way, events[first * OF_EACH:(first + 1) * OF_EACH])
            unit = {"specversion": "1.0", "id": "u", "source": "urn:foreign", "type": "vn.tiendo.unit.registered.v1",
                    "data": {"unit": "tayninh", "kind": "tinh_doan", "level": "province", "parent": None,
                             "name": {"vi": "Tây Ninh"}, "effective": "2020-01-01"}}
            senders.send("http-structured", [unit])
            all_sent = len(events) * len(WAYS) + 1
            wait_until("all is read", 60, lambda: sum(program.received().values()) == all_sent)
            copies = check_copies(program, topic, events)
            verdicts = [r["verdict"] for r in program.exported(reference + ":0:0")]
            check(verdicts == ["accepted"], "the unit is in the reference topic as %r" % verdicts)
            program.verify()
            say("%d events in %d ways: %d copies, %d accepted, the others duplicates without a conflict"
                % (len(events), len(WAYS), copies, len(events)))
    finally:
        broker.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="where the packages go (default build/)")
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "foreign") as work:
        try:
            run(a, packages(os.path.abspath(a.build)), work)
        except Skipped as why:
            say("LEFT OUT: %s" % why)
            return SKIPPED
        except Wrong as wrong:
            say("FAILED: %s" % wrong)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
