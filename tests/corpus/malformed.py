"""Events that senders get wrong: every reason of semantics.md 11 with several examples, in both
modes where it applies, limits at n (taken) and at n + 1 (refused).  What must be said of each is
written here by hand; nothing in this file asks a judge.

A data case is (type, path, value, code): the clean event of that type with `value` at `path` of its
data.  Its field is data.PATH, unless a fifth part says another.
"""
import copy
import re

from clean import (ACTIVITY, BINARY, CLEAN, CONTENT_TYPE, STRUCTURED, Case, Pairs, Raw, binary, envelope, render,
                   structured)

GONE = object()
A, C, S, R = "activity.recorded", "activity.corrected", "report.submitted", "unit.registered"
NFD_E, NFC_E = "e\u0302\u0301", "\u1ebf"                      # two spellings of one letter

# ------------------------------------------------------------------ data: required fields, design 8
REQUIRED = {
    "unit.registered": "unit kind level name parent effective", "unit.renamed": "unit effective name",
    "unit.moved": "unit effective parent", "unit.closed": "unit effective", "unit.reopened": "unit effective",
    "unit.merged": "into from effective", "unit.split": "from into effective",
    "unit.attributes_set": "unit effective attributes",
    "activity.recorded": "activity unit type form starts ends", "activity.corrected": "activity unit type form starts ends reason",
    "activity.cancelled": "activity reason", "report.submitted": "report unit plan period figures",
    "report.corrected": "report figures reason", "report.withdrawn": "report by", "report.approved": "report by",
    "report.returned": "report by", "entity.registered": "register entity unit effective",
    "entity.updated": "register entity unit effective", "entity.removed": "register entity unit effective",
    "statistic.declared": "statistic unit as_at value", "money.allocated": "plan line unit year amount",
    "money.spent": "plan line unit year amount", "money.corrected": "entry plan line unit year amount reason",
    "publication.closed": "publication plan period unit reason", "publication.amended": "publication reason",
    "source.granted": "source units", "source.revoked": "source",
}
MISSING = [(kind, name, GONE, "field_missing") for kind, names in REQUIRED.items() for name in names.split()] + [
    (A, "form", None, "field_missing"), (A, "activity", None, "field_missing"), (R, "name", None, "field_missing"),
    (S, "figures", None, "field_missing"), ("unit.merged", "from", None, "field_missing"),
    ("money.spent", "amount", None, "field_missing"), ("activity.cancelled", "reason", None, "field_missing"),
    (R, "name.vi", GONE, "field_missing"), (R, "name.vi", None, "field_missing"), (R, "name", {}, "field_missing", "name.vi"),
    ("unit.renamed", "name", {"en": "New"}, "field_missing", "name.vi"),
    (S, "figures[0].indicator", GONE, "field_missing"), (S, "figures[1].indicator", None, "field_missing"),
    ("unit.split", "into[1].unit", GONE, "field_missing"), ("unit.split", "into[0].share", GONE, "field_missing"),
    (A, "outputs[1].kind", GONE, "field_missing"), (R, "codes[0].code", GONE, "field_missing"),
    (R, "parent", None, None), ("unit.moved", "parent", None, None), ("statistic.declared", "value", None, None),
    (A, "cost", None, None), (A, "evidence", None, None), (A, "a_field_nobody_knows", {"x": [None]}, None),
]

# ------------------------------------------------------------------ data: JSON types
_TEXTS = [(A, "activity"), (A, "unit"), (A, "type"), (A, "form"), (A, "starts"), (A, "ends"), (A, "pillar"), (A, "task"),
          (A, "plan"), (A, "organisation"), (A, "topics[1]"), (A, "co_units[0]"), (A, "reached_units[1]"),
          (A, "people.cadres[0]"), (A, "outputs[0].kind"), (A, "outputs[0].id"), (C, "reason"), (C, "of_source"),
          (R, "kind"), (R, "level"), (R, "name.vi"), (R, "name.en"), (R, "parent"), (R, "effective"),
          (R, "codes[0].catalogue"), (R, "codes[0].code"), (S, "report"), (S, "period"), (S, "obligation"),
          (S, "figures[0].indicator"), (S, "figures[0].scope"), (S, "figures[0].as_at"), (S, "figures[1].survey.day"),
          ("unit.merged", "from[1]"), ("unit.merged", "decision"), ("unit.split", "into[0].unit"),
          ("report.withdrawn", "by"), ("entity.registered", "register"), ("statistic.declared", "as_at"),
          ("money.allocated", "line"), ("publication.closed", "moment"), ("publication.closed", "tree"),
          ("source.granted", "units[0]"), ("source.granted", "types[0]"), ("activity.cancelled", "duplicate_of")]
_LISTS = [(A, "topics"), (A, "co_units"), (A, "reached_units"), (A, "outputs"), (R, "codes"), (S, "figures"),
          ("unit.merged", "from"), ("unit.split", "into"), ("source.granted", "units"), ("source.granted", "types")]
_OBJECTS = [(A, "flags"), (A, "participants"), (A, "people"), (A, "outputs[1]"), (R, "name"), (R, "attributes"),
            (R, "codes[0]"), (S, "figures[0]"), (S, "figures[1].survey"), ("unit.split", "into[1]"),
            ("entity.registered", "flags"), ("unit.attributes_set", "attributes")]
