#!/usr/bin/env python3
"""A publication over the real program: closed over HTTP, kept byte for byte through late events, kill -9,
a rebuild and three processes, amended, and checked by `tiendo verify`.

    publications_test.py --tiendo build/release/tiendo
"""
import argparse
import hashlib
import json
import os
import sys

import sample
from program import Program, Wrong, add_options, check, say, wait_until, work_folder

UNIT = "tayninh"
PUBLICATIONS = "/v1/publications"


def activity(name, members):
    return {"specversion": "1.0", "id": name, "source": "urn:late", "type": "vn.tiendo.activity.recorded.v1",
            "time": "2024-12-01T08:00:00+07:00",
            "data": {"activity": name, "unit": UNIT, "type": "training_class", "form": "online",
                     "starts": "2024-10-05", "ends": "2024-10-05", "flags": {"digital": True},
                     "participants": {"members": members}}}


def value(figures):
    return next(row["value"] for row in figures if row["target_id"] == "TN-001" and row.get("unit", UNIT) == UNIT)


def current(program):
    status, said = program.ask("/v1/plans/%s/progress" % sample.PLAN, unit=UNIT, period="2024")
    check(status == 200, "progress answered %d: %r" % (status, said))
    return value(said["targets"])


def post(program, **body):
    status, said = program.request("POST", PUBLICATIONS, json.dumps(dict(body, author="chi-lan")))
    return status, json.loads(said)


def edition(program, number):
    """Its bytes, once it is made."""
    path = "%s?publication=nam-2024&edition=%d" % (PUBLICATIONS, number)
    wait_until("edition %d" % number, 60, lambda: program.request("GET", path)[0] == 200)
    return program.request("GET", path)[1]


def check_kept(program, kept):
    for number, text in kept.items():
        check(edition(program, number) == text, "edition %d came back otherwise" % number)
    status, said = program.ask(PUBLICATIONS, publication="nam-2024")
    check([one["digest"] for one in said["editions"]] ==
          [hashlib.sha256(text).hexdigest() for text in kept.values()], "digests are not of the bytes")


def send(program, event):
    status, body = program.request("POST", "/v1/events", json.dumps(event),
                                   {"content-type": "application/cloudevents+json"})
    check(status == 202, "the event was answered %d: %r" % (status, body))


def close_and_amend(program):
    before = current(program)
    closing = {"publication": "nam-2024", "plan": sample.PLAN, "period": "2024", "unit": UNIT}
    check(post(program, reason="cuối năm", **closing)[0] == 202, "it was not closed")
    kept = {1: edition(program, 1)}
    one = json.loads(kept[1])
    check(value(one["figures"]) == before, "edition 1 is not what stood then")
    status, said = program.ask("/v1/plans/%s/progress" % sample.PLAN, unit=UNIT, period="2024",
                               as_of=one["as_of"]["record"])
    check(value(said["targets"]) == before, "as of its moment is another")
    check(post(program, reason="again", **closing)[1]["code"] == "already_closed", "closed twice")
    send(program, activity("late-1", 40))
    wait_until("the late event", 30, lambda: current(program) == before + 1)
    check_kept(program, kept)
    check(post(program, act="amend", publication="nam-2024", reason="bổ sung", decision="7/QĐ")[0] == 202, "no amendment")
    kept[2] = edition(program, 2)
    two = json.loads(kept[2])
    check((value(two["figures"]), two["decision"]) == (before + 1, "7/QĐ"), "edition 2 is not what stood then")
    changed = next(row for row in two["changed"] if (row["target_id"], row["unit"]) == ("TN-001", UNIT))
    check((changed["difference"], changed["parts"][0]["cause"]) == (1, "late_report"), changed)
    check_kept(program, kept)
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "publications") as work:
        try:
            program = Program(a.tiendo, os.path.join(work, "data"))
            events = os.path.join(work, "year.ndjson")
            with open(events, "wb") as file:
                file.write(b"\n".join(sample.reference() + sample.year(3, 300)) + b"\n")
            check(program.command("import", events, "--as", "year").returncode in (0, 1), "the year was not taken")
            with program.start():
                program.wait_current(120, unit=UNIT)
                kept = close_and_amend(program)
                program.kill()
                program.start()
                check_kept(program, kept)
                done = program.command("rebuild")
                check(done.returncode == 0, done)
                check_kept(program, kept)
                send(program, activity("late-2", 40))
                program.terminate()
            program.verify()
            done = program.command("verify")
            check("nam-2024" in done.stdout, "verify does not name the editions: %s" % done.stdout)
            say("right")
        except Wrong as wrong:
            say(str(wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
