#!/usr/bin/env python3
"""Checks generate.py: same bytes twice, counts by type, and the plan's twelve targets told by a plain fold.

    check.py [--seeds 1,2,3,4,5] [--events 20000] [--partitions 4]

Exit 0 if every target is met somewhere and not met somewhere over the seeds, 1 if not. The fold here is a second,
independent reading for one stream (no grants, no mergers); it is a check, not the engine.
"""
import argparse
import base64
import collections
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

HERE = os.path.dirname(os.path.abspath(__file__))
LOCAL = timezone(timedelta(hours=7))
BY_LEVEL = {"TN-003": "district", "TN-004": "district", "TN-005": "affiliated", "TN-006": "affiliated",
            "TN-007": "commune", "TN-008": "commune"}


def generate(folder, name, *arguments, hash_seed="0"):
    path = os.path.join(folder, name)
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--out", path, "--verdicts", path + ".v",
                    *arguments], check=True, env=dict(os.environ, PYTHONHASHSEED=hash_seed))
    with open(path, "rb") as file:
        return file.read(), [line.rstrip("\n").split("\t") for line in open(path + ".v", encoding="utf-8")]


def local_day(text):
    return text if len(text) == 10 else datetime.fromisoformat(text).astimezone(LOCAL).date().isoformat()


def targets(reference, lines, verdicts):
    """{target: {unit: met}} at the end of 2024, asked at each unit of the level."""
    units, base, last, reports = {}, {}, {}, {}
    events = [json.loads(line) for line in reference]
    events += [json.loads(line) for line, v in zip(lines, verdicts) if v[1] == "accepted"]
    for e in events:
        kind, data = e["type"][10:-3], e["data"]
        key = (data.get("of_source", e["source"]), data.get("activity") or data.get("report"))
        if kind == "unit.registered":
            units[data["unit"]] = [data["level"], data["parent"]]
        elif kind == "unit.moved":
            units[data["unit"]][1] = data["parent"]
        elif kind.startswith("activity."):
            if kind == "activity.recorded" and key not in base:
                base[key] = data
            else:
                last[key] = None if kind == "activity.cancelled" else data
        elif kind == "report.submitted":
            r = reports.setdefault(key, {"first": e["time"]})
            if r.get("withdrawn"):
                r["first"] = e["time"]
            r.update(unit=data["unit"], period=data["period"], plan=data["plan"], force=True, withdrawn=False)
        elif kind in ("report.returned", "report.withdrawn"):
            reports[key].update(force=False, withdrawn=kind == "report.withdrawn")
        elif kind == "report.corrected":
            reports[key]["force"] = not reports[key]["withdrawn"]
    acts, seen, reached = collections.Counter(), collections.Counter(), set()
    for key, first in base.items():
        data = last.get(key, first)
        if data is None or data.get("flags", {}).get("digital") is not True:
            continue
        if not "2024-01-01" <= local_day(data["ends"]) <= "2024-12-31":
            continue
        people = data["participants"]
        acts[data["unit"]] += 1
        seen[data["unit"]] += people.get("members", 0) + people.get("youth", 0)
        if data["unit"] == "tayninh":
            reached.update(data.get("reached_units", ()))
    below = [u for u, (level, parent) in units.items() if parent == "tayninh" and level in ("district", "affiliated")]
    out = {"TN-001": {"tayninh": acts["tayninh"] >= 2}, "TN-002": {"tayninh": all(u in reached for u in below)}}
    for (a, v), level, need, visits in ((("TN-003", "TN-004"), "district", 2, 1000),
                                        (("TN-005", "TN-006"), "affiliated", 1, 200),
                                        (("TN-007", "TN-008"), "commune", 1, 50)):
        of_level = [u for u in units if units[u][0] == level]
        out[a] = {u: acts[u] >= need for u in of_level}
        out[v] = {u: seen[u] >= visits for u in of_level}
    for period, due, ids in (("2024-9M", "2024-09-01", ("TN-049", "TN-050")), ("2024", "2024-12-01", ("TN-051", "TN-052"))):
        for id, level in zip(ids, ("district", "affiliated")):
            out[id] = {u: False for u in units if units[u][0] == level}
            for u in out[id]:
                sent = [local_day(r["first"]) for r in reports.values() if r.get("force") and r["unit"] == u
                        and r["period"] == period and r["plan"] == "tayninh-2024"]
                out[id][u] = bool(sent) and min(sent) < due
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seeds", default="1,2,3,4,5")
    p.add_argument("--events", default="20000")
    p.add_argument("--partitions", default="4")
    args = p.parse_args()
    good, met, failed = True, collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--reference", folder + "/ref"], check=True)
        with open(folder + "/ref", encoding="utf-8") as file:
            reference = [line for line in file]
        for seed in args.seeds.split(","):
            common = ("--seed", seed, "--events", args.events)
            one, verdicts = generate(folder, "a", *common)
            again, _ = generate(folder, "b", *common, hash_seed="12345")
            split, split_verdicts = generate(folder, "c", *common, "--partitions", args.partitions)
            lines = one.decode("utf-8").split("\n")[:-1]
            rows = [json.loads(line) for line in split.split(b"\n")[:-1]]
            values = [r["value"] if "value" in r else base64.b64decode(r["value_base64"]) for r in rows]
            same = sum(a == b for a, b in zip(lines, values))
            good &= one == again and len(lines) == len(rows) == len(verdicts) == int(args.events)
            print("seed %s: %s lines, %.0f bytes on average, sha256 %s, twice the same: %s; as %s partitions %s the same"
                  % (seed, len(lines), len(one) / len(lines), hashlib.sha256(one).hexdigest()[:16], one == again,
                     args.partitions, same))
            for name, column, rowset in (("types", 3, verdicts), ("verdicts", 1, verdicts), ("split", 1, split_verdicts)):
                count = collections.Counter(v[column] + (" " + v[2] if column == 1 and v[1] != "rejected" else "")
                                            for v in rowset)
                print("  " + name + ": " + ", ".join("%s %d" % (k.strip(), count[k]) for k in sorted(count)))
            result = targets(reference, lines, verdicts)
            print("  " + ", ".join("%s %d/%d" % (t, sum(result[t].values()), len(result[t])) for t in sorted(result)))
            for t, by_unit in result.items():
                met[t] += sum(by_unit.values())
                failed[t] += len(by_unit) - sum(by_unit.values())
    for t in sorted(met | failed):
        good &= met[t] > 0 and failed[t] > 0
        print("%s met %d, not met %d" % (t, met[t], failed[t]))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
