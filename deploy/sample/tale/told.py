"""A history being told: a plan, its units, the fate of each target, and what the tellers share."""
from datetime import date

from . import filters
from .chance import Chance

FATES = ("met", "short", "silent")
PILLARS = ("digital_government", "digital_economy", "digital_society", "awareness", "infrastructure")
SEEDS = {1: "met", 2: "short", 3: "no_activities", 4: "nothing", 5: "silent"}  # by seed % 20; all others are mixed


class Aim:
    """What one target asks in one window: the days, the units judged, and how it will go."""
    __slots__ = ("target", "first", "last", "fate", "chance", "units", "name", "fresh")

    def __init__(self, target, first, last, fate, chance, units, fresh):
        self.target, self.first, self.last, self.fate, self.chance = target, first, last, fate, chance
        self.units, self.fresh = units, fresh  # fresh: nothing said before the window may count in it
        self.name = "%s-%s" % (target["id"].lower(), date.fromordinal(last).year)

    @property
    def comparator(self):
        return self.target["comparator"]

    @property
    def value(self):
        return int(self.target["value"])


class History:
    def __init__(self, document, land, voice, recipe, seed):
        self.plan, self.land, self.voice, self.recipe, self.seed = document, land, voice, recipe, seed
        self.first, self.last = day_of(document["first"]), day_of(document["last"])
        self.mood = SEEDS.get(seed % 20, "mixed")
        self.indicators = {one["id"]: one for one in document["indicators"]}
        self.people, self.heads, self.declared, self.quiet = {}, {}, set(), set()
        self.registers, self.places, self.pairs, self.figures = {}, {}, {}, {}
        self.count = 0
        # What a report can say where nothing is asked of it: shown beside the figure from events, never added.
        self.counted = next(one["id"] for one in document["indicators"] if one["formula"]["kind"] in ("count", "sum"))
        self.frugal = self.mood == "met" or (self.mood == "mixed" and Chance(seed, "money").happens(0.4))
        self.online = Chance(seed, "online").one((0.12, 0.45))
        self.aims = [aim for target in document["targets"] for aim in self.aims_of(target)]

    # ---- aims
    def aims_of(self, target):
        when = target["when"]
        if when["kind"] == "each_year":
            windows = [(day_of("%d-01-01" % y), day_of("%d-%s" % (y, when.get("until", "12-31")))) for y in when["years"]]
        else:
            first, last = self.days_of(when)
            windows = [(day_of(when["first"]) if "first" in when else first, last)]
        for first, last in windows:
            if first > self.voice.until:
                continue
            chance = Chance(self.seed, target["id"], first)
            fate = self.mood if self.mood in FATES else "silent" if self.mood == "nothing" else \
                chance.odds(("met", 50), ("short", 32), ("silent", 18))
            units = [u for u in self.land.at(target["for"]["level"])
                     if filters.matches(target["for"].get("where"), self.land.get(u))
                     or "attr." in str(target["for"].get("where"))]
            yield Aim(target, first, last, fate, chance, units, first > self.first)

    def days_of(self, when):
        """First and last day of a window that is not yearly."""
        if when["kind"] != "in":
            return self.first, day_of(when.get("day") or when["last"]) - (when["kind"] == "before")
        period = when["period"]
        named = {p["id"]: (day_of(p["first"]), day_of(p["last"])) for p in self.plan.get("periods", [])}
        named["plan"] = (self.first, self.last)
        return named.get(period) or (day_of(period + "-01-01"), day_of(period + "-12-31"))  # else a year

    # ---- what tellers share
    def name(self, what):
        self.count += 1
        return "%s-%s-%d" % (self.plan["plan"].split("-")[0], what, self.count)

    def tokens(self, pool, count):
        """The first `count` persons of a pool, as opaque tokens."""
        known = self.people.setdefault(pool, [])
        chance = Chance(self.seed, "people", pool, len(known))
        while len(known) < count:
            known.append("n-%013x" % int(chance.rand() * 16 ** 13))
        return known[:count]

    def head_count(self, statistic, year):
        """How many the statistic will say for a year; one number for all that divide by it."""
        low, high = self.recipe["people"]
        return self.heads.setdefault((statistic, year), Chance(self.seed, statistic, year).between(low, high))

    def organisers(self, chance, within, where=None):
        """Units that may hold an activity: those of a filter on the unit, the quiet ones last."""
        wanted = {name[5:]: value for name, value in flat(where) if name.startswith("unit.")}
        units = [u for u in self.land.units if self.land.lies_in(u, within)
                 and filters.matches(wanted, self.land.get(u))]
        loud = [u for u in units if u.id not in self.quiet]
        return loud or units or [within]

    def day_in(self, chance, aim):
        """A day of the window on which something may still be heard of."""
        return chance.between(aim.first, max(aim.first, min(aim.last, self.voice.until)))

    # ---- registers
    def enrol(self, chance, register, only, unit, day):
        """A new entity of a unit; returns its name."""
        flags = {k[5:]: v for k, v in filters.witness(chance, only).items()}
        known = self.registers.setdefault(register, {})
        name = "%s-%s-%s-%02d" % (self.voice.top, unit.id.split(".")[-1], register, len(known) + 1)
        known[name], self.places[register, name] = flags, unit.id
        self.voice.entity(chance, register, name, unit.id, day, flags)
        return name

    def registered(self, chance, register, only, count, day):
        """At least `count` names of a register that meet a filter, new ones from before `day` where there are too few;
        all of them where more are asked of than that."""
        wanted = {k[5:]: v for k, v in filters.witness(chance, only).items()}
        names = [n for n, flags in self.registers.get(register, {}).items()
                 if all(flags.get(k) == v for k, v in wanted.items())]
        units = self.land.units[1:] or self.land.units
        while len(names) < count:
            names.append(self.enrol(chance, register, only, chance.one(units), day - chance.between(0, 90)))
        return names

    def flag(self, chance, register, name, day, flags):
        self.registers[register][name].update(flags)
        self.voice.entity(chance, register, name, self.places[register, name], day, flags, "updated")

    # ---- figures of reports
    def figure(self, chance, unit, day, indicator, numerator, denominator, scope=None, survey=None):
        """One declared pair; pairs of a unit and a month go into one report."""
        figure = {"indicator": indicator, "numerator": numerator, "denominator": denominator, "as_at": text_of(day)}
        if scope:
            figure["scope"] = scope
        if survey:
            figure["survey"] = dict(survey, day=text_of(survey["day"]))
        period = text_of(day)[:7]
        if any(f["indicator"] == indicator for f in self.figures.get((unit, period), ())):
            period = text_of(day)  # a day is a period too
        self.figures.setdefault((unit, period), []).append(figure)
        self.pairs[unit, indicator] = figure

    def required(self, chance, obligation, unit):
        """What an obligation wants said: counts at random, pairs as the unit has declared them; often not all of it."""
        figures = []
        for name in obligation.get("requires", []) if chance.happens(0.8) else []:
            if self.indicators[name]["measure"] != "percent":
                figures.append({"indicator": name, "value": chance.between(0, 400)})
            elif (unit.id, name) in self.pairs:
                figures.append(self.pairs[unit.id, name])
        return figures or [{"indicator": self.counted, "value": chance.between(0, 400)}]

    def send_figures(self):
        """The reports of all pairs told."""
        for n, ((unit, period), figures) in enumerate(sorted(self.figures.items())):
            chance = Chance(self.seed, "figures", unit, period)
            last = max(day_of(f["as_at"]) for f in figures)
            said = min(last + chance.between(0, 25), self.voice.until)
            if last <= self.voice.until:
                self.voice.report(chance, "%s-bc-%d" % (self.plan["plan"].split("-")[0], n), unit, period, figures, said)

    # ---- activities
    def act(self, chance, unit, day, where, **data):
        """An activity of a unit that matches a filter."""
        if self.mood in ("no_activities", "nothing"):
            return
        said = filters.witness(chance, where)
        if "form" not in said:
            said["form"] = chance.one(("online", "hybrid")) if chance.happens(self.online) else "in_person"
        filters.put(data, said)
        self.adorn(Chance(self.seed, "adorned", self.count), data)
        self.voice.activity(chance, unit.id, self.name("hd"), day, data)

    def adorn(self, chance, data):
        """What people add that no target of the plans asks for."""
        if chance.happens(0.2):
            data.setdefault("plan", self.plan["plan"])
        if chance.happens(0.5):
            data.setdefault("pillar", chance.one(PILLARS))
        if chance.happens(0.2) and self.plan.get("tasks"):
            data.setdefault("task", chance.one(self.plan["tasks"])["id"])
        if chance.happens(0.12):
            data.setdefault("cost", chance.between(1, 400) / 20)
        if chance.happens(0.06):
            data["evidence"] = "https://minhchung.%s.example/%d" % (self.voice.top, self.count)

    def miss(self, chance, unit, day, where, **data):
        """An activity that nearly matches."""
        near = filters.near_miss(chance, filters.witness(chance, where))
        if near is None or self.mood in ("no_activities", "nothing"):
            return
        filters.put(data, near)
        self.voice.activity(chance, unit.id, self.name("hd"), day, data)


def flat(where):
    """(field, value) of every condition of a filter that must hold."""
    for name, value in (where or {}).items():
        if name == "all":
            for part in value:
                yield from flat(part)
        elif name not in ("any", "not"):
            yield name, value


def text_of(day):
    return date.fromordinal(day).isoformat()


def day_of(text):
    return date.fromisoformat(text).toordinal()
