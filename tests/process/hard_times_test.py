#!/usr/bin/env python3
"""What an operator fears: kill -9 in the middle of an import and of a rebuild, a full disk, a second
process on the same folder, a supervisor that ends it under load, senders of garbage.

    hard_times_test.py                          each once or twice
    hard_times_test.py --rounds 20              the large form
    hard_times_test.py --only disk              one of: import rebuild disk second sigterm garbage

The full disk is a small tmpfs in a mount namespace of its own; where the system allows none, that
part says so and is left out.
"""
import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time

import agreement
import sample
from garbage import garbage, send_limits, send_raw
from program import BATCH_MEDIA, EVENT_MEDIA, Program, Wrong, add_options, check, say, wait_until, work_folder

TRY_AGAIN = 75
ABORTED = -6


class Place:
    """A folder with the sample in files, and what it comes to when nothing goes wrong."""

    def __init__(self, a, work):
        self.a, self.work, self.count = a, work, 0
        self.lines = sample.year(a.seed, a.events)
        self.year = self.file("year.ndjson", self.lines)
        self.units = self.file("units.ndjson", sample.reference())
        with self.program() as program:
            self.load_units(program)
            self.import_year(program)
            program.start().wait_current(60)
            self.counts = program.counts()["import:year"]
            self.figures = figures_of(program)

    def file(self, name, lines):
        path = os.path.join(self.work, name)
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        return path

    def program(self):
        """One more, with a data folder of its own."""
        self.count += 1
        return Program(self.a.tiendo, os.path.join(self.work, "data-%d" % self.count))

    def load_units(self, program):
        done = program.command("import", self.units, "--as", "units")
        check(done.returncode == 0, "import of the units ended with %d: %s" % (done.returncode, done.stderr))

    def import_year(self, program):
        done = program.command("import", self.year, "--as", "year")
        check(done.returncode in (0, 1), "import ended with %d: %s" % (done.returncode, done.stderr))

    def check_whole(self, program):
        """All of the year is there, each accepted event once, and the figures are as without trouble."""
        counts = program.counts()["import:year"]
        check(counts["accepted"] == self.counts["accepted"],
              "accepted %d, without trouble %d" % (counts["accepted"], self.counts["accepted"]))
        accepted = [identity(r) for r in program.exported("import:year") if r["verdict"] == "accepted"]
        check(len(set(accepted)) == len(accepted), "an identity was accepted twice")
        program.verify()
        differences = agreement.Differences()
        for unit, targets in figures_of(program).items():
            for target, expected in zip(targets, self.figures[unit], strict=True):
                differences.compare(unit, "(oracle: without trouble)", target, expected)
        differences.raise_any()


def identity(record):
    event = json.loads(record["value"])
    return event["source"], event["id"]


def figures_of(program):
    """{unit: its targets of 2024}, of every third unit."""
    _, said = program.ask("/v1/units", limit=1000)
    answer = {}
    for unit in [u["unit"] for u in said["units"]][::3]:
        status, progress = program.ask("/v1/plans/%s/progress" % sample.PLAN, unit=unit, period="2024")
        check(status == 200, "progress of %s answered %d" % (unit, status))
        answer[unit] = [tuple(t[name] for name in ("target_id", "value", "numerator", "denominator", "met", "status"))
                        for t in progress["targets"]]
    return answer


# ---------------------------------------------------------------- kill -9 during an import
def hard_import(place, chance, a):
    for n in range(a.rounds):
        with place.program() as program:
            if n % 2 == 0:
                kill_import_alone(place, program, chance)
            else:
                kill_store_of_import(place, program, chance)
            program.wait_current(60)
            place.check_whole(program)
    return "%d imports killed, each whole after it was given again" % (2 * a.rounds)


