"""A check of the formulas of a plan document (semantics.md 5 and 11), for every kind of them."""
import re

import figures
from figures import nfc

COMPARATORS = (">=", ">", "<=", "<", "=")
MEASURES = """activities visits people households enterprises accounts products sites teams dossiers models
classes documents units rank million_vnd percent""".split()
FIELDS = {"count": "where credit", "sum": "of audiences output where", "distinct": "of output audiences where only counts subset_of",
          "gauge": "register only of covers fresh", "state": "attribute is register only", "rank": "statistic", "kept": "of since",
          "ratio": "of covers fresh units numerator denominator", "survey": "covers fresh units",
          "coverage": "units have register only", "share": "where among", "least": "of",
          "milestone": "where credit obligation period", "money": "line level", "reference": "of",
          "statistic": "statistic covers fresh"}
TERMS = ("count", "sum", "distinct", "gauge", "statistic")
FLOWS = ("count", "sum", "distinct", "money", "milestone")
_ACTIVITY = re.compile(r"type|form|pillar|topics|task|plan|organisation|flag\..+|unit\.(level|kind|parent_level|attr\..+)", re.S)
_UNIT = re.compile(r"level|kind|parent_level|attr\..+", re.S)
_ENTITY = re.compile(r"flag\..+|unit\.(level|kind|attr\..+)", re.S)
CLOSED = {"form": ("in_person", "online", "hybrid"), "organisation": ("doan", "hoi", "doi")}
PATH = "indicators.formula"


def words(said):
    return said is None or type(said) is str or (type(said) is list and all(type(s) is str for s in said))


def filters(p, f, fields, path="filter"):
    if type(f) is not dict:
        return p.add("plan_schema", path)
    for name, value in f.items():
        if name in ("all", "any"):
            for part in value if type(value) is list else [None]:
                filters(p, part, fields, path)
        elif name == "not":
            filters(p, value, fields, path)
        elif not fields.fullmatch(name):
            p.add("plan_formula", "%s.%s" % (path, name))
        elif name in CLOSED and any(v not in CLOSED[name] for v in (value if type(value) is list else [value])):
            p.add("value_unknown", "%s.%s" % (path, name))


def of_units(p, f, path="filter"):
    filters(p, f or {}, _UNIT, path)


def choice(p, f, name, good, required=False):
    if f.get(name) is None:
        if required:
            p.add("plan_schema", "%s.%s" % (PATH, name))
    elif f[name] not in good:
        p.add("value_unknown", "%s.%s" % (PATH, name))


def formula(p, f, known, term=False, inside=False):
    """`known`: ids of indicators, obligations and budget lines.  `term`: of a ratio."""
    if type(f) is not dict:
        return p.add("plan_schema", PATH)
    kind = f.get("kind")
    if kind not in FIELDS:
        return p.add("value_unknown", PATH + ".kind")
    if (kind == "statistic" and not term) or (term and kind not in TERMS):
        p.add("plan_formula", PATH + ".kind")
    for name in f:
        if name not in FIELDS[kind].split() + ["kind", "window", "measure"] and not (inside and name == "indicator"):
            p.add("plan_formula", "%s.%s" % (PATH, name))
    if f.get("measure") is not None and f["measure"] not in MEASURES:
        p.add("value_unknown", PATH + ".measure")
    choice(p, f, "window", ("plan",))
    choice(p, f, "covers", ("own", "subtree"))
    choice(p, f, "fresh", ("any", "period"))
    choice(p, f, "credit", ("own", "all"))
    for name in ("where", "among"):
        if f.get(name) is not None:
            filters(p, f[name], _ACTIVITY)
    if f.get("only") is not None:
        filters(p, f["only"], _ENTITY)
    globals()["check_" + kind](p, f, known)


def needs(p, f, *names, code="plan_schema"):
    for name in names:
        if type(f.get(name)) is not str:
            p.add(code, "%s.%s" % (PATH, name))


def check_count(p, f, known):
    pass


def check_sum(p, f, known):
    choice(p, f, "of", ("participants", "outputs", "cost", "reported"), True)
    if f.get("of") == "outputs":
        needs(p, f, "output")
    if not words(f.get("audiences")):
        p.add("plan_schema", PATH + ".audiences")


def check_distinct(p, f, known):
    choice(p, f, "of", ("outputs", "people", "reached_units"), True)
    choice(p, f, "counts", ("upper_bound", "distinct", "ignore"))
    if f.get("of") == "outputs":
        needs(p, f, "output")
    elif f.get("only") is not None:                 # people and units are no entities
        p.add("plan_formula", PATH + ".only")
    if f.get("subset_of") is not None and nfc(f["subset_of"]) not in known["indicators"]:
        p.add("plan_reference", PATH + ".subset_of")


def check_gauge(p, f, known):
    if f.get("of") is None:
        needs(p, f, "register")
    else:
        choice(p, f, "of", ("reported",))


def check_state(p, f, known):
    if f.get("attribute") is None:
        needs(p, f, "register")
    elif f.get("is") is None:
        p.add("plan_schema", PATH + ".is")


def check_rank(p, f, known):
    needs(p, f, "statistic")


def check_statistic(p, f, known):
    needs(p, f, "statistic")


