"""Distinct counts: section 5."""
from figure import Figure
from figures import nfc
from plans import text_of


class Sets:
    """The part of Formulas that figures unions of ids."""

    def _distinct(self, f, plan, indicator, unit, w, of, tree):
        """The size of the union of ids over its activities; items with only a count are added
        unless they are ignored, and are an upper bound unless the plan vouches for them."""
        counts = f.get("counts", "upper_bound")
        if counts not in ("upper_bound", "distinct", "ignore"):
            raise NotImplementedError("counts %s" % counts)
        ids, bare, records = set(), 0, 0
        for fact in self.named_facts(f, unit, w, of, tree):
            names, count = self.items(f, fact)
            new = {name for name in names if self.counts_as(f, name, w.last)} - ids
            count = 0 if counts == "ignore" else count
            ids |= new
            bare += count
            records += bool(new) or count != 0              # section 9: the first record naming an id
        answer = Figure(len(ids) + bare, records=records)
        if bare and counts == "upper_bound":
            answer.lower = len(ids)
        return answer

    def named_facts(self, f, unit, w, of, tree):
        """The activities of the figure that name anything, in order."""
        names = f.get("output") if f["of"] == "outputs" else f.get("audiences") if f["of"] == "people" else None
        if names is not None:
            names = tuple(nfc(n) for n in (names if type(names) is list else [names]))
        groups = self.activities.term(f.get("where"), f["of"], names)
        return sorted((group.facts[n] for group, i, j in
                       self.activities.ranges(groups, unit, of, tree, w.first, w.last) for n in range(i, j)),
                      key=lambda fact: fact.K)

    def items(self, f, fact):
        """(ids, number of those without an id) that one activity says."""
        if f["of"] == "reached_units":                      # unknown ones do not count until known
            return {u for u in fact.content.reached_units if u in self.units.units}, 0
        if f["of"] == "outputs":
            said = [(name, count) for kind, name, count in fact.content.outputs
                    if f.get("output") is None or kind == nfc(f["output"])]
            return {name for name, _ in said if name is not None}, sum(c for _, c in said if c is not None)
        audiences = f.get("audiences")
        if audiences is not None:
            audiences = [nfc(a) for a in (audiences if type(audiences) is list else [audiences])]
        said = [(ids, count) for audience, ids, count in fact.content.people
                if audiences is None or audience in audiences]
        return {i for ids, _ in said for i in ids or ()}, sum(c for _, c in said if c is not None)

    def counts_as(self, f, name, day):
        """`only`: ids whose entity exists on A and meets that filter (choice 33)."""
        if f.get("only") is None:
            return True
        key = ("only", nfc(f["output"]), text_of(f["only"]), day)
        if key not in self._decided:
            self._decided[key] = {e.id for here in self.entities_matching(f["output"], f["only"], day).values() for e in here}
        return name in self._decided[key]