_NUMBERS = [(A, "participants.members"), (A, "people.members"), (A, "outputs[1].count"), (A, "cost"),
            (S, "figures[0].value"), (S, "figures[1].numerator"), (S, "figures[1].denominator"),
            ("statistic.declared", "value"), ("money.allocated", "amount"), ("money.spent", "amount"),
            ("unit.split", "into[0].share")]
TYPES = [(kind, path, wrong, "field_type")
         for paths, wrongs in ((_TEXTS, (5, ["x"])), (_LISTS, ("x", {"0": "x"})), (_OBJECTS, ("x", ["x"])), (_NUMBERS, (True, {})))
         for kind, path in paths for wrong in wrongs
         if not (path == "people.members" and wrong == ["x"])] + [
    ("money.allocated", "year", "2024", "field_type"), ("money.allocated", "year", [2024], "field_type"),
    (A, "topics[0]", None, "field_type"), ("unit.merged", "from[0]", None, "field_type"),
    (A, "participants.members", None, "field_type"), (A, "people.cadres[1]", None, "field_type"),
    (A, "people.members", {"x": 1}, "field_type"), (S, "figures[0]", None, "field_type"),
    (A, "participants", {"cán bộ": False}, "field_type", "participants.cán bộ"),
]

# ------------------------------------------------------------------ data: texts
_SMALL_CAPITAL = "\u1ebf" * 66                              # 198 bytes
IDS = [(kind, path, wrong, "id_invalid")
       for kind, path in ((A, "activity"), (S, "figures[0].indicator"), ("unit.merged", "from[1]"))
       for wrong in ("", " a", "a ", "a\tb", "a\n", "x" * 201, "\u00a0a", "a\u3000", "a\x00b", "a\x7f", "a\u0085b",
                     _SMALL_CAPITAL + "xyz")] + [
    (A, "unit", " D1", "id_invalid"), (A, "plan", "", "id_invalid"), (A, "co_units[0]", "", "id_invalid"),
    (A, "people.cadres[0]", " ", "id_invalid"), (A, "outputs[0].id", "s1 ", "id_invalid"),
    (R, "parent", "", "id_invalid"), (R, "codes[0].code", "072 ", "id_invalid"),
    ("unit.split", "into[1].unit", "", "id_invalid"), ("entity.updated", "entity", "\u2003s1", "id_invalid"),
    ("source.granted", "units[0]", "", "id_invalid"), ("money.spent", "entry", "", "id_invalid"),
    (A, "activity", "x" * 200, None), (A, "activity", _SMALL_CAPITAL + "xy", None), (A, "activity", "a b", None),
    (A, "activity", "hoạt động số 1", None),
]
TEXTS = [(kind, path, wrong, "text_empty")
         for kind, path in ((R, "name.vi"), (C, "reason"), ("activity.cancelled", "reason"))
         for wrong in ("", " ", "\u00a0", " \u3000 ", "\t")] + [
    (R, "name.en", "", "text_empty"), ("unit.closed", "reason", " ", "text_empty"),
    ("publication.closed", "reason", "", "text_empty"), ("money.corrected", "reason", "\u2002", "text_empty"),
    (A, "pillar", "", None), (A, "type", "", None), ("unit.merged", "decision", " ", None),
] + [(kind, path, text, code) for kind, path in (
        (R, "name.vi"), (C, "reason"), (A, "type"), (A, "topics[0]"), ("unit.merged", "decision"), ("report.returned", "by"))
     for text, code in (("x" * 4000, None), ("x" * 4001, "text_too_long"), (NFC_E * 1334, "text_too_long"))] + [
    (A, "pillar", NFC_E * 1333 + "x", None), (R, "level", "x" * 4001, "text_too_long"),
    (A, "task", "x" * 100000, "text_too_long"),
] + [(kind, path, wrong, "text_invalid")
     for kind, path in ((R, "name.vi"), (C, "reason"), (A, "type"), (A, "topics[1]"))
     for wrong in ("a\x07", "dòng 1\ndòng 2", "a\tb", "a\x7f", "a\u0080", "\ufffe", "a\ufdd0", "\U0001fffe",
                   Raw('"a\\ud800"'), Raw('"\\udc00\\ud800"'), Raw('"\\u0000"'))] + [
    (A, "activity", "a\ufffe", "text_invalid"), (A, "activity", Raw('"\\ud800"'), "text_invalid"),
    (A, "unit", Raw('"D\\udfff"'), "text_invalid"), (A, "outputs[0].kind", "a\nb", "text_invalid"),
    ("unit.split", "decision", "a\x1b", "text_invalid"), (A, "type", "a\u200bb", None), (A, "type", "\ufeffa", None),
    (A, "type", Raw('"\\ud83d\\ude39"'), None),
]
VALUES = [(kind, path, wrong, "value_unknown") for kind, path, wrongs in (
    (A, "form", ("Online", "offline", "", "trực tuyến", "online ")), (C, "form", ("inperson",)),
    (A, "organisation", ("Đoàn", "DOAN", "youth", "")), (R, "organisation", ("doan ", "đội")),
    (S, "figures[0].scope", ("Own", "all", ""))) for wrong in wrongs] + [
    (A, "form", "hybrid", None), (A, "organisation", "doi", None), (A, "type", "a type of our own", None),
]

