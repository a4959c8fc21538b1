"""Days, instants and period ids: section 3.  A day is the proleptic ordinal of datetime.date."""
import datetime
import re

HOUR_MS = 3600 * 1000
DAY_MS = 24 * HOUR_MS
LOCAL_MS = 7 * HOUR_MS                      # +07:00, no summer time
EPOCH = datetime.date(1970, 1, 1).toordinal()
FIRST_DAY = datetime.date(1900, 1, 1).toordinal()
LAST_DAY = datetime.date(2199, 12, 31).toordinal()
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.A)
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z", re.A)
_days = {}


def day_of(text):
    """'2024-03-10' -> day, or None (no such day, or outside 1900 to 2199)."""
    try:
        return _days[text]
    except KeyError:
        pass
    found, day = _DATE.match(text), None
    if found:
        try:
            day = datetime.date(*map(int, found.groups())).toordinal()
        except ValueError:
            day = None
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            day = None
    _days[text] = day
    return day


def date_text(day):
    return datetime.date.fromordinal(day).isoformat()


def instant_ms(text):
    """RFC 3339 with offset -> whole milliseconds, cut; None if it is not one (choice 4)."""
    found = _TIME.match(text) if type(text) is str else None
    if not found:
        return None
    y, mo, d, h, mi, s, fraction, offset = found.groups()
    if not 1900 <= int(y) <= 2199:
        return None
    try:
        day = datetime.date(int(y), int(mo), int(d)).toordinal()
    except ValueError:
        return None
    if int(h) > 23 or int(mi) > 59 or int(s) > 60:
        return None
    shift = 0
    if offset not in "Zz":
        if int(offset[1:3]) > 23 or int(offset[4:]) > 59:
            return None
        shift = (int(offset[1:3]) * 60 + int(offset[4:])) * (-1 if offset[0] == "-" else 1)
    whole = (day - EPOCH) * DAY_MS + (int(h) * 3600 + int(mi) * 60 + int(s)) * 1000 - shift * 60000
    if int(s) == 60:                    # a leap second: only at the end of a month in UTC
        begun, rest = divmod(whole, DAY_MS)
        return whole if rest == 0 and datetime.date.fromordinal(begun + EPOCH).day == 1 else None
    return whole + int((fraction or ".0")[1:4].ljust(3, "0"))


def local_day(ms):
    return (ms + LOCAL_MS) // DAY_MS + EPOCH


def midnight_ms(day):
    """The instant at which the local day begins."""
    return (day - EPOCH) * DAY_MS - LOCAL_MS


def instant_text(ms):
    if ms is None:
        return None
    day, rest = divmod(ms, DAY_MS)
    return "%sT%02d:%02d:%02d.%03dZ" % (date_text(day + EPOCH), rest // HOUR_MS,
                                        rest // 60000 % 60, rest // 1000 % 60, rest % 1000)


def day_or_time(text):
    """`starts` and `ends`: (local day, instant or None), or None."""
    day = day_of(text)
    if day is not None:
        return day, None
    ms = instant_ms(text)
    if ms is None or not FIRST_DAY <= local_day(ms) <= LAST_DAY:
        return None
    return local_day(ms), ms


def _d(y, m, d):
    return datetime.date(y, m, d).toordinal()


def _months(year, first, last):
    """Calendar months first..last of the year."""
    end = _d(year + 1, 1, 1) if last == 12 else _d(year, last + 1, 1)
    return _d(year, first, 1), end - 1


def _statutory(year, first, last):
    """Statutory months: from the 15th of the month before to the 14th."""
    start = _d(year - 1, 12, 15) if first == 1 else _d(year, first - 1, 15)
    return start, _d(year, last, 14)


_PARTS = {"": (1, 12), "H1": (1, 6), "H2": (7, 12), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9),
          "Q4": (10, 12), "9M": (1, 9), **{"%02d" % m: (m, m) for m in range(1, 13)}}
_ID = re.compile(r"(\d{4})(s?)(?:-(H[12]|Q[1-4]|9M|\d\d))?\Z", re.A)
_NAME = re.compile(r"[a-z][a-z0-9_.-]*\Z", re.A)


def fixed_days(period):
    """The days of an id that means the same in every plan; None if it is not one."""
    found = _ID.match(period)
    if found:
        year, statutory, part = int(found[1]), found[2], found[3] or ""
        if part not in _PARTS or not 1900 <= year <= 2199:
            return None
        return (_statutory if statutory else _months)(year, *_PARTS[part])
    day = day_of(period)
    if day is not None:
        return day, day
    first, dots, last = period.partition("..")
    if dots and first:
        a, b = day_of(first), day_of(last)
        if a is not None and b is not None and a <= b:
            return a, b
    return None


def is_name(text):
    """A name that a plan's own period can have."""
    return bool(_NAME.match(text))


def is_period(period):
    """Section 11 `period_invalid`: an id of section 3, or a name in small letters."""
    return (fixed_days(period) is not None or bool(_NAME.match(period))
            or (period.startswith("..") and day_of(period[2:]) is not None))


def days_in_plan(period, plan):
    """First and last day of a period id asked in one plan version (a Plan), or None."""
    fixed = fixed_days(period)
    if fixed:
        return fixed
    if period == "plan":
        return plan.first, plan.last
    if period.startswith("..") and day_of(period[2:]) is not None:
        return plan.first, day_of(period[2:])
    return plan.periods.get(period)


def year_of(day, statutory):
    """The calendar or statutory year a day lies in."""
    date = datetime.date.fromordinal(day)
    if statutory and (date.month, date.day) >= (12, 15):
        return date.year + 1
    return date.year


def year_days(year, statutory):
    return (_statutory if statutory else _months)(year, 1, 12)
