#!/usr/bin/env python3
"""The arrows between the folders hold (README.md, "Folders").

Each layer includes only what it may, headers of the large libraries appear in one file each and in
no header of ours, and nothing lies about: no stray source that no CMakeLists names.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAY_INCLUDE = {
    "events": {"events"},
    "ingest": {"ingest", "events"},
    "projector": {"projector", "events"},
    "query": {"query", "projector", "events"},
    "deploy": {"deploy", "query", "projector", "ingest", "events"},
}
# Library -> the files that may include it: one, where one file can hold what is done with it.
HOME = {
    r"rocksdb/": {"events/rocks_store.cc"},
    r"librdkafka/": {"ingest/kafka_client.h"},
    r"boost/(?!multiprecision/)": {"query/http.cc"},
    r"boost/multiprecision/": {"query/change_parts.cc"},
    r"openssl/": {"events/sha256.cc"},
    r"simdjson": {"events/text.cc"},
    r"unicode/": {"events/text.cc"},
}
# A header that includes a library is for the files beside it alone.
PRIVATE = {"ingest/kafka_client.h": "ingest/kafka_", "ingest/kafka_scout.h": "ingest/kafka_"}
NOT_IN_HEADERS = re.compile(r"^(nlohmann/|simdjson|fmt/|spdlog/|prometheus/|CLI/|rocksdb/|librdkafka/|boost/|openssl/|unicode/)")
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]')


def faults():
    for layer, allowed in MAY_INCLUDE.items():
        listed = (ROOT / layer / "CMakeLists.txt").read_text()
        for path in sorted((ROOT / layer).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".cc" and path.name not in listed:
                yield f"{name}: no CMakeLists names it"
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                target, place = found.group(1), f"{name}:{number}"
                folder = target.split("/")[0]
                if folder in MAY_INCLUDE and "/" in target and folder not in allowed:
                    yield f"{place}: {layer} must not include {folder}: {target}"
                for library, files in HOME.items():
                    if re.match(library, target) and name not in files:
                        yield f"{place}: {target} belongs in {', '.join(files)} alone"
                if target in PRIVATE and not name.startswith(PRIVATE[target]):
                    yield f"{place}: {target} is for {PRIVATE[target]}* alone"
                is_home = any(name in files for files in HOME.values())
                if path.suffix == ".h" and not is_home and NOT_IN_HEADERS.match(target):
                    yield f"{place}: a header of ours must not include {target}"


found = list(faults())
for fault in found:
    print(fault)
print(f"{len(found)} faults")
sys.exit(1 if found else 0)
