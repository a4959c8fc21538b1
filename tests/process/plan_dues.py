"""What is said about milestones, obligations and budgets: a part of Aims (plan_aims.py)."""
from fractions import Fraction

from agreement import periods
from plan_history import MOODS, as_list, day, goal, number


class Dues:
    def make_milestone(self, f, indicator, unit, window, comparator, value, mood, of):
        if f.get("obligation"):
            return                               # see obligation()
        on = {"edge": window[1], "below": window[1] + 1, "poor": window[1] + 1 + self.chance.randrange(60)}.get(
            mood, self.some_day(*window))
        if on <= self.today + 30:
            self.act(f, unit, (on, on), of)

    def obligation(self, said):
        """Reports at the last moment, a moment later, early, twice, or not at all."""
        units = self.at_level((said.get("from") or {}).get("level", "any"))
        for instance in said.get("instances") or []:
            due = instance.get("due") or {}
            first, last = self.days_of(instance["period"])
            limit = self.limit(due) or last + 1
            mood = self.mood("obligation", said["id"], instance["period"])
            same = self.chance.random() < 0.6
            for unit in units:
                mine = mood if same else self.chance.choice(MOODS)
                if mine == "none" or "reports" in self.silent or limit - 40 > self.today:
                    continue
                ms = periods.midnight_ms(limit) + {"edge": -1, "below": 0, "poor": 86400000 * 9}.get(mine, -86400000 * 3)
                figures = [{"indicator": i, **self.any_figure(self.indicators[i]["formula"])} for i in said.get("requires") or []
                           if self.chance.random() < 0.95] or [{"indicator": self.plan["indicators"][0]["id"], "value": 0}]
                self.report(unit, instance["period"], figures, None,
                            said["id"] if self.chance.random() < 0.6 else None, min(ms, self.out.latest))

    def limit(self, due):
        if due.get("before"):
            return day(due["before"])
        if due.get("by") or due.get("assumed"):
            return day(due.get("by") or due["assumed"]) + 1
        if due.get("month"):
            return periods.fixed_days(due["month"])[1] + 1
        return periods.fixed_days(str(int(due["year"])))[1] + 1 if due.get("year") else None

    def any_figure(self, formula):
        n = self.chance.randrange(0, 9)
        if formula["kind"] in ("ratio", "survey", "coverage", "share"):
            return {"numerator": n, "denominator": 10}
        return {"value": n if self.chance.random() < 0.9 else None}

    def make_money(self, f, indicator, unit, window, comparator, value, mood, of):
        if "money" in self.silent:
            return
        years = range(int(periods.date_text(window[0])[:4]), min(int(periods.date_text(window[1])[:4]), 2026) + 1)
        units = [u for u in unit.all() if not f.get("level") or u.level == f["level"]]
        if self.moods.setdefault("budget", self.chance.choice(("exact", "plan", "plan", "loose"))) != "loose":
            return self.as_planned(f, units, years)
        for line in as_list(f["line"]) if units else ():
            self.spread("allocated", line, units, self.chance.choice(list(years)), goal(comparator, value, mood, self.chance))

    def as_planned(self, f, units, years):
        """The budget's own amounts, allocated and spent once for each row and year, a few of them off."""
        for row in self.plan.get("budget") or []:
            if row["line"] not in as_list(f["line"]) or (f.get("level") and row.get("level") != f["level"]):
                continue
            mine = [u for u in units if u.level == row.get("level", u.level)]
            for year, amount in row["years"].items():
                key = ("row", row["line"], row.get("level"), year)
                if key in self.moods or int(year) not in years or not mine:
                    continue
                self.moods[key] = off = self.chance.random() if self.moods["budget"] == "plan" else 0.6
                amount = Fraction(str(amount))
                if off > 0.06:
                    self.spread("allocated", row["line"], mine, int(year), amount + (off > 0.98) - (off < 0.08))
                if off > 0.15:
                    self.spread("spent", row["line"], mine, int(year), amount + (off > 0.95) - (off < 0.5))

    def spread(self, kind, line, units, year, amount):
        """An amount over one or a few units."""
        chosen = self.chance.sample(units, min(len(units), self.chance.choice((1, 2, 3))))
        for n, unit in enumerate(chosen):
            part = amount / 4 if n else amount - (len(chosen) - 1) * amount / 4
            entry = "e%d" % self.out.count if kind == "spent" and self.chance.random() < 0.5 else None
            self.money(kind, line, unit, year, number(part), entry)
            if entry and self.chance.random() < 0.2:
                data = {"plan": self.plan["plan"], "line": line, "unit": unit.name, "year": year, "amount": number(part), "entry": entry,
                        "reason": "sửa"}
                self.out.put("money.corrected", data, self.out.latest, self.out.said[-1][1])
