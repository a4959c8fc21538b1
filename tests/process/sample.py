"""The made-up year of deploy/sample, as lines."""
import os
import subprocess
import sys

from program import ROOT

GENERATE = os.path.join(ROOT, "deploy", "sample", "generate.py")
PLAN = "tayninh-2024"


def generate(*words):
    """The running generator; its lines come on `stdout`."""
    return subprocess.Popen([sys.executable, GENERATE, *map(str, words)], stdout=subprocess.PIPE)


def year(seed, events, *more):
    """Lines of the year, as bytes, without their line feed."""
    return _lines("--seed", seed, "--events", events, "--out", "-", *more)


def reference():
    """Units and plan."""
    return _lines("--reference", "-")


def _lines(*words):
    with generate(*words) as generator:
        lines = [line for line in generator.stdout.read().split(b"\n") if line.strip()]
    if generator.returncode != 0:
        raise RuntimeError("generate.py ended with %d" % generator.returncode)
    return lines
