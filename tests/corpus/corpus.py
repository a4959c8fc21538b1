"""Every message of the corpus: the texts of json_texts.py in four places, and malformed.py.

    python3 tests/corpus/corpus.py            how many there are of each verdict
    python3 tests/corpus/corpus.py --write DIR   structured bodies as files, accepted/ and CODE/
"""
import argparse
import collections
import os

from clean import ACTIVITY, BINARY, CONTENT_TYPE, STRUCTURED, Case, Raw, binary, envelope, structured
from json_texts import EMPTY, JSON_TEXTS, OBJECT, as_message, inside
import malformed

A = malformed.A


def json_cases():
    """Each text as the whole body and inside the data of a right event, in both modes."""
    for number, (name, text, what) in enumerate(JSON_TEXTS):
        code = as_message(text, what)
        field = "" if code else "specversion"               # an object that says nothing of an event
        yield Case("json/whole/" + name, STRUCTURED, text, [CONTENT_TYPE[STRUCTURED]], code or "specversion", field)
        headers = binary("", envelope(A, "jw%d" % number, {})).headers
        if code is None:                                    # an object that says nothing of an activity
            code, field = "field_missing", "data.activity"
        elif code != EMPTY:
            field = "data"
        yield Case("json/whole/" + name, BINARY, text, headers, code, field)
        code = inside(what)
        for make, letter in (structured, "s"), (binary, "b"):
            right = make("json/inside/" + name, envelope(A, "ji%s%d" % (letter, number), {**ACTIVITY, "evidence": Raw("@")}),
                         code, "data" if code and make is binary else "")
            yield right._replace(body=right.body.replace(b'"evidence":@', b'"evidence":' + text))


def over_http():
    return list(json_cases()) + malformed.over_http()


def over_kafka():
    return list(json_cases()) + malformed.over_kafka()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", metavar="DIR")
    options = parser.parse_args()
    cases = over_kafka()
    if options.write:
        for number, case in enumerate(c for c in cases if c.mode == STRUCTURED and c.body is not None):
            folder = os.path.join(options.write, case.code or "accepted")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "%05d.json" % number), "wb") as file:
                file.write(case.body)
    counted = collections.Counter((case.code or "accepted", case.mode) for case in cases)
    for (code, mode), count in sorted(counted.items()):
        print("%6d %-10s %s" % (count, mode, code))
    print("%6d in all" % len(cases))


if __name__ == "__main__":
    main()
