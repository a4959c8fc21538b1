#!/usr/bin/env python3
"""Every example of events/plan-documents.md, put together into one plan, is a plan document without a fault.

    documentation_test.py TIENDO

Python 3.11, standard library.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "..", "events", "plan-documents.md")
VI = {"vi": "Ví dụ"}


def blocks(page):
    """The JSON of the fenced blocks, in order; fields without their object get one."""
    for text in re.findall(r"```json\n(.*?)```", page, re.S):
        yield json.loads("{" + text + "}" if text.startswith('"') else text)


def spans(page):
    """The JSON objects between back quotes; what stands for a shape, such as {"vi", "en"}, is none."""
    for text in re.findall(r"`(\{.*?\})`(?=[ :,|.])", page):
        try:
            yield json.loads(text)
        except json.JSONDecodeError:
            pass


def indicator(name, formula):
    said = {"id": name, "name": VI, "formula": formula}
    return {**said, "why_reported": VI} if re.search('"reported"|"survey"', json.dumps(formula)) else said


def document(page):
    head, one, target, obligation, task, budget = blocks(page)
    kinds = ("each_year", "by", "before", "throughout", "in")
    found = list(spans(page))
    formulas = [f for f in found if f.get("kind") not in (None, *kinds)]
    whens = [w for w in found if w.get("kind") in kinds]
    haves = [h for h in found if set(h) & {"attribute", "indicator", "reached_by", "any"} and "kind" not in h]
    haves += [h for h in found if h.get("register") and "kind" not in h]
    dues = [d for d in found if len(d) == 1 and set(d) & {"before", "by", "month", "year", "assumed"}]
    times = [t for t in found if set(t) & {"years", "from", "months"} and "kind" not in t]
    counts = [len(formulas), len(whens), len(haves), len(dues), len(times)]
    assert counts == [21, 5, 5, 5, 4], "the page has another number of examples: %s" % counts
    plan = dict(head)
    plan["indicators"] = [one] + [indicator("f%d" % n, f) for n, f in enumerate(formulas)]
    plan["indicators"] += [indicator(name, {"kind": "count"}) for name in ("classes", "sites")]
    plan["indicators"] += [indicator(name, {"kind": "survey"}) for name in ("informed", "aware")]
    plan["indicators"] += [indicator("h%d" % n, {"kind": "coverage", "units": {"level": "commune"}, "have": have})
                           for n, have in enumerate(haves)]
    plan["targets"] = [target] + [dict(target, id="w%d" % n, when=when) for n, when in enumerate(whens)]
    plan["obligations"] = [obligation, dict(obligation, id="annual", instances=[{"period": "2025"}])]
    plan["obligations"] += [dict(obligation, id="d%d" % n, instances=[{"period": "2025", "due": due}])
                            for n, due in enumerate(dues)]
    plan["tasks"] = [task] + [dict(task, id="t%d" % n, time=time) for n, time in enumerate(times)]
    plan["budget"] = budget["budget"] + [dict(budget["budget"][0], line=line, level="district", years={}, total=0)
                                         for line in ("1", "2")]
    plan["budget_totals"] = budget["budget_totals"]
    return plan


def main():
    with open(PAGE, encoding="utf-8") as page:
        plan = document(page.read())
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(plan, file, ensure_ascii=False, indent=1)
        file.flush()
        done = subprocess.run([sys.argv[1], "validate", file.name], text=True, capture_output=True)
    print(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
