#!/usr/bin/env python3
"""The shipped plans against what their papers print, and against themselves.

printed.json holds the facts of the 278 printed targets, copied from the papers: id, plan, ref, comparator, number,
level, days, and the words. Python 3.11, standard library.
"""
import calendar
import datetime
import glob
import json
import os
import re
import sys
import unicodedata
import unittest
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
PLANS = os.path.join(HERE, "..", "..", "deploy", "plans")
sys.path[:0] = [PLANS, os.path.join(HERE, "..", "oracle")]

import plancheck  # noqa: E402
import strictjson  # noqa: E402
import table  # noqa: E402

with open(os.path.join(HERE, "printed.json"), encoding="utf-8") as printed:
    PRINTED = {entry["id"]: entry for entry in json.load(printed, parse_float=Decimal)}
DOCUMENTS = table.plans()
TARGETS = {target["id"]: (plan, target) for plan, document in DOCUMENTS.items() for target in document["targets"]}
# What a plan says of its own territory is not what another says of it: at most this share may rest on
# figures that units merely declare.
DECLARED = {"reports", "surveys"}


class Problems:
    def __init__(self):
        self.found = []

    def add(self, code, where):
        self.found.append((code, where))


def last_day(document, target, year):
    """The last day of a target's window; `year` chooses that of a yearly one."""
    when = target["when"]
    day = datetime.date.fromisoformat
    if when["kind"] == "each_year":
        return day("%d-%s" % (year, when.get("until", "12-31")))
    if when["kind"] == "in":
        named = {period["id"]: day(period["last"]) for period in document["periods"]}
        period = when["period"]
        if period in named or period == "plan":
            return named.get(period, day(document["last"]))
        parts = [int(part) for part in re.findall(r"\d+", period)]
        month = parts[1] if len(parts) > 1 else 12
        return datetime.date(parts[0], month, calendar.monthrange(parts[0], month)[1])
    said = day(when.get("day") or when["last"])
    return said - datetime.timedelta(when["kind"] == "before")


def levels(value):
    """Every text that stands under a key `level`, `flag.level` or `unit.level`."""
    if type(value) is list:
        return set().union(*(levels(part) for part in value))
    if type(value) is not dict:
        return set()
    found = set()
    for key, part in value.items():
        if key.split(".")[-1] == "level":
            found |= set(part if type(part) is list else [part])
        else:
            found |= levels(part)
    return found


class PlansTest(unittest.TestCase):
    def test_every_printed_target_is_a_target_and_nothing_else_is(self):
        self.assertEqual(len(PRINTED), 278)
        self.assertEqual(sorted(TARGETS), sorted(PRINTED))

    def test_a_target_has_the_ref_the_comparator_and_the_number_of_the_paper(self):
        for name, (plan, target) in TARGETS.items():
            entry = PRINTED[name]
            with self.subTest(name):
                self.assertEqual(plan, entry["plan"])
                self.assertEqual(target["ref"], entry["ref"])
                self.assertEqual(target["comparator"], entry["comparator"])
                self.assertEqual(Decimal(str(target["value"])), Decimal(str(entry["target"])))
                self.assertTrue(entry["comparator"] == "=" or not target.get("or_more"))

    def test_a_target_binds_on_the_days_of_the_paper(self):
        for name, (plan, target) in TARGETS.items():
            entry, document = PRINTED[name], DOCUMENTS[plan]
            with self.subTest(name):
                if target["when"]["kind"] == "each_year":
                    self.assertEqual(target["when"]["years"], entry["years"])
                elif entry["frequency"] == "per_year":
                    self.assertEqual(len(entry["years"]), 1)
                if "deadline" in entry:
                    self.assertEqual(last_day(document, target, entry["years"][-1]).isoformat(), last_timely(entry))
                if entry["frequency"] == "continuous" and target["when"]["kind"] != "throughout":
                    # Read as "from the plan's start to date".
                    self.assertEqual((name, target["when"]["kind"]), ("BG-012", "by"))

    def test_the_level_of_the_paper_is_one_the_target_speaks_of(self):
        for name, (plan, target) in TARGETS.items():
            level = PRINTED[name]["level"]
            formula = table.indicator_of(DOCUMENTS[plan], target["indicator"])["formula"]
            with self.subTest(name):
                if level != "all":
                    self.assertIn(level, levels(target["for"]) | levels(formula))

    def test_a_note_holds_the_words_of_the_paper_and_the_reading_in_both_languages(self):
        for name, (_, target) in TARGETS.items():
            note = re.sub(r"\s+", " ", target["note"]["vi"])
            with self.subTest(name):
                for words in PRINTED[name]["text"].split(" … "):
                    self.assertIn(words.strip("“”"), note)
                self.assertIn("Cách đọc: ", note)
                self.assertIn("Reading: ", target["note"]["en"])

    def test_an_indicator_that_rests_on_declarations_says_why_in_both_languages(self):
        for plan, document in DOCUMENTS.items():
            for indicator in document["indicators"]:
                with self.subTest(plan + " " + indicator["id"]):
                    declared = bool(table.sources(indicator["formula"], document) & DECLARED)
                    self.assertEqual(declared, "why_reported" in indicator)
                    for language in ("vi", "en") if declared else ():
                        self.assertGreater(len(indicator["why_reported"][language]), 20)

    def test_no_more_than_a_third_of_the_targets_rest_on_what_units_declare(self):
        rows = [row for row in table.rows() if row[4] != {"money"}]  # the budget's cells do not thin them out
        self.assertLessEqual(3 * sum(bool(row[4] & DECLARED) for row in rows), len(rows))

    def test_every_indicator_serves_a_target_or_another_indicator(self):
        for plan, document in DOCUMENTS.items():
            used = {target["indicator"] for target in document["targets"]}
            used |= {name for one in document["indicators"] for name in named(one["formula"])}
            used |= {name for one in document["obligations"] for name in one.get("requires", [])}
            self.assertEqual([i["id"] for i in document["indicators"] if i["id"] not in used], [], plan)

    def test_a_second_reading_of_the_language_finds_nothing_to_refuse(self):
        for path in glob.glob(os.path.join(PLANS, "*.json")):
            with open(path, "rb") as file, self.subTest(os.path.basename(path)):
                problems = Problems()
                plancheck.check(problems, strictjson.parse(file.read()))
                self.assertEqual(problems.found, [])

    def test_a_file_is_normal_text_two_spaces_and_one_last_newline(self):
        for path in glob.glob(os.path.join(PLANS, "*.json")):
            with open(path, encoding="utf-8") as file, self.subTest(os.path.basename(path)):
                text = file.read()
                self.assertTrue(unicodedata.is_normalized("NFC", text))
                self.assertEqual(text, json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n")

    def test_the_table_in_the_readme_is_that_of_the_plans(self):
        with open(table.README, encoding="utf-8") as file:
            shown = file.read().split(table.BEGIN)[1].split(table.END)[0]
        self.assertEqual(shown, table.table(), "run deploy/plans/table.py --write")


def last_timely(entry):
    day = datetime.date.fromisoformat(entry["deadline"]) - datetime.timedelta(entry.get("deadline_exclusive", False))
    return day.isoformat()


def named(value):
    """Indicators that a formula names."""
    if type(value) is list:
        return [name for part in value for name in named(part)]
    if type(value) is not dict:
        return []
    own = [value[key] for key in ("indicator", "subset_of") if type(value.get(key)) is str]
    return own + [name for part in value.values() for name in named(part)]


if __name__ == "__main__":
    unittest.main()
