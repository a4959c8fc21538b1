"""How much is enough, and how much falls short, of a target; often by a hair."""


def enough(chance, comparator, value, or_more=False):
    """A whole number that meets the target."""
    if comparator == "=" and not or_more:
        return value
    if comparator in ("<=", "<"):
        return max(1, value - (comparator == "<") - chance.between(0, value // 3))
    least = value + (comparator == ">")
    return least if chance.happens(0.5) else least + chance.between(0, max(2, value // 4))


def too_little(chance, comparator, value):
    """A whole number that does not meet it; 0 where nothing lies below."""
    if comparator in ("<=", "<"):
        return value + (comparator == "<=") + chance.between(0, max(2, value // 3))
    most = value if comparator == ">" else value - 1
    return max(0, most if chance.happens(0.5) else most - chance.between(0, max(1, most // 2)))


def least_of(comparator, value, whole):
    """The smallest n with n / whole meeting a percentage from below."""
    exact, rest = divmod(value * whole, 100)
    return exact + (1 if rest or comparator == ">" else 0)


def pair(chance, fate, comparator, value, whole):
    """(n, whole) whose percentage meets the target or does not; n never above whole."""
    least = least_of(comparator, value, whole)
    if fate == "met":
        n = least if chance.happens(0.4) else chance.between(least, whole)
        return min(n, whole), whole
    most = max(0, least - 1)
    return (most if chance.happens(0.5) else chance.between(most // 2, most)), whole


def spread(chance, n, wholes):
    """n divided over wholes, no part above its whole."""
    out, left, room = [], n, sum(wholes)
    for whole in wholes:
        room -= whole
        part = chance.between(max(0, left - room), min(whole, left))
        out.append(part)
        left -= part
    return out
