#!/usr/bin/env python3
"""The reorganisation of 1 July 2025 in the real program: the country of 30 June, a made-up half year, the reform in one
file while questions go on, and a quarter told by the new units. The nation's totals are the same under every tree and
at every moment; the provinces' are those of a recount made straight from the mapping table; one request gives the
bridge from old units to new.

    reform_test.py                       20,000 events
    reform_test.py --events 1000000      a large half year; --communes N asks more of the new communes, --oracle N
                                         puts so many new provinces to the oracle too
"""
import argparse
import os
import random
import sys
import threading
import time
from decimal import Decimal

from program import ROOT, Program, Wrong, add_options, check, say, work_folder
from reform_oracle import Province
from reform_recount import AFTER, BEFORE, NATION, Land, Recount, codes_of, equal_shares

sys.path.insert(0, os.path.join(ROOT, "deploy", "sample"))

import agreement  # noqa: E402
import country  # noqa: E402
import reform  # noqa: E402

PLAN, HALF, YEAR = "twd-2025", "2025-H1", "2025"
EVE, DAY = "2025-06-30", "2025-07-01"


def load(program, name, events, work):
    """Imports them; the seconds until each of them is in the figures."""
    path = os.path.join(work, name + ".ndjson")
    country.write(path, events)
    before, began = sum(program.received().values()), time.monotonic()
    done = program.command("import", path, "--as", name)
    check(done.returncode == 0, "import of %s: %s%s" % (name, done.stdout[-900:], done.stderr[-900:]))
    imported = time.monotonic() - began
    program.wait_current(300, before + len(events), PLAN)
    return imported, time.monotonic() - began


def figure(program, indicator, unit, tree, period=HALF):
    status, said = program.ask("/v1/rollups", plan=PLAN, indicator=indicator, unit=unit, period=period, tree=tree)
    check(status == 200, "%s of %s under %s: %d %s" % (indicator, unit, tree, status, said))
    return said


class Asking(threading.Thread):
    """Asks for the nation's totals, again and again, while the reform is read; a connection of its own."""

    def __init__(self, program, wanted):
        super().__init__()
        self.asker, self.wanted = Program(program.binary, program.data), wanted
        self.asker.port, self.done, self.slowest, self.asked, self.wrong = program.port, threading.Event(), 0.0, 0, []

    def run(self):
        while not self.done.is_set():
            for tree in ("as_reported", EVE, "current"):
                began = time.monotonic()
                try:
                    value = figure(self.asker, "visits", NATION, tree)["value"]
                    if Decimal(value) != self.wanted:
                        self.wrong.append("visits under %s are %s while the reform is read" % (tree, value))
                except (Wrong, OSError) as wrong:
                    self.wrong.append(str(wrong))
                self.slowest, self.asked = max(self.slowest, time.monotonic() - began), self.asked + 1

    def end(self):
        self.done.set()
        self.join()
        check(not self.wrong, "; ".join(self.wrong[:3]))


class Compared:
    def __init__(self):
        self.count, self.found = 0, []

    def same(self, what, said, wanted):
        self.count += 1
        if said is None or Decimal(said) != wanted:
            self.found.append("%s: %s, the recount says %s" % (what, said, wanted))

    def raise_any(self):
        check(not self.found, "%d of %d differ:\n%s" % (len(self.found), self.count, "\n".join(self.found[:20])))


def compare_unit(compared, program, tree, period, unit, totals):
    """The figures of one unit that are sums."""
    count, _ = totals
    at = "of %s in %s under %s" % (unit, period, tree)
    for indicator in ("acts", "visits", "accounts"):
        said = figure(program, indicator, unit, tree, period)["value"]
        if said is not None or indicator != "accounts" or count[indicator][unit]:
            compared.same("%s %s" % (indicator, at), said, count[indicator][unit])
    if count["acts"][unit]:
        said = figure(program, "online", unit, tree, period)
        compared.same("online " + at, said["numerator"], count["online"][unit])
        compared.same("all " + at, said["denominator"], count["acts"][unit])


def compare_whole(compared, program, tree, period, unit, totals):
    """Those that are sets of things or of communes, which stand whole where the parts of a commune lie."""
    count, sites = totals
    at = "of %s in %s under %s" % (unit, period, tree)
    compared.same("sites " + at, figure(program, "sites", unit, tree, period)["value"], len(sites[unit]))
    if period == HALF:
        said = figure(program, "active", unit, tree)
        compared.same("active " + at, said["numerator"], count["active"][unit])
        compared.same("communes " + at, said["denominator"], count["communes"][unit])


