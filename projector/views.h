// The rows of the views and how they are read (README.md shows the bytes). All rows are a function
// of the set of records read, never of the order, the batches or the threads they were read with.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/store.h"
#include "projector/declared.h"
#include "projector/moment.h"

namespace tiendo {

inline constexpr uint32_t views_format_version = 3;

// Families of the views' store, in the order of views_families().
namespace view_family {
enum : Family {
  facts,       // term | unit | day | subject | K from when on    -> the fact as it stands
  rollups,     // own or subtree | term | unit | half month       -> amount, contributions
  subjects,    // subject                                         -> its records, in K order
  identities,  // identity                                        -> the records that bear it
  reports,     // plan | unit | period | subject | K              -> the report as it stands
  held,  // what was not known | subject | K                -> what it waits for, if it still does
  references,  // K                                               -> (a record of a unit or plan)
  terms,       // term                                            -> its canonical form
  meta,        // checkpoint, backfill, format
};
}  // namespace view_family
[[nodiscard]] std::vector<FamilySpec> views_families();

// A fact: what an activity contributes to a term in a unit on a day, as it stands from a record on.
struct Fact {
  Day day;
  SubjectKey subject;
  OrderKey from;
  std::optional<OrderKey> said_by;  // the record that said it, where it is not `from`
  bool retracted = false;           // from here on it contributes nothing
  Decimal amount;
  // Of terms that are sets; of a fact credited to a co-organiser, the organiser.
  std::vector<std::string> elements;
  [[nodiscard]] const OrderKey& origin() const { return said_by ? *said_by : from; }
};
[[nodiscard]] std::string fact_key(const TermId& term, std::string_view unit, const Fact& fact);
[[nodiscard]] std::string fact_value(const Fact& fact);

enum class RollupScope : char { own = 'o', subtree = 's' };
struct Cell {
  Sum amount;
  int64_t contributions = 0;  // amounts other than 0 behind it
  [[nodiscard]] bool is_zero() const { return amount.is_zero() && contributions == 0; }
};
[[nodiscard]] std::string cell_key(RollupScope scope, const TermId& term, std::string_view unit,
                                   HalfMonth half);
[[nodiscard]] std::string cell_value(const Cell& cell);
[[nodiscard]] Cell parse_cell(std::string_view value);

// A report as it stands from a record on.
struct ReportStanding {
  enum class State : uint8_t {  // stored, never renumber
    submitted = 0,
    approved = 1,
    reopened = 2,
    returned = 3,
    withdrawn = 4,
    moved = 5,  // stands elsewhere, or nowhere: there is no report here any more
  };
  struct Said {
    ReportedFigure figure;
    OrderKey by;
    Day said_on;  // the local day on which it was sent
  };
  OrderKey from;
  SubjectKey subject;
  State state = State::submitted;
  std::string source;
  std::string report;
  std::string obligation;
  // When it was sent to this place since it was last withdrawn, as said and as recorded.
  struct Sent {
    Instant first;  // of its submissions
    Instant first_received;
    Instant last;  // of its submissions and corrections
    Instant last_received;
    OrderKey first_record;  // of `first`
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  Sent sent;
  std::map<std::string, Said> figures;  // said ones only
  [[nodiscard]] bool in_force() const {
    return state != State::returned && state != State::withdrawn && state != State::moved;
  }
};
[[nodiscard]] std::string_view name_of(ReportStanding::State state);
[[nodiscard]] std::string report_key(std::string_view plan, std::string_view unit,
                                     std::string_view period, const ReportStanding& report);
[[nodiscard]] std::string report_value(const ReportStanding& report);

// Something a record needed that was not known when it came. The row stays, so that a registration
// found to be earlier is felt; `waits_for` is empty once the thing is known.
enum class HeldFor : char { unit = 'u', plan = 'p', base = 'b' };
[[nodiscard]] std::string held_key(HeldFor what, std::string_view name, const SubjectKey& subject,
                                   const OrderKey& record);
struct Held {
  HeldFor what = HeldFor::unit;
  std::string name;
  SubjectKey subject;
  OrderKey record;
  std::string code;  // unit_unknown ...; empty: no longer waits
};
[[nodiscard]] std::optional<Held> parse_held(std::string_view key, std::string_view value);

// A record of a subject or of an identity.
struct RecordMark {
  OrderKey key;
  bool has_effect = true;  // false: an earlier record of another stream bears the identity
  friend bool operator==(const RecordMark&, const RecordMark&) = default;
};
[[nodiscard]] std::string marks_value(const std::vector<RecordMark>& marks);
[[nodiscard]] std::vector<RecordMark> parse_marks(std::string_view value);

using Checkpoint = std::map<StreamName, uint64_t>;  // by stream, the next position to read
[[nodiscard]] std::string checkpoint_key(StreamName stream);

// Where the filling of new terms stands: subjects up to and including `cursor` are done.
struct Backfill {
  std::set<TermId> building;
  std::string cursor;
  std::set<TermId> queued;  // for the round after this one
};
inline constexpr std::string_view backfill_key = "backfill";
[[nodiscard]] std::string backfill_value(const Backfill& backfill);
[[nodiscard]] Backfill parse_backfill(std::string_view value);

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
  const Snapshot* snapshot_;
};

}  // namespace tiendo
