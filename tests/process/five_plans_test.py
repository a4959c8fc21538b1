#!/usr/bin/env python3
"""The five plans of deploy/plans in one node, with the units and histories that deploy/quickstart loads: each answers
for its own unit and for units below with all its targets, and every figure is the oracle's.

    five_plans_test.py                  a few units of each level of each plan
    five_plans_test.py --units 10000    all of them
"""
import argparse
import collections
import datetime
import os
import random
import sys
import time

import agreement
from plan_reforms import reforms_of_sample
from program import ROOT, Program, Wrong, add_options, check, say, work_folder

SAMPLE = os.path.join(ROOT, "deploy", "sample")
sys.path.insert(0, SAMPLE)

import history  # noqa: E402

UNTIL = "2025-12-31"
TARGETS = 278
TREES = ("as_reported", "as_reported", "current", "2024-07-01")


def told():
    """[(plan, reference lines, lines, history)] as quickstart tells them."""
    answer = []
    with open(os.path.join(SAMPLE, "shown.txt"), encoding="utf-8") as file:
        for line in file:
            said = history.arguments().parse_args(line.split() + ["--until", UNTIL])
            answer.append((said.plan,) + history.history_for(said))
    return answer


def reforms(chance, before):
    """Some units of each plan merge and split."""
    return [line.decode() for line in reforms_of_sample(chance, before)]


def load(program, name, lines, work):
    path = os.path.join(work, name)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line.rstrip("\n") + "\n" for line in lines)
    done = program.command("import", path, "--as", name)
    check(done.returncode == 0, "import of %s: %s%s" % (name, done.stdout[-900:], done.stderr[-900:]))


def some_units(chance, land, most):
    """The plan's own unit, and up to `most` of each level below."""
    levels = collections.defaultdict(list)
    for unit in land.units:
        levels[unit.level].append(unit.id)
    return [land.top.id] + [u for units in levels.values() for u in chance.sample(units, min(most, len(units)))]


def ask(chance, program, plan, document, units, view, differences):
    """Each unit in one year; the plan's own in all of them."""
    first, last = int(document["first"][:4]), min(int(document["last"][:4]), datetime.date.today().year)
    for unit in units:
        for year in range(first, last + 1) if unit == units[0] else [chance.randint(first, last)]:
            tree = chance.choice(TREES)
            said = agreement.compare_progress(differences, program, view, plan, unit, str(year), tree)
            if tree != "as_reported" and said.get("code") == "unit_not_in_tree":
                continue
            shown = [row["target_id"] for row in said["targets"]]
            check(shown == [target["id"] for target in document["targets"]],
                  "%s at %s shows %d targets" % (plan, unit, len(shown)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1, help="of each level (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="which units (default 1)")
    add_options(parser)
    a = parser.parse_args()
    chance, now_ms = random.Random(a.seed), int(time.time() * 1000)
    stories = told()
    check(sum(len(story.plan["targets"]) for _, _, _, story in stories) == TARGETS, "not %d targets in all" % TARGETS)
    streams = {plan + "-" + what: lines for plan, before, lines, _ in stories
               for what, lines in (("reference", before), ("history", lines), ("reform", reforms(chance, before)))}
    differences = agreement.Differences()
    with work_folder(a, "five-plans") as work, Program(a.tiendo, os.path.join(work, "data")) as program:
        program.start()
        for name, lines in streams.items():
            load(program, name, lines, work)
        for plan, _, _, _ in stories:
            program.wait_current(120, sum(map(len, streams.values())), plan)
        view = agreement.Oracle([agreement.oracle_record("import:" + name, i, now_ms, line.rstrip("\n").encode())
                                 for name, lines in streams.items() for i, line in enumerate(lines)]).view(None, now_ms)
        for plan, _, _, story in stories:
            before, began = len(differences.found), time.monotonic()
            units = some_units(chance, story.land, a.units)
            ask(chance, program, plan, story.plan, units, view, differences)
            say("%s: %d units, %d differences, %.1f s" % (plan, len(units), len(differences.found) - before,
                                                          time.monotonic() - began))
        program.terminate()
    differences.raise_any()
    say("%d values are the oracle's (units by seed %d)" % (differences.compared, a.seed))


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit("FAILED: %s" % wrong)
