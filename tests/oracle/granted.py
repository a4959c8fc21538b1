"""Who may speak: section 1, grants and revocations."""
import periods
from figures import nfc


class Grants:
    def __init__(self, events):
        """The source.* events of V in order."""
        self.granted, self.revoked, self.first = {}, {}, None
        for e in events:
            kept = self.granted if e.kind == "source.granted" else self.revoked
            kept.setdefault(nfc(e.body["source"]), []).append(e)
            if e.kind == "source.granted" and self.first is None:
                self.first = e.K

    def free(self, e):
        """Until the first grant in order everyone may; source.*, and the node's own operators, always."""
        return self.first is None or e.K < self.first or e.kind.startswith("source.") or e.source == "urn:tiendo:control"

    def allowed(self, e, spoken_of, units):
        """Has the record effect?  `spoken_of`: the units it is about, None for those not said."""
        return self.free(e) or all(self.covered(e, unit, units) for unit in spoken_of or [None])

    def covered(self, e, unit, units):
        chain, day = (), periods.local_day(e.recorded_ms)
        if unit is not None and unit in units.units:
            node = units.whole(unit, day, day, True).node
            chain = {unit} | (units.chain(node, units.segment(day)) if node is not None else set())

        def speaks_of(said):
            """Does a grant or revocation speak of this unit and this type?"""
            named, types = said.body.get("units"), said.body.get("types")
            return ((named is None or any(n == "*" or nfc(n) in chain for n in named))
                    and (types is None or any(t in (e.kind, "vn.tiendo.%s.v1" % e.kind) for t in types)))
        ends = [r.K for r in self.revoked.get(e.source, ()) if speaks_of(r)]
        return any(speaks_of(g) and not any(min(g.K, e.K) < r < max(g.K, e.K) for r in ends)
                   for g in self.granted.get(e.source, ()))


def unit_of(e):
    """data.unit, else subject."""
    body = e.body
    said = body.get("unit") if type(body) is dict else getattr(body, "unit", None)
    return nfc(said) if said is not None else e.subject


def in_turn(events, base_kind, allowed):
    """Section 1, Activities: the first base that may be said is the base, whatever its place in the
    order; every other event of the key follows in order, if it may also speak of the unit the thing
    has by then.  None: all of them wait."""
    base = next((e for e in events if e.kind == base_kind and allowed(e, [unit_of(e)])), None)
    if base is None:
        return None
    turn, unit = [base], unit_of(base)
    for e in events:
        if e is not base and allowed(e, [u for u in (unit_of(e), unit) if u is not None]):
            turn.append(e)
            said = e.body.get("unit") if type(e.body) is dict else getattr(e.body, "unit", None)
            unit = nfc(said) if said is not None else unit
    return turn
