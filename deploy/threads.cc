#include "deploy/threads.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <utility>

#include "deploy/exit_code.h"
#include "deploy/log_lines.h"

namespace tiendo {

void Gate::enter() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return holds_ == 0; });
  inside_ = true;
}

void Gate::leave() {
  {
    const std::lock_guard lock(mutex_);
    inside_ = false;
  }
  changed_.notify_all();
}

Gate::Hold::Hold(Gate& gate) : gate_(&gate) {
  std::unique_lock lock(gate_->mutex_);
  ++gate_->holds_;
  gate_->changed_.wait(lock, [this] { return !gate_->inside_; });
}

Gate::Hold::~Hold() {
  {
    const std::lock_guard lock(gate_->mutex_);
    --gate_->holds_;
  }
  gate_->changed_.notify_all();
}

WorkerPool::WorkerPool(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  posted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  posted_.notify_one();
}

void WorkerPool::run() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      posted_.wait(lock, [this] { return ending_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

Parallel parallel_on(WorkerPool& pool, std::size_t parts) {
  return [&pool, parts](std::size_t count, const auto& work) {
    const std::size_t used = std::min(parts, count);
    if (used <= 1) {
      if (count > 0) work(0, count);
      return;
    }
    std::mutex mutex;
    std::condition_variable done;
    std::size_t left = used - 1;
    const auto begin_of = [count, used](std::size_t part) { return count * part / used; };
    for (std::size_t part = 1; part < used; ++part) {
      pool.post([&, part] {
        work(begin_of(part), begin_of(part + 1));
        const std::lock_guard lock(mutex);
        if (--left == 0) done.notify_one();
      });
    }
    work(0, begin_of(1));
    std::unique_lock lock(mutex);
    done.wait(lock, [&left] { return left == 0; });
  };
}

void Ending::begin() {
  const std::lock_guard lock(mutex_);
  begun_ = true;
  changed_.notify_all();  // before who waits can go on, and this with it
}

bool Ending::begun() const {
  const std::lock_guard lock(mutex_);
  return begun_;
}

bool Ending::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [this] { return begun_; });
}

void Ending::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return begun_; });
}

namespace {

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

timespec to_timespec(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {.tv_sec = static_cast<time_t>(seconds.count()),
          .tv_nsec = static_cast<long>(std::chrono::nanoseconds(time - seconds).count())};
}

[[noreturn]] void end_now(std::string_view why, ExitCode code) {
  log_line(Importance::warning, why);
  flush_log_lines();
  ::_exit(code);
}

}  // namespace

void block_ending_signals() {
  const sigset_t signals = ending_signals();
  ENSURE(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0, "signals can be blocked");
}

void watch_ending_signals(Ending& ending, std::chrono::milliseconds at_most) {
  std::thread([&ending, at_most] {
    const sigset_t signals = ending_signals();
    int number = 0;
    while (sigwait(&signals, &number) != 0) {
    }
    log_line(Importance::info, "ending; a second signal ends at once");
    ending.begin();
    const timespec time = to_timespec(at_most);
    if (sigtimedwait(&signals, nullptr, &time) > 0) {
      end_now("ended at once; all that was acknowledged is in the log", exit_try_again);
    }
    if (ending.is_leave_taking()) end_now("ended; the brokers were not waited for", exit_done);
    end_now("the end took too long; all that was acknowledged is in the log", exit_try_again);
  }).detach();
}

}  // namespace tiendo
