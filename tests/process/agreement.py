"""Whether the engine and the oracle say the same: figures, targets, reports, verdicts."""
import base64
import os
import sys
import time
from decimal import Decimal, InvalidOperation

from program import ROOT, Wrong, say

sys.path.insert(0, os.path.join(ROOT, "tests", "oracle"))

import periods  # noqa: E402
from knowledge import NotFound  # noqa: E402
from oracle import Oracle  # noqa: E402,F401

NUMBERS = ("value", "numerator", "denominator", "target")
BESIDE_NUMBERS = ("lower", "planned", "spent")
COUNTS = ("difference", "numerator", "denominator")
WORDS = ("indicator", "comparator", "met", "status")
REFUSALS = {"period_unknown": "period_invalid"}     # the oracle's name -> the code of the answer
SHOWN_DIFFERENCES, SHOWN_LETTERS = 30, 400


def number(said):
    """Numbers compare as numbers; a long one is a text of its digits."""
    if said is None or isinstance(said, bool):
        return said
    try:
        return Decimal(said)
    except InvalidOperation:
        return said


def instant(text):
    return None if text is None else periods.instant_ms(text)


class Differences:
    def __init__(self):
        self.found, self.compared = [], 0

    def compare(self, where, field, engine, oracle):
        self.compared += 1
        if engine != oracle or (type(engine) is bool) != (type(oracle) is bool):
            said = "%s %s: engine %s, oracle %s" % (where, field, engine, oracle)
            self.found.append(said if len(said) <= SHOWN_LETTERS else said[:SHOWN_LETTERS] + " ...")

    def raise_any(self):
        if self.found:
            more = len(self.found) - SHOWN_DIFFERENCES
            raise Wrong("\n".join(["engine and oracle differ in %d of %d" % (len(self.found), self.compared)]
                                  + self.found[:SHOWN_DIFFERENCES]
                                  + (["and %d more" % more] if more > 0 else [])))


def over_seeds(seeds, name_of, run, left_out=()):
    """run(seed, differences) of each seed, with what it found said; (values compared, whether anything was
    wrong).  `left_out`: exceptions that say that the text does not define an answer."""
    compared, wrong = 0, False
    for seed in seeds:
        differences, began = Differences(), time.monotonic()
        try:
            run(seed, differences)
        except left_out as undefined:
            say("seed %d is left out: %s" % (seed, undefined))
            continue
        except Wrong as failed:
            say("FAILED (seed %d): %s" % (seed, failed))
            wrong = True
        compared += differences.compared
        say("seed %d, %s: %d values compared, %d differ, in %.1f s" % (seed, name_of(seed), differences.compared, len(differences.found),
                                                                     time.monotonic() - began))
        for said in differences.found[:12]:
            say("  " + said)
        wrong = wrong or bool(differences.found)
    return compared, wrong


def compare_progress(differences, program, view, plan, unit, period=None, tree="as_reported", as_of=None):
    """One question: every target, or the same refusal.  Returns the engine's answer."""
    where = "%s %s %s tree=%s as_of=%s" % (plan, unit, period, tree, as_of)
    status, said = program.ask("/v1/plans/%s/progress" % plan, unit=unit, period=period, tree=tree, as_of=as_of)
    try:
        expected = view.progress(plan, unit, period, tree)
    except NotFound as missing:
        differences.compare(where, "refusal", said.get("code"), REFUSALS.get(str(missing), str(missing)))
        return said
    if status != 200:
        differences.compare(where, "refusal", said.get("code"), None)
        return said
    compare_targets(differences, where, said["targets"], expected)
    return said


def compare_targets(differences, where, said, expected):
    """Rows of targets, field by field; of several units, where they name one."""
    name = lambda row: " ".join(row[key] for key in ("unit", "target_id") if key in row)
    targets = {name(row): row for row in said}
    differences.compare(where, "targets", sorted(targets), sorted(map(name, expected)))
    for row in expected:
        shown = targets.get(name(row), {})
        at = "%s %s" % (where, name(row))
        for field in NUMBERS:
            differences.compare(at, field, number(shown.get(field)), number(row[field]))
        for field in WORDS:
            differences.compare(at, field, shown.get(field), row[field])
        compare_beside(differences, at, shown, row)


def compare_beside(differences, at, shown, row):
    """What some kinds show beside the figure; where the oracle has nothing, the engine says null,
    false or an empty list, or leaves it out."""
    for field in BESIDE_NUMBERS:
        differences.compare(at, field, number(shown.get(field)), number(row.get(field)))
    for field in ("reason", "worst_day") + (("bound",) if row["value"] is not None else ()):
        differences.compare(at, field, shown.get(field), row.get(field))
    for field in ("missing", "unknown"):
        differences.compare(at, field, sorted(shown.get(field) or []), sorted(row.get(field) or []))
    for field, usual in (("over_one", False), ("established", True), ("partial", False)):
        said = shown.get(field)
        differences.compare(at, field, usual if said is None else said, row.get(field, usual))
    if row.get("contributors") is not None:
        differences.compare(at, "contributors", shown.get("contributors"), row["contributors"])


