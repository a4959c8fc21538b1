"""A new province of the reform asked of the oracle too: of the provinces it is made of, the communes and the figures.

The oracle is too slow for the country, and what happens elsewhere changes nothing in a province: it is given the
records of that province alone.
"""
import json

import agreement

INDICATORS = ("acts", "visits", "accounts", "online", "sites", "active")


def province_of(event):
    """The province in whose name a unit's id begins; the plan and the Central Union are everybody's."""
    return event.get("subject", "").split(".")[0]


class Province:
    """The records of one new province and of those before it."""

    def __init__(self, land, unit):
        self.new, self.old = unit, [old for old, into in land.into.items() if into == [unit]]
        self.whose = {"", "twd", self.new, *self.old}
        self.communes = [commune for commune in land.communes_after if land.parent_after[commune] == unit]

    def oracle(self, streams, now_ms):
        """Records keep their streams' names and their order."""
        records = []
        for name, events in streams.items():
            mine = [event for event in events if province_of(event) in self.whose]
            records += [agreement.oracle_record("import:" + name, i, now_ms, json.dumps(event).encode())
                        for i, event in enumerate(mine)]
        return agreement.Oracle(records).view(None, now_ms)

    def compare(self, differences, program, view, chance, plan, period, communes):
        """Each old and the new province under the trees they are in, some new communes under today's."""
        asked = [(tree, unit) for tree in ("as_reported", "2025-06-30") for unit in self.old]
        asked += [(tree, self.new) for tree in ("as_reported", "current")]
        asked += [("current", unit) for unit in chance.sample(self.communes, min(communes, len(self.communes)))]
        for tree, unit in asked:
            for indicator in INDICATORS:
                for of in ("subtree",) if indicator == "active" else ("own", "subtree"):
                    agreement.compare_rollup(differences, program, view, plan, indicator, unit, period, of, tree, None)
