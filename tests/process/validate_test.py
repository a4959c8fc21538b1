#!/usr/bin/env python3
"""tiendo validate against tests/corpus: beforehand it says of each event what the judge of a
running node would say, by line, in the language asked for, and ends as it found them.

    validate_test.py
"""
import argparse
import json
import os
import subprocess
import sys

from program import ROOT, Wrong, add_options, check, say, work_folder

sys.path.insert(0, os.path.join(ROOT, "tests", "corpus"))

import corpus  # noqa: E402
from clean import ACTIVITY, CLEAN, STRUCTURED, envelope, structured  # noqa: E402

PLAN_FILE = os.path.join(ROOT, "deploy", "plans", "tayninh-2024.json")
A = "activity.recorded"


class Place:
    def __init__(self, a, work):
        self.tiendo, self.work, self.count = os.path.abspath(a.tiendo), work, 0

    def file(self, lines):
        self.count += 1
        path = os.path.join(self.work, "%d.ndjson" % self.count)
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        return path

    def validate(self, *words, stdin=b""):
        return subprocess.run([self.tiendo, "validate", *words], input=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60, cwd=self.work)


def event(name, **more):
    return structured("", envelope(A, name, {**ACTIVITY, **more})).body


def whole_corpus(place):
    """Each structured message of one line that is not blank."""
    cases = [case for case in corpus.over_http()
             if case.mode == STRUCTURED and not {10, 13} & set(case.body) and case.body.strip() != b""]
    done = place.validate("--json", place.file([case.body for case in cases]))
    check(done.returncode == 1, "it ended with %d: %s" % (done.returncode, done.stderr[:300]))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    check(len(said) == len(cases), "%d events, %d lines" % (len(cases), len(said)))
    for number, (case, line) in enumerate(zip(cases, said), 1):
        expected = ("rejected" if case.code else "accepted", case.code, case.field, number)
        found = (line["verdict"], line.get("code"), line.get("field", ""), line["line"])
        check(found == expected, "%s: %r, expected %r" % (case.name, found, expected))
    return len(cases)


def words(place):
    """For people: what is wrong and where, and one line to sum it up."""
    good = place.file([event("1"), b"", event("2")])
    done = place.validate(good)
    check((done.returncode, done.stdout) == (0, b"2 events: 2 accepted, 0 duplicate (0 in conflict), 0 rejected\n"), done)
    bad = place.file([event("1"), event("1"), event("1", unit="D2"), b"", event("4", form="x"), b"{"])
    done = place.validate(bad, "--lang", "en")
    lines = done.stdout.decode().splitlines()
    check(done.returncode == 1 and len(lines) == 5, done)
    for line, start in zip(lines, (bad + ":2: duplicate: the same source and id as " + bad + ":1", bad + ":3: duplicate: ",
                                   bad + ":5: rejected value_unknown: data.form: ", bad + ":6: rejected not_json: ",
                                   "5 events: 1 accepted, 2 duplicate (1 in conflict), 2 rejected")):
        check(line.startswith(start), "%r does not begin with %r" % (line, start))
    check("other content" in lines[1] and "other content" not in lines[0], lines)
    check("Hãy dùng" in place.validate(bad, "--lang", "vi").stdout.decode(), "no Vietnamese")
    done = place.validate(good, bad)
    check(b"2 accepted, 3 duplicate" in done.stdout, "duplicates across files: %s" % done.stdout)
    done = place.validate("-", stdin=event("1") + b"\n" + event("2", type=5))
    check(done.returncode == 1 and b"-:2: rejected field_type: data.type" in done.stdout, done)


def plans(place):
    """A document, alone over many lines or as one line, is named from its own root."""
    done = place.validate(PLAN_FILE)
    check((done.returncode, done.stdout.decode()) ==
          (0, PLAN_FILE + ":1: the plan has no faults: 52 targets, 43 indicators, 2 obligations\n"), done)
    document = {**CLEAN["plan.published"], "targets": [{**CLEAN["plan.published"]["targets"][0], "indicator": "none"}]}
    path = os.path.join(place.work, "plan.json")
    with open(path, "w") as file:
        json.dump(document, file, indent=2)
    for name in path, place.file([json.dumps(document).encode()]):
        done = place.validate("--json", name)
        said = json.loads(done.stdout)
        check((done.returncode, said["code"], said["field"]) == (1, "plan_reference", "targets[0].indicator"), done)


def all_faults(place):
    """Every fault of a plan document is said where it stands, and the document counts once."""
    path = os.path.join(place.work, "faults.json")
    with open(path, "w") as file:
        json.dump({**CLEAN["plan.published"], "unti": "P", "first": "2024-02-30"}, file, indent=1)
    with open(path) as file:
        lines = file.read().split("\n")
    at = {name: next(n for n, line in enumerate(lines, 1) if '"%s"' % name in line) for name in ("unti", "first")}
    done = place.validate("--json", path)
    faults = {fault["field"]: (fault["line"], fault["code"]) for fault in json.loads(done.stdout)["faults"]}
    check(done.returncode == 1 and faults.get("unti") == (at["unti"], "plan_schema"), done)
    check("first" in faults and faults["first"][1] == "plan_schema", faults)
    said = place.validate("--lang", "en", path).stdout.decode()
    check("did you mean `unit`?" in said and said.count("rejected plan_schema") >= 2 and "the plan would be refused; faults: " in said, said)
    check("có phải ý là `unit`?" in place.validate("--lang", "vi", path).stdout.decode(), "no Vietnamese")


