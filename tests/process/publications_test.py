#!/usr/bin/env python3
"""Publications over the real program: closed over HTTP, kept byte for byte through late events, kill -9 and
a rebuild, amended, checked by `tiendo verify`; made by three processes while one of them is killed; and
what waits for an import or a partition that is not read to its end, with what an operator can do.

    publications_test.py
    publications_test.py --only three           one of: one three running lagging
    publications_test.py --only three --rounds 50 --seed 3
"""
import argparse
import hashlib
import http.client
import json
import os
import random
import socket
import sys
import time

import sample
from commands_test import Service
from gateway_test import EVENTS, NetworkedBroker
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


def edition(program, number, name="nam-2024"):
    """Its bytes, once it is made."""
    path = "%s?publication=%s&edition=%d" % (PUBLICATIONS, name, number)
    wait_until("edition %d of %s" % (number, name), 60, lambda: program.request("GET", path)[0] == 200)
    return program.request("GET", path)[1]


def acts(program, name):
    """How it stands with what was said of a publication."""
    status, said = program.ask(PUBLICATIONS, publication=name)
    return said["publications"][0]["acts"] if status == 200 else []


def waiting_by_metrics(program):
    return sum(value for _, value in program.metrics()["tiendo_publications_waiting"])


def wait_for_streams(program, name, streams):
    """Until its last act waits for these streams, in every answer that speaks of it."""
    def waits():
        last = acts(program, name)[-1:]
        return last and (last[0]["state"], last[0]["code"], last[0]["streams"]) == ("waiting", "streams_behind", streams) and last[0]
    act = wait_until("%s waits for %s" % (name, streams), 60, waits)
    status, record = program.ask("/v1/events/%s/%d" % (act["stream"], act["position"]))
    told = [(one["code"], one["waits_for"]) for one in record["waiting"]]
    check((record["verdict"], told) == ("accepted", [("streams_behind", ", ".join(streams))]), "GET /v1/events: %r" % record)
    listed = [row for row in program.ask("/v1/waiting", code="streams_behind")[1]["rows"]
              if (row["stream"], row["position"]) == (act["stream"], act["position"])]
    check(len(listed) == 1, "/v1/waiting lists it %d times" % len(listed))
    wait_until("/metrics counts it", 20, lambda: waiting_by_metrics(program) > 0)
    check(program.request("GET", "%s?publication=%s&edition=1" % (PUBLICATIONS, name))[0] == 404, "it is made while a stream lags")


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


def one(a, work, chance):
    """One process; kill -9, a rebuild, verify."""
    program = loaded(a, work, "one")
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
        page = program.metrics()
        check(page["tiendo_editions_kept"][0][1] == 2 and page["tiendo_edition_trouble"][0][1] == 0, "/metrics of editions")
        program.terminate()
    program.verify()
    done = program.command("verify")
    check("nam-2024" in done.stdout, "verify does not name the editions: %s" % done.stdout)


def loaded(a, work, name):
    """A store with a year, that nobody has open."""
    program = Program(a.tiendo, os.path.join(work, name))
    events = os.path.join(work, "year.ndjson")
    with open(events, "wb") as file:
        file.write(b"\n".join(sample.reference() + sample.year(3, 300)) + b"\n")
    check(program.command("import", events, "--as", "year").returncode in (0, 1), "the year was not taken")
    return program


# ---------------------------------------------------------------- three processes
def three(a, work, chance):
    """`tiendo project` is killed while it makes editions and asks `tiendo ingest` to keep them."""
    data = loaded(a, work, "three").data
    ingest, project, query = services = [Service(a.tiendo, data, name) for name in ("ingest", "project", "query")]
    try:
        for service in services:
            service.start()
        query.wait_current(120, unit=UNIT)
        made = {}
        for n in range(a.rounds):
            name = "dot-%d" % n
            status, said = post(query, publication=name, plan=sample.PLAN, period="2024", unit=UNIT, reason="đợt %d" % n)
            check(status == 202, "query did not pass it on: %d %r" % (status, said))
            kill_and_start(project, chance.random() * 0.6)
            made[name] = edition(query, 1, name)
        check(post(project, publication="dot-0", plan=sample.PLAN, period="2024", unit=UNIT, reason="lại")[1]["code"] == "already_closed",
              "closed twice")
        send(ingest, activity("late-3", 40))
        amend_in_three(services, chance)
        alone(services)
        for service in services:
            kill_and_start(service, 0)
        for name, text in made.items():
            for service in services:
                check(edition(service, 1, name) == text, "%s tells %s otherwise" % (service.service, name))
            status, said = query.ask(PUBLICATIONS, publication=name)
            check([e["digest"] for e in said["editions"]][0] == hashlib.sha256(text).hexdigest(), "the digest is not of the bytes")
        check(len(query.ask(PUBLICATIONS, publication="dot-1")[1]["editions"]) == 1, "an edition was made twice")
        for service in reversed(services):
            service.terminate()
        ingest.verify()
    finally:
        for service in services:
            service.end()


