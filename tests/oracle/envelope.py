"""Section 11: is one message well formed?  Decided from the message alone.  Here the envelope, in
the order of the table; judge.py has the data."""
import re

import periods
from judge import VOCABULARY, Problems, a_count, a_text, a_word, byte_length, check_data, check_fields, has_control, has_surrogate
from strictjson import Refused, parse

MAX_BYTES, MAX_ATTRIBUTE = 1 << 20, 200
NAMED = ("specversion", "id", "source", "type", "subject", "actor", "time", "datacontenttype")
CONTROL = ("rejudged", "gap_accepted", "epoch_begun", "rollback_accepted")
_TYPE = re.compile(r"vn\.tiendo\.([a-z._]+)\.v([0-9]+)\Z", re.A)


def judge(raw, headers, stream):
    """bytes and headers -> (kind, envelope, data); raises Refused.  kind is 'activity.recorded'..."""
    if not raw:
        raise Refused("empty")
    if len(raw) > MAX_BYTES:
        raise Refused("too_large")
    headers = pairs(headers)
    binary = is_binary(headers)
    if binary:
        event, said_in = attributes_of(headers)
    else:
        event, said_in = parse(raw), {}
        if type(event) is not dict:
            raise Refused("not_object")

    def place(name):
        if not binary:
            return name
        written = next(header[:3] for header, _ in headers if is_attribute(header))     # ce_ or ce-
        return said_in.get(name, "headers." + written + name)
    media = event.get("datacontenttype")
    if media is not None and not (type(media) is str and is_json_media(media)):
        raise Refused("content_type", place("datacontenttype"))
    if binary:
        try:
            event["data"] = parse(raw)
        except Refused as refused:
            raise Refused(refused.code, "data") from None
    data = event.get("data")
    if "data" in event and type(data) is not dict:
        raise Refused("not_object", "data")
    if event.get("specversion") != "1.0":
        raise Refused("specversion", place("specversion"))
    for name in ("id", "source", "type"):
        if event.get(name) is None:
            raise Refused("attribute_missing", place(name))
    for name in event:
        if name in ("id", "source", "subject", "actor") and event[name] is not None:
            v = event[name]
            if type(v) is not str or not v or byte_length(v) > MAX_ATTRIBUTE or has_control(v) or has_surrogate(v):
                raise Refused("attribute_invalid", place(name))
            if name == "source" and v == "urn:tiendo:control" and stream != "control":
                raise Refused("attribute_invalid", place(name))     # the node's own name
    if event.get("time") is not None and periods.instant_ms(event["time"]) is None:
        raise Refused("time_invalid", place("time"))
    kind = known_type(event["type"], stream, place("type"))
    if "data" not in event:
        raise Refused("data_binary" if event.get("data_base64") is not None else "data_missing",
                      "data_base64" if event.get("data_base64") is not None else "data")
    if event.get("data_base64") is not None:
        raise Refused("data_binary", "data_base64")
    if kind.startswith("control."):
        p = Problems()
        named = {"stream": (True, a_word), "position": (True, a_count)} if kind == "control.rejudged" else {}
        check_fields(p, data, {**named, "reason": (True, a_text)})
        if p.found:
            p.raise_first(data)
    else:
        check_data(kind, data, event.get("subject"), place("subject"))
    return kind, event, data


def known_type(name, stream, field):
    found = _TYPE.match(name) if type(name) is str else None
    if found:
        kind = found[1]
        if kind in VOCABULARY or (stream == "control" and kind in ["control." + c for c in CONTROL]):
            if found[2] != "1":
                raise Refused("type_version", field)
            return kind
    raise Refused("type_unknown", field)


def is_json_media(media):
    bare = media.split(";")[0].strip().lower()
    return bare == "application/json" or (bare.count("/") == 1 and bare.endswith("+json"))


def pairs(headers):
    """None, a dict or a list of [name, value]; bytes that are no UTF-8 are lone surrogates."""
    return list(headers.items()) if type(headers) is dict else [tuple(pair) for pair in headers or ()]


def is_attribute(name):
    return name[:3].lower() in ("ce_", "ce-") and len(name) > 3


def is_binary(headers):
    """Design 8: structured or binary; raises content_type for neither (choice 2)."""
    if not headers:
        return False
    media = next((v for k, v in headers if k.lower() == "content-type"), None)
    bare = media.split(";")[0].strip().lower() if type(media) is str else None
    if bare is not None and bare.startswith("application/cloudevents"):
        if bare != "application/cloudevents+json":
            raise Refused("content_type", "headers.content-type")
        return False
    if any(is_attribute(name) for name, _ in headers):
        if bare is not None and not is_json_media(bare):
            raise Refused("content_type", "headers.content-type")
        return True
    if media is not None:
        raise Refused("content_type", "headers.content-type")
    return False


def attributes_of(headers):
    """({attribute: text}, {attribute: the field that says it}) of the headers of binary mode."""
    event, said_in = {}, {}
    for name, value in headers:
        if not is_attribute(name):
            continue
        if type(value) is str and name[2] == "-":
            value = unescaped(value)
        attribute = name[3:].lower()
        if type(value) is not str or has_surrogate(value) or (attribute in event and attribute in NAMED):
            raise Refused("header_invalid", "headers." + name)
        if attribute not in ("data", "data_base64"):
            event[attribute], said_in[attribute] = value, "headers." + name
    return event, said_in


def unescaped(value):
    """CloudEvents over HTTP: outer quotes go, %XX is a byte; None where a % stands alone."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if re.search("%(?![0-9a-fA-F]{2})", value):
        return None
    raw = re.sub(b"%(..)", lambda m: bytes([int(m[1], 16)]), value.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")


def readable_time(raw, headers):
    """Section 0: the event's own time, of a message that may be refused (choice 3)."""
    try:
        headers = pairs(headers)
        if is_binary(headers):
            said = attributes_of(headers)[0].get("time")
        else:
            event = parse(raw)
            said = event.get("time") if type(event) is dict else None
    except Refused:
        return None
    return periods.instant_ms(said)
