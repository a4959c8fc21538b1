#!/usr/bin/env python3
"""A made-up history of a plan, told from the plan itself: the same arguments give the same bytes.

    history.py ninhhai-273 --reference reference.ndjson         its units and the plan, to be loaded first
    history.py ninhhai-273 --seed 7 --out year.ndjson           what platforms say of it
    history.py ninhhai-273 --seed 7 --small                     a few units of each level only, in both

Every target has a fate (met, short, silent), drawn by the seed or set by `seed % 20` (README.md). Python 3.11, standard
library only.
"""
import argparse
import json
import os
import sys

from tale import acts, declared
from tale.chance import Chance
from tale.land import Land
from tale.told import History, day_of, text_of
from tale.voice import Voice

HERE = os.path.dirname(os.path.abspath(__file__))
OTHER = ("blood_donation", "sports", "visit", "tree_planting", "meeting")
# A register's own entities come before what is said of all in it; pairs before the reports that repeat them.
LATER = {"register": 1, "sent": 2}


def tell(history, aim, formula, keep=False, indicator=None):
    """Tells what one formula needs for one target in one window."""
    kind, of = formula["kind"], formula.get("of")
    if kind == "kept":
        return tell(history, aim, of, True, aim.target["indicator"])
    if kind == "reference":
        return tell(history, aim, of, keep) if of else None
    if kind == "least":
        return least(history, aim, formula)
    if kind == "survey" or of == "reported":
        return declared.reported(history, aim, formula, keep, kind == "survey", indicator)
    if kind in ("state", "coverage", "gauge"):
        return getattr(declared, kind)(history, aim, formula, keep)
    if kind == "milestone" and "obligation" in formula:
        return declared.sent(history, aim, formula)
    teller = {"count": acts.count, "sum": acts.total, "distinct": acts.distinct, "share": acts.share,
              "milestone": acts.milestone, "rank": declared.rank, "ratio": declared.ratio, "money": declared.money}
    return teller[kind](history, aim, formula)


def least(history, aim, formula):
    """All parts meet it, or one of them does not."""
    fate, failing = aim.fate, aim.chance.between(0, len(formula["of"]) - 1)
    for i, part in enumerate(formula["of"]):
        aim.fate = fate if i == failing else "met"
        tell(history, aim, part, False, part["indicator"])
    aim.fate = fate


def rank_of(history, aim):
    formula = history.indicators[aim.target["indicator"]]["formula"]
    inner = formula["of"] if formula["kind"] == "kept" else formula
    return LATER["sent"] if "obligation" in inner else LATER["register"] if "register" in inner else 0


def tell_all(history):
    for aim in history.aims:  # who must not hold activities by the way, since few or none is its fate
        formula = history.indicators[aim.target["indicator"]]["formula"]
        if formula["kind"] in ("count", "sum", "milestone") and acts.own_of(aim.target) and aim.fate != "met":
            history.quiet |= {unit.id for unit, fate in acts.judged(history, aim) if fate != "met"}
            aim.chance = Chance(history.seed, aim.target["id"], aim.first, "told")
        if formula["kind"] == "share" and aim.fate in ("met", "short"):
            history.online = 0.75 if aim.fate == "met" else 0.03
    if history.mood == "nothing":
        return branches(history)
    for aim in sorted(history.aims, key=lambda aim: rank_of(history, aim)):  # a stable order
        formula = history.indicators[aim.target["indicator"]]["formula"]
        qualify(history, aim)
        if aim.units:
            keep = aim.target["when"]["kind"] == "throughout" and formula["kind"] != "kept"
            tell(history, aim, formula, keep)
    if history.mood != "no_activities":
        noise(history)
    branches(history)
    history.send_figures()


def qualify(history, aim):
    """The units asked must be what the target asks for."""
    for name, value in (aim.target["for"].get("where") or {}).items():
        for unit in (aim.units[:-1] or aim.units) if name.startswith("attr.") else ():
            history.voice.attributes(aim.chance, unit.id, aim.first, {name[5:]: value})


def noise(history):
    """Activities that no target asks for."""
    chance = Chance(history.seed, "noise")
    last = min(history.last, history.voice.until)
    for _ in range(history.recipe["noise"]):
        unit, day = chance.one(history.organisers(chance, history.land.top)), chance.between(history.first, last)
        history.voice.activity(chance, unit.id, history.name("hd"), day, {
            "type": chance.one(OTHER), "form": chance.one(("in_person", "in_person", "online", "hybrid"))
            if history.online > 0.1 else "in_person",
            "flags": {"digital": False}, "participants": {"members": chance.between(5, 60)}})