# ------------------------------------------------------------------ data: days, years, periods
DAYS = [(kind, path, wrong, "date_invalid")
        for kind, path in ((R, "effective"), ("statistic.declared", "as_at"), (S, "figures[0].as_at"))
        for wrong in ("2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "1899-12-31", "2200-01-01", "2024-2-3",
                      "10/03/2024", "2024-03-10T00:00:00+07:00", "", "2024-03-10 ", "20240310")] + [
    (S, "figures[1].survey.day", "2024-06-31", "date_invalid"), ("entity.removed", "effective", "hôm nay", "date_invalid"),
    (A, "starts", "2024-03-10T08:00:00", "date_invalid"), (A, "starts", "2024-03-10 08:00:00+07:00", "date_invalid"),
    (A, "starts", "2024-03-10T25:00:00Z", "date_invalid"), (A, "ends", "2024-03-10T08:00", "date_invalid"),
    (A, "ends", "", "date_invalid"), (A, "ends", "2024-11-31", "date_invalid"), (A, "starts", "10-03-2024", "date_invalid"),
    (R, "effective", "1900-01-01", None), (R, "effective", "2199-12-31", None), (R, "effective", "2024-02-29", None),
    (A, "starts", "2024-03-10T00:00:00.123456789Z", None),
]
_SPAN = [("2024-03-10", "2024-03-09", "dates_reversed"), ("2024-03-10", "2023-12-31", "dates_reversed"),
         ("2024-03-10T08:00:00+07:00", "2024-03-10T07:59:59+07:00", "dates_reversed"),
         ("2024-03-10T20:00:00Z", "2024-03-10", "dates_reversed"), ("2024-03-10T20:00:00Z", "2024-03-11", None),
         ("2024-03-10T08:00:00+07:00", "2024-03-10T01:00:00Z", None), ("2024-03-10T08:00:00+07:00", "2024-03-10", None),
         ("2024-01-01", "2026-12-31", None), ("2024-01-01", "2027-01-01", "span_too_long"),
         ("1900-01-01", "2199-12-31", "span_too_long"), ("2024-01-01T00:00:00+07:00", "2026-12-31T17:00:00Z", "span_too_long")]
SPANS = [(kind, "", {"starts": first, "ends": last}, code, "ends") for kind in (A, C) for first, last, code in _SPAN]
YEARS = [(kind, "year", wrong, "year_invalid") for kind in ("money.allocated", "money.spent")
         for wrong in (1899, 2200, 0, -2024, 20245, Raw("2024.0"), Raw("2e3"), Raw("2024.5"))] + [
    ("money.corrected", "year", 24, "year_invalid"), ("money.allocated", "year", 1900, None),
    ("money.allocated", "year", 2199, None)]
PERIODS = [(kind, "period", wrong, "period_invalid") for kind in (S, "publication.closed")
           for wrong in ("2024-Q5", "2024-Q0", "2024-13", "2024-H3", "2024s-13", "2024-02-30", "", "2024 ", "DXDAY", "24", "1899",
                         "2200", "2024-9m", "2024S", "Q1-2024", "2024/03", "quý 3", "2024-Q3-01", "..2024-02-30")] + [
    (S, "period", good, None) for good in (
        "2024", "2024-H1", "2024-Q3", "2024-09", "2024-9M", "2024s", "2024s-H2", "2024s-Q4", "2024s-01", "2024s-9M",
        "2024-03-10", "2024-03-01..2024-03-31", "..2024-03-31", "plan", "dxday", "a_name-of-2024")]

# ------------------------------------------------------------------ data: numbers
_UNREADABLE = ("1,5", "007", "1e3", "+5", " 5", "5 ", "5.", ".5", "", "-0", "--1", "-", "0x10", "1_000", "NaN", "1.000.000",
               "\u0665", "năm", Raw("1e3"), Raw("1E-2"), Raw("-0"))
NUMBERS = [(kind, path, wrong, "number_invalid")
           for kind, path in ((A, "participants.members"), (A, "cost"), ("money.spent", "amount"))
           for wrong in _UNREADABLE] + [
    (A, "people.members", "1e3", "number_invalid"), (A, "outputs[1].count", "x", "number_invalid"),
    (S, "figures[0].value", "12%", "number_invalid"), (S, "figures[1].denominator", Raw("2e1"), "number_invalid"),
    ("statistic.declared", "value", "25.000,5", "number_invalid"), ("unit.split", "into[0].share", "1/2", "number_invalid"),
] + [(kind, path, wrong, "number_not_whole")
     for kind, path in ((A, "participants.members"), (A, "people.members"), (A, "outputs[1].count"))
     for wrong in ("1.000", Raw("2.5"), Raw("1.0"), "-1.5", "0.0")] + [
    (kind, path, wrong, "number_negative")
    for kind, path in ((A, "participants.members"), (A, "people.members"), (A, "outputs[1].count"))
    for wrong in (-1, "-700")] + [
    (kind, path, wrong, "number_negative")
    for kind, path in ((A, "cost"), (S, "figures[0].value"), (S, "figures[1].numerator"), ("statistic.declared", "value"),
                       ("money.allocated", "amount"))
    for wrong in (-1, "-0.5")] + [
    (kind, path, wrong, "number_range")
    for kind, path in ((A, "participants.members"), (A, "cost"), (S, "figures[0].value"), ("money.spent", "amount"))
    for wrong in (10 ** 18, "9" * 19, "1" + "0" * 300)] + [
    ("money.spent", "amount", "-" + "9" * 19, "number_range"), ("unit.split", "into[0].share", "9" * 19, "number_range"),
] + [(kind, path, wrong, "number_precision")
     for kind, path in ((A, "cost"), (S, "figures[0].value"), ("money.spent", "amount"), ("statistic.declared", "value"))
     for wrong in ("0.1234567", Raw("1.0000000"), "12." + "3" * 40)] + [
    (A, "participants.members", 10 ** 18 - 1, None), (A, "cost", "9" * 18 + ".999999", None), (A, "cost", "0.123456", None),
    (A, "cost", "-0.0", None), ("money.spent", "amount", -3, None), ("money.corrected", "amount", "-0.000001", None),
    (A, "participants", {}, None), (A, "participants.members", 0, None),
]

