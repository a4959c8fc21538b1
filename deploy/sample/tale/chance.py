"""Chance that gives the same on every machine: one stream of numbers for each name it is asked under."""
import random


class Chance:
    """Numbers that depend on the seed and the name alone, so that a new teller moves no other."""

    def __init__(self, seed, *names):
        self.rand = random.Random("/".join(map(str, (seed,) + names))).random

    def between(self, low, high):
        """A whole number, both ends included."""
        return low + int(self.rand() * (high - low + 1)) if high > low else low

    def one(self, items):
        return items[int(self.rand() * len(items))]

    def some(self, items, count):
        """`count` different ones, in the order drawn."""
        items = list(items)
        for i in range(min(count, len(items))):
            j = i + int(self.rand() * (len(items) - i))
            items[i], items[j] = items[j], items[i]
        return items[:count]

    def shuffled(self, items):
        items = list(items)
        return self.some(items, len(items))

    def happens(self, share):
        return self.rand() < share

    def odds(self, *pairs):
        """One of the names, by its weight: odds(("met", 5), ("short", 3))."""
        at = self.rand() * sum(weight for _, weight in pairs)
        for name, weight in pairs:
            at -= weight
            if at < 0:
                return name
        return pairs[-1][0]

    def parts(self, total, count):
        """`count` whole numbers, none below 0, that add up to `total`."""
        cuts = sorted(self.between(0, total) for _ in range(count - 1))
        return [b - a for a, b in zip([0] + cuts, cuts + [total])]
