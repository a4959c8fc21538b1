"""Reported figures: sections 1 (last said wins), 3 (as_at), 5 (sum of reported, covers) and 8
(figure_unusable)."""
import figures
import periods


class Said:
    """One reported figure in force: what was said last for (plan, indicator, unit, period)."""
    __slots__ = ("unit", "period", "figure", "K", "as_at", "first", "last")


class Reported:
    def __init__(self, knowledge):
        self.k, self._said = knowledge, {}

    def said(self, plan, indicator):
        """unit -> [Said], over all reports in force of this plan."""
        key = (plan.K, indicator)
        if key in self._said:
            return self._said[key]
        winners = {}
        for report in self.k.reports:
            if report.plan != plan.id or not report.in_force or indicator not in report.figures:
                continue
            days = periods.days_in_plan(report.period, plan)
            if not days:
                continue
            figure, e = report.figures[indicator]
            s = Said()
            s.unit, s.period, s.figure, s.K = report.unit, report.period, figure, e.K
            s.first, s.last = days
            # section 3: the earlier of the period's last day and the local day it was said
            s.as_at = (periods.day_of(figure["as_at"]) if figure.get("as_at") is not None
                       else min(s.last, periods.local_day(e.sent_ms())))
            other = winners.get((s.unit, s.period))
            if other is None or other.K < s.K:
                winners[s.unit, s.period] = s
        answer = {}
        for s in winners.values():
            answer.setdefault(s.unit, []).append(s)
        self._said[key] = answer
        return answer

    @staticmethod
    def usable_value(said, measure, covers):
        """The value, or None where it is a finding figure_unusable."""
        figure = said.figure
        if figure.get("value") is None or figure.get("scope") not in (None, covers):
            return None
        if measure not in ("million_vnd", "percent") and "." in figures.number_text(figure["value"]):
            return None
        return figures.exact(figure["value"])

    @staticmethod
    def usable_pair(said, measure, covers, survey):
        """(numerator, denominator), one of them None where it is null; None: figure_unusable."""
        figure = said.figure
        if "numerator" not in figure or figure.get("scope") not in (None, covers):
            return None
        pair = figure["numerator"], figure["denominator"]
        if survey and (None in pair or (figure.get("survey") or {}).get("day") is None):
            return None
        if measure not in ("million_vnd", "percent") and any("." in figures.number_text(v) for v in pair if v is not None):
            return None
        return tuple(None if v is None else figures.exact(v) for v in pair)

    def flows_of(self, plan, indicator, unit, first, last):
        """Section 5, sum of reported, for one unit: [(Said, value)] of the periods that lie inside
        the window: exactly the window if there is one, else the longest that do not overlap,
        earlier first.  A figure dated after N does not count yet."""
        usable = []
        for s in self.said(plan, indicator.id).get(unit, []):
            value = self.usable_value(s, indicator.measure, "own")
            if value is not None and first <= s.first and s.last <= last and s.as_at <= self.k.N:
                usable.append((s, value))
        # longest first, then earlier, then (equal days under two ids) the last said
        usable.sort(key=lambda sv: sv[0].K, reverse=True)
        usable.sort(key=lambda sv: (-(sv[0].last - sv[0].first), sv[0].first))
        chosen = []
        for s, value in usable:
            if all(s.last < other.first or other.last < s.first for other, _ in chosen):
                chosen.append((s, value))
        return chosen

    def flows(self, plan, indicator, asked, of, tree, first, last):
        """[(Said, value, share)]: all flows that stand under the asked unit, each placed by its own day."""
        answer = []
        for unit in sorted(self.said(plan, indicator.id)):
            for s, value in self.flows_of(plan, indicator, unit, first, last):
                share = self.k.units.share_under(unit, asked, of, tree, s.as_at)
                if share:
                    answer.append((s, value, share))
        return answer
