"""Why a figure changed between two moments: section 9, by literal replay record by record."""
from fractions import Fraction

import figures
import periods
from figures import nfc
from knowledge import NotFound, known
from plans import whole

HUNDREDTH = Fraction(1, 100)


class MomentsReversed(Exception):
    """V1 does not lie within V2."""


class Reading:
    """The figure at one step; no data and what is unknown count as 0 between the ends."""

    def __init__(self, figure):
        said = figure is not None
        self.reason = figure.reason if said else None
        self.value = figure.value if said else None
        self.numerator, self.denominator = (figure.numerator, figure.denominator) if said else (None, None)
        self.percent = said and figure.percent and (figure.value is not None or any((self.numerator, self.denominator)))

    def said(self):
        return self.value, self.numerator or 0, self.denominator or 0

    def numbers(self):
        return [x or 0 for x in (self.value, self.numerator, self.denominator)]

    def less(self, other):
        return [a - b for a, b in zip(self.numbers(), other.numbers())]


class Part:
    def __init__(self, cause):
        self.cause, self.change, self.records = cause, [0, 0, 0], []

    def add(self, change, record):
        self.change = [a + b for a, b in zip(self.change, change)]
        if record is not None:
            self.records.append((record, change))


class Replay:
    """All views between two moments, each made once."""

    def __init__(self, log, make_view, as_of_1, as_of_2, now_ms):
        self.fill(make_view, *known(log, as_of_1, now_ms), *known(log, as_of_2, now_ms))

    @classmethod
    def between(cls, make_view, first, T1, last, T2):
        """Between two sets V with their moments T."""
        replay = cls.__new__(cls)
        replay.fill(make_view, first, T1, last, T2)
        return replay

    def fill(self, make_view, first, T1, last, T2):
        if len(first) > len(last) or T1 > T2:
            raise MomentsReversed()
        self.T1, self.T2, self.records = T1, T2, last[len(first):]
        self.N1 = periods.local_day(self.T1)
        self.before = make_view(first, self.T1)
        self.steps = [(None, make_view(first, self.T2))]            # 1: the clock
        for n, r in enumerate(self.records):                        # 2: the records of V2 \ V1 in order
            quiet = r.event is None
            self.steps.append((r, self.steps[-1][1] if quiet else make_view(last[:len(first) + n + 1], self.T2)))
        self.earlier = [r for r in first if r.event]

    def changes(self, plan, indicator, unit, period, of="subtree", tree="as_reported"):
        before, after, parts = self.parts(plan, indicator, lambda view: view.figure(plan, indicator, unit, period, of, tree))
        return {**self.shown(before, after, parts), "targets": self.targets(plan, indicator, period)}

    def parts(self, plan, indicator, figure_of):
        """(reading before, reading after, [Part] in the order of their first steps) of any figure that
        rests on an indicator."""
        def read(view):
            try:
                return Reading(figure_of(view))
            except NotFound:
                return Reading(None)
        before = now = read(self.before)
        parts, said = {}, list(self.earlier)
        wanted = self.indicators_of(plan, indicator)
        for r, view in self.steps:
            after = now if r is not None and r.event is None else read(view)
            change = after.less(now)
            if after.said() != now.said():                  # also from no data to 0
                cause = "time_passed" if r is None else self.cause(r, said, view, wanted)
                parts.setdefault(cause, Part(cause)).add(change, r)
            if r is not None and r.event is not None:
                said.append(r)
            now = after
        return before, now, list(parts.values())

    def refused(self, at_end, *question):
        """Is the question refused at the later, or the earlier, moment?"""
        try:
            (self.steps[-1][1] if at_end else self.before).figure(*question)
        except NotFound:
            return True
        return False

    @staticmethod
    def shown(before, after, parts):
        percent = before.percent or after.percent or any(any(p.change[1:]) for p in parts)
        show = figures.show_percent if percent else figures.show_exact
        both = before.value is not None and after.value is not None
        shown = [None] * len(parts)
        if both and percent:
            difference = Fraction(str(show(after.value))) - Fraction(str(show(before.value)))
            shown = figures.largest_remainder([p.change[0] for p in parts], HUNDREDTH, difference) if parts else []
        elif both:
            difference = after.value - before.value
            shown = [p.change[0] for p in parts]
        whole_change = after.less(before)
        counts = lambda change: [figures.show_exact(c) if percent else None for c in change[1:]]
        rows = []
        for part, difference_shown in zip(parts, shown):
            n, d = counts(part.change)
            rows.append({"cause": part.cause, "difference": figures.show_exact(difference_shown), "numerator": n, "denominator": d,
                         "records": [{"stream": r.stream, "position": r.position} for r, _ in part.records]})
        n, d = counts(whole_change)
        return {"before": show(before.value), "after": show(after.value),
                "difference": figures.show_exact(difference) if both else None, "numerator": n, "denominator": d,
                "parts": rows}

    def targets(self, plan, indicator, period):
        """Targets of the indicator that the versions of the two moments have otherwise."""
        def known_of(view):
            try:
                version, _ = view.knowledge.version(plan, period)
            except NotFound:
                return {}
            return {nfc(t["id"]): (t.get("comparator"), None if t.get("value") is None else figures.exact(t["value"]))
                    for t in version.targets if nfc(t["indicator"]) == nfc(indicator)}
        before, after = known_of(self.before), known_of(self.steps[-1][1])
        show = lambda said: said and figures.show_exact(said[1])
        return [{"target_id": t, "before": show(before.get(t)), "after": show(after.get(t)), "difference": 0}
                for t in sorted(set(before) | set(after)) if before.get(t) != after.get(t)]

    def indicators_of(self, plan, indicator):
        """The indicators a figure rests on, in any version known at the end."""
        wanted, pieces = {nfc(indicator)}, []
        for version in self.steps[-1][1].knowledge.plans.get(nfc(plan), {}).values():
            if nfc(indicator) in version.indicators:
                pieces.append((version, version.indicator(indicator).formula))
        while pieces:
            version, f = pieces.pop()
            for part in f.values() if type(f) is dict else f:
                if type(part) in (dict, list):
                    pieces.append((version, part))
            name = nfc(f["indicator"]) if type(f) is dict and type(f.get("indicator")) is str else None
            if name and name not in wanted and name in version.indicators:
                wanted.add(name)
                pieces.append((version, version.indicator(name).formula))
        return wanted

    # ------------------------------------------------------------ causes
    def cause(self, r, said, view, wanted):
        """Section 9: the cause of a record, by what was said before it."""
        e = r.event
        what, _, act = e.kind.partition(".")
        if what in ("source", "plan", "control"):
            return {"source": "grant", "plan": "definition", "control": "rejudged"}[what]
        if act in ("cancelled", "withdrawn", "returned"):
            return "duplicate" if act == "cancelled" and e.body.duplicate_of is not None else "cancellation"
        if act == "corrected":
            return "correction"
        keys = keys_of(e, wanted)
        if what == "unit" and act != "attributes_set":
            return "registration" if act == "registered" and not any(
                x.event.kind == e.kind and keys_of(x.event, wanted) == keys for x in said) else "reorganisation"
        if any(keys <= keys_of(x.event, wanted) or self.again(e, x.event, wanted) for x in said if x.event.kind.partition(".")[0] == what):
            return "correction"
        return "late_report" if day_said(e, wanted, view) <= self.N1 else "new_report"

    @staticmethod
    def again(e, earlier, wanted):
        """Has one of its keys been said again?"""
        return bool(keys_of(e, wanted) & keys_of(earlier, wanted))


