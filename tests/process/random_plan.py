"""A plan nobody would print: random formulas of every kind, random targets."""
LEVELS = ("province", "district", "affiliated", "commune", "branch")
KINDS = ("tinh_doan", "huyen_doan", "doan_xa", "doan_phuong", "doan_truc_thuoc", "chi_doan")
AUDIENCES = ("members", "youth", "people", "children")
OUTPUTS = ("accounts", "dossiers", "products", "documents", "site")
FIELDS = {"type": ("training_class", "propaganda", "forum", "sports"), "form": ("online", "hybrid", "in_person"),
          "pillar": ("digital_society", "digital_economy"), "topics": ("kỹ năng số", "VNeID mức 2", "Mobile Money"),
          "task": ("III.a.1", "III.c.2"), "plan": ("tayninh-2024",), "flag.digital": (True, False),
          "unit.level": LEVELS, "unit.kind": KINDS, "unit.parent_level": LEVELS,
          "unit.attr.sector": ("armed_forces", "schools")}
OF_ENTITIES = {"flag.pilot": (True, False), "flag.rank": ("district", "province"), "unit.level": LEVELS}
REGISTERS, STATISTICS, ATTRIBUTES = ("site", "team"), ("members", "dossiers"), ("runs_app", "uses_software")
LINES = (("1", "province"), ("1", "district"), ("2", "province"))
PLAIN = ("count", "sum", "share", "coverage", "milestone")         # what activities and reports sent are enough for
KINDS_OF_FORMULA = PLAIN + ("distinct", "gauge", "state", "rank", "kept", "ratio", "survey", "register", "least", "money",
                            "reference", "reported")
FLOWS = ("count", "sum", "distinct", "money", "milestone", "kept", "reference")
OF_UNITS = {"level": LEVELS, "kind": KINDS, "parent_level": LEVELS, "attr.sector": ("armed_forces", "schools")}
OF_SOME_UNITS = {name: values for name, values in OF_UNITS.items() if name != "level"}  # a denominator that can be
COMPARATORS = (">=", ">=", ">", "<=", "<", "=")
PERIODS = ("2024", "2024-H1", "2024-Q3", "2024-05", "2024s", "plan", "he")
DUE = {"2024-Q1": "2024-04-10", "2024-Q3": "2024-10-04"}
INDICATORS, TARGETS = 14, 24


