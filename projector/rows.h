// The rows of the views: what they hold, and their bytes (README.md shows them). All rows are a
// function of the set of records read, never of the order, the batches or the threads they were
// read with.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "events/store.h"
#include "projector/statement.h"

namespace tiendo {

// Families of the views' store, in the order of views_families().
namespace view_family {
enum : Family {
  facts,       // term | unit | day | subject | K from when on    -> the fact as it stands
  rollups,     // own or subtree | term | unit | half month       -> amount, contributions
  subjects,    // subject                                         -> its records, in K order
  identities,  // identity                                        -> the records that bear it
  reports,     // plan | unit | period | subject | K              -> the report as it stands
  declared,    // entities, statistics and money (declared.h)
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
[[nodiscard]] std::string fact_prefix(const TermId& term, std::string_view unit);
[[nodiscard]] std::string fact_key(const TermId& term, std::string_view unit, const Fact& fact);
[[nodiscard]] std::string fact_value(const Fact& fact);
// `key` without its prefix. Whether the row could be read.
[[nodiscard]] bool parse_fact(std::string_view key, std::string_view value, Fact& fact);

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
[[nodiscard]] std::string reports_prefix(std::string_view plan, std::string_view unit);
[[nodiscard]] std::string report_key(std::string_view plan, std::string_view unit,
                                     std::string_view period, const ReportStanding& report);
[[nodiscard]] std::string report_value(const ReportStanding& report);
// `subject_and_key` is what follows the period in a key.
[[nodiscard]] std::optional<ReportStanding> parse_report(std::string_view subject_and_key,
                                                         std::string_view value);

// Something a record needed that was not known when it came. The row stays, so that a registration
// found to be earlier is felt; `waits_for` is empty once the thing is known.
enum class HeldFor : char { unit = 'u', plan = 'p', base = 'b', grant = 'g' };
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
// The same of bytes that may be damaged: none where they cannot be read.
[[nodiscard]] std::optional<std::vector<RecordMark>> try_parse_marks(std::string_view value);

inline constexpr std::string_view checkpoint_prefix = "checkpoint/";
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

}  // namespace tiendo
