"""Activities in formulas: section 5, filters, organisers, count, sum and share of activities."""
from bisect import bisect_left, bisect_right
from fractions import Fraction

from figures import apportion, nfc, scalar
from plans import text_of


def compile_filter(f):
    """F -> a function of get(field) -> scalar or None.  A missing field never matches."""
    if f is None:
        f = {}
    parts = []
    for name, value in f.items():
        if name == "all":
            inner = [compile_filter(x) for x in value]
            parts.append(lambda get, inner=inner: all(x(get) for x in inner))
        elif name == "any":
            inner = [compile_filter(x) for x in value]
            parts.append(lambda get, inner=inner: any(x(get) for x in inner))
        elif name == "not":
            inner = compile_filter(value)
            parts.append(lambda get, inner=inner: not inner(get))
        else:
            wanted = [scalar(v) for v in (value if type(value) is list else [value])]
            parts.append(lambda get, name=nfc(name), wanted=wanted: _equal(get(name), wanted))
    return lambda get: all(part(get) for part in parts)


def _equal(said, wanted):
    """Equal to one of them; of a list field, one element is enough."""
    if said is None:
        return False
    if type(said) is tuple and said[0] == "l":
        return any(one in wanted for one in said[1:])
    return said in wanted


def unit_field(units, unit, day, name):
    """A unit's field as on a day: level, kind, parent_level, attr.K."""
    if name in ("level", "kind"):
        return getattr(units.units[unit], name)
    if name == "parent_level":
        parent = units.parent(unit, day)
        return units.units[parent].level if parent else None
    if name.startswith("attr."):
        return units.units[unit].attribute(name[5:], day)
    raise NotImplementedError("unit field %s" % name)


def names_in(f):
    for name, value in (f or {}).items():
        if name in ("all", "any"):
            for part in value:
                yield from names_in(part)
        elif name == "not":
            yield from names_in(value)
        else:
            yield name


class Group:
    """The facts of one term with the same organisers, in the order of (day, K)."""
    __slots__ = ("units", "days", "amounts", "facts", "sums")

    def __init__(self, units):
        self.units, self.days, self.amounts, self.facts, self.sums = units, [], [], [], None

    def range(self, first, last):
        return bisect_left(self.days, first), bisect_right(self.days, last)


class Activities:
    """All facts of V, and for each term (filter, amount, credit) its groups, made once."""

    def __init__(self, units, facts):
        self.units, self.facts = units, facts
        self._matching, self._terms = {}, {}

    def matching(self, where):
        """The facts that match a filter; the answer is the same for facts with equal profile, unit
        (and, where a unit's parent or attribute is asked, day), so it is worked out once for each."""
        key = text_of(where or {})
        if key in self._matching:
            return self._matching[key]
        test, cache, chosen = compile_filter(where), {}, []
        names = set(names_in(where))
        by_unit = any(n.startswith("unit.") for n in names)
        by_day = any(n == "unit.parent_level" or n.startswith("unit.attr.") for n in names)
        for fact in self.facts:
            content = fact.content
            case = (id(content.profile), fact.unit if by_unit else None,
                    fact.day if by_day else None)
            good = cache.get(case)
            if good is None:
                fields = dict(content.profile)

                def get(name, fact=fact, fields=fields):
                    if name.startswith("unit."):
                        return unit_field(self.units, fact.unit, fact.day, name[5:])
                    return fields.get(name)
                good = cache[case] = test(get)
            if good:
                chosen.append(fact)
        self._matching[key] = chosen
        return chosen

    def term(self, where, amount="one", names=None, credit=None):
        """Groups by organisers.  An activity counts for its `unit`; with credit "all" also for each
        known co-unit.  Amounts always go to `unit` alone."""
        key = (text_of(where or {}), amount, names, credit)
        if key in self._terms:
            return self._terms[key]
        groups = {}
        for fact in self.matching(where):
            said = amount_of(fact.content, amount, names)
            if said == 0:
                continue
            organisers = (fact.unit,)
            if credit == "all" and fact.content.co_units:
                more = {u for u in fact.content.co_units if u in self.units.units} - {fact.unit}
                organisers += tuple(sorted(more))
            group = groups.get(organisers)
            if group is None:
                group = groups[organisers] = Group(organisers)
            group.days.append(fact.day)
            group.amounts.append(said)
            group.facts.append(fact)
        for group in groups.values():
            total, group.sums = 0, [0]
            for said in group.amounts:
                total += said
                group.sums.append(total)
        self._terms[key] = list(groups.values())
        return self._terms[key]

    def ranges(self, groups, asked, of, tree, first, last):
        """(group, i, j): the facts of the days first..last that belong to the asked figure."""
        for group in groups:
            for a, b, _, _ in self.units.stands_under(group.units, asked, of, tree, first, last):
                i, j = group.range(a, b)
                if i < j:
                    yield group, i, j

    def divided(self, groups, asked, of, tree, first, last, credit=None):
        """(group, i, j, shares, parts): those whose amounts are divided with their unit; a credit
        to several organisers is not."""
        for group in groups:
            for a, b, shares, parts in self.units.stands_under(group.units, asked, of, tree, first, last, credit == "all"):
                i, j = group.range(a, b)
                if i < j:
                    yield group, i, j, shares, parts

    def total(self, groups, asked, of, tree, first, last, credit=None):
        """(sum of amounts, number of records with an amount other than 0, whether any is divided)."""
        total, records, apportioned = Fraction(0), 0, False
        for group, i, j, shares, parts in self.divided(groups, asked, of, tree, first, last, credit):
            if all((share * 10 ** 6).denominator == 1 for share in shares):
                total += (group.sums[j] - group.sums[i]) * sum(Fraction(shares[n]) for n in parts)
            else:
                total += sum(part_of(amount, shares, parts) for amount in group.amounts[i:j])
            records += j - i
            apportioned = apportioned or len(shares) > 1
        return total, records, apportioned

    def in_order(self, groups, asked, of, tree, first, last, credit=None):
        """[(K, amount)] in the order of records."""
        return sorted((group.facts[n].K, part_of(group.amounts[n], shares, parts)) for group, i, j, shares, parts
                      in self.divided(groups, asked, of, tree, first, last, credit) for n in range(i, j))

    def earliest(self, groups, asked, of, tree, first, last):
        """(day, K) of the earliest matching day; None without one."""
        return min(((group.days[i], group.facts[i].K)
                    for group, i, _ in self.ranges(groups, asked, of, tree, first, last)), default=None)


def part_of(amount, shares, parts):
    """Those parts of an amount that is divided by shares."""
    divided = apportion(Fraction(amount), shares)
    return sum((divided[n] for n in parts), Fraction(0))


def amount_of(content, amount, names):
    """Section 5, sum: visits of the audiences, outputs of a kind, cost; of people and reached units
    how many are said, so that those who say none are left out."""
    if amount == "one":
        return 1
    if amount == "participants":
        return sum(visits for audience, visits in content.participants if names is None or audience in names)
    if amount == "outputs":
        return sum(1 if name is not None else count for kind, name, count in content.outputs
                   if names is None or kind in names)           # section 5: an id is 1
    if amount == "people":
        return sum(len(ids) if ids is not None else count for audience, ids, count in content.people
                   if names is None or audience in names)
    if amount == "reached_units":
        return len(content.reached_units)
    if amount == "cost":
        return content.cost or 0
    raise NotImplementedError("sum of %s" % amount)
