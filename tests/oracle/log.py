"""The streams: section 0 (records, recorded_at, order) and section 1 (identity, verdicts).
A message is reduced to an Event at once, so that a million of them fit into memory."""
import base64
import json
from fractions import Fraction

import envelope
import figures
import periods
from figures import nfc, scalar
from strictjson import Num, Refused


class Event:
    """An accepted message.  K is its place in the one order of all records."""
    __slots__ = ("kind", "source", "id", "time_ms", "subject", "body", "K")

    @property
    def recorded_ms(self):
        return self.K[0]

    def sent_ms(self):
        """Section 7: when it was said, but not later than recorded_at."""
        return self.K[0] if self.time_ms is None else min(self.time_ms, self.K[0])


class Activity:
    """The content of activity.recorded and activity.corrected, in the form formulas read it.
    `profile` holds what filters ask for; equal profiles are one object."""
    __slots__ = ("activity", "of_source", "duplicate_of", "unit", "day", "profile", "co_units", "reached_units",
                 "participants", "outputs", "people", "cost")


class Record:
    """One line of the input, judged."""
    __slots__ = ("stream", "position", "stamp_ms", "own_ms", "event", "content", "code", "field",
                 "verdict", "conflict", "K", "line")          # line: of a refused one, to judge it again


_texts, _profiles = {}, {}


def keep(text):
    """NFC, and one object for equal texts."""
    if text is None:
        return None
    return _texts.setdefault(text, nfc(text))


def activity_of(kind, data):
    a = Activity()
    a.activity = nfc(data["activity"])
    a.of_source = None if kind == "activity.recorded" else keep(data.get("of_source"))
    a.duplicate_of = data.get("duplicate_of") if kind == "activity.cancelled" else None
    if kind == "activity.cancelled":
        return a
    a.unit = keep(data["unit"])
    a.day = periods.day_or_time(data["ends"])[0]          # section 3: the local day of its `ends`
    flags = data.get("flags") or {}
    profile = [(f, scalar(data[f])) for f in ("type", "form", "pillar", "topics", "task", "plan", "organisation")
               if data.get(f) is not None]
    profile += [("flag." + nfc(k), scalar(v)) for k, v in sorted(flags.items()) if v is not None]
    profile = tuple(profile)
    a.profile = _profiles.setdefault(profile, profile)
    a.co_units = tuple(keep(u) for u in data.get("co_units") or ())
    a.reached_units = tuple(keep(u) for u in data.get("reached_units") or ())
    a.participants = tuple((keep(k), int(figures.number_text(v))) for k, v in (data.get("participants") or {}).items())
    # (kind, id, None) or (kind, None, count); (audience, ids, None) or (audience, None, count)
    a.outputs = tuple((keep(o["kind"]), keep(o.get("id")), None if o.get("id") is not None
                       else int(figures.number_text(o["count"]))) for o in data.get("outputs") or ())
    a.people = tuple((keep(k), tuple(keep(i) for i in v), None) if type(v) is list
                     else (keep(k), None, int(figures.number_text(v))) for k, v in (data.get("people") or {}).items()
                     if v is not None)
    a.cost = None if data.get("cost") is None else Fraction(figures.number_text(data["cost"]))
    return a


def content_of(event):
    """Section 1, conflict: type, subject, time, actor, data after parsing; a hash stands for it."""
    return hash((event["type"], canonical(event.get("subject")), periods.instant_ms(event.get("time")),
                 canonical(event.get("actor")), canonical(event["data"])))


def canonical(v):
    t = type(v)
    if t is str:
        return figures.number_key(v) if v[-1:].isdigit() and figures.GRAMMAR.match(v) else nfc(v)
    if t is Num:
        return figures.number_key(v.text)
    if t is dict:
        return ("d", frozenset([(nfc(k), canonical(x)) for k, x in v.items()]))
    if t is list:
        return ("l", tuple([canonical(x) for x in v]))
    return ("b", v)


