"""Obligations and slots: section 7."""
import figures
import periods
from activities import compile_filter, unit_field
from figures import nfc
from plans import whole


def year_text(said):
    """2024 or 2024s, written as a number or a text."""
    return said if type(said) is str else str(whole(said))


def due_of(instance):
    """(X, last timely day): X is the exclusive due instant; (None, None): ad hoc, never missing."""
    due = instance.get("due")
    if not due:
        return None, None
    if due.get("before") is not None:
        day = periods.day_of(due["before"])                              # D 00:00
    elif due.get("by") is not None or due.get("assumed") is not None:
        day = periods.day_of(due.get("by") or due.get("assumed")) + 1    # the day after, 00:00
    elif due.get("month") is not None:
        day = periods.fixed_days(due["month"])[1] + 1                    # first day of the next month
    elif due.get("year") is not None:
        day = periods.fixed_days(year_text(due["year"]))[1] + 1          # first day of the next year
    else:
        raise ValueError("due %s" % sorted(due))
    return periods.midnight_ms(day), day - 1


class Slot:
    """(obligation, unit, period), with the reports that belong to it."""

    def __init__(self, unit, period, reports, X):
        self.unit, self.period, self.X = unit, period, X
        self.counted = [r for r in reports if r.state != "withdrawn"]    # returned ones count as sent
        self.in_force = [r for r in reports if r.in_force]
        self.all = reports

    def times(self, received):
        """Sent instants of what was said for this slot: [(instant, kind)]."""
        return [((e.recorded_ms if received else e.sent_ms()), kind)
                for r in self.counted for e, kind, slot in r.sent if slot == r.slot()]


