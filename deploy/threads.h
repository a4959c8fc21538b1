// The threads of the program. Everything below deploy/ is plain objects that step; here is what
// steps them, and how one loop is held still for another.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "projector/projector.h"

namespace tiendo {

// A loop passes through, step by step; others can hold it outside for a while. Any thread.
class Gate {
 public:
  // The loop is inside from enter() until leave().
  void enter();
  void leave();

  // Keeps the loop outside while it lives. Made on any thread but the loop's own.
  class Hold {
   public:
    explicit Hold(Gate& gate);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    Gate* gate_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool inside_ = false;
  int holds_ = 0;
};

class GatePass {
 public:
  explicit GatePass(Gate& gate) : gate_(&gate) { gate_->enter(); }
  ~GatePass() { gate_->leave(); }
  GatePass(const GatePass&) = delete;
  GatePass& operator=(const GatePass&) = delete;

 private:
  Gate* gate_;
};

// Threads that do what is posted, in order of posting. Any thread may post.
class WorkerPool {
 public:
  explicit WorkerPool(int threads);
  ~WorkerPool();  // does what was posted first
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void post(std::function<void()> work);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

// Cuts work into `parts`: the caller does one and the pool the others. The pool must live longer,
// and nothing posted to it may itself use this.
[[nodiscard]] Parallel parallel_on(WorkerPool& pool, std::size_t parts);

// Whether it is time to end; can be waited for.
class Ending {
 public:
  void begin();
  [[nodiscard]] bool begun() const;
  // True once it has begun, false after the time is over.
  bool wait(std::chrono::milliseconds at_most);
  void wait();
  // What is left to be done changes nothing that is kept: it may be cut off.
  void only_leave_taking() { only_leave_taking_ = true; }
  [[nodiscard]] bool is_leave_taking() const { return only_leave_taking_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool begun_ = false;
  std::atomic<bool> only_leave_taking_ = false;
};

// Keeps SIGTERM and SIGINT from this thread and all that it starts from now on.
void block_ending_signals();

// The first SIGTERM or SIGINT begins `ending`, a second one ends the process at once (exit 75), and
// so does an end that takes longer than `at_most`, but with 0 where only leave is taken: a client
// library may wait for a broker that is silent. Needs block_ending_signals() before any thread
// is started; `ending` must live as long as the process. Forgotten: its thread ends with the
// process.
void watch_ending_signals(Ending& ending, std::chrono::milliseconds at_most);

}  // namespace tiendo
