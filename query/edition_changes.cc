#include "query/edition_changes.h"

#include <array>
#include <map>
#include <utility>

#include "query/json_writer.h"

namespace tiendo {
namespace {

constexpr std::array figure_members = {"value", "numerator", "denominator", "met", "status"};
constexpr std::array slot_members = {"state", "report_state", "first_at", "last_at", "complete"};

using RowKey = std::array<std::string, 3>;
using Rows = std::map<RowKey, json::Value>;

RowKey key_of(json::Value row, const std::array<const char*, 3>& names) {
  RowKey key;
  for (std::size_t i = 0; i < names.size(); ++i) key[i] = row[names[i]].text();
  return key;
}

Rows rows_by(json::Value list, const std::array<const char*, 3>& names) {
  Rows rows;
  for (const json::Value row : list) rows.emplace(key_of(row, names), row);
  return rows;
}

std::string printed(json::Value value) {
  return value.present() ? json::print(value) : std::string("null");
}

template <class Members>
bool differ(json::Value a, json::Value b, const Members& members) {
  for (const char* name : members) {
    if (printed(a[name]) != printed(b[name])) return true;
  }
  return false;
}

template <class Members>
void write_state(JsonWriter& json, std::string_view name, json::Value row, const Members& members) {
  json.key(name);
  if (!row.present()) return json.null();
  json.begin_object();
  for (const char* member : members) {
    json.key(member);
    json.raw(printed(row[member]));
  }
  json.end_object();
}

// Percentages are shown with two decimals, and so is their difference.
std::optional<Decimal> difference(json::Value before, json::Value after) {
  const auto number = [](json::Value value) -> std::optional<Decimal> {
    if (value.is_null()) return std::nullopt;
    return parse_decimal(value.text()).value;
  };
  const auto from = number(before["value"]);
  const auto to = number(after["value"]);
  if (!from || !to) return std::nullopt;
  return *to - *from;
}

struct Pair {
  json::Value before;
  json::Value after;
};
// Those of the later list in its order, then those that are no longer there.
template <class Members>
std::vector<std::pair<RowKey, Pair>> changed_rows(json::Value before, json::Value after,
                                                  const std::array<const char*, 3>& names,
                                                  const Members& members) {
  const Rows was = rows_by(before, names);
  const Rows is = rows_by(after, names);
  std::vector<std::pair<RowKey, Pair>> changed;
  for (const json::Value row : after) {
    RowKey key = key_of(row, names);
    const auto found = was.find(key);
    const json::Value earlier = found == was.end() ? json::Value() : found->second;
    if (!earlier.present() || differ(earlier, row, members)) {
      changed.emplace_back(std::move(key), Pair{earlier, row});
    }
  }
  for (const json::Value row : before) {
    RowKey key = key_of(row, names);
    if (!is.contains(key)) changed.emplace_back(std::move(key), Pair{row, json::Value()});
  }
  return changed;
}

}  // namespace

bool figures_alike(json::Value a, json::Value b) { return !differ(a, b, figure_members); }

Result<std::string> edition_changes(std::string_view before, std::string_view after,
                                    const CausesOfChanges& causes) {
  json::Document was;
  json::Document is;
  TRY_DO(was.parse(before));
  TRY_DO(is.parse(after));
  const auto rows = changed_rows(was.root()["figures"], is.root()["figures"],
                                 {"unit", "target_id", "indicator"}, figure_members);
  std::vector<ChangedFigure> figures;
  figures.reserve(rows.size());
  for (const auto& [key, pair] : rows) figures.push_back({key[0], key[1], key[2], pair.before});
  TRY_ASSIGN(told, causes(figures));
  JsonWriter json;
  json.begin_object();
  json.begin_array("changed");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [key, pair] = rows[i];
    json.begin_object();
    json.field("unit", key[0]);
    json.field("target_id", key[1]);
    json.field("indicator", key[2]);
    write_state(json, "before", pair.before, figure_members);
    write_state(json, "after", pair.after, figure_members);
    json.field("difference", difference(pair.before, pair.after));
    json.key("parts");
    json.raw(told[i].parts);
    json.field("reason", told[i].reason.empty() ? std::nullopt : std::optional(told[i].reason));
    json.end_object();
  }
  json.end_array();
  json.begin_array("changed_slots");
  for (const auto& [key, pair] : changed_rows(was.root()["slots"], is.root()["slots"],
                                              {"obligation", "unit", "period"}, slot_members)) {
    json.begin_object();
    json.field("obligation", key[0]);
    json.field("unit", key[1]);
    json.field("period", key[2]);
    write_state(json, "before", pair.before, slot_members);
    write_state(json, "after", pair.after, slot_members);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  const std::string object = std::move(json).text();
  return object.substr(1, object.size() - 2);
}

}  // namespace tiendo
