"""What platforms say: events with their envelope, and how people come to say things late, twice or wrong."""
import json
import uuid
from datetime import date

PREFIX = "vn.tiendo."
REASONS = ("đếm lại danh sách điểm danh", "nhập nhầm số", "bổ sung hồ sơ", "sai ngày tổ chức", "theo ý kiến cấp trên")
NAMESPACE = uuid.UUID("6d1f0a52-7a52-4c55-9a55-2f6f2d6f0a11")


def day_text(day):
    return date.fromordinal(day).isoformat()


class Voice:
    """Collects the lines of one history, each with the moment it is said; nothing is said after `until`."""

    def __init__(self, seed, plan, top, until):
        self.seed, self.plan, self.top, self.until = seed, plan, top, until
        self.lines, self.count = [], 0

    def say(self, chance, type, platform, day, data, subject=None, ms=None):
        """One event, said on `day`; returns it with its moment, or None if that is too late to be said."""
        if day > self.until:
            return None
        if ms is None:
            ms = (7 * 3600 + chance.between(0, 10 * 3600)) * 1000
        self.count += 1
        event = {"specversion": "1.0", "id": str(uuid.uuid5(NAMESPACE, "%s/%s/%d" % (self.plan, self.seed, self.count))),
                 "source": "urn:%s:%s" % (self.top, platform), "type": PREFIX + type + ".v1"}
        if subject is not None and chance.happens(0.6):
            event["subject"] = subject
        event["time"] = self.time(chance, day, ms)
        if chance.happens(0.8):
            event["actor"] = "cb-%02d" % chance.between(1, 40)
        event["data"] = data
        self.put(day, ms, event)
        return event, day, ms

    def time(self, chance, day, ms):
        s = ms // 1000
        if s >= 25200 and chance.happens(0.05):
            return "%sT%02d:%02d:%02dZ" % (day_text(day), s // 3600 - 7, s // 60 % 60, s % 60)
        return "%sT%02d:%02d:%02d+07:00" % (day_text(day), s // 3600, s // 60 % 60, s % 60)

    def put(self, day, ms, event):
        self.lines.append((day, ms, len(self.lines), json.dumps(event, ensure_ascii=False, separators=(",", ":"))))

    def text(self):
        """The lines in the order in which they are said."""
        return [line[3] for line in sorted(self.lines)]

    # ---- activities
    def lag(self, chance):
        how = chance.odds(("soon", 62), ("weeks", 25), ("months", 10), ("announced", 3))
        low, high = {"soon": (0, 5), "weeks": (5, 30), "months": (30, 100), "announced": (-10, -1)}[how]
        return chance.between(low, high)

    def activity(self, chance, unit, name, ends, data):
        """An activity whose last word is `data`, whatever is said on the way to it. `ends` is its last day."""
        starts = ends - (chance.between(1, 6) if chance.happens(0.12) else 0)
        data = {"activity": name, "unit": unit, "type": "propaganda", "form": "in_person",
                "starts": day_text(starts), "ends": day_text(ends), **data}
        if starts == ends and chance.happens(0.25):
            hour = chance.between(7, 18)
            data["starts"] = "%sT%02d:00:00+07:00" % (day_text(ends), hour)
            data["ends"] = "%sT%02d:30:00+07:00" % (day_text(ends), hour + 2)
        said = min(ends + self.lag(chance), self.until)
        if ends > self.until:
            return
        later = said + chance.between(1, 40)
        how = chance.odds(("plain", 76), ("corrected", 7), ("overtaken", 3), ("again", 4), ("conflict", 2), ("twin", 3),
                          ("revived", 2), ("second", 3)) if later <= self.until else "plain"
        getattr(self, "told_" + how)(chance, unit, said, later, data)

    def record(self, chance, unit, day, data):
        return self.say(chance, "activity.recorded", "hoatdong", day, data, unit)

    def fix(self, chance, unit, day, data):
        self.say(chance, "activity.corrected", "hoatdong", day, dict(data, reason=chance.one(REASONS)), unit)

    def told_plain(self, chance, unit, said, later, data):
        self.record(chance, unit, said, data)

    def told_corrected(self, chance, unit, said, later, data):
        self.record(chance, unit, said, self.mistaken(chance, data))
        self.fix(chance, unit, later, data)

    def told_overtaken(self, chance, unit, said, later, data):
        self.fix(chance, unit, said, data)
        self.record(chance, unit, later, self.mistaken(chance, data))

    def told_again(self, chance, unit, said, later, data):
        event, _, ms = self.record(chance, unit, said, data)
        self.put(later, ms, event)

    def told_conflict(self, chance, unit, said, later, data):
        event, _, ms = self.record(chance, unit, said, data)
        self.put(later, ms, dict(event, data=self.mistaken(chance, data)))

    def told_twin(self, chance, unit, said, later, data):
        twin = dict(data, activity=data["activity"] + "-b")
        self.record(chance, unit, said, data)
        self.record(chance, unit, said, twin)
        self.say(chance, "activity.cancelled", "hoatdong", later,
                 {"activity": twin["activity"], "reason": "báo trùng", "duplicate_of": data["activity"]}, unit)

    def told_revived(self, chance, unit, said, later, data):
        self.record(chance, unit, said, data)
        self.say(chance, "activity.cancelled", "hoatdong", said + (later - said) // 2,
                 {"activity": data["activity"], "reason": "hoãn do mưa lớn"}, unit)
        self.fix(chance, unit, later, data)

    def told_second(self, chance, unit, said, later, data):
        self.record(chance, unit, said, self.mistaken(chance, data))
        self.record(chance, unit, later, data)

    def mistaken(self, chance, data):
        """The same activity as somebody first wrote it down."""
        wrong = dict(data)
        if wrong.get("participants"):
            wrong["participants"] = {k: v + chance.between(1, 30) for k, v in wrong["participants"].items()}
        elif wrong.get("outputs") and len(wrong["outputs"]) > 1:
            wrong["outputs"] = wrong["outputs"][:-1]
        elif wrong.get("flags"):
            wrong["flags"] = {k: not v for k, v in wrong["flags"].items()}
        else:
            wrong["cost"] = chance.between(1, 40)
        return wrong

    # ---- declarations
    def attributes(self, chance, unit, effective, values):
        """Attributes of a unit from a day on, sometimes said wrong first and then right with the same day."""
        said = min(max(effective + chance.between(-5, 30), effective - 5), self.until)
        if effective > self.until:
            return
        if said < self.until and chance.happens(0.06):
            wrong = {name: not value if type(value) is bool else value for name, value in values.items()}
            self.set_attributes(chance, unit, said, effective, wrong)
            said = min(said + chance.between(1, 20), self.until)
        self.set_attributes(chance, unit, said, effective, values)

    def set_attributes(self, chance, unit, said, effective, values):
        self.say(chance, "unit.attributes_set", "tochuc", said,
                 {"unit": unit, "effective": day_text(effective), "attributes": values}, unit)

    def entity(self, chance, register, entity, unit, effective, flags, kind="registered"):
        """An entity registered, updated or removed from a day on."""
        if effective > self.until:
            return
        data = {"register": register, "entity": entity, "unit": unit, "effective": day_text(effective)}
        if flags and kind != "removed":
            data["flags"] = flags
        self.say(chance, "entity." + kind, "danhba", min(effective + chance.between(0, 25), self.until), data, unit)

    def statistic(self, chance, name, unit, as_at, value):
        if as_at > self.until:
            return
        said = min(as_at + chance.between(0, 30), self.until)
        data = {"statistic": name, "unit": unit, "as_at": day_text(as_at), "value": value}
        if value and said < self.until and chance.happens(0.08):
            self.say(chance, "statistic.declared", "thongke", said, dict(data, value=value + chance.between(1, 9)), unit)
            said = min(said + chance.between(1, 15), self.until)
        self.say(chance, "statistic.declared", "thongke", said, data, unit)

    def money(self, chance, kind, line, unit, year, amount, said, entry=None):
        data = {"plan": self.plan, "line": line, "unit": unit, "year": year, "amount": amount}
        if entry:
            data["entry"] = entry
        if kind == "corrected":
            data["reason"] = chance.one(REASONS)
        self.say(chance, "money." + kind, "taichinh", said, data, unit)

    # ---- reports
    def report(self, chance, name, unit, period, figures, said, obligation=None, how=None, ms=None):
        """A report in force at the end, unless `how` is `returned` or `withdrawn`."""
        data = {"report": name, "unit": unit, "plan": self.plan, "period": period, "figures": figures}
        if obligation and (how == "named" or chance.happens(0.7)):
            data["obligation"] = obligation
        room = self.until - said > 40  # for what follows to be said on later days
        how = how or (chance.odds(("plain", 62), ("approved", 18), ("corrected", 12), ("mended", 5), ("twice", 3))
                      if room else "plain")
        first = data
        if how == "corrected":
            first = dict(data, figures=[self.misread(chance, figure) for figure in figures])
        if not self.say(chance, "report.submitted", "baocao", said, first, unit, ms):
            return
        after = min(said + chance.between(1, 20), self.until)
        judged = {"report": name, "by": "ban-tong-hop"}
        if how == "approved":
            self.say(chance, "report.approved", "baocao", after, judged, None)
        elif how in ("returned", "withdrawn", "mended"):
            kind = "withdrawn" if how == "withdrawn" else "returned"
            self.say(chance, "report." + kind, "baocao", after, dict(judged, reason="thiếu số liệu"), None)
        if how in ("corrected", "mended"):
            self.say(chance, "report.corrected", "baocao", after + chance.between(1, 10),
                     {"report": name, "figures": figures, "reason": chance.one(REASONS)}, None)
        if how == "twice":
            self.say(chance, "report.submitted", "baocao", after, data, unit)

    def misread(self, chance, figure):
        wrong = dict(figure)
        if wrong.get("numerator") is not None:
            wrong["numerator"] = max(0, wrong["numerator"] - chance.between(1, 5))
        elif wrong.get("value") is not None:
            wrong["value"] = wrong["value"] + chance.between(1, 9)
        return wrong
