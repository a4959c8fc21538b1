#include "deploy/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace tiendo {
namespace {

TEST(Gate, AHoldKeepsTheLoopOutside) {
  Gate gate;
  Ending ending;
  std::atomic<int> passes = 0;
  std::atomic<bool> inside = false;
  std::thread loop([&] {
    while (!ending.begun()) {
      const GatePass pass(gate);
      inside = true;
      ++passes;
      inside = false;
    }
  });
  for (int i = 0; i < 200; ++i) {
    const Gate::Hold hold(gate);
    EXPECT_FALSE(inside);
    const int before = passes;
    std::this_thread::yield();
    EXPECT_EQ(passes, before);
  }
  const int held_until = passes;
  while (passes <= held_until) std::this_thread::yield();  // and it goes on
  ending.begin();
  loop.join();
}

TEST(Gate, SeveralCanHoldIt) {
  Gate gate;
  {
    const Gate::Hold first(gate);
    const Gate::Hold second(gate);
  }
  const GatePass pass(gate);
}

TEST(WorkerPool, DoesAllThatWasPostedBeforeItEnds) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(3);
    for (int i = 0; i < 1'000; ++i) pool.post([&] { ++done; });
  }
  EXPECT_EQ(done, 1'000);
}

TEST(WorkerPool, OneThreadKeepsTheOrder) {
  std::vector<int> done;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 100; ++i) pool.post([&done, i] { done.push_back(i); });
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(ParallelOn, CoversEachIndexOnce) {
  WorkerPool pool(2);
  const Parallel parallel = parallel_on(pool, 3);
  for (const std::size_t count : {0u, 1u, 2u, 3u, 4u, 1'000u}) {
    std::vector<std::atomic<int>> seen(count);
    parallel(count, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++seen[i];
    });
    for (const auto& times : seen) EXPECT_EQ(times, 1) << count;
  }
}

TEST(ParallelOn, ServesSeveralCallersAtOnce) {
  WorkerPool pool(1);
  const Parallel parallel = parallel_on(pool, 4);
  std::atomic<std::size_t> sum = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int k = 0; k < 50; ++k) {
        parallel(10, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum, 4u * 50 * 10);
}

TEST(Ending, WakesThoseWhoWait) {
  Ending ending;
  EXPECT_FALSE(ending.wait(std::chrono::milliseconds(0)));
  std::thread waiting([&] { ending.wait(); });
  ending.begin();
  waiting.join();
  EXPECT_TRUE(ending.begun());
  EXPECT_TRUE(ending.wait(std::chrono::hours(1)));
}

}  // namespace
}  // namespace tiendo
