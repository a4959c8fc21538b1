"""Section 11: is the data of one event well formed?  Decided from the message alone.
All failing checks are collected; the one whose code comes first in the table is the answer, and
among equal codes the field that comes first in the document."""
import re

import figures
import periods
import plancheck
from figures import nfc
from strictjson import Refused, has_control, has_surrogate, unreadable

CODES = """empty too_large content_type header_invalid not_utf8 not_json too_deep duplicate_key
not_object specversion attribute_missing attribute_invalid time_invalid type_unknown type_version
data_missing data_binary field_missing field_type subject_mismatch id_invalid text_empty
text_too_long text_invalid value_unknown date_invalid dates_reversed span_too_long year_invalid
period_invalid number_invalid number_not_whole number_negative number_range number_precision
list_empty list_too_long list_repeats shares_invalid self_reference code_invalid figure_shape
output_shape moment_invalid plan_schema plan_duplicate plan_reference plan_formula
plan_denominator plan_measure plan_level plan_window plan_overlap plan_budget""".split()
RANK = {code: i for i, code in enumerate(CODES)}
MAX_ID, MAX_TEXT, MAX_LIST, MAX_SPAN = 200, 4000, 20000, 1096
FORMS = ("in_person", "online", "hybrid")
ORGANISATIONS = ("doan", "hoi", "doi")
SCOPES = ("own", "subtree")



def byte_length(text):
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


class Problems:
    """Collects (code, field); `head` is the top-level field just checked."""

    def __init__(self):
        self.found = []

    def add(self, code, path):
        self.found.append((code, path))

    def raise_first(self, data):
        order = {key: i for i, key in enumerate(data)}
        n = len(order)

        def key(item):
            at, (code, path) = item
            return RANK[code], order.get(re.split(r"[.\[]", path)[0], n), at
        raise Refused(*min(enumerate(self.found), key=key)[1])


# ------------------------------------------------------------------ checkers of one value
_good_ids, _good_words = set(), set()


def an_id(p, path, v):
    if type(v) is not str:
        p.add("field_type", path)
    elif v not in _good_ids:
        if not v or byte_length(v) > MAX_ID or v != v.strip() or has_control(v):
            p.add("id_invalid", path)
        elif unreadable(v):
            p.add("text_invalid", path)
        else:
            _good_ids.add(v)


def a_word(p, path, v):
    """A free word or text: may be anything readable."""
    if type(v) is not str:
        p.add("field_type", path)
    elif v not in _good_words:
        before = len(p.found)
        if byte_length(v) > MAX_TEXT:
            p.add("text_too_long", path)
        if unreadable(v):
            p.add("text_invalid", path)
        if len(p.found) == before and len(_good_words) < 100000:
            _good_words.add(v)


def a_text(p, path, v):
    """A name or a reason: not blank."""
    a_word(p, path, v)
    if type(v) is str and not v.strip():
        p.add("text_empty", path)


