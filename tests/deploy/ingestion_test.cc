#include "deploy/ingestion.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <thread>

#include "tests/deploy/small_log.h"

namespace tiendo {
namespace {

using testing::SmallLog;

class IngestionTest : public ::testing::Test {
 protected:
  void open() {
    auto opened = Ingestion::open({.store = *store_,
                                   .clock = clock_,
                                   .appended = [this] { ++appended_; },
                                   .end_process = [this](const Error& error) { fatal_ = error; }});
    ASSERT_TRUE(opened.ok());
    ingestion_ = std::move(opened).value();
  }
  std::future<Result<std::vector<Placed>>> send(std::string text) {
    auto answer = std::make_shared<std::promise<Result<std::vector<Placed>>>>();
    Message message;
    message.value = std::move(text);
    std::vector<Message> messages;
    messages.push_back(std::move(message));
    auto future = answer->get_future();
    sent_ = ingestion_->intake().submit(
        StreamName("intake"), std::move(messages),
        [answer](Result<std::vector<Placed>> placed) { answer->set_value(std::move(placed)); });
    return future;
  }

  SystemClock clock_;
  std::unique_ptr<FaultyStore> store_ = make_faulty_store(log_families());
  std::unique_ptr<Ingestion> ingestion_;
  int appended_ = 0;
  std::optional<Error> fatal_;
  Status sent_ = Done{};
};

TEST_F(IngestionTest, AnswersAndTellsOfWhatItAppended) {
  open();
  Ending ending;
  std::thread loop([&] { ingestion_->run(ending); });
  auto answer =
      send(SmallLog::event("unit.closed", "e1", R"({"unit":"U","effective":"2024-01-01"})"));
  const auto placed = answer.get();
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed->front().judgement.verdict, Verdict::accepted);
  ending.begin();
  loop.join();
  EXPECT_EQ(appended_, 1);
  EXPECT_FALSE(fatal_.has_value());
}

TEST_F(IngestionTest, RefusesWhatComesAfterItsEnd) {
  open();
  Ending ending;
  ending.begin();
  ingestion_->run(ending);
  send("{}");
  EXPECT_EQ(sent_.error().code, "closing");
}

TEST_F(IngestionTest, ALogThatCannotBeWrittenEndsTheProcess) {
  open();
  store_->plan({.fail_commit = 0});
  auto answer = send("{}");
  Ending ending;
  ingestion_->run(ending);  // comes back by itself
  ASSERT_TRUE(fatal_.has_value());
  EXPECT_FALSE(answer.get().ok());
  EXPECT_EQ(appended_, 0);
}

}  // namespace
}  // namespace tiendo
