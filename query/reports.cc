// GET /v1/reports: who owes which report, and how it stands with it.
#include "events/limits.h"
#include "projector/obligation.h"
#include "query/answer.h"
#include "query/asked.h"
#include "query/routes.h"
#include "query/slot_row.h"

namespace tiendo {
namespace {

struct Counts {
  std::size_t owed = 0;
  std::size_t on_time = 0;
  std::size_t late = 0;
  std::size_t returned = 0;
  std::size_t missing = 0;
  std::size_t not_yet_due = 0;
  std::size_t complete = 0;

  void add(const Slot& slot) {
    ++owed;
    if (slot.complete) ++complete;
    switch (slot.state) {
      case Slot::State::on_time:
        ++on_time;
        break;
      case Slot::State::late:
        ++late;
        break;
      case Slot::State::returned:
        ++returned;
        break;
      case Slot::State::missing:
        ++missing;
        break;
      case Slot::State::not_yet_due:
        ++not_yet_due;
        break;
    }
  }
};

struct Row {
  const Obligation* obligation;
  Slot slot;
};

void write_counts(JsonWriter& json, const Counts& counts) {
  json.begin_object("counts");
  json.field("owed", counts.owed);
  json.field("on_time", counts.on_time);
  json.field("late", counts.late);
  json.field("returned", counts.returned);
  json.field("missing", counts.missing);
  json.field("not_yet_due", counts.not_yet_due);
  json.field("complete", counts.complete);
  json.end_object();
}

Result<std::vector<const Obligation*>> obligations_of(const Call& call, const Plan& plan) {
  std::vector<const Obligation*> all;
  const auto wanted = text_of(call, "obligation");
  for (const Obligation& one : plan.obligations) {
    if (!wanted || one.id == *wanted) all.push_back(&one);
  }
  if (!wanted || !all.empty()) return all;
  std::string known;
  for (const Obligation& one : plan.obligations) known += (known.empty() ? "" : ", ") + one.id;
  return refuse(call, "obligation_unknown",
                {"Kế hoạch không có chế độ báo cáo \"" + *wanted + "\". Có: " + known + ".",
                 "The plan has no obligation \"" + *wanted + "\". It has: " + known + "."});
}

// A cursor is the number of the first row of the page.
Result<std::size_t> first_row(const Call& call) {
  TRY_ASSIGN(cursor, cursor_of(call));
  std::size_t first = 0;
  for (const char digit : cursor) {
    if (digit < '0' || digit > '9' || cursor.size() > 9) return cursor_invalid(call);
    first = first * 10 + static_cast<std::size_t>(digit - '0');
  }
  return first;
}

}  // namespace

Result<HttpResponse> answer_reports(const Call& call) {
  const auto period = text_of(call, "period");
  TRY_ASSIGN(asked, read_asked(call, *text_of(call, "plan"), text_of(call, "unit"), period));
  TRY_ASSIGN(obligations, obligations_of(call, asked.plan()));
  TRY_ASSIGN(limit, limit_of(call, limits::page_rows_max));
  TRY_ASSIGN(first, first_row(call));
  TRY_ASSIGN(basis, basis_of(call, asked.moment()));
  return answer(call, basis, [&](JsonWriter& json) -> Result<bool> {
    Counts counts;
    std::vector<Row> rows;
    std::vector<Row> extra;
    for (const Obligation* obligation : obligations) {
      TRY_ASSIGN(found, slots(*asked.question, asked.plan(), *obligation, period.value_or(""),
                              asked.unit));
      for (Slot& slot : found.owed) {
        counts.add(slot);
        rows.push_back({obligation, std::move(slot)});
      }
      for (Slot& slot : found.extra) extra.push_back({obligation, std::move(slot)});
    }
    const Tree& tree = asked.question->tree();
    json.field("plan", asked.plan().id);
    json.field("version", asked.plan().version);
    json.field("unit", tree.unit(asked.unit).id);
    write_counts(json, counts);
    const std::size_t end = std::min(rows.size(), first + limit);
    json.begin_array("rows");
    for (std::size_t i = first; i < end; ++i) {
      write_slot(json, tree, *rows[i].obligation, rows[i].slot, SlotKind::owed);
    }
    json.end_array();
    json.begin_array("extra");
    for (const Row& row : extra) {
      write_slot(json, tree, *row.obligation, row.slot, SlotKind::extra);
    }
    json.end_array();
    json.field("next",
               end < rows.size() ? std::optional(cursor_text(std::to_string(end))) : std::nullopt);
    return false;
  });
}

}  // namespace tiendo
