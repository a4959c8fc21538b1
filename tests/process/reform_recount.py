"""A small recount of the year of deploy/sample/country.py, straight from the tables of deploy/units/reform-2025.

It knows four things: an activity's last word holds, a quarter's last figure holds, who was below whom before and after,
and which unit became which. Amounts are exact. Codes are only read here; everything is named by unit.
"""
import collections
import os
from decimal import Decimal

from program import ROOT

TABLES = os.path.join(ROOT, "deploy", "units", "reform-2025")
BEFORE, AFTER = "gso-2025-06", "gso-2025-07"
NATION = "twd"


def table(name):
    with open(os.path.join(TABLES, name + ".tsv"), encoding="utf-8") as opened:
        return [line.rstrip("\n").split("\t") for line in opened if not line.startswith("#")]


def codes_of(events, catalogue):
    """{code: unit} of one catalogue: the same code in another names another unit."""
    return {code["code"]: event["data"]["unit"] for event in events
            for code in event["data"].get("codes", ()) if code["catalogue"] == catalogue}


def equal_shares(parts):
    """Equal shares of a millionth's precision that add up to 1, the rest to the first ones."""
    millionths = [1000000 // parts + (i < 1000000 % parts) for i in range(parts)]
    return [Decimal(m) / 1000000 for m in millionths]


class Land:
    """Below whom a unit stands before and after; `into` says which unit became which."""

    def __init__(self, before, after):
        self.parent = {before[code]: before.get(parent, NATION) for code, parent, _ in table("before")}
        self.parent_after = {after[code]: after.get(parent, NATION) for code, parent, *_ in table("after")}
        self.communes = [unit for code, unit in before.items() if len(code) == 5]
        self.districts = {unit for code, unit in before.items() if len(code) == 3}
        self.provinces = [unit for code, unit in before.items() if len(code) == 2]
        self.provinces_after = [unit for code, unit in after.items() if len(code) == 2]
        self.communes_after = [unit for code, unit in after.items() if len(code) == 5]
        self.into, self.out_of = collections.defaultdict(list), collections.defaultdict(list)
        for old, new in table("pairs"):
            self.into[before[old]].append(after[new])
            self.out_of[after[new]].append(before[old])

    def above(self, unit, parents):
        chain = [unit]
        while chain[-1] != NATION:
            chain.append(parents[chain[-1]])
        return chain

    def before(self, unit):
        """[(unit, share)] for what an old unit did, in the old tree: itself and all above it."""
        return [(at, Decimal(1)) for at in self.above(unit, self.parent)]

    def after(self, unit):
        """... in the new tree: what a district did stands with its province."""
        if unit not in self.into:
            unit = self.parent[unit]
        found = collections.Counter()
        for part, share in zip(self.into[unit], equal_shares(len(self.into[unit])), strict=True):
            for at in self.above(part, self.parent_after):
                found[at] += share
        return found.items()

    def new_after(self, unit):
        """[(unit, share)] for what a new unit did, in the new tree."""
        return [(at, Decimal(1)) for at in self.above(unit, self.parent_after)]

    def new_before(self, unit):
        """... in the old tree: with the one unit it was, else where all that it was made of lie."""
        chains = [self.above(old, self.parent) for old in self.out_of[unit]]
        return [(at, Decimal(1)) for at in chains[0] if all(at in chain for chain in chains)]


class Recount:
    """The last words of the half year and of the quarter after it."""

    def __init__(self, half, quarter):
        self.accounts = {}
        self.acts, self.later_acts = self.last_words(half), self.last_words(quarter)

    def last_words(self, events):
        acts = {}
        for event in events:
            data, what = event["data"], event["type"].split("vn.tiendo.")[1]
            if what in ("activity.recorded.v1", "activity.corrected.v1"):
                acts[data["activity"]] = data
            elif what == "activity.cancelled.v1":
                del acts[data["activity"]]
            else:
                self.accounts[data["unit"], data["period"]] = data["figures"][0]["value"]
        return acts

    def totals(self, place, communes, place_later=None):
        """({indicator: {unit: amount}}, {unit: its sites}) of the half year, or with `place_later` of the year."""
        count = collections.defaultdict(collections.Counter)
        sites = collections.defaultdict(set)
        placed = [(act, place(act["unit"])) for act in self.acts.values()]
        placed += [(act, place_later(act["unit"])) for act in self.later_acts.values()] if place_later else []
        for act, places in placed:
            people = sum(act["participants"].values())
            for unit, share in places:
                count["acts"][unit] += share
                count["visits"][unit] += share * people
                count["online"][unit] += share * (act["form"] == "online")
                sites[unit].update(output["id"] for output in act.get("outputs", ()))
        for (unit, _), value in self.accounts.items():
            for above, share in place(unit):
                count["accounts"][above] += share * value
        active = {act["unit"] for act in self.acts.values()}
        for commune in communes:
            for unit, _ in place(commune):
                count["communes"][unit] += 1
                count["active"][unit] += commune in active
        return count, sites
