#!/usr/bin/env python3
"""How long tiendo takes to answer, over one kept connection, one question after the other: median and
99th percentile in milliseconds, and beside them an empty request (what HTTP and this client cost).
The figures are for reading; only that every question is answered is checked.

    query_bench.py                             2,000 events, 20 askings of each
    query_bench.py --events 1000000 --askings 300
"""
import argparse
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "process"))

import sample  # noqa: E402
from program import Program, Wrong, add_options, check, say, work_folder  # noqa: E402
from sample import PLAN  # noqa: E402

MONTHS = ["2024-%02d" % month for month in range(1, 13)]
DAYS = ["2024-%02d-%02d" % (month, day) for month in range(2, 13) for day in (7, 19)]


def fill(program, work, events, seed):
    path = os.path.join(work, "year.ndjson")
    for name, lines in (("units", sample.reference()), ("year", sample.year(seed, events))):
        with open(path, "wb") as file:
            file.write(b"".join(line + b"\n" for line in lines))
        done = program.command("import", path, "--as", name)
        check(done.returncode in (0, 1), "import: " + done.stderr)      # 1: wrong ones are in it


def questions(units, indicators, chance):
    """(name, what makes one path)"""
    def path(place, **query):
        return place + "?" + "&".join("%s=%s" % one for one in query.items())

    unit, month = (lambda: chance.choice(units)), (lambda: chance.choice(MONTHS))
    one = lambda **more: dict(plan=PLAN, indicator=chance.choice(indicators), unit=unit(), **more)  # noqa: E731
    progress = "/v1/plans/%s/progress" % PLAN
    return (
        ("an empty request", lambda: "/healthz"),
        ("progress of a unit, all targets", lambda: path(progress, unit=unit(), period="2024")),
        ("progress of the top unit", lambda: path(progress, unit=units[0], period="2024")),
        ("the same as of a past day", lambda: path(progress, unit=units[0], period="2024", as_of=chance.choice(DAYS))),
        ("the same in the tree of a day", lambda: path(progress, unit=units[0], period="2024", tree=chance.choice(DAYS))),
        ("rollups by unit", lambda: path("/v1/rollups", **one(period=month(), by="unit"))),
        ("rollups by month", lambda: path("/v1/rollups", **one(period="2024", by="period"))),
        ("explain, the first page", lambda: path("/v1/explain", **one(period=month()))),
        ("history of a unit's figure",
         lambda: "/v1/figures/%s/%s/%s/%s/history" % (PLAN, chance.choice(indicators), unit(), month())),
        ("reports", lambda: path("/v1/reports", plan=PLAN, unit=unit())),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--askings", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "query-bench") as work:
        try:
            with Program(a.tiendo, os.path.join(work, "data")) as program:
                program.start()
                fill(program, work, a.events, a.seed)
                program.wait_current(600)
                chance = random.Random(a.seed)
                units = [unit["unit"] for unit in program.ask("/v1/units", limit=1000)[1]["units"]]
                top = [unit for unit in units if "." not in unit] + [unit for unit in units if "." in unit]
                plan = program.ask("/v1/plans/" + PLAN)[1]
                document = plan.get("document", plan)
                indicators = [indicator["id"] for indicator in document["indicators"]]
                say("%d events, %d units, %d indicators; ms" % (a.events, len(units), len(indicators)))
                for name, make in questions(top, indicators, chance):
                    took = []
                    for _ in range(a.askings):
                        path = make()
                        began = time.perf_counter()
                        status, body = program.request("GET", path)
                        took.append(time.perf_counter() - began)
                        check(status == 200, "%s: %d %s" % (path, status, body[:300]))
                    took.sort()
                    say("%-34s p50 %8.2f   p99 %8.2f" % (name, took[len(took) // 2] * 1e3,
                                                        took[min(len(took) - 1, len(took) * 99 // 100)] * 1e3))
        except Wrong as wrong:
            say("FAILED: %s" % wrong)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
