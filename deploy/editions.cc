#include "deploy/editions.h"

#include <shared_mutex>

#include "deploy/log_lines.h"
#include "deploy/log_writer.h"
#include "events/whole_number.h"
#include "query/target.h"

namespace tiendo {
namespace {

constexpr std::chrono::milliseconds rest{250};

}  // namespace

Status keep_between_steps(Ingestion& ingestion, KvStore& log_store, const Edition& edition) {
  const Gate::Hold hold(ingestion.gate());
  return keep_edition(log_store, edition);
}

Status keep_over(const std::string& socket, const Edition& edition) {
  TRY_ASSIGN(answer, ask_log_writer(socket, edition_target(edition.head), edition.text));
  if (answer.status == 200) return Done{};
  return Error{"unreachable", "the process that writes the log did not keep the edition: " +
                                  answer.body.substr(0, 300)};
}

std::string edition_target(const EditionHead& head) {
  return "/control/edition?publication=" + percent_encoded(head.publication) +
         "&edition=" + std::to_string(head.edition) +
         "&stream=" + percent_encoded(head.record.stream.text()) +
         "&position=" + std::to_string(head.record.position) +
         "&recorded_at_ms=" + std::to_string(head.record.recorded_at.ms) +
         "&digest=" + to_hex(head.digest);
}

Result<Edition> edition_in(const HttpRequest& request) {
  const auto said = [&](std::string_view name) { return request.query(name).value_or(""); };
  const auto number = whole_number<uint32_t>(said("edition"));
  const auto position = whole_number<uint64_t>(said("position"));
  const auto recorded_at = whole_number<int64_t>(said("recorded_at_ms"));
  const Digest digest = sha256(request.body);
  if (!number || !position || !recorded_at || said("publication").empty() ||
      to_hex(digest) != said("digest")) {
    return Error{"refused", "this is no edition, or its text is not that of its digest"};
  }
  const OrderKey record{{*recorded_at}, StreamName(said("stream")), *position};
  return Edition{.head = {.publication = std::string(said("publication")),
                          .edition = *number,
                          .record = record,
                          .digest = digest},
                 .text = request.body};
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
