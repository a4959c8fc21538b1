"""Strict JSON, as section 11 of semantics.md asks: UTF-8 without BOM, one value and nothing
after it, no key twice, at most 32 levels.  Numbers keep their printed text (section 8)."""
import json
import re
import unicodedata

MAX_DEPTH = 32
_SCALAR = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
                     r'|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null')
_SPACE = re.compile(r'[ \t\n\r]*')
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.S)


class Refused(Exception):
    """A message is refused with a code of section 11."""

    def __init__(self, code, field=""):
        super().__init__(code, field)
        self.code, self.field = code, field


class Num:
    """A JSON number, by its text."""
    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return "Num(%s)" % self.text


_twice = []


has_control = re.compile("[\x00-\x1f\x7f-\x9f]").search
_nonchar = re.compile("[\ufdd0-\ufdef%s]" % "".join(
    chr(plane << 16 | low) for plane in range(17) for low in (0xfffe, 0xffff)))
has_surrogate = re.compile("[\ud800-\udfff]").search


def unreadable(text):
    """Control or non-characters, lone surrogates."""
    return has_control(text) or _nonchar.search(text) or has_surrogate(text)


def nfc(text):
    return unicodedata.normalize("NFC", text)


def _pairs(pairs):
    made = dict(pairs)
    if len(made) != len(pairs) or not "".join(made).isascii() and len({nfc(key) for key in made}) != len(pairs):
        _twice.append(True)
    return made


def _constant(name):
    raise ValueError(name)          # NaN, Infinity: Python would take them, JSON does not


_decode = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=Num, parse_int=Num,
                           parse_constant=_constant).decode


def parse(raw):
    """bytes -> value.  Raises Refused with the first failing code in the order of the table:
    not_utf8, not_json, too_deep, duplicate_key."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise Refused("not_utf8")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise Refused("too_deep" if _is_json(text) else "not_json")
    _twice.clear()
    try:
        value = _decode(text)
    except ValueError:
        raise Refused("not_json") from None
    if _twice:
        raise Refused("duplicate_key")
    return value


def _depth(text):
    deepest = depth = 0
    for token in _BRACKETS.findall(text):
        if token in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token in "]}":
            depth -= 1
    return deepest


def _is_json(text):
    """Is it one JSON value?  Without recursion, for texts that are too deep to hand to Python."""
    at, stack, want = 0, [], "value"    # want: value, first (value or ]), key, firstkey, after
    while True:
        at = _SPACE.match(text, at).end()
        if want == "after" and not stack:
            return at == len(text)
        if at == len(text):
            return False
        c = text[at]
        if want in ("value", "first"):
            if want == "first" and c == "]":
                stack.pop()
                at, want = at + 1, "after"
            elif c == "[":
                stack.append(c)
                at, want = at + 1, "first"
            elif c == "{":
                stack.append(c)
                at, want = at + 1, "firstkey"
            else:
                found = _SCALAR.match(text, at)
                if not found:
                    return False
                at, want = found.end(), "after"
        elif want in ("key", "firstkey"):
            if want == "firstkey" and c == "}":
                stack.pop()
                at, want = at + 1, "after"
                continue
            found = _SCALAR.match(text, at)
            if c != '"' or not found:
                return False
            at = _SPACE.match(text, found.end()).end()
            if text[at:at + 1] != ":":
                return False
            at, want = at + 1, "value"
        elif c == ",":
            at, want = at + 1, "value" if stack[-1] == "[" else "key"
        elif c == ("]" if stack[-1] == "[" else "}"):
            stack.pop()
            at += 1
        else:
            return False
