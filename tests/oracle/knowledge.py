"""What a question knows: sections 1 (keys) and 2 (V, T, N, plan versions, waiting).
Everything here is a replay from zero of the prefix V of the order."""
import periods
from bisect import bisect_right
from figures import nfc, scalar
from declared import entities_of, money_of, statistics_of
from granted import Grants, in_turn, unit_of
from plans import Plan
from tree import units_from, units_of


class NotFound(Exception):
    """unit_unknown, plan_unknown, unit_not_in_tree (404), period_unknown, record_unknown."""


def known(log, as_of, now_ms):
    """Section 2: (V, T).  as_of: None, an instant, a date or stream@position."""
    if as_of is None:
        return log.ordered, now_ms
    stream, at, position = as_of.rpartition("@")
    if at:
        for r in log.streams.get(nfc(stream), ()):
            if r.position == int(position):
                return log.ordered[:bisect_right(log.keys, r.K)], r.K[0]
        raise NotFound("record_unknown")
    day = periods.day_of(as_of)
    moment = periods.midnight_ms(day + 1) - 1 if day is not None else periods.instant_ms(as_of)
    if moment is None:
        raise ValueError("as_of %r" % as_of)
    moment = min(moment, now_ms)                       # a future as_of means now
    return log.ordered[:bisect_right(log.keys, (moment, b"\xff" * 8, 1 << 62))], moment


class Fact:
    """An activity in force: the record that holds, its content, its unit's day."""
    __slots__ = ("K", "unit", "day", "content")


class Report:
    """A report as it stands: section 1, Reports."""

    def __init__(self):
        self.state = None                   # submitted approved reopened returned withdrawn
        self.unit = self.plan = self.period = self.obligation = None
        self.figures = {}                   # indicator -> (figure, the event that said it)
        self.sent = []                      # (sent instant, event, slot) since the last withdrawal
        self.last = None

    @property
    def in_force(self):
        return self.state not in ("returned", "withdrawn")

    def slot(self):
        return self.plan, self.unit, self.period

    def take(self, e):
        kind, data = e.kind.partition(".")[2], e.body
        if kind == "submitted":                         # replaces the whole list of figures
            self.state = "reopened" if self.state in ("approved", "reopened") else "submitted"
            self.unit, self.plan, self.period = nfc(data["unit"]), nfc(data["plan"]), nfc(data["period"])
            self.obligation = nfc(data["obligation"]) if data.get("obligation") is not None else None
            self.figures = {}
        elif kind == "corrected":                       # only the figures it lists
            if self.state == "returned":
                self.state = "submitted"
            elif self.state == "approved":
                self.state = "reopened"
        elif kind == "approved":
            if self.in_force:
                self.state = "approved"
        elif kind == "returned":
            if self.state != "withdrawn":
                self.state = "returned"
        elif kind == "withdrawn":
            self.state, self.sent = "withdrawn", []
        if kind in ("submitted", "corrected"):
            if self.state != "withdrawn":
                self.sent.append((e, kind, self.slot()))
            for figure in data["figures"]:
                indicator = nfc(figure["indicator"])
                if unsaid(figure):
                    self.figures.pop(indicator, None)
                else:
                    self.figures[indicator] = (figure, e)
        self.last = e


def unsaid(figure):
    """A figure whose value (or both of whose counts) is null is not said."""
    if "value" in figure:
        return figure["value"] is None
    return figure["numerator"] is None and figure["denominator"] is None


