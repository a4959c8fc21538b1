"""Targets: section 6."""
import figures
import periods
from figures import holds, nfc
from figure import Figure, Window, copy
from plans import whole

BEHIND_KINDS = ("count", "sum", "distinct", "gauge", "ratio", "coverage")


class Judged:
    """A target judged at one unit."""

    def __init__(self, figure, status, met):
        self.figure, self.status, self.met = figure, status, met


class Targets:
    def __init__(self, knowledge, formulas):
        self.k, self.formulas, self.units, self.held_figures = knowledge, formulas, knowledge.units, {}

    def progress(self, plan, asked, D, tree, unbuilt=None):
        """Every target of the version, read on D = the last day of the asked period.  `unbuilt`: a
        list that takes the targets whose formula is not built, instead of NotImplementedError."""
        rows = []
        for target in plan.targets:
            try:
                rows.append(self.row(plan, target, asked, D, tree))
            except NotImplementedError as missing:
                if unbuilt is None:
                    raise
                unbuilt.append((target["id"], str(missing)))
        return rows

    # ------------------------------------------------------------ when
    def window(self, plan, target, D):
        """(a, L, year concerned)."""
        when = target["when"]
        kind = when["kind"]
        a = periods.day_of(when["first"]) if when.get("first") is not None else plan.first
        if kind == "each_year":
            statutory = plan.statutory if when.get("calendar") is None else when["calendar"] == "statutory"
            year = periods.year_of(D, statutory)
            a, L = periods.year_days(year, statutory)
            if when.get("until") is not None:                            # choice 20a
                L = periods.day_of("%04d-%s" % (year, when["until"]))
            return a, L, year in [whole(y) for y in when["years"]]
        if kind == "by":
            return a, periods.day_of(when["day"]), True
        if kind == "before":
            return a, periods.day_of(when["day"]) - 1, True
        if kind == "throughout":
            return a, periods.day_of(when["last"]), True
        if kind == "in":
            a, L = periods.days_in_plan(nfc(when["period"]), plan)
            return a, L, True
        raise NotImplementedError("when %s" % kind)

    def held_until(self, plan, target, L):
        """`then: hold`: until the day before the next target of the same series begins, else the
        plan's last day (choice 15)."""
        if target.get("then") is None:
            return None
        if target["then"] != "hold":
            raise NotImplementedError("then %s" % target["then"])
        begins = [self.window(plan, other, L)[0] for other in plan.targets
                  if other is not target and target.get("series") is not None
                  and other.get("series") == target["series"] and other["when"]["kind"] != "each_year"]
        return min([day - 1 for day in begins if day > L] + [plan.last])

    # ------------------------------------------------------------ one row
    def judged(self, plan, target, asked, D, tree):
        return Reading(self, plan, target, plan.indicator(target["indicator"]), D).at(asked, tree)

    def row(self, plan, target, asked, D, tree):
        indicator = plan.indicator(target["indicator"])
        reading = Reading(self, plan, target, indicator, D)
        judged = self.judged(plan, target, asked, D, tree)
        f, number = judged.figure, reading.number
        shown = {"target_id": target["id"], "indicator": indicator.id,
                 "value": (figures.show_percent(f.value, reading.comparator, number, reading.or_more)
                           if f.percent else figures.show_exact(f.value)),
                 "numerator": figures.show_exact(f.numerator), "denominator": figures.show_exact(f.denominator),
                 "comparator": reading.comparator, "target": figures.show_exact(number),
                 "met": judged.met, "status": judged.status, "contributors": f.records}
        if f.hidden:
            shown["value"] = None
        if f.value is None and f.reason:                # a null value has a reason
            shown["reason"] = f.reason
        elif judged.status == "no_data":
            shown["reason"] = "only_upper_bound"
        shown.update(extras(f))
        return shown


