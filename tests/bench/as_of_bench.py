#!/usr/bin/env python3
"""How long a figure of a whole province and year takes as of a past day, and whether that grows with the store or only
with the figure's own facts.

A made-up country (63 provinces of 10 districts of 5 communes) does activities over four years. The first province does
a fixed number of them; all others share the rest. The store is filled in stages; after each stage the same questions
are asked over one kept connection: of the first province, whose facts do not grow, and of the others, whose facts do.
The figures are for reading; only that every question is answered is checked.

    as_of_bench.py                                        a short run, as the tests do
    as_of_bench.py --stages 1000000,10000000 --askings 300
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "process"))

from program import Program, Wrong, add_options, check, say, work_folder  # noqa: E402

YEARS = (2022, 2023, 2024, 2025)
PROVINCES, DISTRICTS, COMMUNES = 63, 10, 5
PLAN = {
    "plan": "country", "version": 1, "valid_from": "2022-01-01", "title": {"vi": "Cả nước"}, "unit": "vn",
    "first": "2022-01-01", "last": "2025-12-31",
    "indicators": [
        {"id": "acts", "name": {"vi": "Hoạt động"}, "measure": "activities", "formula": {"kind": "count"}},
        {"id": "visits", "name": {"vi": "Lượt"}, "measure": "visits", "formula": {"kind": "sum", "of": "participants"}},
        {"id": "online", "name": {"vi": "Trực tuyến"}, "measure": "percent",
         "formula": {"kind": "share", "where": {"form": "online"}, "among": {}}},
    ],
    "targets": [],
}


def event(number, kind, data, when):
    return json.dumps({"specversion": "1.0", "id": str(number), "source": "urn:bench", "type": "vn.tiendo." + kind + ".v1",
                       "time": when, "data": data}, ensure_ascii=False).encode() + b"\n"


def country():
    """(unit, parent, level) from the top down."""
    yield "vn", None, "national"
    for p in range(PROVINCES):
        province = "p%02d" % p
        yield province, "vn", "province"
        for d in range(DISTRICTS):
            district = "%s.d%d" % (province, d)
            yield district, province, "district"
            for c in range(COMMUNES):
                yield "%s.c%d" % (district, c), district, "commune"


def reference():
    for n, (unit, parent, level) in enumerate(country()):
        yield event("u%d" % n, "unit.registered", {"unit": unit, "kind": level, "level": level, "name": {"vi": unit},
                                                   "parent": parent, "effective": "2020-01-01"}, "2021-12-01T08:00:00+07:00")
    yield event("plan", "plan.published", PLAN, "2021-12-02T08:00:00+07:00")


def activities(name, count, fixed, seed):
    """In order of time; `fixed` of them are of the first province."""
    chance = random.Random("%s %d" % (name, seed))
    days = [(year, month, day) for year in YEARS for month in range(1, 13) for day in range(1, 29)]
    communes = [[u for u, _, level in country() if level == "commune" and u.startswith("p%02d." % p)]
                for p in range(PROVINCES)]
    line = ('{"specversion":"1.0","id":"%s-%d","source":"urn:bench","type":"vn.tiendo.activity.recorded.v1",'
            '"time":"%04d-%02d-%02dT%02d:00:00+07:00","actor":"office","data":{"activity":"%s-%d","unit":"%s",'
            '"type":"training_class","form":"%s","starts":"%04d-%02d-%02d","ends":"%04d-%02d-%02d",'
            '"topics":["digital skills"],"participants":{"members":%d,"youth":%d}}}\n')
    every = max(1, count // fixed) if fixed else 1
    for n in range(count):
        year, month, day = days[n * len(days) // count]
        province = 0 if fixed and n % every == 0 else 1 + int(chance.random() * (PROVINCES - 1))
        unit = communes[province][int(chance.random() * len(communes[province]))]
        form = "online" if chance.random() < 0.3 else "in_person"
        held = max(1, day - int(chance.random() * 5))
        yield (line % (name, n, year, month, day, 8 + n % 10, name, n, unit, form, year, month, held, year, month, held,
                       int(chance.random() * 50), int(chance.random() * 30))).encode()


def load(program, name, lines):
    """Streams the lines into import:NAME; they never lie in a file."""
    began = time.monotonic()
    command = [program.binary, "import", "-", "--as", name, "--data", program.data]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said) as importer:
            block = []
            for line in lines:
                block.append(line)
                if len(block) == 10000:
                    importer.stdin.write(b"".join(block))
                    block.clear()
            importer.stdin.write(b"".join(block))
            importer.stdin.close()
        said.seek(0)
        check(importer.returncode == 0, "import: " + said.read().decode()[-500:])
    return time.monotonic() - began


def questions(provinces):
    """(name, path) of a random province, year and day within the year after its middle."""
    def one(chance, **more):
        year = chance.choice(YEARS)
        day = "%d-%02d-%02d" % (year + (chance.random() < 0.3 and year < YEARS[-1]), chance.randint(7, 12), chance.randint(1, 28))
        return "/v1/rollups?" + "&".join("%s=%s" % pair for pair in dict(
            plan="country", indicator=chance.choice(("acts", "visits", "online")), unit=chance.choice(provinces),
            period=year, as_of=day, **more).items())
    return (("as of a day", one), ("as of a day, in the tree of a day", lambda chance: one(chance, tree="2025-06-30")))


def measure(program, a, total):
    for who, provinces in (("the fixed province", ["p00"]), ("all others", ["p%02d" % p for p in range(1, PROVINCES)])):
        for name, make in questions(provinces):
            chance, took, facts = random.Random(a.seed), [], 0
            for _ in range(a.askings):
                path = make(chance)
                began = time.perf_counter()
                status, body = program.request("GET", path)
                took.append(time.perf_counter() - began)
                check(status == 200, "%s: %d %s" % (path, status, body[:300]))
                facts += json.loads(body).get("contributors", 0)
            took.sort()
            say("%10d events  %-18s  %-34s p50 %7.2f  p99 %7.2f ms  (%d records a figure)" % (
                total, who, name, took[len(took) // 2] * 1e3, took[min(len(took) - 1, len(took) * 99 // 100)] * 1e3,
                facts // a.askings))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stages", default="2000,4000", help="events in the store at each stage")
    parser.add_argument("--fixed", type=int, default=400, help="of these of the first province, all in the first stage")
    parser.add_argument("--askings", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "as-of-bench") as work:
        try:
            with Program(a.tiendo, os.path.join(work, "data")) as program:
                program.start()
                load(program, "reference", reference())
                total = 0
                for n, stage in enumerate(int(stage) for stage in a.stages.split(",")):
                    took = load(program, "stage%d" % n, activities("s%d" % n, stage - total, a.fixed if n == 0 else 0, a.seed))
                    total = stage
                    program.wait_current(1200, plan="country", unit="vn")
                    say("%10d events  loaded in %.0f s" % (total, took))
                    measure(program, a, total)
        except Wrong as wrong:
            say("FAILED: %s" % wrong)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
