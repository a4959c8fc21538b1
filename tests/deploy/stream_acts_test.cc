#include "deploy/stream_acts.h"

#include <gtest/gtest.h>

#include <optional>

namespace tiendo {
namespace {

class StreamActsTest : public ::testing::Test {
 protected:
  StreamActsTest() {
    auto opened = Ingestion::open({.store = *store_, .clock = clock_});
    ingestion_ = std::move(opened).value();
  }
  HttpResponse act(const std::string& body, const std::string& path = "accept-gap") {
    const HttpRequest request{
        .method = "POST", .path = "/control/stream/" + path, .body = body, .local = true};
    EXPECT_TRUE(is_stream_act(request));
    std::optional<HttpResponse> answer;
    act_on_stream(
        *ingestion_, [](const std::function<void()>& work) { work(); }, request,
        HttpReply([&](HttpResponse response) { answer = std::move(response); }));
    return answer.value_or(HttpResponse{});
  }

  ManualClock clock_{Instant{1'700'000'000'000}};
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
  std::unique_ptr<Ingestion> ingestion_;
};

TEST_F(StreamActsTest, OfAStreamThatIsNotReadAreNotFound) {
  const auto answer = act(R"({"stream":"t:0:0","author":"op","reason":"why","yes":true})");
  EXPECT_EQ(answer.status, 404);
  EXPECT_NE(answer.body.find("t:0:0"), std::string::npos) << answer.body;
  EXPECT_EQ(act(R"({"stream":"intake"})", "new-epoch").status, 404);
}

TEST_F(StreamActsTest, ThatCannotBeReadAreRefused) {
  EXPECT_EQ(act("no json").status, 400);
  EXPECT_EQ(act(R"({"stream":"t:0:0","to":"many"})").status, 400);
}

TEST_F(StreamActsTest, AreThoseTwo) {
  EXPECT_FALSE(is_stream_act({.method = "GET", .path = "/control/stream/accept-gap"}));
  EXPECT_FALSE(is_stream_act({.method = "POST", .path = "/control/stream/forget"}));
}

}  // namespace
}  // namespace tiendo
