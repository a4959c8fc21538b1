#include "ingest/intake.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "ingest/source.h"

namespace tiendo {
namespace {

Error closing() { return {"closing", "the program is ending; send the same ids again later"}; }

}  // namespace

bool is_intake_stream(StreamName stream) {
  return stream.text() == "intake" || stream.text() == "control" || is_import(stream);
}

// Once: a submission refused in one part may still have another.
void Intake::reply(Sent& sent, Result<std::vector<Placed>> placed) {
  const Answer answer = std::exchange(sent.answer, nullptr);
  if (answer) answer(std::move(placed));
}

Intake::~Intake() {
  close();
  // What is left was taken in part, and its ingester is gone.
  for (const Submission& submission : queue_) reply(*submission.sent, closing());
}

Status Intake::submit(StreamName stream, std::vector<Message> messages, Answer answer) {
  ENSURE(is_intake_stream(stream), "a stream of a source takes nothing from the intake");
  std::size_t bytes = 0;
  for (const Message& message : messages) bytes += bytes_of(message);
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return closing();
    if (bytes > bytes_max_) {
      return Error{"batch_too_large",
                   "it takes " + std::to_string(bytes) + " bytes of memory and may take " +
                       std::to_string(bytes_max_) + "; send it in several parts"};
    }
    if (bytes > bytes_max_ - bytes_) {
      return Error{"busy", "the intake holds " + std::to_string(bytes_) + " of " +
                               std::to_string(bytes_max_) + " bytes and has no room for " +
                               std::to_string(bytes) + " more; try again shortly"};
    }
    if (!messages.empty()) {
      bytes_ += bytes;
      auto sent = std::make_shared<Sent>(Sent{std::move(answer), messages.size(), {}});
      queue_.push_back({std::move(sent), stream, std::move(messages)});
      answer = nullptr;
      if (wake_) wake_();
    }
  }
  if (answer) {  // nothing was sent
    answer(std::vector<Placed>());
    return Done{};
  }
  arrived_.notify_one();
  return Done{};
}

void Intake::close() {
  std::vector<std::shared_ptr<Sent>> untouched;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    while (!queue_.empty() && queue_.back().taken == 0) {
      for (const Message& message : queue_.back().messages) bytes_ -= bytes_of(message);
      untouched.push_back(std::move(queue_.back().sent));
      queue_.pop_back();
    }
  }
  for (const auto& sent : untouched) reply(*sent, closing());
}

void Intake::on_submit(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

bool Intake::waiting() const {
  const std::lock_guard lock(mutex_);
  return !queue_.empty();
}

void Intake::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, at_most, [this] { return !queue_.empty(); });
}

Intake::Taken Intake::take_part(Submission& from, std::size_t events_max, std::size_t bytes_max) {
  Taken part{from.sent, from.stream, {}};
  while (from.taken < from.messages.size() && part.messages.size() < events_max &&
         part.bytes < bytes_max) {
    Message& message = from.messages[from.taken++];
    part.bytes += bytes_of(message);
    part.messages.push_back(std::move(message));
  }
  part.count = part.messages.size();
  return part;
}

Intake::Drained Intake::take(std::size_t events_max, std::size_t bytes_max) {
  const std::lock_guard lock(mutex_);
  Drained drained;
  drained.admitted_at = last_admission_ = std::max(last_admission_, clock_->now());
  while (!queue_.empty() && events_max > 0 && bytes_max > 0) {
    drained.parts.push_back(take_part(queue_.front(), events_max, bytes_max));
    const Taken& part = drained.parts.back();
    events_max -= part.messages.size();
    bytes_max -= std::min(bytes_max, part.bytes);
    if (queue_.front().taken == queue_.front().messages.size()) queue_.pop_front();
  }
  return drained;
}

void Intake::answer(const Drained& drained, std::span<const Placed> placed) {
  release(drained);
  auto next = placed.begin();
  for (const Taken& part : drained.parts) {
    Sent& sent = *part.sent;
    const auto end = next + static_cast<std::ptrdiff_t>(part.count);
    ENSURE(end <= placed.end(), "every message taken has its place");
    sent.placed.insert(sent.placed.end(), next, end);
    next = end;
    if (sent.placed.size() == sent.messages) reply(sent, std::move(sent.placed));
  }
  ENSURE(next == placed.end(), "every place belongs to a message taken");
}

void Intake::refuse(const Drained& drained, const Error& error) {
  release(drained);
  for (const Taken& part : drained.parts) reply(*part.sent, error);
}

void Intake::release(const Drained& drained) {
  const std::lock_guard lock(mutex_);
  for (const Taken& part : drained.parts) bytes_ -= part.bytes;
}

}  // namespace tiendo
