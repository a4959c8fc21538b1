// GET /v1/units and /v1/units/{id}: who there is on a day, and under whom.
#include <algorithm>

#include "events/limits.h"
#include "events/text.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/routes.h"

namespace tiendo {
namespace {

void write_scalar(JsonWriter& json, const Scalar& scalar) {
  if (scalar.kind == Scalar::Kind::text) {
    json.value(scalar.text);
  } else {
    json.raw(scalar.text);
  }
}

void write_unit(JsonWriter& json, const Tree& tree, UnitIndex index, Day day) {
  const Unit& unit = tree.unit(index);
  json.field("unit", unit.id);
  json.field("name", tree.name(index, day));
  json.field("kind", unit.kind);
  json.field("level", unit.level);
  json.field_unless_empty("organisation", unit.organisation);
  const auto parent = tree.parent(index, day);
  json.field("parent", parent ? std::optional(tree.unit(*parent).id) : std::nullopt);
  json.field("effective", unit.birth);
  json.field("until", tree.last_day(index, day));  // the last day, where it ends
  json.begin_array("codes");
  for (const auto& [catalogue, code] : unit.codes) {
    json.begin_object();
    json.field("catalogue", catalogue);
    json.field("code", code);
    json.end_object();
  }
  json.end_array();
  json.begin_object("attributes");
  for (const auto& [key, history] : unit.attributes) {
    const auto* now = holding(history, day);
    if (now == nullptr) continue;
    json.key(key);
    write_scalar(json, now->value);
  }
  json.end_object();
}

// Of a unit that has ended by the day: where its figures stand then.
void write_successors(JsonWriter& json, const Tree& tree, UnitIndex index, Day day) {
  json.begin_array("successors");
  const bool has_ended = tree.ended(index, day).has_value();
  for (const TreePart& part : has_ended ? tree.place(index, day, {day}) : std::vector<TreePart>()) {
    if (!part.place) continue;
    json.begin_object();
    json.field("unit", tree.unit(part.place->unit).id);
    json.field("share", part.share);
    if (!part.place->own) json.field("unplaced", true);
    json.end_object();
  }
  json.end_array();
}

struct UnitFilter {
  std::optional<std::string> level;
  std::optional<UnitIndex> parent;
  std::string q;  // in its search form
  std::optional<std::string> code;
  bool ended = false;  // those too
};

bool bears_code(const Unit& unit, const std::string& wanted) {
  return std::any_of(unit.codes.begin(), unit.codes.end(),
                     [&](const auto& code) { return code.first + ":" + code.second == wanted; });
}

bool passes(const UnitFilter& filter, const Tree& tree, UnitIndex index, Day day) {
  const Unit& unit = tree.unit(index);
  if (!tree.exists(index, day) && !(filter.ended && tree.ended(index, day))) return false;
  if (filter.level && unit.level != *filter.level) return false;
  if (filter.parent && tree.parent(index, day) != *filter.parent) return false;
  if (filter.code && !bears_code(unit, *filter.code)) return false;
  if (filter.q.empty()) return true;
  const auto holds_words = [&](const std::string& text) {
    return search_form(text).find(filter.q) != std::string::npos;
  };
  const Name& name = tree.name(index, day);
  return holds_words(name.vi) || holds_words(name.en) || holds_words(unit.id);
}

struct AskedTree {
  Moment moment;
  std::shared_ptr<const Knowledge> knowledge;
  Day day;
};

Result<AskedTree> read_tree(const Call& call) {
  TRY_ASSIGN(moment, moment_of(call));
  TRY_ASSIGN(day, day_of(call, "at"));
  return AskedTree{moment, call.views->reference->known(moment), day.value_or(moment.today())};
}

Result<UnitFilter> read_filter(const Call& call, const Tree& tree) {
  UnitFilter filter{.level = text_of(call, "level"), .code = text_of(call, "code")};
  filter.q = search_form(text_of(call, "q").value_or(""));
  filter.ended = text_of(call, "ended") == "true";
  if (const auto parent = text_of(call, "parent")) {
    TRY_ASSIGN(index, find_unit(call, tree, *parent));
    filter.parent = index;
  }
  return filter;
}

// The values a property had: each with the day from which on, and the record that said so.
template <class T, class Write>
void write_history(JsonWriter& json, std::string_view list, const std::vector<Since<T>>& history,
                   const Write& write) {
  json.begin_array(list);
  for (const auto& entry : history) {
    json.begin_object();
    json.field("effective", entry.day);
    write(entry.value);
    json.field("stream", entry.said.stream.text());
    json.field("position", entry.said.position);
    json.end_object();
  }
  json.end_array();
}

void write_past(JsonWriter& json, const Unit& unit) {
  write_history(json, "existence", unit.existence,
                [&](bool exists) { json.field("exists", exists); });
  write_history(json, "names", unit.names, [&](const Name& name) { json.field("name", name); });
  write_history(json, "parents", unit.parents,
                [&](const std::optional<std::string>& parent) { json.field("parent", parent); });
  json.begin_object("attribute_history");
  for (const auto& [key, history] : unit.attributes) {
    write_history(json, key, history, [&](const Scalar& scalar) {
      json.key("value");
      write_scalar(json, scalar);
    });
  }
  json.end_object();
}

}  // namespace

Result<HttpResponse> answer_units(const Call& call) {
  TRY_ASSIGN(asked, read_tree(call));
  const Tree& tree = asked.knowledge->tree;
  TRY_ASSIGN(filter, read_filter(call, tree));
  TRY_ASSIGN(limit, limit_of(call, limits::page_rows_max));
  TRY_ASSIGN(after, cursor_of(call));  // the id of the last unit of the page before
  TRY_ASSIGN(basis, basis_of(call, asked.moment));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    json.field("at", asked.day);
    json.begin_array("units");
    std::size_t count = 0;
    std::optional<std::string> next;
    std::string last;
    for (UnitIndex unit = 0; unit < tree.size(); ++unit) {
      const std::string& id = tree.unit(unit).id;
      if (id <= after && !after.empty()) continue;
      if (!passes(filter, tree, unit, asked.day)) continue;
      if (count == limit) {
        next = cursor_text(last);
        break;
      }
      json.begin_object();
      write_unit(json, tree, unit, asked.day);
      if (!tree.exists(unit, asked.day)) {
        json.field("exists", false);
        write_successors(json, tree, unit, asked.day);
      }
      json.end_object();
      last = id;
      ++count;
    }
    json.end_array();
    json.field("next", next);
    return false;
  });
}

Result<HttpResponse> answer_unit(const Call& call) {
  TRY_ASSIGN(asked, read_tree(call));
  const Tree& tree = asked.knowledge->tree;
  TRY_ASSIGN(unit, find_unit(call, tree, call.ids[0]));
  TRY_ASSIGN(basis, basis_of(call, asked.moment));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    json.field("at", asked.day);
    write_unit(json, tree, unit, asked.day);
    json.field("exists", tree.exists(unit, asked.day));
    write_successors(json, tree, unit, asked.day);
    json.begin_array("above");  // its parent, and so on up to the root
    const std::vector<UnitIndex> chain = tree.chain(unit, asked.day);
    for (std::size_t i = 1; i < chain.size(); ++i) json.value(tree.unit(chain[i]).id);
    json.end_array();
    json.begin_array("children");
    for (const UnitIndex child : tree.children(unit, asked.day)) json.value(tree.unit(child).id);
    json.end_array();
    write_past(json, tree.unit(unit));
    return false;
  });
}

}  // namespace tiendo
