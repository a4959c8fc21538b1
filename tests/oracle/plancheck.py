"""A check of plan documents (semantics.md 5, 6, 7, 11); a field is the part it is found in, without
the places in lists."""
import re
from fractions import Fraction

import figures
import periods
from obligations import due_of, year_text
from planformula import COMPARATORS, MEASURES, formula, of_units, reads_reports, words as whole_words
from plans import Plan, whole
from strictjson import unreadable

FIELDS = """plan version valid_from first last unit calendar title periods words indicators targets obligations tasks
budget budget_totals decision""".split()
WHENS = {"each_year": "years", "by": "day", "before": "day", "throughout": "last", "in": "period"}


def check(p, doc):
    """Adds the problems of a document; one whose parts have shapes nobody can read is plan_schema."""
    try:
        for text, path in texts(doc):
            if unreadable(text):
                p.add("text_invalid", path)
        look(p, doc)
        if not p.found:
            read_all(p, doc)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        p.add("plan_schema", "")


def texts(piece, path=""):
    """Every text of a document and the part it is in."""
    if type(piece) is str:
        yield piece, path
    for name, part in piece.items() if type(piece) is dict else [(None, part) for part in piece] if type(piece) is list else ():
        yield from texts(part, path if name is None else (path + "." + name).lstrip("."))


def read_all(p, doc):
    """Reads every part the figures will ask for, to see that it can be read."""
    plan = Plan(doc, None)
    for name in (doc.get("unit"), doc.get("calendar")):
        if name is not None and type(name) is not str:
            p.add("plan_schema", "")
    for where in [doc] + [target["when"] for target in plan.targets]:
        if where.get("calendar") is not None and where["calendar"] not in ("calendar", "statutory"):
            p.add("value_unknown", "calendar")
    for a, b in plan.periods.values():
        if a > b:
            p.add("plan_window", "periods")
    for target in plan.targets:
        when, whom = target["when"], target["for"]
        if not whole_words(whom.get("level")):
            p.add("plan_schema", "targets.for")
        if whom.get("where") is not None:
            of_units(p, whom["where"])
        for name in ("first", "day", "last"):
            if when.get(name) is not None and periods.day_of(when[name]) is None:
                p.add("plan_schema", "targets.when")
        if when["kind"] == "each_year":
            years = [whole(year) for year in when["years"]]
            if when.get("until") is not None and (
                    (when.get("calendar") or doc.get("calendar")) == "statutory"
                    or any(periods.day_of("%04d-%s" % (year, when["until"])) is None for year in years)):
                p.add("plan_schema", "targets.when.until")
        if when["kind"] == "in" and not periods.days_in_plan(when["period"], plan):
            p.add("plan_reference", "targets.when")
        if whom["scope"] == "share":
            if target["inner"]["comparator"] not in COMPARATORS or figures.number_problem(target["inner"]["value"]):
                p.add("plan_schema", "targets.inner")
        kind = plan.indicator(target["indicator"]).formula["kind"]
        if kind == "milestone" and target.get("value") is not None and figures.exact(target["value"]) != 1:
            p.add("plan_formula", "targets.value")
        if kind not in ("milestone", "reference") and (target.get("comparator") is None or target.get("value") is None):
            p.add("plan_schema", "targets")
    windows(p, plan, doc)
    for obligation in plan.obligations:
        said = obligation.get("from") or {}
        if not whole_words(said.get("level")):
            p.add("plan_schema", "obligations.from")
        of_units(p, said.get("where"))
        for instance in obligation.get("instances") or []:
            due_of(instance)
            for name, good in (("year", r"[0-9]{4}s?"), ("month", r"[0-9]{4}s?-[0-9]{2}")):
                said = (instance.get("due") or {}).get(name)
                if said is not None and not re.fullmatch(good, year_text(said)):
                    p.add("plan_schema", "obligations.instances.due")
            if not periods.days_in_plan(instance["period"], plan):
                p.add("plan_reference", "obligations.instances")


