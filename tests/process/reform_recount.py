"""A small recount of the half year of deploy/sample/country.py, straight from the tables of deploy/units/reform-2025.

It knows four things: an activity's last word holds, a quarter's last figure holds, who was below whom on 30 June, and
which unit became which. Amounts are exact; units are named by code.
"""
import collections
import os
from decimal import Decimal

from program import ROOT

TABLES = os.path.join(ROOT, "deploy", "units", "reform-2025")
BEFORE, AFTER = "gso-2025-06", "gso-2025-07"
NATION = ""


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
    """Below whom a unit of 30 June stands, on that day and on the day after."""

    def __init__(self):
        self.parent = {code: parent for code, parent, _ in table("before")}
        self.parent_after = {code: row[0] for code, *row in table("after")}
        self.into = collections.defaultdict(list)
        for old, new in table("pairs"):
            self.into[old].append(new)

    def before(self, code):
        """[(unit, share)]: the unit and all above it."""
        above = [code]
        while above[-1]:
            above.append(self.parent[above[-1]])
        return [(unit, Decimal(1)) for unit in above]

    def after(self, code):
        """[(unit, share)] in the new tree; a district's own work stands with its province."""
        if code not in self.into:
            code = self.parent[code]
        found = collections.Counter()
        for part, share in zip(self.into[code], equal_shares(len(self.into[code])), strict=True):
            above = part
            while above:
                found[above] += share
                above = self.parent_after[above]
            found[NATION] += share
        return found.items()


class Recount:
    """Totals of every unit under one tree: {indicator: {code: value or (numerator, denominator)}}."""

    def __init__(self, events, codes):
        self.code_of = {unit: code for code, unit in codes.items()}
        self.communes = [code for code in codes if len(code) == 5]
        self.acts, self.accounts = {}, {}
        for event in events:
            data, what = event["data"], event["type"].split("vn.tiendo.")[1]
            if what in ("activity.recorded.v1", "activity.corrected.v1"):
                self.acts[data["activity"]] = data
            elif what == "activity.cancelled.v1":
                del self.acts[data["activity"]]
            else:
                self.accounts[data["unit"], data["period"]] = data["figures"][0]["value"]

    def totals(self, place):
        count = collections.defaultdict(collections.Counter)
        sites = collections.defaultdict(set)
        for act in self.acts.values():
            people = sum(act["participants"].values())
            for unit, share in place(self.code_of[act["unit"]]):
                count["acts"][unit] += share
                count["visits"][unit] += share * people
                count["online"][unit] += share * (act["form"] == "online")
                sites[unit].update(output["id"] for output in act.get("outputs", ()))
        for (unit, _), value in self.accounts.items():
            for above, share in place(self.code_of[unit]):
                count["accounts"][above] += share * value
        active = {self.code_of[act["unit"]] for act in self.acts.values()}
        for code in self.communes:
            for unit, _ in place(code):
                count["communes"][unit] += 1
                count["active"][unit] += code in active
        return count, sites
