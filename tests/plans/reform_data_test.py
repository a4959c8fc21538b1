#!/usr/bin/env python3
"""The reorganisation of 2025 as shipped: nobody is lost, nobody comes from nowhere, and ids hold still."""
import collections
import os
import sys
import unittest
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "deploy", "units"))

import reform  # noqa: E402

COUNTRY = reform.Country()
BEFORE, AFTER = reform.events_before(COUNTRY), reform.events_of_reform(COUNTRY)


def said(events, what):
    return [event["data"] for event in events if event["type"] == "vn.tiendo.unit.%s.v1" % what]


def registered(events):
    return {data["unit"]: data for data in said(events, "registered")}


class ReformDataTest(unittest.TestCase):
    def test_the_counts_are_those_of_the_readme(self):
        self.assertEqual([sum(len(code) == digits for code in COUNTRY.old) for digits in (2, 3, 5)], [63, 696, 10035])
        self.assertEqual([sum(len(code) == digits for code in COUNTRY.new) for digits in (2, 3, 5)], [34, 0, 3321])
        self.assertEqual({what: len(said(AFTER, what)) for what in ("merged", "split", "closed", "moved", "renamed")},
                         {"merged": 3177, "split": 460, "closed": 691, "moved": 129, "renamed": 14})

    def test_every_unit_of_30_june_ends_once_or_stays(self):
        ends = [unit for data in said(AFTER, "merged") for unit in data["from"]]
        ends += [data["from"] for data in said(AFTER, "split")] + [data["unit"] for data in said(AFTER, "closed")]
        stays = set(COUNTRY.old_ids.values()) & set(COUNTRY.new_ids.values())
        self.assertEqual(len(stays), 129 + 11)
        self.assertEqual(sorted(ends + list(stays)), sorted(COUNTRY.old_ids.values()))

    def test_every_new_unit_has_a_predecessor_or_was_there(self):
        made = {data["into"] for data in said(AFTER, "merged")}
        made |= {part["unit"] for data in said(AFTER, "split") for part in data["into"]}
        self.assertEqual(made | set(COUNTRY.old_ids.values()) & set(COUNTRY.new_ids.values()),
                         set(COUNTRY.new_ids.values()))

    def test_the_shares_of_a_divided_commune_add_up_to_exactly_1(self):
        for data in said(AFTER, "split"):
            parts = [Decimal(part["share"]) for part in data["into"]]
            self.assertEqual(sum(parts), 1, data["from"])
            self.assertLessEqual(max(parts) - min(parts), Decimal("0.000001"), data["from"])

    def test_no_commune_is_divided_between_provinces(self):
        for data in said(AFTER, "split"):
            self.assertEqual(len({part["unit"].split(".")[0] for part in data["into"]}), 1, data["from"])

    def test_a_code_names_one_unit_of_its_catalogue_and_a_unit_below_its_parent(self):
        for catalogue, events in ((reform.BEFORE, BEFORE), (reform.AFTER, AFTER)):
            codes = collections.Counter(code["code"] for data in registered(events).values() for code in data["codes"]
                                        if code["catalogue"] == catalogue)
            self.assertEqual(set(codes.values()), {1})
        known = set(registered(BEFORE)) | set(registered(AFTER)) | {"twd"}
        self.assertLessEqual({data["parent"] for data in registered(BEFORE).values()} - {None}, known)
        self.assertLessEqual({data["parent"] for data in registered(AFTER).values()} - {None}, known)

    def test_ids_hold_still(self):
        self.assertEqual([COUNTRY.old_ids[code] for code in ("24", "46", "00001", "16075")],
                         ["bacgiang", "thuathienhue", "hanoi.ba-dinh.phuc-xa", "thanhhoa.hau-loc.hoa-loc-16075"])
        self.assertEqual([COUNTRY.new_ids[code] for code in ("24", "46", "00004", "23737")],
                         ["bacninh-2025", "thuathienhue", "hanoi.phuong-ba-dinh", "gialai.chu-prong.ia-mo"])

    def test_what_two_catalogues_call_by_one_code_are_two_units(self):
        self.assertEqual((COUNTRY.old["24"][1], COUNTRY.new["24"][1]), ("Tỉnh Bắc Giang", "Tỉnh Bắc Ninh"))
        self.assertNotEqual(COUNTRY.old_ids["24"], COUNTRY.new_ids["24"])


if __name__ == "__main__":
    unittest.main()