def warnings(place):
    """What is accepted and yet doubtful is remarked, where it stands, and changes no verdict."""
    plan = CLEAN["plan.published"]
    target = {**plan["targets"][0], "for": {"scope": "unit", "level": "provnce"}}
    path = os.path.join(place.work, "doubtful.json")
    with open(path, "w") as file:
        json.dump({**plan, "targets": [target]}, file, indent=1)
    with open(path) as file:
        line = next(n for n, text in enumerate(file, 1) if "provnce" in text)
    done = place.validate("--lang", "en", path)
    check(done.returncode == 0 and "%s:%d:" % (path, line) in done.stdout.decode()
          and "did you mean `province`?" in done.stdout.decode(), done)
    said = json.loads(place.validate("--json", path).stdout)
    check([(one["field"], one["line"]) for one in said["warnings"]] == [("targets[0].for.level", line)], said)
    misspelt = {name: said for name, said in ACTIVITY.items() if name != "flags"}
    file = place.file([structured("", envelope(A, n, {**misspelt, "flag": {}})).body for n in "12"])
    done = place.validate("--lang", "en", file)
    check(done.returncode == 0 and "did you mean `flags`? (2 lines)" in done.stdout.decode(), done)
    times = ["2024-03-02", "2024-03-05", "2024-03-01", "2024-03-04", "2024-03-05"]
    lines = [structured("", {**envelope(A, str(n), ACTIVITY), "time": day + "T00:00:00+07:00"}).body
             for n, day in enumerate(times)]
    file = place.file(lines)
    done = place.validate("--lang", "en", file)
    check(done.returncode == 0 and "2 of 5 lines of %s are earlier than %s:2" % (file, file) in done.stdout.decode(), done)
    check("earlier" not in place.validate("--lang", "en", place.file(lines[:2] + lines[4:])).stdout.decode(), "sorted")


def explained(place):
    """A plan in words, in Vietnamese unless asked otherwise; not one that would be refused."""
    def explain(*words):
        return subprocess.run([place.tiendo, "plan", "explain", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=60, cwd=place.work)
    done = explain(PLAN_FILE)
    check(done.returncode == 0 and "Đạt khi" in done.stdout.decode() and "TN-001" in done.stdout.decode(), done)
    check("Met when" in explain(PLAN_FILE, "--language", "en").stdout.decode(), "no English")
    for words in (), (os.path.join(place.work, "faults.json"),), ("/nonexistent",), ("--id", "p"), (PLAN_FILE, "--id", "p"):
        done = explain(*words)
        check(done.returncode == 2 and done.stderr and not done.stdout, "%r: %s" % (words, done))


def documents(place):
    """One JSON document over many lines has one fault, named where it is; its size is its own."""
    with open(PLAN_FILE, "rb") as file:
        plan = file.read()
    bytes_max = 1 << 20
    padded = lambda size: plan.rstrip()[:-1].ljust(size - 1) + b"}"
    comma = plan.rstrip()[:-1].rstrip() + b",\n}\n"
    one = json.dumps(envelope(A, "1", ACTIVITY), indent=2).encode()
    for name, document, code, expected in (
            ("comma", comma, "not_json", (comma.count(b"\n"), 1)),
            ("no ascii", plan.rstrip()[:-1].rstrip() + ",\nế}".encode(), "not_json", (plan.rstrip()[:-1].rstrip().count(b"\n") + 2, 1)),
            ("mark", b"\xef\xbb\xbf" + plan, "not_utf8", (1, None)),
            ("full", padded(bytes_max), None, (1, None)),
            ("over", padded(bytes_max + 1), "too_large", (1, None)),
            ("far over", padded(3 * bytes_max), "too_large", (1, None)),
            ("event", one, None, (1, None)),
            ("event with a comma", one[:-1].rstrip() + b",\n}", "not_json", (one.count(b"\n") + 1, 1))):
        path = os.path.join(place.work, name.replace(" ", "-"))
        with open(path, "wb") as file:
            file.write(document)
        for done in place.validate("--json", path), place.validate("--json", "-", stdin=document):
            lines = done.stdout.splitlines()
            check(len(lines) == 1, "%s: %d lines: %s" % (name, len(lines), done.stdout[:500]))
            said = json.loads(lines[0])
            found = (said.get("code"), (said["line"], said.get("column")))
            check(found == (code, expected), "%s: %r, expected %r" % (name, found, (code, expected)))
    found = place.validate("--lang", "en", os.path.join(place.work, "comma")).stdout.decode()
    check("comma:%d:1: rejected not_json" % comma.count(b"\n") in found, found)
    compact = json.dumps(json.loads(plan)).encode()
    for size, code in (bytes_max, 0), (bytes_max + 1, 1):
        done = place.validate(place.file([compact[:-1].ljust(size - 1) + b"}"]))
        check(done.returncode == code, "a plan in one line of %d bytes: %s" % (size, done.stdout))


def long_lines(place):
    """A line that is longer than can be read is one event that is too large."""
    path = place.file([event("1"), b'{"x":"' + b"y" * (17 << 20) + b'"}', event("2"), b"{"])
    done = place.validate("--json", path)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    check([(s["line"], s.get("code")) for s in said] ==
          [(1, None), (2, "too_large"), (3, None), (4, "not_json")], done)
    check(said[1]["found"] == str((17 << 20) + 8) and done.returncode == 1, said[1])


def wrong_use(place):
    for arguments in (), ("/nonexistent",), ("--what", PLAN_FILE), (place.work,), (PLAN_FILE + "/x",):
        done = place.validate(*arguments)
        check(done.returncode == 2 and done.stderr, "%r ended with %d" % (arguments, done.returncode))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "validate") as work:
        try:
            place = Place(a, work)
            count = whole_corpus(place)
            words(place)
            plans(place)
            all_faults(place)
            warnings(place)
            explained(place)
            documents(place)
            long_lines(place)
            wrong_use(place)
            say("%d events of the corpus" % count)
        except Wrong as wrong:
            say(str(wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
