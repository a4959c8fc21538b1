#!/usr/bin/env python3
"""Every target of the shipped plans: its indicator, the kind of its formula, and what the figure rests on.

    table.py            prints the table of README.md
    table.py --write    puts it into README.md, between its two marks

What a figure rests on follows from the formula alone: nothing in a plan says it a second time.
Python 3.11, standard library.
"""
import glob
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
README = os.path.join(HERE, "README.md")
BEGIN, END = "<!-- targets -->\n", "<!-- /targets -->\n"
LEAF = {"count": "activities", "distinct": "activities", "share": "activities", "rank": "statistics",
        "statistic": "statistics", "survey": "surveys", "gauge": "registers", "money": "money"}


def plans():
    """{plan id: document} of every plan in this folder, in the order of their file names."""
    documents = {}
    for path in sorted(glob.glob(os.path.join(HERE, "*.json"))):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        documents[document["plan"]] = document
    return documents


def sources(formula, document):
    """What the figure rests on: activities, registers, attributes, statistics, surveys, reports, money,
    or reports sent (of which only the day counts, not what they say)."""
    kind, of = formula["kind"], formula.get("of")
    if of == "reported":
        return {"reports"}
    if kind == "sum" or kind in LEAF:
        return {LEAF.get(kind, "activities")} | ({"registers"} if kind == "distinct" and "only" in formula else set())
    if kind == "state":
        return {"attributes" if "attribute" in formula else "registers"}
    if kind == "milestone":
        return {"reports sent" if "obligation" in formula else "activities"}
    if kind == "coverage":
        have = of_have(formula["have"], document)
        return {"registers"} | have if "register" in formula else have
    parts = {"kept": [of], "reference": [of] if of else [], "least": of,
             "ratio": [formula.get("numerator"), formula.get("denominator")]}[kind]
    return set().union(*(sources(part, document) for part in parts))


def of_have(have, document):
    """What the condition of a coverage rests on; a filter of an entity's own flags adds nothing."""
    if "reached_by" in have or "named_by" in have:
        return {"activities"}
    if "formula" in have:
        return sources(have["formula"], document)
    if "indicator" in have:
        return sources(indicator_of(document, have["indicator"])["formula"], document)
    if "attribute" in have:
        return {"attributes"}
    if "register" in have:
        return {"registers"}
    return set().union(*(of_have(part, document) for part in have.get("any", []) + have.get("all", [])
                         if "level" not in part))


def kind_of(formula):
    """The kind, with what it is of where that tells formulas of one kind apart."""
    kind, of = formula["kind"], formula.get("of")
    if type(of) is str:
        return "%s of %s" % (kind, of.replace("_", " "))
    if kind == "kept":
        return "kept %s" % kind_of(of)
    if kind == "coverage":
        return "coverage of %s" % ("a register" if "register" in formula else "units")
    if kind == "state":
        return "state of %s" % ("a register" if "register" in formula else "an attribute")
    if kind == "ratio":
        return "ratio of terms"
    if kind == "least":
        return "least of %s" % " and ".join(kind_of(part) for part in of)
    if kind == "milestone":
        return "milestone by %s" % ("report" if "obligation" in formula else "activity")
    return kind


def indicator_of(document, name):
    return next(one for one in document["indicators"] if one["id"] == name)


def rows():
    """One for each target: (id, plan, indicator, kind, sources)."""
    for plan, document in plans().items():
        for target in document["targets"]:
            formula = indicator_of(document, target["indicator"])["formula"]
            kind = kind_of(formula)
            if target["when"]["kind"] == "throughout" and formula["kind"] != "kept":
                kind = "kept " + kind
            yield target["id"], plan, target["indicator"], kind, sources(formula, document)


def table():
    """The table, as README.md holds it between its marks."""
    lines = ["| target | indicator | formula | rests on |", "|---|---|---|---|"]
    lines += ["| %s | `%s` | %s | %s |" % (target, indicator, kind, ", ".join(sorted(found)) or "nothing")
              for target, _, indicator, kind, found in sorted(rows())]
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    if not sys.argv[1:]:
        sys.stdout.write(table())
        return
    with open(README, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    with open(README, "w", encoding="utf-8", newline="\n") as file:
        file.write(before + BEGIN + table() + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
