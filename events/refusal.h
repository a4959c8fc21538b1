// How the reader of the envelope and the judge collect what is wrong: all checks run, and the
// refusal with the smallest Reason is the answer; among equals the first one found. While nothing
// is wrong nothing is built: a place is a chain on the stack, and becomes text only in a refusal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "events/json.h"
#include "events/message.h"

namespace tiendo {

// Where in a message something is. `parent` must outlive it.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;  // of a field
  int64_t index = -1;     // of an element of a list, from 0; then there is no name

  [[nodiscard]] Path field(std::string_view field_name) const { return {this, field_name, -1}; }
  [[nodiscard]] Path element(int64_t at) const { return {this, {}, at}; }
  // data.figures[1].indicator; long keys are cut.
  [[nodiscard]] std::string text() const;
};

// The field of a refusal that speaks of the message as a whole: no name at all.
inline constexpr Path whole_message{};

// Bytes as a person can read them: cut to limits::found_bytes_max, and what is no UTF-8 as \xNN.
[[nodiscard]] std::string readable(std::string_view bytes);

class FirstRefusal {
 public:
  [[nodiscard]] bool any() const { return refusal_.has_value(); }
  // Whether a refusal with this reason would be kept now.
  [[nodiscard]] bool wants(Reason reason) const { return !refusal_ || reason < refusal_->reason; }

  void add(Reason reason, const Path& path, std::string_view found, std::string_view expected);
  // `found` is shown as it stands in the document.
  void add(Reason reason, const Path& path, json::Value found, std::string_view expected);
  void add(Refusal refusal);
  // A missing field comes before all others of its object: `object_had_none` says that there was
  // no field_missing yet when the object was begun, so the one there is now lies deeper in it.
  void add_missing(const Path& path, std::string_view expected, bool object_had_none);

  [[nodiscard]] std::optional<Refusal> take() { return std::move(refusal_); }

 private:
  std::optional<Refusal> refusal_;
};

}  // namespace tiendo