class Knowledge:
    def __init__(self, log, records, T):
        """`records`: V in order; `T`: the as-of instant."""
        self.T = T
        self.N = periods.local_day(self.T)
        others, activities, reports = {}, {}, {}
        seen = set()
        for r in records:
            e = r.event
            if e is not None and e.kind == "control.rejudged":
                e = log.rejudged(e)
            if e is None:
                continue
            identity = (e.source, e.id)                 # section 1, across streams: the first in order
            if identity in seen:
                continue                                # void: duplicate_across
            seen.add(identity)
            kind = e.kind
            if kind.startswith("activity."):
                key = (e.body.of_source or e.source, e.body.activity)
                activities.setdefault(key, []).append(e)
            elif kind.startswith("report."):
                key = (nfc(e.body.get("of_source") or e.source), nfc(e.body["report"]))
                reports.setdefault(key, []).append(e)
            elif kind != "unit.renamed":
                others.setdefault(kind.partition(".")[0], []).append(e)
        del seen
        self.publications = others.get("publication", [])
        self.grants = Grants(others.get("source", []))
        self.units = self._units(others.get("unit", []))
        here = self.units.units
        self.publications = self._allowed(self.publications)
        self.plans = {}                                 # plan -> {version: Plan}, the last wins
        for e in others.get("plan", []):                # about no unit: choice 30
            self.plans.setdefault(nfc(e.body["plan"]), {})[scalar(e.body["version"])] = Plan(e.body, e.K)
        self.entities = entities_of(self._of_entities(others.get("entity", [])), here)
        self.statistics = statistics_of(self._allowed(others.get("statistic", [])), here)
        self.allocations, self.expenses = money_of(others.get("money", []), here, self._may)
        self.facts = self._facts(activities)
        self.reports = self._reports(reports)

    def _allowed(self, events):
        """Those whose source may speak of their unit."""
        return [e for e in events if self._may(e, [u for u in [unit_of(e)] if u is not None])]

    def _of_entities(self, events):
        """What is said again of an entity is also about the unit that it has by then."""
        good, units = [], {}
        for e in events:
            key = (nfc(e.body["register"]), nfc(e.body["entity"]))
            about = {unit_of(e)} | ({units[key]} if key in units else set())
            if self._may(e, sorted(about)):
                good.append(e)
                units[key] = unit_of(e)
        return good

    def _may(self, e, spoken_of):
        return self.grants.allowed(e, spoken_of, self.units)

    def _units(self, events):
        """Unit records are settled in order, each in the tree of those before it; of a new unit, in
        the tree that it makes itself (choice 30)."""
        good, tree = [], None
        for e in events:
            if not self.grants.free(e):
                if tree is None:
                    tree = units_from(good)
                judged = tree if e.kind != "unit.registered" or units_of(e)[0] in tree.units else units_from(good + [e])
                if not self.grants.allowed(e, units_of(e), judged):
                    continue
            good.append(e)
            tree = None
        return units_from(good)

    def _facts(self, activities):
        """Activities in force on a known unit, in the order of (day, K)."""
        facts = []
        for events in activities.values():
            if len(events) == 1:
                last = events[0]
                if last.kind != "activity.recorded" or not self._may(last, [last.body.unit]):
                    continue                            # waits for its record, or for a grant
            else:
                turn = in_turn(events, "activity.recorded", self._may)
                if not turn:
                    continue
                last = turn[-1]
            if last.kind == "activity.cancelled" or last.body.unit not in self.units.units:
                continue
            f = Fact()
            f.K, f.unit, f.day, f.content = last.K, last.body.unit, last.body.day, last.body
            facts.append(f)
        facts.sort(key=lambda f: (f.day, f.K))
        return facts

    def _reports(self, reports):
        """Reports with a base, a known unit, a known plan and a period the plan can name."""
        answer = []
        for key in sorted(reports):
            turn = in_turn(reports[key], "report.submitted", self._may)
            if not turn:
                continue
            report = Report()
            for e in turn:
                report.take(e)
            if report.unit in self.units.units and any(
                    periods.days_in_plan(report.period, p) for p in self.plans.get(report.plan, {}).values()):
                answer.append(report)
        return answer

    def version(self, plan, period):
        """Section 2, plan version -> (Plan, (first, last) of the asked period): the greatest
        valid_from not after the last day asked for (ties: last in order); if all begin later, the
        one that begins first.  Without a period: the year of N (section 3)."""
        versions = self.plans.get(nfc(plan))
        if not versions:
            raise NotFound("plan_unknown")
        latest_first = sorted(versions.values(), key=lambda p: (p.valid_from, p.K), reverse=True)
        first = min(p.valid_from for p in latest_first)
        fallback = next(p for p in latest_first if p.valid_from == first)
        for p in latest_first:
            days = self.asked_days(p, period)
            if days and p.valid_from <= days[1]:
                return p, days
        days = self.asked_days(fallback, period)
        if not days:
            raise NotFound("period_unknown")
        return fallback, days

    def asked_days(self, plan, period):
        if period is None:
            return periods.year_days(periods.year_of(self.N, plan.statutory), plan.statutory)
        return periods.days_in_plan(nfc(period), plan)
