// How what a unit must have is read (events/formula_reader.h).
#include <array>

#include "events/formula_reader.h"

namespace tiendo {
namespace {

struct HaveWord {
  std::string_view word;
  Have::Kind kind;
};
// Each says it alone, but for `any` and `all`, which join several.
constexpr std::array<HaveWord, 7> have_words = {{{"reached_by", Have::Kind::reached},
                                                 {"indicator", Have::Kind::threshold},
                                                 {"formula", Have::Kind::threshold},
                                                 {"attribute", Have::Kind::attribute},
                                                 {"register", Have::Kind::entity},
                                                 {"any", Have::Kind::any},
                                                 {"all", Have::Kind::all}}};

}  // namespace

void FormulaReader::read_threshold(const Place& place, Have& have) {
  const Place inner = field(place, "formula");
  have.indicator = reader_.text(field(place, "indicator"));
  if (inner.value.present()) have.formula = read(inner);
  static_cast<void>(reader_.one_of(field(place, "of"), {"own"}));
  have.comparator = reader_.comparator(need(place, "comparator"));
  have.value = reader_.decimal(need(place, "value"));
}

Have FormulaReader::have(const Place& place) {
  Have have;
  if (!reader_.expect(place, json::Kind::object, Phrase::have_known)) return have;
  std::string said;
  std::size_t count = 0;
  for (const HaveWord& one : have_words) {
    if (!field(place, one.word).value.present()) continue;
    if (count++ == 0) have.kind = one.kind;
    said += (said.empty() ? "" : ", ") + std::string(one.word);
  }
  if (count == 0) reader_.fault(Reason::plan_formula, place, Phrase::have_known);
  if (count > 1) reader_.fault(Reason::plan_formula, place, Phrase::have_one, {said});
  if (count != 1) return have;
  switch (have.kind) {
    case Have::Kind::reached:
      have.reached_by = activities(field(place, "reached_by"));
      have.mode = static_cast<Have::Mode>(reader_.one_of(field(place, "mode"), {"union", "each"}));
      have.by =
          static_cast<Have::By>(reader_.one_of(field(place, "by"), {"own", "subtree", "any"}));
      break;
    case Have::Kind::threshold:
      read_threshold(place, have);
      break;
    case Have::Kind::attribute:
      have.attribute = reader_.text(field(place, "attribute"));
      have.is = reader_.scalar(need(place, "is"));
      break;
    case Have::Kind::entity:
      have.reg = reader_.text(field(place, "register"));
      have.only = entities(field(place, "only"));
      break;
    case Have::Kind::any:
    case Have::Kind::all:
      const Place parts = field(place, have.kind == Have::Kind::any ? "any" : "all");
      for (const Place& part : reader_.elements(parts)) have.parts.push_back(this->have(part));
      break;
  }
  reader_.no_other_fields(place, Reason::plan_formula);
  return have;
}

}  // namespace tiendo