def look(p, doc):
    version = figures.number_text(doc.get("version"))
    for name, good in (("plan", type(doc.get("plan")) is str and doc["plan"].strip() != ""),
                       ("version", version is not None and re.fullmatch("[1-9][0-9]{0,8}", version)),
                       ("indicators", type(doc.get("indicators")) is list)):
        if not good:
            p.add("plan_schema", name)
    vietnamese(p, doc.get("title"), "title")
    days = {}
    for name in ("valid_from", "first", "last"):
        days[name] = periods.day_of(doc[name]) if type(doc.get(name)) is str else None
        if days[name] is None:
            p.add("plan_schema", name)
    if p.found:
        return
    if days["first"] > days["last"]:
        p.add("plan_window", "first")
    known = {"lines": {figures.nfc(row["line"]) for row in doc.get("budget") or [] if type(row.get("line")) is str}}
    for part in ("indicators", "targets", "obligations", "periods"):
        items = doc.get(part) or []
        if type(items) is not list or any(type(i) is not dict or type(i.get("id")) is not str for i in items):
            p.add("plan_schema", part)
            return
        known[part] = {figures.nfc(i["id"]) for i in items}
        if part == "periods" and any(not periods.is_name(i["id"]) or i["id"] == "plan" for i in items):
            p.add("plan_schema", part)
        if len(known[part]) != len(items):
            p.add("plan_duplicate", part)
    known["instances"] = {figures.nfc(o["id"]): {figures.nfc(i["period"]) for i in o.get("instances") or []}
                          for o in doc.get("obligations") or []}
    for name in doc:
        if name not in FIELDS:
            p.add("plan_schema", name)
    for task in doc.get("tasks") or []:
        if any(figures.nfc(line) not in known["lines"] for line in task.get("lines") or []):
            p.add("plan_reference", "tasks.lines")
    for indicator in doc["indicators"]:
        vietnamese(p, indicator.get("name"), "indicators.name")
        measure = indicator.get("measure")
        if measure is not None and measure not in MEASURES:
            p.add("value_unknown", "indicators.measure")
        formula(p, indicator.get("formula"), known)
        if reads_reports(indicator.get("formula")):         # the project's own addition, choice 12b
            vietnamese(p, indicator.get("why_reported"), "indicators.why_reported")
    budget(p, doc.get("budget") or [], doc.get("budget_totals") or [])
    for target in doc.get("targets") or []:
        if target.get("indicator") is None or figures.nfc(str(target["indicator"])) not in known["indicators"]:
            p.add("plan_reference", "targets.indicator")
        if target.get("comparator") is not None and target["comparator"] not in COMPARATORS:
            p.add("value_unknown", "targets.comparator")
        when = target.get("when")
        if type(when) is not dict or type(target.get("for")) is not dict:
            p.add("plan_schema", "targets")
        elif when.get("kind") not in WHENS:
            p.add("value_unknown", "targets.when")
        elif when.get(WHENS[when["kind"]]) is None:
            p.add("plan_schema", "targets.when")
        elif target["for"].get("scope") is None or target["for"].get("level") is None:
            p.add("plan_level", "targets.for")
        elif target["for"]["scope"] not in ("unit", "each", "rollup", "share"):
            p.add("value_unknown", "targets.for")
        elif target["for"].get("of") not in (None, "own", "subtree"):
            p.add("value_unknown", "targets.for.of")
        if target.get("value") is not None and figures.number_problem(target["value"]):
            p.add("plan_schema", "targets.value")
    for obligation in doc.get("obligations") or []:
        if obligation.get("judged_by") not in (None, "said", "received"):
            p.add("value_unknown", "obligations.judged_by")
        for wanted in obligation.get("requires") or []:
            if type(wanted) is not str or figures.nfc(wanted) not in known["indicators"]:
                p.add("plan_reference", "obligations.requires")


def vietnamese(p, name, path):
    """Section 11: of `name` and `title`, `vi` is required.  A plain text is Vietnamese."""
    if name is None or (type(name) is dict and name.get("vi") is None):
        p.add("plan_schema", path if name is None else path + ".vi")


def budget(p, rows, totals):
    """The years of a row add up to its total, the rows to the printed totals, year by year."""
    lines, amount = set(), lambda said: Fraction(figures.number_text(said))
    for row in rows:
        key = (figures.nfc(row["line"]), row.get("level"))   # one line may stand at two levels
        if key in lines:
            p.add("plan_duplicate", "budget.line")
        lines.add(key)
        if row.get("total") is not None and sum(map(amount, row["years"].values())) != amount(row["total"]):
            p.add("plan_budget", "budget")
    for printed in totals:
        mine = [row for row in rows if printed.get("level") in (None, "any", row.get("level"))]
        for year, said in printed["years"].items():
            if sum(amount(row["years"].get(year, "0")) for row in mine) != amount(said):
                p.add("plan_budget", "budget_totals.years")
        if sum(amount(cell) for row in mine for cell in row["years"].values()) != amount(printed["total"]):
            p.add("plan_budget", "budget_totals.total")


def windows(p, plan, doc):
    """Section 11: a window without a day; targets of one series that overlap for the same units."""
    series = []
    for target in plan.targets:
        when, whom = target["when"], target["for"]
        first = periods.day_of(when["first"]) if when.get("first") is not None else plan.first
        last = {"by": "day", "before": "day", "throughout": "last"}.get(when["kind"])
        if when["kind"] == "each_year":
            statutory = (when.get("calendar") or doc.get("calendar")) == "statutory"
            spans = [periods.year_days(whole(year), statutory) for year in when["years"]]
            if when.get("until") is not None:
                spans = [(a, periods.day_of("%04d-%s" % (whole(year), when["until"])) or b)
                         for year, (a, b) in zip(when["years"], spans)]
        elif when["kind"] == "in":
            days = periods.days_in_plan(when["period"], plan)
            if not days:
                continue                                # plan_reference
            spans = [days]
        else:
            spans = [(first, periods.day_of(when[last]) - (when["kind"] == "before"))]
        if when.get("first") is not None:
            spans = [(first, b) for _, b in spans]
        if when["kind"] != "each_year" and any(a > b for a, b in spans):
            p.add("plan_window", "targets.when")
        levels = whom["level"] if type(whom["level"]) is list else [whom["level"]]
        for other, units, scope, where, taken in series:
            if other == target.get("series") and scope == whom["scope"] and where == whom.get("where") \
                    and ("any" in (*units, *levels) or set(units) & set(levels)) \
                    and any(a <= d and c <= b for a, b in spans for c, d in taken):
                p.add("plan_overlap", "targets")
        if target.get("series") is not None:
            series.append((target["series"], levels, whom["scope"], whom.get("where"), spans))

