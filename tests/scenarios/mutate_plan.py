#!/usr/bin/env python3
"""Changes one thing at a time in a shipped plan document and asks the scenarios whether they notice.

  mutate_plan.py SCENARIO_TESTS [PLAN ...] [--every N] [--list] [--jobs N] [--only TEXT]

PLAN is a file of deploy/plans, all of them if none is named; --every 20 tries each twentieth change. Every comparator, number, scope, level, extent, year, day, filter, audience, register,
statistic, denominator, due day and required figure of the document is changed in turn; for each change at least one of
the scenarios that play that file must fail. Exit 0: all were noticed; 1: some were not, or the plan itself fails.

Three ways to be noticed are told apart: an answer differs; the document is refused when it is published (a due day that
is not its target's, a register that no formula may name so); or only what is printed differs, which the scenario
as_printed sees, because the change can make no other difference (= 100 of a coverage is >= 100).
"""
import argparse
import concurrent.futures
import copy
import datetime
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
COMPARATORS = [">=", ">", "<=", "<", "="]
LEVELS = ["national", "province", "district", "affiliated", "commune"]
FILTERS = ("where", "among", "only", "named_by", "reached_by")
HAVE = ("reached_by", "named_by", "indicator", "formula", "attribute", "register", "any", "all")
# Other values of a field of a formula, whatever it holds; None removes it.
OTHER = {"covers": ["own", "subtree"], "fresh": ["period", None], "window": ["plan", None], "credit": ["all", None],
         "mode": ["each", "union"], "by": ["own", "subtree", "any"], "counts": ["distinct", "ignore", None],
         "below": ["children", None]}
DEFAULT = {"covers": "subtree"}  # of a statistic
# Fields that a kind of formula may have and need not say.
UNSAID = {"count": ("window", "credit"), "distinct": ("window", "counts"), "sum": ("window",), "share": ("window",),
          "statistic": ("covers", "fresh"), "milestone": ("credit",)}


def shifted(day, days):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()


def others(value):
    """Values a scalar is mistaken for."""
    if type(value) is bool:
        return [not value]
    if type(value) is str:
        return ["zzz"]
    return [value - 1, value + 1]


def without(items, at):
    return [one for i, one in enumerate(items) if i != at]


def filter_changes(where):
    """Filters that differ from this one in one place."""
    if len(where) > 1:
        yield {}
    for name, value in where.items():
        def put(changed, name=name):
            return {**where, name: changed}
        if name in ("all", "any"):
            for i, part in enumerate(value):
                yield put(without(value, i))
                yield from (put(value[:i] + [changed] + value[i + 1:]) for changed in filter_changes(part))
        elif name == "not":
            yield from (put(changed) for changed in filter_changes(value))
        else:
            yield {key: one for key, one in where.items() if key != name}
            if type(value) is list:
                yield from (put(without(value, i)) for i in range(len(value)))
            else:
                yield from (put(changed) for changed in others(value))


