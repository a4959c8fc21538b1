"""Tellers of what is declared: attributes, registers, statistics, figures of reports, reports themselves, money."""
from . import acts
from . import filters
from .amounts import enough, pair, spread, too_little
from .told import day_of


def late_day(history, aim):
    """A day near the end of the window, when a state is declared; None if that is not yet."""
    low = max(aim.first, aim.last - 300)
    high = min(aim.last, history.voice.until)
    return aim.chance.between(low, high) if low <= high else None


def before(history, aim):
    """A day from which on something holds throughout the window; exactly its first where earlier windows end."""
    return aim.first if aim.fresh else aim.first - aim.chance.between(0, 60)


def dip(aim, history):
    """(a day, a later day) inside the window between which something fails."""
    low, high = aim.first + 3, min(aim.last, history.voice.until) - 3
    if low >= high:
        return None
    start = aim.chance.between(low, high - 1)
    return start, aim.chance.between(start + 1, high)


# ---- attributes and registers
def opposite(value):
    return not value if type(value) is bool else "khong"


def state(history, aim, formula, keep=False):
    for unit in aim.units:
        if "attribute" in formula:
            def set_to(day, holds):
                said = formula["is"] if holds else opposite(formula["is"])
                history.voice.attributes(aim.chance, unit.id, day, {formula["attribute"]: said})
        else:
            name = history.name(formula["register"])

            def set_to(day, holds):
                flags = filters.witness(aim.chance, formula.get("only"))
                history.voice.entity(aim.chance, formula["register"], name, unit.id, day,
                                     {k[5:]: v for k, v in flags.items()}, "registered" if holds else "removed")
        hold(history, aim, set_to, keep)


def hold(history, aim, set_to, keep):
    """One yes or no over the window, as the fate wants it."""
    if aim.fate == "silent":
        return
    if not keep:
        day = late_day(history, aim)
        if day is None:
            return
        if aim.fate == "met":
            if aim.chance.happens(0.3):
                set_to(max(aim.first, day - 40), False)
            set_to(day, True)
        elif aim.chance.happens(0.5):
            set_to(day, False)
        else:
            set_to(aim.last + aim.chance.between(1, 40), True)  # too late
        return
    set_to(before(history, aim), True)
    if aim.fate == "short" and (days := dip(aim, history)):
        set_to(days[0], False)
        if aim.chance.happens(0.6):
            set_to(days[1], True)


def coverage(history, aim, formula, keep=False):
    if "register" in formula:
        return of_register(history, aim, formula, keep)
    have = formula["have"]
    where = formula["units"].get("where")
    units = [u for u in history.land.at(formula["units"].get("level", "any"), aim.units[0])
             if filters.matches(where, history.land.get(u))]
    if "reached_by" in have:
        return acts.reach(history, aim, formula, units, have)
    if "formula" in have or "indicator" in have:
        return acts.threshold(history, aim, formula, units, have)
    having = {u.id for u in aim.chance.some(units, len(units) if keep and aim.fate == "short"
                                            else acts.needed(aim, len(units)))}
    fails = aim.chance.one(sorted(having)) if keep and aim.fate == "short" and having else None
    for unit in units:
        if "attribute" in have:
            unit_attribute(history, aim, unit, have, unit.id in having, unit.id == fails, keep)
        else:
            unit_register(history, aim, unit, have, unit.id in having, unit.id == fails, keep)


def unit_attribute(history, aim, unit, have, holds, fails, keep):
    chance = aim.chance
    day = before(history, aim) if keep else late_day(history, aim)
    if day is None or aim.fate == "silent":
        return

    def say(on, value):
        history.voice.attributes(chance, unit.id, on, {have["attribute"]: have["is"] if value else opposite(have["is"])})
    if holds:
        say(day, True)
        if fails and (days := dip(aim, history)):
            say(days[0], False)
            if chance.happens(0.6):
                say(days[1], True)
    elif chance.happens(0.4):
        say(day, False)


def unit_register(history, aim, unit, have, holds, fails, keep):
    if not holds:
        return
    day = before(history, aim) if keep else late_day(history, aim)
    if day is None:
        return
    name = history.enrol(aim.chance, have["register"], have.get("only"), unit, day)
    if fails and (days := dip(aim, history)):
        history.voice.entity(aim.chance, have["register"], name, unit.id, days[0], None, "removed")


