#!/usr/bin/env python3
"""The JSON Schemas that the program serves, read by a validator that knows nothing of it: every
right event of tests/corpus fits the schema of its type, and none fits that is refused for a reason
a schema can express.

    schemas_test.py
"""
import argparse
import json
import os
import sys

from program import ROOT, Program, Wrong, add_options, check, say, work_folder

sys.path.insert(0, os.path.join(ROOT, "tests", "corpus"))

import jsonschema  # noqa: E402
import malformed  # noqa: E402
from clean import CLEAN, PREFIX, STRUCTURED, SUFFIX, envelope, structured  # noqa: E402

# Always told by a schema; of the others some are (a level that is missing, a value's list).
EXPRESSIBLE = {"not_object", "specversion", "attribute_missing", "data_missing", "data_binary", "field_missing", "field_type",
               "value_unknown", "year_invalid", "list_empty", "list_too_long", "figure_shape", "output_shape", "code_invalid",
               "text_empty", "number_invalid", "number_negative", "number_not_whole", "period_invalid", "plan_level"}
SHOWN = 40


# The ends of the names of cases whose value is a number: to a schema a number, however it is spelled.
SPELLED = tuple("/%d" % number for number, case in enumerate(malformed.DATA_CASES) if isinstance(case[2], malformed.Raw))


def is_beyond(case):
    """Refused for what no schema sees: the spelling of a number, a formula, a day in a period."""
    if case.code in ("number_invalid", "number_not_whole", "year_invalid"):
        return case.name.endswith(SPELLED)
    if case.code == "value_unknown":
        return "/indicators[0].formula/" in case.name
    return case.code == "period_invalid" and any(day in case.body for day in (b"02-30", b'"1899"', b'"2200"'))


def schemas_of(program):
    status, listed = program.ask("/v1/schemas")
    check(status == 200, "/v1/schemas answered %d" % status)
    check(sorted(row["type"] for row in listed["schemas"]) == sorted(PREFIX + kind + SUFFIX for kind in CLEAN),
          "the list is not that of the contract: %r" % listed)
    for row in listed["schemas"]:
        status, body = program.request("GET", row["schema"])
        check(status == 200, "%s answered %d" % (row["schema"], status))
        check(program.request("GET", "/v1/schemas/" + row["type"])[1] == body, "%s: the full name gives another" % row["type"])
        schema = json.loads(body)
        jsonschema.Draft202012Validator.check_schema(schema)
        yield row["type"], jsonschema.Draft202012Validator(schema)
    check(program.ask("/v1/schemas/activity.recordd")[0] == 404, "a type that is none has a schema")
    check(program.ask("/v1/schemas/control.rejudged")[0] == 404, "a type that no source says has a schema")


def compare(schemas):
    wrong, told = [], {}
    cases = [structured("clean/" + kind, envelope(kind, "e", data)) for kind, data in CLEAN.items()]
    for case in cases + malformed.over_http():
        try:
            event = json.loads(case.body)
        except (ValueError, RecursionError):
            continue
        if case.mode != STRUCTURED or type(event) is not dict or event.get("type") not in schemas:
            continue
        problem = next(schemas[event["type"]].iter_errors(event), None)
        if case.code is None and problem is not None:
            wrong.append("%s is accepted, the schema says: %s" % (case.name, problem.message[:200]))
        if case.code in EXPRESSIBLE and not is_beyond(case):
            told[case.code] = told.get(case.code, 0) + 1
            if problem is None:
                wrong.append("%s is refused, and fits the schema" % case.name)
    check(not wrong, "%d differences\n%s" % (len(wrong), "\n".join(wrong[:SHOWN])))
    untold = EXPRESSIBLE - set(told)
    check(not untold, "no example of %s" % sorted(untold))
    return sum(told.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "schemas") as work:
        try:
            with Program(a.tiendo, os.path.join(work, "data")).start() as program:
                schemas = dict(schemas_of(program))
            say("%d schemas, %d refusals told" % (len(schemas), compare(schemas)))
        except Wrong as wrong:
            say(str(wrong))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