def extras(f):
    """What some kinds show beside the figure: the oracle's names, None where there is nothing."""
    return {"bound": None if f.lower is None else "upper",
            "lower": None if f.lower is None else figures.show_percent(f.lower) if f.percent else figures.show_exact(f.lower),
            "missing": f.missing, "unknown": f.unknown,
            "worst_day": None if f.worst_day is None else periods.date_text(f.worst_day),
            "over_one": f.percent and not f.hidden and f.value is not None and f.value > 100,
            "established": f.established, "partial": f.partial, "apportioned": f.apportioned,
            "planned": figures.show_exact(f.planned), "spent": figures.show_exact(f.spent)}


class Reading:
    """One target read on D: its window, its formula, and whether it is due."""

    def __init__(self, targets, plan, target, indicator, D):
        self.t, self.plan, self.target, self.indicator = targets, plan, target, indicator
        self.units, self.k = targets.units, targets.k
        self.a, self.L, self.year_concerned = targets.window(plan, target, D)
        self.R = min(D, self.k.N)
        self.formula, self.kind = indicator.formula, indicator.formula["kind"]
        self.throughout = target["when"]["kind"] == "throughout" or self.kind == "kept"
        self.from_day = None                        # of `hold`: the first day that is held
        last = targets.held_until(plan, target, self.L)
        if last is not None and last > self.L and self.R > self.L:
            self.throughout, self.from_day, self.L = True, self.L + 1, last
        if self.throughout and self.kind in ("milestone", "money"):
            raise NotImplementedError("throughout of a %s" % self.kind)
        self.end = min(self.L, self.R)              # A
        self.due = D >= self.L and self.k.N > self.L
        # the window before it is cut at N; before the window begins there are no days in it
        self.asked_end = min(self.L, D) if self.R >= self.a else self.end
        self.statutory = plan.statutory
        self.comparator, self.or_more = target.get("comparator"), bool(target.get("or_more"))
        self.number = None if target.get("value") is None else figures.exact(target["value"])
        said = target["for"]
        self.scope, self.where, self.of = said["scope"], said.get("where"), said.get("of")
        self.level = said.get("level")
        self.own = self.of or ("subtree" if self.scope == "rollup" else "own")

    # ------------------------------------------------------------ the figure
    def figure(self, unit, tree):
        """The figure of a unit by its own or subtree, over [a, min(L, R)]; a milestone is looked for
        until the reading day."""
        evaluate = self.t.formulas.evaluate
        if self.throughout and self.a <= self.end and (self.kind != "kept" or self.from_day is not None):
            return self.held(unit, tree)
        window = Window(self.a, self.end, self.asked_end, statutory=self.statutory)
        if self.kind == "milestone":
            window = Window(self.a, self.R, due_last=self.L)
        return evaluate(self.plan, self.indicator, unit, window, self.own, tree)

    def held(self, unit, tree):
        """A throughout target is figured as `kept` of its formula."""
        f, since = self.formula, None
        if self.kind == "kept":
            f, since = f["of"], None if f.get("since") is None else figures.exact(f["since"])
        first = self.plan.first if self.kind == "kept" and self.formula.get("window") == "plan" else self.a
        key = (self.plan.K, self.target["id"], unit, first, self.from_day, self.end, self.own, tree)
        memo = self.t.held_figures
        if key not in memo:
            memo[key] = self.t.formulas.kept(f, since, self.plan, self.indicator, unit, Window(first, self.end),
                                             self.own, tree, self.from_day)
        return memo[key]

    def test(self, value):
        return holds(self.comparator, value, self.number, self.or_more)

    def verdict(self, f):
        """True, False or None (undecided).  Money is met if allocated satisfies it and no more than
        the target is spent."""
        met = f.verdict(self.test)
        return f.spent <= self.number if met and self.kind == "money" and self.scope != "share" else met

    def concerns(self, unit):
        """Row 2 of the table: the unit exists on A, is of the level, matches `where`, owes."""
        if not (self.year_concerned and self.units.units[unit].exists(self.end)
                and self.units.matches_level(unit, self.level)
                and self.t.formulas.unit_matches(unit, self.where, self.end)):
            return False
        if self.kind == "milestone" and self.formula.get("obligation") is not None \
                and self.scope in ("unit", "each"):
            obligation, instance = self.t.formulas.obligations.instance_for(self.plan, self.formula, self.a, self.L)
            return instance is not None and self.t.formulas.obligations.owes(self.plan, obligation, instance, unit)
        return True

    def at(self, asked, tree):
        """The judgement at the asked unit."""
        if self.kind == "reference":             # row 1
            return Judged(self.shown(asked, tree), "reference", None)
        if self.scope == "share":
            return self.share(asked, tree)
        at_level = self.units.matches_level(asked, self.level)
        if self.scope == "each" and not at_level:
            return self.each_above(asked, tree)
        if self.concerns(asked):
            return self.judge(asked, tree)
        return Judged(self.shown(asked, tree), "not_applicable", None)

    def shown(self, unit, tree):
        """Where nothing is judged the figure is shown all the same."""
        f = copy(self.figure(unit, tree))
        f.records = None if self.scope == "share" else f.records
        return f

    def judge(self, unit, tree):
        f = copy(self.figure(unit, tree))
        return Judged(f, *self.status(f))

    def status(self, f):
        """Rows 3 to 13 of the table."""
        if self.R < self.a:
            return "not_yet_due", None
        if f.value is None:
            return "no_data", None
        if self.kind == "milestone" and self.scope != "share":
            if f.done_on is not None:
                return ("met", True) if f.done_on <= self.L else ("late", False)
            return ("not_met", False) if self.due else ("not_yet_due", None)
        meets = self.verdict(f)
        if meets is None:
            return "no_data", None
        if self.throughout:
            if not f.established:
                return ("not_met", False) if self.due else ("not_yet_due", None)
            if not meets:
                return "not_met", False
            return ("met", True) if self.due else ("on_track", None)
        if meets:
            return "met", True
        if self.due:
            return "not_met", False
        if self.kind == "money":
            return "not_yet_due", None
        if (self.kind in BEHIND_KINDS or self.scope == "share") and self.comparator in (">=", ">", "=") \
                and f.value * (self.L - self.a + 1) >= self.number * (self.end - self.a + 1):
            return "on_track", None
        return "behind", None

    # ------------------------------------------------------------ above the level
    def below(self, asked, tree, itself):
        """Units of the level under the asked one that are judged, and the tree of their own figures:
        as_reported if that is asked, else the tree of A."""
        units = [u for u in self.units.members(asked, self.end, tree)
                 if (itself or u != asked) and self.units.matches_level(u, self.level)
                 and self.t.formulas.unit_matches(u, self.where, self.end)]
        return units, None if tree is None else self.end

    def each_above(self, asked, tree):
        units, inner_tree = self.below(asked, tree, True)
        if self.kind == "milestone" and self.formula.get("obligation") is not None:
            units = [u for u in units if self.concerns(u)]
        if not units or not self.year_concerned:
            return Judged(Figure(), "not_applicable", None)
        judged = [self.judge(u, inner_tree) for u in units]
        meeting = sum(j.met is True for j in judged)
        f = Figure(numerator=meeting, denominator=len(units))
        f.hidden = True
        states = {j.status for j in judged}
        if self.R < self.a:
            status, met = "not_yet_due", None
        elif meeting == len(units):
            status, met = "met", True
        elif self.due or states & {"not_met", "late"}:
            status, met = "not_met", False
        elif states & {"behind", "no_data"}:
            status, met = "behind", None
        elif "not_yet_due" in states:
            status, met = "not_yet_due", None
        else:
            status, met = "on_track", None
        return Judged(f, status, met)

    def share(self, asked, tree):
        """The percentage of the units of the level below whose own figure meets `inner`."""
        if self.throughout and self.kind != "kept":
            raise NotImplementedError("share with throughout")
        units, inner_tree = self.below(asked, tree, False)
        if not units:
            return Judged(Figure(), "not_applicable", None)
        inner = self.target["inner"]
        number = figures.exact(inner["value"])
        test = lambda value: holds(inner["comparator"], value, number, bool(inner.get("or_more")))
        meeting = sum(self.figure(u, inner_tree).meets(test) for u in units)
        f = Figure(numerator=meeting, denominator=len(units))
        if not self.year_concerned:
            return Judged(f, "not_applicable", None)
        return Judged(f, *self.status(f))

