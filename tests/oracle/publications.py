"""Editions: section 10."""
import periods
from changes import Replay
from figures import nfc
from knowledge import NotFound, known

SHOWN = ("value", "numerator", "denominator", "met", "status")


class Edition:
    """V, T and what the closing or amending record says."""

    def __init__(self, log, e, now_ms):
        self.event, self.decision, self.reason = e, e.body.get("decision"), e.body["reason"]
        if e.body.get("moment") is not None:
            self.records, self.T = known(log, e.body["moment"], now_ms)
        else:                                       # everything ordered before it
            self.records, self.T = [r for r in log.ordered if r.K < e.K], e.recorded_ms


class Publications:
    def __init__(self, log, make_view, now_ms):
        self.log, self.make_view, self.now_ms = log, make_view, now_ms

    def editions(self, publication):
        """[{edition, as_of, tree, version, reason, decision, figures, changed}] of one publication."""
        view = self.make_view(*known(self.log, None, self.now_ms))
        here = [e for e in view.knowledge.publications if nfc(e.body["publication"]) == nfc(publication)]
        base = next((e for e in here if e.kind == "publication.closed"), None)     # a second close is void
        if base is None:
            raise NotFound("publication_unknown")
        answer, before = [], None
        for n, e in enumerate([base] + [e for e in here if e.kind == "publication.amended"], 1):
            edition = Edition(self.log, e, self.now_ms)
            now = self.make_view(edition.records, edition.T)
            tree = base.body.get("tree") or "as_reported"
            version, _ = now.knowledge.version(base.body["plan"], base.body["period"])
            figures = self.figures(now, base.body, tree)
            changed = [] if before is None else self.changed(before, answer[-1]["figures"], edition, figures, base.body, tree)
            answer.append({"edition": n, "as_of": periods.instant_text(edition.T), "tree": tree,
                           "version": version.doc["version"], "reason": edition.reason, "decision": edition.decision,
                           "figures": figures, "changed": changed})
            before = edition
        return answer

    def figures(self, view, said, tree):
        """Every target row of the unit and of everything below it."""
        unit, rows = nfc(said["unit"]), []
        _, (_, last) = view.knowledge.version(said["plan"], said["period"])
        day = min(last, view.knowledge.N)
        units = view.knowledge.units
        for below in [unit] + [u for u in units.members(unit, day, view._tree(tree, unit)) if u != unit]:
            try:
                rows += [{"unit": below, "target_id": row["target_id"], **{name: row[name] for name in SHOWN}}
                         for row in view.progress(said["plan"], below, said["period"], tree)]
            except NotFound:                        # not in the tree of that day
                pass
        return rows

    def changed(self, before, old, edition, new, said, tree):
        """Each figure that differs from the edition before, with its causes."""
        replay = Replay.between(self.make_view, before.records, before.T, edition.records, edition.T)
        was = {(row["unit"], row["target_id"]): row for row in old}
        answer = []
        for row in new:
            other = was.get((row["unit"], row["target_id"]))
            if other == row:
                continue

            def figure_of(view, unit=row["unit"], target=row["target_id"]):
                return view.target_figure(said["plan"], unit, target, said["period"], tree)
            version, _ = replay.steps[-1][1].knowledge.version(said["plan"], said["period"])
            indicator = next(t["indicator"] for t in version.targets if t["id"] == row["target_id"])
            answer.append({"unit": row["unit"], "target_id": row["target_id"], "before": other and other["value"],
                           "after": row["value"], "parts": replay.shown(*replay.parts(said["plan"], indicator, figure_of))["parts"]})
        return answer
