"""What the corpus must hold, whoever adds to it or takes away."""
import collections
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import corpus  # noqa: E402
from clean import BINARY, CLEAN, STRUCTURED  # noqa: E402
from json_texts import JSON_TEXTS  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CASES = corpus.over_kafka()
OWN = [case for case in CASES if not case.name.startswith("json/")]
LEAST = 2                                           # examples of a code in each of its modes
ONLY_STRUCTURED = {"data_missing", "data_binary", "too_large"}      # what a binary message cannot be, or is alike
ONLY_BINARY = {"header_invalid"}


def reasons():
    """The codes of the program, from the table it stores them by."""
    with open(os.path.join(ROOT, "events", "message.h")) as file:
        table = re.search(r"enum class Reason : uint8_t \{(.*?)\};", file.read(), re.S)[1]
    return set(re.findall(r"^  (\w+) = \d+,", table, re.M)) - {"none"}


class Corpus(unittest.TestCase):
    def test_every_reason_has_examples_in_each_mode(self):
        counted = collections.Counter((case.code, case.mode) for case in CASES if case.code)
        self.assertEqual({code for code, _ in counted}, reasons())
        for code in reasons():
            for mode, other in (STRUCTURED, ONLY_BINARY), (BINARY, ONLY_STRUCTURED):
                if code not in other:
                    self.assertGreaterEqual(counted[code, mode], 1 if code == "empty" else LEAST, (code, mode))

    def test_size(self):
        self.assertEqual(len(JSON_TEXTS), 318)
        self.assertEqual(len({name for name, _, _ in JSON_TEXTS}), 318)
        self.assertGreaterEqual(sum(case.code is not None for case in OWN), 500)

    def test_every_type_is_taken_and_refused(self):
        for code in (None, "field_missing"):
            kinds = {kind for kind in CLEAN for case in OWN
                     if case.code == code and "/%s" % kind in case.name}
            self.assertEqual(kinds, set(CLEAN) - ({"plan.published", "plan.amended"} if code else set()), code)

    def test_identities_of_what_is_accepted_are_not_used_twice(self):
        seen = collections.Counter()
        for case in CASES:
            if case.code is None:
                headers = dict(case.headers)
                seen[headers.get("ce_source"), headers.get("ce_id") or
                     re.search(rb'"id": ?"([^"]*)"', case.body)[1], case.mode] += 1
        self.assertEqual([identity for identity, times in seen.items() if times > 1], [])

    def test_limits_are_met_at_n_and_n_plus_1(self):
        said = {(case.code, len(case.body)) for case in OWN if case.mode == STRUCTURED and case.body is not None}
        self.assertIn((None, 1 << 20), said)
        self.assertIn(("too_large", (1 << 20) + 1), said)
        for code in "text_too_long", "list_too_long", "too_deep", "span_too_long", "year_invalid", "number_range":
            self.assertTrue(any(case.code == code for case in OWN), code)


if __name__ == "__main__":
    unittest.main()
