"""Coverage of units and of registers: section 5."""
import figures
from activities import compile_filter, unit_field
from figures import nfc, scalar
from figure import Figure, Window
from plans import text_of


class Coverage:
    """The part of Formulas that figures coverages."""

    def unit_matches(self, unit, where, day):
        return compile_filter(where)(lambda name: unit_field(self.units, unit, day, name))

    def entities_matching(self, register, only, day):
        """{unit: [entity]}: those of a register that exist on the day and meet an entity filter, by
        the unit they have on that day."""
        key = (nfc(register), text_of(only or {}), day)
        if key not in self._entities:
            test, found = compile_filter(only), {}
            for e in self.k.entities.get(nfc(register), ()):
                if e.exists(day) and test(e.field(self.units, day)):
                    found.setdefault(e.unit(day), []).append(e)
            self._entities[key] = found
        return self._entities[key]

    def entities_under(self, register, only, asked, of, day, tree):
        """Counted as on A, then placed with t = A."""
        return [e for unit, here in self.entities_matching(register, only, day).items()
                if self.units.stands_under((unit,), asked, of, tree, day, day) for e in here]

    def _coverage(self, f, plan, indicator, unit, w, of, tree):
        """Always of the subtree."""
        if "register" in f:
            return self._of_register(f, unit, w, tree)
        said = f["units"]
        if said.get("below") not in (None, "subtree", "children"):
            raise NotImplementedError("coverage below %s" % said["below"])
        members = [u for u in self.units.members(unit, w.last, tree, said.get("below") == "children")
                   if self.units.matches_level(u, said.get("level"))
                   and self.unit_matches(u, said.get("where"), w.last)]
        records, having, unknown = {self.units.units[u].registered.K for u in members}, 0, []
        for u in members:
            has, decided = self._has(f["have"], plan, indicator, unit, u, w, tree)
            if has:
                having += 1
                if decided is None:
                    records = None
                elif records is not None:
                    records.update(decided)
            elif self._unknown(f["have"], u, w.last):
                unknown.append(u)
        answer = Figure(numerator=having, denominator=len(members), reason="no_units",
                        records=None if records is None else len(records))
        answer.unknown = unknown
        return answer

    def _of_register(self, f, unit, w, tree):
        """Entities on A that have it / all."""
        members = self.entities_under(f["register"], f.get("only"), unit, "subtree", w.last, tree)
        if "named_by" in f["have"]:                             # in the window, whoever held it
            named = {name for fact in self.activities.matching(f["have"]["named_by"])
                     if w.first <= fact.day <= w.last
                     for kind, name, _ in fact.content.outputs if kind == nfc(f["register"])}
            having = [e for e in members if e.id in named]
        else:
            having = self.entities_under(f["register"], {"all": [f.get("only") or {}, f["have"]]}, unit, "subtree", w.last, tree)
        return Figure(numerator=len(having), denominator=len(members), reason="no_units")

    def _unknown(self, have, unit, day):
        """Is an attribute asked for that was never said?"""
        if "attribute" in have:
            return self.units.units[unit].attribute_said(nfc(have["attribute"]), day) is None
        return any(self._unknown(x, unit, day) for x in have.get("any", []) + have.get("all", []))

    def attribute_is(self, unit, said, day):
        """True, False or None (never said), and the record that said it."""
        found = self.units.units[unit].attribute_said(nfc(said["attribute"]), day)
        if found is None:
            return None, []
        wanted = said["is"] if type(said["is"]) is list else [said["is"]]
        return found[2] in [scalar(v) for v in wanted], [found[1]]

    def _has(self, have, plan, indicator, asked, unit, w, tree):
        """(whether the unit has it, the deciding record as a list of at most one; None: not known)."""
        if "any" in have or "all" in have:
            if set(have) not in ({"any"}, {"all"}):
                raise NotImplementedError("have %s" % sorted(have))
            parts = [self._has(x, plan, indicator, asked, unit, w, tree) for x in have.get("any", have.get("all"))]
            good = [decided for has, decided in parts if has]
            if not (good if "any" in have else len(good) == len(parts)):
                return False, []
            keys = None if None in good else [k for ks in good for k in ks]
            return True, keys and [min(keys) if "any" in have else max(keys)]
        if "attribute" in have:
            is_so, decided = self.attribute_is(unit, have, w.last)
            return is_so is True, decided
        if "register" in have:                                  # one such entity of its own
            return bool(self.entities_under(have["register"], have.get("only"), unit, "own", w.last,
                                            None if tree is None else w.last)), None
        if "reached_by" in have:
            first = self._reached(have, asked, w, tree).get(unit)
            return first is not None, [first]
        if "indicator" in have or "formula" in have:
            return self._threshold(have, plan, indicator, unit, w, tree)
        raise NotImplementedError("have %s (indicator %s)" % (sorted(have), indicator.id))

    def _threshold(self, have, plan, indicator, unit, w, tree):
        """The unit's own figure over the window; no data is not having; under any tree but
        as_reported in the tree of A."""
        inner = plan.indicator(have["indicator"]) if "indicator" in have else indicator
        formula = inner.formula if "indicator" in have else have["formula"]
        of, tree = have.get("of", "own"), None if tree is None else w.last
        figure = self.evaluate(plan, inner, unit, w, of, tree, formula)
        target = figures.exact(have["value"])
        test = lambda value: figures.holds(have["comparator"], value, target, bool(have.get("or_more")))
        if not figure.meets(test):
            return False, []
        return True, self._decider(formula, plan, inner, unit, w, of, tree, test)

    def _decider(self, f, plan, indicator, unit, w, of, tree, test):
        """Section 9: the record that brought it to the threshold, in order."""
        if f.get("window") == "plan":
            w = Window(plan.first, w.last, w.asked)
        if f["kind"] == "count" or (f["kind"] == "sum" and f.get("of") != "reported"):
            groups = self.activities.term(f.get("where"), *self._amount(f), credit=f.get("credit"))
            amounts = self.activities.in_order(groups, unit, of, tree, w.first, w.last, f.get("credit"))
        elif f["kind"] == "sum":
            flows = self.reported.flows(plan, indicator, unit, of, tree, w.first, w.asked)
            amounts = sorted((s.K, v * share) for s, v, share in flows)
        else:
            return None
        if test(0):
            return None if amounts else []          # an upper bound: no record decides it
        total = 0
        for K, amount in amounts:
            total += amount
            if test(total):
                return [K]
        return None

    def _reached(self, have, asked, w, tree):
        """unit -> K of the first activity that named it in reached_units (choice 14).
        `each`: only units named by all of them; none held: nobody."""
        by, mode = have.get("by", "own"), have.get("mode", "union")
        if by not in ("own", "subtree", "any") or mode not in ("union", "each"):
            raise NotImplementedError("reached_by %s %s" % (by, mode))
        key = (text_of(have), asked, w.key(), tree)
        if key in self._decided:
            return self._decided[key]
        groups = self.activities.term(have["reached_by"])
        facts = []
        if by == "any":
            for group in groups:
                i, j = group.range(w.first, w.last)
                facts += group.facts[i:j]
        else:
            for group, i, j in self.activities.ranges(groups, asked, by, tree, w.first, w.last):
                facts += group.facts[i:j]
        facts.sort(key=lambda fact: fact.K)
        first, times = {}, {}
        for fact in facts:
            for u in set(fact.content.reached_units):
                first.setdefault(u, fact.K)
                times[u] = times.get(u, 0) + 1
        if mode == "each":
            first = {u: K for u, K in first.items() if times[u] == len(facts)}
        self._decided[key] = first
        return first