# ------------------------------------------------------------------ data: lists and what stands together
LISTS = [(kind, path, [], "list_empty") for kind, path in (
    (S, "figures"), ("report.corrected", "figures"), ("unit.merged", "from"), ("unit.split", "into"),
    ("source.granted", "units"), ("source.revoked", "units"))] + [
    (A, "topics", [], None), (A, "co_units", [], None), ("source.granted", "types", [], None),
] + [(kind, path, [element] * count, code) for kind, path, element in (
        (A, "topics", "t"), (A, "co_units", "D2"), (A, "people.cadres", "x"), ("source.granted", "units", "D1"))
     for count, code in ((20000, None), (20001, "list_too_long"))] + [
    ("unit.merged", "from", ["D2", "D3", "D2"], "list_repeats", "from[2]"),
    ("unit.merged", "from", ["D" + NFC_E, "D" + NFD_E], "list_repeats", "from[1]"),
    ("unit.merged", "from", ["U%d" % i for i in range(30)] + ["U7"], "list_repeats", "from[30]"),
    ("unit.split", "into", [{"unit": "S", "share": "0.5"}, {"unit": "S", "share": "0.5"}], "list_repeats", "into[1]"),
    (S, "figures", [{"indicator": "f", "value": 1}, {"indicator": "g", "value": 1}, {"indicator": "f", "value": 2}],
     "list_repeats", "figures[2]"),
    ("report.corrected", "figures", [{"indicator": NFD_E, "value": 1}, {"indicator": NFC_E, "value": 1}], "list_repeats", "figures[1]"),
    (A, "co_units", ["D2", "D2"], None),
]
_PARTS = [({"S": "0.6", "T": "0.3"}, "into"), ({"S": "0.6", "T": "0.400001"}, "into"), ({"S": "1", "T": "1"}, "into"),
          ({"S": "0", "T": "0"}, "into"), ({"S": "1.1", "T": "-0.1"}, "into[1].share"), ({"S": -1, "T": 2}, "into[0].share"),
          ({"S": "0.3333333", "T": "0.6666667"}, "into[0].share"), ({"S": "0.5", "T": "0.5000000"}, "into[1].share"),
          ({"S": "0.5"}, "into")]
TOGETHER = [("unit.split", "into", [{"unit": u, "share": s} for u, s in parts.items()], "shares_invalid", field)
            for parts, field in _PARTS] + [
    ("unit.split", "into", [{"unit": "S", "share": 1}], None), ("unit.split", "into", [{"unit": "S", "share": 0}, {"unit": "T", "share": "1.0"}], None),
    ("unit.split", "into", [{"unit": "S", "share": Raw("0.333333")}, {"unit": "T", "share": Raw("0.666667")}], None),
    (R, "parent", "D1", "self_reference"), ("unit.moved", "parent", "C2", "self_reference"),
    (R, "", {"unit": "D" + NFC_E, "parent": "D" + NFD_E}, "self_reference", "parent"),
    ("unit.merged", "from", ["D1"], "self_reference", "from[0]"), ("unit.merged", "from", ["D2", "D1"], "self_reference", "from[1]"),
    ("unit.merged", "", {"into": NFD_E, "from": ["x", NFC_E]}, "self_reference", "from[1]"),
    (R, "codes[0]", {"code": "072"}, "code_invalid"), (R, "codes[0].catalogue", None, "code_invalid", "codes[0]"),
    (R, "codes", [{"catalogue": "x", "code": "1"}, {"code": "2"}], "code_invalid", "codes[1]"), (R, "codes", [], None),
] + [(kind, "figures[0]", {"indicator": "f", **said}, code) for kind in (S, "report.corrected") for said, code in (
        ({}, "figure_shape"), ({"numerator": 1}, "figure_shape"), ({"denominator": 1}, "figure_shape"),
        ({"value": 1, "numerator": 1, "denominator": 2}, "figure_shape"), ({"value": 1, "numerator": 1}, "figure_shape"),
        ({"value": None, "denominator": None}, "figure_shape"), ({"value": None}, None),
        ({"numerator": None, "denominator": None}, None), ({"numerator": 1, "denominator": None}, None))] + [
    (A, "outputs[0]", {"kind": "site"}, "output_shape"), (A, "outputs[0]", {"kind": "site", "id": "s1", "count": 1}, "output_shape"),
    (A, "outputs[1]", {"kind": "site", "id": None, "count": None}, "output_shape"), (A, "outputs[1].count", None, "output_shape", "outputs[1]"),
    (A, "outputs[0]", {"kind": "site", "id": "s1", "count": None}, None),
] + [(kind, "moment", wrong, "moment_invalid") for kind in ("publication.closed", "publication.amended")
     for wrong in ("2024-12-20", "2024-12-20T00:00:00", "", "2024-02-30T00:00:00Z", "ngay", "2024-12-20T24:00:00Z")]

