// The words in which a plan is explained: those of the contract, and those that the plan brings
// along in `words`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/plan.h"
#include "events/plan_text.h"

namespace tiendo {

class Glossary {
 public:
  Glossary(const Plan& plan, TextLanguage language) : plan_(plan), language_(language) {}

  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] std::string say(std::string_view vi, std::string_view en) const {
    return std::string(language_ == TextLanguage::vi ? vi : en);
  }
  // A name of the plan, in the other language where this one has none.
  [[nodiscard]] std::string name(const Name& name) const;
  // A word of an event or a plan: members, flag.digital, in_person, district ...
  [[nodiscard]] std::string word(std::string_view word) const;
  [[nodiscard]] bool knows(std::string_view word) const;
  // "a, b hoặc c", "a, b và c".
  [[nodiscard]] std::string any_of(const std::vector<std::string>& parts) const;
  [[nodiscard]] std::string all_of(const std::vector<std::string>& parts) const;
  // Words, joined as alternatives.
  [[nodiscard]] std::string any_word(const std::vector<std::string>& words) const;
  [[nodiscard]] std::string levels(const std::vector<std::string>& levels) const;

  [[nodiscard]] std::string day(Day day) const;           // 01/9/2024, 2024-09-01
  [[nodiscard]] std::string number(Decimal value) const;  // 1.200,5 or 1,200.5
  [[nodiscard]] std::string period(const std::string& id) const;
  [[nodiscard]] std::string comparator(Comparator comparator, bool or_more) const;
  // The value with its unit of measure; a percentage where figures are ratios.
  [[nodiscard]] std::string amount(Decimal value, bool is_ratio, const std::string& measure) const;

 private:
  [[nodiscard]] std::string joined(const std::vector<std::string>& parts,
                                   std::string_view last) const;

  const Plan& plan_;
  TextLanguage language_;
};

}  // namespace tiendo