def check_kept(p, f, known):
    inner = f.get("of")
    formula(p, inner, known)
    if type(inner) is dict and (inner.get("kind") in FLOWS or inner.get("kind") in ("kept", "reference")):
        p.add("plan_formula", PATH + ".of")
    if f.get("since") is not None and figures.number_problem(f["since"]):
        p.add("plan_schema", PATH + ".since")


def check_ratio(p, f, known):
    if f.get("of") is not None:
        choice(p, f, "of", ("reported",))
        return unit_set(p, f.get("units"))
    if f.get("numerator") is None or f.get("denominator") is None:
        return p.add("plan_denominator", PATH)
    for one in (f["numerator"], f["denominator"]):
        formula(p, one, known, term=True)
    of, by = measure_of(f["numerator"]), measure_of(f["denominator"])
    if of and by and of != by:
        p.add("plan_measure", PATH)


def check_survey(p, f, known):
    unit_set(p, f.get("units"))


def unit_set(p, said):
    if said is None:
        return
    if type(said) is not dict or not words(said.get("level")):
        return p.add("plan_schema", PATH + ".units")
    of_units(p, said.get("where"))
    if said.get("below") not in (None, "subtree", "children"):
        p.add("value_unknown", PATH + ".units.below")
    for name in said:
        if name not in ("level", "where", "below"):
            p.add("plan_formula", "%s.units.%s" % (PATH, name))


def check_coverage(p, f, known):
    if (f.get("units") is None) == (f.get("register") is None):
        p.add("plan_denominator", PATH)
    unit_set(p, f.get("units"))
    have = f.get("have")
    if type(have) is not dict:
        return p.add("plan_schema", PATH + ".have")
    if not have:
        return p.add("plan_formula", PATH + ".have")
    if f.get("units") is not None:
        return has(p, have, known)
    if "named_by" in have:
        filters(p, have["named_by"], _ACTIVITY)
    else:
        filters(p, have, _ENTITY)


def has(p, have, known):
    if type(have) is not dict:
        return p.add("plan_schema", PATH + ".have")
    for name in ("any", "all"):
        if name in have:
            if type(have[name]) is not list or len(have) != 1:
                return p.add("plan_formula", PATH + ".have")
            for part in have[name]:
                has(p, part, known)
            return
    if "attribute" in have:
        if have.get("is") is None:
            p.add("plan_schema", PATH + ".have.is")
    elif "register" in have:
        filters(p, have.get("only") or {}, _ENTITY)
    elif "reached_by" in have:
        filters(p, have["reached_by"], _ACTIVITY)
        choice(p, have, "mode", ("union", "each"))
        choice(p, have, "by", ("own", "subtree", "any"))
    elif "indicator" in have or "formula" in have:
        if "indicator" in have and (type(have["indicator"]) is not str or nfc(have["indicator"]) not in known["indicators"]):
            p.add("plan_reference", PATH + ".have")
        if "formula" in have:
            formula(p, have["formula"], known)
        choice(p, have, "of", ("own", "subtree"))
        if have.get("comparator") not in COMPARATORS:
            p.add("plan_schema" if have.get("comparator") is None else "value_unknown", PATH + ".have.comparator")
        if figures.number_problem(have.get("value")):
            p.add("plan_schema", PATH + ".have.value")
    else:
        p.add("plan_formula", PATH + ".have")


def check_share(p, f, known):
    if f.get("among") is None:
        p.add("plan_denominator", PATH)


def check_least(p, f, known):
    if type(f.get("of")) is not list:
        return p.add("plan_schema", PATH + ".of")
    if len(f["of"]) < 2:
        p.add("plan_formula", PATH + ".of")
    for part in f["of"]:
        formula(p, part, known, inside=True)
        if type(part) is dict and (type(part.get("indicator")) is not str or nfc(part["indicator"]) not in known["indicators"]):
            p.add("plan_reference", PATH + ".of")


def check_milestone(p, f, known):
    if (f.get("where") is None) == (f.get("obligation") is None):
        p.add("plan_formula", PATH)
    if f.get("obligation") is not None and nfc(f["obligation"]) not in known["obligations"]:
        p.add("plan_reference", PATH + ".obligation")
    elif f.get("period") is not None and nfc(f["period"]) not in known["instances"][nfc(f["obligation"])]:
        p.add("plan_reference", PATH + ".period")


def check_money(p, f, known):
    for line in f["line"] if type(f.get("line")) is list else [f.get("line")]:
        if type(line) is not str or nfc(line) not in known["lines"]:
            p.add("plan_reference", PATH + ".line")


def check_reference(p, f, known):
    if f.get("of") is not None:
        formula(p, f["of"], known)


def measure_of(term):
    """Section 8: the unit of measure a term has by its kind, or states."""
    kind, of = term.get("kind"), term.get("of")
    if kind == "count":
        return "activities"
    return {"participants": "visits", "cost": "million_vnd", "people": "people", "reached_units": "units"}.get(of, term.get("measure"))


def reads_reports(f):
    """Does a formula, itself or inside, read what reports say?"""
    if type(f) is list:
        return any(reads_reports(x) for x in f)
    return type(f) is dict and (f.get("kind") == "survey" or f.get("of") == "reported" or any(map(reads_reports, f.values())))