def of_register(history, aim, formula, keep):
    """Entities of a register, so many of which have it."""
    chance, have = aim.chance, formula["have"]
    if aim.fate == "silent" and chance.happens(0.7):
        return
    ids = history.registered(chance, formula["register"], formula.get("only"), chance.between(4, 9), aim.first)
    n = len(ids) if keep and aim.fate == "short" else acts.needed(aim, len(ids))
    having = chance.some(ids, n)
    if "named_by" in have:
        for start in range(0, len(having), 3):
            holder = chance.one(history.organisers(chance, aim.units[0], have["named_by"]))
            history.act(chance, holder, history.day_in(chance, aim), have["named_by"],
                        outputs=[{"kind": formula["register"], "id": one} for one in having[start:start + 3]])
        return
    flags = {k[5:]: v for k, v in filters.witness(chance, have).items()}
    day = before(history, aim) if keep else late_day(history, aim)
    if day is None:
        return
    for one in having:
        history.flag(chance, formula["register"], one, day, flags)
    if keep and aim.fate == "short" and having and (days := dip(aim, history)):
        one, name = chance.one(having), chance.one(sorted(flags))
        history.flag(chance, formula["register"], one, days[0], {name: opposite(flags[name])})
        if chance.happens(0.5):
            history.flag(chance, formula["register"], one, days[1], {name: flags[name]})


def gauge(history, aim, formula, keep=False):
    """Entities that exist; kept: founded by a day, some dissolved again where it fails."""
    if aim.fate == "silent":
        return
    chance = aim.chance
    n = (enough if aim.fate == "met" or keep else too_little)(chance, aim.comparator, aim.value) \
        if not aim.target.get("or_more") else aim.value + chance.between(0, 2)
    day = before(history, aim) if keep else late_day(history, aim)
    if day is None:
        return
    unit = aim.units[0]
    ids = [history.enrol(chance, formula["register"], formula.get("only"), chance.one(history.organisers(chance, unit)),
                         day + chance.between(0, 20)) for _ in range(n)]
    if aim.fate == "short" and keep and (days := dip(aim, history)):
        for one in ids[:n - aim.value + 1]:
            history.voice.entity(chance, formula["register"], one, history.places[formula["register"], one],
                                 max(days[0], day + 21), None, "removed")


# ---- statistics and ratios
def rank(history, aim, formula):
    day = late_day(history, aim)
    if aim.fate == "silent" or day is None:
        return
    value = (enough if aim.fate == "met" else too_little)(aim.chance, aim.comparator, aim.value)
    for unit in aim.units:
        history.voice.statistic(aim.chance, formula["statistic"], unit.id, max(aim.first, day - 200), value + 9)
        history.voice.statistic(aim.chance, formula["statistic"], unit.id, day, value)


