"""Tellers of what activities say: counts, sums, distinct things and persons, reach, milestones."""
from .amounts import enough, pair, too_little


def own_of(target):
    return (target["for"].get("of") or ("subtree" if target["for"]["scope"] == "rollup" else "own")) == "own"


def judged(history, aim):
    """(unit, its own fate) of every unit the target judges; where the target fails, the first unit fails and others
    may."""
    for i, unit in enumerate(aim.units):
        fails = i == 0 or aim.chance.happens(0.3)
        yield unit, aim.fate if fails else "met"


def amount(aim, fate, or_more):
    if fate == "met":
        return enough(aim.chance, aim.comparator, aim.value, or_more)
    return too_little(aim.chance, aim.comparator, aim.value) if fate == "short" else 0


def count(history, aim, formula):
    for unit, fate in judged(history, aim):
        count_at(history, aim, formula, unit, amount(aim, fate, aim.target.get("or_more")), own_of(aim.target))


def count_at(history, aim, formula, unit, wanted, own):
    where = formula.get("where")
    for _ in range(wanted):
        holder, more = unit, {}
        if not own:
            holder = aim.chance.one(history.organisers(aim.chance, unit, where))
        elif formula.get("credit") == "all" and aim.chance.happens(0.4):
            others = [u for u in history.organisers(aim.chance, unit) if u is not unit]
            if others:
                holder, more = aim.chance.one(others), {"co_units": [unit.id]}
        history.act(aim.chance, holder, history.day_in(aim.chance, aim), where, **more)
    if aim.chance.happens(0.4):
        history.miss(aim.chance, unit, history.day_in(aim.chance, aim), where)


def total(history, aim, formula):
    """A sum over activities."""
    for unit, fate in judged(history, aim):
        wanted = amount(aim, fate, aim.target.get("or_more"))
        total_at(history, aim, formula, unit, wanted, own_of(aim.target))


def total_at(history, aim, formula, unit, wanted, own):
    chance, where = aim.chance, formula.get("where")
    for part in chance.parts(wanted, chance.between(1, 4)) if wanted else []:
        holder = unit if own else chance.one(history.organisers(chance, unit, where))
        if formula["of"] == "participants":
            audience = chance.one(formula.get("audiences") or ["members"])
            data = {"participants": {audience: part}}
            if chance.happens(0.3):
                data["participants"]["enterprises"] = chance.between(1, 9)  # of no plan's audiences
        elif formula["of"] == "outputs":
            data = {"outputs": [{"kind": formula["output"], "count": part}]}
        else:
            data = {"cost": part}
        history.act(chance, holder, history.day_in(chance, aim), where, **data)


def distinct(history, aim, formula):
    for unit, fate in judged(history, aim):
        if fate == "silent" and formula.get("counts", "upper_bound") == "upper_bound" and formula["of"] != "reached_units":
            vague(history, aim, formula, unit, aim.value + 5)
        else:
            distinct_at(history, aim, formula, unit, amount(aim, fate, True), own_of(aim.target))


def vague(history, aim, formula, unit, number):
    """Only how many, not who: an upper bound, which decides nothing."""
    if formula["of"] == "people":
        data = {"people": {aim.chance.one(formula.get("audiences") or ["members"]): number}}
    else:
        data = {"outputs": [{"kind": formula["output"], "count": number}]}
    holder = unit if own_of(aim.target) else aim.chance.one(history.organisers(aim.chance, unit, formula.get("where")))
    history.act(aim.chance, holder, history.day_in(aim.chance, aim), formula.get("where"), **data)


def distinct_at(history, aim, formula, unit, wanted, own):
    """Names `wanted` different ones, some of them more than once and by more than one unit."""
    chance, where = aim.chance, formula.get("where")
    if not wanted:
        return
    if formula["of"] == "people":
        audiences = formula.get("audiences") or ["members"]
        ids = chance.shuffled(history.tokens(audiences[0], wanted))
    elif formula["of"] == "outputs":
        ids = chance.shuffled(history.registered(chance, formula["output"], formula.get("only"), wanted, aim.first))
    else:
        ids = [u.id for u in chance.shuffled(history.land.units)[:wanted]]
    holders = [unit] if own else chance.some(history.organisers(chance, unit, where), 4)
    size = max(1, len(ids) // chance.between(2, 5))
    for start in range(0, len(ids), size):
        named = ids[start:start + size] + ([ids[0]] if start and chance.happens(0.5) else [])
        if formula["of"] == "people":
            data = {"people": {chance.one(audiences): named}}
        elif formula["of"] == "outputs":
            data = {"outputs": [{"kind": formula["output"], "id": one} for one in named]}
        else:
            data = {"reached_units": named}
        history.act(chance, chance.one(holders), history.day_in(chance, aim), where, **data)


def share(history, aim, formula):
    """Activities of both kinds, so many that the share comes out."""
    chance = aim.chance
    if aim.fate == "silent":
        return
    unit, whole = aim.units[0], chance.between(20, 40)
    matching = pair(chance, aim.fate, aim.comparator, aim.value, whole)[0]
    rest = {"all": [formula.get("among") or {}, {"form": "in_person"}]}
    for i in range(whole):
        where = {"all": [formula.get("among") or {}, formula["where"]]} if i < matching else rest
        holder = chance.one(history.organisers(chance, unit, where))
        history.act(chance, holder, history.day_in(chance, aim), where)


def milestone(history, aim, formula):
    """Done in time, or late, or not at all."""
    for unit, fate in judged(history, aim):
        if fate == "met":
            history.act(aim.chance, unit, history.day_in(aim.chance, aim), formula["where"])
        elif fate == "short" and aim.chance.happens(0.6):
            history.act(aim.chance, unit, aim.last + aim.chance.between(1, 30), formula["where"])
        else:
            history.miss(aim.chance, unit, history.day_in(aim.chance, aim), formula["where"])


def reach(history, aim, formula, units, have):
    """Activities of the asked unit that name the units they reached."""
    chance, asked = aim.chance, aim.units[0]
    n = pair(chance, aim.fate, aim.comparator, aim.value, len(units))[0] if aim.fate != "silent" else 0
    named = [u.id for u in chance.some(units, n)]
    rounds = chance.between(1, 3)
    for i in range(rounds if named else 0):
        part = named if have.get("mode") == "each" else named[i::rounds]
        if part:
            history.act(chance, asked, history.day_in(chance, aim), have["reached_by"], reached_units=part)


def threshold(history, aim, formula, units, have):
    """So many units whose own number of activities passes the threshold."""
    chance = aim.chance
    inner = have.get("formula") or history.indicators[have["indicator"]]["formula"]
    n = 0 if aim.fate == "silent" else pair(chance, aim.fate, aim.comparator, aim.value, len(units))[0]
    passing = set(u.id for u in chance.some(units, n))
    for unit in units:
        wanted = int(have["value"]) + (have["comparator"] == ">") if unit.id in passing else max(0, int(have["value"]) - 1)
        if inner["kind"] == "count":
            count_at(history, aim, inner, unit, wanted, True)
        else:
            total_at(history, aim, inner, unit, wanted, True)


def needed(aim, whole):
    """How many of `whole` the fate asks for."""
    if aim.fate == "silent":
        return 0
    if aim.fate == "met" and aim.value == 100:
        return whole
    return pair(aim.chance, aim.fate, aim.comparator, aim.value, whole)[0] if whole else 0