# ------------------------------------------------------------------ plan documents
_W = {"kind": "statistic", "statistic": "youth"}


def formula(**fields):
    return {**fields}


PLANS = [(kind, path, value, code, *field) for kind in ("plan.published",) for path, value, code, *field in (
    ("plan", GONE, "plan_schema"), ("version", GONE, "plan_schema"), ("version", "x", "plan_schema"), ("version", Raw("1.5"), "plan_schema"),
    ("valid_from", GONE, "plan_schema"), ("valid_from", "2024-02-30", "plan_schema"), ("first", 5, "plan_schema"),
    ("last", None, "plan_schema"), ("title", GONE, "plan_schema"), ("title", {"en": "x"}, "plan_schema", "title.vi"),
    ("indicators", GONE, "plan_schema"), ("indicators", {}, "plan_schema"), ("indicators[0].id", GONE, "plan_schema"),
    ("indicators[0].name", GONE, "plan_schema"), ("indicators[0].name", {}, "plan_schema", "indicators[0].name.vi"),
    ("indicators[0].formula", GONE, "plan_schema"), ("indicators[0].formula", "count", "plan_schema"),
    ("indicators[0].formula.where", [], "plan_schema"), ("targets[0].when", GONE, "plan_schema"),
    ("targets[0].when.years", GONE, "plan_schema"), ("targets[0].value", "nhiều", "plan_schema"), ("targets[1].when.day", "2024-06-31", "plan_schema"),
    ("obligations[0].instances[0].due", {"by": "x"}, "plan_schema", "obligations[0].instances[0].due.by"),
    ("targets[0].comparator", "≥", "value_unknown"), ("targets[0].comparator", "=>", "value_unknown"),
    ("targets[0].when.kind", "yearly", "value_unknown"), ("targets[0].for.scope", "all", "value_unknown"),
    ("targets[0].for.of", "everyone", "value_unknown"), ("indicators[0].formula.kind", "counts", "value_unknown"),
    ("indicators[0].measure", "lượt", "value_unknown"), ("obligations[0].judged_by", "received at", "value_unknown"),
    ("indicators[0].formula", formula(kind="sum", of="visits"), "value_unknown", "indicators[0].formula.of"),
    ("indicators[0].formula", formula(kind="ratio", of="reported", covers="all"), "value_unknown", "indicators[0].formula.covers"),
    ("indicators[1].id", "acts", "plan_duplicate"), ("targets[1].id", "T1", "plan_duplicate"),
    ("obligations", [copy.deepcopy(CLEAN["plan.published"]["obligations"][0])] * 2, "plan_duplicate", "obligations[1].id"),
    ("budget", [{"line": "9", "years": {"2024": 3}, "total": 3}] * 2, "plan_duplicate", "budget[1].line"),
    ("targets[0].indicator", "none", "plan_reference"), ("obligations[0].requires", ["acts", "none"], "plan_reference", "obligations[0].requires[1]"),
    ("obligations[0].instances[0].period", "never", "plan_reference"), ("indicators[1].formula.obligation", "none", "plan_reference", "indicators[1].formula.obligation"),
    ("targets[1].when", {"kind": "in", "period": "tháng 3"}, "plan_reference", "targets[1].when.period"),
    ("indicators[0].formula", formula(kind="coverage", units={"level": "district"},
                                      have={"indicator": "none", "comparator": ">=", "value": 1}), "plan_reference",
     "indicators[0].formula.have.indicator"),
    ("indicators[0].formula", formula(kind="money", line="9"), "plan_reference", "indicators[0].formula.line"),
    ("indicators[0].formula.where", {"colour": "red"}, "plan_formula", "indicators[0].formula.where.colour"),
    ("indicators[0].formula.where", {"not": {"flag": True}}, "plan_formula", "indicators[0].formula.where.not.flag"),
    ("indicators[0].formula", formula(kind="kept", of={"kind": "count"}), "plan_formula", "indicators[0].formula.of"),
    ("indicators[0].formula", formula(kind="kept", of={"kind": "sum", "of": "cost"}), "plan_formula", "indicators[0].formula.of"),
    ("indicators[0].formula", formula(kind="coverage", units={}, have={}), "plan_formula", "indicators[0].formula.have"),
    ("indicators[0].formula", formula(kind="milestone"), "plan_formula"),
    ("indicators[0].formula", formula(kind="ratio", numerator={"kind": "count"}), "plan_denominator"),
    ("indicators[0].formula", formula(kind="ratio", numerator={"kind": "count"}, denominator=None), "plan_denominator"),
    ("indicators[0].formula", formula(kind="ratio"), "plan_denominator"),
    ("indicators[0].formula", formula(kind="ratio", numerator={"kind": "count"}, denominator={**_W, "measure": "people"}), "plan_measure"),
    ("indicators[0].formula", formula(kind="ratio", numerator={"kind": "sum", "of": "participants"},
                                      denominator={**_W, "measure": "people"}), "plan_measure"),
    ("indicators[0].formula", formula(kind="ratio", numerator={"kind": "distinct", "of": "people"},
                                      denominator={**_W, "measure": "households"}), "plan_measure"),
    ("targets[0].for", {"scope": "each"}, "plan_level"), ("targets[0].for", {"level": "district"}, "plan_level"),
    ("targets[1].for", {}, "plan_level"),
    ("first", "2025-01-01", "plan_window", "last"), ("periods[0].last", "2024-09-30", "plan_window", "periods[0]"),
    ("targets[1].when.day", "2023-12-31", "plan_window", "targets[1].when"),
    ("targets[1].when", {"kind": "before", "day": "2024-01-01"}, "plan_window"),
    ("targets", [{**copy.deepcopy(CLEAN["plan.published"]["targets"][0]), "id": "S%d" % i, "series": "s"} for i in (1, 2)],
     "plan_overlap", "targets[1]"),
    ("targets", [{**copy.deepcopy(CLEAN["plan.published"]["targets"][1]), "id": "S%d" % i, "series": "s", "value": i,
                  "when": {"kind": "by", "day": "2024-0%d-30" % (3 * i)}} for i in (1, 2)], "plan_overlap", "targets[1]"),
    ("budget", [{"line": "9", "years": {"2024": 3, "2025": "4.5"}, "total": 7}], "plan_budget", "budget[0].total"),
    ("budget", [{"line": "8", "years": {"2024": 1}, "total": 1}, {"line": "9", "years": {}, "total": 1}], "plan_budget", "budget[1].total"),
    # What is right in a plan, beside what is not.
    ("budget", [{"line": "9", "years": {"2024": 3, "2025": "4.5"}, "total": "7.5"}], None),
    ("indicators[0].formula", formula(kind="ratio", of="reported", covers="own"), "plan_schema", "indicators[0].why_reported"),
    ("indicators[0]", {"id": "acts", "name": {"vi": "x"}, "why_reported": {"vi": "y"},
                       "formula": formula(kind="ratio", of="reported", covers="own")}, None),
    ("indicators[0].formula", formula(kind="ratio", numerator={"kind": "distinct", "of": "people"},
                                      denominator={**_W, "measure": "people"}), None),
    ("indicators[0].formula", formula(kind="kept", of={"kind": "gauge", "register": "team"}), None),
    ("targets[0].series", "s", None), ("unit", GONE, None),
    ("targets", [{**copy.deepcopy(CLEAN["plan.published"]["targets"][1]), "id": "S%d" % i, "series": "s",
                  "when": {"kind": "by", "first": "2024-0%d-01" % (3 * i), "day": "2024-0%d-30" % (3 * i)}} for i in (1, 2)], None),
)] + [("plan.amended", "targets[0].indicator", "none", "plan_reference"), ("plan.amended", "version", GONE, "plan_schema")]

