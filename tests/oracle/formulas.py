"""The formulas: section 5.  evaluate() gives the figure of a unit over a window.
Kinds that are not built raise NotImplementedError; no figure is ever guessed."""
from fractions import Fraction

import figures
from activities import Activities, compile_filter, unit_field
from figures import nfc
from plans import text_of
from reported import Reported


class Figure:
    """value, or numerator and denominator (value is then the percentage); `reason` of no data;
    `records`: number of contributors of an amount other than 0, None if not worked out."""

    def __init__(self, value=None, numerator=None, denominator=None, reason=None, records=None):
        self.numerator, self.denominator, self.records = numerator, denominator, records
        self.percent = denominator is not None
        if self.percent and denominator != 0:
            value = Fraction(100) * numerator / denominator
        self.value = value
        self.reason = reason if value is None else None
        self.done_on = None             # milestone
        self.established = True         # kept
        self.worst_day = None


class Window:
    """[first, last] of the days that count (last is A), and `asked`: the window's last day before
    it was cut at N (sums of reported figures ask for it)."""

    def __init__(self, first, last, asked=None, due_last=None):
        self.first, self.last, self.asked = first, last, last if asked is None else asked
        self.due_last = last if due_last is None else due_last      # milestones: L of the target

    def key(self):
        return self.first, self.last, self.asked, self.due_last


