#!/usr/bin/env python3
"""The made-up histories of the shipped plans: the same seed gives the same bytes, nothing is refused but what is meant
to be sent twice, and over the seeds every target is met, not met and without data, where its kind allows.

    histories_test.py [--seeds N] [--plan PLAN] [--verbose]

The figures are the oracle's. Python 3.11, standard library.
"""
import argparse
import collections
import datetime
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path[:0] = [os.path.join(ROOT, "deploy", "sample"), os.path.join(ROOT, "deploy", "plans"),
                os.path.join(ROOT, "tests", "oracle")]

import history  # noqa: E402
import oracle  # noqa: E402
import table  # noqa: E402

with open(os.path.join(ROOT, "deploy", "sample", "recipes.json"), encoding="utf-8") as recipes:
    PLANS = list(json.load(recipes))
# What has a figure as soon as there are units: the count of nothing is 0.
NEVER_WITHOUT_DATA = ("count", "sum of participants", "sum of outputs", "milestone by", "coverage of units",
                      "kept coverage of units", "gauge", "kept gauge", "state of a register", "kept state of a register",
                      "distinct of reached units")


def records(stream, lines, now):
    return [json.dumps({"stream": stream, "position": i, "stamp_ms": now, "value": line.rstrip("\n")}, ensure_ascii=False)
            for i, line in enumerate(lines)]


def outcomes(plan, seed):
    """{target: set of outcomes} at the plan's unit and one unit of each level, read at the end of each year."""
    before, lines, told = history.history_of(plan, seed, True)
    again = history.history_of(plan, seed, True)[1]
    assert lines == again, "seed %d of %s gives other bytes" % (seed, plan)
    after = datetime.datetime.fromordinal(told.last + 400)
    now = int(after.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)
    asked = oracle.Oracle(records("import:reference", before, now) + records("import:history", lines, now))
    for stream, verdicts in asked.verdicts().items():
        assert not verdicts["rejected"], "seed %d of %s: %s refuses %s" % (seed, plan, stream, verdicts["codes"])
    view = asked.view(None, now)
    units = {}
    for unit in told.land.units:
        units.setdefault(unit.level, unit.id)
    units[told.land.top.level] = told.land.top.id
    found = collections.defaultdict(set)
    for year in range(int(told.plan["first"][:4]), int(told.plan["last"][:4]) + 1):
        for unit in units.values():
            for row in view.progress(plan, unit, str(year)):
                found[row["target_id"]].add({True: "met", False: "not met"}.get(row["met"], row["status"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--plan", choices=PLANS)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    kinds = {row[0]: row[3] for row in table.rows()}
    missing = []
    for plan in [args.plan] if args.plan else PLANS:
        seen = collections.defaultdict(collections.Counter)
        for seed in range(1, args.seeds + 1):
            for target, found in outcomes(plan, seed).items():
                seen[target].update(found)
        print("%s: seeds 1 to %d" % (plan, args.seeds))
        for target, count in sorted(seen.items()):
            wanted = ["met", "not met"] + ([] if kinds[target].startswith(NEVER_WITHOUT_DATA) else ["no_data"])
            if kinds[target].startswith("reference"):
                wanted = ["reference"]
            lacking = [one for one in wanted if not count[one]]
            if lacking or args.verbose:
                print("  %s %s: %s%s" % (target, kinds[target], dict(count), ", never " + ", ".join(lacking) if lacking else ""))
            missing += [(target, one) for one in lacking]
    print("%d outcomes never seen" % len(missing))
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
