#!/usr/bin/env python3
"""Runs the first tour of README.md as a reader would: every command in the fenced blocks between
`<!-- tour -->` and `<!-- /tour -->`, in order, in one bash, each of which must exit 0.

Two things are exchanged, so that a tour harms nothing and meets nobody: files and folders named
tour-* lie in a scratch folder, and ports are free ones.

    first_tour.py                     the tour of README.md
    first_tour.py --print             only say what would be run
"""
import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from program import ROOT, say

MARKED = re.compile(r"<!-- tour -->(.*?)<!-- /tour -->", re.S)
FENCED = re.compile(r"^```(?:bash|sh|shell|console)?\n(.*?)^```$", re.S | re.M)
SCRATCH_NAME = re.compile(r'(?<![\w:"/-])(?:\./)?tour-(?=[a-z])')
PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=localhost:)\d+|(?<=--port )\d+")
# Says which command failed, and lets nothing after it run.
PREAMBLE = r"""set -Eeuo pipefail
trap 'said=$?; printf "FAILED with %d: %s\n" "$said" "$BASH_COMMAND" >&2; exit "$said"' ERR
"""


def commands_of(text):
    blocks = [block for part in MARKED.findall(text) for block in FENCED.findall(part)]
    return "\n".join(blocks)


class Ports:
    """One free port for each of the tour's, the same everywhere; the next one is free too, since
    Kafka's controller takes it."""

    def __init__(self):
        self.chosen = {}

    def free(self, found):
        if found[0] not in self.chosen:
            self.chosen[found[0]] = str(free_pair())
        return self.chosen[found[0]]


def free_pair():
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
                return port
            except (OSError, OverflowError):
                continue


def run(script, seconds):
    """(exit code, seconds it took).  It has a session of its own, of which nothing is left over."""
    began = time.monotonic()
    bash = subprocess.Popen(["bash", script], cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        code = bash.wait(seconds)
    except subprocess.TimeoutExpired:
        say("FAILED: not done within %d s" % seconds)
        code = 1
    if code != 0:
        try:
            os.killpg(bash.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
    return code, time.monotonic() - began


def clean_up(scratch):
    """What a tour that failed left running."""
    for name in os.listdir(scratch):
        folder = os.path.join(scratch, name)
        if os.path.exists(os.path.join(folder, "kafka.pid")):
            subprocess.run(["deploy/kafka/stop", "--data", folder], cwd=ROOT, stdout=subprocess.DEVNULL)
        if os.path.exists(os.path.join(folder, "quickstart.pid")):
            subprocess.run(["deploy/quickstart", "--stop", "--data", folder], cwd=ROOT, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", default=os.path.join(ROOT, "README.md"))
    parser.add_argument("--seconds", type=int, default=240, help="within which it must be done (default 240)")
    parser.add_argument("--print", action="store_true", help="only print the commands")
    a = parser.parse_args()
    with open(a.readme, encoding="utf-8") as file:
        commands = commands_of(file.read())
    if not commands.strip():
        say("FAILED: no commands between <!-- tour --> and <!-- /tour --> in " + a.readme)
        return 1
    scratch = tempfile.mkdtemp(prefix="tiendo-tour-")
    ports = Ports()
    commands = PORT.sub(ports.free, SCRATCH_NAME.sub(scratch + "/tour-", commands))
    if a.print:
        print(commands)
        os.rmdir(scratch)
        return 0
    say("ports: " + ", ".join("%s is %s" % one for one in ports.chosen.items()))
    script = os.path.join(scratch, "commands.sh")
    with open(script, "w", encoding="utf-8") as file:
        file.write(PREAMBLE + commands)
    try:
        code, took = run(script, a.seconds)
    finally:
        clean_up(scratch)
        shutil.rmtree(scratch, ignore_errors=True)
    say("the tour %s after %.1f s" % ("went well" if code == 0 else "FAILED with %d" % code, took))
    return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
