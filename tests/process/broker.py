"""A real Kafka broker and what the tests do with it through kcat, which is not tiendo's client."""
import json
import os
import signal
import socket
import struct
import subprocess

from program import ROOT, Wrong

KAFKA = os.path.join(ROOT, "deploy", "kafka")
BETWEEN, AFTER_KEY = b"\x1e", b"\x1f"     # separators of kcat's input
STRUCTURED = ("content-type", "application/cloudevents+json")


class Broker:
    """Starts one in `work`, or takes the one that TIENDO_TEST_BROKERS names (on this machine);
    with `own` it is never a shared one, and may be stopped, paused and spoilt."""

    def __init__(self, work, own=False, settings=()):
        self.settings = settings
        self.shared = "" if own else os.environ.get("TIENDO_TEST_BROKERS", "")
        self.data = os.path.join(work, "kafka")
        self.made = []
        if self.shared:
            self.address = self.shared.split(",")[0]
            self.tail = "-%d" % os.getpid()          # others have topics there too
            return
        self.tail = ""
        self.address = None
        self.start()

    def _run(self, command, *words):
        done = subprocess.run([os.path.join(KAFKA, command), *words], text=True, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise Wrong("deploy/kafka/%s: %s%s" % (command, done.stdout, done.stderr))
        return done.stdout

    def create(self, name, partitions, time="LogAppendTime", settings=()):
        """The topic's full name; `settings` are KEY=VALUE."""
        name += self.tail
        self._run("topic", "create", "--port", self.address.rpartition(":")[2],
                  *(word for setting in settings for word in ("--config", setting)),
                  "%s:%d:%s" % (name, partitions, time))
        self.made.append(name)
        return name

    def delete(self, name):
        self._run("topic", "delete", "--port", self.address.rpartition(":")[2], name)
        self.made.remove(name)

    # ---- of one's own
    def start(self, data=None):
        """At the address it had before; `data` is the folder of another cluster."""
        port = self.address.rpartition(":")[2] if self.address else "0"
        said = self._run("start", "--data", data or self.data, "--port", port,
                         *(word for setting in self.settings for word in ("--set", setting)))
        lines = dict(line.split(None, 1) for line in said.splitlines())
        self.address, self.pid = lines["bootstrap"], int(lines["pid"])

    def stop(self, data=None):
        self._run("stop", "--data", data or self.data)

    def pause(self):
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self.pid, signal.SIGCONT)

    def delete_before(self, topic, partition, offset):
        """As retention does: DeleteRecords, version 1, in Kafka's protocol."""
        text = lambda t: struct.pack(">h", len(t)) + t.encode()
        body = struct.pack(">hhi", 21, 1, 7) + text("test") + struct.pack(">i", 1) + text(topic)
        body += struct.pack(">iiqi", 1, partition, offset, 10_000)
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port)), timeout=20) as wire:
            wire.sendall(struct.pack(">i", len(body)) + body)
            answer = wire.makefile("rb")
            size, = struct.unpack(">i", answer.read(4))
            error, = struct.unpack(">h", answer.read(size)[-2:])
        if error:
            raise Wrong("DeleteRecords of %s before %d: error %d" % (topic, offset, error))

    def close(self):
        if self.shared:
            self._run("topic", "delete", "--port", self.address.rpartition(":")[2], *self.made)
        else:
            self._run("stop", "--data", self.data)

    def pipe(self, topic, partition, headers=(STRUCTURED,), empty_is_null=False, linger_ms=5):
        """A kcat that writes what it is given into one partition; what comes within `linger_ms` is one batch."""
        words = ["-P", "-X", "linger.ms=%d" % linger_ms, "-t", topic, "-p", str(partition),
                 "-K", AFTER_KEY.decode(), "-D", BETWEEN.decode()]
        for name, value in headers:
            words += ["-H", "%s=%s" % (name, value)]
        return Pipe(self.kcat(*words, *(["-Z"] if empty_is_null else ()), stdin=subprocess.PIPE))

    def dump(self, topic, partition):
        """Every message of a partition: {offset, ts, headers, key, payload}; texts hold bytes that
        are no UTF-8 as lone surrogates."""
        kcat = self.kcat("-C", "-t", topic, "-p", str(partition), "-o", "beginning", "-e", "-q", "-J",
                          stdout=subprocess.PIPE)
        with kcat:
            for line in kcat.stdout:
                yield json.loads(line.decode("utf-8", "surrogateescape"))
        if kcat.returncode != 0:
            raise Wrong("kcat ended with %d" % kcat.returncode)

    def kcat(self, *words, **pipes):
        return subprocess.Popen(["kcat", "-b", self.address, *words], **pipes)


class Pipe:
    def __init__(self, kcat):
        self.kcat = kcat

    def write(self, key, value):
        if BETWEEN in value or AFTER_KEY in value or BETWEEN in key or AFTER_KEY in key:
            raise Wrong("a message holds a separator: %r" % value)
        self.kcat.stdin.write(key + AFTER_KEY + value + BETWEEN)

    def flush(self):
        self.kcat.stdin.flush()

    def close(self):
        """Returns once the broker has acknowledged everything."""
        self.kcat.stdin.close()
        if self.kcat.wait(timeout=300) != 0:
            raise Wrong("kcat ended with %d" % self.kcat.returncode)
