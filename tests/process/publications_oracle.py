#!/usr/bin/env python3
"""Editions against the oracle: random histories of the shipped plans and of made-up ones, with units that
merge and split, grants, amended plans and late corrections.  Publications are closed and amended at random
moments of the past and now; every figure and slot of every edition, what changed and why is compared.
Then more of the past is imported and the views are rebuilt: the editions come back byte for byte.

    publications_oracle.py                          2 histories
    publications_oracle.py --histories 100          the large form
    publications_oracle.py --seed 17 --histories 1  one again
"""
import argparse
import collections
import hashlib
import json
import os
import random
import sys
import time
from decimal import Decimal

import agreement
from changes_oracle import documents
from plans_oracle import APART, MADE_UP, History, load, made_up
from program import BATCH_MEDIA, Program, add_options, check, say, wait_until, work_folder

PATH = "/v1/publications"
PAST = "import:publications"
periods = agreement.periods


class Published:
    """What is published under one id, and the moments at which it is said; of the past ones the events."""

    def __init__(self, name, **said):
        self.name, self.said, self.acts = name, {k: v for k, v in said.items() if v is not None}, []


class Publishing:
    """One history: what is loaded first, what is said late, and what is published."""

    def __init__(self, a, history):
        self.a, self.history, self.seed = a, history, history.seed
        self.chance = random.Random("publications %s %d" % (history.plan, history.seed))
        self.late = self.hold_back()
        self.streams = dict(history.streams)
        self.plan, self.root = history.plan, history.root       # what load() asks for
        self.now_ms = history.now_ms
        self.sent = []                                          # imported by and by: (stream, lines)
        self.past = []
        self.publish_past()
        self.kept = {}                                          # path of an edition -> its bytes
        self.expected = {}                                      # id -> the oracle's editions
        self.asked = {}                                         # id -> the position of what was posted last

    def hold_back(self):
        """Three lots of lines that will be said late: never the root, nor the plan itself."""
        chance, streams = self.chance, self.history.streams
        may_wait = [(name, n) for name, lines in streams.items() for n, line in enumerate(lines)
                    if (name != "import:" + self.history.plan or n > 0) and self.is_not_root(line)]
        taken = chance.sample(may_wait, min(3 * self.a.late, len(may_wait) // 3))
        lots = [[streams[name][n] for name, n in taken[i::3]] for i in range(3)]
        for name in streams:
            gone = {n for other, n in taken if other == name}
            streams[name] = [line for n, line in enumerate(streams[name]) if n not in gone]
        lots[2].sort(key=lambda line: periods.instant_ms(json.loads(line)["time"]))
        return lots

    def is_not_root(self, line):
        event = json.loads(line)
        return not (event["type"].startswith("vn.tiendo.unit.registered") and event["data"]["unit"] == self.history.root)

    # ---- what is published
    def question(self, view):
        """A unit, period and tree that can be published as the view knows them; None: not this time."""
        chance, aims = self.chance, self.history.aims
        last = max(min(aims.today, aims.last), aims.first)
        year = chance.randrange(int(periods.date_text(aims.first)[:4]), int(periods.date_text(last)[:4]) + 1)
        said = {"plan": self.plan, "unit": chance.choice([self.root, self.root] + view.units()),
                "period": chance.choice(("plan", "%d" % year, "%d" % year, "%d-H1" % year, "%d-9M" % year)),
                "tree": chance.choice((None, None, None, "as_reported", "current", periods.date_text(aims.some_day())))}
        return said if self.can_be(view, said) else None

    def can_be(self, view, said):
        try:
            view.knowledge.version(self.plan, said["period"])
            view._tree(said["tree"] or "as_reported", said["unit"])
            return True
        except agreement.NotFound:
            return False

    def publish_past(self):
        """Publications of the past, said by events of a stream of their own; some twice."""
        oracle, chance, told = self.oracle_of(self.streams), self.chance, []
        ordered = oracle.log.ordered
        for p in range(self.a.past):
            for _ in range(40):
                n = chance.randrange(len(ordered) // 8, len(ordered))
                most = max(min(self.a.records, 12000 // len(ordered)), 2)       # a replay of many is long
                places = [n] + [min(n + chance.randrange(1, most), len(ordered) - 1) for _ in range(chance.randrange(3))]
                views = [oracle.view("%s@%d" % (ordered[i].stream, ordered[i].position), self.now_ms) for i in sorted(places)]
                said = self.question(views[0])
                if said and all(self.can_be(view, said) for view in views):
                    break
            else:
                continue
            one = Published("%s-past-%d" % (self.history.prefix, p), **said)
            self.past.append(one)
            told += self.events_of(one, [ordered[i].K[0] for i in sorted(places)])
        lines = [json.dumps(event, ensure_ascii=False).encode() for _, event in sorted(told, key=lambda t: t[0])]
        self.sent.append((PAST, lines))

    def events_of(self, one, moments):
        """[(ms, event)]: said then, or later with its `moment`."""
        chance, told = self.chance, []
        acts = ["closed"] + ["amended"] * (len(moments) - 1)
        if chance.random() < 0.3:
            acts, moments = acts + ["closed"], moments + [moments[-1]]      # again: void
        for n, (act, ms) in enumerate(zip(acts, moments)):
            data = {"publication": one.name, "reason": "chốt %d" % n, **(one.said if act == "closed" else {"decision": "%d/QĐ" % n})}
            late = 0
            if chance.random() < 0.3:
                data["moment"], late = periods.instant_text(ms), chance.randrange(1, 10 ** 9)
            said_at = min(max([ms + late] + [t for t, _ in told]), self.now_ms - 1000)
            told.append((said_at, {"specversion": "1.0", "id": "%s-%d" % (one.name, n), "source": "urn:plan",
                                   "type": "vn.tiendo.publication.%s.v1" % act, "time": periods.instant_text(said_at), "data": data}))
        return told

    # ---- what the oracle knows
    def oracle_of(self, streams):
        return agreement.Oracle([agreement.oracle_record(stream, position, self.now_ms, line)
                                 for stream, lines in streams.items() for position, line in enumerate(lines)])

    def oracle(self, program):
        """Of all that was sent so far; of what the node stamped, as it exports it."""
        records = [agreement.oracle_record(stream, position, self.now_ms, line)
                   for stream, lines in [*self.streams.items(), *self.sent] for position, line in enumerate(lines)]
        for stream in program.received():
            if stream in ("intake", "control"):
                records += [agreement.oracle_record(stream, r["position"], r["stamp_ms"], r["value"].encode()) for r in program.exported(stream)]
        return agreement.Oracle(records)

    # ---- the program
    def send(self, program, lines):
        if lines:
            status, body = program.request("POST", "/v1/events", b"[" + b",".join(lines) + b"]", {"content-type": BATCH_MEDIA})
            check(status == 202, "POST /v1/events answered %d: %r" % (status, body[:300]))

    def import_as(self, program, work, stream, lines):
        path = os.path.join(work, "more.ndjson")
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        done = program.command("import", path, "--as", stream.partition(":")[2])
        check(done.returncode == 0, "import of %s ended with %d: %s%s" % (stream, done.returncode, done.stdout[-900:], done.stderr[-900:]))

    def post(self, program, **body):
        status, said = program.request("POST", PATH, json.dumps({"author": "chi-lan", "reason": "theo lịch", **body}))
        check(status == 202, "POST %s of %r answered %d: %s" % (PATH, body, status, said.decode()))
        self.asked[body["publication"]] = json.loads(said)["position"]

    def settled(self, program, name):
        """The publication, once the last that was said of it is known and nothing waits."""
        def found():
            status, said = program.ask(PATH, publication=name)
            acts = said["publications"][0]["acts"] if status == 200 else []
            known = name not in self.asked or any(act["position"] == self.asked[name] for act in acts)
            return said if acts and known and all(act["state"] != "waiting" for act in acts) else None
        return wait_until("the editions of " + name, 120, found)

    def publish_now(self, program):
        """Closed by a person, and amended after each lot of what comes late."""
        for _ in range(40):
            said = self.question(self.oracle(program).view())
            if said:
                break
        now = Published("%s-now" % self.history.prefix, **said)
        moment = {"moment": periods.instant_text(self.now_ms - self.chance.randrange(10 ** 10))} if self.chance.random() < 0.2 else {}
        self.post(program, publication=now.name, **now.said, **moment)
        self.settled(program, now.name)
        for lot, lines in enumerate(self.late[:2]):
            self.send(program, lines)
            self.post(program, act="amend", publication=now.name, decision="%d/QĐ" % lot)
            self.settled(program, now.name)
        return now


class Comparing:
    """The editions of one history against the oracle's."""

    def __init__(self, publishing, program, differences, tally):
        self.publishing, self.program, self.differences, self.tally = publishing, program, differences, tally
        self.chance = random.Random("told %d" % publishing.seed)

    def compare(self, one):
        """Every edition that was not compared before."""
        made = self.publishing.expected.get(one.name, [])
        oracle = self.publishing.oracle(self.program)
        self.tellings = self.publishing.a.told if len(oracle.log.ordered) < 2000 or one in self.publishing.past else 0
        found = self.publishing.settled(self.program, one.name)
        editions = oracle.editions(one.name, made=made, told=self.is_told)
        where = "seed %d %s %r" % (self.publishing.seed, one.name, one.said)
        self.differences.compare(where, "editions", len(found["editions"]), len(editions))
        self.differences.compare(where, "void", {a["code"] for a in found["publications"][0]["acts"] if a["state"] == "void"} - {"already_closed"}, set())
        for said, expected in list(zip(found["editions"], editions))[len(made):]:
            self.edition("%s edition %d" % (where, expected["edition"]), said, expected)
            path = "%s?publication=%s&edition=%d" % (PATH, one.name, expected["edition"])
            status, text = self.program.request("GET", path)
            self.differences.compare(where, "digest", (status, hashlib.sha256(text).hexdigest()), (200, said["digest"]))
            self.publishing.kept[path] = text
        self.publishing.expected[one.name] = editions

    def is_told(self, row):
        """A few rows of each publication: the replay of one is long."""
        self.tellings -= self.chance.random() < 0.4
        return self.tellings >= 0

    def edition(self, where, said, expected):
        same = lambda field, engine, oracle: self.differences.compare(where, field, engine, oracle)
        same("as_of", periods.instant_ms(said["as_of"]["moment"]), periods.instant_ms(expected["as_of"]))
        same("streams", said["as_of"]["streams"], expected["streams"])
        for field in ("edition", "tree", "reason", "decision"):
            same(field, said[field], expected[field])
        same("version", agreement.number(said["version"]), agreement.number(expected["version"]))
        agreement.compare_targets(self.differences, where, said["figures"], expected["figures"])
        version = self.publishing.history.document["obligations"] if "obligations" in self.publishing.history.document else []
        received = {o["id"] for o in version if o.get("judged_by") == "received"}
        for part in ("slots", "extra"):
            agreement.compare_slots(self.differences, where, part, said[part], expected[part], lambda row: row["obligation"] not in received)
        self.changed(where, said, expected, received)
        self.tally["editions"] += 1
        self.tally["figures"] += len(said["figures"])
        self.tally["slots"] += len(said["slots"]) + len(said["extra"])

    def changed(self, where, said, expected, received):
        key = lambda row: (row["unit"], row["target_id"])
        shown = {key(row): row for row in said["changed"]}
        self.differences.compare(where, "changed", sorted(shown), sorted(map(key, expected["changed"])))
        for row in expected["changed"]:
            at, mine = "%s changed %s" % (where, " ".join(key(row))), shown.get(key(row), {})
            for state in ("before", "after"):
                as_numbers = lambda row: row and {k: agreement.number(v) if k not in ("met", "status") else v for k, v in row.items()}
                self.differences.compare(at, state, as_numbers(mine.get(state)), as_numbers(row[state]))
            self.differences.compare(at, "reason", mine.get("reason"), row["reason"])
            self.tally[row["reason"] or "told"] += 1
            self.adds_up(at, mine)
            if row.get("parts") is not None:
                agreement.compare_parts(self.differences, at, mine.get("parts") or [], row["parts"])
                self.tally.update(part["cause"] for part in row["parts"])
        slot = lambda row: (row["obligation"], row["unit"], row["period"])
        at = lambda rows: sorted(slot(row) for row in rows if row["obligation"] not in received)
        self.differences.compare(where, "changed_slots", at(said["changed_slots"]), at(expected["changed_slots"]))
        self.tally["changed"] += len(said["changed"])
        self.tally["changed slots"] += len(said["changed_slots"])

    def adds_up(self, where, row):
        """Nothing is left over, whatever the oracle says, unless it is said why."""
        said = row.get("reason")
        self.differences.compare(where, "parts are told", row.get("parts") is not None, said in (None, "past_changed"))
        if said is None and row.get("parts") is not None and row.get("difference") is not None:
            total = sum((Decimal(p["difference"]) for p in row["parts"]), Decimal(0))
            self.differences.compare(where, "sum of parts", total, Decimal(row["difference"]))

    def same_bytes(self, when):
        for path, text in self.publishing.kept.items():
            self.differences.compare("seed %d %s %s" % (self.publishing.seed, path, when), "bytes", self.program.request("GET", path), (200, text))


def run(a, history, work, differences, tally):
    publishing = Publishing(a, history)
    with Program(a.tiendo, os.path.join(work, "data-%d" % history.seed)) as program:
        load(program, [publishing], work)
        publishing.import_as(program, work, *publishing.sent[0])
        now = publishing.publish_now(program)
        comparing = Comparing(publishing, program, differences, tally)
        for one in publishing.past + [now]:
            comparing.compare(one)
        publishing.sent.append(("import:late", publishing.late[2]))
        publishing.import_as(program, work, *publishing.sent[-1])
        comparing.same_bytes("after later data")
        done = program.command("rebuild")
        check(done.returncode == 0, "rebuild ended with %d: %s%s" % (done.returncode, done.stdout, done.stderr))
        comparing.same_bytes("after a rebuild")
        publishing.post(program, act="amend", publication=now.name)
        comparing.compare(now)
        program.kill()
        program.verify()
        with program.start():
            comparing.same_bytes("after kill -9")
            program.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=2, help="in all (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="of the first history (default 1)")
    parser.add_argument("--past", type=int, default=2, help="publications of the past in each history (default 2)")
    parser.add_argument("--records", type=int, default=25, help="at most between two editions of the past (default 25)")
    parser.add_argument("--late", type=int, default=8, help="lines of each of three lots that come late (default 8)")
    parser.add_argument("--told", type=int, default=6, help="figures of each publication of which the causes are compared (default 6)")
    parser.add_argument("--plan", help="all histories of this one")
    add_options(parser)
    a = parser.parse_args()
    shipped, now_ms = documents(), int(time.time() * 1000) // 1000 * 1000 - 60000
    names = [a.plan] if a.plan else sorted(shipped) + [MADE_UP]
    tally, began = collections.Counter(), time.monotonic()

    def name_of(seed):
        return names[seed % len(names)]

    with work_folder(a, "publications") as work:
        def one(seed, differences):
            name = name_of(seed)
            document = made_up(seed) if name == MADE_UP else shipped[name]
            run(a, History(document, seed, seed % APART in (3, APART - 1), now_ms), work, differences, tally)
        compared, wrong = agreement.over_seeds(range(a.seed, a.seed + a.histories), name_of, one, left_out=NotImplementedError)
    say("%d values in %.0f s; %s" % (compared, time.monotonic() - began, ", ".join("%s %d" % one for one in sorted(tally.items()))))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
