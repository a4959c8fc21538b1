#include "deploy/editions.h"

#include <algorithm>
#include <shared_mutex>

#include "deploy/log_lines.h"
#include "deploy/log_writer.h"
#include "events/limits.h"
#include "events/whole_number.h"
#include "query/target.h"

namespace tiendo {
namespace {

constexpr std::chrono::milliseconds rest{250};
constexpr std::size_t part_bytes_max = limits::body_bytes_max / 2;

}  // namespace

Status keep_between_steps(Ingestion& ingestion, KvStore& log_store, const Edition& edition) {
  const Gate::Hold hold(ingestion.gate());
  return keep_edition(log_store, edition);
}

Status keep_over(const std::string& socket, const Edition& edition) {
  for (const EditionPart& part : parts_of(edition, part_bytes_max)) {
    TRY_ASSIGN(answer, ask_log_writer(socket, part.target, part.text));
    if (answer.status == 200) continue;
    return Error{"unreachable", "the process that writes the log did not keep the edition: " +
                                    answer.body.substr(0, 300)};
  }
  return Done{};
}

std::vector<EditionPart> parts_of(const Edition& edition, std::size_t bytes_max) {
  const EditionHead& head = edition.head;
  const std::string target = "/control/edition?publication=" + percent_encoded(head.publication) +
                             "&edition=" + std::to_string(head.edition) +
                             "&stream=" + percent_encoded(head.record.stream.text()) +
                             "&position=" + std::to_string(head.record.position) +
                             "&recorded_at_ms=" + std::to_string(head.record.recorded_at.ms) +
                             "&digest=" + to_hex(head.digest);
  const std::string_view text = edition.text;
  const std::size_t count = std::max<std::size_t>(1, (text.size() + bytes_max - 1) / bytes_max);
  std::vector<EditionPart> parts;
  for (std::size_t i = 0; i < count; ++i) {
    parts.push_back({target + "&part=" + std::to_string(i) + "&of=" + std::to_string(count),
                     text.substr(i * bytes_max, bytes_max)});
  }
  return parts;
}

Result<std::optional<Edition>> EditionParts::take(const HttpRequest& request) {
  const auto said = [&](std::string_view name) { return request.query(name).value_or(""); };
  const auto number = whole_number<uint32_t>(said("edition"));
  const auto position = whole_number<uint64_t>(said("position"));
  const auto recorded_at = whole_number<int64_t>(said("recorded_at_ms"));
  const auto part = whole_number<uint32_t>(said("part"));
  const auto count = whole_number<uint32_t>(said("of"));
  if (!number || !position || !recorded_at || !part || !count || said("publication").empty()) {
    return Error{"refused", "this is no edition"};
  }
  const std::lock_guard lock(mutex_);
  const std::string of = std::string(said("digest")) + " " + std::string(said("publication"));
  if (*part == 0) {
    of_ = of;
    next_ = 0;
    text_.clear();
  }
  if (of_ != of || next_ != *part) {
    return Error{"refused", "a part that does not follow the one before it"};
  }
  ++next_;
  text_ += request.body;
  if (next_ < *count) return std::optional<Edition>();
  of_.clear();
  const Digest digest = sha256(text_);
  if (to_hex(digest) != said("digest")) {
    return Error{"refused", "the text is not that of its digest"};
  }
  const OrderKey record{{*recorded_at}, StreamName(said("stream")), *position};
  return std::optional(Edition{.head = {.publication = std::string(said("publication")),
                                        .edition = *number,
                                        .record = record,
                                        .digest = digest},
                               .text = std::move(text_)});
}

EditionsStatus Editions::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Editions::note(const Result<bool>& made, std::chrono::duration<double> took) {
  const std::lock_guard lock(mutex_);
  status_.trouble = made.ok() ? "" : made.error().message;
  status_.waiting = maker_.waiting();
  if (!made.ok() || !*made) return;
  ++status_.made;
  status_.making_s += took.count();
}

Result<bool> Editions::step() {
  const auto began = std::chrono::steady_clock::now();
  auto made = [&] {
    const auto lock =
        parts_.log_access ? parts_.log_access() : std::shared_lock<std::shared_mutex>();
    return maker_.step();
  }();
  note(made, std::chrono::steady_clock::now() - began);
  return made;
}

void Editions::run(Ending& ending) {
  std::string told;
  while (!ending.begun()) {
    const auto made = step();
    const std::string trouble = status().trouble;
    if (trouble != told && !trouble.empty()) {
      log_line(Importance::warning, "an edition cannot be made yet: " + trouble);
    }
    told = trouble;
    const bool more = made.ok() && *made;
    if (!more && ending.wait(rest)) return;
  }
}

}  // namespace tiendo