def ratio(history, aim, formula):
    """Of terms: a statistic below, what activities say above."""
    chance, below, above = aim.chance, formula["denominator"], formula["numerator"]
    asked = aim.units[0]
    day = late_day(history, aim)
    if day is None or below["kind"] != "statistic":
        return
    year = str(aim.last)
    whole = history.head_count(below["statistic"], year)
    if aim.fate != "silent" or chance.happens(0.3):
        declare(history, aim, below, asked, day, whole)
    n = chance.between(0, whole // 2) if aim.fate == "silent" else \
        pair(chance, aim.fate, aim.comparator, aim.value, whole)[0]
    if above["kind"] == "distinct":
        if aim.fate == "short" and chance.happens(0.15):
            acts.vague(history, aim, above, asked, whole)
        acts.distinct_at(history, aim, above, asked, n, False)
    elif above["kind"] == "sum":
        acts.total_at(history, aim, above, asked, n, False)
    else:
        acts.count_at(history, aim, above, asked, n, False)


def declare(history, aim, term, asked, day, whole):
    """A head count, of the whole or of each part of it."""
    key = (term["statistic"], str(aim.last))
    if key in history.declared:
        return
    history.declared.add(key)
    chance, parts = aim.chance, [u for u in history.land.units if u.parent == asked.id]
    if parts and term.get("covers") != "own" and chance.happens(0.4):
        for unit, part in zip(parts, chance.parts(whole, len(parts))):
            history.voice.statistic(chance, term["statistic"], unit.id, day, part)
    else:
        history.voice.statistic(chance, term["statistic"], asked.id, day, whole)


def reported(history, aim, formula, keep=False, survey=False, indicator=None):
    """Pairs that units declare."""
    chance, indicator = aim.chance, indicator or aim.target["indicator"]
    day = before(history, aim) if keep else late_day(history, aim)
    if day is None:
        return
    if aim.target["for"]["scope"] == "each":
        for unit, fate in acts.judged(history, aim):
            if fate != "silent":
                one_pair(history, aim, indicator, unit, day, pair(chance, fate, aim.comparator, aim.value,
                                                                   chance.between(4, 30)), survey)
        return
    if aim.fate == "silent":
        if survey and chance.happens(0.5):  # without the survey's day it says nothing
            history.figure(chance, aim.units[0].id, day, indicator, 8, 10)
        return
    asked = aim.units[0]
    subtree = survey or formula.get("covers") == "subtree"
    parts = [asked] if subtree and chance.happens(0.5) else \
        [u for u in history.land.units if u.parent == asked.id] if subtree else \
        chance.some(history.land.at("any", asked), chance.between(2, 6))
    wholes = [5 * chance.between(4, 40) for _ in parts or [asked]]
    fate = "met" if keep else aim.fate
    n = pair(chance, fate, aim.comparator, aim.value, sum(wholes))[0]
    told = list(zip(parts or [asked], spread(chance, n, wholes), wholes))
    for unit, part, whole in told:
        one_pair(history, aim, indicator, unit, day, (part, whole), survey)
        if not keep and chance.happens(0.2):
            history.figure(chance, unit.id, max(aim.first, day - 60), indicator, part // 2, whole,
                           "own" if not subtree else None, {"day": max(aim.first, day - 60)} if survey else None)
    if keep and aim.fate == "short" and (days := dip(aim, history)):
        unit, part, whole = chance.one(told)
        one_pair(history, aim, indicator, unit, days[0], (max(0, part - 1 - chance.between(0, part // 2)), whole), survey)
        one_pair(history, aim, indicator, unit, days[1], (part, whole), survey)


def one_pair(history, aim, indicator, unit, day, numbers, survey):
    history.figure(aim.chance, unit.id, day, indicator, numbers[0], numbers[1], None,
                   {"day": day, "size": numbers[1]} if survey else None)


# ---- reports sent
def sent(history, aim, formula):
    """Reports of an obligation, in time or not."""
    obligation = next(o for o in history.plan["obligations"] if o["id"] == formula["obligation"])
    instances = obligation["instances"]
    if "period" in formula:
        instances = [i for i in instances if i["period"] == formula["period"]]
    elif len(instances) > 1:
        instances = [i for i in instances if aim.first <= due_day(i, history) <= aim.last]
    if instances:
        for unit, fate in acts.judged(history, aim):
            one_report(history, aim, obligation, instances[0], unit, fate)


def due_day(instance, history):
    """The last timely day."""
    due = instance.get("due") or {}
    if "before" in due:
        return day_of(due["before"]) - 1
    if "month" in due:
        year, month = map(int, due["month"].split("-"))
        return day_of("%d-%02d-01" % (year + month // 12, month % 12 + 1)) - 1
    if "year" in due:
        return day_of("%s-12-31" % due["year"])
    return day_of(due.get("by") or due["assumed"]) if due else history.last


def one_report(history, aim, obligation, instance, unit, fate):
    chance, due = aim.chance, due_day(instance, history)
    name = history.name("bc-" + obligation["id"])
    figures = history.required(chance, obligation, unit)
    how, ms = None, None
    if fate == "met":
        said = due - chance.between(0, 25)
        if chance.happens(0.2):
            said, ms, how = due, 86_399_000 if chance.happens(0.5) else None, "plain"
    elif fate == "short":
        said, how = chance.one(((due + 1, None), (due + chance.between(1, 30), None), (due - 5, "returned"),
                                (due - 6, "withdrawn"), (None, None)))
        if said == due + 1 and chance.happens(0.5):
            ms, how = 0, "plain"
    else:
        return
    if said is not None:
        history.voice.report(chance, name, unit.id, instance["period"], figures, said, obligation["id"], how, ms)


# ---- money
def money(history, aim, formula):
    """Allocations and expenses of one line in one year; sums of them follow."""
    lines = formula["line"] if type(formula["line"]) is list else [formula["line"]]
    if len(lines) > 1 or aim.target["when"]["kind"] != "each_year" or aim.fate == "silent":
        return
    chance, year = aim.chance, aim.target["when"]["years"][0]
    units = [aim.units[0]] if aim.units and formula.get("level") in (None, aim.units[0].level) else []
    if formula.get("level"):
        units = history.land.at(formula["level"])
    how = "met" if aim.fate == "met" or history.frugal else chance.one(("less", "more", "overspent"))
    amount = aim.value + {"less": -5, "more": 5}.get(how, 0)
    said = day_of("%d-01-10" % year) + chance.between(0, 60)
    shares = chance.parts(amount, len(units)) if len(units) > 1 else [amount]
    for unit, part in zip(units, shares):
        if chance.happens(0.1):
            history.voice.money(chance, "allocated", lines[0], unit.id, year, part + 7, said)
        history.voice.money(chance, "allocated", lines[0], unit.id, year, part, said + 5)
        spend = part + 1 if how == "overspent" else chance.between(part // 2, part)
        entry = history.name("pc")
        history.voice.money(chance, "spent", lines[0], unit.id, year, spend + 2, said + 90, entry)
        history.voice.money(chance, "corrected", lines[0], unit.id, year, spend + 1, said + 120, entry)
        history.voice.money(chance, "spent", lines[0], unit.id, year, -1, said + 130)
