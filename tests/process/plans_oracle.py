#!/usr/bin/env python3
"""Every target of every shipped plan, and of made-up ones: random histories made for the plan, imported into the real
program, and all targets at its units, in several periods, trees and moments, field by field against
the oracle.  At the end: how often each target was met, not met and without data.

    plans_oracle.py                                        3 histories of each plan
    plans_oracle.py --histories 100                        the large form: exit 1 where a target was never met,
                                                           never failed or never without data though its kind can
    plans_oracle.py --plan bacgiang-2022-2025 --seed 17 --histories 1
"""
import argparse
import glob
import json
import os
import random
import sys
import time

import agreement
from plan_aims import Aims
from plan_history import as_list, day
from program import ROOT, Program, Wrong, add_options, say, work_folder
from random_plan import KINDS_OF_FORMULA, RandomPlan

periods = agreement.periods
MADE_UP = "made-up"         # plans of their own for each seed, with every kind of formula
APART = 8                   # of so many histories one has a node for itself: grants and a second version


class History:
    """One seed of one plan: its streams, and what the oracle says of them."""

    def __init__(self, document, seed, apart, now_ms):
        self.seed, self.document, self.apart = seed, document, apart
        self.plan = document["plan"]
        self.chance = random.Random("%s %d" % (document["plan"], seed))
        self.prefix = "h%d" % seed
        self.aims = Aims(self.chance, document, self.prefix, now_ms)
        self.root = self.aims.root.name
        if apart:
            self.grants()
        self.streams = {"import:%s-%s" % (self.prefix, name): lines for name, lines in self.aims.out.streams().items()}
        self.streams["import:" + self.plan] = [said_plan(document)] + ([self.amended()] if apart else [])
        self.now_ms = now_ms

    def kind_in(self, said):
        """What a difference is about: "kept coverage, rollup, by"."""
        name = said.partition(": engine")[0].split()[-2]
        target = next((t for t in self.document["targets"] if t["id"] == name), None)
        if target is None:
            return "all"
        f, words = next(i["formula"] for i in self.document["indicators"] if i["id"] == target["indicator"]), []
        while isinstance(f, dict) and "kind" in f:
            words, f = words + [f["kind"]], f.get("of")
        return ", ".join([" ".join(words + ([f] if isinstance(f, str) else [])), target["for"]["scope"],
                          target["when"]["kind"] + (" then hold" if target.get("then") else "")])

    def grants(self):
        """From some day on one source may speak for a part only, another is revoked for a while."""
        out, chance, aims = self.aims.out, self.chance, self.aims
        moment = lambda: out.moment(aims.some_day(), 0)

        def tell(kind, source, ms, **more):
            out.put("source." + kind, {"source": source, **more}, ms, "units", "urn:grants")
        first = moment()
        tell("granted", "urn:%s:units" % self.prefix, first, units=["*"])
        tell("granted", "urn:plan", first, units=["*"])
        for stream in "abc":
            source = "urn:%s:%s" % (self.prefix, stream)
            for _ in range(chance.choice((1, 1, 2))):
                under = chance.choice([self.root, self.root] + [u.name for u in aims.units])
                types = {} if chance.random() < 0.6 else {"types": chance.sample(
                    ["activity.recorded", "activity.corrected", "report.submitted", "vn.tiendo.entity.registered.v1",
                     "statistic.declared", "money.allocated"], 4)}
                tell("granted", source, moment(), units=[under], **types)
            if chance.random() < 0.4:
                part = {} if chance.random() < 0.4 else {"units": [chance.choice(aims.units).name]}
                tell("revoked", source, moment(), **part)

    def amended(self):
        """A second version that asks for other numbers from some day on, and counts some things without
        the filter they had."""
        document = json.loads(json.dumps(self.document))
        document.update(version=int(document["version"]) + 1, valid_from=periods.date_text(self.aims.some_day()))
        done = {i["id"] for i in document["indicators"] if i["formula"]["kind"] == "milestone"}
        for target in document["targets"]:
            if target.get("value") is not None and target["indicator"] not in done and self.chance.random() < 0.3:
                target["value"] = self.chance.choice((1, 2, 50, 75, 100))
        for indicator in document["indicators"]:
            if indicator["formula"]["kind"] in ("count", "sum", "distinct") and self.chance.random() < 0.25:
                indicator["formula"].pop("where", None)
        return said_plan(document, "plan-2", self.aims.out.moment(self.aims.some_day(), 0))

    def oracle(self):
        return agreement.Oracle([agreement.oracle_record(stream, position, self.now_ms, line)
                                 for stream, lines in self.streams.items() for position, line in enumerate(lines)])

    def questions(self, many):
        """[(as_of, unit, period, tree)]: every year at the top and at most units; then anything."""
        chance, units = self.chance, [u.name for u in self.aims.units]
        last = max(min(self.aims.today, self.aims.last), self.aims.first)
        years = range(int(periods.date_text(self.aims.first)[:4]), int(periods.date_text(last)[:4]) + 1)
        own = [p["id"] for p in self.document.get("periods") or []] + ["plan"]
        answer = []
        for period in [str(y) for y in years] + ["plan"]:
            for unit in units:
                if unit == self.root or chance.random() < 0.5:
                    answer.append((None, unit, period, "as_reported"))
        moments = [None] + [periods.instant_text(self.aims.out.moment(self.aims.some_day())) for _ in range(2)] \
            + [periods.date_text(self.aims.some_day())]
        for _ in range(many):
            year = chance.choice(list(years))
            period = chance.choice(own + [None, "%d-H1" % year, "%d-Q%d" % (year, chance.randrange(1, 5)), "%d-%02d" % (year, chance.randrange(1, 13)),
                                          "%ds" % year, str(year + 1), periods.date_text(self.aims.some_day())])
            tree = chance.choice(("as_reported", "current", periods.date_text(self.aims.some_day())))
            answer.append((chance.choice(moments), chance.choice(units + [self.root] * 3), period, tree))
        return answer


