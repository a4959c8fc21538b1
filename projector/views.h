// The views, as a step of the projector left them, and how they are read.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "projector/declared.h"
#include "projector/moment.h"
#include "projector/rows.h"

namespace tiendo {

inline constexpr uint32_t views_format_version = 7;

// Error `rebuild`: these views are of no use, for this reason.
[[nodiscard]] Error must_rebuild(std::string_view why);

// Reads one unmoving state of the views; one thread at a time.
class ViewReader {
 public:
  explicit ViewReader(const Snapshot& snapshot) : snapshot_(&snapshot) {}

  // The facts of a term in a unit on days of `window` as `moment` knows them, retracted ones left
  // out, by day.
  Status facts(const TermId& term, std::string_view unit, Window window, const Moment& moment,
               const std::function<void(const Fact&)>& visit) const;
  // Every row of them, in key order: the history of the facts.
  Status fact_rows(const TermId& term, std::string_view unit, Window window,
                   const std::function<void(const Fact&)>& visit) const;
  // The sum of the cells of [first, last].
  [[nodiscard]] Result<Cell> cells(RollupScope scope, const TermId& term, std::string_view unit,
                                   HalfMonth first, HalfMonth last) const;
  // The reports of a slot as `moment` knows them, withdrawn and returned ones too.
  [[nodiscard]] Result<std::vector<ReportStanding>> reports(std::string_view plan,
                                                            std::string_view unit,
                                                            std::string_view period,
                                                            const Moment& moment) const;
  // Every standing that reports of a plan and unit ever had: (period, standing).
  Status report_rows(
      std::string_view plan, std::string_view unit,
      const std::function<void(std::string_view, const ReportStanding&)>& visit) const;
  // The reports of a plan and unit as `moment` knows them, of all periods, those moved away left
  // out.
  Status reports_of(
      std::string_view plan, std::string_view unit, const Moment& moment,
      const std::function<void(std::string_view period, const ReportStanding&)>& visit) const;
  // The entities of a register as `moment` knows them, in no order that means anything.
  Status entities(std::string_view reg, const Moment& moment,
                  const std::function<void(const EntityStanding&)>& visit) const;
  // What is known of a statistic of a unit, by as_at; what was taken back is left out.
  Status statistics(std::string_view statistic, std::string_view unit, const Moment& moment,
                    const std::function<void(const StatisticStanding&)>& visit) const;
  // Allocations and expenses of a plan that name the unit, as `moment` knows them.
  Status money(std::string_view plan, std::string_view unit, const Moment& moment,
               const std::function<void(const MoneyStanding&)>& visit) const;
  // Every row of the same, in key order: their history.
  Status entity_rows(std::string_view reg,
                     const std::function<void(const EntityStanding&)>& visit) const;
  Status statistic_rows(std::string_view statistic, std::string_view unit,
                        const std::function<void(const StatisticStanding&)>& visit) const;
  Status money_rows(std::string_view plan, std::string_view unit,
                    const std::function<void(const MoneyStanding&)>& visit) const;
  [[nodiscard]] Result<std::vector<RecordMark>> subject(const SubjectKey& subject) const;
  [[nodiscard]] Result<std::vector<RecordMark>> identity(const Hash16& identity) const;
  // Rows from `after` (a key, empty: the first) on, until `visit` returns false.
  Status held(std::string_view after,
              const std::function<bool(std::string_view key, const Held&)>& visit) const;
  [[nodiscard]] Result<Checkpoint> checkpoint() const;
  // SHA-256 over all logical rows, in order; two views of the same records have the same.
  [[nodiscard]] Result<Digest> digest() const;

 private:
  // Rows whose key begins with `prefix`, from `start` on, in order, until `visit` says otherwise:
  // it takes the key without the prefix.
  enum class Row : uint8_t { read, unreadable, beyond };
  Status scan(Family family, std::string_view prefix, std::string_view start,
              const std::function<Row(std::string_view rest, std::string_view value)>& visit) const;

  Status scan_entities(std::string_view reg, const std::function<void(EntityRow)>& visit) const;

  const Snapshot* snapshot_;
};

}  // namespace tiendo