def formula_changes(formula, within_plan=False):
    """(what, formula) with one thing changed; `within_plan`: it is a part of what has the window of the plan."""
    within_plan = within_plan or formula.get("window") == "plan"
    def put(name, value):
        changed = {key: one for key, one in formula.items() if key != name or value is not None}
        return {**changed, **({} if value is None else {name: value})}

    for name, value in formula.items():
        if name in FILTERS or (name == "have" and not any(key in value for key in HAVE)):
            yield from (("%s = %s" % (name, short(one)), put(name, one)) for one in filter_changes(value))
        elif type(value) is dict:
            yield from (("%s.%s" % (name, what), put(name, one)) for what, one in formula_changes(value, within_plan))
        elif type(value) is list:
            for i, one in enumerate(value):
                yield "%s without %s" % (name, short(one)), put(name, without(value, i))
                if type(one) is dict:
                    yield from (("%s[%d].%s" % (name, i, what), put(name, value[:i] + [changed] + value[i + 1:]))
                                for what, changed in formula_changes(one, within_plan))
            if name == "audiences":
                more = "cadres" if "people" in value else "people"
                yield "audiences and " + more, put(name, value + [more])
        elif name == "indicator" and "numerator" in formula:  # whose contributors it names, in a `least`
            continue
        elif name == "comparator":
            yield from (("comparator = " + one, put(name, one)) for one in COMPARATORS if one != value)
        elif name in OTHER:
            yield from (("%s = %s" % (name, one), put(name, one)) for one in OTHER[name] if one != value)
        elif name == "since":  # of a few units the share is never near to its number
            yield from (("since = %s" % one, put(name, one)) for one in (value - 1 if value < 50 else value // 2, None))
        elif name == "of" and value in ("own", "subtree"):
            yield "of = other", put(name, "subtree" if value == "own" else "own")
        elif name not in ("kind", "of", "measure"):
            yield from (("%s = %s" % (name, short(one)), put(name, one)) for one in others(value))
            if name != "period":  # which an obligation with one instance need not have
                yield "no " + name, put(name, None)
    for name in UNSAID.get(formula.get("kind"), ()):
        if name not in formula and "obligation" not in formula and not (name == "window" and within_plan):
            yield from (("%s = %s" % (name, one), put(name, one)) for one in OTHER[name]
                        if one is not None and one != DEFAULT.get(name))
    if formula.get("of") == "reported":
        yield "fresh = period", put("fresh", "period")


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 90 else text[:87] + "..."


class Mutants:
    """Named changes of one document, each with the targets it concerns (None: all)."""

    def __init__(self, plan):
        self.plan, self.all = plan, []
        self.users = {}  # indicator: targets that rest on it
        for target in plan["targets"]:
            for indicator in self.rests_on(target["indicator"]):
                self.users.setdefault(indicator, set()).add(target["id"])

    def rests_on(self, indicator):
        formulas = {one["id"]: one["formula"] for one in self.plan["indicators"]}
        found, left = set(), [indicator]
        while left:
            one = left.pop()
            if one in formulas and one not in found:
                found.add(one)
                left += re.findall(r'"(?:indicator|subset_of)": "([^"]*)"', json.dumps(formulas[one], ensure_ascii=False))
        return found

    def add(self, name, change, concerned=None):
        self.all.append((name, change, concerned))

    def set(self, path, value, concerned=None):
        """path: a list of keys and indexes; value None removes the field."""
        def change(plan):
            place = plan
            for step in path[:-1]:
                place = place[step]
            if value is None:
                place.pop(path[-1], None)
            else:
                place[path[-1]] = value
        self.add("%s = %s" % (".".join(self.named(path)), short(value)), change, concerned)

    def named(self, path):
        place, names = self.plan, []
        for step in path:
            place = place[step] if type(step) is int or step in place else {}
            names.append(str(place.get("id", step) if type(step) is int and type(place) is dict else step))
        return names


def has_one_extent(formula):
    """Whether the figure is of the subtree, or of the unit itself, in any scope."""
    kind = formula["kind"]
    return kind in ("coverage", "state", "rank") or (kind == "ratio" and "numerator" in formula) or (
        kind == "kept" and has_one_extent(formula["of"]))


def is_percentage_of_no_report(formula):
    """Whether it is a percentage whatever its measure, and no count of a report may or may not have a point for it."""
    kind = formula["kind"]
    return kind in ("coverage", "share") or (kind == "ratio" and "numerator" in formula) or (
        kind == "kept" and is_percentage_of_no_report(formula["of"])) or (
        kind == "least" and all("indicator" in part for part in formula["of"]))


def is_part_of(formula, whole):
    """Whether the formula is the other but for `only`, so that it cannot exceed it."""
    return {**formula, "only": None, "subset_of": None} == {"only": None, **whole, "subset_of": None}


def target_mutants(mutants):
    formulas = {one["id"]: one["formula"] for one in mutants.plan["indicators"]}
    names, seen = list(formulas), set()
    for i, target in enumerate(mutants.plan["targets"]):
        at, only = ["targets", i], {target["id"]}
        for comparator in COMPARATORS:
            mutants.set(at + ["comparator"], comparator, only)
        for value in (target["value"] - 1, target["value"] + 1):
            mutants.set(at + ["value"], value, only)
        mutants.set(at + ["or_more"], None if target.get("or_more") else True, only)
        near = names.index(target["indicator"])
        for indicator in {names[near - 1], names[(near + 1) % len(names)]}:
            mutants.set(at + ["indicator"], indicator, only)
        when_mutants(mutants, at + ["when"], target["when"], only)
        if target["indicator"] in seen:  # whom it is for changes the answers of one as those of the other
            continue
        seen.add(target["indicator"])
        if formulas[target["indicator"]]["kind"] == "reference":  # which judges nobody
            continue
        for scope in ("unit", "each", "rollup"):
            formula = formulas[target["indicator"]]
            is_same = {scope, target["for"]["scope"]} == {"unit", "rollup"} and (
                "of" in target["for"] or has_one_extent(formula) or
                formula.get("level", "") == target["for"]["level"])  # of money: nobody's below is of that level
            if not is_same and (scope != "each" or target["for"]["level"] != "any"):
                mutants.set(at + ["for", "scope"], scope, only)
        is_owed = "obligation" in formulas[target["indicator"]]  # by its own levels
        for level in LEVELS if is_owed else LEVELS + ["any"]:
            mutants.set(at + ["for", "level"], level, only)
        if "of" in target["for"] and not has_one_extent(formulas[target["indicator"]]):
            mutants.set(at + ["for", "of"], "subtree", only)
        for where in filter_changes(target["for"].get("where", {})):
            mutants.set(at + ["for", "where"], where, only)


def when_mutants(mutants, at, when, only):
    years = when.get("years", [])
    for changed in ([one + 1 for one in years], years[:-1], years[1:], years + [years[-1] + 1]) if years else ():
        mutants.set(at + ["years"], changed, only)
    for days in (-1, 1, 31):
        for name in ("day", "last"):
            if name in when:
                mutants.set(at + [name], shifted(when[name], days), only)
    if when["kind"] in ("before", "by"):
        mutants.set(at + ["kind"], "by" if when["kind"] == "before" else "before", only)
    if "until" in when:
        mutants.set(at + ["until"], None, only)
    if "period" in when:
        mutants.set(at + ["period"], "2022-10" if when["period"] != "2022-10" else "2022", only)
    if when["kind"] == "each_year":
        mutants.set(at + ["calendar"], "statutory", only)
        mutants.set(at + ["first"], "%d-01-02" % years[0], only)


def indicator_mutants(mutants):
    formulas = {one["id"]: one["formula"] for one in mutants.plan["indicators"]}
    for i, indicator in enumerate(mutants.plan["indicators"]):
        only = mutants.users.get(indicator["id"], set())
        if "measure" in indicator and not is_percentage_of_no_report(indicator["formula"]):
            mutants.set(["indicators", i, "measure"], "people" if indicator["measure"] != "people" else "sites", only)
        for what, formula in formula_changes(indicator["formula"]):
            if what == "no subset_of" and is_part_of(indicator["formula"], formulas[indicator["formula"]["subset_of"]]):
                continue
            def change(plan, i=i, formula=formula):
                plan["indicators"][i]["formula"] = formula
            mutants.add("indicators.%s.%s" % (indicator["id"], what), change, only)


def obligation_mutants(mutants):
    for i, obligation in enumerate(mutants.plan["obligations"]):
        at, levels = ["obligations", i], obligation["from"].get("level", [])
        levels = [levels] if type(levels) is str else levels
        for j in range(len(levels)):
            mutants.set(at + ["from", "level"], without(levels, j))
        mutants.set(at + ["from", "level"], levels + ["commune"] if "commune" not in levels else levels + ["district"])
        for where in filter_changes(obligation["from"].get("where", {})):
            mutants.set(at + ["from", "where"], where)
        requires = obligation.get("requires", [])
        for one in requires:
            mutants.set(at + ["requires"], [other for other in requires if other != one])
        if any(one.get("due") for one in obligation["instances"]):
            mutants.set(at + ["judged_by"], "received")
        for j, instance in enumerate(obligation["instances"]):
            place = at + ["instances", j]
            mutants.set(place + ["period"], "2021-H1")
            for kind, day in (instance.get("due") or {}).items() if type(instance.get("due")) is dict else ():
                if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
                    for days in (-1, 1, 31):
                        mutants.set(place + ["due", kind], shifted(day, days))
                    mutants.set(place + ["due"], {"by" if kind == "before" else "before": day})
                else:
                    mutants.set(place + ["due"], {"month": "%s-11" % day[:4]})
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
                        due = instance.get("due")
                        if type(due) is dict and due.get("before") == day:
                            due["before"] = shifted(day, by)
            mutants.add("every %s = %s" % (day, shifted(day, by)), change)


def head_mutants(mutants):
    plan = mutants.plan
    for field, value in (("first", shifted(plan["first"], 1)), ("last", shifted(plan["last"], -1)),
                         ("valid_from", shifted(plan["valid_from"], 1)), ("unit", "H1"), ("calendar", "statutory"),
                         ("version", plan["version"] + 1)):
        mutants.set([field], value)
    for i, row in enumerate(plan.get("budget", [])):
        for year, amount in row["years"].items():
            mutants.set(["budget", i, "years", year], amount + 1)
        mutants.set(["budget", i, "level"], None)
    for i, period in enumerate(plan["periods"]):
        for name in ("first", "last"):
            mutants.set(["periods", i, name], shifted(period[name], 1))


def mutants_of(plan):
    mutants = Mutants(plan)
    for make in (target_mutants, indicator_mutants, obligation_mutants, deadline_mutants, head_mutants):
        make(mutants)
    return mutants.all


class Scenarios:
    """The scenarios that play one plan file, as the test program names them."""

    def __init__(self, program, path):
        self.program, self.texts = program, {}
        mark = "plan-file " + os.path.relpath(os.path.abspath(path), ROOT)
        for file in sorted(glob.glob(os.path.join(HERE, "*", "*.scenario"))):
            with open(file, encoding="utf-8") as opened:
                text = opened.read()
            if mark + "\n" in text and text.count("plan-file ") == 1:
                name = os.path.relpath(file, HERE)[:-len(".scenario")].replace(os.sep, ".")
                self.texts[name] = text
        self.printed = [name for name in self.texts if name.endswith(".as_printed")]

    def naming(self, targets):
        """Those that ask about one of the targets; all, if none is named."""
        return [name for name, text in self.texts.items() if name not in self.printed
                and (targets is None or any(re.search(r"^ +%s " % re.escape(one), text, re.M) for one in targets))]

    def run(self, names, file):
        """Whether they pass, and what they printed."""
        if not names:
            return True, ""
        done = subprocess.run([self.program, "--gtest_filter=" + ":".join(names), "--gtest_brief=1",
                               "--gtest_fail_fast"], text=True, capture_output=True,
                              env={**os.environ, "TIENDO_SCENARIO_PLAN": file})
        return done.returncode == 0, done.stdout + done.stderr

    def judge(self, plan, change, concerned):
        """How a changed copy is noticed; None: it is no other document."""
        changed = copy.deepcopy(plan)
        change(changed)
        if changed == plan:
            return None
        return self.noticed(changed, concerned)

    def noticed(self, changed, concerned):
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(changed, file, ensure_ascii=False)
            file.flush()
            near = self.naming(concerned)
            far = [name for name in self.naming(None) if name not in near]
            for names, how in ((near, "answers"), (self.printed, "printed"), (far, "answers")):
                passed, said = self.run(names, file.name)
                if not passed:
                    return "refused" if "plan-file" in said and "refused: " in said else how
            return "unnoticed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program scenario_tests")
    parser.add_argument("plans", nargs="*", default=sorted(glob.glob(os.path.join(ROOT, "deploy/plans/*.json"))))
    parser.add_argument("--list", action="store_true", help="say of every change how it was noticed")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth change, for a short run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="only changes whose name holds this text")
    a = parser.parse_args()
    unnoticed = 0
    for path in a.plans:
        with open(path, encoding="utf-8") as file:
            plan = json.load(file)
        scenarios = Scenarios(a.program, path)
        if not scenarios.texts or scenarios.noticed(plan, None) != "unnoticed":
            print("%s: no scenario plays it, or it fails as it is" % path, file=sys.stderr)
            unnoticed += 1
            continue
        changes = [one for one in mutants_of(plan) if a.only in one[0]][::a.every]
        counts = {None: 0, "answers": 0, "refused": 0, "printed": 0, "unnoticed": 0}
        with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
            found = pool.map(lambda one: scenarios.judge(plan, *one[1:]), changes)
            for (what, _, _), noticed in zip(changes, found):
                counts[noticed] += 1
                if (a.list and noticed) or noticed == "unnoticed":
                    print("%-9s %s" % (noticed, what), flush=True)
        unnoticed += counts["unnoticed"]
        print("%s: %d changes: %d alter answers, %d are refused, %d alter only what is printed, %d unnoticed" %
              (plan["plan"], sum(counts.values()) - counts[None], counts["answers"], counts["refused"], counts["printed"],
               counts["unnoticed"]))
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