def keys_of(e, wanted):
    """Section 1: the keys under which a record says something."""
    body, kind = e.body, e.kind
    if kind in ("activity.recorded", "activity.corrected", "activity.cancelled"):
        return frozenset([(body.of_source or e.source, body.activity)] if kind == "activity.recorded" else [])
    if kind.startswith("report."):
        if kind != "report.submitted":
            return frozenset()
        slot = nfc(body["plan"]), nfc(body["unit"]), nfc(body["period"])
        return frozenset([("report", e.source, nfc(body["report"]))] + [
            ("figure", *slot, nfc(f["indicator"])) for f in body["figures"] if nfc(f["indicator"]) in wanted])
    if kind == "unit.registered":
        return frozenset([("unit", nfc(body["unit"]))] + attributes_of(body))
    if kind == "unit.attributes_set":
        return frozenset(attributes_of(body))
    if kind.startswith("entity."):
        return frozenset([(nfc(body["register"]), nfc(body["entity"]), body["effective"])])
    if kind == "statistic.declared":
        return frozenset([(nfc(body["statistic"]), nfc(body["unit"]), body["as_at"])])
    if kind == "money.allocated":
        return frozenset([(kind, nfc(body["plan"]), nfc(body["line"]), nfc(body["unit"]), whole(body["year"]))])
    if kind == "money.spent" and body.get("entry") is not None:
        return frozenset([(kind, e.source, nfc(body["entry"]))])
    return frozenset([(kind, e.K)])


def attributes_of(body):
    return [("attribute", nfc(body["unit"]), nfc(k), body["effective"]) for k in body.get("attributes") or {}]


def day_said(e, wanted, view):
    """Section 3: the day of what is said for the first time."""
    body, kind = e.body, e.kind
    if kind.startswith("activity."):
        return body.day
    if kind.startswith(("entity.", "unit.")):
        return periods.day_of(body["effective"])
    if kind == "statistic.declared":
        return periods.day_of(body["as_at"])
    said = periods.local_day(e.sent_ms())
    if kind.startswith("money."):
        return min(periods.fixed_days(str(whole(body["year"])))[1], said)
    for f in body["figures"]:
        if nfc(f["indicator"]) in wanted and f.get("as_at") is not None:
            return periods.day_of(f["as_at"])
    days = [periods.days_in_plan(nfc(body["period"]), p) for p in view.knowledge.plans.get(nfc(body["plan"]), {}).values()]
    return min([last[1] for last in days if last][:1] + [said])
