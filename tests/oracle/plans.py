"""A plan version as the formulas and targets read it: section 5, the document."""
import json

import periods
from figures import nfc
from strictjson import Num


class Indicator:
    def __init__(self, said):
        self.id, self.measure, self.formula = nfc(said["id"]), said.get("measure"), said["formula"]


class Plan:
    def __init__(self, doc, K):
        self.K, self.doc, self.id = K, doc, nfc(doc["plan"])
        self.valid_from = periods.day_of(doc["valid_from"])
        self.first, self.last = periods.day_of(doc["first"]), periods.day_of(doc["last"])
        self.statutory = doc.get("calendar") == "statutory"
        self.periods = {nfc(p["id"]): (periods.day_of(p["first"]), periods.day_of(p["last"]))
                        for p in doc.get("periods") or []}
        self.indicators = {nfc(i["id"]): Indicator(i) for i in doc["indicators"]}
        self.targets = doc.get("targets") or []
        self.obligations = doc.get("obligations") or []

    def indicator(self, name):
        return self.indicators[nfc(name)]


def text_of(value):
    """A canonical text of a piece of a document, to remember results by."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=lambda n: ["n", n.text])


def whole(value):
    """An int written as a JSON number or a string."""
    return int(value.text if type(value) is Num else value)
