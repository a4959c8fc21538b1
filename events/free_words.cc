#include "events/free_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "events/glossary.h"
#include "events/nearest_word.h"
#include "events/plan_words.h"
#include "events/text.h"

namespace tiendo {
namespace {

using CategoryOf = std::pair<std::string_view, std::string_view>;

// Fields whose values are such words. What an output produces is an entity of the register of its
// name.
constexpr std::array<CategoryOf, 15> valued = {{{"type", "type"},
                                                {"pillar", "pillar"},
                                                {"topics", "topic"},
                                                {"audiences", "audience"},
                                                {"register", "register"},
                                                {"output", "register"},
                                                {"statistic", "statistic"},
                                                {"attribute", "attribute"},
                                                {"kind", "kind"},
                                                {"unit.kind", "kind"},
                                                {"level", "level"},
                                                {"parent_level", "level"},
                                                {"unit.level", "level"},
                                                {"unit.parent_level", "level"},
                                                {"task", "task"}}};
// Fields that end in such a word.
constexpr std::array<CategoryOf, 3> keyed = {
    {{"flag.", "flag"}, {"attr.", "attribute"}, {"unit.attr.", "attribute"}}};
// Texts for people.
constexpr std::array<std::string_view, 5> prose = {"words", "name", "title", "note",
                                                   "why_reported"};

bool is_kind_of_the_language(std::string_view word) {
  const auto has = [word](const auto& list) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  return has(words::formula_kinds) || has(words::when_kinds);
}

class Walk {
 public:
  explicit Walk(std::vector<FreeWord>& found) : found_(found) {}

  void visit(json::Value value, const std::string& path) {
    if (value.is(json::Kind::array)) {
      std::size_t at = 0;
      for (const json::Value one : value) visit(one, path + "[" + std::to_string(at++) + "]");
    }
    if (!value.is(json::Kind::object)) return;
    for (const json::Value field : value) {
      const std::string_view key = field.key();
      if (std::find(prose.begin(), prose.end(), key) != prose.end()) continue;
      const std::string at = path + "." + std::string(key);
      for (const auto& [name, category] : valued) {
        if (key == name) take_values(category, field, at);
      }
      for (const auto& [beginning, category] : keyed) {
        if (key.starts_with(beginning)) take(category, key.substr(beginning.size()), at);
      }
      visit(field, at);
    }
  }

 private:
  void take_values(std::string_view category, json::Value said, const std::string& path) {
    if (said.is(json::Kind::text)) take(category, said.text(), path);
    if (!said.is(json::Kind::array)) return;
    std::size_t at = 0;
    for (const json::Value one : said) {
      if (one.is(json::Kind::text)) {
        take(category, one.text(), path + "[" + std::to_string(at) + "]");
      }
      ++at;
    }
  }

  void take(std::string_view category, std::string_view word, const std::string& path) {
    if (category == "kind" && is_kind_of_the_language(word)) return;
    found_.push_back({std::string(category), to_nfc(word), path});
  }

  std::vector<FreeWord>& found_;
};

std::string without_digits(std::string_view word) {
  std::string rest;
  std::copy_if(word.begin(), word.end(), std::back_inserter(rest),
               [](char c) { return c < '0' || c > '9'; });
  return rest;
}

// Less is forgiven than where a word is known to be wrong; words that count (stage_1, stage_2) are
// near to one another on purpose.
bool is_near(std::string_view said, std::string_view other) {
  constexpr std::size_t letters_min = 4;
  constexpr std::size_t letters_for_each_slip = 6;
  const std::size_t shorter = std::min(said.size(), other.size());
  if (shorter < letters_min || without_digits(said) == without_digits(other)) return false;
  return edits_between(said, other) <= std::max<std::size_t>(1, shorter / letters_for_each_slip);
}

}  // namespace

std::vector<FreeWord> free_words_of(json::Value document) {
  std::vector<FreeWord> found;
  Walk(found).visit(document, "data");
  return found;
}

std::vector<Slip> slips_of(const std::vector<FreeWord>& used, const Plan& plan) {
  const Glossary glossary(plan, TextLanguage::vi);
  const auto is_explained = [&](const std::string& category, const std::string& word) {
    const std::string_view prefix = category == "attribute" ? "attr." : "flag.";
    return glossary.knows(word) || glossary.knows(std::string(prefix) + word);
  };
  std::map<std::string, std::map<std::string, int>> counts;  // of words, by category
  for (const FreeWord& one : used) ++counts[one.category][one.word];
  std::vector<Slip> slips;
  std::set<std::pair<std::string, std::string>> seen;
  for (const FreeWord& one : used) {
    if (is_explained(one.category, one.word)) continue;
    if (!seen.emplace(one.category, one.word).second) continue;
    std::string meant;
    const auto consider = [&](const std::string& other) {
      if (other == one.word || !is_near(one.word, other)) return;
      const bool is_nearer =
          meant.empty() || edits_between(one.word, other) < edits_between(one.word, meant);
      if (is_nearer) meant = other;
    };
    const std::map<std::string, int>& alike = counts[one.category];
    for (const auto& [other, count] : alike) {
      if (is_explained(one.category, other) || count > alike.at(one.word)) consider(other);
    }
    for (const auto& [key, meaning] : plan.words) consider(key.substr(key.rfind('.') + 1));
    if (!meant.empty()) slips.push_back({one, std::move(meant)});
  }
  return slips;
}

}  // namespace tiendo
