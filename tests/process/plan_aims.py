"""What a random history says so that the figures of a plan fall on, just below and above the targets,
or have nothing to rest on.  Worked out from the plan document alone."""
import math
from fractions import Fraction

from agreement import periods
from plan_history import PlanHistory, as_list, day, walk

MOODS = ("none", "poor", "below", "edge", "edge", "above", "above")
MOST = 130           # activities for one aim


def goal(comparator, value, mood, chance, step=1):
    """A number that meets the target, just fails it, or is far from it."""
    value = Fraction(str(value))
    up = comparator in (">=", ">", "=")
    if mood == "edge":
        return value
    if mood == "above":
        return max(value + step * (1 if up else -1) * chance.choice((1, 1, 3)), 0) if comparator != "=" or chance.random() < 0.5 else value
    if mood == "below":
        return max(value - step if up else value + step, 0)
    return max(value * Fraction(chance.randrange(0, 60), 100) if up else value * 2, 0)


def number(value):
    """As a JSON number of at most 6 decimals."""
    value = Fraction(value)
    return int(value) if value.denominator == 1 else float("%.6f" % value)


class Aims(PlanHistory):
    def __init__(self, chance, document, prefix, now_ms):
        super().__init__(chance, document, prefix, now_ms)
        self.indicators = {i["id"]: i for i in document["indicators"]}
        self.moods, self.shares = {}, []
        self.silent = {name for name in ("activities", "reports", "entities", "statistics", "attributes", "money")
                       if chance.random() < 0.07}
        self.noise()
        targets = list(document["targets"])
        chance.shuffle(targets)
        for target in targets:
            self.aim(target)
        for obligation in document.get("obligations") or []:
            self.obligation(obligation)
        for arguments in self.shares:
            self.share(*arguments)
        self.shake_tree()

    # ---- for whom and when
    def mood(self, *key):
        return self.moods.setdefault(key, self.chance.choice(MOODS))

    def windows(self, target):
        """[(first, last)] of the target, each year for itself."""
        when = target["when"]
        first = day(when["first"]) if when.get("first") else self.first
        if when["kind"] == "each_year":
            statutory = (when.get("calendar") or self.plan.get("calendar")) == "statutory"
            return [periods.year_days(int(y), statutory) for y in when["years"]]
        if when["kind"] == "in":
            return [self.days_of(when["period"])]
        last = day(when.get("day") or when.get("last")) - (when["kind"] == "before")
        return [(first, last)]

    def days_of(self, period):
        named = {p["id"]: (day(p["first"]), day(p["last"])) for p in self.plan.get("periods") or []}
        return periods.fixed_days(period) or named.get(period) or (self.first, self.last)

    def at_level(self, level):
        return [u for u in self.units if "any" in as_list(level) or u.level in as_list(level)]

    def aim(self, target):
        indicator, said = self.indicators[target["indicator"]], target["for"]
        units = self.at_level(said["level"])
        if not units or (said["scope"] == "rollup" and "any" in as_list(said["level"])):
            units = [self.root]
        if len(units) > 12:
            units = self.chance.sample(units, 12)
        for unit in units if said.get("where") else ():
            if self.chance.random() < 0.8:
                self.exclude(said["where"], unit)
        same = self.chance.random() < 0.6
        for window in self.windows(target):
            mood = self.mood(target["id"], window)
            if window[0] > self.today:
                continue
            for unit in units:
                mine = mood if same else self.chance.choice(MOODS)
                self.make(indicator["formula"], indicator, unit, window, target["comparator"] if "comparator" in target else ">=",
                          target.get("value", 1), mine, "subtree" if said["scope"] == "rollup" else said.get("of", "own"))

    # ---- one formula at one unit
    def make(self, f, indicator, unit, window, comparator, value, mood, of="own"):
        if f.get("window") == "plan":
            window = (self.first, window[1])
        build = getattr(self, "make_" + f["kind"], None)
        if build and mood != "none" and window[0] <= self.today:
            build(f, indicator, unit, window, comparator, value, mood, of)

    def speakers(self, unit, of, wanted=None):
        """Units whose word counts for the figure of `unit`."""
        below = [unit] if of == "own" else unit.all()
        return [u for u in below if not wanted or u.level in wanted.get("level", [u.level])] or ([] if wanted else [unit])

    def act(self, f, unit, window, of, **more):
        """One activity that matches the filter of a term."""
        fields, its = self.content_for(f.get("where"))
        units = self.speakers(unit, of, its)
        if units and "activities" not in self.silent:
            self.activity(self.chance.choice(units), self.some_day(*window), fields, **more)

    def make_count(self, f, indicator, unit, window, comparator, value, mood, of):
        for _ in range(min(int(goal(comparator, value, mood, self.chance)), MOST)):
            self.act(f, unit, window, of)
        if self.chance.random() < 0.3 and "activities" not in self.silent:              # and some that just do not match
            self.activity(unit, self.some_day(*window), self.spoil(self.content_for(f.get("where"))[0]))

    def make_sum(self, f, indicator, unit, window, comparator, value, mood, of):
        total = goal(comparator, value, mood, self.chance)
        if f["of"] == "reported":
            return self.say(indicator, unit, window, {"value": number(int(total))})
        parts = self.chance.choice((1, 1, 2, 3))
        for n in range(parts):
            part = total // parts if n else total - (total // parts) * (parts - 1)
            if f["of"] == "participants":
                more = {"participants": {self.chance.choice(f.get("audiences") or ["members", "people"]): int(part), "others": 5}}
            elif f["of"] == "outputs":
                more = {"outputs": [{"kind": f["output"], "count": int(part)}]}
            else:
                more = {"cost": number(part)}
            self.act(f, unit, window, of, **more)

    def make_distinct(self, f, indicator, unit, window, comparator, value, mood, of):
        n = int(goal(comparator, value, mood, self.chance))
        if f["of"] == "reached_units":
            return self.act(f, unit, window, of, reached_units=[u.name for u in self.units][:n])
        many = n > 400
        if many and self.chance.random() < 0.6:                 # most know only how many
            return self.bare(f, unit, window, of, n)
        ids = ["%s-id%d" % (self.prefix, k) for k in range(n)]
        if f["of"] == "outputs":
            ids = [self.named(f, indicator, unit, of, k) for k in ids]
        parts = self.chance.choice((1, 2, 3))
        for p in range(parts):
            again = ids[:2] if p else []                        # named twice, counted once
            self.name_ids(f, unit, window, of, again + ids[p::parts])
        if self.chance.random() < 0.15:
            self.bare(f, unit, window, of, self.chance.randrange(1, 5))

    def named(self, f, indicator, unit, of, name):
        """An id, with the entity that `only` asks for."""
        if f.get("only") and "entities" not in self.silent:
            flags = self.content_for(f["only"])[0].get("flags", {})
            if self.chance.random() < 0.02:
                flags = {}
            self.entity(f["output"], self.chance.choice(self.speakers(unit, of)), self.first - 30, name="%s-%s" % (name, f["output"]), **flags)
        return "%s-%s" % (name, f["output"])

    def name_ids(self, f, unit, window, of, ids):
        if f["of"] == "people":
            audience = self.chance.choice(as_list(f.get("audiences") or ["members"]))
            self.act(f, unit, window, of, people={audience: ids})
        else:
            self.act(f, unit, window, of, outputs=[{"kind": f["output"], "id": i} for i in ids])

    def bare(self, f, unit, window, of, n):
        more = ({"people": {as_list(f.get("audiences") or ["members"])[0]: n}} if f["of"] == "people"
                else {"outputs": [{"kind": f["output"], "count": n}]})
        self.act(f, unit, window, of, **more)

    def make_gauge(self, f, indicator, unit, window, comparator, value, mood, of):
        n = int(goal(comparator, value, mood, self.chance))
        if f.get("of") == "reported":
            return self.say(indicator, unit, window, {"value": n})
        self.register(f["register"], f.get("only"), None, unit, of, window, n, n)

    def register(self, register, only, have, unit, of, window, n, good):
        """n entities, `good` of them with the flags of `have`; some come late, some go."""
        if "entities" in self.silent:
            return
        flags = self.content_for(only)[0].get("flags", {})
        wanted = self.content_for(have)[0].get("flags", {})
        units = self.speakers(unit, of)
        for k in range(min(n, MOST)):
            born = self.first - 40 if self.chance.random() < 0.85 else self.some_day(*window)
            mine = {**flags, **(wanted if k < good else {key: False for key in wanted if self.chance.random() < 0.5})}
            home = self.chance.choice(units)
            gone = self.some_day(*window) if self.chance.random() < 0.03 else None
            name = self.entity(register, home, born, gone, **mine)
            if self.chance.random() < 0.06 and mine:
                key, on = self.chance.choice(sorted(mine)), self.some_day(*window)
                self.entity_says(register, name, home, on, **{key: not mine[key]})
                if self.chance.random() < 0.5:
                    self.entity_says(register, name, self.chance.choice(units), on + 7, **{key: mine[key]})

    def make_state(self, f, indicator, unit, window, comparator, value, mood, of):
        good = mood in ("edge", "above")
        if "attribute" in f:
            self.attribute(f, unit, window, good)
        elif good:
            self.register(f["register"], f.get("only"), None, unit, "own", window, 1, 1)

    def attribute(self, said, unit, window, good):
        if "attributes" in self.silent:
            return
        is_so = as_list(said["is"])[0]
        other = (not is_so) if isinstance(is_so, bool) else "other"
        on = self.first - 10 if self.chance.random() < 0.6 else self.some_day(*window)
        self.set_attribute(unit, said["attribute"], is_so if good else other, on)
        if self.chance.random() < 0.1:
            later = self.some_day(*window)
            self.set_attribute(unit, said["attribute"], other, later)
            if self.chance.random() < 0.6:
                self.set_attribute(unit, said["attribute"], is_so, later + 5)

    def make_rank(self, f, indicator, unit, window, comparator, value, mood, of):
        if "statistics" not in self.silent:
            self.statistic(f["statistic"], unit, self.some_day(*window), int(goal(comparator, value, mood, self.chance)))

    # ---- ratios
    def make_ratio(self, f, indicator, unit, window, comparator, value, mood, of):
        if f.get("of") == "reported":
            return self.pairs(f, indicator, unit, window, comparator, value, mood, of, {})
        d = self.chance.choice((10, 20, 100))
        below, above = f["denominator"], f["numerator"]
        if below["kind"] == "statistic" and "statistics" not in self.silent:
            total = 0
            holders = [unit] if self.chance.random() < 0.6 else unit.below or [unit]
            for holder in holders:
                if self.chance.random() < 0.92:
                    self.statistic(below["statistic"], holder, self.some_day(*window), d if self.chance.random() < 0.97 else 0)
                    total += d
            d = total
        elif below["kind"] != "statistic":
            self.make(below, indicator, unit, window, ">=", d, "edge", "subtree")
        wanted = goal(comparator, value, mood, self.chance, Fraction(1, 2)) * d / 100
        wanted = math.floor(wanted) if mood in ("below", "poor") else math.ceil(wanted)
        if above["kind"] == "statistic":
            self.statistic(above["statistic"], unit, self.some_day(*window), wanted)
        else:
            self.make(above, indicator, unit, window, "=", wanted, "edge", "subtree")

    def make_survey(self, f, indicator, unit, window, comparator, value, mood, of):
        survey = {"survey": {"day": periods.date_text(window[0])}} if self.chance.random() < 0.93 else {}
        self.pairs({**f, "covers": "subtree"}, indicator, unit, window, comparator, value, mood, of, survey)

    def pairs(self, f, indicator, unit, window, comparator, value, mood, of, more):
        """The pairs of one or several units, which together are at, below or above the target."""
        level = as_list((f.get("units") or {}).get("level", "any"))
        units = [u for u in self.speakers(unit, of) if "any" in level or u.level in level]
        if not units:
            return
        chosen = [unit] if unit in units and self.chance.random() < 0.4 else self.chance.sample(units, min(len(units), 4))
        d = self.chance.choice((4, 10, 100, 1000))
        wanted = goal(comparator, value, mood, self.chance, Fraction(100, d * len(chosen))) * d * len(chosen) / 100
        wanted = min(math.floor(wanted) if mood in ("below", "poor") else math.ceil(wanted), d * len(chosen))
        for u in chosen:
            n = min(d, wanted)
            wanted -= n
            said = {"numerator": n, "denominator": d, **more}
            kind = self.chance.random()
            if kind < 0.04:
                said = {**said, **self.chance.choice(({"denominator": None}, {"numerator": None}, {"scope": "subtree"}, {"scope": "own"},
                                                      {"denominator": 0, "numerator": 0}))}
            self.say(indicator, u, window, said)

    def say(self, indicator, unit, window, said):
        """One reported figure, as at some day of the window or at its end."""
        if "reports" in self.silent:
            return
        if self.chance.random() < 0.5:
            on = self.some_day(*window)
            said = {**said, "as_at": periods.date_text(on)}
        else:
            on = min(window[1], self.today)
        period = self.chance.choice(self.periods_at(on))
        if self.chance.random() < 0.06:          # something else was said before
            self.report(unit, period, [{"indicator": indicator["id"], **said, **{k: 1 for k in ("numerator", "value") if said.get(k)}}], on)
        self.report(unit, period, [{"indicator": indicator["id"], **said}], on + self.chance.choice((0, 1, 20)))

    def periods_at(self, on):
        text = periods.date_text(on)
        return [text[:4], text[:4], text[:7], "%s-H%d" % (text[:4], 1 if text[5:7] < "07" else 2), "plan"]

    def make_least(self, f, indicator, unit, window, comparator, value, mood, of):
        for part in f["of"]:
            self.make(part, self.indicators[part["indicator"]], unit, window, comparator, value,
                      mood if self.chance.random() < 0.9 else "below", of)

    def make_reference(self, f, indicator, unit, window, comparator, value, mood, of):
        if f.get("of"):
            self.make(f["of"], indicator, unit, window, comparator, value, mood, of)

    def make_kept(self, f, indicator, unit, window, comparator, value, mood, of):
        self.make(f["of"], indicator, unit, (window[0], window[0]) if self.chance.random() < 0.5 else window,
                  comparator, value, mood, of)

    # ---- coverage
    def make_coverage(self, f, indicator, unit, window, comparator, value, mood, of):
        if "register" in f:
            return self.cover_register(f, unit, window, comparator, value, mood)
        said = f["units"]
        below = unit.below if said.get("below") == "children" else unit.all()
        units = [u for u in below if "any" in as_list(said.get("level", "any")) or u.level in as_list(said["level"])]
        for piece in [said.get("where") or {}]:
            for u in units:
                if piece and self.chance.random() < 0.3:
                    self.exclude(piece, u)
        wanted = self.enough(comparator, value, mood, len(units))
        for u in self.chance.sample(units, len(units)):
            self.have(f["have"], indicator, unit, u, window, wanted > 0)
            wanted -= 1

    def enough(self, comparator, value, mood, n):
        """How many of n make the percentage."""
        exact = Fraction(str(value)) * n / 100
        least = math.floor(exact) + 1 if comparator == ">" and exact.denominator == 1 else math.ceil(exact)
        return {"edge": least, "above": n, "below": least - 1}.get(mood, self.chance.randrange(0, n + 1))

    def exclude(self, where, unit):
        """Sets the attributes that the `where` of a unit set or a target speaks of."""
        for piece in walk(where):
            for name, value in piece.items():
                if name.startswith("attr.") and "attributes" not in self.silent:
                    self.set_attribute(unit, name[5:], self.chance.choice(as_list(value)), self.first - 3)

    def have(self, have, indicator, asked, unit, window, good):
        """Makes a unit have it, or almost."""
        if "any" in have or "all" in have:
            parts = have.get("any") or have["all"]
            just = self.chance.randrange(len(parts))
            for n, part in enumerate(parts):
                self.have(part, indicator, asked, unit, window, good if "any" in have and n == just or "all" in have and (good or n != just)
                          else False)
        elif "attribute" in have:
            if good or self.chance.random() < 0.6:
                self.attribute(have, unit, window, good)
        elif "register" in have:
            if good:
                self.register(have["register"], have.get("only"), None, unit, "own", window, 1, 1)
        elif "reached_by" in have:
            if good and "activities" not in self.silent:
                fields, _ = self.content_for(have["reached_by"])
                by = asked if have.get("by", "own") == "own" else self.chance.choice(asked.all())
                self.activity(by, self.some_day(*window), fields, reached_units=[unit.name])
        else:
            inner = self.indicators[have["indicator"]] if "indicator" in have else indicator
            self.make(inner["formula"] if "indicator" in have else have["formula"], inner, unit, window,
                      have["comparator"], have["value"], "edge" if good else self.chance.choice(("below", "below", "none")))

    def cover_register(self, f, unit, window, comparator, value, mood):
        n = self.chance.choice((1, 3, 5, 10, 20))
        good = self.enough(comparator, value, mood, n)
        if "named_by" not in f["have"]:
            return self.register(f["register"], f.get("only"), f["have"], unit, "subtree", window, n, good)
        flags = self.content_for(f.get("only"))[0].get("flags", {})
        if "entities" in self.silent or "activities" in self.silent:
            return
        names = [self.entity(f["register"], self.chance.choice(unit.all()), self.first - 40, **flags) for _ in range(n)]
        for name in names[:good]:
            fields, _ = self.content_for(f["have"]["named_by"])
            self.activity(self.chance.choice(self.units), self.some_day(*window), fields, outputs=[{"kind": f["register"], "id": name}])

    def make_share(self, f, indicator, unit, window, comparator, value, mood, of):
        self.shares.append((f, unit, window, comparator, value, mood, of))

    def share(self, f, unit, window, comparator, value, mood, of):
        """Last: as many that match, or that only lie among, as the percentage needs."""
        test = agreeing(f, self.units_under(unit, of), window)
        both, among = test(self.out.said)
        wanted = goal(comparator, value, mood, self.chance) / 100
        if "activities" in self.silent or wanted >= 1 or wanted <= 0:
            return
        for _ in range(MOST):
            if both < wanted * among or not among:
                fields, _ = self.content_for({"all": [f.get("where") or {}, f.get("among") or {}]})
                both += 1
            elif both > wanted * among + 1:
                fields = {**self.content_for(f.get("among"))[0], "form": "in_person"}
            else:
                break
            among += 1
            self.activity(self.chance.choice(self.speakers(unit, of)), self.some_day(*window), fields)

    def units_under(self, unit, of):
        return {u.name for u in self.speakers(unit, of)}

    # ---- milestones, obligations, money
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

    def noise(self):
        """Activities that no target asks for."""
        if "activities" not in self.silent:
            for _ in range(self.chance.randrange(0, 12)):
                self.activity(self.chance.choice(self.units), self.some_day(), self.chance.choice(({}, {"topics": ["khác"]},
                                                                                                   {"flags": {"digital": False}})))


def agreeing(f, units, window):
    """(both, among) of what has been said so far, roughly: a correction may change it."""
    def matches(where, data):
        for name, wanted in (where or {}).items():
            got = data.get("flags", {}).get(name[5:]) if name.startswith("flag.") else data.get(name)
            if name in ("all", "any", "not") or name.startswith("unit."):
                return False
            if not any(g in as_list(wanted) for g in as_list(got)):
                return False
        return True

    def count(said):
        acts = [e["data"] for _, _, _, e in said if e["type"].endswith("activity.recorded.v1")]
        acts = [d for d in acts if d["unit"] in units and window[0] <= day(d["ends"][:10]) <= window[1] and matches(f.get("among"), d)]
        return sum(matches(f.get("where"), d) for d in acts), len(acts)
    return count