def start_import(place, program):
    return subprocess.Popen([program.binary, "import", place.year, "--as", "year", "--data", program.data],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_import_alone(place, program, chance):
    """The import itself writes the log, and is killed twice."""
    place.load_units(program)
    began = time.monotonic()
    place.import_year(place.program())                   # into another folder, for its time
    took = time.monotonic() - began
    for _ in range(2):
        running = start_import(place, program)
        time.sleep(took * chance.random())
        running.kill()
        running.wait()
        program.verify()
    place.import_year(program)
    program.start()


def kill_store_of_import(place, program, chance):
    """The import goes through the socket of a running store, which is killed twice."""
    program.start()
    place.load_units(program)
    before = 0
    for _ in range(2):
        running = start_import(place, program)
        goal = before + chance.randrange(1, len(place.lines) // 2)
        wait_until("the import goes on", 30, lambda: running.poll() is not None
                   or program.received().get("import:year", 0) >= goal)
        held = program.received().get("import:year", 0)
        program.kill()
        ended = running.wait(timeout=60)
        check(ended in (0, 1, TRY_AGAIN), "import of a killed store ended with %d" % ended)
        program.start()
        before = program.received().get("import:year", 0)
        check(before >= held, "%d records became %d" % (held, before))
        program.verify()
    place.import_year(program)


# ---------------------------------------------------------------- kill -9 during a rebuild
def hard_rebuild(place, chance, a):
    with place.program() as program:
        place.load_units(program)
        place.import_year(program)
        program.start().wait_current(60)
        digest = digest_of(program)
        began = time.monotonic()
        rebuild(program)
        took = time.monotonic() - began
        for n in range(a.rounds * 2):
            alone = n % 2 == 1                           # nobody runs: the command itself does the work
            if alone:
                program.terminate()
            running = subprocess.Popen([program.binary, "rebuild", "--data", program.data],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(took * 1.2 * chance.random())
            if alone:
                running.kill()
                running.wait()
            else:
                program.kill()
                ended = running.wait(timeout=60)
                check(ended in (0, TRY_AGAIN), "rebuild of a killed store ended with %d" % ended)
            program.start().wait_current(60)
            check(digest_of(program) == digest, "the digest changed after kill %d" % n)
        rebuild(program)
        check(digest_of(program) == digest, "the digest changed")
        place.check_whole(program)
        left = os.listdir(os.path.join(program.data, "views"))
        check(len(left) <= 3, "generations are left behind: %s" % left)
    return "%d rebuilds killed, the digest never changed" % (2 * a.rounds)


def rebuild(program):
    done = program.command("rebuild")
    check(done.returncode == 0 and "equal" in done.stdout,
          "rebuild ended with %d: %s%s" % (done.returncode, done.stdout, done.stderr))


def digest_of(program):
    done = program.command("digest")
    check(done.returncode == 0, "digest ended with %d: %s" % (done.returncode, done.stderr))
    return json.loads(done.stdout)["digest"]


# ---------------------------------------------------------------- a full disk
def hard_disk(place, chance, a):
    """Runs itself again where it may mount."""
    allowed = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
    if subprocess.run([*allowed, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        return "LEFT OUT: no mount namespaces here"
    again = [sys.executable, os.path.abspath(__file__), "--tiendo", a.tiendo, "--seed", str(a.seed),
             "--events", str(a.events), "--rounds", str(a.rounds), "--inside", place.work]
    done = subprocess.run([*allowed, *again], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    check(done.returncode in (0, 3), done.stdout)
    return done.stdout.strip()


def inside(a):
    """In the namespace, beside the place's files."""
    chance = random.Random(a.seed)
    lines = sample.year(a.seed, a.events)
    said = []
    for n in range(a.rounds):
        disk = os.path.join(a.inside, "disk-%d" % n)
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", disk]).returncode != 0:
            say("LEFT OUT: mount is not allowed")
            return 3
        try:
            said.append(fill_disk(a, disk, lines, chance))
        finally:
            subprocess.run(["umount", "-l", disk])
    say("disk full: " + "; ".join(said))
    return 0


def fill_disk(a, disk, lines, chance):
    with Program(a.tiendo, os.path.join(disk, "data")) as program:
        program.log_name = os.path.join(a.inside, "disk.log")
        program.start()
        acknowledged = {}
        part = chance.randrange(len(lines) // 8, len(lines) // 2)
        post_all(program, lines[:part], acknowledged)
        ballast = fill_up(disk, chance.randrange(600_000))
        began = time.monotonic()
        try:
            post_all(program, [padded(line) for line in lines[part:]], acknowledged, 30)
            check(False, "the disk was never full")
        except (OSError, http.client.HTTPException):
            pass
        ended = program.process.wait(timeout=60)
        took = time.monotonic() - began
        check(ended in (TRY_AGAIN, ABORTED), "with a full disk it ended with %d:\n%s" % (ended, program.said()))
        check("No space left on device" in program.said(), "it does not say why it ended:\n" + program.said())
        starts_on_full_disk(program)
        os.remove(ballast)
        program.start()
        check_acknowledged(program, acknowledged)
        program.verify()
        send_all_again(program, lines)
        code, _ = program.terminate()
        check(code == 0, "SIGTERM after it: exit %d" % code)
        return "exit %d after %.1f s, all %d acknowledged kept" % (ended, took, len(acknowledged))


def fill_up(disk, leave):
    space = os.statvfs(disk)
    ballast = os.path.join(disk, "ballast")
    with open(ballast, "wb") as file:
        file.write(b"\0" * (space.f_bavail * space.f_frsize - leave))
    return ballast


def send_all_again(program, lines):
    """With the same ids, as a platform does that had no answer."""
    kept, placed = program.received()["intake"], {}
    post_all(program, lines, placed)
    program.wait_current(60, kept + len(lines))
    program.verify()
    check(min(position for _, position in placed) == kept and len(placed) == len(lines), "positions are not dense")
    accepted = [identity(r) for r in program.exported("intake") if r["verdict"] == "accepted"]
    check(len(set(accepted)) == len(accepted), "an identity was accepted twice")


def padded(line):
    """With a field nobody knows, so that the log grows fast: its files are reserved in large parts."""
    return line[:-1] + b',"pad":"%s"}' % (b"x" * 24_000) if line.endswith(b"}") and is_json(line) else line


def starts_on_full_disk(program):
    """It may start and read, or end and say why; it must not hang or spoil anything."""
    program.launch()
    try:
        wait_until("it starts or ends on a full disk", 60, program.answers)
        program.kill()
    except Wrong:
        check(program.process.poll() is not None, "it hangs on a full disk:\n" + program.said())
        check(program.process.returncode in (TRY_AGAIN, ABORTED),
              "on a full disk it ended with %d:\n%s" % (program.process.returncode, program.said()))


def post_all(program, lines, placed, seconds=60):
    """Sends every line by POST; `placed` takes what was acknowledged, by (stream, position)."""
    for start in range(0, len(lines), 100):
        batch = lines[start:start + 100]
        good = [line for line in batch if is_json(line)]
        sent = [(BATCH_MEDIA, b"[" + b",".join(good) + b"]", good)]
        sent += [(EVENT_MEDIA, line, [line]) for line in batch if not is_json(line)]
        for media, body, events in sent:
            status, answer = program.request("POST", "/v1/events", body, {"Content-Type": media}, seconds)
            if status in (429, 503):
                raise http.client.HTTPException("status %d" % status)
            check(status == 202, "POST answered %d: %s" % (status, answer[:300]))
            for line, said in zip(events, json.loads(answer)["events"], strict=True):
                placed[said["stream"], said["position"]] = {**said, "line": line}


def is_json(line):
    try:
        json.loads(line)
        return True
    except ValueError:
        return False


def check_acknowledged(program, placed):
    """What was answered with 202 is in the log, as it was sent and judged."""
    for stream in {stream for stream, _ in placed}:
        kept = {r["position"]: r for r in program.exported(stream)}
        for (_, position), said in ((k, v) for k, v in placed.items() if k[0] == stream):
            record = kept.get(position)
            check(record is not None, "%s@%d was acknowledged and is lost" % (stream, position))
            check(agreement.bytes_of(record, "value") == said["line"] and record["verdict"] == said["verdict"],
                  "%s@%d is not what was acknowledged" % (stream, position))


# ---------------------------------------------------------------- a second process
def hard_second(place, chance, a):
    with place.program() as program:
        program.start()
        place.load_units(program)
        for role in ("run", "ingest", "project"):
            second = program.command(role, "--listen", "127.0.0.1:0")
            check(second.returncode == TRY_AGAIN, "a second %s ended with %d" % (role, second.returncode))
            check("another process has the store" in second.stderr, "it does not say why: " + second.stderr)
        place.import_year(program)                       # which finds the running one
        program.wait_current(60)
        place.check_whole(program)
    return "a second run, ingest and project are refused"


# ---------------------------------------------------------------- SIGTERM under load
def hard_sigterm(place, chance, a):
    slowest = 0.0
    for _ in range(a.rounds):
        with place.program() as program:
            program.start()
            place.load_units(program)
            acknowledged, senders = {}, []
            for part in range(3):
                senders.append(threading.Thread(target=send_until_closed, daemon=True, args=(
                    program.port, place.lines[part::3], acknowledged)))
                senders[-1].start()
            idle = socket.create_connection(("127.0.0.1", program.port))     # says nothing, ever
            time.sleep(0.2 + chance.random())
            code, seconds = program.terminate()
            slowest = max(slowest, seconds)
            for sender in senders:
                sender.join(30)
            idle.close()
            check(code == 0, "SIGTERM: exit %d\n%s" % (code, program.said()))
            check(seconds < 5, "SIGTERM took %.1f s" % seconds)
            check(acknowledged, "nothing was under way")
            program.start().wait_current(60)
            check_acknowledged(program, acknowledged)
            program.verify()
    return "ended under load within %.2f s, all acknowledged kept" % slowest


class Sender:
    """The part of a Program that post_all needs, for a thread of its own."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def request(self, method, path, body, headers, seconds):
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def send_until_closed(port, lines, acknowledged):
    try:
        post_all(Sender(port), lines, acknowledged)
    except (OSError, http.client.HTTPException):
        pass


# ---------------------------------------------------------------- garbage
def hard_garbage(place, chance, a):
    seen = {}
    with place.program() as program:
        program.start()
        place.load_units(program)
        for _ in range(a.garbage * a.rounds):
            method, path, body, headers = garbage(chance, place.lines)
            try:
                status, answer = program.request(method, path, body, headers)
            except http.client.HTTPException as error:
                check(program.process.poll() is None, "it died of %s %s %r: %s" % (method, path, body[:200], error))
                continue                                 # the connection was closed: also an answer
            check(status < 500, "%s %s %r %r answered %d: %s" % (method, path, headers, body[:300], status, answer[:300]))
            if status == 202:
                for said in json.loads(answer)["events"]:
                    check(said["verdict"] in ("accepted", "duplicate", "rejected"), str(said))
            seen[status] = seen.get(status, 0) + 1
        send_raw(program, chance, 30 * a.rounds)
        send_limits(program)
        check(program.process.poll() is None, "it died:\n" + program.said())
        program.wait_current(60)
        program.counts()
        program.verify()
        check(202 in seen and 415 in seen and 400 in seen, "too tame: %r" % seen)
    return "%d bodies of garbage: %s" % (sum(seen.values()), ", ".join("%d x %d" % (n, s) for s, n in sorted(seen.items())))


PARTS = {"import": hard_import, "rebuild": hard_rebuild, "disk": hard_disk, "second": hard_second,
         "sigterm": hard_sigterm, "garbage": hard_garbage}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=sorted(PARTS))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--events", type=int, default=8000)
    parser.add_argument("--garbage", type=int, default=1500, help="bodies of a round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    add_options(parser)
    a = parser.parse_args()
    if a.inside:
        try:
            return inside(a)
        except Wrong as wrong:
            say("disk: %s" % wrong)
            return 1
    with work_folder(a, "hard-times") as work:
        failed = False
        place = Place(a, work)
        for name, part in PARTS.items():
            if a.only not in (None, name):
                continue
            began = time.monotonic()
            try:
                said = part(place, random.Random("%d %s" % (a.seed, name)), a)
            except Wrong as wrong:
                said, failed = "FAILED (seed %d): %s" % (a.seed, wrong), True
            say("%-8s %5.1f s  %s" % (name, time.monotonic() - began, said))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
