#!/usr/bin/env python3
"""How fast tiendo catches up with a Kafka topic that is full before it starts, from its start until
every message is in the log and in the figures. The figures are for reading; only that all is read
and projected is checked.

    behind_bench.py                            20,000 events
    behind_bench.py --events 1000000 --rounds 3
"""
import argparse
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "process"))

from broker import Broker  # noqa: E402
from kafka_oracle import Feeding  # noqa: E402
from program import Program, Wrong, add_options, say, work_folder  # noqa: E402

LOOK_SECONDS = 0.05      # between two looks: each costs the program a page of metrics


def processor_seconds(pid):
    with open("/proc/%d/stat" % pid) as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def held(program):
    """(messages in the log, of these not in the views)"""
    page = program.metrics()
    received = sum(value for _, value in page.get("tiendo_events_received_total", ()))
    return received, sum(value for _, value in page.get("tiendo_projector_lag_events", ()))


def measure(program, sent, seconds):
    began = time.monotonic()
    program.start()
    logged = None
    while True:
        received, behind = held(program)
        now = time.monotonic()
        if logged is None and received == sent:
            logged = now
        if received == sent and behind == 0:
            break
        if now - began > seconds:
            raise Wrong("%d of %d messages are in the log, %d not in the views" % (received, sent, behind))
        time.sleep(LOOK_SECONDS)
    program.wait_current(seconds, sent)
    return logged - began, now - began, processor_seconds(program.process.pid)


def run(a, work, broker):
    topics = {"events": broker.create("tiendo.events", a.partitions),
              "reference": broker.create("tiendo.reference", 1)}
    feeding = Feeding(broker, a, topics)
    feeding.start()
    feeding.join()
    if feeding.error:
        raise feeding.error
    say("%d messages are in the topic" % feeding.sent)
    more = ["--brokers", broker.address, "--topics", ",".join(topics.values())]
    for n in range(a.rounds):
        with Program(a.tiendo, os.path.join(work, "data%d" % n), more) as program:
            logged, current, processor = measure(program, feeding.sent, 600)
            say("in the log after %.2f s (%.0f events/s), in the figures after %.2f s (%.0f events/s), "
                "%.2f µs of processor time an event"
                % (logged, feeding.sent / logged, current, feeding.sent / current, processor * 1e6 / feeding.sent))
            program.verify()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20000)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared-broker", action="store_true",
                        help="only with the broker of TIENDO_TEST_BROKERS; without it, exit 77 (left out)")
    add_options(parser)
    a = parser.parse_args()
    a.ahead, a.late_reference, a.pace = True, False, 0      # of Feeding
    if a.shared_broker and not os.environ.get("TIENDO_TEST_BROKERS"):
        say("left out: TIENDO_TEST_BROKERS is not set")
        return 77
    with work_folder(a, "behind-bench") as work:
        broker = None
        try:
            broker = Broker(work)
            run(a, work, broker)
        except Wrong as wrong:
            say("FAILED: %s" % wrong)
            return 1
        finally:
            if broker:
                broker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
