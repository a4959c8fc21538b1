"""Editions: section 10."""
import periods
from changes import Replay
from figures import nfc
from knowledge import NotFound, known
from plans import whole

SHOWN = ("value", "numerator", "denominator", "met", "status")
OF_SLOT = ("state", "report_state", "first_at", "last_at", "complete")


class Act:
    """A closing or an amendment: what it says, its place in the order, and its V and T."""

    def __init__(self, log, e, place, now_ms):
        self.event, self.place, self.decision, self.reason = e, place, e.body.get("decision"), e.body["reason"]
        if e.body.get("moment") is not None:
            self.records, self.T = known(log, e.body["moment"], now_ms)
        else:                                       # everything ordered before it; itself it moves no figure
            self.records, self.T = [r for r in log.ordered if r.K <= place], place[0]


class Publications:
    def __init__(self, log, make_view, now_ms):
        self.log, self.make_view, self.now_ms = log, make_view, now_ms

    def place(self, e):
        """Section 2: what waits for a grant has the place of the record that releases it."""
        later = [r for r in self.log.ordered if r.K == e.K or (r.K > e.K and r.event and r.event.kind.startswith("source."))]
        views = ((r.K, self.make_view([x for x in self.log.ordered if x.K <= r.K], r.K[0])) for r in later)
        return next(K for K, view in views if any(x is e for x in view.knowledge.publications))

    def acts(self, publication):
        """The closing and the amendments, in the order in which they have effect."""
        view = self.make_view(*known(self.log, None, self.now_ms))
        here = [e for e in view.knowledge.publications if nfc(e.body["publication"]) == nfc(publication)]
        of = lambda kind: sorted([(self.place(e), e.K, e) for e in here if e.kind == "publication." + kind], key=lambda a: a[:2])
        if not of("closed"):
            raise NotFound("publication_unknown")
        first, _, base = of("closed")[0]            # a second close is void
        amended = sorted([(max(place, first), K, e) for place, K, e in of("amended")], key=lambda a: a[:2])
        return [Act(self.log, e, place, self.now_ms) for place, _, e in [(first, base.K, base)] + amended]

    def editions(self, publication, made=(), told=lambda changed: True):
        """[{edition, as_of, tree, version, reason, decision, figures, slots, extra, changed,
        changed_slots}] of one publication.  `made`: the first editions, as they were made; later records
        change nothing of them.  `told(changed row)`: is it to be told why?"""
        answer, before, acts = [], None, self.acts(publication)
        for act in acts:
            there = next((e for e in made if e["record"] == act.event.K), None)
            if there is None and len(answer) < len(made):
                continue                            # a later one was made before this was known
            try:
                answer.append(there or self.edition(len(answer) + 1, act, acts[0].event.body, before, answer[-1:], told))
            except NotFound:                        # V does not hold what is to be published
                continue
            before = act
        return answer

    def edition(self, n, act, said, before, last, told):
        now = self.make_view(act.records, act.T)
        tree = said.get("tree") or "as_reported"
        version, _ = now.knowledge.version(said["plan"], said["period"])
        edition = {"record": act.event.K, "edition": n, "as_of": periods.instant_text(act.T), "tree": tree, "streams": last_positions(act.records), "version": whole(version.doc["version"]),
                   "reason": act.reason, "decision": act.decision, "figures": self.figures(now, said, tree),
                   **self.slots(now, version, said, tree), "changed": [], "changed_slots": []}
        for old in last:
            edition["changed"] = self.changed(before, old["figures"], act, edition["figures"], said, tree, told)
            edition["changed_slots"] = differing(old["slots"], edition["slots"], ("obligation", "unit", "period"), OF_SLOT)
        return edition

    def figures(self, view, said, tree):
        """Every target row of the unit and of everything below it."""
        unit = nfc(said["unit"])
        _, (_, last) = view.knowledge.version(said["plan"], said["period"])
        units = view.knowledge.units
        day = view._tree(tree, unit) or min(last, view.knowledge.N)
        return self.rows(view, said, tree, [unit] + [u for u in units.members(unit, day, None) if u != unit])

    @staticmethod
    def rows(view, said, tree, units):
        rows = []
        for unit in units:
            try:
                rows += [{"unit": unit, **row} for row in view.progress(said["plan"], unit, said["period"], tree)]
            except NotFound:                        # not in the tree of that day
                pass
        return rows

    @staticmethod
    def slots(view, version, said, tree):
        """Every slot of every obligation of the version: section 7, under whom by the tree."""
        unit = nfc(said["unit"])
        found = view.obligations.answer(version, unit, tree=view._tree(tree, unit))
        return {"slots": found["rows"], "extra": found["extra"]}

    def changed(self, before, old, act, new, said, tree, told):
        """Each figure that differs from the edition before, with its causes: `parts` is left out where it
        was not to be told, and None where the V of the edition before does not lie within V.  `reason`:
        why not, or why the parts do not add up."""
        keys, replay = ("unit", "target_id"), None
        rows, today = differing(old, new, keys, SHOWN), {}
        if rows:
            today = {row["unit"] + " " + row["target_id"] for row in differing(
                old, self.rows(self.make_view(before.records, before.T), said, tree, {row["unit"] for row in rows}), keys, SHOWN)}
        for row in rows:
            row["reason"] = "past_changed" if row["before"] and row["unit"] + " " + row["target_id"] in today else None
            if len(before.records) > len(act.records) or before.T > act.T:
                row["reason"], row["parts"] = "knows_less", None
                continue
            if not told(row):
                continue
            replay = replay or Replay.between(self.make_view, before.records, before.T, act.records, act.T)

            def figure_of(view, unit=row["unit"], target=row["target_id"]):
                return view.target_figure(said["plan"], unit, target, said["period"], tree)
            shown = replay.shown(*replay.parts(said["plan"], self.indicator_of(replay, said, row["target_id"]), figure_of))
            row["parts"] = shown["parts"]
        return rows

    @staticmethod
    def indicator_of(replay, said, target):
        for view in (replay.steps[-1][1], replay.before):
            version, _ = view.knowledge.version(said["plan"], said["period"])
            found = next((t["indicator"] for t in version.targets if t["id"] == target), None)
            if found:
                return found
        raise NotFound("target")


def last_positions(records):
    """{stream: position} of the last record known of each."""
    answer = {}
    for r in records:
        answer[r.stream] = max(r.position, answer.get(r.stream, 0))
    return answer


def differing(old, new, keys, shown):
    """The rows that are otherwise than before, new, or gone: {keys, before, after}, either of which is
    None where there was no such row."""
    key = lambda row: tuple(row[k] for k in keys)
    state = lambda row: row and {name: row[name] for name in shown}
    was, now = {key(row): row for row in old}, {key(row): row for row in new}
    places = [key(row) for row in new] + [key(row) for row in old if key(row) not in now]
    return [{**dict(zip(keys, place)), "before": state(was.get(place)), "after": state(now.get(place))}
            for place in places if state(was.get(place)) != state(now.get(place))]
