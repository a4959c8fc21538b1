#!/usr/bin/env python3
"""What was known when: random histories in several streams, and random questions as of random
moments, in random trees, about the shipped plan and a made-up one; tiendo must say what the oracle
replays from nothing.

    as_of_oracle.py                                       5 histories, 20 moments
    as_of_oracle.py --histories 10 --moments 100          the large form
"""
import argparse
import json
import os
import random
import sys
import time

import agreement
import sample
from plan_reforms import reforms_of_sample
from program import Program, Wrong, add_options, say, work_folder
from random_plan import INDICATORS, KINDS_OF_FORMULA, RandomPlan
from sample import PLAN

MADE_UP = "made-up"

PERIODS = (None, "2024", "2024", "2024-H1", "2024-H2", "2024-Q1", "2024-Q3", "2024-9M", "2024-02", "2024-11",
           "2024s", "2024s-Q2", "plan", "2024-06-15", "2024-03-03..2024-10-20", "..2024-08-31", "2023", "2025")
MADE_UP_PERIODS = PERIODS + ("he",)
BATCH = 200          # events of one request


class History:
    """One seed: its lines and the streams they go to."""

    def __init__(self, seed, chance):
        self.seed, self.chance = seed, chance
        self.events = chance.randrange(1500, 2501)
        self.streams = {}                        # "import:NAME" or "intake" -> [line]
        names = ["import:%s" % name for name in ("mot", "hai", "ba")[:chance.randrange(1, 4)]] + ["intake"]
        odds = [1.0] * (len(names) - 1) + [chance.choice((0.0, 0.2, 1.0))]
        for line in sample.year(seed, self.events, "--wrong", "0.03"):
            self.streams.setdefault(chance.choices(names, odds)[0], []).append(line)
        reference = sample.reference()
        self.streams["import:units"] = reference
        if chance.random() < 0.7:
            self.streams["import:reform"] = reforms_of_sample(chance, reference)
        if chance.random() < 0.6:
            self.streams["import:plan"] = [self.amended(reference)]
        self.streams["import:made-up"] = [self.made_up(version) for version in range(1, chance.randrange(2, 4))]

    def amended(self, reference):
        """A second version of the plan that asks for more, or for less."""
        event = next(e for e in map(json.loads, reference) if e["type"].startswith("vn.tiendo.plan."))
        document = event["data"]
        document.update(version=2, valid_from=self.chance.choice(("2024-03-01", "2024-07-01", "2024-11-15")))
        done = {i["id"] for i in document["indicators"] if i["formula"]["kind"] == "milestone"}     # its value is 1
        for target in document["targets"]:
            if target.get("value") is not None and target["indicator"] not in done and self.chance.random() < 0.5:
                target["value"] = self.chance.choice((1, 3, 40, 100, 500))
        event.update(id="plan-2", type="vn.tiendo.plan.amended.v1",
                     time="2024-%02d-09T10:11:12+07:00" % self.chance.randrange(1, 13))
        return json.dumps(event, ensure_ascii=False).encode()

    def made_up(self, version):
        event = {"specversion": "1.0", "id": "made-up-%d" % version, "source": "urn:test", "time": "2024-0%d-05T00:00:00Z"
                 % self.chance.randrange(1, 9), "type": "vn.tiendo.plan.published.v1",
                 "data": RandomPlan(self.chance, MADE_UP, version, KINDS_OF_FORMULA).document}
        return json.dumps(event, ensure_ascii=False).encode()

    def load(self, program, work):
        """Imports while the program runs, in random order; the rest through POST /v1/events."""
        for stream, lines in self.chance.sample(sorted(self.streams.items()), len(self.streams)):
            if stream == "intake":
                self.post(program, lines)
                continue
            name = os.path.join(work, "lines.ndjson")
            with open(name, "wb") as file:
                file.write(b"\n".join(lines) + b"\n")
            done = program.command("import", name, "--as", stream.partition(":")[2])
            if done.returncode not in (0, 1):    # 1: some were refused, as they should be
                raise Wrong("import ended with %d: %s" % (done.returncode, done.stderr))

    @staticmethod
    def post(program, lines):
        """Batches where the bytes are JSON, one by one where not: those would break the array."""
        batch = []

        def send(media, body, expected):
            status, answer = program.request("POST", "/v1/events", body,
                                             {"Content-Type": "application/cloudevents%s+json" % media})
            if status != 202 or len(json.loads(answer)["events"]) != expected:
                raise Wrong("POST /v1/events answered %d: %s" % (status, answer[:300]))

        def flush():
            if batch:
                send("-batch", b"[" + b",".join(batch) + b"]", len(batch))
            batch.clear()

        for line in lines:
            try:
                json.loads(line)
                batch.append(line)
            except ValueError:
                flush()
                send("", line, 1)
            if len(batch) == BATCH:
                flush()
        flush()

    def records(self, program, told):
        """For the oracle: the lines as they were sent.  The export tells only what the node alone
        can know, the moment of admission; that it holds these lines is checked."""
        for stream, lines in sorted(self.streams.items()):
            told[stream] = []
            kept = list(program.exported(stream))
            if len(kept) != len(lines):
                raise Wrong("%s: %d lines were sent and %d are kept" % (stream, len(lines), len(kept)))
            for position, (line, record) in enumerate(zip(lines, kept)):
                said = agreement.bytes_of(record, "value")
                if said != line or record["position"] != position:
                    raise Wrong("%s@%d holds %r, sent was %r" % (stream, position, said, line))
                told[stream].append(agreement.verdict_of(record))
                stamp = record["stamp_ms"] if stream == "intake" else int(time.time() * 1000)
                yield agreement.oracle_record(stream, position, stamp, line)


