#!/usr/bin/env python3
"""The commands, each against the real program: what they print, how they exit, and that ingest,
project and query in three processes answer as `run` does in one.

    commands_test.py
    commands_test.py --only split               one of: publish publications inspect full rebuild split end use
"""
import argparse
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time

import sample
from program import Program, Wrong, add_options, say, wait_until, work_folder

QUESTION = "/v1/plans/%s/progress" % sample.PLAN


def check(holds, text):
    if not holds:
        raise Wrong(text)


class Service(Program):
    """One of ingest, project and query."""

    def __init__(self, binary, data, service):
        super().__init__(binary, data)
        self.service, self.log_name = service, "%s.%s.log" % (data, service)

    def launch(self, environment=None):
        self.log_from = 0
        with open(self.log_name, "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, self.service, "--data", self.data, "--listen", "127.0.0.1:0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **(environment or {})})
        self.port = self.connection = None


class Place:
    def __init__(self, a, work):
        self.tiendo, self.work, self.count = a.tiendo, work, 0
        self.units = self.file("units.ndjson", sample.reference())
        self.lines = sample.year(1, 2000)
        self.year = self.file("year.ndjson", self.lines)

    def file(self, name, lines):
        path = os.path.join(self.work, name)
        with open(path, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
        return path

    def data(self):
        self.count += 1
        return os.path.join(self.work, "data-%d" % self.count)

    def program(self):
        return Program(self.tiendo, self.data())

    def loaded(self):
        """A store with the year, that nobody has open."""
        program = self.program()
        for path, name in (self.units, "units"), (self.year, "year"):
            done = program.command("import", path, "--as", name)
            check(done.returncode in (0, 1), "import ended with %d: %s" % (done.returncode, done.stderr))
        return program


def targets_of(program, **query):
    status, said = program.ask(QUESTION, period="2024", **query)
    check(status == 200, "progress answered %d: %r" % (status, said))
    return said["targets"]


# ---------------------------------------------------------------- publish and import
def publish(place):
    """Over HTTP, with lines that would break a batch open; all is received, and said in words."""
    broken = [b'{"specversion":"1.0"', b"]", b"[1,2", b'"', b"not json", b"\xff\xfe", b'{"a":1}]', b",", b"[],[]"]
    mixed = place.file("mixed.ndjson", sample.reference() + broken)
    with place.program().start() as program:
        address = "http://127.0.0.1:%d" % program.port
        done = program.command("publish", mixed, "--to", address)
        check(done.returncode == 1, "publish with refusals ended with %d" % done.returncode)
        check(done.stdout.startswith("%d events: %d accepted, 0 duplicate, %d rejected\n"
                                     % (116 + len(broken), 116, len(broken))), done.stdout)
        check("  %s:117: rejected not_json: " % mixed in done.stdout, "no refusal in words: " + done.stdout)
        kept = [bytes_of(r) for r in program.exported("intake")]
        check(sorted(kept) == sorted(sample.reference() + broken), "the log holds other bytes than were sent")
        done = program.command("publish", place.units, "--to", address, "--lang", "vi")
        check(done.returncode == 0 and "116 trùng" in done.stdout, done.stdout + done.stderr)
        # Where a refused line stands; one that is too long to be sent is left out, the others are not.
        spoilt = place.file("spoilt.ndjson", [place.lines[0], b"", b"x" * (17 << 20), b"nope", b"y" * (15 << 20)])
        alone = place.program()
        for done in (program.command("publish", place.units, spoilt, "--to", address),
                     program.command("import", place.units, spoilt, "--as", "spoilt"),
                     alone.command("import", place.units, spoilt, "--as", "spoilt")):
            check(done.returncode == 1 and done.stdout.startswith("119 events: "), done.stdout + done.stderr)
            for line, said in (3, "not sent, too_large: "), (4, "rejected not_json: "), (5, "rejected too_large: "):
                check("\n  %s:%d: %s" % (spoilt, line, said) in done.stdout, done.stdout)
        # Imports through the socket and alone are the same.
        for _ in range(2):
            done = program.command("import", place.units, "--as", "units")
            check(done.returncode == 0, done.stderr)
        check(program.counts()["import:units"]["duplicate"] == 116, "a second import is not all duplicates")
        check(program.command("import", place.units, "--as", "x/y").returncode == 2, "a name with a slash passed")
        for path in "/nonexistent", place.work:
            for words in ["import", path, "--as", "x"], ["publish", path, "--to", address]:
                done = program.command(*words)
                check(done.returncode == 2 and "given again" not in done.stderr, "%r: %s" % (words, done))


def bytes_of(record):
    if "value_base64" in record:
        import base64
        return base64.b64decode(record["value_base64"])
    return record["value"].encode()


# ---------------------------------------------------------------- publications
def publications(place):
    """list, show, close and amend, in both languages; the bytes that are shown are those of the digest."""
    program = place.loaded()
    closing = ["publications", "close", "nam-2024", "--plan", sample.PLAN, "--period", "2024", "--unit", "tayninh",
               "--author", "chi-lan", "--reason", "cuối năm"]
    amending = ["publications", "amend", "nam-2024", "--author", "chi-lan", "--reason", "bổ sung", "--decision", "7/QĐ"]

    def says(words, code, *texts):
        done = program.command(*words)
        for text in texts:
            check(done.returncode == code and text in done.stdout + done.stderr, "%s: %s" % (" ".join(words), done))
        return done
    for words in closing, amending, ["publications", "list"], ["publications", "show", "nam-2024"]:
        says(words, 2, "start `tiendo run`")
    with program.start():
        program.wait_current(60, 2116)
        says(["publications", "list"], 0, "nothing was published yet")
        says(["publications", "list", "--lang", "vi"], 0, "chưa chốt kỳ nào")
        says(["publications", "show", "nam-2024"], 2, "There is no publication")
        says(["publications", "show", "nam-2024", "--lang", "vi"], 2, "Không có kỳ công bố")
        says(amending, 2, "close it first")
        says(closing[:3] + ["--without", "x", *closing[9:]], 2, "There is no stream")
        says([*closing, "--tree", "of old"], 2, "tree is as_reported")
        says(closing, 0, "written at control@0", "tiendo publications show nam-2024")
        made = lambda n: wait_until("edition %d" % n, 60, lambda: "edition %d  sha256" % n in program.command("publications", "show", "nam-2024").stdout)
        made(1)
        says(closing, 1, "closed already")
        says([*amending, "--lang", "vi"], 0, "đã ghi tại control@1")
        made(2)
        says(["publications", "list"], 0, "nam-2024  %s 2024 tayninh  as_reported" % sample.PLAN, "chi-lan  7/QĐ  bổ sung")
        says(["publications", "list", "--lang", "vi"], 0, "bản 2  sha256")
        shown = says(["publications", "show", "nam-2024"], 0, "edition 1, as of ", "changed 0, 0").stdout
        text = program.command("publications", "show", "nam-2024", "--edition", "1").stdout
        check(hashlib.sha256(text.encode()).hexdigest() in shown, "the bytes are not those of the digest")
        says(["publications", "show", "nam-2024", "--edition", "3"], 2, "has 2 editions")
        program.terminate()


# ---------------------------------------------------------------- reading commands
def inspect(place):
    """stream list, verify, digest and export say the same of a stopped store and of a running one."""
    program = place.loaded()
    words = ("stream list", "verify --views", "digest")
    with program.start():
        program.wait_current(60, 2116)
        running = {word: program.command(*word.split()) for word in words}
        exported = list(program.exported("import:year"))
        program.terminate()
        stopped = {word: program.command(*word.split()) for word in words}
        for word, done in [*running.items(), *stopped.items()]:
            check(done.returncode == 0, "%s ended with %d: %s" % (word, done.returncode, done.stderr))
        check(running["verify --views"].stdout == stopped["verify --views"].stdout, "verify says two things")
        check("the views are what the log comes to" in running["verify --views"].stdout, "the views were not verified")
        check(running["digest"].stdout == stopped["digest"].stdout, "digest says two things")
        numbers = [[line.split()[:5] for line in done.stdout.splitlines()]
                   for done in (running["stream list"], stopped["stream list"])]
        check(numbers[0] == numbers[1] and len(numbers[0]) == 3, "stream list says two things: %r" % numbers)
        check([bytes_of(r) for r in exported] == place.lines, "export gives other bytes than were imported")
        check([r["position"] for r in exported] == list(range(2000)), "positions are not dense")
        part = program.command("export", "--stream", "import:year", "--from", "5", "--before", "8").stdout
        check([json.loads(line)["position"] for line in part.splitlines()] == [5, 6, 7], part)
        check(program.command("export", "--stream", "none").returncode == 2, "a stream that is none was exported")


# ---------------------------------------------------------------- output that cannot be written
def full(place):
    """What cannot be written to standard output is said, and ends with 75."""
    program = place.loaded()
    with program.start():
        program.wait_current(60, 2116)
        program.terminate()

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    path = os.path.join(place.work, "short.ndjson")
    with open(path, "wb") as file:
        done = subprocess.run([program.binary, "export", "--data", program.data], stdout=file,
                              stderr=subprocess.PIPE, text=True, preexec_fn=limited)
    check(done.returncode == 75 and "standard output cannot be written" in done.stderr,
          "export into a file that may not grow ended with %d: %s" % (done.returncode, done.stderr))
    for words in (["export"], ["verify"], ["digest"], ["stream", "list"], ["rebuild"], ["--help"],
                  ["validate", place.units], ["import", place.units, "--as", "units"]):
        for closed in False, True:
            # Closed, its number must not become that of a file of the store.
            with open("/dev/full", "wb") as device:
                done = subprocess.run([program.binary, *words, "--data", program.data], stdout=device,
                                      stderr=subprocess.PIPE, text=True,
                                      preexec_fn=(lambda: os.close(1)) if closed else None)
            check(done.returncode == 75 and "standard output cannot be written" in done.stderr,
                  "%r ended with %d: %s" % (words, done.returncode, done.stderr))
    program.verify()


# ---------------------------------------------------------------- rebuild
def rebuild(place):
    """Alone and in a running store: two digests, equal; then only the last two generations are there."""
    program = place.loaded()
    with program.start():
        program.wait_current(60, 2116)
        before = targets_of(program)
        for generation in 2, 3:
            done = program.command("rebuild")
            check(done.returncode == 0 and "equal; generation g%06d is read now" % generation in done.stdout,
                  done.stdout + done.stderr)
        check(targets_of(program) == before, "the figures are others after a rebuild")
        program.terminate()
        done = program.command("rebuild", "--lang", "vi")
        check(done.returncode == 0 and "giống nhau" in done.stdout, done.stdout + done.stderr)
        left = sorted(os.listdir(os.path.join(program.data, "views")))
        check(left == ["CURRENT", "g000003", "g000004"], "in views/ lie %r" % left)
        program.start()
        check(targets_of(program) == before, "the figures are others in the next process")


# ---------------------------------------------------------------- three processes
def split(place):
    """ingest, project and query on one folder; and query goes over to a new generation by itself."""
    whole = place.loaded()
    with whole.start():
        whole.wait_current(60, 2116)
        expected = targets_of(whole)
    data = place.data()
    services = {name: Service(place.tiendo, data, name) for name in ("ingest", "project", "query")}
    ingest, project, query = services.values()
    try:
        ingest.start()
        project.start()
        query.start()
        ingest.command("import", place.units, "--as", "units")
        ingest.command("import", place.year, "--as", "year")
        wait_until("query answers with all records", 60, lambda: streams_of(query) == {
            "import:units": 115, "import:year": 1999})
        wait_until("no term is being filled", 60, lambda: query.ask(QUESTION)[1]["state"] == "current")
        check(targets_of(query) == expected, "three processes answer other than one")
        status, said = ingest.request("POST", "/v1/events", place.lines[0],
                                      {"Content-Type": "application/cloudevents+json"})
        check(status == 202, "ingest answered %d: %r" % (status, said))
        wait_until("query has the event", 60, lambda: streams_of(query).get("intake") == 0)
        # What ingest knows of the streams makes answers of the past final.
        wait_until("a past moment is final in query", 60,
                   lambda: query.ask(QUESTION, period="2024", as_of="2024-06-30")[1].get("final"))
        done = query.command("rebuild")
        check(done.returncode == 0, "rebuild ended with %d: %s" % (done.returncode, done.stderr))
        answers = [targets_of(query) for _ in range(20)]
        check(all(answer == expected for answer in answers), "an answer during the change is another")
        second = subprocess.run([place.tiendo, "ingest", "--data", data, "--listen", "127.0.0.1:0"],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        check(second.returncode == 75, "a second writer ended with %d: %s" % (second.returncode, second.stdout))
        for service in query, project, ingest:
            code, took = service.terminate()
            check(code == 0 and took < 5, "%s ended with %d after %.1f s" % (service.service, code, took))
        ingest.verify()
    finally:
        for service in services.values():
            service.end()


def streams_of(program):
    status, said = program.ask("/v1/plans")
    return {name: int(at) for name, at in said["as_of"]["streams"].items()} if status == 200 else {}


# ---------------------------------------------------------------- ends
def end(place):
    """The first signal ends cleanly; a second one at once; the socket is gone afterwards."""
    for first in signal.SIGTERM, signal.SIGINT:
        with place.program().start() as program:
            check(os.path.exists(os.path.join(program.data, "socket")), "there is no socket")
            program.process.send_signal(first)
            check(program.process.wait(timeout=10) == 0, "%r ended it with %d" % (first, program.process.returncode))
            check(not os.path.exists(os.path.join(program.data, "socket")), "the socket is still there")
    with place.loaded().start() as program:
        # A request whose body never comes keeps the first end waiting for as long as it may.
        import socket
        with socket.create_connection(("127.0.0.1", program.port)) as client:
            client.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n"
                           b"Content-Type: application/cloudevents+json\r\n\r\n{")
            began = time.monotonic()
            program.process.send_signal(signal.SIGTERM)
            program.process.send_signal(signal.SIGINT)
            code = program.process.wait(timeout=10)
        check(code in (0, 75) and time.monotonic() - began < 5, "two signals ended it with %d" % code)
        program.verify()


# ---------------------------------------------------------------- wrong use
def use(place):
    """Exit codes, and words that say what to do."""
    program = place.program()
    for words, code, text in ((["verify"], 2, "holds no store"), (["digest"], 2, "holds no store"),
                              (["rebuild"], 2, "holds no store"), (["frobnicate"], 2, "frobnicate"),
                              (["publish", place.units, "--to", "http://127.0.0.1:1"], 75, "given again")):
        done = program.command(*words)
        check(done.returncode == code and text in done.stderr,
              "%s: %d %s%s" % (" ".join(words), done.returncode, done.stdout, done.stderr))
    os.makedirs(program.data)
    with open(os.path.join(program.data, "FORMAT"), "w") as file:
        file.write("tiendo data 99\n")
    done = program.command("run", "--listen", "127.0.0.1:0")
    check(done.returncode == 1 and "newer tiendo" in done.stderr, "%d %s" % (done.returncode, done.stderr))


PARTS = {f.__name__: f for f in (publish, publications, inspect, full, rebuild, split, end, use)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--only", choices=sorted(PARTS))
    a = parser.parse_args()
    a.tiendo = os.path.abspath(a.tiendo)
    with work_folder(a, "commands") as work:
        place = Place(a, work)
        for name, part in PARTS.items():
            if a.only in (None, name):
                began = time.monotonic()
                part(place)
                say("%s: right, %.1f s" % (name, time.monotonic() - began))


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        say("WRONG: %s" % wrong)
        sys.exit(1)
