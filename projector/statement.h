// Statements: what a record of the log says about a subject, cut down to what the fold needs.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "events/log.h"
#include "events/plan.h"
#include "projector/rejudged.h"
#include "projector/subject.h"
#include "projector/term.h"

namespace tiendo {

// activity.recorded, .corrected, .cancelled
struct ActivitySaid {
  enum class What : uint8_t { recorded, corrected, cancelled };
  What what = What::recorded;
  std::string activity;
  std::string unit;  // of recorded and corrected
  Day day;           // the local day of `ends`
  std::vector<std::string> co_units;
  // By term, in the order of the terms that were asked for; none: does not contribute.
  std::vector<std::optional<Contribution>> contributions;
};

// One figure of a report. A null value takes the figure back.
struct ReportedFigure {
  std::string indicator;
  std::optional<Decimal> value;
  std::optional<Decimal> numerator;
  std::optional<Decimal> denominator;
  bool with_point = false;      // a number of it is written with a decimal point
  std::optional<Covers> scope;  // whom it speaks for, where it says so
  std::optional<Day> as_at;     // where it says so
  bool surveyed = false;        // `survey` names a day
  [[nodiscard]] bool is_said() const { return value || numerator || denominator; }
};

struct ReportSaid {
  enum class What : uint8_t { submitted, corrected, withdrawn, approved, returned };
  What what = What::submitted;
  std::string source;
  std::string report;
  std::string unit;        // of submitted
  std::string plan;        // of submitted
  std::string period;      // of submitted
  std::string obligation;  // of submitted; empty: not said
  Instant sent;            // `time`, but not later than recorded_at; or recorded_at
  std::vector<ReportedFigure> figures;
};

struct UnitSaid {
  enum class What : uint8_t { registered, renamed, moved, closed, reopened, attributes_set };
  What what = What::registered;
  std::string unit;
  Day effective;
  Name name;                          // registered, renamed
  std::optional<std::string> parent;  // registered, moved; none: a root
  std::string kind;                   // registered
  std::string level;                  // registered
  std::string organisation;
  std::vector<std::pair<std::string, std::string>> codes;  // (catalogue, code)
  std::vector<std::pair<std::string, Scalar>> attributes;
};

// unit.merged, unit.split: units end and become others, or, of a split, live on as a part.
struct SuccessionSaid {
  enum class What : uint8_t { merged, split };
  What what = What::merged;
  Day effective;
  std::vector<std::string> from;  // of split one
  struct Part {
    std::string unit;
    Decimal share;
  };
  std::vector<Part> into;  // of merged one, with share 1
  // Every unit it names, each once, by id.
  [[nodiscard]] std::set<std::string> units() const;
};

struct EntitySaid {
  enum class What : uint8_t { registered, updated, removed };
  What what = What::registered;
  std::string reg;  // the register
  std::string entity;
  std::string unit;
  Day effective;
  std::vector<std::pair<std::string, Scalar>> flags;
};

struct StatisticSaid {
  std::string statistic;
  std::string unit;
  Day as_at;
  std::optional<Decimal> value;  // none takes it back
};

// Allocated to a budget line, or spent on it; a corrected expense restates it all.
struct MoneySaid {
  enum class What : uint8_t { allocated, spent, corrected };
  What what = What::allocated;
  std::string plan;
  std::string line;
  std::string unit;
  int year = 0;
  std::string entry;  // of an expense; empty: none, it is known by its event
  Decimal amount;     // million_vnd
  Day day;            // the earlier of the year's last day and the local day it was said
};

// For which units (with all below) and types of events a source may speak, or no longer may.
struct GrantSaid {
  enum class What : uint8_t { granted, revoked };
  What what = What::granted;
  std::string source;
  std::vector<std::string> units;  // `*`: all; of revoked, empty: all
  std::vector<std::string> types;  // short names (activity.recorded); empty: all
};

struct PlanSaid {
  std::shared_ptr<const Plan> plan;
};

// A publication closed or amended; plan, unit, period and tree are of the closing alone.
struct PublicationSaid {
  enum class What : uint8_t { closed, amended };
  What what = What::closed;
  std::string publication;
  std::string plan;
  std::string unit;
  std::string period;
  std::string tree;                  // as said; empty: as_reported
  std::optional<Instant> moment;     // none: everything ordered before it
  std::vector<std::string> without;  // of the node's own: streams that are not waited for
};

// Accepted, without a fold in this version.
struct NothingSaid {};

struct Statement {
  OrderKey key;
  Hash16 identity;
  EventType type = EventType::unit_registered;
  std::string source;
  std::string about;                 // `subject` of the event, where its data names no unit
  std::vector<SubjectKey> subjects;  // most events speak of one
  std::variant<NothingSaid, ActivitySaid, ReportSaid, UnitSaid, SuccessionSaid, PlanSaid,
               EntitySaid, StatisticSaid, MoneySaid, GrantSaid, PublicationSaid>
      said;

  [[nodiscard]] bool is_reference() const {
    return std::holds_alternative<UnitSaid>(said) || std::holds_alternative<SuccessionSaid>(said) ||
           std::holds_alternative<PlanSaid>(said) || std::holds_alternative<GrantSaid>(said) ||
           std::holds_alternative<PublicationSaid>(said);
  }
};

// Reads accepted records. Keeps its memory between records; one thread at a time.
class StatementReader {
 public:
  // `terms` are those that activities are asked for, in this order.
  [[nodiscard]] Statement read(const Record& record, std::span<const Term* const> terms);
  // A re-judged record is also a subject by its own place, so that it is found again.
  [[nodiscard]] Statement read(const Effect& effect, std::span<const Term* const> terms);

 private:
  json::Document document_;
};

}  // namespace tiendo
