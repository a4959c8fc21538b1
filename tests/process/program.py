"""The real tiendo as a child process: started, asked, killed, started again."""
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from decimal import Decimal
from urllib.parse import quote, urlencode

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BATCH_MEDIA = "application/cloudevents-batch+json"
EVENT_MEDIA = "application/cloudevents+json"
_SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$')
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Wrong(Exception):
    """The test found something; the text says what."""


def check(holds, text):
    if not holds:
        raise Wrong(text)


def say(text):
    print(text, flush=True)


def add_options(parser):
    built = os.path.join(ROOT, "build", "release", "tiendo")
    parser.add_argument("--tiendo", metavar="PROGRAM", default=os.environ.get("TIENDO", built),
                        help="the program under test (default $TIENDO, else build/release/tiendo)")
    parser.add_argument("--keep", action="store_true", help="leave the work folder where it is")


@contextlib.contextmanager
def work_folder(a, name):
    """A scratch folder; --keep leaves it where it is."""
    work = tempfile.mkdtemp(prefix="tiendo-%s-" % name)
    try:
        yield work
    finally:
        if a.keep:
            say("work folder: " + work)
        else:
            shutil.rmtree(work, ignore_errors=True)


def wait_until(what, seconds, holds):
    """Asks again and again; raises Wrong where it never holds."""
    end = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Wrong("not within %g s: %s" % (seconds, what))
        time.sleep(0.01)


def read_metrics(text):
    """{name: [(labels, value)]} of a Prometheus page."""
    found = {}
    for line in text.splitlines():
        sample = _SAMPLE.match(line)
        if sample:
            labels = dict(_LABEL.findall(sample[2] or ""))
            found.setdefault(sample[1], []).append((labels, float(sample[3])))
    return found


class Program:
    """One `tiendo run` on one data folder; `more` are further arguments."""

    def __init__(self, binary, data, more=()):
        self.binary, self.data, self.more = os.path.abspath(binary), data, list(more)
        self.log_name = data + ".log"
        self.process = self.connection = self.port = None
        self.asked_at = 0.0

    # ---- life
    def launch(self, environment=None):
        """Starts it and does not wait."""
        self.log_from = os.path.getsize(self.log_name) if os.path.exists(self.log_name) else 0
        with open(self.log_name, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "run", "--data", self.data, "--listen", "127.0.0.1:0", *self.more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **(environment or {})})
        self.port = self.connection = None

    def start(self, seconds=60):
        self.launch()
        wait_until("tiendo says its port", seconds, self.answers)
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise Wrong("tiendo ended with %d:\n%s" % (self.process.returncode, self.said()))
        found = re.search(r"answers at port (\d+)", self.said())
        self.port = int(found[1]) if found else None
        return self.port is not None

    def said(self):
        """What this run has written to standard output and error."""
        with open(self.log_name, "rb") as log:
            log.seek(self.log_from)
            return log.read().decode("utf-8", "replace")

    def kill(self):
        """kill -9, at whatever it is doing."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.disconnect()

    def terminate(self, seconds=30):
        """SIGTERM; (exit code, seconds it took)."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=seconds)
        self.disconnect()
        return code, time.monotonic() - began

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    # ---- questions
    def disconnect(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def request(self, method, path, body=None, headers=None, seconds=120):
        """(status, bytes); OSError or HTTPException where there is no answer."""
        if self.asked_at < time.monotonic() - 5:        # an idle connection may have been closed
            self.disconnect()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        self.asked_at = time.monotonic()
        try:
            self.connection.request(method, path, body, headers or {})
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.disconnect()
            raise

    def ask(self, path, **query):
        """(status, JSON); numbers keep their digits."""
        said = urlencode({k: v for k, v in query.items() if v is not None}, quote_via=quote)
        status, body = self.request("GET", path + ("?" + said if said else ""))
        return status, json.loads(body, parse_float=Decimal)

    def metrics(self):
        status, body = self.request("GET", "/metrics")
        if status != 200:
            raise Wrong("/metrics answered %d" % status)
        return read_metrics(body.decode())

    def counts(self):
        """{stream: {received, accepted, duplicate, rejected}}, checked to add up."""
        page, streams = self.metrics(), {}
        for name in ("received", "accepted", "duplicate", "rejected"):
            for labels, value in page.get("tiendo_events_%s_total" % name, ()):
                counted = streams.setdefault(labels["stream"], dict.fromkeys(
                    ("received", "accepted", "duplicate", "rejected"), 0))
                counted[name] += int(value)
        for stream, c in streams.items():
            if c["received"] != c["accepted"] + c["duplicate"] + c["rejected"]:
                raise Wrong("%s: %r does not add up" % (stream, c))
        return streams

    def received(self):
        return {stream: c["received"] for stream, c in self.counts().items()}

    def wait_current(self, seconds, received=None, plan="tayninh-2024", unit=None):
        """Until the views hold all of the log, the log `received` messages in all, and no term of
        the plan is still being filled."""
        def current():
            page = self.metrics()
            behind = [value for name in ("tiendo_stream_lag_messages", "tiendo_projector_lag_events",
                                         "tiendo_projector_stopped", "tiendo_stream_stopped")
                      for _, value in page.get(name, ())]
            held = sum(value for _, value in page.get("tiendo_events_received_total", ()))
            if any(behind) or (received is not None and held != received):
                return False
            status, said = self.ask("/v1/plans/%s/progress" % plan, unit=unit)
            return status == 404 or said["state"] == "current"
        wait_until("all is read and projected: %r" % self.received(), seconds, current)

    # ---- the other commands
    def command(self, *words, **options):
        """A command on the same data folder -> CompletedProcess with text."""
        return subprocess.run([self.binary, *words, "--data", self.data], text=True, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, **options)

    def verify(self):
        done = self.command("verify")
        if done.returncode != 0:
            raise Wrong("tiendo verify ended with %d:\n%s%s"
                        % (done.returncode, done.stdout, done.stderr))

    def exported(self, stream):
        """The records of a stream, one after the other, as `tiendo export` tells them."""
        with subprocess.Popen([self.binary, "export", "--stream", stream, "--data", self.data],
                              stdout=subprocess.PIPE) as export:
            for line in export.stdout:
                yield json.loads(line)
        if export.returncode != 0:
            raise Wrong("tiendo export --stream %s ended with %d" % (stream, export.returncode))
