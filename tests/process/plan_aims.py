"""What a random history says so that the figures of a plan fall on, just below and above the targets,
or have nothing to rest on.  Worked out from the plan document alone."""
from agreement import periods
from plan_dues import Dues
from plan_history import MOODS, MOST, PlanHistory, as_list, day, goal, number
from plan_ratios import Ratios


class Aims(Ratios, Dues, PlanHistory):
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
            years = [(int(y), *periods.year_days(int(y), statutory)) for y in when["years"]]
            return [(a, day("%d-%s" % (y, when["until"])) if when.get("until") else b) for y, a, b in years]
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

    def noise(self):
        """Activities that no target asks for."""
        if "activities" not in self.silent:
            for _ in range(self.chance.randrange(0, 12)):
                self.activity(self.chance.choice(self.units), self.some_day(), self.chance.choice(({}, {"topics": ["khác"]},
                                                                                                   {"flags": {"digital": False}})))
