#!/usr/bin/env python3
"""After an upgrade: records that an older version refused are judged again by a person, over HTTP
and on the command line; killed with -9, started again and rebuilt, the figures stay.

    rejudge_test.py --old-log build/release/tests/old_log
"""
import argparse
import json
import os
import subprocess
import sys

import sample
from program import Program, Wrong, add_options, check, say, work_folder

STREAM, UNIT = "t:0:0", "tayninh"
QUESTION = "/v1/plans/%s/progress" % sample.PLAN


def activity(name):
    return {"specversion": "1.0", "id": name, "source": "urn:old", "type": "vn.tiendo.activity.recorded.v1",
            "data": {"activity": name, "unit": UNIT, "type": "class", "form": "online", "starts": "2024-03-10",
                     "ends": "2024-03-10", "flags": {"digital": True}}}


def value(program, **query):
    status, said = program.ask(QUESTION, unit=UNIT, period="2024", **query)
    check(status == 200, "progress answered %d: %r" % (status, said))
    return next(row["value"] for row in said["targets"] if row["target_id"] == "TN-001")


def refused_before(a, program):
    lines = [json.dumps(activity(name)).encode() for name in ("a1", "a2", "a3")]
    done = subprocess.run([a.old_log, "--data", program.data, "--stream", STREAM], input=b"\n".join(lines) + b"\n",
                          stderr=subprocess.PIPE, timeout=60)
    check(done.returncode == 0, "old_log: %s" % done.stderr)


def judge_again(program):
    """By `tiendo rejudge` and by POST; each has effect from its own record on."""
    check(value(program) == 0, "what was refused counts")
    act = ("--author", "chi-lan", "--reason", "sau khi nâng cấp", "--lang", "en")
    done = program.command("rejudge", STREAM, "0", *act)
    check((done.returncode, done.stdout) == (0, "accepted; it has effect from control@0 on\n"), done)
    check(value(program, after="control@0") == 1, "the first one does not count")
    status, body = program.request("POST", "/v1/rejected/%s/1/rejudge" % STREAM, json.dumps({"author": "anh-nam", "reason": "r"}))
    check((status, json.loads(body)) == (202, {"stream": "control", "position": 1, "verdict": "accepted"}), body)
    check(value(program, after="control@1") == 2, "the second one does not count")
    check(program.command("rejudge", STREAM, "0", *act).returncode == 1, "judged again a second time")
    for as_of, expected in (STREAM + "@2", 0), ("control@0", 1), ("control@1", 2):
        check(value(program, as_of=as_of) == expected, "as of " + as_of)


def check_kept(program):
    check(value(program, after="control@1") == 2, "the figure is another")
    status, said = program.ask("/v1/events/%s/0" % STREAM)
    check((said["verdict"], said["code"], said["rejudged"]) == ("rejected", "type_unknown", {
        "stream": "control", "position": 0, "verdict": "accepted", "code": None}), said)
    check("rejudged" not in program.ask("/v1/events/%s/2" % STREAM)[1], "one that nobody judged again")
    counts = program.counts()
    check(counts[STREAM] == {"received": 3, "accepted": 0, "duplicate": 0, "rejected": 3}, counts)
    check(counts["control"] == {"received": 2, "accepted": 2, "duplicate": 0, "rejected": 0}, counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old-log", metavar="PROGRAM", default=os.path.join("build", "release", "tests", "old_log"))
    add_options(parser)
    a = parser.parse_args()
    a.old_log = os.path.abspath(a.old_log)
    with work_folder(a, "rejudge") as work:
        try:
            program = Program(a.tiendo, os.path.join(work, "data"))
            reference = os.path.join(work, "units.ndjson")
            with open(reference, "wb") as file:
                file.write(b"\n".join(sample.reference()) + b"\n")
            check(program.command("import", reference, "--as", "units").returncode == 0, "the units were not taken")
            refused_before(a, program)
            with program.start():
                program.wait_current(60)    # the port answers before what was imported is projected
                judge_again(program)
                check_kept(program)
                program.kill()
                program.start()
                check_kept(program)
                done = program.command("rebuild")
                check(done.returncode == 0 and "equal" in done.stdout, done)
                check_kept(program)
                program.terminate()
            program.verify()
            say("right")
        except Wrong as wrong:
            say(str(wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
