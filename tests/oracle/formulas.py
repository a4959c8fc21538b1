"""The formulas: section 5.  evaluate() gives the figure of a unit over a window.
What the text does not define raises NotImplementedError; no figure is ever guessed."""
import figures
import periods
from activities import Activities
from coverage import Coverage
from figure import Figure, Window, copy
from figures import nfc
from plans import text_of
from reported import Reported
from sets import Sets
from terms import Terms


class Formulas(Coverage, Sets, Terms):
    def __init__(self, knowledge, obligations):
        self.k, self.obligations = knowledge, obligations
        self.units = knowledge.units
        self.activities = Activities(knowledge.units, knowledge.facts)
        self.reported = Reported(knowledge)
        self._memo, self._decided, self._texts, self._entities = {}, {}, {}, {}

    def evaluate(self, plan, indicator, unit, window, of, tree, formula=None):
        """The figure of one indicator (or of a formula inside another) at a unit; tree is None for
        as_reported, else the day of the tree."""
        f = indicator.formula if formula is None else formula
        if f.get("window") == "plan":
            window = Window(plan.first, window.last, window.asked, window.due_last, window.statutory)
        elif f.get("window") is not None:
            raise NotImplementedError("window %r" % (f["window"],))
        key = (plan.K, indicator.id, self._text_of(f), unit, window.key(), of, tree)
        if key not in self._memo:
            build = getattr(self, "_" + str(f["kind"]), None)
            if build is None:
                raise NotImplementedError("formula kind %s (indicator %s)" % (f["kind"], indicator.id))
            self._memo[key] = build(f, plan, indicator, unit, window, of, tree)
        return self._memo[key]

    def _text_of(self, f):
        """The text of a piece of a document, made once for each piece."""
        if id(f) not in self._texts:
            self._texts[id(f)] = (f, text_of(f))
        return self._texts[id(f)][1]

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
        return Figure(*self.activities.total(groups, unit, of, tree, w.first, w.last, f.get("credit")))

    def _sum(self, f, plan, indicator, unit, w, of, tree):
        if f.get("of") == "reported":
            if f.get("covers", "own") != "own":
                raise NotImplementedError("sum of reported that covers %s" % f["covers"])   # not in section 5
            flows = self.reported.flows(plan, indicator, unit, of, tree, w.first, w.asked)
            if not flows:
                return Figure(reason="nothing_said")
            answer = Figure(sum(v * share for _, v, share in flows), len({s.K for s, v, _ in flows if v != 0}),
                            any(share != 1 for _, _, share in flows))
            answer.partial = any(sum(s.last - s.first + 1 for s, _ in self.reported.flows_of(plan, indicator, u, w.first, w.asked))
                                 < w.asked - w.first + 1 for u in {s.unit for s, _, _ in flows})
            return answer
        groups = self.activities.term(f.get("where"), *self._amount(f))
        return Figure(*self.activities.total(groups, unit, of, tree, w.first, w.last))

    def _share(self, f, plan, indicator, unit, w, of, tree):
        """Activities matching both / activities matching `among`."""
        both = self.activities.term({"all": [f.get("where") or {}, f.get("among") or {}]})
        among = self.activities.term(f.get("among"))
        n, _, _ = self.activities.total(both, unit, of, tree, w.first, w.last)
        d, records, apportioned = self.activities.total(among, unit, of, tree, w.first, w.last)
        return Figure(None, records, apportioned, numerator=n, denominator=d, reason="denominator_zero")

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

    # ------------------------------------------------------------ least, money
    def _least(self, f, plan, indicator, unit, w, of, tree):
        """The smallest of the ratios; any of them without data: none."""
        parts = [self.evaluate(plan, plan.indicator(part["indicator"]), unit, w, of, tree, part) for part in f["of"]]
        unknown = next((part for part in parts if part.value is None), None)
        if unknown:
            return unknown
        least = copy(min(parts, key=lambda part: part.value))
        certain = min(part.value if part.lower is None else part.lower for part in parts)
        least.lower = certain if certain < least.value else None    # the least may be that of another part
        return least

    def _money(self, f, plan, indicator, unit, w, of, tree):
        """Allocated over the window's years, with planned (from the document) and spent."""
        lines = {nfc(l) for l in (f["line"] if type(f["line"]) is list else [f["line"]])}
        level = f.get("level") and nfc(f["level"])
        years = range(periods.year_of(w.first, w.statutory),    # not cut at N (choice 36)
                      periods.year_of(w.asked, w.statutory) + 1 if w.asked >= w.first else 0)

        def under(amounts):
            shares = [(a, self.units.share_under(a.unit, unit, of, tree, a.day)) for a in amounts
                      if a.plan == plan.id and a.line in lines and a.year in years
                      and (level is None or self.units.units[a.unit].level == level) and a.day <= self.k.N]
            return [(a, share) for a, share in shares if share]
        allocated = under(self.k.allocations)
        answer = Figure(sum(a.amount * share for a, share in allocated) if allocated else None,
                        apportioned=any(share != 1 for _, share in allocated), reason="nothing_said")
        answer.spent = sum(a.amount * share for a, share in under(self.k.expenses))
        cells = [figures.exact(amount) for row in plan.doc.get("budget") or []
                 if nfc(row["line"]) in lines and (level is None or nfc(row.get("level") or "") == level)
                 for year, amount in row["years"].items() if int(year) in years]
        answer.planned = sum(cells) if cells else None
        return answer

    # ------------------------------------------------------------ kept
    def _kept(self, f, plan, indicator, unit, w, of, tree):
        since = None if f.get("since") is None else figures.exact(f["since"])
        return self.kept(f["of"], since, plan, indicator, unit, w, of, tree)

    def kept(self, formula, since, plan, indicator, unit, w, of, tree, from_day=None):
        """The least value of the formula over the days of the window (of those from `from_day` on);
        days without data are skipped.  `since: n`: from the first day it was >= n; before that the
        figure is today's.  Only days on which the figure may change are looked at."""
        worst, worst_day, today, established = None, None, None, since is None
        for day in self.days_of_change(formula, plan, indicator, w, from_day):
            today = self.evaluate(plan, indicator, unit, Window(w.first, day), of, tree, formula)
            if today.value is None:
                continue
            established = established or today.value >= since
            if established and (from_day is None or day >= from_day) and (worst is None or today.value < worst.value):
                worst, worst_day = today, day
        if worst is None:
            worst = today or Figure(reason="nothing_said")
        answer = copy(worst)
        answer.established, answer.worst_day = established, worst_day
        return answer

    def days_of_change(self, formula, plan, indicator, w, from_day=None):
        """The days of the window on which something may change what the formula says."""
        days = {w.first, from_day or w.first} | set(self.units.bounds) | set(self.units.attribute_days)
        days |= self.days_in(formula, plan, indicator)
        return sorted(day for day in days if w.first <= day <= w.last)

    def days_in(self, formula, plan, indicator):
        """Of the things that one formula looks at: the days at which they are so."""
        key = (plan.K, indicator.id, "days", text_of(formula))
        if key in self._memo:
            return self._memo[key]
        days, pieces = set(), [(formula, indicator)]
        while pieces:
            f, about = pieces.pop()
            if type(f) is list:
                pieces += [(x, about) for x in f]
            if type(f) is not dict:
                continue
            if "indicator" in f:
                about = plan.indicator(f["indicator"])
                if "kind" not in f:
                    pieces.append((about.formula, about))
            if f.get("kind") in ("count", "sum", "distinct", "share", "milestone") or "reached_by" in f or "named_by" in f:
                days |= {fact.day for fact in self.k.facts}
            if "register" in f or "only" in f:
                days |= {day for e in self.k.entities.get(nfc(f.get("register") or f.get("output")), ()) for day in e.days}
            if "statistic" in f:
                days |= {s.as_at for said in self.k.statistics.get(nfc(f["statistic"]), {}).values() for s in said}
            if f.get("kind") == "survey" or f.get("of") == "reported":
                days |= {day for said in self.reported.said(plan, about.id).values() for s in said for day in (s.as_at, s.last)}
            if f.get("kind") in ("money", "milestone", "kept"):
                raise NotImplementedError("kept of %s" % f["kind"])
            pieces += [(x, about) for x in f.values()]
        self._memo[key] = days
        return days
