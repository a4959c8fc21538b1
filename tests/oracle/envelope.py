"""Section 11: is one message well formed?  Decided from the message alone.  Here the envelope, in
the order of the table; judge.py has the data."""
import re

import periods
from judge import VOCABULARY, Problems, a_text, byte_length, check_data, check_fields, has_control, has_surrogate
from strictjson import Refused, parse

MAX_BYTES, MAX_ATTRIBUTE = 1 << 20, 200
CONTROL = ("rejudged", "gap_accepted", "epoch_begun", "rollback_accepted")
_TYPE = re.compile(r"vn\.tiendo\.([a-z._]+)\.v([0-9]+)\Z", re.A)


def judge(raw, headers, stream):
    """bytes and headers -> (kind, envelope, data); raises Refused.  kind is 'activity.recorded'..."""
    if not raw:
        raise Refused("empty")
    if len(raw) > MAX_BYTES:
        raise Refused("too_large")
    binary = is_binary(headers)
    if binary:
        for name, value in headers.items():
            if name.lower().startswith("ce_") and (type(value) is not str or has_surrogate(value)):
                raise Refused("header_invalid", name)
        event = {name.lower()[3:]: value for name, value in headers.items() if name.lower().startswith("ce_")}
        event["data"] = parse(raw)
    else:
        event = parse(raw)
        if type(event) is not dict:
            raise Refused("not_object")
        media = event.get("datacontenttype")
        if media is not None and not (type(media) is str and is_json_media(media)):
            raise Refused("content_type", "datacontenttype")
    data = event.get("data")
    if "data" in event and type(data) is not dict:
        raise Refused("not_object", "data")
    if event.get("specversion") != "1.0":
        raise Refused("specversion", "specversion")
    for name in ("id", "source", "type"):
        if event.get(name) is None:
            raise Refused("attribute_missing", name)
    for name in event:
        if name in ("id", "source", "subject", "actor") and event[name] is not None:
            v = event[name]
            if type(v) is not str or not v or byte_length(v) > MAX_ATTRIBUTE or has_control(v) or has_surrogate(v):
                raise Refused("attribute_invalid", name)
    if event.get("time") is not None and periods.instant_ms(event["time"]) is None:
        raise Refused("time_invalid", "time")
    kind = known_type(event["type"], stream)
    if "data" not in event:
        raise Refused("data_binary" if event.get("data_base64") is not None else "data_missing", "data")
    if event.get("data_base64") is not None:
        raise Refused("data_binary", "data_base64")
    if kind.startswith("control."):
        p = Problems()
        check_fields(p, data, {"reason": (True, a_text)})
        if p.found:
            p.raise_first(data)
    else:
        check_data(kind, data, event.get("subject"))
    return kind, event, data


def known_type(name, stream):
    found = _TYPE.match(name) if type(name) is str else None
    if found:
        kind = found[1]
        if kind in VOCABULARY or (stream == "control" and kind in ["control." + c for c in CONTROL]):
            if found[2] != "1":
                raise Refused("type_version", "type")
            return kind
    raise Refused("type_unknown", "type")


def is_json_media(media):
    bare = media.split(";")[0].strip().lower()
    return bare == "application/json" or (bare.count("/") == 1 and bare.endswith("+json"))


def is_binary(headers):
    """Design 8: structured or binary; raises content_type for neither (choice 2)."""
    if not headers:
        return False
    media = next((v for k, v in headers.items() if k.lower() == "content-type"), None)
    bare = media.split(";")[0].strip().lower() if type(media) is str else None
    if bare is not None and bare.startswith("application/cloudevents"):
        if bare != "application/cloudevents+json":
            raise Refused("content_type")
        return False
    if any(k.lower().startswith("ce_") for k in headers):
        if bare is not None and not is_json_media(bare):
            raise Refused("content_type")
        return True
    if media is not None:
        raise Refused("content_type")
    return False


def readable_time(raw, headers):
    """Section 0: the event's own time, of a message that may be refused (choice 3)."""
    try:
        if is_binary(headers):
            said = next((v for k, v in headers.items() if k.lower() == "ce_time"), None)
        else:
            event = parse(raw)
            said = event.get("time") if type(event) is dict else None
    except Refused:
        return None
    return periods.instant_ms(said)
