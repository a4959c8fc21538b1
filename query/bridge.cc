// GET /v1/bridge: what the units of one day's tree are in that of another, so that figures of
// before and after a reorganisation can be laid side by side.
#include "query/answer.h"
#include "query/routes.h"

namespace tiendo {
namespace {

// A row for each place where facts of the unit stand in the other tree; their shares add up to 1.
void write_rows(JsonWriter& json, const Tree& tree, UnitIndex unit, Day from, Day to) {
  for (const TreePart& part : tree.place(unit, from, {to})) {
    json.begin_object();
    json.field("from", tree.unit(unit).id);
    json.field("to", part.place ? std::optional(tree.unit(part.place->unit).id) : std::nullopt);
    json.field("share", part.share);
    if (!part.place || !part.place->own) json.field("unplaced", true);
    json.end_object();
  }
}

}  // namespace

Result<HttpResponse> answer_bridge(const Call& call) {
  TRY_ASSIGN(moment, moment_of(call));
  TRY_ASSIGN(from, day_of(call, "from"));
  TRY_ASSIGN(to, day_of(call, "to"));
  TRY_ASSIGN(basis, basis_of(call, moment));
  const auto knowledge = call.views->reference->known(moment);
  const Tree& tree = knowledge->tree;
  const Day day = to.value_or(moment.today());
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    json.field("from", *from);
    json.field("to", day);
    json.begin_array("rows");
    for (UnitIndex unit = 0; unit < tree.size(); ++unit) {
      if (tree.exists(unit, *from)) write_rows(json, tree, unit, *from, day);
    }
    json.end_array();
    return false;
  });
}

}  // namespace tiendo