DATA_CASES = MISSING + TYPES + IDS + TEXTS + VALUES + DAYS + SPANS + YEARS + PERIODS + NUMBERS + LISTS + TOGETHER + PLANS


def steps(path):
    return [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]


def bent(kind, path, value):
    """The clean data of a type with `value` at `path`; at "" it is several fields."""
    data = copy.deepcopy(CLEAN[kind])
    if path == "":
        data.update(value)
        return data
    *way, last = steps(path)
    at = data
    for step in way:
        at = at[step]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return data


def data_cases():
    for number, (kind, path, value, code, *other) in enumerate(DATA_CASES):
        field = "" if code is None else "data." + (other[0] if other else path)
        name = "%s/%s/%s/%d" % (code or "accepted", kind, path, number)
        event = envelope(kind, "d%d" % number, bent(kind, path, value))
        yield structured(name, event, code, field)
        yield binary(name, {**event, "id": "b%d" % number}, code, field)


# ------------------------------------------------------------------ the envelope
def event(number, **more):
    return envelope(A, "e%d" % number, ACTIVITY, **more)


_ATTRIBUTES = [
    ("specversion", GONE, "specversion"), ("specversion", None, "specversion"), ("specversion", "0.3", "specversion"),
    ("specversion", "1.1", "specversion"), ("specversion", "", "specversion"), ("specversion", 1.0, "specversion"),
    ("id", GONE, "attribute_missing"), ("source", GONE, "attribute_missing"), ("type", GONE, "attribute_missing"),
    ("id", None, "attribute_missing"), ("source", None, "attribute_missing"), ("type", None, "attribute_missing"),
] + [(name, wrong, "attribute_invalid") for name in ("id", "source", "subject", "actor")
     for wrong in ("", "x" * 201, "a\x07", "a\nb", NFC_E * 67, 5, {"x": 1}, Raw('"\\ud800"'))] + [
    ("id", "x" * 200, None), ("actor", NFC_E * 66 + "xy", None), ("subject", None, None), ("id", "có dấu cách 1", None),
] + [("time", wrong, "time_invalid") for wrong in (
    "2024-03-10T07:30:00", "2024-03-10", "", "2024-02-30T07:30:00Z", "2024-03-10 07:30:00Z", "2024-03-10T24:00:00Z",
    "2024-03-10T07:60:00Z", "2024-03-10T07:30:61Z", "2024-03-10T07:30:00+25:00", "10/03/2024 07:30", "2024-03-10T07:30Z", 1710000000)] + [
    ("time", good, None) for good in ("2024-03-10T07:30:00Z", "2024-03-10t07:30:00z", "2024-03-10T07:30:00.123456789+07:00",
                                      "2024-03-10T07:30:00-00:00")] + [
    ("type", wrong, "type_unknown") for wrong in (
        "", "vn.tiendo.activity.recordd.v1", "activity.recorded", "VN.TIENDO.ACTIVITY.RECORDED.V1", "vn.tiendo.activity.recorded",
        "vn.tiendo.activity.recorded.v", "vn.tiendo.activity.recorded.1", "vn.tiendo.control.rejudged.v1", "vn.tiendo.v1",
        " vn.tiendo.activity.recorded.v1", "vn.tiendo.activity.recorded.v1x", 5)] + [
    ("type", "vn.tiendo.%s.%s" % (kind, version), "type_version")
    for kind in ("activity.recorded", "unit.registered", "report.submitted") for version in ("v2", "v0", "v10")]