def a_name(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    if v.get("vi") is None:
        p.add("field_missing", path + ".vi")
    for key in ("vi", "en"):
        if v.get(key) is not None:
            a_text(p, path + "." + key, v[key])


def one_of(*values):
    def check(p, path, v):
        if type(v) is not str:
            p.add("field_type", path)
        elif v not in values:
            p.add("value_unknown", path)
    return check


def a_date(p, path, v):
    if type(v) is not str:
        p.add("field_type", path)
    elif periods.day_of(v) is None:
        p.add("date_invalid", path)


def a_day_or_time(p, path, v):
    if type(v) is not str:
        p.add("field_type", path)
    elif periods.day_or_time(v) is None:
        p.add("date_invalid", path)


def a_moment(p, path, v):
    if type(v) is not str:
        p.add("field_type", path)
    elif periods.instant_ms(v) is None:
        p.add("moment_invalid", path)


def a_year(p, path, v):
    text = figures.number_text(v) if type(v) is not str else None
    if text is None:
        p.add("field_type", path)
    elif not re.fullmatch(r"[0-9]{4}", text, re.A) or not 1900 <= int(text) <= 2199:
        p.add("year_invalid", path)


def a_period(p, path, v):
    if type(v) is not str:
        p.add("field_type", path)
    elif not periods.is_period(v):
        p.add("period_invalid", path)


def a_number(whole=False, negative=False):
    def check(p, path, v):
        code = figures.number_problem(v, whole, negative)
        if code:
            p.add(code, path)
    return check


a_count, an_amount, an_expense = a_number(whole=True), a_number(), a_number(negative=True)


def an_object(p, path, v):
    if type(v) is not dict:
        p.add("field_type", path)


def flags_of(p, path, v):
    """Keys to true, false, a text, a number, or null: the values filters can compare with."""
    if type(v) is not dict:
        return p.add("field_type", path)
    for key, value in v.items():
        place = "%s.%s" % (path, key)
        if type(value) in (dict, list):
            p.add("field_type", place)
        elif type(value) is str:
            a_word(p, place, value)
        elif value is not None and type(value) is not bool:
            an_expense(p, place, value)


def anything(p, path, v):
    pass


def a_list(check, filled=False, unique=None):
    def check_list(p, path, v):
        if type(v) is not list:
            return p.add("field_type", path)
        if filled and not v:
            p.add("list_empty", path)
        if len(v) > MAX_LIST:
            p.add("list_too_long", path)
        seen = set()
        for i, element in enumerate(v):
            check(p, "%s[%d]" % (path, i), element)
            if unique:
                said = element.get(unique) if type(element) is dict else element
                if type(said) is str:
                    if nfc(said) in seen:
                        p.add("list_repeats", "%s[%d]" % (path, i))
                    seen.add(nfc(said))
    return check_list


def fields(spec):
    """An object with the fields of a spec {name: (required, check)}."""
    def check(p, path, v):
        if type(v) is not dict:
            return p.add("field_type", path)
        check_fields(p, v, spec, path + ".")
    return check


def check_fields(p, data, spec, prefix=""):
    for name, (required, check) in spec.items():
        v = data.get(name)
        if v is None:
            if required is True or (required == "nullable" and name not in data):
                p.add("field_missing", prefix + name)
        else:
            check(p, prefix + name, v)


def participants(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    for audience, visits in v.items():
        a_count(p, path + "." + audience, visits)


def people(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    for audience, said in v.items():
        (a_list(an_id) if type(said) is list else a_count)(p, path + "." + audience, said)


def an_output(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    check_fields(p, v, {"kind": (True, a_word), "id": (False, an_id), "count": (False, a_count)}, path + ".")
    if (v.get("id") is None) == (v.get("count") is None):
        p.add("output_shape", path)


def a_code(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    check_fields(p, v, {"catalogue": (False, an_id), "code": (True, an_id)}, path + ".")
    if v.get("catalogue") is None:
        p.add("code_invalid", path)


def a_figure(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    check_fields(p, v, {"indicator": (True, an_id), "value": (False, an_amount), "numerator": (False, an_amount),
                        "denominator": (False, an_amount), "scope": (False, one_of(*SCOPES)),
                        "as_at": (False, a_date), "survey": (False, fields({"day": (False, a_date)}))}, path + ".")
    if ("value" in v, "numerator" in v, "denominator" in v) not in ((True, False, False), (False, True, True)):
        p.add("figure_shape", path)


def a_part(p, path, v):
    if type(v) is not dict:
        return p.add("field_type", path)
    check_fields(p, v, {"unit": (True, an_id), "share": (True, a_share)}, path + ".")


def a_share(p, path, v):
    code = figures.number_problem(v, negative=True)
    if code in ("field_type", "number_invalid", "number_range"):
        p.add(code, path)
    elif code or figures.exact(v) < 0:
        p.add("shares_invalid", path)


# ------------------------------------------------------------------ the vocabulary, design 8
R, O = True, False
_ids, _reason, _why = a_list(an_id), (R, a_text), (O, a_text)
_unit = {"unit": (R, an_id), "effective": (R, a_date)}
_activity = {"activity": (R, an_id), "unit": (R, an_id), "type": (R, a_word), "form": (R, one_of(*FORMS)),
             "starts": (R, a_day_or_time), "ends": (R, a_day_or_time), "pillar": (O, a_word),
             "topics": (O, a_list(a_word)), "task": (O, a_word), "plan": (O, an_id),
             "organisation": (O, one_of(*ORGANISATIONS)), "flags": (O, flags_of), "co_units": (O, _ids),
             "reached_units": (O, _ids), "participants": (O, participants), "people": (O, people),
             "outputs": (O, a_list(an_output)), "cost": (O, an_amount), "evidence": (O, anything)}
_judged = {"report": (R, an_id), "by": (R, a_word), "reason": _why, "of_source": (O, an_id)}
_figures = (R, a_list(a_figure, filled=True, unique="indicator"))
_entity = {"register": (R, an_id), "entity": (R, an_id), **_unit, "flags": (O, flags_of)}
_money = {"plan": (R, an_id), "line": (R, an_id), "unit": (R, an_id), "year": (R, a_year)}
_types = (O, a_list(a_word))
VOCABULARY = {
    "unit.registered": {"unit": (R, an_id), "kind": (R, a_word), "level": (R, a_word), "name": (R, a_name),
                        "parent": ("nullable", an_id), "effective": (R, a_date),
                        "organisation": (O, one_of(*ORGANISATIONS)), "codes": (O, a_list(a_code)),
                        "attributes": (O, flags_of)},
    "unit.renamed": {**_unit, "name": (R, a_name), "reason": _why},
    "unit.moved": {**_unit, "parent": ("nullable", an_id), "reason": _why},
    "unit.closed": {**_unit, "reason": _why},
    "unit.reopened": {**_unit, "reason": _why},
    "unit.merged": {"into": (R, an_id), "from": (R, a_list(an_id, filled=True, unique="unit")),
                    "effective": (R, a_date), "decision": (O, a_word)},
    "unit.split": {"from": (R, an_id), "into": (R, a_list(a_part, filled=True, unique="unit")),
                   "effective": (R, a_date), "decision": (O, a_word)},
    "unit.attributes_set": {**_unit, "attributes": (R, flags_of)},
    "plan.published": None, "plan.amended": None,
    "activity.recorded": _activity,
    "activity.corrected": {**_activity, "reason": _reason, "of_source": (O, an_id)},
    "activity.cancelled": {"activity": (R, an_id), "reason": _reason, "of_source": (O, an_id),
                           "duplicate_of": (O, an_id)},
    "report.submitted": {"report": (R, an_id), "unit": (R, an_id), "plan": (R, an_id), "period": (R, a_period),
                         "figures": _figures, "obligation": (O, an_id), "of_source": (O, an_id)},
    "report.corrected": {"report": (R, an_id), "figures": _figures, "reason": _reason, "decision": (O, a_word),
                         "of_source": (O, an_id)},
    "report.withdrawn": _judged, "report.approved": _judged, "report.returned": _judged,
    "entity.registered": _entity, "entity.updated": _entity, "entity.removed": _entity,
    "statistic.declared": {"statistic": (R, an_id), "unit": (R, an_id), "as_at": (R, a_date),
                           "value": ("nullable", an_amount)},
    "money.allocated": {**_money, "amount": (R, an_amount), "entry": (O, an_id), "reason": _why},
    "money.spent": {**_money, "amount": (R, an_expense), "entry": (O, an_id), "reason": _why},
    "money.corrected": {"entry": (R, an_id), **_money, "amount": (R, an_expense), "reason": _reason,
                        "of_source": (O, an_id)},
    "publication.closed": {"publication": (R, an_id), "plan": (R, an_id), "period": (R, a_period),
                           "unit": (R, an_id), "reason": _reason, "moment": (O, a_moment), "tree": (O, a_word),
                           "decision": (O, a_word)},
    "publication.amended": {"publication": (R, an_id), "reason": _reason, "plan": (O, an_id),
                            "period": (O, a_period), "unit": (O, an_id), "moment": (O, a_moment),
                            "decision": (O, a_word)},
    "source.granted": {"source": (R, an_id), "units": (R, a_list(an_id, filled=True)), "types": _types},
    "source.revoked": {"source": (R, an_id), "units": (O, a_list(an_id, filled=True)), "types": _types},
}
_SPOKEN_OF = ("activity.recorded", "activity.corrected", "report.submitted", "entity.", "statistic.", "money.")


def check_data(kind, data, subject, subject_field):
    """The checks within data; raises Refused."""
    p = Problems()
    if VOCABULARY[kind] is None:
        plancheck.check(p, data)
    else:
        check_fields(p, data, VOCABULARY[kind])
        unit = data.get("unit")
        if subject is not None and kind.startswith(_SPOKEN_OF) and type(unit) is str and nfc(unit) != nfc(subject):
            p.add("subject_mismatch", subject_field)
        across(p, kind, data)
    if p.found:
        p.raise_first(data)


def across(p, kind, data):
    """Checks between fields, as far as each of them can be read."""
    if kind in ("activity.recorded", "activity.corrected"):
        both = [periods.day_or_time(data[name]) if type(data.get(name)) is str else None
                for name in ("starts", "ends")]
        if None in both:
            return
        (first, from_ms), (last, to_ms) = both
        exact = from_ms is not None and to_ms is not None
        if (to_ms < from_ms) if exact else last < first:
            p.add("dates_reversed", "ends")
        elif last - first + 1 > MAX_SPAN:
            p.add("span_too_long", "ends")
    elif kind in ("unit.registered", "unit.moved"):
        if same(data.get("parent"), data.get("unit")):
            p.add("self_reference", "parent")
    elif kind == "unit.merged":
        for i, one in enumerate(data["from"] if type(data.get("from")) is list else ()):
            if same(data.get("into"), one):
                p.add("self_reference", "from[%d]" % i)
    elif kind == "unit.split" and not p.found:
        if sum(figures.exact(part["share"]) for part in data["into"]) != 1:
            p.add("shares_invalid", "into")


def same(a, b):
    return type(a) is str and type(b) is str and nfc(a) == nfc(b)