class RandomPlan:
    def __init__(self, chance, plan, version, kinds=PLAIN):
        self.chance, self.known, self.kinds = chance, [], kinds
        self.document = {
            "plan": plan, "version": version, "unit": "tayninh", "title": {"vi": "Kế hoạch ngẫu nhiên"},
            "valid_from": "2024-01-01" if version == 1 else chance.choice(("2024-02-10", "2024-06-01", "2024-10-01")),
            "first": "2024-01-01", "last": chance.choice(("2024-12-31", "2025-06-30")),
            "calendar": chance.choice(("calendar", "statutory")),
            "periods": [{"id": "he", "first": "2024-06-01", "last": "2024-08-31", "name": {"vi": "Hè"}}],
            "indicators": [self.indicator(n) for n in range(INDICATORS)],
            "obligations": [{"id": "quy", "name": {"vi": "Quý"}, "from": {"level": ["district", "affiliated"]},
                             "to": "tayninh", "requires": ["i0"], "judged_by": chance.choice(("said", "received")),
                             "instances": [{"period": "2024-Q1", "due": {"by": DUE["2024-Q1"]}},
                                           {"period": "2024-Q3", "due": {"before": "2024-10-05"}}]}],
            "targets": [self.target(n) for n in range(TARGETS)]}
        if "money" in kinds:
            self.document["budget"] = [{"line": line, "name": {"vi": line}, "level": level, "years": {"2024": 300, "2025": 200}}
                                       for line, level in LINES]

    def indicator(self, n):
        made = {"id": "i%d" % n, "name": {"vi": "Chỉ tiêu %d" % n}}
        made["formula"] = self.formula(self.chance.choice(self.kinds) if n else "count")
        if reads_reports(made["formula"]):
            made["why_reported"] = {"vi": "không có sự kiện"}
            made["measure"] = self.chance.choice(("people", "percent"))
        self.known.append(made)
        return made

    # ---- filters
    def filter(self, fields=None, depth=2):
        fields, chance = FIELDS if fields is None else fields, self.chance
        kind = chance.randrange(10)
        if depth and kind == 0:
            return {"not": self.filter(fields, depth - 1)}
        if depth and kind == 1:
            return {"any": [self.filter(fields, depth - 1) for _ in range(chance.randrange(1, 3))]}
        if depth and kind == 2:
            return {"all": [self.filter(fields, depth - 1) for _ in range(chance.randrange(3))]}
        names = chance.sample(sorted(fields), chance.choice((0, 1, 1, 2)))
        if "flag.digital" in fields and chance.random() < 0.4:
            return {"flag.digital": True}
        return {name: chance.choice(fields[name]) if chance.random() < 0.6
                else chance.sample(fields[name], min(2, len(fields[name]))) for name in names}

    def unit_filter(self):
        return {} if self.chance.random() < 0.7 else self.filter(OF_UNITS, 1)

    # ---- formulas
    def formula(self, kind, window=True):
        made = {"kind": kind, **getattr(self, kind)()}
        if window and self.chance.random() < 0.15 and made["kind"] not in ("milestone", "state", "rank", "reference"):
            made["window"] = "plan"
        return made

    def distinct(self):
        of = self.chance.choice(("outputs", "people", "reached_units"))
        made = {"of": of, "where": self.filter(depth=1), "counts": self.chance.choice(("upper_bound", "upper_bound", "distinct", "ignore"))}
        if of == "outputs":
            made["output"] = self.chance.choice(REGISTERS)
            if self.chance.random() < 0.4:
                made["only"] = self.filter(OF_ENTITIES, 1)
        elif of == "people" and self.chance.random() < 0.7:
            made["audiences"] = self.chance.sample(AUDIENCES, 2)
        return made

    def gauge(self):
        return {"register": self.chance.choice(REGISTERS), "only": self.filter(OF_ENTITIES, 1)}

    def state(self):
        return self.attribute() if self.chance.random() < 0.6 else self.gauge()

    def attribute(self):
        return {"attribute": self.chance.choice(ATTRIBUTES), "is": True}

    def rank(self):
        return {"statistic": "rank"}

    def kept(self):
        kind = self.chance.choice([k for k in self.kinds if k not in FLOWS + ("reported",)])
        made = {"of": self.formula(kind, False)}
        if self.chance.random() < 0.4:
            made["since"] = self.chance.choice((1, 3) if kind in ("gauge", "state") else (20, 60))
        return made

    def declared(self):
        made = {}
        if self.chance.random() < 0.6:
            made["covers"] = self.chance.choice(("own", "subtree"))
        if self.chance.random() < 0.4:
            made["fresh"] = self.chance.choice(("any", "period"))
        return made

    def ratio(self):
        if self.chance.random() < 0.4:
            made = {"of": "reported", **self.declared()}
            if self.chance.random() < 0.3:
                made["units"] = {"level": self.levels(), "where": self.filter(OF_SOME_UNITS, 0)}
            return made
        statistic = {"kind": "statistic", "statistic": self.chance.choice(STATISTICS), **self.declared()}
        if self.chance.random() < 0.2:
            return {"numerator": self.formula("count", False), "denominator": {"kind": "count", "where": {}}}
        above = self.chance.choice(("count", "sum", "distinct", "distinct", "gauge"))
        return {"numerator": self.formula(above, False), "denominator": statistic}

    def survey(self):
        return {"fresh": "period"} if self.chance.random() < 0.4 else {}

    def reported(self):
        """Overwrites the kind: a sum or a gauge of what reports say."""
        if self.chance.random() < 0.5:
            return {"kind": "sum", "of": "reported"}
        return {"kind": "gauge", "of": "reported", "covers": self.chance.choice(("own", "subtree"))}

    def register(self):
        """Overwrites the kind: coverage of a register."""
        have = {"named_by": self.filter(depth=1)} if self.chance.random() < 0.4 else {"flag.pilot": True}
        return {"kind": "coverage", "register": self.chance.choice(REGISTERS), "only": self.filter(OF_ENTITIES, 0), "have": have}

    def least(self):
        known = [i for i in self.known if i["formula"]["kind"] in ("ratio", "survey", "share", "coverage")]
        made = [{**i["formula"], "indicator": i["id"]} for i in self.chance.sample(known, min(2, len(known)))]
        return {"of": made + [{**self.formula("coverage"), "indicator": "i0"} for _ in range(2 - len(made))]}

    def money(self):
        line, level = self.chance.choice(LINES)
        return {"line": line if self.chance.random() < 0.6 else ["1", "2"], **({"level": level} if self.chance.random() < 0.6 else {})}

    def reference(self):
        return {"of": self.formula("count")} if self.chance.random() < 0.7 else {}

    def count(self):
        return self.credited() if self.chance.random() < 0.3 else {"where": self.filter()}

    def credited(self):
        """Not with conditions on the unit: there the engine looks at the co-unit, and the text means
        the organiser."""
        return {"where": self.filter({k: v for k, v in FIELDS.items() if not k.startswith("unit.")}), "credit": "all"}

    def sum(self):
        of = self.chance.choice(("participants", "participants", "outputs", "cost"))
        more = {}
        if of == "participants" and self.chance.random() < 0.7:
            more["audiences"] = self.chance.sample(AUDIENCES, self.chance.randrange(1, 4))
        if of == "outputs":
            more["output"] = self.chance.choice(OUTPUTS)
        return {"of": of, "where": self.filter(), **more}

    def share(self):
        return {"where": self.filter(depth=1), "among": self.filter(depth=0)}

    def coverage(self):
        units = {"level": self.levels(), "where": self.filter(OF_SOME_UNITS, 0)}
        if self.chance.random() < 0.3:
            units["below"] = "children"
        return {"units": units, "have": self.have(1)}

    def have(self, depth):
        chance = self.chance
        kind = chance.randrange(6 if "gauge" in self.kinds else 4)
        if kind == 4:
            return self.attribute()
        if kind == 5:
            return self.gauge()
        if kind == 3 and not depth:
            kind = chance.randrange(3)
        if kind == 3:
            return {chance.choice(("any", "all")): [self.have(0) for _ in range(2)]}
        if kind == 0:
            return {"reached_by": self.filter(depth=1), "mode": chance.choice(("union", "union", "each")),
                    "by": chance.choice(("own", "subtree", "any"))}
        counts = [i["id"] for i in self.known if i["formula"]["kind"] in ("count", "sum")]
        what = ({"indicator": chance.choice(counts)} if kind == 1 and counts
                else {"formula": {"kind": "count", "where": self.filter(depth=1)}})
        return {**what, "of": "own", "comparator": chance.choice((">=", ">", ">=")), "value": chance.choice((1, 2, 20))}

    def milestone(self):
        if self.chance.random() < 0.4:
            return {"obligation": "quy", "period": self.chance.choice(("2024-Q1", "2024-Q3"))}
        return self.credited() if self.chance.random() < 0.3 else {"where": self.filter()}

    def levels(self):
        return self.chance.choice(("any", "district", "commune", "branch", ["district", "affiliated"],
                                   ["commune", "branch"]))

    # ---- targets
    def target(self, n):
        chance = self.chance
        indicator = chance.choice(self.known)
        kind = indicator["formula"]["kind"]
        scope = chance.choice(("unit", "each", "each", "rollup", "share"))
        if indicator["formula"].get("of") == "reported" and kind == "sum":
            scope = chance.choice(("unit", "rollup"))
        if kind == "milestone" and scope == "share":
            scope = "each"
        percent = ("share", "coverage", "ratio", "survey", "least", "kept")
        amounts = (10, 50, 80, 100, "66.67") if kind in percent or scope == "share" else (0, 1, 2, 30, 500)
        made = {"id": "t%d" % n, "indicator": indicator["id"], "comparator": chance.choice(COMPARATORS),
                "value": chance.choice(amounts), "for": {"scope": scope, "level": self.levels()}, "when": self.when(kind)}
        if kind == "milestone":
            made.update(comparator="=", value=1)
        if "obligation" in indicator["formula"]:         # which must be due on the target's last day
            made["when"] = {"kind": "by", "day": DUE[indicator["formula"]["period"]]}
        if made["comparator"] == "=" and chance.random() < 0.5:
            made["or_more"] = True
        if chance.random() < 0.3:
            made["for"]["where"] = self.unit_filter()
        if chance.random() < 0.3 and kind != "coverage":
            made["for"]["of"] = chance.choice(("own", "subtree"))
        if scope == "share":
            made["inner"] = {"comparator": chance.choice((">=", ">")),
                             "value": chance.choice((10, 50) if kind in percent else (1, 5, 40))}
            if made["when"]["kind"] == "throughout":
                made["when"] = {"kind": "by", "day": "2024-10-31"}
        if made["when"]["kind"] in ("by", "before", "in") and kind not in ("milestone", "money") and scope != "share" \
                and "gauge" in self.kinds and chance.random() < 0.15:
            made["then"] = "hold"
        return made

    def when(self, kind):
        chance = self.chance
        made = chance.choice(({"kind": "each_year", "years": [2024]}, {"kind": "each_year", "years": [2024, 2025]},
                              {"kind": "each_year", "years": [2024], "calendar": "statutory"},
                              {"kind": "by", "day": "2024-09-30"}, {"kind": "before", "day": "2024-07-01"},
                              {"kind": "by", "day": "2025-03-31"}, {"kind": "in", "period": chance.choice(PERIODS)},
                              *([{"kind": "throughout", "last": "2024-10-31"}] * 2
                                if "gauge" in self.kinds and kind not in ("milestone", "money") else ())))
        if made["kind"] in ("by", "before") and chance.random() < 0.4:
            made["first"] = "2024-03-15"
        return made


def reads_reports(formula):
    if isinstance(formula, list):
        return any(map(reads_reports, formula))
    return isinstance(formula, dict) and (formula.get("kind") == "survey" or formula.get("of") == "reported"
                                          or any(map(reads_reports, formula.values())))
