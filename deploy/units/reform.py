#!/usr/bin/env python3
"""The reorganisation of 1 July 2025 as events, from three tables in reform-2025/; needs no network.

    python3 reform.py before > country-2025-06.ndjson     the country of 30 June: load vietnam.ndjson, then this
    python3 reform.py reform > reform-2025.ndjson         the reorganisation itself, to be loaded after it
    python3 reform.py gather FOLDER                       makes the tables anew from their sources, see README.md

Python 3.11, standard library.
"""
import collections
import json
import os
import sys

from convert import Units, slug, unaccented

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = os.path.join(HERE, "reform-2025")
BEFORE, AFTER = "gso-2025-06", "gso-2025-07"
# The country of 30 June is told as if it had stood since the last great reorganisation; what is not known is the day on
# which each single unit became what it was.
SINCE, TOLD = "2020-02-01", "2024-12-31"
EFFECTIVE, DECIDED = "2025-07-01", "2025-06-16"
OF_PROVINCES = "202/2025/QH15"
SHARE_DIGITS = 6

RANKS = {2: "province", 3: "district", 5: "commune"}
KINDS = {
    "province": (("Thành phố", "thanh_doan", "Thành đoàn"), ("Tỉnh", "tinh_doan", "Tỉnh đoàn")),
    "district": (("Thành phố", "thanh_doan", "Thành đoàn"), ("Thị xã", "thi_doan", "Thị đoàn"),
                 ("Quận", "quan_doan", "Quận đoàn"), ("Huyện", "huyen_doan", "Huyện đoàn")),
    "commune": (("Thị trấn", "doan_thi_tran", "Đoàn thị trấn"), ("Phường", "doan_phuong", "Đoàn phường"),
                ("Đặc khu", "doan_dac_khu", "Đoàn đặc khu"), ("Xã", "doan_xa", "Đoàn xã")),
}
CATALOGUE_OF_COUNTRY = "gso-2024"  # vietnam.ndjson's


def read_table(name):
    with open(os.path.join(TABLES, name + ".tsv"), encoding="utf-8") as opened:
        return [line.rstrip("\n").split("\t") for line in opened if not line.startswith("#")]


def write_table(name, head, rows):
    with open(os.path.join(TABLES, name + ".tsv"), "w", encoding="utf-8", newline="\n") as opened:
        opened.write("# " + "\t".join(head) + "\n")
        opened.writelines("\t".join(row) + "\n" for row in rows)


def kind_of(full_name, level):
    """(its kind, the name of its Union, the name without the kind, the kind as part of an id)"""
    for word, kind, prefix in KINDS[level]:
        if full_name.lower().startswith(word.lower() + " "):
            name = full_name[len(word) + 1:]
            return kind, prefix + " " + name, name, slug(word)
    sys.exit("of no known kind: %s" % full_name)