class Story:
    """What is loaded, and what the recount says of it before and after."""

    def __init__(self, seed, events):
        self.streams = {"country": list(country.reference()), "half": country.Told(seed).tell(events),
                        "reform": reform.events_of_reform(reform.Country()),
                        "quarter": country.Told(seed, True).tell(events // 4)}
        before, after = codes_of(self.streams["country"], BEFORE), codes_of(self.streams["reform"], AFTER)
        self.land = land = Land(before, after)
        recount = Recount(self.streams["half"], self.streams["quarter"])
        self.old, self.new = (recount.totals(place, land.communes) for place in (land.before, land.after))
        self.years = {tree: recount.totals(place, (), later) for tree, place, later in (
            ("as_reported", land.before, land.new_after), (EVE, land.before, land.new_before),
            ("current", land.after, land.new_after))}


def load_story(program, story, work):
    """The reform, while somebody goes on asking; what was done after it comes last."""
    program.start()
    for name in ("country", "half"):
        say("%s: %d events, imported in %.1f s, in the figures after %.1f s"
            % (name, len(story.streams[name]), *load(program, name, story.streams[name], work)))
    asking = Asking(program, story.old[0]["visits"][NATION])
    asking.start()
    try:
        seconds = load(program, "reform", story.streams["reform"], work)
    finally:
        asking.end()
    say("the reform: %d events, imported in %.1f s, in the figures after %.1f s; %d questions meanwhile, the slowest "
        "%.2f s" % (len(story.streams["reform"]), *seconds, asking.asked, asking.slowest))
    check(asking.asked > 0, "nothing was asked while the reform was read")
    load(program, "quarter", story.streams["quarter"], work)


def compare_trees(compared, program, story):
    """The nation and each province of a tree, in the half year and in the year."""
    land = story.land
    everyone = list(dict.fromkeys(land.provinces + land.provinces_after))
    for tree, units, half in (("as_reported", everyone, story.old), (EVE, land.provinces, story.old),
                              ("current", land.provinces_after, story.new)):
        for unit in [NATION] + units:
            for period, totals in ((HALF, half), (YEAR, story.years[tree])):
                compare_unit(compared, program, tree, period, unit, totals)
                compare_whole(compared, program, tree, period, unit, totals)
        say("%s: the nation and %d provinces asked" % (tree, len(units)))


def compare_communes(compared, program, story, chance, most):
    """New communes, as many of those with parts as of others: their amounts are estimates, yet exact ones."""
    parted = sorted({new for into in story.land.into.values() if len(into) > 1 for new in into})
    others = sorted(set(story.land.communes_after) - set(parted))
    for unit in chance.sample(parted, min(most, len(parted))) + chance.sample(others, min(most, len(others))):
        compare_unit(compared, program, "current", HALF, unit, story.new)
        compare_unit(compared, program, "current", YEAR, unit, story.years["current"])


def compare_bridge(program, story):
    """One request has each old unit with what it became, in shares; an ended district is unplaced at its province."""
    began = time.monotonic()
    status, said = program.ask("/v1/bridge", **{"from": EVE, "to": DAY})
    check(status == 200, "the bridge: %d %s" % (status, said))
    rows, land = {}, story.land
    for row in said["rows"]:
        rows.setdefault(row["from"], {})[row["to"]] = Decimal(row["share"])
        check(row.get("unplaced", False) == (row["from"] in land.districts and row["from"] not in land.into),
              "the bridge says of %s: unplaced %s" % (row["from"], row.get("unplaced")))
    for unit in land.parent:
        parts = land.into.get(unit) or land.into[land.parent[unit]]
        wanted = dict(zip(parts, equal_shares(len(parts)), strict=True))
        check(rows.get(unit) == wanted, "the bridge of %s is %s, the table says %s" % (unit, rows.get(unit), wanted))
    say("bridge: %d rows in one request, %.2f s" % (len(said["rows"]), time.monotonic() - began))


def compare_with_oracle(program, story, chance, most, communes):
    """Some new provinces, drawn from those that were merged."""
    differences, now_ms = agreement.Differences(), int(time.time() * 1000)
    merged = sorted(set(story.land.provinces_after) - set(story.land.provinces))
    for unit in chance.sample(merged, min(most, len(merged))):
        province = Province(story.land, unit)
        view = province.oracle(story.streams, now_ms)
        for period in (HALF, YEAR):
            province.compare(differences, program, view, chance, PLAN, period, communes)
        say("%s, before %s: compared with the oracle" % (province.new, ", ".join(province.old)))
    differences.raise_any()
    say("%d values are the oracle's" % differences.compared)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20000, help="of the half year (default 20000)")
    parser.add_argument("--communes", type=int, default=20, help="new communes asked, of parts and whole (default 20)")
    parser.add_argument("--oracle", type=int, default=1, help="new provinces put to the oracle (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    add_options(parser)
    a = parser.parse_args()
    say("seed %d" % a.seed)
    story, compared, chance = Story(a.seed, a.events), Compared(), random.Random(a.seed)
    with work_folder(a, "reform") as work, Program(a.tiendo, os.path.join(work, "data")) as program:
        load_story(program, story, work)
        compare_trees(compared, program, story)
        compare_communes(compared, program, story, chance, a.communes)
        compared.raise_any()
        say("%d values are the recount's" % compared.count)
        compare_bridge(program, story)
        compare_with_oracle(program, story, chance, a.oracle, a.communes)
        program.terminate()


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit("FAILED: %s" % wrong)
