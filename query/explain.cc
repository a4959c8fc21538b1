// GET /v1/explain: a figure down to its contributions, which fold again to the value exactly.
#include <algorithm>

#include "events/bytes.h"
#include "events/event.h"
#include "events/limits.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/event_told.h"
#include "query/figure_details.h"
#include "query/routes.h"

namespace tiendo {
namespace {

// The place of a contribution in the list: bytes that sort as records do, then by role and unit.
std::string sort_key(const Contributor& one) {
  std::string key;
  append_order_key(key, one.record);
  key += static_cast<char>(one.role);
  bytes::put_key_text(key, one.unit);
  bytes::put_i32(key, one.day.number);
  if (one.subject) key += one.subject->bytes();  // a record may name several things of a unit
  return key;
}

struct Listed {
  std::string key;
  Contributor contributor;
};

// The contributions after the cursor, and what all of them come to.
class Page {
 public:
  Page(std::string after, std::size_t limit) : after_(std::move(after)), limit_(limit) {}

  void add(const Contributor& one) {
    ++total_;
    sums_[static_cast<std::size_t>(one.role)] += one.amount;
    seen_[static_cast<std::size_t>(one.role)] = true;
    std::string key = sort_key(one);
    if (!after_.empty() && key <= after_) return;
    const auto later = [](const Listed& a, const Listed& b) { return a.key < b.key; };
    heap_.push_back({std::move(key), one});
    std::push_heap(heap_.begin(), heap_.end(), later);
    if (heap_.size() <= limit_) return;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
    more_ = true;
  }

  [[nodiscard]] std::vector<Listed> rows() {
    std::sort(heap_.begin(), heap_.end(),
              [](const Listed& a, const Listed& b) { return a.key < b.key; });
    return std::move(heap_);
  }
  [[nodiscard]] bool more() const { return more_; }
  [[nodiscard]] std::size_t total() const { return total_; }
  void write_sums(JsonWriter& json) const {
    json.begin_object("sums");
    for (const Role role : {Role::amount, Role::numerator, Role::denominator, Role::spent}) {
      const auto index = static_cast<std::size_t>(role);
      if (seen_[index]) json.field(name_of(role), sums_[index].decimal());
    }
    json.end_object();
  }

 private:
  std::string after_;
  std::size_t limit_;
  std::vector<Listed> heap_;  // the latest of them on top
  bool more_ = false;
  std::size_t total_ = 0;
  Sum sums_[4];  // by role
  bool seen_[4] = {};
};

std::string_view thing_of(const Event& event) {
  for (const char* name : {"activity", "report", "entity", "statistic", "entry", "unit"}) {
    const json::Value value = event.data[name];
    if (!value.is_null()) return value.text();
  }
  return {};
}

// The part of a contribution that counts below a unit, if it is one; else where it stands whole.
std::optional<UnitIndex> placed_at(const Tree& tree, const Contributor& one, UnitIndex below,
                                   TreeMode mode) {
  const auto unit = tree.find(one.standing_of);
  if (!unit) return std::nullopt;
  std::vector<UnitIndex> places;
  for (const TreePart& part : tree.place(*unit, one.day, mode)) {
    const bool counts = part.place && tree.is_below(part.place->unit, below, mode.of(one.day));
    if (counts) places.push_back(part.place->unit);
  }
  if (places.size() == 1 && one.share != Decimal::whole(1)) return places.front();
  const auto whole = tree.place_whole(*unit, one.day, mode);
  return whole ? std::optional(whole->unit) : std::nullopt;
}

Status write_contribution(JsonWriter& json, const Call& call, const Question& question,
                          const Contributor& one, UnitIndex below) {
  json.begin_object();
  write_place(json, one.record);
  TRY_DO(tell_event(call.context.log, one.record, [&](const Event& event) {
    json.field("source", event.source);
    json.field("id", event.id);
    json.field("thing", thing_of(event));
  }));
  json.field("unit", one.unit);
  json.field("day", one.day);
  json.field("role", name_of(one.role));
  json.field("amount", one.amount);
  json.field("share", one.share);
  // Under whom it stands: of a unit that is not there on the day, further up.
  const auto placed = placed_at(question.tree(), one, below, question.mode());
  json.field("placed", placed ? std::optional(question.tree().unit(*placed).id) : std::nullopt);
  json.end_object();
  return Done{};
}

}  // namespace

Result<HttpResponse> answer_explain(const Call& call) {
  TRY_ASSIGN(asked, read_asked(call, *text_of(call, "plan"), text_of(call, "unit"),
                               text_of(call, "period")));
  TRY_ASSIGN(indicator, indicator_of(call, asked.plan(), *text_of(call, "indicator")));
  TRY_ASSIGN(extent, extent_of(call));
  TRY_ASSIGN(limit, limit_of(call, limits::page_rows_max));
  TRY_ASSIGN(after, cursor_of(call));
  TRY_ASSIGN(basis, basis_of(call, asked.moment()));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    Page page(after, limit);
    TRY_ASSIGN(whole, figure(*asked.question,
                             {.plan = asked.plan(),
                              .formula = *indicator->formula,
                              .unit = asked.unit,
                              .window = asked.period.window,
                              .extent = extent},
                             [&](const Contributor& one) { page.add(one); }));
    write_asked(json, asked);
    json.field("indicator", indicator->id);
    json.field("of", extent == Extent::own ? "own" : "subtree");
    write_figure(call, json, whole);
    json.field("unit_of_measure", measure_of(*indicator));
    write_details(json, whole);
    json.field("total", page.total());
    page.write_sums(json);
    const std::vector<Listed> rows = page.rows();
    json.begin_array("contributions");
    for (const Listed& row : rows) {
      TRY_DO(write_contribution(json, call, *asked.question, row.contributor, asked.unit));
    }
    json.end_array();
    json.field("next", page.more() ? std::optional(cursor_text(rows.back().key)) : std::nullopt);
    return whole.building;
  });
}

}  // namespace tiendo
