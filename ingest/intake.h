// The embedded intake: messages handed over by this process itself (HTTP, imports, control records)
// wait here until the ingester has them in the log, and their senders are answered. It holds at
// most limits::intake_queue_bytes_max; what does not fit is refused with `busy`.
//
// Threads: submit() and close() on any; take(), wait() and answer() on the ingester's.
//
//   intake.submit(StreamName("intake"), std::move(messages), [](Result<std::vector<Placed>> placed)
//   {
//     ...  // on the ingester's thread: be quick
//   });
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "events/clock.h"
#include "events/limits.h"
#include "events/log.h"
#include "events/result.h"

namespace tiendo {

// Whether a stream is fed by the intake alone: intake, control, import:NAME.
[[nodiscard]] bool is_intake_stream(StreamName stream);

class Intake {
 public:
  // The messages' places in the order sent, or why they have none. Errors: what the log said (the
  // outcome is unknown then: the same ids can be sent again), `closing`.
  using Answer = std::function<void(Result<std::vector<Placed>>)>;

  struct Sent {  // one submission, as far as its answer goes
    Answer answer;
    std::size_t messages = 0;
    std::vector<Placed> placed;
  };
  // Messages on their way: part of one submission, or all of it.
  struct Taken {
    std::shared_ptr<Sent> sent;
    StreamName stream;
    std::vector<Message> messages;  // may be moved from
    std::size_t count = 0;          // of them
    std::size_t bytes = 0;
  };
  struct Drained {
    Instant admitted_at;  // of all of them; never before that of an earlier drain
    std::vector<Taken> parts;
  };

  // `clock` must live longer than the intake.
  explicit Intake(const Clock& clock, std::size_t bytes_max = limits::intake_queue_bytes_max)
      : clock_(&clock), bytes_max_(bytes_max) {}
  ~Intake();
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  // Errors: `busy`, `batch_too_large` (more than there will ever be room for), `closing`; `answer`
  // is called for what was taken on, and only for that. An empty submission is answered at once.
  Status submit(StreamName stream, std::vector<Message> messages, Answer answer);
  // Refuses what comes from now on, and answers with `closing` what no take() has touched.
  void close();
  // Called by every submit(); must not call back.
  void on_submit(std::function<void()> wake);

  // Whether there is something to take.
  [[nodiscard]] bool waiting() const;
  // Until there is something to take, at most this long.
  void wait(std::chrono::milliseconds at_most);
  // In the order of submission, at most so much, but at least one message if any is there.
  [[nodiscard]] Drained take(std::size_t events_max, std::size_t bytes_max);
  // What was drained is in the log: `placed` has its places, in the order drained. A submission is
  // answered with its last part.
  void answer(const Drained& drained, std::span<const Placed> placed);
  // The log would not have it.
  void refuse(const Drained& drained, const Error& error);

 private:
  struct Submission {
    std::shared_ptr<Sent> sent;
    StreamName stream;
    std::vector<Message> messages;
    std::size_t taken = 0;  // of the messages
  };
  static void reply(Sent& sent, Result<std::vector<Placed>> placed);
  static Taken take_part(Submission& from, std::size_t events_max, std::size_t bytes_max);
  void release(const Drained& drained);

  const Clock* clock_;
  const std::size_t bytes_max_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Submission> queue_;  // in order; only the first can be taken in part
  std::size_t bytes_ = 0;         // of what is queued or taken and not answered
  std::function<void()> wake_;
  Instant last_admission_{INT64_MIN};
  bool closing_ = false;
};

}  // namespace tiendo