def random_moment(chance, log):
    """An instant, a date or a record."""
    record = chance.choice(log.ordered)
    kind = chance.randrange(4)
    if kind == 0:
        return "%s@%d" % (record.stream, record.position)
    if kind == 1:
        return agreement.periods.instant_text(record.K[0] + chance.choice((-1, 0, 1)))
    if kind == 2:
        return agreement.periods.date_text(agreement.periods.local_day(record.K[0]))
    day = agreement.periods.day_of("2023-12-20") + chance.randrange(420)
    return agreement.periods.instant_text(agreement.periods.midnight_ms(day) + chance.randrange(86400000))


def random_tree(chance):
    kind = chance.randrange(5)
    if kind < 2:
        return "as_reported"
    if kind < 4:
        return "current"
    return agreement.periods.date_text(agreement.periods.day_of("2023-11-01") + chance.randrange(500))


def ask(differences, program, oracle, chance, moments, questions):
    units = oracle.view().units()
    tops = [u for u in units if u.count(".") <= 1]
    for _ in range(moments):
        as_of = random_moment(chance, oracle.log)
        view = oracle.view(as_of)
        for _ in range(questions):
            unit = chance.choice(tops if chance.random() < 0.4 else units)
            agreement.compare_progress(differences, program, view, PLAN, unit, chance.choice(PERIODS),
                                       random_tree(chance), as_of)
            agreement.compare_progress(differences, program, view, MADE_UP, unit, chance.choice(MADE_UP_PERIODS),
                                       random_tree(chance), as_of)
            agreement.compare_rollup(differences, program, view, MADE_UP, "i%d" % chance.randrange(INDICATORS), unit,
                                     chance.choice(MADE_UP_PERIODS), chance.choice(("own", "subtree")),
                                     random_tree(chance), as_of)
        if tops[0] in view.knowledge.units.units:
            ask_reports(differences, program, view, tops[0], as_of)


def ask_reports(differences, program, view, unit, as_of):
    """The text does not say which `last_at` is where moments of receipt judge: not compared."""
    for plan in (PLAN, MADE_UP):
        if plan in view.knowledge.plans:
            for o in view.knowledge.version(plan, None)[0].obligations:
                agreement.compare_reports(differences, program, view, plan, unit, o["id"], as_of,
                                          o.get("judged_by") != "received")


def run(a, seed, moments, work):
    chance = random.Random(seed)
    history = History(seed, chance)
    began = time.monotonic()
    with Program(a.tiendo, os.path.join(work, "data-%d" % seed)) as program:
        program.start()
        history.load(program, work)
        program.wait_current(60, sum(map(len, history.streams.values())))
        program.wait_current(60, plan=MADE_UP)
        if chance.random() < 0.5:                # the answers of a view that was filled in one go
            rebuilt = program.command("rebuild")
            if rebuilt.returncode != 0:
                raise Wrong("rebuild ended with %d: %s%s" % (rebuilt.returncode, rebuilt.stdout, rebuilt.stderr))
        told = {}
        oracle = agreement.Oracle(list(history.records(program, told)))
        loaded = time.monotonic() - began
        differences = agreement.Differences()
        agreement.compare_verdicts(differences, oracle.log, told)
        differences.raise_any()
        ask(differences, program, oracle, chance, moments, a.questions)
        differences.raise_any()
        program.terminate()
    say("seed %d: %s; loaded in %.1f s, %d moments with %d values compared in %.1f s" % (
        seed, ", ".join("%s %d" % (s, len(lines)) for s, lines in sorted(history.streams.items())), loaded,
        moments, differences.compared, time.monotonic() - began - loaded))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=5)
    parser.add_argument("--moments", type=int, default=20, help="in all (default 20)")
    parser.add_argument("--questions", type=int, default=4, help="of each moment, each of other unit, period, tree")
    parser.add_argument("--seed", type=int, default=1, help="of the first history (default 1)")
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "as-of") as work:
        seed = a.seed
        try:
            for n in range(a.histories):
                seed = a.seed + n
                run(a, seed, a.moments * (n + 1) // a.histories - a.moments * n // a.histories, work)
        except Wrong as wrong:
            say("FAILED (seed %d; again with --histories 1 --seed %d): %s" % (seed, seed, wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
