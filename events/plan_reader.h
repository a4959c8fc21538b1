// How plan documents are read: field by field, remembering everything that is wrong and where.
// Reading goes on after a fault, so that one reading finds all of them. Fields that nobody asked
// for are faults too: a misspelt word must not silently change what a plan means.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/calendar.h"
#include "events/decimal.h"
#include "events/filter.h"
#include "events/formula.h"
#include "events/json.h"
#include "events/message.h"
#include "events/plan_phrases.h"

namespace tiendo {

// A value of the document and the path that leads to it: data.targets[3].when.
struct Place {
  json::Value value;
  std::string path;
};

// Whose fields a filter may name; `anything` for filters that have been checked before.
enum class Filtered : uint8_t { anything, activities, units, entities };

class PlanReader {
 public:
  using Args = std::vector<std::string_view>;

  // A second fault for the same reason at the same place is left out.
  void fault(Reason reason, const Place& place, Phrase expected, const Args& args = {},
             const std::string& hint = {});
  // In the order in which they were found.
  [[nodiscard]] const std::vector<Refusal>& faults() const { return faults_; }
  // The one whose reason is checked first; among equals the first one found.
  [[nodiscard]] std::optional<Refusal> refusal() const;

  // Faults from here on belong to this part of the plan, until none does.
  void begin_part(Owner owner, std::string_view id) { part_ = belonging_to(owner, id); }
  void end_part() { part_.clear(); }

  // A field of an object; `absent` values have a path too. A required one that is missing or null
  // is plan_schema.
  [[nodiscard]] Place optional_field(const Place& object, std::string_view name);
  [[nodiscard]] Place required_field(const Place& object, std::string_view name);
  // Call it when all fields of the object have been asked for: any other is a fault.
  void no_other_fields(const Place& object, Reason reason = Reason::plan_schema);
  // The elements of a list; none where it is absent.
  [[nodiscard]] std::vector<Place> elements(const Place& list);
  [[nodiscard]] bool expect(const Place& place, json::Kind kind, Phrase expected);

  // Each gives its default where the place is absent, and a fault where it is of another type.
  [[nodiscard]] std::string text(const Place& place);
  [[nodiscard]] bool truth(const Place& place);
  [[nodiscard]] Decimal decimal(const Place& place);
  [[nodiscard]] int64_t whole(const Place& place);
  [[nodiscard]] Day day(const Place& place);
  // 0 where absent or no year.
  [[nodiscard]] int year(const Place& place);
  // A text, or a list of texts; compared later in NFC, so kept in NFC.
  [[nodiscard]] std::vector<std::string> texts(const Place& place);
  // The same, empty for "any".
  [[nodiscard]] std::vector<std::string> levels(const Place& place);
  [[nodiscard]] Scalar scalar(const Place& place);
  [[nodiscard]] Filter filter(const Place& place, Filtered filtered = Filtered::anything);
  [[nodiscard]] Comparator comparator(const Place& place);
  // One word of a fixed list; index of it, 0 where absent. Anything else is `reason`.
  [[nodiscard]] std::size_t one_of(const Place& place, std::span<const std::string_view> words,
                                   Reason reason = Reason::value_unknown);
  [[nodiscard]] std::size_t one_of(const Place& place,
                                   std::initializer_list<std::string_view> words,
                                   Reason reason = Reason::value_unknown) {
    return one_of(place, std::span(words.begin(), words.size()), reason);
  }

 private:
  [[nodiscard]] Filter condition(const Place& place, Filtered filtered);
  void check_filter_field(const Place& place, std::string_view field, Filtered filtered);
  void check_filter_words(const Place& place, std::string_view field);
  // text_invalid of a text with control characters.
  void check_clean(const Place& place);

  std::vector<Refusal> faults_;
  std::string part_;                                                    // behind what is expected
  std::map<std::string, std::vector<std::string>, std::less<>> asked_;  // fields, by path of object
};

}  // namespace tiendo