def said_plan(document, name="plan-1", ms=None):
    event = {"specversion": "1.0", "id": "%s-%s" % (document["plan"], name), "source": "urn:plan", "type": "vn.tiendo.plan.published.v1", "data": document,
             "time": "2021-01-01T00:00:00Z" if ms is None else periods.instant_text(ms)}
    return json.dumps(event, ensure_ascii=False).encode()


class Tally:
    """How often each target was what, over all seeds and units of the oracle's answers."""

    def __init__(self, document):
        self.document, self.counts = document, {t["id"]: {} for t in document["targets"]}

    def add(self, rows):
        for row in rows:
            told = "met" if row["met"] is True else "failed" if row["met"] is False else row["status"]
            counts = self.counts.setdefault(row["target_id"], {})
            counts[told] = counts.get(told, 0) + 1

    def never(self, today):
        """[(target, what)] that its kind allows and that never was."""
        formulas, found = {i["id"]: i["formula"] for i in self.document["indicators"]}, []
        for target in self.document["targets"]:
            f, counts = formulas[target["indicator"]], self.counts[target["id"]]
            if f["kind"] == "reference":
                continue
            when = target["when"]
            last = when.get("day") or when.get("last") or "%s-12-31" % min(map(int, when.get("years") or [1900]))
            open_still = day(last) >= today      # due only later: not yet there is what it can be
            if not counts.get("met") and not (open_still and when["kind"] == "throughout" and counts.get("on_track")) \
                    and not (f["kind"] == "kept" and open_still and counts.get("on_track")):
                found.append((target["id"], "met"))
            if not counts.get("failed") and not (open_still and (counts.get("behind") or counts.get("not_yet_due"))):
                found.append((target["id"], "not met"))
            if may_lack_data(f, formulas, target) and not counts.get("no_data"):
                found.append((target["id"], "no data"))
        return found

    def show(self):
        for target, counts in self.counts.items():
            say("  %-7s %s" % (target, "  ".join("%s %d" % (k, counts[k]) for k in sorted(counts))))


def may_lack_data(f, formulas, target):
    """Section 5, column "no data"; of `each`, the figures of the units themselves."""
    kind = f["kind"]
    if kind in ("count", "milestone") or (kind == "sum" and f["of"] != "reported") or (kind == "gauge" and "register" in f):
        return False
    if kind == "distinct":
        return f.get("counts", "upper_bound") == "upper_bound" and target.get("value", 0) > 1
    if kind == "state":
        return "attribute" in f
    if kind == "kept":
        return may_lack_data(f["of"], formulas, target)
    if kind == "coverage" and "units" in f:     # its own level always has one unit: itself
        return target["for"].get("level") not in as_list(f["units"].get("level", "any"))
    return True


def compare(a, program, history, differences, tally):
    oracle, views = history.oracle(), {}
    for as_of, unit, period, tree in history.questions(a.questions):
        if as_of not in views:
            views[as_of] = oracle.view(as_of, history.now_ms)
        if program is None:
            try:
                rows = views[as_of].progress(history.plan, unit, period, tree)
            except agreement.NotFound:
                continue
        else:
            before = len(differences.found)
            agreement.compare_progress(differences, program, views[as_of], history.plan, unit, period, tree, as_of)
            differences.found[before:] = ["seed %d (%s): %s" % (history.seed, history.kind_in(d), d)
                                          for d in differences.found[before:]]
            try:
                rows = views[as_of].progress(history.plan, unit, period, tree)
            except agreement.NotFound:
                continue
        tally.add(rows)