class Formulas:
    def __init__(self, knowledge, obligations):
        self.k, self.obligations = knowledge, obligations
        self.units = knowledge.units
        self.activities = Activities(knowledge.units, knowledge.facts)
        self.reported = Reported(knowledge)
        self._memo, self._decided = {}, {}

    def evaluate(self, plan, indicator, unit, window, of, tree, formula=None):
        """The figure of one indicator (or of a formula inside another) at a unit; tree is None for
        as_reported, else the day of the tree."""
        f = indicator.formula if formula is None else formula
        if f.get("window") == "plan":
            window = Window(plan.first, window.last, window.asked, window.due_last)
        elif f.get("window") is not None:
            raise NotImplementedError("window %r" % (f["window"],))
        key = (plan.K, indicator.id, text_of(f), unit, window.key(), of, tree)
        if key not in self._memo:
            build = getattr(self, "_" + str(f["kind"]), None)
            if build is None:
                raise NotImplementedError("formula kind %s (indicator %s)" % (f["kind"], indicator.id))
            self._memo[key] = build(f, plan, indicator, unit, window, of, tree)
        return self._memo[key]

    # ------------------------------------------------------------ activities
    def _amount(self, f):
        """(amount, names) of a count or a sum of activities."""
        if f["kind"] == "count":
            return "one", None
        names = f.get({"participants": "audiences", "outputs": "output"}.get(f["of"], ""))
        if names is not None:
            names = tuple(nfc(n) for n in (names if type(names) is list else [names]))
        return f["of"], names

    def _count(self, f, plan, indicator, unit, w, of, tree):
        groups = self.activities.term(f.get("where"), *self._amount(f), credit=f.get("credit"))
        value, records = self.activities.total(groups, unit, of, tree, w.first, w.last)
        return Figure(value, records=records)

    def _sum(self, f, plan, indicator, unit, w, of, tree):
        if f.get("of") == "reported":
            if f.get("covers", "own") != "own":
                raise NotImplementedError("sum of reported that covers %s" % f["covers"])
            flows = self.reported.flows(plan, indicator, unit, of, tree, w.first, w.asked)
            if not flows:
                return Figure(reason="nothing_said")
            return Figure(sum(v for _, v in flows), records=len({s.K for s, v in flows if v != 0}))
        groups = self.activities.term(f.get("where"), *self._amount(f))
        value, records = self.activities.total(groups, unit, of, tree, w.first, w.last)
        return Figure(value, records=records)

    def _share(self, f, plan, indicator, unit, w, of, tree):
        """Activities matching both / activities matching `among`."""
        both = self.activities.term({"all": [f.get("where") or {}, f.get("among") or {}]})
        among = self.activities.term(f.get("among"))
        n, _ = self.activities.total(both, unit, of, tree, w.first, w.last)
        d, records = self.activities.total(among, unit, of, tree, w.first, w.last)
        return Figure(numerator=n, denominator=d, reason="denominator_zero", records=records)

    def _milestone(self, f, plan, indicator, unit, w, of, tree):
        """1 if done by the last day of the window, else 0; done_on."""
        if f.get("obligation") is not None:
            done = self.obligations.done(plan, f, unit, of, tree, w)
        else:
            groups = self.activities.term(f.get("where"), credit=f.get("credit"))
            found = self.activities.earliest(groups, unit, of, tree, w.first, w.last)
            done = found and found[0]
        answer = Figure(0 if done is None else 1, records=0 if done is None else 1)
        answer.done_on = done
        return answer

    def _reference(self, f, plan, indicator, unit, w, of, tree):
        """Shown, never judged; `of` is a formula or nothing."""
        if f.get("of") is None:
            return Figure(reason="nothing_said")
        return self.evaluate(plan, indicator, unit, w, of, tree, f["of"])

    # ------------------------------------------------------------ coverage of units
    def unit_matches(self, unit, where, day):
        return compile_filter(where)(lambda name: unit_field(self.units, unit, day, name))

    def _coverage(self, f, plan, indicator, unit, w, of, tree):
        """Units that exist on A, match and lie in the subtree, that have it / all of them.
        Always of the subtree."""
        if "units" not in f:
            raise NotImplementedError("coverage of a register (indicator %s)" % indicator.id)
        said = f["units"]
        if said.get("below") not in (None, "subtree", "children"):
            raise NotImplementedError("coverage below %s" % said["below"])
        members = [u for u in self.units.members(unit, w.last, tree, said.get("below") == "children")
                   if self.units.matches_level(u, said.get("level"))
                   and self.unit_matches(u, said.get("where"), w.last)]
        records, having = {self.units.units[u].registered.K for u in members}, 0
        for u in members:
            has, decided = self._has(f["have"], plan, indicator, unit, u, w, tree)
            if has:
                having += 1
                if decided is None:
                    records = None
                elif records is not None:
                    records.update(decided)
        return Figure(numerator=having, denominator=len(members), reason="no_units",
                      records=None if records is None else len(records))

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
        if figure.value is None or not test(figure.value):
            return False, []
        return True, self._decider(formula, plan, inner, unit, w, of, tree, test)

    def _decider(self, f, plan, indicator, unit, w, of, tree, test):
        """Section 9: the record that brought it to the threshold, in order."""
        if f.get("window") == "plan":
            w = Window(plan.first, w.last, w.asked)
        if f["kind"] == "count" or (f["kind"] == "sum" and f.get("of") != "reported"):
            groups = self.activities.term(f.get("where"), *self._amount(f), credit=f.get("credit"))
            amounts = self.activities.in_order(groups, unit, of, tree, w.first, w.last)
        elif f["kind"] == "sum":
            flows = self.reported.flows(plan, indicator, unit, of, tree, w.first, w.asked)
            amounts = sorted((s.K, v) for s, v in flows)
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

    # ------------------------------------------------------------ kept
    def _kept(self, f, plan, indicator, unit, w, of, tree):
        since = None if f.get("since") is None else figures.exact(f["since"])
        return self.kept(f["of"], since, plan, indicator, unit, w, of, tree)

    def kept(self, formula, since, plan, indicator, unit, w, of, tree):
        """The least value of the formula over the days of the window; days without data are
        skipped.  `since: n`: from the first day it was >= n; before that the figure is today's."""
        worst, worst_day, today, established = None, None, None, since is None
        for day in range(w.first, w.last + 1):
            today = self.evaluate(plan, indicator, unit, Window(w.first, day), of, tree, formula)
            if today.value is None:
                continue
            established = established or today.value >= since
            if established and (worst is None or today.value < worst.value):
                worst, worst_day = today, day
        if worst is None:
            worst = today or Figure(reason="nothing_said")
        answer = Figure(worst.value, worst.numerator, worst.denominator, worst.reason, worst.records)
        answer.established, answer.worst_day = established, worst_day
        return answer
