#include "deploy/decided.h"

#include <gtest/gtest.h>

#include <thread>

#include "deploy/ingestion.h"
#include "events/event.h"
#include "query/target.h"

namespace tiendo {
namespace {

const RejudgeAct act{StreamName("t:0:0"), 7, "chi-lan", "sau khi nâng cấp"};

class RejudgeWrite : public ::testing::Test {
 protected:
  RejudgeWrite() { ingestion_ = Ingestion::open({.store = *store_, .clock = clock_}).value(); }

  // As the loop of the node would, while the act waits.
  Result<Placed> write(const RejudgeAct& said) {
    std::optional<Result<Placed>> placed;
    std::thread asking([&] { placed.emplace(write_rejudged(ingestion_->intake(), clock_, said)); });
    while (!ingestion_->intake().waiting()) std::this_thread::yield();
    EXPECT_TRUE(ingestion_->step().ok());
    asking.join();
    return *placed;
  }

  ManualClock clock_{*parse_instant("2024-06-01T08:00:00+07:00")};
  std::unique_ptr<KvStore> store_ = make_memory_store(log_families());
  std::unique_ptr<Ingestion> ingestion_;
};

TEST_F(RejudgeWrite, TheControlRecordIsInTheLogWithAuthorAndReason) {
  const auto placed = write(act);
  ASSERT_TRUE(placed.ok()) << placed.error().message;
  EXPECT_EQ(placed->stream, StreamName("control"));
  EXPECT_EQ(placed->judgement.verdict, Verdict::accepted);
  const Record record = LogReader(*store_).read(placed->stream, placed->position).value();
  json::Document document;
  const Decoded decoded = decode(record.message, document);
  const auto& event = std::get<Event>(decoded);
  EXPECT_EQ(event.type, EventType::control_rejudged);
  EXPECT_EQ(event.actor, "chi-lan");
  EXPECT_EQ(event.data["stream"].text(), "t:0:0");
  EXPECT_EQ(event.data["position"].text(), "7");
  EXPECT_EQ(event.data["reason"].text(), "sau khi nâng cấp");
}

TEST_F(RejudgeWrite, WhatNoRecordCanHoldIsRefusedInWords) {
  for (const RejudgeAct& bad :
       {RejudgeAct{StreamName("t:0:0"), 7, "", "r"}, RejudgeAct{StreamName("t:0:0"), 7, "a", " "},
        RejudgeAct{StreamName("t:0:0"), 7, std::string(201, 'x'), "r"}}) {
    const auto placed = write_rejudged(ingestion_->intake(), clock_, bad);
    ASSERT_FALSE(placed.ok());
    EXPECT_EQ(placed.error().code, "refused");
    EXPECT_FALSE(placed.error().message.empty());
  }
  EXPECT_TRUE(LogReader(*store_).heads()->empty());
}

HttpRequest sent(const PublicationEvent& event) {
  RequestTarget target = parse_request_target(publication_target(event)).value();
  return {.method = "POST",
          .path = std::move(target.path),
          .segments = std::move(target.segments),
          .parameters = std::move(target.parameters),
          .body = event.data};
}

TEST(PublicationOverTheSocket, GoesAsItIs) {
  for (const EventType type : {EventType::publication_closed, EventType::publication_amended}) {
    const PublicationEvent event{.type = type,
                                 .id = "năm 2024 & b",
                                 .author = "chị Lan",
                                 .data = R"({"publication":"năm 2024 & b"})"};
    const HttpRequest request = sent(event);
    EXPECT_EQ(request.path, "/control/publication");
    const auto taken = publication_in(request);
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    EXPECT_EQ(taken->type, type);
    EXPECT_EQ(taken->id, event.id);
    EXPECT_EQ(taken->author, event.author);
    EXPECT_EQ(taken->data, event.data);
  }
}

TEST(PublicationOverTheSocket, WhatNamesNothingIsRefused) {
  HttpRequest nameless = sent({.id = "b", .author = "lan", .data = "{}"});
  std::erase_if(nameless.parameters, [](const auto& one) { return one.name == "id"; });
  EXPECT_EQ(publication_in(nameless).error().code, "refused");
  HttpRequest other = sent({.id = "b", .author = "lan", .data = "{}"});
  other.parameters.front().value = "opened";
  EXPECT_EQ(publication_in(other).error().code, "refused");
}

TEST(PublicationOverTheSocket, WithoutAProcessThatWritesTheLogItIsNotWritten) {
  const auto placed = publish_over("/nowhere/socket", {.id = "b", .author = "lan", .data = "{}"});
  ASSERT_FALSE(placed.ok());
  EXPECT_EQ(placed.error().code, "no_log_writer");
}

TEST_F(RejudgeWrite, AClosedIntakeIsAnError) {
  ingestion_->intake().close();
  EXPECT_EQ(write_rejudged(ingestion_->intake(), clock_, act).error().code, "closing");
}

}  // namespace
}  // namespace tiendo
