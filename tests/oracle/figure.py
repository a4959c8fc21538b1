"""What a formula answers, and over which days."""
from fractions import Fraction


class Figure:
    """value, or numerator and denominator (value is then the percentage); `reason` of no data;
    `records`: number of contributors of an amount other than 0, None if not worked out."""

    def __init__(self, value=None, records=None, apportioned=False, numerator=None, denominator=None, reason=None):
        self.apportioned = apportioned  # some amount is divided with its unit
        self.numerator, self.denominator, self.records = numerator, denominator, records
        self.percent = denominator is not None
        if self.percent and denominator != 0:
            value = Fraction(100) * numerator / denominator
        self.value = value
        self.reason = reason if value is None else None
        self.done_on = None             # milestone
        self.established = True         # kept
        self.worst_day = None
        self.partial = False            # sums of reported: days of the window that nobody's periods cover
        self.lower = None               # of an upper bound: the value that is certain
        self.missing = self.unknown = self.planned = self.spent = None
        self.hidden = False             # `each` above its level: only the two counts are shown

    def verdict(self, test):
        """Section 6: an upper bound is met only if its lower bound is, failed if the upper bound
        fails, else undecided (None)."""
        if not test(self.value):
            return False
        return True if self.lower is None or test(self.lower) else None

    def meets(self, test):
        """No data is not having, and so is what is undecided."""
        return self.value is not None and self.verdict(test) is True


class Window:
    """[first, last] of the days that count (last is A), and `asked`: the window's last day before
    it was cut at N (sums of reported figures ask for it)."""

    def __init__(self, first, last, asked=None, due_last=None, statutory=False):
        self.first, self.last, self.asked = first, last, last if asked is None else asked
        self.due_last = last if due_last is None else due_last      # milestones: L of the target
        self.statutory = statutory                                  # money: of the years so counted

    def key(self):
        return self.first, self.last, self.asked, self.due_last, self.statutory


def copy(figure):
    """Figures are remembered; what a row adds must not stick to them."""
    f = Figure()
    f.__dict__.update(figure.__dict__)
    return f