def kill_and_start(service, after_s):
    time.sleep(after_s)
    service.kill()
    service.start()


def amend_in_three(services, chance):
    """The next edition says what the late event changed, whichever process is asked."""
    ingest, project, query = services
    wait_until("query has the late event", 60, lambda: query.ask("/v1/plans")[1]["as_of"]["streams"].get("intake") == 0)
    status, said = post(project, act="amend", publication="dot-0", reason="bổ sung", decision="8/QĐ")
    check(status == 202, "project did not pass it on: %d %r" % (status, said))
    kill_and_start(project, chance.random() * 0.3)
    two = json.loads(edition(query, 2, "dot-0"))
    row = next(row for row in two["changed"] if (row["target_id"], row["unit"]) == ("TN-001", UNIT))
    check((row["difference"], row["parts"][0]["cause"], row["reason"]) == (1, "late_report", None), row)


def alone(services):
    """Without `tiendo ingest` nothing is closed, and nothing is lost."""
    ingest, project, query = services
    ingest.kill()
    status, said = post(query, publication="mot-minh", plan=sample.PLAN, period="2024", unit=UNIT, reason="không ai ghi")
    check((status, said["code"]) == (503, "no_log_writer"), "%d %r" % (status, said))
    ingest.start()
    status, said = post(query, publication="mot-minh", plan=sample.PLAN, period="2024", unit=UNIT, reason="đã có")
    check(status == 202, "%d %r" % (status, said))
    edition(query, 1, "mot-minh")