def attribute_cases():
    for number, (name, value, code) in enumerate(_ATTRIBUTES):
        label = "%s/%s/%d" % (code or "accepted", name, number)
        said = {**event(number), "id": "s%d" % number}
        said.pop(name, None)
        if value is not GONE:
            said = {name: value, **said} if name != "subject" else {**said, name: value}
        if name == "subject" and isinstance(value, str) and code is None:
            said["data"] = {**ACTIVITY, "unit": value}
        yield structured(label, said, code, name if code else "")
        if isinstance(value, str) and not isinstance(value, Raw):
            said.update({"source": "urn:corpus:binary"} if name == "id" else {"id": "h%d" % number})
            yield binary(label, said, code, "headers.ce_" + name if code else "")
        elif value is GONE:
            said.pop("id") if name != "id" else None
            yield binary(label, said if name == "id" else {"id": "h%d" % number, **said}, code, "headers.ce_" + name)


def subject_cases():
    about_units = ("activity.recorded", "activity.corrected", "report.submitted", "entity.registered", "entity.updated",
                   "entity.removed", "statistic.declared", "money.allocated", "money.spent", "money.corrected")
    for number, kind in enumerate(CLEAN):
        refused = kind in about_units
        for make, letter in (structured, "s"), (binary, "b"):
            yield make("subject_mismatch/" + kind, envelope(kind, "j%s%d" % (letter, number), CLEAN[kind], subject="D9"),
                       "subject_mismatch" if refused else None,
                       ("subject" if letter == "s" else "headers.ce_subject") if refused else "")
            if refused:
                yield make("subject/" + kind, envelope(kind, "k%s%d" % (letter, number), CLEAN[kind], subject=CLEAN[kind]["unit"]))
    letters = {**ACTIVITY, "unit": "D" + NFC_E}
    yield structured("subject/nfd", envelope(A, "nfd", letters, subject="D" + NFD_E))


def deep(levels):
    """A value of so many levels."""
    return Raw("[" * levels + "]" * levels)


