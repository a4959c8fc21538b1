#!/usr/bin/env python3
"""Changes one thing at a time in a shipped plan document and asks the scenarios whether they notice.

  mutate_plan.py SCENARIO_TESTS [PLAN] [--list]

Every comparator, value, scope, level, extent, year, day, filter, audience, denominator, due day and
required figure of the document is changed in turn; for each change at least one scenario of
`tayninh` must fail. Exit 0: all were noticed; 1: some were not, or the plan itself fails.

Three ways to be noticed are told apart: an answer differs; the document is refused when it is
published (a due day that is not its target's); or only what is printed differs, which the scenario
as_printed sees, because the change can make no other difference (= 100 of a coverage is >= 100).
"""
import argparse
import copy
import datetime
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COMPARATORS = [">=", ">", "<=", "<", "="]
LEVELS = ["province", "district", "affiliated", "commune", "any"]
NOT_DIGITAL = [{}, {"flag.digital": False}, {"flag.digital": "true"}, {"flag.other": True},
               {"not": {"flag.digital": True}}]


def shifted(day, days):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()


class Mutants:
    """Named changed copies of one document."""

    def __init__(self, plan):
        self.plan, self.all = plan, []

    def add(self, name, change):
        changed = copy.deepcopy(self.plan)
        change(changed)
        if changed != self.plan:
            self.all.append((name, changed))

    def set(self, path, value):
        """path: a list of keys and indexes; value None removes the field."""
        def change(plan):
            place = plan
            for step in path[:-1]:
                place = place[step]
            if value is None:
                place.pop(path[-1], None)
            else:
                place[path[-1]] = value
        name = ".".join(str(step) for step in self.named(path))
        self.add("%s = %s" % (name, json.dumps(value, ensure_ascii=False)), change)

    def named(self, path):
        place, names = self.plan, []
        for step in path:
            place = place[step] if isinstance(step, int) or step in place else {}
            names.append(place.get("id", step) if isinstance(step, int) and isinstance(place, dict) else step)
        return names


def target_mutants(mutants):
    kinds = {one["id"]: one["formula"]["kind"] for one in mutants.plan["indicators"]}
    for i, target in enumerate(mutants.plan["targets"]):
        at = ["targets", i]
        for comparator in COMPARATORS:
            mutants.set(at + ["comparator"], comparator)
        for value in (target["value"] - 1, target["value"] + 1):
            mutants.set(at + ["value"], value)
        mutants.set(at + ["or_more"], True)
        for indicator in kinds:
            mutants.set(at + ["indicator"], indicator)
        for scope in ("unit", "each"):
            mutants.set(at + ["for", "scope"], scope)
        if kinds[target["indicator"]] != "coverage":  # which is of the subtree in any scope
            whom = {key: value for key, value in target["for"].items() if key != "of"}
            mutants.set(at + ["for"], {**whom, "scope": "rollup"})
        for level in LEVELS:
            mutants.set(at + ["for", "level"], level)
        if "of" in target["for"]:
            mutants.set(at + ["for", "of"], "subtree")
        when = target["when"]
        for years in ([2023], [2025], [2024, 2025]) if "years" in when else ():
            mutants.set(at + ["when", "years"], years)
        for days in (-1, 1, 31) if "day" in when else ():
            mutants.set(at + ["when", "day"], shifted(when["day"], days))
        if when["kind"] == "before":
            mutants.set(at + ["when", "kind"], "by")
        if when["kind"] == "each_year":
            mutants.set(at + ["when", "calendar"], "statutory")
            mutants.set(at + ["when", "first"], "2024-01-02")


def indicator_mutants(mutants):
    obligations = [one["id"] for one in mutants.plan["obligations"]]
    for i, indicator in enumerate(mutants.plan["indicators"]):
        at, formula = ["indicators", i, "formula"], indicator["formula"]
        if formula["kind"] != "coverage":  # which is percent whatever is said
            mutants.set(["indicators", i, "measure"], "people")
        if "where" in formula:
            for where in NOT_DIGITAL:
                mutants.set(at + ["where"], where)
        if formula["kind"] == "count":
            mutants.set(at + ["credit"], "all")
        if formula["kind"] == "sum":
            audiences = formula["audiences"]
            for audience in audiences:
                mutants.set(at + ["audiences"], [one for one in audiences if one != audience])
            for audience in ("people", "children"):
                mutants.set(at + ["audiences"], audiences + [audience])
            mutants.set(at + ["audiences"], None)
        if formula["kind"] == "coverage":
            levels = formula["units"]["level"]
            for level in levels:
                mutants.set(at + ["units", "level"], [one for one in levels if one != level])
            for level in ("commune", "club"):
                mutants.set(at + ["units", "level"], levels + [level])
            mutants.set(at + ["units", "level"], None)
            mutants.set(at + ["units", "below"], None)
            for where in NOT_DIGITAL:
                mutants.set(at + ["have", "reached_by"], where)
            mutants.set(at + ["have", "mode"], "each")
            for by in ("subtree", "any"):
                mutants.set(at + ["have", "by"], by)
        if formula["kind"] == "milestone":
            for obligation in obligations:
                mutants.set(at + ["obligation"], obligation)
            for period in ("2024", "2024-9M"):
                mutants.set(at + ["period"], period)


