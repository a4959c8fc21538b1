#!/usr/bin/env python3
"""Why figures changed: random histories of the shipped plans and of made-up ones, with units that merge
and split, grants and amended plans; GET /v1/changes between random moments, part by part against the
oracle, which replays record by record.  Of each answer: its parts add up, and their records exist.

    changes_oracle.py                          5 histories
    changes_oracle.py --histories 200          the large form
    changes_oracle.py --seed 17 --histories 1  one again
"""
import argparse
import collections
import glob
import json
import os
import random
import sys
import time
from decimal import Decimal

import agreement
from changes import MomentsReversed
from plans_oracle import APART, MADE_UP, History, load, made_up
from program import ROOT, Program, add_options, check, say, work_folder

PERIODS = ("plan", "%d", "%d", "%d", "%d-H1", "%d-Q3", "%d-06", "%ds")


def documents():
    answer = {}
    for name in sorted(glob.glob(os.path.join(ROOT, "deploy", "plans", "*.json"))):
        with open(name, encoding="utf-8") as file:
            document = json.load(file)
        answer[document["plan"]] = document
    return answer


def records_between(chance, ordered, most):
    """(from, to), as questions name them, with some of the records between them."""
    rare = {}
    for n, r in enumerate(ordered):
        if n and r.event.kind.startswith(("source.", "plan.", "unit.")):
            rare.setdefault(r.event.kind.partition(".")[0], []).append(n)
    n = chance.randrange(len(ordered))
    end = min(n + chance.randrange(1, most + 1), len(ordered) - 1)
    if rare and chance.random() < 0.6:              # around something that is rare
        middle = chance.choice(rare[chance.choice(sorted(rare))])
        n, end = max(middle - chance.randrange(1, 4), 0), min(middle + chance.randrange(4), len(ordered) - 1)
    if chance.random() < 0.15:
        n, end = max(len(ordered) - chance.randrange(1, most), 0), None
    first, last = ordered[n], None if end is None else ordered[end]
    if chance.random() < 0.3:                       # moments: the clock moves too
        name = lambda r: r and agreement.periods.instant_text(r.K[0] + chance.choice((0, 0, -1, 1)))
        if last is None or last.K[0] > first.K[0] + 2:
            return name(first), name(last)
    name = lambda r: r and "%s@%d" % (r.stream, r.position)
    return name(first), name(last)


