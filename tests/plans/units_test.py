#!/usr/bin/env python3
"""The shipped units: files that can stand alone and lie in one node together. Python 3.11, standard library."""
import glob
import json
import os
import sys
import unicodedata
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
DEPLOY = os.path.join(HERE, "..", "..", "deploy")
sys.path.insert(0, os.path.join(DEPLOY, "plans"))

import table  # noqa: E402

LEVELS = ("national", "province", "district", "affiliated", "commune")
TERRITORIES = {"doan_xa", "doan_phuong", "doan_thi_tran"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


FILES = {os.path.basename(path): read(path) for path in sorted(glob.glob(os.path.join(DEPLOY, "units", "*.ndjson")))}


def registered(events):
    return {e["data"]["unit"]: e["data"] for e in events if e["type"] == "vn.tiendo.unit.registered.v1"}


class UnitsTest(unittest.TestCase):
    def test_a_file_registers_each_unit_once_and_parents_before_children(self):
        for name, events in FILES.items():
            known = set()
            for event in events:
                data = event["data"]
                with self.subTest(name, unit=data["unit"]):
                    if event["type"] == "vn.tiendo.unit.registered.v1":
                        self.assertNotIn(data["unit"], known)
                        self.assertIn(data["level"], LEVELS)
                        known.add(data["unit"])
                    if data["parent"] is not None:
                        self.assertIn(data["parent"], known)

    def test_two_files_never_say_different_things_of_one_unit(self):
        said = {}
        for events in FILES.values():
            for unit, data in registered(events).items():
                self.assertEqual(said.setdefault(unit, data), data)

    def test_an_event_id_is_one_event_of_its_source(self):
        said = {}
        for events in FILES.values():
            for event in events:
                with self.subTest(event["id"]):
                    self.assertEqual(said.setdefault((event["source"], event["id"]), event["data"]), event["data"])

    def test_names_are_normal_text_without_outer_spaces(self):
        for events in FILES.values():
            for unit, data in registered(events).items():
                name = data["name"]["vi"]
                with self.subTest(unit):
                    self.assertEqual(name, unicodedata.normalize("NFC", " ".join(name.split())))

    def test_a_code_of_the_catalogue_names_one_unit(self):
        for name, events in FILES.items():
            codes = [(data["level"], code["code"]) for data in registered(events).values() for code in data.get("codes", [])]
            self.assertEqual(len(codes), len(set(codes)), name)

    def test_the_counts_are_those_of_the_readme(self):
        def count(name, **wanted):
            return sum(all(data[k] == v for k, v in wanted.items()) for data in registered(FILES[name + ".ndjson"]).values())
        self.assertEqual([count("tayninh", level=level) for level in LEVELS], [0, 1, 9, 11, 94])
        self.assertEqual([count("ninhhai", kind=kind) for kind in ("doan_xa", "doan_thi_tran", "doan_co_so")], [8, 1, 7])
        self.assertEqual([count("thanhhoa", level=level) for level in LEVELS], [0, 1, 27, 7, 559])
        self.assertEqual([count("bacgiang", level=level) for level in LEVELS], [0, 1, 10, 7, 209])
        self.assertEqual([count("vietnam", level=level) for level in LEVELS], [1, 63, 0, 4, 0])

    def test_every_plan_speaks_of_a_unit_that_a_file_registers(self):
        known = set().union(*(registered(events) for events in FILES.values()))
        for plan, document in table.plans().items():
            self.assertIn(document["unit"], known, plan)

    def test_units_without_a_territory_say_their_sector(self):
        for events in FILES.values():
            for unit, data in registered(events).items():
                without = data["level"] in ("affiliated", "commune") and data["kind"] not in TERRITORIES
                with self.subTest(unit):
                    self.assertEqual("sector" in data.get("attributes", {}), without)


if __name__ == "__main__":
    unittest.main()
