"""The units of a history: a plan's top unit and what lies below it, all of it or a small part."""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = os.path.join(HERE, "..", "..", "units")
SMALL = {"province": 4, "district": 3, "affiliated": 2, "commune": 3}  # children of a level that a small land keeps


class Unit:
    __slots__ = ("id", "kind", "level", "parent", "attributes", "lines", "below")

    def __init__(self, data, line):
        self.id, self.kind, self.level, self.parent = data["unit"], data["kind"], data["level"], data["parent"]
        self.attributes, self.lines, self.below = dict(data.get("attributes", {})), [line], []


class Land:
    def __init__(self, file, top, small):
        self.of = {}
        with open(os.path.join(UNITS, file), encoding="utf-8") as lines:
            for line in lines:
                data = json.loads(line)["data"]
                if data["unit"] not in self.of:
                    self.of[data["unit"]] = Unit(data, line)
                else:
                    self.of[data["unit"]].lines.append(line)
                    self.of[data["unit"]].parent = data.get("parent", self.of[data["unit"]].parent)
        for unit in self.of.values():
            if unit.parent in self.of:
                self.of[unit.parent].below.append(unit)
        self.top = self.of[top]
        self.units = list(self.walk(self.top, small))
        above, unit = [], self.top
        while unit.parent in self.of:
            unit = self.of[unit.parent]
            above.insert(0, unit)
        self.reference = [line for unit in above + self.units for line in unit.lines]

    def walk(self, unit, small):
        """The unit and what is kept below it, parents first."""
        yield unit
        kept = {}
        for child in unit.below:
            kept[child.level, child.kind] = n = kept.get((child.level, child.kind), 0) + 1
            if not small or n <= SMALL.get(child.level, 1):
                yield from self.walk(child, small)

    def get(self, unit):
        """A unit's fields as filters name them."""
        def field(name):
            if name.startswith("attr."):
                return unit.attributes.get(name[5:])
            if name == "parent_level":
                return self.of[unit.parent].level if unit.parent in self.of else None
            return {"level": unit.level, "kind": unit.kind}.get(name)
        return field

    def at(self, level, below=None):
        """Units of a level (one, several, or any) that are kept, in or below `below`."""
        levels = level if type(level) is list else [level]
        return [u for u in self.units if ("any" in levels or level is None or u.level in levels)
                and (below is None or self.lies_in(u, below))]

    def lies_in(self, unit, above):
        while unit is not None:
            if unit is above:
                return True
            unit = self.of.get(unit.parent)
        return False