class Asking:
    """The questions about one history."""

    def __init__(self, a, program, history, differences, tally):
        self.a, self.program, self.history, self.differences, self.tally = a, program, history, differences, tally
        self.chance = random.Random("changes %s %d" % (history.plan, history.seed))
        self.oracle = history.oracle()
        self.known = {}                             # (stream, position) -> what GET /v1/events says

    def run(self):
        ordered = [r for r in self.oracle.log.ordered if r.event]
        for _ in range(self.a.intervals):
            most = min(self.a.records, max(5, 30000 // len(ordered)))       # a replay of many is long
            first, last = records_between(self.chance, ordered, most)
            try:
                replay = self.oracle.replay(first, last, self.history.now_ms)
            except MomentsReversed:
                continue
            asked = 0
            for question in self.questions(replay):
                asked += self.ask(replay, first, last, *question)
                if asked >= self.a.questions:
                    break

    def questions(self, replay):
        """Many, mostly about the units and years that the records between the moments speak of."""
        chance, aims = self.chance, self.history.aims
        last = max(min(aims.today, aims.last), aims.first)
        years = list(range(int(agreement.periods.date_text(aims.first)[:4]), int(agreement.periods.date_text(last)[:4]) + 1))
        indicators = [i["id"] for i in self.history.document["indicators"]]
        units = [u.name for u in aims.units]
        bodies = [r.event.body for r in replay.records if r.event]
        spoken = [getattr(b, "unit", None) if type(b) is not dict else b.get("unit") for b in bodies]
        units += [u for u in spoken if u in units] * 3
        days = [agreement.periods.date_text(b.day) for b in bodies if getattr(b, "day", None)] + [
            str(b[f]) for b in bodies if type(b) is dict for f in ("effective", "as_at", "period", "year") if type(b.get(f)) is str]
        years += [int(d[:4]) for d in days if d[:4].isdigit() and int(d[:4]) in years] * 3
        for _ in range(12 * self.a.questions):
            period = chance.choice(PERIODS)
            yield (chance.choice(indicators), chance.choice([self.history.root] * 2 + units),
                   period % chance.choice(years) if "%" in period else period, chance.choice(("subtree", "subtree", "own")),
                   chance.choice(("as_reported", "as_reported", "current", agreement.periods.date_text(aims.some_day()))))

    def ask(self, replay, first, last, indicator, unit, period, of, tree):
        """1 if the question was asked: where nothing moved, mostly it is not."""
        try:
            expected = replay.changes(self.history.plan, indicator, unit, period, of, tree)
        except (agreement.NotFound, NotImplementedError):
            return 0
        if replay.refused(True, self.history.plan, indicator, unit, period, of, tree):
            return 0
        if replay.refused(False, self.history.plan, indicator, unit, period, of, tree):
            expected["targets"] = None              # of a figure that was none; the text does not say
        if not expected["parts"] and self.chance.random() < 0.95:
            return 0
        where = "seed %d, from=%s to=%s %s %s %s %s of=%s tree=%s:" % (
            self.history.seed, first, last, self.history.plan, indicator, unit, period, of, tree)
        status, said = self.program.ask("/v1/changes", **{"plan": self.history.plan, "indicator": indicator, "unit": unit, "period": period,
                                                          "of": of, "tree": tree, "from": first, "to": last})
        self.differences.compare(where, "status", (status, said.get("code") if status != 200 else None), (200, None))
        if status == 200:
            self.compare(where, said, expected)
            self.adds_up(where, said)
            self.records_exist(where, said, replay)
            for part in expected["parts"]:
                self.tally[part["cause"]] += 1
        return 1

    def compare(self, where, said, expected):
        for field in ("before", "after") + agreement.COUNTS:
            self.differences.compare(where, field, agreement.count(field, said), agreement.count(field, expected))
        agreement.compare_parts(self.differences, where, said["parts"], expected["parts"])
        rows = lambda answer: [(t["target_id"],) + tuple(agreement.count(name, t) for name in ("before", "after", "difference"))
                               for t in answer["targets"]]
        if expected["targets"] is not None:
            self.differences.compare(where, "targets", sorted(rows(said)), sorted(rows(expected)))

    def adds_up(self, where, said):
        """Nothing is left over, whatever the oracle says."""
        for field in agreement.COUNTS:
            if said.get(field) is not None:
                total = sum((Decimal(p[field]) for p in said["parts"]), Decimal(0))
                self.differences.compare(where, "sum of " + field, total, Decimal(said[field]))

    def records_exist(self, where, said, replay):
        between = {(r.stream, r.position) for r in replay.records}
        for part in said["parts"]:
            named = [(r["stream"], r["position"]) for r in part["records"]]
            self.differences.compare(where, part["cause"] + " has records", bool(named), part["cause"] != "time_passed")
            for place in named:
                if place not in self.known:
                    self.known[place] = self.program.ask("/v1/events/%s/%d" % place)
                status, event = self.known[place]
                self.differences.compare(where, "%s@%d" % place, (status, event.get("verdict"), place in between), (200, "accepted", True))


def run_node(a, histories, work, differences, tally):
    with Program(a.tiendo, os.path.join(work, "data-%d-%s" % (histories[0].seed, histories[0].plan))) as program:
        load(program, histories, work)
        for history in histories:
            Asking(a, program, history, differences, tally).run()
        program.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=5, help="in all (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the first history (default 1)")
    parser.add_argument("--intervals", type=int, default=3, help="pairs of moments of each history (default 3)")
    parser.add_argument("--records", type=int, default=40, help="at most between two moments (default 40)")
    parser.add_argument("--questions", type=int, default=8, help="of each pair of moments (default 8)")
    add_options(parser)
    a = parser.parse_args()
    shipped, now_ms = documents(), int(time.time() * 1000) // 1000 * 1000
    names = sorted(shipped) + [MADE_UP]
    tally, began = collections.Counter(), time.monotonic()

    def name_of(seed):
        return names[seed % len(names)]

    with work_folder(a, "changes") as work:
        def one(seed, differences):
            name = name_of(seed)
            document = made_up(seed) if name == MADE_UP else shipped[name]
            run_node(a, [History(document, seed, seed % APART in (3, APART - 1), now_ms)], work, differences, tally)
        compared, wrong = agreement.over_seeds(range(a.seed, a.seed + a.histories), name_of, one)
    say("%d values in %.0f s; parts: %s" % (compared, time.monotonic() - began,
                                            ", ".join("%s %d" % one for one in sorted(tally.items()))))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
