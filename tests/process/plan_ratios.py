"""What makes ratios, surveys and coverages fall on their targets: a part of Aims (plan_aims.py)."""
import math
from fractions import Fraction

from agreement import periods
from plan_history import MOST, as_list, day, goal, walk


class Ratios:
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