def read_line(line):
    """One line of the input -> Record, judged by itself (the identity comes later)."""
    said = line if type(line) is dict else json.loads(line)
    r = Record()
    r.stream, r.position, r.stamp_ms = keep(said["stream"]), said["position"], said["stamp_ms"]
    r.own_ms = r.event = r.content = r.code = r.field = r.verdict = r.line = None
    r.conflict = False
    if said.get("value_base64") is not None:
        raw = base64.b64decode(said["value_base64"])
    else:
        raw = (said.get("value") or "").encode("utf-8", "surrogatepass")
    headers = said.get("headers")
    own_time = r.stream.startswith("import:") or said.get("time_stamped")
    try:
        if said.get("refused"):                         # by rules older than those of today
            raise Refused(said["refused"])
        kind, event, data = envelope.judge(raw, headers, r.stream)
    except Refused as refused:
        r.code, r.field, r.line = refused.code, refused.field, said
        if own_time:
            r.own_ms = envelope.readable_time(raw, headers)
        return r
    e = Event()
    e.kind, e.source, e.id = kind, keep(event["source"]), nfc(event["id"])
    e.time_ms, e.subject = periods.instant_ms(event.get("time")), keep(event.get("subject"))
    e.body = activity_of(kind, data) if kind.startswith("activity.") else data
    r.event, r.content = e, content_of(event)
    if own_time:
        r.own_ms = e.time_ms
    return r


def clocks(records, own_time):
    """Section 0: recorded_at(p) = max(recorded_at(p-1), stamp(p)); records of one stream in order
    of position.  For an import the stamp is the event's own time, not later than its admission."""
    before = None
    for r in records:
        stamp = r.stamp_ms
        if own_time(r):
            stamp = min(r.own_ms, r.stamp_ms) if r.own_ms is not None else (0 if before is None else before)
        before = stamp if before is None else max(before, stamp)
        r.K = (before, r.stream.encode(), r.position)
        if r.event:
            r.event.K = r.K


def identities(records):
    """Section 1: within one stream the first message of an identity is accepted, later ones are
    duplicates, in conflict if their content differs.  A rejected message takes no identity."""
    first = {}
    for r in records:
        if r.code:
            r.verdict = "rejected"
            continue
        identity = (r.event.source, r.event.id)
        counts = first.setdefault(identity, r)
        if counts is r:
            r.verdict = "accepted"
        else:
            r.verdict, r.conflict, r.event = "duplicate", counts.content != r.content, None


class Log:
    def __init__(self, lines):
        streams = {}
        stamped = set()
        for line in lines:
            if type(line) is not dict:
                line = json.loads(line)
            r = read_line(line)
            if line.get("time_stamped"):
                stamped.add((r.stream, r.position))
            streams.setdefault(r.stream, []).append(r)
        self.streams = {}
        for name in sorted(streams):
            records = sorted(streams[name], key=lambda r: r.position)
            for r, after in zip(records, records[1:]):
                if r.position == after.position:
                    raise ValueError("%s@%d twice in the input" % (name, r.position))
            clocks(records, lambda r: r.stream.startswith("import:") or (r.stream, r.position) in stamped)
            identities(records)
            self.streams[name] = records
        self.ordered = sorted((r for records in self.streams.values() for r in records), key=lambda r: r.K)
        self.keys = [r.K for r in self.ordered]

    def rejudged(self, act):
        """Section 2: the event that a control record has judged again, in that record's place;
        None if it names nothing that was refused before, or that would be refused again."""
        place = act.body
        named = next((r for r in self.streams.get(nfc(place["stream"]), ())
                      if r.position == int(figures.number_text(place["position"]))), None)
        if named is None or not named.code or named.K >= act.K:
            return None
        event = read_line({**named.line, "refused": None}).event
        if event:
            event.K = act.K
        return event

    def verdicts(self):
        """design 3: received = accepted + duplicate + rejected, by stream."""
        answer = {}
        for name, records in self.streams.items():
            counts = {"received": len(records), "accepted": 0, "duplicate": 0, "rejected": 0, "conflicts": 0}
            codes = {}
            for r in records:
                counts[r.verdict] += 1
                counts["conflicts"] += r.conflict
                if r.code:
                    codes[r.code] = codes.get(r.code, 0) + 1
            answer[name] = {**counts, "codes": dict(sorted(codes.items()))}
        return answer

    def verdict(self, stream, position):
        for r in self.streams.get(stream, ()):
            if r.position == position:
                return {"verdict": r.verdict, "conflict": r.conflict, "code": r.code, "field": r.field}
        raise KeyError((stream, position))
