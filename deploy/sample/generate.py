#!/usr/bin/env python3
"""A plausible year of Youth Union events for Tay Ninh: the same arguments give the same bytes.

    generate.py --seed 1 > year.ndjson                       one CloudEvent (or wrong message) a line
    generate.py --seed 1 --partitions 4 --out year.ndjson    {"partition","key","value"} a line
    generate.py --reference reference.ndjson                 units and plan, to be loaded first

Python 3.11, standard library only. README.md says what is in the stream.
"""
import argparse
import base64
import json
import os
import random
import sys
from bisect import bisect_right
from datetime import date, timedelta
from json.encoder import encode_basestring
from unicodedata import normalize

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = os.path.join(HERE, "..", "units", "tayninh.ndjson")
PLAN = os.path.join(HERE, "..", "plans", "tayninh-2024.json")

PREFIX = "vn.tiendo."
FULL_YEAR = 2000  # the smallest --events that holds everything told on purpose
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

TYPES = ("training_class", "propaganda", "support_desk", "forum", "contest", "festival", "conference",
         "model", "volunteer_team", "stem_playground")
TYPE_ODDS = (26, 48, 66, 74, 80, 84, 88, 92, 98, 100)
OTHER_TYPES = ("blood_donation", "sports", "visit", "tree_planting", "meeting")
PILLARS = ("digital_government", "digital_economy", "digital_society")
TASKS = tuple(tuple("III.%s.%d" % (letter, n + 1) for n in range(count))
              for letter, count in (("a", 6), ("b", 3), ("c", 5)))
TOPICS = (
    ("dịch vụ công trực tuyến", "VNeID mức 2", "Tây Ninh Smart", "phần mềm Quản lý đoàn viên", "hóa đơn điện tử"),
    ("thương mại điện tử", "thanh toán không dùng tiền mặt", "Mobile Money", "sản phẩm OCOP", "khởi nghiệp số"),
    ("kỹ năng số", "an toàn thông tin", "sổ sức khỏe điện tử", "mùa hè số", "địa chỉ số quốc gia"),
)
TITLES = ("Tập huấn kỹ năng số cho đoàn viên", "Ngày hội Thanh niên chuyển đổi số", "Ra quân Tổ công nghệ số cộng đồng",
          "Hướng dẫn người dân nộp hồ sơ trực tuyến", "Cài đặt định danh điện tử mức 2",
          "Tuyên truyền phòng chống lừa đảo trên không gian mạng")
OUTPUTS = ("accounts", "dossiers", "apps_installed", "products", "documents")
REASONS = ("đếm lại danh sách điểm danh", "nhập nhầm số", "bổ sung ảnh và danh sách", "sai ngày tổ chức",
           "theo ý kiến của Huyện đoàn", "gõ nhầm dấu phẩy")
CANCELS = ("hoãn do mưa lớn", "không tổ chức", "nhập nhầm đơn vị", "đơn vị xin rút")
TOKENS = "0123456789abcdefghjkmnpqrstvwxyz"

REGISTRY, REPORTS, OFFICE = "urn:tayninh:tochuc", "urn:tayninh:baocao", "urn:tayninh:tinhdoan"
APP, EGOV, SHEETS, BLOCK = "urn:tayninh:hoatdong", "urn:tayninh:egov", "urn:tayninh:bangtinh", "urn:tayninh:khoi"

# How a unit does in the year: "normal" units report at random; the others are told act by act.
STORIES = ("silent", "idle", "one_short", "low_visits", "exact", "fixed_up", "fixed_down", "cancelled", "late",
           "people_only", "future", "edge_in", "edge_out", "revived", "early_fix", "moved_away")
MUST = {"district": ("one_short", "low_visits"), "affiliated": ("silent", "low_visits"),
        "commune": ("silent", "idle", "low_visits", "exact", "fixed_up", "fixed_down")}
TOLD = {"district": 4, "affiliated": 5, "commune": 30}
NEED = {"district": (2, 1000), "affiliated": (1, 200), "commune": (1, 50)}
PROVINCE = ("by_correction", "full", "one_launch", "partial", "none")  # by seed % 5

SLOTS_FIRST = ("last_minute", "at_deadline", "missing", "returned")
SLOTS = ("early", "early", "on_time", "on_time", "approved", "approved", "late", "last_second_utc", "one_second_late_utc",
         "returned_fixed", "withdrawn", "withdrawn_again", "corrected_after_approval", "two_reports", "null_figure",
         "zero", "refused_then_late", "twice", "missing")


class Unit:
    __slots__ = ("no", "id", "level", "parent", "name", "story", "digital", "weight", "size", "source", "key", "start")

    def __init__(self, no, id, level, parent, name):
        self.no, self.id, self.level, self.parent, self.name = no, id, level, parent, name
        self.story, self.digital, self.weight, self.size = "normal", True, 1.0, 20
        self.source, self.key, self.start = APP, id, 0


