#include "projector/row_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "projector/row_bytes.h"

namespace tiendo {
namespace {

constexpr std::size_t cell_bytes = 32;

std::string hex(std::string_view raw) {
  return to_hex({reinterpret_cast<const uint8_t*>(raw.data()), raw.size()});
}

std::string term_in_words(std::string_view id, std::span<const TermSlot> slots) {
  const auto slot = std::find_if(slots.begin(), slots.end(),
                                 [&](const TermSlot& one) { return one.id.view() == id; });
  return slot == slots.end() ? "term " + hex(id) : canonical(slot->term);
}

std::string in_words(HalfMonth half) {
  const Window days = days_of(half);
  return to_text(days.first) + " to " + to_text(days.last);
}

std::string in_words(const SubjectKey& subject) { return hex(subject.bytes()); }

// Takes the parts of a key one after another.
class KeyReader {
 public:
  KeyReader(std::string_view key, std::span<const TermSlot> slots) : taker_(key), slots_(slots) {}

  RowPlace place(Family family) {
    switch (family) {
      case view_family::facts: {
        const std::string term = term_in_words(taker_.raw_bytes(16), slots_);
        const std::string unit(taker_.take_key_text());
        const Day day{taker_.take_i32()};
        return of_subject([&] { return fmt::format("{} of {} on {}", term, unit, to_text(day)); });
      }
      case view_family::rollups:
        return cell();
      case view_family::reports: {
        const std::string plan(taker_.take_key_text());
        const std::string unit(taker_.take_key_text());
        const std::string period(taker_.take_key_text());
        return of_subject(
            [&] { return fmt::format("the report of {} for {} of plan {}", unit, period, plan); });
      }
      case view_family::declared:
        return declared();
      case view_family::held: {
        const char what = static_cast<char>(taker_.take<uint8_t>());
        const std::string name(taker_.take_key_text());
        return of_subject([&] { return fmt::format("what waited for {} {}", what, name); });
      }
      case view_family::subjects:
        return {.words = "the records of subject " + hex(taker_.rest()),
                .readable = parse_subject_key(taker_.rest()).has_value(),
                .subject = parse_subject_key(taker_.rest()),
                .record = {}};
      case view_family::identities:
        return {
            .words = "the records of identity " + hex(taker_.rest()), .subject = {}, .record = {}};
      default:
        return {.words = "the row " + hex(taker_.rest()), .subject = {}, .record = {}};
    }
  }

 private:
  RowPlace cell() {
    const char scope = static_cast<char>(taker_.take<uint8_t>());
    const std::string term = term_in_words(taker_.raw_bytes(16), slots_);
    const std::string unit(taker_.take_key_text());
    const HalfMonth half{taker_.take_i32()};
    if (!taker_.finished() || (scope != 'o' && scope != 's')) return unreadable();
    return {.words = fmt::format("the sum of {} {} {}, {}", term,
                                 scope == 'o' ? "of" : "below and in", unit, in_words(half)),
            .subject = {},
            .record = {}};
  }

  RowPlace declared() {
    const char kind = static_cast<char>(taker_.take<uint8_t>());
    const std::string name(taker_.take_key_text());
    if (kind == 'e') {
      return of_subject([&] { return "an entity of register " + name; });
    }
    const std::string unit(taker_.take_key_text());
    if (kind == 's') {
      const Day as_at{taker_.take_i32()};
      return of_subject(
          [&] { return fmt::format("statistic {} of {} as at {}", name, unit, to_text(as_at)); });
    }
    if (kind != 'm') return unreadable();
    return of_subject([&] { return fmt::format("money of {} in plan {}", unit, name); });
  }

  template <class Words>
  RowPlace of_subject(const Words& words) {
    const auto end = parse_subject_and_key(taker_.rest());
    if (!taker_.ok() || !end) return unreadable();
    return {.words = fmt::format("{} (subject {})", words(), in_words(end->subject)),
            .subject = end->subject,
            .record = end->key};
  }

  static RowPlace unreadable() {
    return {.words = "", .readable = false, .subject = {}, .record = {}};
  }

  bytes::Taker taker_;
  std::span<const TermSlot> slots_;
};

}  // namespace

RowPlace place_of_row(Family family, std::string_view key, std::span<const TermSlot> slots) {
  RowPlace place = KeyReader(key, slots).place(family);
  if (!place.readable) place.words = "a row that cannot be read: " + hex(key);
  return place;
}

std::string content_in_words(Family family, const std::optional<std::string>& value) {
  if (!value) return "nothing";
  if (family == view_family::rollups) {
    if (value->size() != cell_bytes) return "what cannot be read";
    const Cell cell = parse_cell(*value);
    const auto amount = cell.amount.decimal();
    return fmt::format("{} from {}", amount ? amount->text() : "too much", cell.contributions);
  }
  if (family == view_family::facts) {
    // Only the value is wanted: the key is one that can be read.
    std::string key;
    bytes::put_i32(key, 0);
    put_subject_and_key(key, SubjectKey{.kind = activity_subject}, OrderKey());
    Fact fact{.from = {}};
    if (!parse_fact(key, *value, fact)) return "what cannot be read";
    if (fact.retracted) return "retracted";
    if (fact.elements.empty()) return fact.amount.text();
    return fmt::format("{} and {} ids ({:.8})", fact.amount.text(), fact.elements.size(),
                       to_hex(sha256(*value)));
  }
  return fmt::format("{} bytes ({:.8})", value->size(), to_hex(sha256(*value)));
}

}  // namespace tiendo
