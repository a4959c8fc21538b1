"""Filters of plans read backwards: what must a thing say to match, and which change makes it miss."""

LISTS = ("topics",)


def matches(where, get):
    """Whether a thing matches; `get` gives a field's value, None where it has none."""
    for name, value in (where or {}).items():
        if name == "all":
            good = all(matches(part, get) for part in value)
        elif name == "any":
            good = any(matches(part, get) for part in value)
        elif name == "not":
            good = not matches(value, get)
        else:
            wanted = value if type(value) is list else [value]
            had = get(name)
            good = any(same(h, w) for h in (had if type(had) is list else [had]) for w in wanted)
        if not good:
            return False
    return True


def same(a, b):
    return type(a) is type(b) and a == b


def witness(chance, where):
    """Fields a thing can say to match, {field: value}. Fields of the unit (`unit.*`) and what `not` forbids are left to
    the caller, who checks with `matches`."""
    fields = {}
    for name, value in (where or {}).items():
        if name == "all":
            for part in value:
                merge(fields, witness(chance, part))
        elif name == "any":
            merge(fields, witness(chance, chance.one(value)))
        elif name != "not" and not name.startswith("unit."):
            merge(fields, {name: chance.one(value) if type(value) is list else value})
    return fields


def merge(fields, more):
    for name, value in more.items():
        if name in LISTS:
            fields[name] = fields.get(name, []) + (value if type(value) is list else [value])
        else:
            fields[name] = value


def wrong_value(name, value):
    """Another value of the field, that a near miss would say."""
    if type(value) is bool:
        return not value
    if name == "form":
        return {"in_person": "hybrid", "online": "in_person", "hybrid": "in_person"}[value]
    if name == "type":
        return "meeting" if value != "meeting" else "visit"
    if name in LISTS:
        return []
    return "khac"


def near_miss(chance, fields):
    """The same fields with one of them so that the thing may miss; None where there is nothing to change."""
    if not fields:
        return None
    name = chance.one(sorted(fields))
    return dict(fields, **{name: wrong_value(name, fields[name])})


def put(data, fields):
    """Writes fields, as filters name them, into the data of an activity or entity."""
    for name, value in fields.items():
        if name.startswith("flag."):
            data.setdefault("flags", {})[name[5:]] = value
        elif name in LISTS:
            data[name] = list(dict.fromkeys(value if type(value) is list else [value]))
        else:
            data[name] = value