def shares(parts):
    """Equal shares of `parts` that add up to 1; what is left of the last digit goes to the first."""
    whole = 10 ** SHARE_DIGITS
    units = [whole // parts + (1 if i < whole % parts else 0) for i in range(parts)]
    return ["%d.%0*d" % (u // whole, SHARE_DIGITS, u % whole) for u in units]


def registered_provinces():
    """What vietnam.ndjson says of the provinces, by code."""
    with open(os.path.join(HERE, "vietnam.ndjson"), encoding="utf-8") as opened:
        said = [json.loads(line)["data"] for line in opened]
    return {unit["codes"][0]["code"]: unit for unit in said if "codes" in unit}


def by_rank(code):
    return len(code), code


class Country:
    """Both trees, which unit became which, and what everyone's id is."""

    def __init__(self):
        self.old = {code: (parent, name) for code, parent, name in read_table("before")}
        self.new = {code: (parent, name, said) for code, parent, name, said in read_table("after")}
        self.into, self.out_of = collections.defaultdict(list), collections.defaultdict(list)
        for old, new in read_table("pairs"):
            self.into[old].append(new)
            self.out_of[new].append(old)
        self.known = registered_provinces()
        self.old_ids, self.new_ids, self.taken = {}, {}, set()
        for code in sorted(self.old, key=by_rank):
            self.old_ids[code] = self.take(self.old_id(code), code)
        for code in sorted(self.new, key=by_rank):
            stays = self.same_unit(code)
            self.new_ids[code] = self.old_ids[stays] if stays else self.take(self.new_id(code), code)

    def take(self, unit, code):
        if unit in self.taken:  # the same letters but for accents
            unit += "-" + code
        assert unit not in self.taken, unit
        self.taken.add(unit)
        return unit

    def old_id(self, code):
        parent, full_name = self.old[code]
        level = RANKS[len(code)]
        if level == "province":
            return self.known[code]["unit"]
        _, _, name, word = kind_of(full_name, level)
        part = "-".join((word, slug(name))) if name.isdigit() else slug(name)
        return self.old_ids[parent] + "." + part

    def new_id(self, code):
        parent, full_name, _ = self.new[code]
        level = RANKS[len(code)]
        _, _, name, word = kind_of(full_name, level)
        if level == "province":
            return slug(name).replace("-", "") + "-2025"
        return self.new_ids[parent] + "." + word + "-" + slug(name)

    def same_unit(self, code):
        """The old code of what was left as it was: whole, alone, of its kind, under its code or name; else None."""
        before = self.out_of[code]
        if len(before) != 1 or self.into[before[0]] != [code] or len(before[0]) != len(code):
            return None
        old, new, level = self.old[before[0]][1], self.new[code][1], RANKS[len(code)]
        is_same = kind_of(old, level)[0] == kind_of(new, level)[0] and (before[0] == code or old == new)
        return before[0] if is_same else None


def register(units, id, unit, level, full_name, parent, codes, effective):
    kind, union, _, _ = kind_of(full_name, level)
    units.say(id, "registered", unit, {
        "unit": unit, "kind": kind, "level": level, "name": {"vi": union, "en": unaccented(union)},
        "parent": parent, "effective": effective, "organisation": "doan",
        "codes": [{"catalogue": catalogue, "code": code} for catalogue, code in codes]})


def restate_province(units, id, known, code, catalogues):
    """The same words, with more codes: a registration replaces the list."""
    codes = [{"catalogue": c, "code": code} for c in (CATALOGUE_OF_COUNTRY, *catalogues)]
    units.say(id, "registered", known["unit"], {**known, "codes": codes})


def rename(units, id, unit, union, effective):
    units.say(id, "renamed", unit,
              {"unit": unit, "effective": effective, "name": {"vi": union, "en": unaccented(union)}})


def events_before(country):
    units, known = Units("twd", SINCE, TOLD), country.known
    for code in sorted(country.old, key=by_rank):
        parent, full_name = country.old[code]
        unit, level = country.old_ids[code], RANKS[len(code)]
        if level != "province":
            register(units, "unit-" + unit, unit, level, full_name, country.old_ids[parent], [(BEFORE, code)], SINCE)
            continue
        restate_province(units, "codes-2025-06-" + unit, known[code], code, [BEFORE])
        union = kind_of(full_name, level)[1]
        if union != known[code]["name"]["vi"]:
            rename(units, "name-" + unit, unit, union, "2025-01-01")
    return units.events


def decision_of(country, code):
    """The resolution that reorganised the communes of a new province."""
    return country.new[country.new[code][0] if len(code) == 5 else code][2] + "/NQ-UBTVQH15"


def say_commune_left(units, country, old, new, above):
    """A commune that was left as it was: one more code, another parent, and now and then another name."""
    district, before = country.old[old]
    unit, after = country.new_ids[new], country.new[new][1]
    register(units, "codes-2025-07-" + unit, unit, "commune", before, country.old_ids[district],
             [(BEFORE, old), (AFTER, new)], SINCE)
    units.say("moved-2025-07-" + unit, "moved", unit, {"unit": unit, "effective": EFFECTIVE, "parent": above})
    if after != before:
        rename(units, "name-2025-07-" + unit, unit, kind_of(after, "commune")[1], EFFECTIVE)


def say_units_after(units, country):
    for code in sorted(country.new, key=by_rank):
        parent, full_name, _ = country.new[code]
        unit, level, stays = country.new_ids[code], RANKS[len(code)], country.same_unit(code)
        above = country.new_ids[parent] if parent else "twd"
        if not stays:
            register(units, "unit-" + unit, unit, level, full_name, above, [(AFTER, code)], EFFECTIVE)
        elif level == "province":
            restate_province(units, "codes-2025-07-" + unit, country.known[stays], code, [BEFORE, AFTER])
        else:
            say_commune_left(units, country, stays, code, above)


def say_splits(units, country):
    for code in sorted(country.old):
        parts = country.into[code]
        if len(parts) > 1:
            unit = country.old_ids[code]
            units.say("split-2025-07-" + unit, "split", unit, {
                "from": unit, "effective": EFFECTIVE, "decision": decision_of(country, parts[0]),
                "into": [{"unit": country.new_ids[part], "share": share}
                         for part, share in zip(parts, shares(len(parts)), strict=True)]})


def say_merges(units, country):
    for code in sorted(country.new, key=lambda c: (-len(c), c)):
        unit = country.new_ids[code]
        whole = [country.old_ids[old] for old in country.out_of[code] if len(country.into[old]) == 1]
        if not whole or country.same_unit(code):
            continue
        decision = OF_PROVINCES if len(code) == 2 else decision_of(country, code)
        units.say("merged-2025-07-" + unit, "merged", unit,
                  {"into": unit, "from": whole, "effective": EFFECTIVE, "decision": decision})


def events_of_reform(country):
    units = Units("twd", EFFECTIVE, DECIDED)
    say_units_after(units, country)
    say_splits(units, country)
    say_merges(units, country)
    for code in sorted(country.old):
        if len(code) == 3 and not country.into[code]:
            unit = country.old_ids[code]
            units.say("closed-2025-07-" + unit, "closed", unit, {
                "unit": unit, "effective": EFFECTIVE, "reason": "Kết thúc hoạt động của đơn vị hành chính cấp huyện"})
    return units.events


def print_events(events):
    assert len({e["id"] for e in events}) == len(events), "event ids repeat"
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for e in events:
        print(json.dumps(e, ensure_ascii=False, separators=(",", ":")))


def main():
    if sys.argv[1:] == ["before"]:
        return print_events(events_before(Country()))
    if sys.argv[1:] == ["reform"]:
        return print_events(events_of_reform(Country()))
    if len(sys.argv) == 3 and sys.argv[1] == "gather":
        from gather import gather
        return gather(sys.argv[2], write_table)
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