def obligation_mutants(mutants):
    for i, obligation in enumerate(mutants.plan["obligations"]):
        at = ["obligations", i]
        levels, requires = obligation["from"]["level"], obligation["requires"]
        for level in levels:
            mutants.set(at + ["from", "level"], [one for one in levels if one != level])
        mutants.set(at + ["from", "level"], levels + ["commune"])
        mutants.set(at + ["from", "level"], None)
        for one in requires:
            mutants.set(at + ["requires"], [other for other in requires if other != one])
        mutants.set(at + ["judged_by"], "received")
        for j, instance in enumerate(obligation["instances"]):
            place = at + ["instances", j]
            for period in ("2024", "2024-9M", "2024-H1"):
                mutants.set(place + ["period"], period)
            for days in (-1, 1, 31):
                mutants.set(place + ["due", "before"], shifted(instance["due"]["before"], days))
            mutants.set(place + ["due"], {"by": instance["due"]["before"]})
            mutants.set(place + ["due"], None)


def deadline_mutants(mutants):
    """The day of an obligation and of the targets on it, moved together, so that nothing refuses them."""
    days = {target["when"]["day"] for target in mutants.plan["targets"] if "day" in target["when"]}
    for day in sorted(days):
        for by in (-1, 1):
            def change(plan, day=day, by=by):
                for target in plan["targets"]:
                    if target["when"].get("day") == day:
                        target["when"]["day"] = shifted(day, by)
                for obligation in plan["obligations"]:
                    for instance in obligation["instances"]:
                        if instance["due"].get("before") == day:
                            instance["due"]["before"] = shifted(day, by)
            mutants.add("every %s = %s" % (day, shifted(day, by)), change)


def head_mutants(mutants):
    for field, value in (("first", "2024-01-02"), ("last", "2024-12-30"), ("valid_from", "2024-01-02"),
                         ("unit", "H1"), ("calendar", "statutory"), ("version", 2)):
        mutants.set([field], value)


def mutants_of(plan):
    mutants = Mutants(plan)
    for make in (target_mutants, indicator_mutants, obligation_mutants, deadline_mutants, head_mutants):
        make(mutants)
    return mutants.all


def outcome(program, file, wanted):
    """Whether the scenarios pass, and what they printed."""
    done = subprocess.run([program, "--gtest_filter=" + wanted, "--gtest_brief=1"], text=True,
                          capture_output=True, env={**os.environ, "TIENDO_SCENARIO_PLAN": file})
    return done.returncode == 0, done.stdout + done.stderr


def judge(program, file):
    passed, said = outcome(program, file, "tayninh.*-*as_printed")
    if not passed:
        return "refused" if "plan-file" in said and "refused: " in said else "answers"
    passed, _ = outcome(program, file, "tayninh.as_printed")
    return "unnoticed" if passed else "printed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program scenario_tests")
    parser.add_argument("plan", nargs="?", default=os.path.join(ROOT, "deploy/plans/tayninh-2024.json"))
    parser.add_argument("--list", action="store_true", help="say of every change how it was noticed")
    a = parser.parse_args()
    with open(a.plan, encoding="utf-8") as file:
        plan = json.load(file)
    counts = {"answers": 0, "refused": 0, "printed": 0, "unnoticed": 0}
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "plan.json")
        if judge(a.program, a.plan) != "unnoticed":
            print("the plan as it is fails already", file=sys.stderr)
            return 1
        for what, changed in mutants_of(plan):
            with open(name, "w", encoding="utf-8") as file:
                json.dump(changed, file, ensure_ascii=False)
            noticed = judge(a.program, name)
            counts[noticed] += 1
            if a.list or noticed == "unnoticed":
                print("%-9s %s" % (noticed, what))
    print("%d changes: %d alter answers, %d are refused, %d alter only what is printed, %d unnoticed" %
          (sum(counts.values()), counts["answers"], counts["refused"], counts["printed"], counts["unnoticed"]))
    return 1 if counts["unnoticed"] else 0


if __name__ == "__main__":
    sys.exit(main())