def compare_rollup(differences, program, view, plan, indicator, unit, period, of, tree, as_of):
    """One figure over a window."""
    where = "%s %s %s %s of=%s tree=%s as_of=%s" % (plan, indicator, unit, period, of, tree, as_of)
    status, said = program.ask("/v1/rollups", plan=plan, indicator=indicator, unit=unit, period=period, of=of,
                               tree=tree, as_of=as_of)
    try:
        expected = view.rollup(plan, indicator, unit, period, of, tree)
    except NotFound as missing:
        differences.compare(where, "refusal", said.get("code"), REFUSALS.get(str(missing), str(missing)))
        return
    if status != 200:
        differences.compare(where, "refusal", said.get("code"), None)
        return
    for field in ("value", "numerator", "denominator"):
        differences.compare(where, field, number(said[field]), number(expected[field]))
    compare_beside(differences, where, said, expected)


def compare_reports(differences, program, view, plan, unit, obligation, as_of=None, show_last=True):
    """Owed, on time, late, missing ... of one obligation, slot by slot."""
    where = "%s %s as_of=%s" % (unit, obligation, as_of)
    expected = view.reports(plan, unit, obligation)
    status, said = program.ask("/v1/reports", plan=plan, unit=unit, obligation=obligation, as_of=as_of)
    differences.compare(where, "status", status, 200)
    if status != 200:
        return
    differences.compare(where, "counts", said["counts"], expected["counts"])
    for part in ("rows", "extra"):
        compare_slots(differences, where, part, said[part], expected[part], lambda row: show_last)


def compare_slots(differences, where, part, said, expected, shows_last):
    """`shows_last(row)`: does the text say which `last_at` is?"""
    place = lambda row: tuple(row[k] for k in ("obligation", "unit", "period"))
    slots = {place(row): row for row in said}
    differences.compare(where, part, sorted(slots), sorted(map(place, expected)))
    for row in expected:
        shown = slots.get(place(row), {})
        at = "%s %s" % (where, " ".join(place(row)))
        for field in ("state", "report_state", "complete"):
            differences.compare(at, field, shown.get(field), row.get(field))
        for field in ("first_at", "last_at") if shows_last(row) else ("first_at",):
            differences.compare(at, field, instant(shown.get(field)), instant(row[field]))


def compare_parts(differences, where, said, expected):
    """Why a figure changed: part by part, with the records of each."""
    differences.compare(where, "causes", [p["cause"] for p in said], [p["cause"] for p in expected])
    shown = {p["cause"]: p for p in said}
    records = lambda part: sorted((r["stream"], r["position"]) for r in part.get("records", ()))
    for part in expected:
        mine = shown.get(part["cause"], {})
        for field in COUNTS:
            differences.compare(where, "%s %s" % (part["cause"], field), count(field, mine), count(field, part))
        differences.compare(where, part["cause"] + " records", records(mine), records(part))


def count(field, said):
    """Of counts that did not move: 0 or nothing."""
    return number(said.get(field)) or (0 if field in COUNTS[1:] else number(said.get(field)))


def compare_verdicts(differences, log, told):
    """`told`: {stream: [(verdict, conflict, code, field)]} by position, as the engine exported it."""
    for stream, verdicts in told.items():
        records = log.streams.get(stream, [])
        differences.compare(stream, "records", len(verdicts), len(records))
        for verdict, r in zip(verdicts, records):
            expected = (r.verdict, r.conflict, r.code, r.field or None)
            if verdict != expected:
                differences.compare("%s@%d" % (stream, r.position), "verdict", verdict, expected)
            differences.compared += 1


def verdict_of(record):
    """Of an exported record.  The oracle names a field of the data without `data.` before it."""
    field = record.get("field", "").removeprefix("data.")
    return (sys.intern(record["verdict"]), record.get("conflict", False), record.get("code"), field or None)


def obligations_of(view, plan):
    return [o["id"] for o in view.knowledge.version(plan, None)[0].obligations]


def bytes_in(text):
    """A text whose lone surrogates stand for bytes that are no UTF-8."""
    return None if text is None else text.encode("utf-8", "surrogateescape")


def bytes_of(record, name):
    """The key or value of an exported record."""
    if name + "_base64" in record:
        return base64.b64decode(record[name + "_base64"])
    return bytes_in(record.get(name))


def oracle_record(stream, position, stamp_ms, value, headers=None):
    """A message as the oracle reads it."""
    record = {"stream": stream, "position": position, "stamp_ms": stamp_ms, "headers": headers}
    try:
        record["value"] = value.decode()
    except UnicodeDecodeError:
        record["value_base64"] = base64.b64encode(value).decode()
    return record