class Year:
    """Builds the whole year; lines() gives it day by day."""

    def __init__(self, args):
        self.args = args
        self.rng = random.Random(args.seed)
        self.rand = self.rng.random
        self.bits = self.rng.getrandbits
        self.year, self.parts = args.year, args.partitions
        self.first = date(args.year, 1, 1)
        self.days = (date(args.year + 1, 1, 1) - self.first).days
        self.names = {d: (self.first + timedelta(days=d)).isoformat() for d in range(-800, self.days + 400)}
        self.zero = (self.first.toordinal() - date(1970, 1, 1).toordinal()) * DAY_MS - 7 * HOUR_MS
        self.time_ids = args.ids == "time"
        self.plan = "tayninh-%d" % self.year
        self.pending = {}
        self.today, self.entries = -1, []
        self.seq = 0
        self.counter = {}
        self.homes = {}
        self.slots = []
        self.load_units()
        self.late_units()
        self.weights()
        self.tell_units()
        self.tell_province()
        self.tell_registry()
        self.tell_reports()
        self.tell_strays()
        self.wrong_order = self.shuffled(range(len(WRONG)))
        self.wrong_next = 0

    # ---- chance -------------------------------------------------------------------------------------------------
    def one(self, items):
        return items[int(self.rand() * len(items))]

    def between(self, low, high):
        return low + int(self.rand() * (high - low + 1))

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = int(self.rand() * (i + 1))
            items[i], items[j] = items[j], items[i]
        return items

    def office_hours(self):
        r = self.rand()
        if r < 0.02:
            return int(self.rand() * DAY_MS) // 1000 * 1000
        return (7 * 3600 + int((r + self.rand()) * 7.4 * 3600)) * 1000

    def token(self):
        n = self.bits(50)
        return "n-" + "".join(TOKENS[(n >> s) & 31] for s in range(0, 50, 5))

    # ---- envelope -----------------------------------------------------------------------------------------------
    def stamp(self, day, ms):
        s = ms // 1000
        r = self.rand()
        if r < 0.04:
            s, d = (s - 25200, day) if s >= 25200 else (s + 61200, day - 1)
            return "%sT%02d:%02d:%02dZ" % (self.names[d], s // 3600, s // 60 % 60, s % 60)
        if r < 0.08:
            return "%sT%02d:%02d:%02d.%03d+07:00" % (self.names[day], s // 3600, s // 60 % 60, s % 60, ms % 1000)
        return "%sT%02d:%02d:%02d+07:00" % (self.names[day], s // 3600, s // 60 % 60, s % 60)

    def event(self, type, source, subject, day, ms, actor, data):
        if self.time_ids:
            h = "%012x7%03x%016x" % (self.zero + day * DAY_MS + ms, self.bits(12), self.bits(62) | 1 << 63)
        else:
            n = self.bits(128)
            h = "%032x" % (n & ~(0xF << 76 | 3 << 62) | 4 << 76 | 2 << 62)
        e = {"specversion": "1.0", "id": "%s-%s-%s-%s-%s" % (h[:8], h[8:12], h[12:16], h[16:20], h[20:]),
             "source": source, "type": PREFIX + type + ".v1"}
        if subject:
            e["subject"] = subject
        e["time"] = self.stamp(day, ms)
        if actor:
            e["actor"] = actor
        e["data"] = data
        return e

    def put(self, day, ms, key, text, what, verdict="accepted", code="", stray=False):
        """Plans one line; the order within a day is by time, then by the order of planning."""
        part = 0
        if self.parts > 1:
            part = self.homes[key] % self.parts
        if stray:
            r = self.rand()
            if self.parts > 1:
                part = (part + 1 + int(r * (self.parts - 1))) % self.parts
        self.seq += 1
        entry = (ms, self.seq, part, key, text, what, verdict, code)
        if day == self.today:
            self.entries.append(entry)
        else:
            self.pending.setdefault(day, []).append(entry)

    def say(self, type, source, unit, day, ms, data, actor=None, subject=True, stray=False):
        e = self.event(type, source, data.get("unit", unit.id) if subject else None, day, ms, actor, data)
        self.put(day, ms, unit.key, encode(e), type, stray=stray)
        return e

    # ---- units --------------------------------------------------------------------------------------------------
    def load_units(self):
        self.units, self.by_id = [], {}
        with open(self.args.units, encoding="utf-8") as file:
            for line in file:
                data = json.loads(line)["data"]
                self.add_unit(data["unit"], data["level"], self.by_id.get(data["parent"]), data["name"]["vi"])
        self.province = self.units[0]
        for u in self.units:
            self.homes.setdefault(u.key, len(self.homes))
        self.children = [u for u in self.units if u.level in ("district", "affiliated")]

    def add_unit(self, id, level, parent, name):
        u = Unit(len(self.units), id, level, parent, name)
        if parent is not None and parent.parent is not None:
            u.key = parent.key
        self.units.append(u)
        self.by_id[id] = u
        return u

    def late_units(self):
        """Base Unions of schools and branches that are registered only within the year."""
        self.registered_late = []
        districts = self.shuffled(u for u in self.units if u.level == "district")
        communes = self.shuffled(u for u in self.units if u.level == "commune")
        for u in districts[:8]:
            self.late(u, "thpt", "commune", "doan_co_so", "Đoàn Trường THPT " + u.name.split("đoàn ", 1)[1])
        for n in range(60):
            u = communes[n % 40]
            where = "khu phố" if u.name.startswith(("Đoàn phường", "Đoàn thị")) else "ấp"
            k = n // 40 + 1
            self.late(u, "chi-doan-%d" % k, "branch", "chi_doan", "Chi đoàn %s %d" % (where, k))

    def late(self, parent, slug, level, kind, name):
        u = self.add_unit(parent.id + "." + slug, level, parent, name)
        if self.rand() < 0.5:
            u.start = self.between(2, 40)
        else:
            u.start = self.between(30, self.days - 60)
        self.registered_late.append((u, kind))

    def weights(self):
        base = {"province": 3.0, "district": 2.5, "affiliated": 1.6, "commune": 1.0, "branch": 0.35}
        size = {"province": 120, "district": 80, "affiliated": 40, "commune": 25, "branch": 14}
        stories = {}
        for level in ("district", "affiliated", "commune"):
            pool = self.shuffled(u for u in self.units if u.level == level)
            told = list(MUST[level])
            if level == "commune":
                told += STORIES
            while len(told) < TOLD[level]:
                told.append(self.one(STORIES))
            for u, story in zip(pool, told[:TOLD[level]]):
                stories[u.id] = story
        for u in self.units:
            u.story = stories.get(u.id, "normal")
            u.digital = u.story == "normal"
            r = self.rand()
            u.weight = 0.0 if u.story == "silent" else base[u.level] * (0.15 + 1.7 * r * r)
            u.size = max(4, int(size[u.level] * (0.5 + self.rand())))
            if u.level == "province":
                u.source = OFFICE
            elif u.level == "affiliated":
                u.source = BLOCK
            else:
                r = self.rand()
                u.source = APP if r < 0.7 else EGOV if r < 0.9 else SHEETS
        self.province.weight = 3.0
        self.mode = PROVINCE[self.args.seed % 5]
        self.province.story = self.mode
        self.province.digital = self.mode in ("full", "by_correction", "partial")
        left_out = {"by_correction": 2, "partial": 3}.get(self.mode, 0)
        order = self.shuffled(self.children)
        self.left_out, self.reach_pool = order[:left_out], order[left_out:]
        self.cumulative, total = [], 0.0
        for u in self.units:
            total += u.weight
            self.cumulative.append(total)
        self.total = total
        self.normal = {level: [u for u in self.units if u.story == "normal" and u.level == level and not u.start]
                       for level in ("district", "affiliated", "commune")}
        self.siblings = {}
        for u in self.units:
            if u.parent is not None and not u.start:
                self.siblings.setdefault(u.parent.id, []).append(u.id)

    # ---- activities ---------------------------------------------------------------------------------------------
    def new_activity_id(self, source):
        n = self.counter[source] = self.counter.get(source, 0) + 1
        return "hd%06d" % n

    def content(self, u, activity, said, ends):
        """A whole activity; `ends` is a day number. Units with a story of their own get no digital flag here."""
        rand = self.rand
        data = {"activity": activity, "unit": u.id}
        digital = u.digital and rand() < 0.93
        data["type"] = TYPES[bisect_right(TYPE_ODDS, rand() * 100)] if digital else OTHER_TYPES[int(rand() * 5)]
        r = rand()
        data["form"] = "in_person" if r < 0.6 else "online" if r < 0.87 else "hybrid"
        r = rand()
        names = self.names
        if r < 0.7:
            data["starts"] = names[ends - (1 if r < 0.1 else 0)]
            data["ends"] = names[ends]
        elif r < 0.93:
            h = 7 + int(rand() * 12)
            data["starts"] = "%sT%02d:30:00+07:00" % (names[ends], h)
            data["ends"] = "%sT%02d:00:00+07:00" % (names[ends], h + 2)
        elif r < 0.97:
            data["starts"] = names[ends] + "T01:00:00Z"
            data["ends"] = names[ends] + "T04:30:00Z"
        else:
            data["starts"] = names[ends - 1 - int(rand() * 20)]
            data["ends"] = names[ends]
        r = rand()
        if digital:
            if r < 0.55:
                p = int(rand() * 3)
                data["pillar"] = PILLARS[p]
                if r < 0.35:
                    topics = TOPICS[p]
                    t = int(rand() * 5)
                    data["topics"] = [topics[t]] if r < 0.27 else [topics[t], topics[(t + 1) % 5]]
                    if r < 0.02:
                        data["topics"] = [normalize("NFD", t) for t in data["topics"]]
                if r < 0.2:
                    data["task"] = TASKS[p][int(rand() * len(TASKS[p]))]
            if r > 0.6:
                data["plan"] = self.plan
            data["flags"] = {"digital": True}
        elif r < 0.7:
            data["flags"] = {"digital": False}
        r = rand()
        if r < 0.12:
            data["organisation"] = "doan" if r < 0.06 else "hoi" if r < 0.1 else "doi"
        if rand() < 0.07:
            near = self.siblings.get(u.parent.id if u.parent is not None else "tayninh", ())
            if near:
                a, b = near[int(rand() * len(near))], near[int(rand() * len(near))]
                co = [a] if a == b or rand() < 0.7 else [a, b]
                co = [c for c in co if c != u.id]
                if co:
                    data["co_units"] = co
        if u.level == "province":
            pool = self.reach_pool
            n, i = self.between(2, 6), int(rand() * len(pool))
            data["reached_units"] = [pool[(i + k) % len(pool)].id for k in range(n)]
        elif u.level == "district" and rand() < 0.2:
            pool = self.siblings[u.id]
            n, i = self.between(1, 4), int(rand() * len(pool))
            data["reached_units"] = [pool[(i + k) % len(pool)] for k in range(n)]
        size = u.size
        people = {"members": int(rand() * 2 * size)}
        r = rand()
        if r < 0.75:
            people["youth"] = int(rand() * 1.6 * size)
        if r < 0.2:
            people["children"] = int(rand() * size)
        elif r > 0.65:
            people["people"] = int(rand() * 3 * size)
        data["participants"] = people
        r = rand()
        if r < 0.03:
            data["people"] = {"members": [self.token() for _ in range(self.between(1, 4))]}
        elif r < 0.06:
            data["people"] = {"youth": int(people["members"] * 0.8)}
        elif r < 0.16:
            data["outputs"] = [{"kind": OUTPUTS[int(rand() * 5)], "count": 1 + int(rand() * size)}]
            if r < 0.09:
                data["outputs"].append({"kind": "site", "id": "di-tich-%02d" % int(rand() * 40)})
        r = rand()
        if r < 0.14:
            n = 1 + int(rand() * 400)
            data["cost"] = n / 20 if r < 0.1 else "%d.%03d" % (n // 20, n % 20 * 50)
        r = rand()
        if r < 0.05:
            data["evidence"] = "https://minhchung.tinhdoantayninh.example/%s" % activity
        elif r < 0.12:
            title = TITLES[int(rand() * 6)]
            data["title"] = normalize("NFD", title) if r < 0.07 else title
        return data

    def actor(self, u):
        r = self.rand()
        return None if r < 0.1 else "cb-%03d-%d" % (u.no, int(r * 4) + 1)

    def base(self, day):
        """One random activity said today, with what follows from it in later days."""
        rand = self.rand
        while True:
            u = self.units[bisect_right(self.cumulative, rand() * self.total)]
            if u.start - 12 <= day:
                break
        r = rand()
        if r < 0.55:
            back = int(rand() * 6)
        elif r < 0.835:
            back = 5 + int(rand() * 16)
        elif r < 0.955:
            back = 20 + int(rand() * 41)
        elif r < 0.985:
            back = 60 + int(rand() * 190)
        else:
            back = -1 - int(rand() * 45)
        ends = day - back
        if ends < 0 and rand() < 0.97:
            ends = int(rand() * (day + 1))
        ms = self.office_hours()
        source = u.source
        if rand() < 0.02:
            source = APP
        data = self.content(u, self.new_activity_id(source), day, ends)
        subject = u.id if rand() < 0.6 else None
        e = self.event("activity.recorded", source, subject, day, ms, self.actor(u), data)
        if rand() < self.args.wrong:
            return self.wrong(u, e, day, ms)
        r = rand()
        if r > 0.1:
            return self.put(day, ms, u.key, encode(e), "activity.recorded")
        return self.follow(u, e, day, ms, r * 1000)

    def later(self, day, most):
        """Some days later, at a time of day; None if that is past the year."""
        day += 1 + int(self.rand() * self.rand() * most)
        ms = self.office_hours()
        return (day, ms) if day < self.days else None

    def follow(self, u, e, day, ms, r):
        put, rand, text = self.put, self.rand, encode(e)
        what, data, source = e["type"][10:-3], e["data"], e["source"]
        if r < 4 and day + 1 < self.days:  # corrected or cancelled before it is recorded
            (self.correct if r < 3 else self.cancel)(u, e, day, ms, stray=rand() < 0.5)
            d, m = min(self.days - 1, day + 1 + int(rand() * 10)), self.office_hours()
            e["time"] = self.stamp(d, m)
            return put(d, m, u.key, encode(e), what)
        put(day, ms, u.key, text, what)
        when = self.later(day, 60)
        if when is None:
            return
        d, m = when
        if r < 46:
            self.correct(u, e, d, m, stray=rand() < 0.3)
            if rand() < 0.15 and (when := self.later(d, 60)):
                self.correct(u, e, *when)
        elif r < 61:
            self.cancel(u, e, d, m, stray=rand() < 0.2)
            if rand() < 0.1 and (when := self.later(d, 30)):
                self.correct(u, e, *when)  # revived
        elif r < 67:  # told twice under two names, one taken back
            twin = dict(data, activity=self.new_activity_id(source))
            self.put(d, m, u.key, encode(self.event(what, source, u.id, d, m, self.actor(u), twin)), what)
            if when := self.later(d, 20):
                self.cancel(u, e, *when, twin=twin["activity"])
        elif r < 72:  # recorded a second time
            again = self.changed(u, data)
            self.put(d, m, u.key, encode(self.event(what, source, None, d, m, self.actor(u), again)), what)
        elif r < 75:  # another platform corrects or cancels
            if rand() < 0.7:
                self.correct(u, e, d, m, by=OFFICE if source != OFFICE else REPORTS)
            else:
                self.cancel(u, e, d, m, by=OFFICE if source != OFFICE else REPORTS)
        elif r < 90:  # sent again as it was; mostly minutes later, sometimes days
            if rand() < 0.7:
                d, m = day, min(DAY_MS - 1, ms + 1000 * self.between(1, 7200))
            x = rand()
            if x < 0.15:
                text = encode(dict(sorted(e.items(), reverse=True)))
            elif x < 0.25:
                text = normalize("NFD", text)
            elif x < 0.35:
                text = json.dumps(e, ensure_ascii=True)
            put(d, m, u.key, text, what, "duplicate")
        elif r < 94:  # same identity, other content
            other = dict(e, data=self.changed(u, data, hard=True))
            put(d, m, u.key, encode(other), what, "duplicate", "conflict")
        else:  # the same identity in two partitions
            if rand() < 0.3:
                text, code = encode(dict(e, data=self.changed(u, data, hard=True))), "conflict"
            else:
                code = ""
            if self.parts > 1:
                put(d, m, u.key, text, what, "accepted", "across", stray=True)
            else:
                put(d, m, u.key, text, what, "duplicate", code, stray=True)

    def changed(self, u, data, hard=False):
        new = dict(data)
        members = data["participants"]["members"]
        new["participants"] = dict(data["participants"], members=max(0, members + self.between(-members // 2, 30)))
        if hard:
            new["participants"]["members"] = members + self.between(1, 40)
        return new

    def correct(self, u, e, day, ms, by=None, stray=False):
        rand, data = self.rand, e["data"]
        new = self.changed(u, data)
        r = rand()
        if r < 0.1:
            shift = self.between(1, 25)
            start = date.fromisoformat(data["starts"][:10]) - timedelta(days=shift)
            new["starts"] = start.isoformat() + data["starts"][10:]
        elif r < 0.2:
            start = date.fromisoformat(data["starts"][:10]) + timedelta(days=self.between(-40, 20))
            end = start + timedelta(days=self.between(0, 2))
            new["starts"], new["ends"] = start.isoformat(), end.isoformat()
        elif r < 0.28 and u.story == "normal":
            new["unit"] = self.one(self.normal.get(u.level) or self.normal["commune"]).id
        elif r < 0.33 and "flags" in data and u.digital:
            new["flags"] = {"digital": not data["flags"]["digital"]}
        elif r < 0.4:
            new["form"] = "online" if data["form"] != "online" else "hybrid"
        new["reason"] = self.one(REASONS) if rand() < 0.95 else normalize("NFD", self.one(REASONS))
        source = e["source"]
        if by:
            new["of_source"], source = source, by
        subject = new["unit"] if rand() < 0.5 else None
        fix = self.event("activity.corrected", source, subject, day, ms, self.actor(u), new)
        self.put(day, ms, u.key, encode(fix), "activity.corrected", stray=stray)

    def cancel(self, u, e, day, ms, by=None, twin=None, stray=False):
        data = {"activity": twin or e["data"]["activity"], "reason": self.one(CANCELS) if not twin else "báo trùng"}
        source = e["source"]
        if by:
            data["of_source"], source = source, by
        if twin:
            data["duplicate_of"] = e["data"]["activity"]
        subject = u.id if self.rand() < 0.5 else None
        c = self.event("activity.cancelled", source, subject, day, ms, self.actor(u), data)
        self.put(day, ms, u.key, encode(c), "activity.cancelled", stray=stray)

    # ---- what is told on purpose --------------------------------------------------------------------------------
    def told(self, u, n, day, visits, ends=None, said=None, **more):
        """One digital activity of a unit with a story; returns its event."""
        said = said if said is not None else min(self.days - 1, day + self.between(0, 9))
        youth = visits // 3
        data = {"activity": "kb%02d-%03d" % (n, u.no), "unit": u.id, "type": "training_class", "form": "in_person",
                "starts": self.names[day], "ends": ends or self.names[day], "plan": self.plan,
                "flags": {"digital": True}, "participants": {"members": visits - youth, "youth": youth}}
        if ends:
            data["starts"] = ends
        data.update(more)
        return self.say("activity.recorded", u.source, u, said, self.office_hours(), data, self.actor(u)), said

    def tell_units(self):
        last = self.days - 1
        for u in self.units:
            if u.story not in STORIES or u.story in ("silent", "idle"):
                continue
            acts, visits = NEED[u.level]
            story, n = u.story, acts
            if story == "one_short":
                n, total = acts - 1, visits
            else:
                total = {"low_visits": visits - 1, "fixed_up": visits - 10, "fixed_down": visits + 5,
                         "people_only": visits // 4}.get(story, visits)
            told = []
            for i in range(n):
                part = total // n if i < n - 1 else total - total // n * (n - 1)
                day = self.between(20, 240)
                more, ends, said = {}, None, None
                if story == "people_only":
                    more = {"participants": {"members": part, "children": visits, "people": 3 * visits}}
                if story == "late":
                    said = min(last, day + self.between(70, 120))
                if i == n - 1 and story == "future":
                    day, said = last + self.between(1, 40), self.between(300, last)
                if i == n - 1 and story in ("edge_in", "edge_out"):
                    ends = self.names[last] + ("T16:59:59Z" if story == "edge_in" else "T17:00:00Z")
                    day, said = last, last - self.between(0, 20)
                if i == n - 1 and story == "early_fix":
                    said = day + 15
                told.append(self.told(u, i + 1, day, part, ends, said, **more))
            if not told:
                continue
            e, said = told[-1]
            day, ms, data = min(last, said + self.between(8, 40)), self.office_hours(), dict(e["data"])
            members = data["participants"]["members"]
            if story == "fixed_up":
                data["participants"] = dict(data["participants"], members=members + 10)
            elif story == "fixed_down":
                data["participants"] = dict(data["participants"], members=max(0, members - 6))
            elif story == "early_fix":
                day = said - 10
                data["participants"] = dict(data["participants"], members=members + 3)
            elif story == "moved_away":
                data["unit"] = self.one(self.normal[u.level]).id
            elif story in ("cancelled", "revived"):
                self.cancel(u, e, day, ms)
                if story == "cancelled":
                    continue
                day = min(last, day + self.between(1, 5))
                ms = max(ms, self.office_hours()) if day < last else DAY_MS - 1000
            else:
                continue
            data["reason"] = self.one(REASONS)
            self.say("activity.corrected", u.source, u, day, ms, data, self.actor(u))

    def tell_province(self):
        p, mode = self.province, self.mode
        ids = [c.id for c in self.children]
        half = len(ids) // 2
        out = [c.id for c in self.left_out]
        reached = [i for i in ids if i not in out]
        launch = {"type": "conference", "title": "Triển khai kế hoạch chuyển đổi số năm %d" % self.year}
        if mode == "full":
            self.told(p, 1, 81, 240, reached_units=ids[:half], co_units=ids[:2], **launch)
            self.told(p, 2, 92, 180, reached_units=ids[half:], form="hybrid", **launch)
        elif mode == "one_launch":
            self.told(p, 1, 85, 300, reached_units=ids, **launch)
        elif mode == "none":
            self.told(p, 1, 85, 300, reached_units=ids, **dict(launch, flags={"digital": False}))
        else:
            self.told(p, 1, 81, 250, reached_units=reached, **launch)
            e, said = self.told(p, 2, 150, 90, reached_units=reached, form="online", **launch)
            if mode == "by_correction":
                data = dict(e["data"], reached_units=ids, reason="bổ sung đơn vị dự trực tuyến")
                self.say("activity.corrected", p.source, p, 320, self.office_hours(), data, self.actor(p))

    def tell_registry(self):
        """Units registered, renamed, moved and closed within the year."""
        def unit(type, u, day, data):
            day = min(self.days - 1, max(0, day))
            self.say("unit." + type, REGISTRY, u, day, self.office_hours(), data, "to-chuc-1")

        for u, kind in self.registered_late:
            name = normalize("NFD", u.name) if self.rand() < 0.15 else u.name
            effective = self.names[u.start - self.between(0, 2) * self.between(0, 45)]
            unit("registered", u, u.start, {"unit": u.id, "kind": kind, "level": u.level, "name": {"vi": name},
                                            "parent": u.parent.id, "effective": effective, "organisation": "doan"})
        branches = self.shuffled(u for u in self.units if u.level == "branch")
        schools = self.shuffled(u for u in self.units if u.id.endswith(".thpt"))
        communes = self.shuffled(u for u in self.units if u.level == "commune" and not u.start)
        for u, target in zip(branches[:6], communes):
            day = u.start + self.between(5, 40)
            effective = self.names[day + self.between(-20, 20)]
            unit("moved", u, day, {"unit": u.id, "effective": effective, "parent": target.id,
                                   "reason": "sắp xếp lại chi đoàn"})
        other = next(u for u in self.units if u.level == "district" and u is not schools[0].parent)
        unit("moved", schools[0], schools[0].start + 30, {
            "unit": schools[0].id, "effective": self.names[schools[0].start + 31], "parent": other.id})
        for i, u in enumerate(branches[6:9] + schools[1:2]):
            name = u.name + " (đổi tên)"
            day = u.start + self.between(10, 60)
            unit("renamed", u, day, {"unit": u.id, "effective": self.names[day - 5 * i],
                                     "name": {"vi": normalize("NFD", name) if i == 1 else name}})
        u = branches[9]
        unit("closed", u, u.start + 50, {"unit": u.id, "effective": self.names[u.start + 45], "reason": "giải thể"})
        u = communes[-1]
        kind = "doan_phuong" if "phường" in u.name else "doan_thi_tran" if "thị trấn" in u.name else "doan_xa"
        unit("registered", u, 130, {"unit": u.id, "kind": kind, "level": "commune", "name": {"vi": u.name},
                                    "parent": u.parent.id, "effective": "2020-02-01", "organisation": "doan"})

    def tell_reports(self):
        y = self.year
        dues = (("%d-9M" % y, "nine_month", date(y, 9, 1)), ("%d" % y, "annual", date(y, 12, 1)))
        for period, obligation, due in dues:
            x = (due - self.first).days
            for level in ("district", "affiliated"):
                owing = self.shuffled(u for u in self.units if u.level == level)
                for i, u in enumerate(owing):
                    how = SLOTS_FIRST[i] if i < len(SLOTS_FIRST) else self.one(SLOTS)
                    self.slots.append((period, u.id, how))
                    self.report(u, period, obligation, x, how)
            for u in self.shuffled(self.normal["commune"])[:6]:  # not owed
                self.report(u, period, None, x, "on_time")
        u = self.one(self.normal["district"])
        self.say("report.submitted", REPORTS, u, 190, self.office_hours(), {
            "report": "bc-q2-%03d" % u.no, "unit": u.id, "plan": self.plan, "period": "%d-Q2" % y,
            "figures": [{"indicator": "dx_acts", "value": 3}, {"indicator": "khong_co", "value": 1}]})
        self.say("report.submitted", REPORTS, u, 200, self.office_hours(), {
            "report": "bc-cu-%03d" % u.no, "unit": u.id, "plan": "tayninh-%d" % (y - 1), "period": "%d" % (y - 1),
            "figures": [{"indicator": "dx_acts", "value": 9}]})

    def report(self, u, period, obligation, x, how):
        """One slot: everything said about it. `x` is the first day that is too late."""
        if how == "missing":
            return
        name = "bc-%s-%03d" % ("9t" if period.endswith("9M") else "nam", u.no)
        acts, visits = self.between(1, 40), self.between(100, 4000)
        actor, approver = "cb-%03d-1" % u.no, "ban-phong-trao"

        def figures(a=acts, v=visits):
            return [{"indicator": "dx_acts", "value": a}, {"indicator": "dx_visits", "value": v}]

        def submit(day, ms=None, name=name, time=None, figures=figures()):
            data = {"report": name, "unit": u.id, "plan": self.plan, "period": period, "figures": figures}
            if obligation and self.rand() < 0.7:
                data["obligation"] = obligation
            ms = self.office_hours() if ms is None else ms
            e = self.event("report.submitted", REPORTS, u.id, day, ms, actor, data)
            if time:
                e["time"] = time
            self.put(day, ms, u.key, encode(e), "report.submitted")
            return e

        def judge(type, day, reason=None, who=approver):
            data = {"report": name, "by": who}
            if reason:
                data["reason"] = reason
            source = OFFICE if type != "withdrawn" and self.rand() < 0.3 else REPORTS
            if source != REPORTS:
                data["of_source"] = REPORTS
            self.say("report." + type, source, u, day, self.office_hours(), data, who, subject=self.rand() < 0.5)

        def fix(day, figures, **more):
            self.say("report.corrected", REPORTS, u, day, self.office_hours(),
                     {"report": name, "figures": figures, "reason": self.one(REASONS), **more}, actor,
                     subject=self.rand() < 0.5)

        names, end = self.names, DAY_MS - 1000
        if how == "early":
            submit(x - self.between(15, 45))
        elif how == "last_minute":
            submit(x - 1, end, time=names[x - 1] + "T23:59:59+07:00")
        elif how == "at_deadline":
            submit(x, 0, time=names[x] + "T00:00:00+07:00")
        elif how == "last_second_utc":
            submit(x - 1, end, time=names[x - 1] + "T16:59:59Z")
        elif how == "one_second_late_utc":
            submit(x, 0, time=names[x - 1] + "T17:00:00Z")
        elif how == "late":
            submit(x + self.between(1, 25))
        elif how == "returned":
            submit(x - 6)
            judge("returned", x - 3, "thiếu số liệu tháng 8")
        elif how == "returned_fixed":
            submit(x - 12)
            judge("returned", x - 9, "số lượt không khớp")
            fix(x + self.between(-6, 4), [{"indicator": "dx_visits", "value": visits + 25}])
        elif how == "approved":
            submit(x - self.between(2, 9))
            judge("approved", x + self.between(0, 9))
        elif how == "withdrawn":
            submit(x - 8)
            judge("withdrawn", x - 4, "nộp nhầm", actor)
        elif how == "withdrawn_again":
            submit(x - 9)
            judge("withdrawn", x - 7, "nộp nhầm", actor)
            submit(x - 5, figures=figures(acts + 1))
        elif how == "corrected_after_approval":
            submit(x - 10)
            judge("approved", x - 5)
            fix(x + self.between(1, 20), [{"indicator": "dx_acts", "value": acts + 2}], decision="12-CV/TĐTN")
        elif how == "two_reports":
            submit(x - 9)
            submit(x - 2, name=name + "-bs", figures=[{"indicator": "dx_visits", "value": visits + 60}])
        elif how == "null_figure":
            submit(x - 4, figures=figures(v=None))
        elif how == "zero":
            submit(x - 4, figures=figures(0, 0))
        elif how == "twice":
            submit(x - 20)
            submit(x + 3, figures=figures(acts + 1, visits + 90))
        elif how == "refused_then_late":
            ms = self.office_hours()
            data = {"report": name, "unit": u.id, "plan": self.plan, "period": period,
                    "figures": [{"indicator": "dx_visits", "value": "1.234,0"}]}
            e = self.event("report.submitted", REPORTS, u.id, x - 2, ms, actor, data)
            self.put(x - 2, ms, u.key, encode(e), "wrong", "rejected", "number_invalid")
            e["data"] = dict(data, figures=figures())
            d = x + self.between(1, 5)
            e["time"] = "%sT09:15:00+07:00" % names[d]
            self.put(d, 33_300_000, u.key, encode(e), "report.submitted")
        else:
            submit(x - self.between(2, 10))

    def tell_strays(self):
        """Activities that wait for ever, and corrections of what nobody recorded."""
        u = self.one(self.normal["district"])
        for n in range(3):
            data = self.content(u, "ma%02d" % n, 100, 99)
            data["unit"] = u.id + ".khong-co"
            e = self.event("activity.recorded", u.source, None, 100 + n, HOUR_MS * 9, "cb-900-1", data)
            self.put(100 + n, HOUR_MS * 9, u.key, encode(e), "activity.recorded")
        fake = self.event("activity.recorded", u.source, None, 140, HOUR_MS * 9, None,
                          self.content(u, "khong-ai-ghi", 140, 139))
        self.correct(u, fake, 141, HOUR_MS * 10)
        fake["data"]["activity"] = "khong-ai-ghi-2"
        self.cancel(u, fake, 142, HOUR_MS * 10)

    # ---- wrong messages -----------------------------------------------------------------------------------------
    def wrong(self, u, e, day, ms):
        name, code, make = WRONG[self.wrong_order[self.wrong_next]]
        self.wrong_next = (self.wrong_next + 1) % len(WRONG)
        mend = self.rand() < 0.3
        mended = encode(e)
        if self.parts == 1 and name in ("bytes", "empty"):
            code, make = "not_json", lambda year, e: "Connection reset by peer"
        self.put(day, ms, u.key, make(self, json.loads(mended)), "wrong", "rejected", code)
        if mend and (when := self.later(day, 10)):  # a refused identity may come again, mended
            e["time"] = self.stamp(*when)
            self.put(*when, u.key, encode(e), "activity.recorded")

    # ---- the year -----------------------------------------------------------------------------------------------
    def day_weights(self):
        out = []
        for d in range(self.days):
            x = self.first + timedelta(days=d)
            w = (1.0, 0.6, 1.8, 1.0, 1.1, 1.4, 1.5, 1.5, 1.0, 1.6, 1.4, 0.9)[x.month - 1]
            if x.weekday() >= 5:
                w *= 0.55
            out.append(w * (0.7 + 0.6 * self.rand()))
        return out

    def lines(self):
        wanted = max(self.args.events, FULL_YEAR)
        weights = self.day_weights()
        total, passed, done, kept = sum(weights), 0.0, 0, sum(len(p) for p in self.pending.values())
        told = {d: len(p) for d, p in self.pending.items()}
        free = wanted - kept  # told lines come on top of the daily share
        share = 0
        for day in range(self.days):
            passed += weights[day]
            share += told.get(day, 0)
            quota = (wanted if day == self.days - 1 else int(free * passed / total) + share) - done
            self.today = day
            self.entries = self.pending.pop(day, [])
            while len(self.entries) < quota:
                self.base(day)
            entries = self.entries
            if len(entries) > quota and day == self.days - 1:  # keep the number exact: drop what was planned last
                entries.sort(key=lambda x: x[1])
                del entries[max(quota, told.get(day, 0)):]
            entries.sort()
            done += len(entries)
            yield entries


# Each: name, the refusal expected (semantics 11), how the message is made from a good activity.
def data_with(**fields):
    def make(year, e):
        for k, v in fields.items():
            if v is KeyError:
                e["data"].pop(k, None)
            else:
                e["data"][k] = v
        return encode(e)
    return make


def event_with(**fields):
    def make(year, e):
        for k, v in fields.items():
            if v is KeyError:
                e.pop(k, None)
            else:
                e[k] = v
        return encode(e)
    return make


def visits(raw):
    def make(year, e):
        e["data"]["participants"] = {"members": "@@"}
        return encode(e).replace('"@@"', raw)
    return make


def cost(raw):
    def make(year, e):
        e["data"]["cost"] = "@@"
        return encode(e).replace('"@@"', raw)
    return make


def other(type, **data):
    def make(year, e):
        e["type"] = PREFIX + type + ".v1"
        e["data"] = {k: e["data"]["unit"] if v == "@unit" else v for k, v in data.items()}
        if type != "unit.registered":
            e.pop("subject", None)
        else:
            e["subject"] = e["data"]["unit"]
        return encode(e)
    return make


def figures(*rows, period=None):
    def make(year, e):
        unit = e["data"]["unit"]
        e["type"], e["subject"] = PREFIX + "report.submitted.v1", unit
        e["data"] = {"report": "bc-sai", "unit": unit, "plan": year.plan,
                     "period": period or "%d-9M" % year.year, "figures": list(rows)}
        return encode(e)
    return make


def text(make_text):
    return lambda year, e: make_text(encode(e))


WRONG = (
    ("cut", "not_json", text(lambda s: s[:len(s) * 2 // 3])),
    ("tail", "not_json", text(lambda s: s + "}")),
    ("two", "not_json", text(lambda s: s + " " + s)),
    ("comma", "not_json", text(lambda s: s[:-1] + ",}")),
    ("single_quotes", "not_json", text(lambda s: s.replace('"', "'"))),
    ("html", "not_json", text(lambda s: "<html><body>502 Bad Gateway</body></html>")),
    ("words", "not_json", text(lambda s: "xin chào, em gửi báo cáo tháng 5 ạ")),
    ("nan", "not_json", visits("NaN")),
    ("leading_zero", "not_json", visits("007")),
    ("raw_control", "not_json", data_with(title="a@@b")),
    ("bytes", "not_utf8", text(lambda s: s.encode("utf-8").replace(b'"data":{', b'"data":{"title":"\xc3\x28\xff",', 1))),
    ("bom", "not_utf8", text(lambda s: "\ufeff" + s)),
    ("empty", "empty", text(lambda s: "")),
    ("array", "not_object", text(lambda s: "[" + s + "]")),
    ("number", "not_object", text(lambda s: "42")),
    ("null", "not_object", text(lambda s: "null")),
    ("data_text", "not_object", event_with(data="activity")),
    ("data_array", "not_object", event_with(data=[1, 2])),
    ("deep", "too_deep", text(lambda s: s[:-2] + ',"x":' + "[" * 40 + "]" * 40 + "}}")),
    ("key_twice", "duplicate_key", text(lambda s: s.replace('"data":{', '"data":{"unit":"tayninh",', 1))),
    ("id_twice", "duplicate_key", text(lambda s: '{"id":"x",' + s[1:])),
    ("specversion", "specversion", event_with(specversion="0.3")),
    ("no_id", "attribute_missing", event_with(id=KeyError)),
    ("no_source", "attribute_missing", event_with(source=KeyError)),
    ("no_type", "attribute_missing", event_with(type=KeyError)),
    ("empty_id", "attribute_invalid", event_with(id="")),
    ("long_id", "attribute_invalid", event_with(id="x" * 201)),
    ("number_id", "attribute_invalid", event_with(id=17)),
    ("empty_actor", "attribute_invalid", event_with(actor="")),
    ("control_source", "attribute_invalid", event_with(source="urn:tayninh:\u0007")),
    ("month_13", "time_invalid", event_with(time="2024-13-05T08:00:00+07:00")),
    ("no_offset", "time_invalid", event_with(time="2024-05-05T08:00:00")),
    ("local_time", "time_invalid", event_with(time="05/05/2024 08:00")),
    ("type_unknown", "type_unknown", event_with(type="vn.tiendo.activity.liked.v1")),
    ("type_foreign", "type_unknown", event_with(type="com.example.order.created")),
    ("type_version", "type_version", event_with(type="vn.tiendo.activity.recorded.v9")),
    ("no_data", "data_missing", event_with(data=KeyError)),
    ("data_binary", "data_binary", event_with(data_base64="eyJhIjoxfQ==")),
    ("no_unit", "field_missing", data_with(unit=KeyError)),
    ("no_activity", "field_missing", data_with(activity=KeyError)),
    ("no_ends", "field_missing", data_with(ends=KeyError)),
    ("null_unit", "field_missing", data_with(unit=None)),
    ("unit_number", "field_type", data_with(unit=25675)),
    ("topics_text", "field_type", data_with(topics="kỹ năng số")),
    ("visits_list", "field_type", data_with(participants=[30, 20])),
    ("flags_list", "field_type", data_with(flags=["digital"])),
    ("other_subject", "subject_mismatch", event_with(subject="tayninh.khac")),
    ("empty_activity", "id_invalid", data_with(activity="")),
    ("spaces", "id_invalid", data_with(activity=" hd 1 ")),
    ("long_activity", "id_invalid", data_with(activity="h" * 201)),
    ("blank_reason", "text_empty", other("activity.cancelled", activity="hd000001", reason="  ")),
    ("long_reason", "text_too_long", other("activity.cancelled", activity="hd000001", reason="dài " * 1001)),
    ("control_text", "text_invalid", other("activity.cancelled", activity="hd000001", reason="nhầm\u0001")),
    ("surrogate", "text_invalid", lambda year, e: other("activity.cancelled", activity="hd000001",
                                                       reason="nhầm@@")(year, e).replace("@@", "\\ud83d")),
    ("form_words", "value_unknown", data_with(form="trực tuyến")),
    ("organisation", "value_unknown", data_with(organisation="cong_doan")),
    ("no_such_day", "date_invalid", data_with(starts="2023-02-29", ends="2023-03-01")),
    ("day_month", "date_invalid", data_with(starts="05/03/2024", ends="05/03/2024")),
    ("year_0024", "date_invalid", data_with(starts="0024-03-05", ends="0024-03-05")),
    ("reversed", "dates_reversed", data_with(starts="2024-05-09", ends="2024-05-02")),
    ("long_span", "span_too_long", data_with(starts="2020-01-01", ends="2024-01-05")),
    ("year", "year_invalid", other("money.spent", plan="tayninh-2024", line="1", unit="@unit", year=24, amount=3.5)),
    ("period", "period_invalid", figures({"indicator": "dx_acts", "value": 2}, period="2024-13")),
    ("thousands", "number_not_whole", visits('"1.000"')),
    ("half", "number_not_whole", visits("2.5")),
    ("point_zero", "number_not_whole", visits("45.0")),
    ("comma_number", "number_invalid", visits('"1,5"')),
    ("exponent", "number_invalid", visits("1e3")),
    ("exponent_text", "number_invalid", visits('"1E3"')),
    ("zeros_text", "number_invalid", visits('"007"')),
    ("minus_zero", "number_invalid", visits("-0")),
    ("words_number", "number_invalid", visits('"khoảng 50"')),
    ("negative", "number_negative", visits("-5")),
    ("range", "number_range", visits("1234567890123456789")),
    ("precision", "number_precision", cost("0.1234567")),
    ("no_figures", "list_empty", figures()),
    ("figure_twice", "list_repeats", figures({"indicator": "dx_acts", "value": 2}, {"indicator": "dx_acts", "value": 3})),
    ("figure_shape", "figure_shape", figures({"indicator": "dx_acts", "value": 2, "numerator": 1, "denominator": 2})),
    ("shares", "shares_invalid", {}),
    ("own_parent", "self_reference", other("unit.registered", unit="@unit", kind="chi_doan", level="branch",
                                           name={"vi": "Chi đoàn"}, parent="@unit", effective="2024-01-01")),
    ("code", "code_invalid", other("unit.registered", unit="tayninh.ma", kind="chi_doan", level="branch",
                                   name={"vi": "Chi đoàn"}, parent="tayninh", effective="2024-01-01",
                                   codes=[{"code": "25675"}])),
    ("output", "output_shape", data_with(outputs=[{"kind": "site", "id": "di-tich-01", "count": 2}])),
)
WRONG = tuple(
    (n, c, other("unit.split", **{"from": "@unit"}, into=[{"unit": "tayninh.a", "share": 0.5},
                                                         {"unit": "tayninh.b", "share": 0.4}],
                 effective="2024-07-01")) if n == "shares"
    else (n, c, lambda year, e, make=m: make(year, e).replace("@@", "\u0002")) if n == "raw_control"
    else (n, c, m) for n, c, m in WRONG)


def write_reference(args, path):
    """The units file as it is, then one plan.published event."""
    with open(args.units, encoding="utf-8") as file:
        out = file.read()
    with open(args.plan, encoding="utf-8") as file:
        plan = json.load(file)
    out += encode({"specversion": "1.0", "id": "plan-%s-v%d" % (plan["plan"], plan["version"]),
                   "source": "urn:tayninh:kehoach", "type": PREFIX + "plan.published.v1", "subject": plan["unit"],
                   "time": plan["valid_from"] + "T00:00:00+07:00", "actor": "ban-phong-trao", "data": plan}) + "\n"
    with open_out(path) as file:
        file.write(out.encode("utf-8"))


def open_out(path):
    return open(1, "wb", closefd=False) if path == "-" else open(path, "wb")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--seed", type=int, default=1, help="whole number; seed %% 5 picks how the province does")
    p.add_argument("--events", type=int, default=20000, help="lines in all, exactly (default 20000)")
    p.add_argument("--partitions", type=int, default=1, help="more than 1: lines of {partition, key, value}")
    p.add_argument("--out", help="file, or - (the default, unless --reference is given alone)")
    p.add_argument("--year", type=int, default=2024, help="2024 is the year of the shipped plan")
    p.add_argument("--wrong", type=float, default=0.01, help="share of wrong messages (default 0.01)")
    p.add_argument("--ids", choices=("random", "time"), default="random")
    p.add_argument("--reference", metavar="FILE", help="write the units and the plan as events")
    p.add_argument("--verdicts", metavar="FILE", help="write for each line: number, verdict, code, what (TSV)")
    p.add_argument("--stories", metavar="FILE", help="write what each unit and report slot does on purpose (TSV)")
    p.add_argument("--units", default=UNITS, help=argparse.SUPPRESS)
    p.add_argument("--plan", default=PLAN, help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.events < 0 or args.partitions < 1 or not 0 <= args.wrong < 0.9 or not 2024 <= args.year <= 2100:
        p.error("--events >= 0, --partitions >= 1, 0 <= --wrong < 0.9, 2024 <= --year <= 2100")
    if args.reference:
        write_reference(args, args.reference)
        if args.out is None:
            return
    year = Year(args)
    if args.stories:
        with open_out(args.stories) as file:
            rows = [("unit", u.id, u.story) for u in year.units] + [("slot " + s, u, how) for s, u, how in year.slots]
            file.write("".join("\t".join(r) + "\n" for r in rows).encode())
    labels = open_out(args.verdicts) if args.verdicts else None
    n = 0
    with open_out(args.out or "-") as out:
        for entries in year.lines():
            entries = entries[:args.events - n]
            if args.partitions == 1:
                out.write("".join([x[4] + "\n" for x in entries]).encode("utf-8"))
            else:
                out.write("".join([
                    '{"partition":%d,"key":"%s","value":%s}\n' % (x[2], x[3], encode_basestring(x[4]))
                    if x[4].__class__ is str else '{"partition":%d,"key":"%s","value_base64":"%s"}\n' % (
                        x[2], x[3], base64.b64encode(x[4]).decode()) for x in entries]).encode("utf-8"))
            if labels:
                labels.write("".join(["%d\t%s\t%s\t%s\n" % (n + i, x[6], x[7], x[5])
                                      for i, x in enumerate(entries, 1)]).encode())
            n += len(entries)
            if n == args.events:
                break
    if labels:
        labels.close()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os.close(1)
        sys.exit(1)
