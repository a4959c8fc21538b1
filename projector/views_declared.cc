// What of the views is about entities, statistics and money.
#include <algorithm>
#include <set>

#include "projector/views.h"

namespace tiendo {
namespace {

// Rows of one subject follow each other in the order of K: the last one known holds.
template <class Standing>
class LastKnown {
 public:
  LastKnown(const Moment& moment, const std::function<void(const Standing&)>& visit)
      : moment_(moment), visit_(visit) {}

  void take(const Standing& row) {
    if (last_ && last_->subject != row.subject) give();
    if (moment_.knows(row.from)) last_ = row;
  }
  void give() {
    if (last_ && is_said(*last_)) visit_(*last_);
    last_.reset();
  }

 private:
  static bool is_said(const StatisticStanding& row) { return row.value.has_value(); }
  static bool is_said(const MoneyStanding& row) { return row.amount.has_value(); }

  const Moment& moment_;
  const std::function<void(const Standing&)>& visit_;
  std::optional<Standing> last_;
};

// Puts the rows of one entity after another together.
class EntityGroups {
 public:
  // `complete` takes all rows of one entity, which it may change.
  explicit EntityGroups(std::function<void(std::vector<EntityRow>&)> complete)
      : complete_(std::move(complete)) {}

  void take(EntityRow row) {
    if (!rows_.empty() && rows_.front().subject != row.subject) give();
    rows_.push_back(std::move(row));
  }
  void give() {
    if (!rows_.empty()) complete_(rows_);
    rows_.clear();
  }

 private:
  std::function<void(std::vector<EntityRow>&)> complete_;
  std::vector<EntityRow> rows_;
};

// An entity as its rows are added, in whatever order.
class EntityNow {
 public:
  EntityNow(std::string_view reg, const EntityRow& first)
      : standing_{.from = first.from,
                  .subject = first.subject,
                  .reg = std::string(reg),
                  .entity = first.what.entity} {}

  void add(const EntityRow& row) {
    const EntitySaid& what = row.what;
    standing_.from = std::max(standing_.from, row.from);
    if (what.what == EntitySaid::What::registered) {
      if (!is_registered_ || row.said < standing_.registration) standing_.registration = row.said;
      is_registered_ = true;
    }
    if (what.what != EntitySaid::What::updated) {
      say(standing_.existence,
          {what.effective, row.said, what.what == EntitySaid::What::registered});
    }
    say(standing_.units, {what.effective, row.said, what.unit});
    for (const auto& [flag, value] : what.flags) {
      say(standing_.flags[flag], {what.effective, row.said, value});
    }
  }
  // None before it is registered.
  [[nodiscard]] const EntityStanding* standing() const {
    return is_registered_ ? &standing_ : nullptr;
  }

 private:
  EntityStanding standing_;
  bool is_registered_ = false;
};

}  // namespace

Status ViewReader::scan_entities(std::string_view reg,
                                 const std::function<void(EntityRow)>& visit) const {
  const std::string prefix = entities_prefix(reg);
  return scan(view_family::declared, prefix, prefix,
              [&](std::string_view key, std::string_view value) {
                auto row = parse_entity(key, value);
                if (!row) return Row::unreadable;
                visit(std::move(*row));
                return Row::read;
              });
}

Status ViewReader::entities(std::string_view reg, const Moment& moment,
                            const std::function<void(const EntityStanding&)>& visit) const {
  EntityGroups groups([&](std::vector<EntityRow>& rows) {
    EntityNow now(reg, rows.front());
    for (const EntityRow& row : rows) now.add(row);
    if (const EntityStanding* standing = now.standing()) visit(*standing);
  });
  TRY_DO(scan_entities(reg, [&](EntityRow row) {
    if (row.holds(moment)) groups.take(std::move(row));
  }));
  groups.give();
  return Done{};
}

namespace {

// An entity at every record after which it may be another. Where it ends to be known, as it was.
void visit_turns(std::string_view reg, const std::vector<EntityRow>& rows,
                 const std::function<void(const EntityStanding&)>& visit) {
  std::set<OrderKey> points;
  for (const EntityRow& row : rows) {
    points.insert(row.from);
    points.insert(row.turns.begin(), row.turns.end());
  }
  std::optional<EntityStanding> last;
  for (const OrderKey& point : points) {
    const Moment moment{.at = point.recorded_at, .everything = false, .record = point};
    EntityNow now(reg, rows.front());
    for (const EntityRow& row : rows) {
      if (row.holds(moment)) now.add(row);
    }
    const bool is_known = now.standing() != nullptr;
    if (is_known) last = *now.standing();
    if (!last) continue;
    last->from = point;
    visit(*last);
    if (!is_known) last.reset();
  }
}

}  // namespace

Status ViewReader::entity_rows(std::string_view reg,
                               const std::function<void(const EntityStanding&)>& visit) const {
  EntityGroups groups([&](std::vector<EntityRow>& rows) {
    const bool has_turns = std::any_of(rows.begin(), rows.end(),
                                       [](const EntityRow& row) { return !row.turns.empty(); });
    if (has_turns) return visit_turns(reg, rows, visit);
    std::sort(rows.begin(), rows.end(), [](const EntityRow& a, const EntityRow& b) {
      return std::tie(a.from, a.said) < std::tie(b.from, b.said);
    });
    EntityNow now(reg, rows.front());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      now.add(rows[i]);
      const bool released_with_next = i + 1 < rows.size() && rows[i + 1].from == rows[i].from;
      const EntityStanding* standing = now.standing();
      if (standing != nullptr && !released_with_next) visit(*standing);
    }
  });
  TRY_DO(scan_entities(reg, [&](EntityRow row) { groups.take(std::move(row)); }));
  groups.give();
  return Done{};
}

Status ViewReader::statistic_rows(
    std::string_view statistic, std::string_view unit,
    const std::function<void(const StatisticStanding&)>& visit) const {
  const std::string prefix = statistics_prefix(statistic, unit);
  return scan(view_family::declared, prefix, prefix,
              [&](std::string_view key, std::string_view value) {
                auto row = parse_statistic(key, value);
                if (!row) return Row::unreadable;
                row->unit = unit;
                visit(*row);
                return Row::read;
              });
}

Status ViewReader::statistics(std::string_view statistic, std::string_view unit,
                              const Moment& moment,
                              const std::function<void(const StatisticStanding&)>& visit) const {
  LastKnown<StatisticStanding> last(moment, visit);
  TRY_DO(statistic_rows(statistic, unit, [&](const StatisticStanding& row) { last.take(row); }));
  last.give();
  return Done{};
}

Status ViewReader::money_rows(std::string_view plan, std::string_view unit,
                              const std::function<void(const MoneyStanding&)>& visit) const {
  const std::string prefix = money_prefix(plan, unit);
  return scan(view_family::declared, prefix, prefix,
              [&](std::string_view key, std::string_view value) {
                auto row = parse_money(key, value);
                if (!row) return Row::unreadable;
                row->unit = unit;
                visit(*row);
                return Row::read;
              });
}

Status ViewReader::money(std::string_view plan, std::string_view unit, const Moment& moment,
                         const std::function<void(const MoneyStanding&)>& visit) const {
  LastKnown<MoneyStanding> last(moment, visit);
  TRY_DO(money_rows(plan, unit, [&](const MoneyStanding& row) { last.take(row); }));
  last.give();
  return Done{};
}

}  // namespace tiendo