# ---------------------------------------------------------------- an import that runs
def control(program, path, body=b""):
    """What commands ask over the socket."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(os.path.join(program.data, "socket"))
    connection.request("POST", path, body)
    answer = connection.getresponse()
    check(answer.status == 200, "%s answered %d" % (path, answer.status))
    answer.read()
    connection.close()


def running(a, work, chance):
    """Until an import has ended, more of its records may come, and they may bear any moment."""
    program = loaded(a, work, "running")
    with program.start():
        program.wait_current(120, unit=UNIT)
        before = current(program)
        control(program, "/control/import?as=cham", json.dumps(activity("slow-1", 40)).encode())
        closing = {"plan": sample.PLAN, "period": "2024", "unit": UNIT}
        check(post(program, publication="nam-2024", reason="cuối năm", **closing)[0] == 202, "it was not closed")
        send(program, {"specversion": "1.0", "id": "closing-1", "source": "urn:tinh", "type": "vn.tiendo.publication.closed.v1",
                       "data": {"publication": "cua-tinh", "reason": "tỉnh chốt", **closing}})
        for name in "nam-2024", "cua-tinh":
            wait_for_streams(program, name, ["import:cham"])
        done = program.command("publications", "show", "nam-2024")
        check(done.returncode == 0 and "waiting streams_behind" in done.stdout and "import:cham" in done.stdout, done)
        # An operator goes on without it.
        check(post(program, publication="cua-tinh", without=["không có"], reason="thử")[1]["code"] == "body_invalid", "an unknown stream")
        check(post(program, publication="cua-tinh", without=["import:cham"], reason="không chờ")[0] == 202, "not without")
        hasty = edition(program, 1, "cua-tinh")
        province = json.loads(hasty)
        check((province["without"], province["reason"]) == (["import:cham"], "tỉnh chốt"), province["without"])
        wait_for_streams(program, "nam-2024", ["import:cham"])
        # What the import brings in the end is in the edition that waited, and in the other one's amendment.
        control(program, "/control/import?as=cham", json.dumps(activity("slow-2", 40)).encode())
        control(program, "/control/import/end?as=cham")
        year = json.loads(edition(program, 1))
        check((value(year["figures"]), year["without"]) == (before + 2, []), "edition 1 has %r, without %r" % (value(year["figures"]), year["without"]))
        check(edition(program, 1, "cua-tinh") == hasty, "the edition without it came back otherwise")
        check(post(program, act="amend", publication="cua-tinh", reason="đã về")[0] == 202, "no amendment")
        two = json.loads(edition(program, 2, "cua-tinh"))
        row = next(row for row in two["changed"] if (row["target_id"], row["unit"]) == ("TN-001", UNIT))
        check((value(two["figures"]), row["reason"]) == (before + 2, "past_changed"), row)
        wait_until("/metrics counts none", 20, lambda: waiting_by_metrics(program) == 0)
        program.terminate()
    program.verify()


# ---------------------------------------------------------------- a partition that lags
def lagging(a, work, chance):
    """The broker holds more than was read, and the network to it is cut."""
    broker = NetworkedBroker(work)
    try:
        produce(broker, sample.reference() + sample.year(3, 300))
        program = Program(a.tiendo, os.path.join(work, "lagging"), ["--brokers", broker.address])
        with program.start():
            program.wait_current(120, 416, unit=UNIT)
            before = current(program)
            program.terminate()
            produce(broker, [json.dumps(activity("in-time", 40)).encode()])
            broker.proxy.cut()
            program.start()
            behind(broker, program, before)
            program.terminate()
        program.verify()
    finally:
        broker.close()


def produce(broker, lines):
    pipe = broker.pipe(EVENTS, 0, linger_ms=300)
    for line in lines:
        pipe.write(b"tayninh", line)
    pipe.close()


def behind(broker, program, before):
    """An edition waits for the partition; an operator makes another without it; both stay as they are."""
    stream, closing = EVENTS + ":0:0", {"plan": sample.PLAN, "period": "2024", "unit": UNIT}
    for name in "nam-2024", "voi":
        check(post(program, publication=name, reason="cuối năm", **closing)[0] == 202, "it was not closed")
        wait_for_streams(program, name, [stream])
    done = program.command("publications", "close", "voi", "--without", stream, "--author", "lan", "--reason", "không chờ")
    check(done.returncode == 0 and "control@2" in done.stdout, done)
    hasty = edition(program, 1, "voi")
    check((value(json.loads(hasty)["figures"]), json.loads(hasty)["without"]) == (before, [stream]), "the hasty edition")
    # The stream catches up: with what was there at the moment, and with what came after it.
    broker.proxy.heal()
    produce(broker, [json.dumps(activity("after", 40)).encode()])
    whole = json.loads(edition(program, 1))
    check((value(whole["figures"]), whole["without"], whole["as_of"]["streams"][stream]) == (before + 1, [], 416),
          "%r, without %r, %r" % (value(whole["figures"]), whole["without"], whole["as_of"]["streams"]))
    check(edition(program, 1, "voi") == hasty, "the hasty edition came back otherwise")
    wait_until("the last event", 60, lambda: current(program) == before + 2)


PARTS = {f.__name__: f for f in (one, three, running, lagging)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=sorted(PARTS), action="append")
    parser.add_argument("--rounds", type=int, default=6, help="publications that three processes make (default 6)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which one of them is killed (default 1)")
    add_options(parser)
    a = parser.parse_args()
    a.tiendo = os.path.abspath(a.tiendo)
    say("seed %d" % a.seed)
    with work_folder(a, "publications") as work:
        for name, part in PARTS.items():
            if a.only and name not in a.only:
                continue
            began = time.monotonic()
            try:
                part(a, work, random.Random("%s %d" % (name, a.seed)))
            except Wrong as wrong:
                say("%s: %s" % (name, wrong))
                return 1
            say("%s: right, %.1f s" % (name, time.monotonic() - began))
    return 0


if __name__ == "__main__":
    sys.exit(main())
