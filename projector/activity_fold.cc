#include <algorithm>
#include <map>

#include "projector/subject_fold.h"

namespace tiendo {
namespace {

ActivitySaid::What what(const Statement* one) { return std::get<ActivitySaid>(one->said).what; }

// The place of the base, the first `recorded`; the end where there is none.
std::size_t base_of(std::span<const Statement* const> statements) {
  const auto base = std::find_if(statements.begin(), statements.end(), [](const Statement* one) {
    return what(one) == ActivitySaid::What::recorded;
  });
  return static_cast<std::size_t>(base - statements.begin());
}

// Whatever the place of the base, everything else follows in order and the last one holds. None: no
// base yet, or cancelled.
const Statement* in_force(std::span<const Statement* const> known, std::size_t base) {
  if (known.size() <= base) return nullptr;
  const bool base_came_last = known.size() == base + 1 && base > 0;
  const Statement* last = base_came_last ? known[base - 1] : known.back();
  return what(last) == ActivitySaid::What::cancelled ? nullptr : last;
}

class ActivityFold {
 public:
  ActivityFold(const SubjectKey& subject, std::span<const TermSlot> slots,
               const std::vector<bool>& wanted)
      : subject_(subject), slots_(slots), wanted_(wanted) {}

  Derived fold(std::span<const Statement* const> statements, const Reference& reference) {
    using Standing = const Statement*;
    const auto heard = heard_of(statements, reference);
    std::vector<Step<Standing>> steps;
    if (heard && !heard->in_place) {
      steps = steps_of<Standing>(*heard, [](std::span<const Statement* const> known) {
        return in_force(known, base_of(known));
      });
    } else {
      const auto known = heard ? std::span<const Statement* const>(heard->statements) : statements;
      const std::size_t base = base_of(known);
      for (std::size_t count = 1; count <= known.size(); ++count) {
        steps.push_back({known[count - 1]->key, in_force(known.first(count), base)});
      }
    }
    note_needs(statements, heard, reference, steps.empty() ? nullptr : steps.back().standing);
    for (const Step<Standing>& step :
         released(std::move(steps), [&](Standing standing) -> std::optional<OrderKey> {
           if (standing == nullptr) return first_order_key();
           return reference.unit_known_from(std::get<ActivitySaid>(standing->said).unit);
         })) {
      stand(step.standing, step.from);
    }
    collect_amounts();
    return std::move(derived_);
  }

 private:
  void note_needs(std::span<const Statement* const> statements, const std::optional<Heard>& heard,
                  const Reference& reference, const Statement* in_force) {
    Needs needs(subject_, derived_.rows);
    needs.note_unheard(statements, heard);
    const bool has_base = [&] {
      const auto is_base = [](const Statement* one) {
        return what(one) == ActivitySaid::What::recorded;
      };
      if (!heard) return std::any_of(statements.begin(), statements.end(), is_base);
      const auto known = heard->at_last();
      return std::any_of(known.begin(), known.end(), is_base);
    }();
    for (const Statement* statement : statements) {
      const auto& said = std::get<ActivitySaid>(statement->said);
      const bool waits = heard && !heard->hears(statement);
      if (!has_base && !waits) {
        needs.row(statement->key, HeldFor::base, said.activity, "activity_unknown");
      } else if (said.what != ActivitySaid::What::cancelled) {
        needs.note(statement->key, HeldFor::unit, said.unit, reference.unit_known_from(said.unit),
                   "unit_unknown", statement == in_force || waits);
      }
    }
  }

  using Place = std::pair<uint32_t, std::string>;  // slot, unit

  // From `from` on, `statement` says how the activity stands.
  void stand(const Statement* statement, const OrderKey& from) {
    if (statement == standing_) return;
    std::map<Place, const Contribution*> now;
    Day day{};
    if (statement != nullptr) {
      const auto& said = std::get<ActivitySaid>(statement->said);
      day = said.day;
      for (uint32_t slot = 0; slot < said.contributions.size(); ++slot) {
        if (!wanted_[slot] || !said.contributions[slot]) continue;
        now.emplace(Place{slot, said.unit}, &*said.contributions[slot]);
        if (slots_[slot].term.kind != Term::Kind::credited) continue;
        for (const std::string& unit : said.co_units) {
          now.emplace(Place{slot, unit}, &*said.contributions[slot]);
        }
      }
    }
    for (const auto& [place, before] : now_) {
      if (day == day_ && now.contains(place)) continue;
      write(place, {.day = day_, .subject = subject_, .from = from, .retracted = true});
    }
    for (const auto& [place, contribution] : now) {
      Fact fact{.day = day,
                .subject = subject_,
                .from = from,
                .amount = contribution->amount,
                .elements = contribution->elements};
      const std::string& organiser = std::get<ActivitySaid>(statement->said).unit;
      if (place.second != organiser) fact.elements = {organiser};
      if (statement->key != from) fact.said_by = statement->key;
      write(place, fact);
    }
    standing_ = statement;
    now_ = std::move(now);
    day_ = day;
  }

  void write(const Place& place, const Fact& fact) {
    derived_.rows.push_back({view_family::facts,
                             fact_key(slots_[place.first].id, place.second, fact),
                             fact_value(fact)});
  }

  void collect_amounts() {
    for (const auto& [place, contribution] : now_) {
      if (!slots_[place.first].term.additive()) continue;
      derived_.amounts.push_back({place.first, place.second, day_, contribution->amount});
    }
  }

  const SubjectKey& subject_;
  std::span<const TermSlot> slots_;
  const std::vector<bool>& wanted_;
  Derived derived_;
  const Statement* standing_ = nullptr;
  std::map<Place, const Contribution*> now_;
  Day day_{};
};

}  // namespace

Derived fold_activity(const SubjectKey& subject, std::span<const Statement* const> statements,
                      std::span<const TermSlot> slots, const std::vector<bool>& wanted,
                      const Reference& reference) {
  return ActivityFold(subject, slots, wanted).fold(statements, reference);
}

}  // namespace tiendo