def body_cases():
    """What is wrong before there is an event."""
    whole = render(event(0))
    kept = [CONTENT_TYPE[STRUCTURED]]

    def body(name, text, code, field="", headers=kept):
        return Case(name, STRUCTURED, text, headers, code, field)
    yield body("empty", b"", "empty")
    for make, levels, letter in (structured, 30, "s"), (binary, 31, "b"):
        for more, code in (0, None), (1, "too_deep"), (100, "too_deep"):
            data = {**ACTIVITY, "evidence": deep(levels + more)}
            yield make("too_deep/%d" % more, envelope(A, "deep%s%d" % (letter, more), data), code,
                       "data" if code and make is binary else "")
    for size, code in ((1 << 20, None), ((1 << 20) + 1, "too_large"), ((1 << 20) + 5000, "too_large")):
        short = structured("", envelope(A, "large%d" % size, {**ACTIVITY, "evidence": ""}))
        full = structured("too_large/%d" % size,
                          envelope(A, "large%d" % size, {**ACTIVITY, "evidence": "x" * (size - len(short.body))}), code)
        assert len(full.body) == size
        yield full
    vietnamese = render(envelope(A, "e", {**ACTIVITY, "evidence": "Đoàn xã Hảo Đước"}))
    for name, text in (("bom", b"\xef\xbb\xbf" + whole.encode()), ("latin1", vietnamese.replace("Đước", "Duoc\xe9").encode("latin-1", "replace").replace(b"?", b"\xd0")),
                       ("windows1258", vietnamese.encode("cp1258", "replace")), ("utf16", whole.encode("utf-16")),
                       ("cut", vietnamese.encode()[:vietnamese.encode().index("ước".encode()) + 1]), ("overlong", whole.encode().replace(b"a1", b"\xc0\xaf")),
                       ("surrogate", whole.encode().replace(b"a1", b"\xed\xa0\x80"))):
        yield body("not_utf8/" + name, text, "not_utf8")
    for name, text in (("two", whole + whole), ("after", whole + "x"), ("comma", whole + ","), ("cut", whole[:-1]), ("half", whole[:len(whole) // 2]),
                       ("trailing", whole[:-1] + ",}"), ("quotes", whole.replace('"', "'")), ("nan", whole.replace("700", "NaN")),
                       ("leading zero", whole.replace("700", "0700")), ("comment", "/* sự kiện */" + whole), ("nothing", "không phải JSON"),
                       ("csv", "a1,D1,2024-03-10,700"), ("xml", "<event/>"), ("space", "  \n"), ("two lines", whole + "\n" + whole),
                       ("tab", whole.replace("a1", "a\t1")), ("escape", whole.replace("a1", "a\\q1"))):
        yield body("not_json/" + name, text.encode(), "not_json")
    for name, text in (("array", "[" + whole + "]"), ("string", '"sự kiện"'), ("number", "5"), ("null", "null"), ("true", "true"), ("batch", "[]")):
        yield body("not_object/" + name, text.encode(), "not_object")
    for number, data in enumerate(([], [ACTIVITY], "x", 5, None, True)):
        for make in structured, binary:
            yield make("not_object/data/%d" % number, {**event(number), "id": "o%d%s" % (number, make.__name__), "data": data}, "not_object", "data")
    more = Pairs(ACTIVITY.items())
    twice = (("data", event(1) | {"data": Pairs(more + [("unit", "D2")])}), ("same", event(2) | {"data": Pairs(more + [("unit", "D1")])}),
             ("nested", event(3) | {"data": {**ACTIVITY, "participants": Pairs([("members", 1), ("members", 2)])}}),
             ("unknown", event(4) | {"data": {**ACTIVITY, "evidence": [{"x": Pairs([("k", 1), ("l", 2), ("k", 3)])}]}}),
             ("escaped", event(5) | {"data": {**ACTIVITY, "evidence": Pairs([("a", 1), (Raw('"\\u0061"'), 2)])}}),
             ("nfd", event(6) | {"data": {**ACTIVITY, "participants": Pairs([(NFC_E, 1), (NFD_E, 2)])}}),
             ("many", event(7) | {"data": {**ACTIVITY, "evidence": Pairs([("k%d" % i, i) for i in range(300)] + [("k123", 0)])}}))
    for name, said in twice:
        yield structured("duplicate_key/" + name, said, "duplicate_key")
        yield binary("duplicate_key/" + name, said, "duplicate_key", "data")
    yield structured("duplicate_key/id", Pairs([("id", "e")] + list(event(8).items())), "duplicate_key")
    yield structured("duplicate_key/data twice", Pairs(list(event(9).items()) + [("data", {})]), "duplicate_key")
    for number, extra in enumerate(({}, {"data_base64": None})):
        said = {**event(number), **extra}
        del said["data"]
        yield structured("data_missing/%d" % number, said, "data_missing", "data")
    for number, said in enumerate(({**event(1), "data_base64": "e30="}, {k: v for k, v in {**event(2), "data_base64": "e30="}.items() if k != "data"},
                                   {**event(3), "data_base64": {}})):
        yield structured("data_binary/%d" % number, said, "data_binary", "data_base64")
    for number, media in enumerate(("text/plain", "application/xml", "", "json", 5)):
        yield structured("content_type/datacontenttype/%d" % number, {**event(number), "datacontenttype": media}, "content_type", "datacontenttype")
    for number, media in enumerate(("application/json", "application/json; charset=utf-8", "application/vnd.tiendo+json", "Application/JSON", None)):
        yield structured("datacontenttype/%d" % number, {**event(number), "id": "m%d" % number, "datacontenttype": media})
    yield binary("content_type/ce_datacontenttype", {**event(1), "datacontenttype": "text/plain"}, "content_type", "headers.ce_datacontenttype")
    for number, (name, value) in enumerate((("ce_id", b"\xff"), ("ce_source", b"\xc3\x28"), ("ce_subject", b"\xed\xa0\x80"), ("ce_actor", b"Ph\xf3"),
                                            ("ce_mineonly", b"\x80"))):
        case = binary("header_invalid/%s" % name, {**event(number), "id": "x%d" % number}, "header_invalid", "headers." + name)
        yield case._replace(headers=[h for h in case.headers if h[0] != name] + [(name, value)])
    case = binary("header_invalid/twice", {**event(1), "id": "x-1"}, "header_invalid", "headers.ce_id")
    yield case._replace(headers=case.headers + [("ce_id", b"x-2")])


def kafka_only():
    """What no HTTP request can carry as an event."""
    text, kept = render(event(0)).encode(), CONTENT_TYPE[STRUCTURED]
    yield Case("empty/tombstone", STRUCTURED, None, [kept], "empty", "")
    yield binary("empty/binary tombstone", event(1), "empty", "")._replace(body=None)
    yield Case("empty/bare tombstone", STRUCTURED, None, [], "empty", "")
    for number, headers in enumerate(([("content-type", b"text/plain")], [("content-type", b"application/json")],
                                      [("content-type", b"application/cloudevents-batch+json")], [("content-type", b"application/cloudevents+xml")],
                                      [("content-type", b"application/cloudevents")], [("Content-Type", b"")], [("content-type", b"json")])):
        yield Case("content_type/kafka/%d" % number, STRUCTURED, text, headers, "content_type", "headers.content-type")
    for number, media in enumerate((b"text/plain", b"application/octet-stream", b"application/xml")):
        case = binary("content_type/binary/%d" % number, event(number), "content_type", "headers.content-type")
        yield case._replace(headers=[("content-type", media)] + case.headers[1:])
    case = binary("header_invalid/null", event(2), "header_invalid", "headers.ce_subject")
    yield case._replace(headers=case.headers + [("ce_subject", None)])
    yield structured("no headers", {**event(3), "id": "bare"})._replace(headers=[])
    case = structured("other headers", {**event(4), "id": "others"})
    yield case._replace(headers=[("Content-Type", b"Application/CloudEvents+JSON; charset=UTF-8"), ("trace", b"\xff\x00"), ("empty", None)])
    case = binary("binary without content type", {**event(5), "id": "untyped"})
    yield case._replace(headers=case.headers[1:])


def over_http():
    return [*data_cases(), *attribute_cases(), *subject_cases(), *body_cases()]


def over_kafka():
    return over_http() + list(kafka_only())