class Obligations:
    def __init__(self, knowledge):
        self.k, self._reports = knowledge, {}
        for report in knowledge.reports:
            self._reports.setdefault(report.slot(), []).append(report)

    def reports_of(self, plan, obligation, unit, period):
        """A report belongs to the slot of its unit and period, and of its obligation if it names one."""
        return [r for r in self._reports.get((plan.id, unit, period), ())
                if r.obligation in (None, nfc(obligation["id"]))]

    def reference_day(self, plan, instance):
        """min(last day of the period, last timely day, N)."""
        _, last = periods.days_in_plan(nfc(instance["period"]), plan)
        _, timely = due_of(instance)
        return min([last, self.k.N] + ([timely] if timely is not None else []))

    def matches(self, obligation, unit, day):
        """Does the unit match `from`, as on the day?"""
        said = obligation.get("from") or {}
        return (self.k.units.matches_level(unit, said.get("level"))
                and compile_filter(said.get("where"))(lambda name: unit_field(self.k.units, unit, day, name)))

    def owes(self, plan, obligation, instance, unit):
        day = self.reference_day(plan, instance)
        return self.k.units.units[unit].exists(day) and self.matches(obligation, unit, day)

    def first_sent(self, obligation, slot):
        received = obligation.get("judged_by") == "received"
        return min((ms for ms, kind in slot.times(received) if kind == "submitted"), default=None)

    def state(self, obligation, slot):
        """The states of section 7."""
        if slot.in_force:
            first = self.first_sent(obligation, slot)
            return "on_time" if slot.X is None or first < slot.X else "late"
        if slot.counted:
            return "returned"
        return "missing" if slot.X is not None and self.k.T >= slot.X else "not_yet_due"

    def complete(self, obligation, slot):
        """In force and every indicator of `requires` said; 0 is said, null or absent is not."""
        def said(indicator):
            told = [r.figures[indicator] for r in slot.in_force if indicator in r.figures]
            if not told:
                return False
            figure = max(told, key=lambda fe: fe[1].K)[0]
            return figure.get("value") is not None or (figure.get("numerator") is not None
                                                       and figure.get("denominator") is not None)
        return bool(slot.in_force) and all(said(nfc(i)) for i in obligation.get("requires") or [])

    def row(self, obligation, slot):
        received = obligation.get("judged_by") == "received"
        latest = max(slot.in_force or slot.counted or slot.all, key=lambda r: r.last.K, default=None)
        return {"obligation": nfc(obligation["id"]), "unit": slot.unit, "period": slot.period, "state": self.state(obligation, slot),
                "report_state": latest and latest.state,
                "first_at": periods.instant_text(self.first_sent(obligation, slot)),
                "last_at": periods.instant_text(max((ms for ms, _ in slot.times(received)), default=None)),
                "complete": self.complete(obligation, slot)}

    def answer(self, plan, asked, obligation=None, period=None, tree=None):
        """/v1/reports: counts, rows and extra for the units under the asked one (as_reported: in the
        tree of the reference day; else that day's units as they stand in the tree of the day `tree`)."""
        counts = dict.fromkeys("owed on_time late returned missing not_yet_due complete".split(), 0)
        rows, extra = [], []
        for o in plan.obligations:
            if obligation is not None and nfc(o["id"]) != nfc(obligation):
                continue
            for instance in o.get("instances") or []:
                name = nfc(instance["period"])
                if period is not None and name != nfc(period):
                    continue
                X, _ = due_of(instance)
                day = self.reference_day(plan, instance)
                segment = self.k.units.segment(day if tree is None else tree)
                for unit in sorted(self.k.units.units):
                    stand = self.k.units.whole(unit, day, day if tree is None else tree, tree is None)
                    if asked not in self.k.units.chain(stand.node, segment):
                        continue
                    slot = Slot(unit, name, self.reports_of(plan, o, unit, name), X)
                    if self.owes(plan, o, instance, unit):
                        row = self.row(o, slot)
                        counts["owed"] += 1
                        counts[row["state"]] += 1
                        counts["complete"] += row["complete"]
                        rows.append(row)
                    elif slot.counted and not self.k.units.units[unit].exists(day) \
                            and self.matches(o, unit, max(day, self.k.units.units[unit].begins)):
                        row = self.row(o, slot)
                        del row["state"]
                        extra.append(row)
        return {"counts": counts, "rows": rows, "extra": extra}

    # ------------------------------------------------------------ milestones by obligation (section 5)
    def instance_for(self, plan, formula, first, last):
        """`period` may be left out if there is one instance, or exactly one is due inside the window."""
        obligation = next(o for o in plan.obligations if nfc(o["id"]) == nfc(formula["obligation"]))
        instances = obligation.get("instances") or []
        if formula.get("period") is not None:
            chosen = [i for i in instances if nfc(i["period"]) == nfc(formula["period"])]
        elif len(instances) == 1:
            chosen = instances
        else:
            chosen = [i for i in instances if due_of(i)[1] is not None and first <= due_of(i)[1] <= last]
        if not chosen:
            return obligation, None                 # in this window there is nothing to send (choice 38)
        if len(chosen) != 1:
            raise NotImplementedError("plan_reference: obligation %s names %d instances"
                                      % (formula["obligation"], len(chosen)))
        return obligation, chosen[0]

    def done(self, plan, formula, asked, of, tree, w):
        """If a report of the slot is in force: the day it was first sent, if not after the window
        (choice 13).  w.first..w.due_last is the target's window."""
        obligation, instance = self.instance_for(plan, formula, w.first, w.due_last)
        if instance is None:
            return None
        period, days = nfc(instance["period"]), []
        for unit in sorted(self.k.units.units):
            if unit != asked and of == "own":
                continue
            slot = Slot(unit, period, self.reports_of(plan, obligation, unit, period), None)
            if not slot.in_force:
                continue
            day = periods.local_day(self.first_sent(obligation, slot))
            if day <= w.last and (of == "own" or self.k.units.stands_under((unit,), asked, of, tree, day, day)):
                days.append(day)
        return min(days, default=None)