def run_node(a, histories, work, differences, tally):
    """Several histories in one node: they share the plan, and nothing else."""
    if a.dry:
        for history in histories:
            compare(a, None, history, differences, tally)
        return
    with Program(a.tiendo, os.path.join(work, "data-%s-%d" % (histories[0].document["plan"], histories[0].seed))) as program:
        load(program, histories, work)
        for history in histories:
            compare(a, program, history, differences, tally)
        program.terminate()


def load(program, histories, work):
    """Starts the program and imports the streams of the histories in random order."""
    program.start()
    streams = {name: lines for h in histories for name, lines in h.streams.items()}
    for name, lines in random.Random(histories[0].seed).sample(sorted(streams.items()), len(streams)):
        path = os.path.join(work, "lines.ndjson")
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        done = program.command("import", path, "--as", name.partition(":")[2])
        if done.returncode != 0:                 # nothing of this may be refused
            raise Wrong("import of %s ended with %d: %s%s" % (name, done.returncode, done.stdout[-900:], done.stderr[-900:]))
    for history in histories:
        program.wait_current(120, sum(map(len, streams.values())), history.plan, history.root)


def made_up(seed):
    return RandomPlan(random.Random("made-up %d" % seed), "made-up-%d" % seed, 1, KINDS_OF_FORMULA).document


def grouped(found):
    """One difference of each kind of formula and field, with how often."""
    groups = {}
    for said in found:
        kind = said.partition("(")[2].partition(")")[0]
        groups.setdefault((kind, said.partition(": engine")[0].split()[-1]), []).append(said)
    return ["%d, such as %s" % (len(some), some[0]) for _, some in sorted(groups.items(), key=lambda g: -len(g[1]))]


def run_plan(a, document, work):
    """(number of differences, what never was).  `document` is None: each history has its own."""
    now_ms = int(time.time() * 1000) // 1000 * 1000
    differences, tally, began = agreement.Differences(), Tally(document or {"targets": []}), time.monotonic()
    seeds = range(a.seed, a.seed + a.histories)
    apart = [s for s in seeds if s % APART == APART - 1]
    shared = [s for s in seeds if s not in apart]
    nodes = [[s] for s in apart] + [shared[n:n + a.per_node] for n in range(0, len(shared), a.per_node)]
    events = 0
    for node in nodes:
        histories = [History(document or made_up(seed), seed, seed in apart, now_ms) for seed in node]
        events += sum(len(lines) for h in histories for lines in h.streams.values())
        run_node(a, histories, work, differences, tally)
    never = tally.never(periods.local_day(now_ms)) if document else []
    say("%s: seeds %d to %d, %d events, %d values compared, %d differ, in %.1f s" % (
        document["plan"] if document else MADE_UP, seeds[0], seeds[-1], events, differences.compared,
        len(differences.found), time.monotonic() - began))
    if a.tally and document:
        tally.show()
    for said in grouped(differences.found)[:a.show]:
        say("  " + said)
    for target, what in never if a.histories >= 100 or a.tally else ():
        say("  %s was never %s" % (target, what))
    return len(differences.found), never


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=3, help="of each plan (default 3)")
    parser.add_argument("--seed", type=int, default=6, help="of the first history (default 6)")
    parser.add_argument("--plan", action="append", help="only this one")
    parser.add_argument("--shipped", action="store_true", help="no made-up plans")
    parser.add_argument("--questions", type=int, default=12, help="random ones of each history (default 12)")
    parser.add_argument("--per-node", type=int, default=20, help="histories that share a node (default 20)")
    parser.add_argument("--show", type=int, default=40, help="differences to print for each plan (default 40)")
    parser.add_argument("--tally", action="store_true", help="print how often each target was what")
    parser.add_argument("--dry", action="store_true", help="the oracle alone, without the program")
    add_options(parser)
    a = parser.parse_args()
    wrong = False
    with work_folder(a, "plans") as work:
        for name in sorted(glob.glob(os.path.join(ROOT, "deploy", "plans", "*.json"))) + [MADE_UP]:
            document = None
            if name != MADE_UP:
                with open(name, encoding="utf-8") as file:
                    document = json.load(file)
            if document is None and a.shipped:
                continue
            if a.plan and (document["plan"] if document else MADE_UP) not in a.plan:
                continue
            try:
                differ, never = run_plan(a, document, work)
            except Wrong as failed:
                say("FAILED: %s" % failed)
                wrong = True
                continue
            wrong = wrong or differ or (a.histories >= 100 and never)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