def branches(history):
    """Branches that come, move and close."""
    chance = Chance(history.seed, "branches")
    last = min(history.last, history.voice.until)
    holders = [u for u in history.land.units if u.level in ("commune", "affiliated")][:6]
    for n, holder in enumerate(holders[:3]):
        branch, day = "%s.chi-doan-s%d" % (holder.id, n + 1), chance.between(history.first, last - 1)
        history.voice.say(chance, "unit.registered", "tochuc", day, {
            "unit": branch, "kind": "chi_doan", "level": "branch", "name": {"vi": "Chi đoàn số %d" % (n + 1)},
            "parent": holder.id, "effective": text_of(day)}, branch)
        if history.mood not in ("no_activities", "nothing"):
            history.voice.activity(chance, branch, history.name("hd"), chance.between(day, last), {
                "type": chance.one(OTHER), "flags": {"digital": False}})
        gone = chance.between(day, last)
        if n == 1 and len(holders) > 3:
            history.voice.say(chance, "unit.moved", "tochuc", gone, {
                "unit": branch, "effective": text_of(gone), "parent": holders[3].id, "reason": "sắp xếp lại chi đoàn"}, branch)
        elif n == 2:
            history.voice.say(chance, "unit.closed", "tochuc", gone, {
                "unit": branch, "effective": text_of(gone), "reason": "giải thể"}, branch)


def grant(history):
    """Each source may speak from the first day on; one is granted late, which frees what it said, and one is revoked
    near the end."""
    chance, last = Chance(history.seed, "grants"), min(history.last, history.voice.until)
    late, revoked = chance.some(("danhba", "thongke", "baocao", "hoatdong"), 2)
    for source in ("tochuc", "kehoach", "danhba", "thongke", "baocao", "hoatdong", "taichinh"):
        name, top = "urn:%s:%s" % (history.voice.top, source), history.land.top.id
        day = chance.between(history.first, last) if source == late else history.first
        units = ["*"] if source in ("tochuc", "kehoach") or chance.happens(0.3) else [top]
        history.voice.say(chance, "source.granted", "tochuc", day, {"source": name, "units": units}, ms=0)
        if source == revoked:
            history.voice.say(chance, "source.revoked", "tochuc", last - chance.between(0, 60), {"source": name})


def reference(document, land):
    """The units, and the plan as its publisher would say it."""
    event = {"specversion": "1.0", "id": "plan-%s-v%d" % (document["plan"], document["version"]),
             "source": "urn:%s:kehoach" % document["unit"].split(".")[0], "type": "vn.tiendo.plan.published.v1",
             "subject": document["unit"], "time": document["valid_from"] + "T00:00:00+07:00",
             "actor": "ban-phong-trao", "data": document}
    return land.reference + [json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"]


def history_of(plan, seed, small, until=None, grants=False, targets=None, quiet=()):
    """(reference lines, lines, history) of a plan; `until` is the last day on which something is said, `targets` the
    first and last id of those told, `quiet` units that hold nothing by the way."""
    with open(os.path.join(HERE, "recipes.json"), encoding="utf-8") as file:
        recipe = json.load(file)[plan]
    with open(os.path.join(HERE, "..", "plans", recipe["plan"]), encoding="utf-8") as file:
        document = json.load(file)
    land = Land(recipe["units"], document["unit"], small)
    voice = Voice(seed, plan, document["unit"].split(".")[0], until or day_of(document["last"]) + 60)
    history = History(document, land, voice, recipe, seed)
    history.quiet |= set(quiet)
    if targets:
        history.aims = [aim for aim in history.aims if targets[0] <= aim.target["id"] <= targets[1]]
    tell_all(history)
    if grants:
        grant(history)
    return reference(document, land), voice.text(), history


def history_for(args):
    """What `arguments` said, told."""
    return history_of(args.plan, args.seed, args.small, args.until, args.grants, args.targets, args.quiet)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="a few units of each level")
    parser.add_argument("--until", type=day_of, help="the last day on which something is said")
    parser.add_argument("--targets", nargs=2, metavar=("FIRST", "LAST"), help="tell these targets alone, by id")
    parser.add_argument("--quiet", nargs="+", default=(), metavar="UNIT", help="units that hold nothing by the way")
    parser.add_argument("--grants", action="store_true", help="sources are granted, one late, and one is revoked")
    parser.add_argument("--reference", metavar="FILE", help="units and plan.published; alone it writes nothing else")
    parser.add_argument("--out", metavar="FILE", help="the events (default: standard output)")
    parser.add_argument("--fates", metavar="FILE", help="TSV: target, window, fate")
    return parser


def main():
    args = arguments().parse_args()
    before, lines, history = history_for(args)
    if args.reference:
        write(args.reference, before)
    if args.fates:
        write(args.fates, ["%s\t%s\t%s\t%s\n" % (aim.target["id"], text_of(aim.first), text_of(aim.last), aim.fate)
                           for aim in history.aims])
    if args.out or not (args.reference or args.fates):
        write(args.out or "-", [line + "\n" for line in lines])


def write(path, lines):
    if path == "-":
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        sys.stdout.writelines(lines)
        return
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main()
