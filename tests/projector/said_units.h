// Units told in few words, and where their facts stand, as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/calendar.h"
#include "projector/tree.h"

namespace tiendo {

inline Day day(std::string_view text) { return *parse_day(text); }

// Says things of units, each a record later than the one before.
class Said {
 public:
  Said& registered(std::string_view unit, std::string_view parent,
                   std::string_view effective = "2020-01-01", std::string_view level = "district") {
    return say({.what = UnitSaid::What::registered,
                .unit = std::string(unit),
                .effective = day(effective),
                .name = {std::string(unit), ""},
                .parent = parent.empty() ? std::nullopt : std::optional<std::string>(parent),
                .level = std::string(level)});
  }
  Said& moved(std::string_view unit, std::string_view parent, std::string_view effective) {
    return say({.what = UnitSaid::What::moved,
                .unit = std::string(unit),
                .effective = day(effective),
                .parent = parent.empty() ? std::nullopt : std::optional<std::string>(parent)});
  }
  Said& renamed(std::string_view unit, std::string_view name, std::string_view effective) {
    return say({.what = UnitSaid::What::renamed,
                .unit = std::string(unit),
                .effective = day(effective),
                .name = {std::string(name), ""}});
  }
  Said& closed(std::string_view unit, std::string_view effective) {
    return say(
        {.what = UnitSaid::What::closed, .unit = std::string(unit), .effective = day(effective)});
  }
  Said& reopened(std::string_view unit, std::string_view effective) {
    return say(
        {.what = UnitSaid::What::reopened, .unit = std::string(unit), .effective = day(effective)});
  }
  Said& merged(std::vector<std::string> from, std::string_view into, std::string_view effective) {
    return say_succession({.what = SuccessionSaid::What::merged,
                           .effective = day(effective),
                           .from = std::move(from),
                           .into = {{std::string(into), Decimal::whole(1)}}});
  }
  Said& split(std::string_view unit, std::vector<std::pair<std::string, std::string>> into,
              std::string_view effective) {
    SuccessionSaid said{.what = SuccessionSaid::What::split,
                        .effective = day(effective),
                        .from = {std::string(unit)}};
    for (const auto& [part, share] : into) {
      said.into.push_back({part, parse_decimal(share).value});
    }
    return say_succession(std::move(said));
  }
  Said& attribute(std::string_view unit, std::string_view key, std::string_view text,
                  std::string_view effective) {
    return say({.what = UnitSaid::What::attributes_set,
                .unit = std::string(unit),
                .effective = day(effective),
                .attributes = {{std::string(key), {Scalar::Kind::text, std::string(text)}}}});
  }
  Said& say_succession(SuccessionSaid said) {
    statements_.push_back(
        {.key = {{0}, StreamName("t"), statements_.size()}, .said = std::move(said)});
    return *this;
  }
  Said& say(UnitSaid said) {
    statements_.push_back(
        {.key = {{0}, StreamName("t"), statements_.size()}, .said = std::move(said)});
    return *this;
  }
  [[nodiscard]] Tree tree() const {
    std::vector<const Statement*> all;
    for (const Statement& one : statements_) all.push_back(&one);
    return Tree(all);
  }
  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }

 private:
  std::vector<Statement> statements_;
};

inline std::string chain(const Tree& tree, std::string_view unit, std::string_view on) {
  std::string out;
  for (const UnitIndex link : tree.chain(*tree.find(unit), day(on))) {
    out += (out.empty() ? "" : " ") + tree.unit(link).id;
  }
  return out;
}

// Where a fact of a day stands, in the tree of another or, without one, as reported.
inline std::string place(const Tree& tree, std::string_view unit, std::string_view fact,
                         std::string_view of = "") {
  const TreeMode mode = of.empty() ? TreeMode{} : TreeMode{day(of)};
  std::string text;
  for (const TreePart& part : tree.place(*tree.find(unit), day(fact), mode)) {
    if (!text.empty()) text += " + ";
    if (part.share != Decimal::whole(1)) text += part.share.text() + " ";
    if (!part.place) text += "nowhere";
    if (part.place)
      text += (part.place->own ? "" : "unplaced at ") + tree.unit(part.place->unit).id;
  }
  return text;
}

// Where it stands if it is not divided.
inline std::string place_whole(const Tree& tree, std::string_view unit, std::string_view fact,
                               std::string_view of = "") {
  const TreeMode mode = of.empty() ? TreeMode{} : TreeMode{day(of)};
  const auto place = tree.place_whole(*tree.find(unit), day(fact), mode);
  if (!place) return "nowhere";
  return (place->own ? "" : "unplaced at ") + tree.unit(place->unit).id;
}

inline std::vector<Window> windows(const std::vector<DaysHere>& days) {
  std::vector<Window> all;
  for (const DaysHere& one : days) all.push_back(one.days);
  return all;
}
inline std::vector<Window> days_below(const Tree& tree, UnitIndex unit, UnitIndex node,
                                      Window window, TreeMode mode) {
  return windows(tree.days_below(unit, node, window, mode, Dividing::divided));
}
inline std::vector<Window> own_days(const Tree& tree, UnitIndex unit, Window window,
                                    TreeMode mode) {
  return windows(tree.days_own(unit, unit, window, mode, Dividing::divided));
}

inline std::string attribute(const Tree& tree, std::string_view unit, std::string_view on) {
  const auto* now = tree.attribute(*tree.find(unit), "sector", day(on));
  return now == nullptr ? "nothing" : now->value.text;
}

inline Said worked_example() {
  Said said;
  said.registered("P", "").registered("D1", "P").registered("D2", "P");
  said.registered("C1", "D1").registered("C2", "D1").registered("C3", "D2");
  return said;
}

}  // namespace tiendo
