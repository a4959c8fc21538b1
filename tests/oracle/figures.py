"""Numbers: section 8 (what is read) and section 6 "Show" (what is printed).
Everything is int or Fraction; no float is ever made."""
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from strictjson import Num

GRAMMAR = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z", re.A)


def number_text(value):
    """The printed text of a JSON number or of a string; None for anything else."""
    if type(value) is Num:
        return value.text
    return value if type(value) is str else None


def exact(value):
    """Fraction of a checked number (JSON number, string, int or Fraction)."""
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    return Fraction(number_text(value))


def number_problem(value, whole=False, negative=False):
    """Section 8: the code that refuses this number, or None.  Order of section 11."""
    text = number_text(value)
    if text is None:
        return "field_type"
    if not GRAMMAR.match(text) or text == "-0":
        return "number_invalid"
    before, _, after = text.lstrip("-").partition(".")
    if whole and "." in text:
        return "number_not_whole"
    if text.startswith("-") and not negative and before.strip("0") + after.strip("0"):
        return "number_negative"
    if len(before) > 18:
        return "number_range"
    if len(after) > 6:
        return "number_precision"
    return None


_nfc = {}


def nfc(text):
    """Text compares in NFC (design 8)."""
    if text.isascii():
        return text
    got = _nfc.get(text)
    if got is None:
        got = _nfc[text] = unicodedata.normalize("NFC", text)
    return got


def scalar(value):
    """A JSON value in a form in which Python's == is the equality of section 5's filters:
    text in NFC, numbers by value, true is neither 1 nor "true"."""
    if type(value) is str:
        return nfc(value)
    if type(value) is Num:
        return ("n", number_key(value.text))
    if type(value) is bool:
        return ("b", value)
    if type(value) is list:
        return tuple(["l"] + [scalar(v) for v in value])
    if type(value) is dict:
        return ("d",) + tuple(sorted((nfc(k), repr(scalar(v))) for k, v in value.items()))
    return ("z",)


def number_key(text):
    """Equal for equal numbers, whatever their spelling (also 1e3, in fields we do not know)."""
    if text.isdigit() and (text[0] != "0" or len(text) == 1):
        return (False, text.rstrip("0") or "0", len(text) - len(text.rstrip("0")) if text != "0" else 0)
    try:
        sign, digits, exponent = Decimal(text).as_tuple()
    except ArithmeticError:
        return text
    plain = "".join(map(str, digits)).lstrip("0")
    cut = plain.rstrip("0")
    return (bool(sign), cut, exponent + len(plain) - len(cut)) if cut else (False, "0", 0)


# ---------------------------------------------------------------- showing (section 6, "Show")

def show_exact(value):
    """A count or a sum: the exact decimal without trailing zeros, as a JSON number, or as a string
    beyond 15 significant digits.  A value that is no finite decimal cannot occur there."""
    if value is None:
        return None
    value = Fraction(value)
    scaled, places = value, 0
    while scaled.denominator != 1:
        scaled, places = scaled * 10, places + 1
        if places > 30:
            raise ValueError("not a decimal: %s" % value)
    return _json_number(scaled.numerator, places)


def _json_number(units, places):
    """units x 10^-places as int, Decimal or (over 15 significant digits) text."""
    while places and units % 10 == 0:
        units, places = units // 10, places - 1
    sign, digits = ("-" if units < 0 else ""), str(abs(units))
    significant = len(digits)
    if places:
        digits = digits.rjust(places + 1, "0")
        text = sign + digits[:-places] + "." + digits[-places:]
    else:
        text = sign + digits
    if significant > 15:
        return text
    return int(text) if places == 0 else Decimal(text)


def largest_remainder(parts, quantum, whole):
    """Section 4: each part taken down to a multiple of the quantum; the quanta that are left go to the
    parts with the largest cut-off rest, ties to the earlier."""
    down = [part // quantum * quantum for part in parts]
    left = (whole - sum(down)) / quantum
    order = sorted(range(len(parts)), key=lambda n: (down[n] - parts[n], n))
    assert left.denominator == 1 and 0 <= left <= len(parts), "no multiple of the quantum: %s" % whole
    for n in order[:int(left)]:
        down[n] += quantum
    return down


def apportion(amount, shares):
    """The amount divided by shares that add up to 1, to 12 decimals."""
    return largest_remainder([amount * share for share in shares], Fraction(1, 10 ** 12), Fraction(amount))


def holds(comparator, value, target, or_more=False):
    """Section 6, comparators on exact numbers."""
    if comparator == ">=" or (comparator == "=" and or_more):
        return value >= target
    if comparator == ">":
        return value > target
    if comparator == "<=":
        return value <= target
    if comparator == "<":
        return value < target
    if comparator == "=":
        return value == target
    raise ValueError("comparator %r" % (comparator,))


def show_percent(value, comparator=None, target=None, or_more=False):
    """Two decimals, half away from zero; never 100.00 for less than 100, never 0.00 for more than
    0, never a number that meets the target when the exact one does not (then cut)."""
    if value is None:
        return None
    value = Fraction(value)
    hundredths = value * 100
    cut = hundredths.numerator // hundredths.denominator       # values are never below 0
    shown = cut + 1 if hundredths - cut >= Fraction(1, 2) else cut
    if value < 100 and shown >= 10000:
        shown = 9999
    if value > 0 and shown == 0:
        shown = 1
    if comparator and target is not None and not holds(comparator, value, target, or_more) \
            and holds(comparator, Fraction(shown, 100), target, or_more):
        shown = cut
        if holds(comparator, Fraction(shown, 100), target, or_more):
            shown = cut + 1         # choice 17: <, <= and = from above: cutting would meet it too
    return _json_number(shown, 2)


def dumps(value):
    """JSON text in which a Decimal stays its own digits."""
    import json
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (json.dumps(k), dumps(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(dumps(v) for v in value)
    return json.dumps(value, ensure_ascii=False)
