"""The oracle: what every figure is, worked out slowly.  See README.md."""
import argparse
import gc
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import figures  # noqa: E402
import periods  # noqa: E402
from changes import Replay  # noqa: E402
from figures import nfc  # noqa: E402
from figure import Window
from formulas import Formulas  # noqa: E402
from knowledge import Knowledge, NotFound, known  # noqa: E402
from log import Log  # noqa: E402
from obligations import Obligations  # noqa: E402
from publications import Publications  # noqa: E402
from targets import Targets, extras  # noqa: E402


class View:
    """What one question knows (section 2): V, T, N, and the answers over it."""

    def __init__(self, log, records, T):
        self.knowledge = Knowledge(log, records, T)
        self.obligations = Obligations(self.knowledge)
        self.formulas = Formulas(self.knowledge, self.obligations)
        self.targets = Targets(self.knowledge, self.formulas)

    def units(self):
        return sorted(self.knowledge.units.units)

    def _tree(self, tree, unit):
        """Section 4: None for as_reported, else the day; 404s of unknown and absent units."""
        if unit not in self.knowledge.units.units:
            raise NotFound("unit_unknown")
        if tree == "as_reported":
            return None
        day = self.knowledge.N if tree == "current" else periods.day_of(tree)
        if day is None:
            raise ValueError("tree %r" % tree)
        if not self.knowledge.units.units[unit].exists(day):
            raise NotFound("unit_not_in_tree")
        return day

    def progress(self, plan, unit, period=None, tree="as_reported", unbuilt=None):
        unit = nfc(unit)
        version, days = self.knowledge.version(plan, period)
        return self.targets.progress(version, unit, days[1], self._tree(tree, unit), unbuilt)

    def figure(self, plan, indicator, unit, period=None, of="subtree", tree="as_reported"):
        """The figure of one indicator over the asked window."""
        unit = nfc(unit)
        version, (first, last) = self.knowledge.version(plan, period)
        day = self._tree(tree, unit)
        if nfc(indicator) not in version.indicators:
            raise NotFound("indicator_unknown")
        window = Window(first, min(last, self.knowledge.N), last, last, version.statutory)
        return self.formulas.evaluate(version, version.indicator(indicator), unit, window, of, day)

    def rollup(self, plan, indicator, unit, period=None, of="subtree", tree="as_reported"):
        f = self.figure(plan, indicator, unit, period, of, tree)
        measure = self.knowledge.version(plan, period)[0].indicator(indicator).measure
        answer = {"value": None, "numerator": None, "denominator": None, "unit_of_measure": measure,
                  "contributors": None}
        answer.update(value=figures.show_percent(f.value) if f.percent else figures.show_exact(f.value),
                      numerator=figures.show_exact(f.numerator), denominator=figures.show_exact(f.denominator),
                      contributors=f.records)
        answer.update(extras(f))
        return {**answer, "reason": f.reason} if f.value is None else answer

    def target_figure(self, plan, unit, target, period, tree="as_reported"):
        """The figure of one target, as progress reads it."""
        unit = nfc(unit)
        version, days = self.knowledge.version(plan, period)
        found = next((t for t in version.targets if t["id"] == target), None)
        return found and self.targets.judged(version, found, unit, days[1], self._tree(tree, unit)).figure

    def reports(self, plan, unit, obligation=None, period=None):
        unit = nfc(unit)
        version, _ = self.knowledge.version(plan, period)
        self._tree("as_reported", unit)
        return self.obligations.answer(version, unit, obligation, period)


class Oracle:
    def __init__(self, records):
        """records: dicts, or lines of NDJSON, in any order."""
        self.log = Log(records)

    def view(self, as_of=None, now_ms=None):
        now_ms = int(time.time() * 1000) if now_ms is None else now_ms
        return View(self.log, *known(self.log, as_of, now_ms))

    def replay(self, as_of_1, as_of_2=None, now_ms=None):
        """Why figures changed between two moments: Replay.changes()."""
        now_ms = int(time.time() * 1000) if now_ms is None else now_ms
        return Replay(self.log, lambda records, T: View(self.log, records, T), as_of_1, as_of_2, now_ms)

    def editions(self, publication, now_ms=None, **more):
        """The editions of a publication."""
        now_ms = int(time.time() * 1000) if now_ms is None else now_ms
        return Publications(self.log, lambda records, T: View(self.log, records, T), now_ms).editions(publication, **more)

    def verdicts(self):
        return self.log.verdicts()

    def verdict(self, stream, position):
        return self.log.verdict(stream, position)


def lines_of(names):
    for name in names:
        with (sys.stdin if name == "-" else open(name, encoding="utf-8")) as file:
            for line in file:
                if line.strip():
                    yield line


def main(arguments=None):
    parser = argparse.ArgumentParser(description="tiendo's oracle: figures by the book, slowly")
    parser.add_argument("what", choices=["progress", "rollup", "reports", "verdicts"])
    parser.add_argument("--records", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--plan")
    parser.add_argument("--unit", action="append")
    parser.add_argument("--all-units", action="store_true")
    parser.add_argument("--indicator")
    parser.add_argument("--obligation")
    parser.add_argument("--period")
    parser.add_argument("--as-of")
    parser.add_argument("--tree", default="as_reported")
    parser.add_argument("--of", default="subtree", choices=["own", "subtree"])
    parser.add_argument("--now", help="RFC 3339 instant; default: the clock")
    parser.add_argument("--skip-unbuilt", action="store_true",
                        help="progress: leave out targets whose formula is not built (named on stderr)")
    parser.add_argument("--each", action="store_true", help="verdicts: one line for each message not accepted")
    a = parser.parse_args(arguments)
    gc.disable()                                    # a million small objects that all stay
    oracle = Oracle(lines_of(a.records))
    if a.what == "verdicts":
        print(figures.dumps(oracle.verdicts()))
        for name, records in oracle.log.streams.items() if a.each else ():
            for r in records:
                if r.verdict != "accepted":
                    print(figures.dumps({"stream": name, "position": r.position, "verdict": r.verdict,
                                         "conflict": r.conflict, "code": r.code, "field": r.field}))
        return 0
    now_ms = None
    if a.now:
        now_ms = periods.instant_ms(a.now)
        if now_ms is None:
            parser.error("--now is no RFC 3339 instant")
    if not a.plan or not (a.unit or a.all_units) or (a.what == "rollup" and not a.indicator):
        parser.error("--plan and --unit or --all-units are needed (rollup: --indicator too)")
    view = oracle.view(a.as_of, now_ms)
    for unit in view.units() if a.all_units else a.unit:
        try:
            if a.what == "progress":
                unbuilt = [] if a.skip_unbuilt else None
                answer = {"targets": view.progress(a.plan, unit, a.period, a.tree, unbuilt)}
                for target, why in unbuilt or ():
                    print("left out: %s %s: %s" % (unit, target, why), file=sys.stderr)
            elif a.what == "rollup":
                answer = view.rollup(a.plan, a.indicator, unit, a.period, a.of, a.tree)
            else:
                answer = view.reports(a.plan, unit, a.obligation, a.period)
        except NotFound as missing:
            answer = {"error": str(missing)}
        print(figures.dumps({"unit": unit, **answer}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
