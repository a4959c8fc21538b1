#include "deploy/intake_http.h"

#include <gtest/gtest.h>

#include <optional>

#include "events/clock.h"
#include "events/limits.h"

namespace tiendo {
namespace {

HttpRequest post(HttpHeaders headers, std::string body) {
  return {.method = "POST",
          .path = "/v1/events",
          .headers = std::move(headers),
          .body = std::move(body)};
}

std::string code_of(const HttpRequest& request) {
  const auto messages = messages_of(request);
  return messages.ok() ? "" : messages.error().code;
}

TEST(IntakeProblem, OfEveryCodeHasWordsInBothLanguages) {
  for (const char* code : {"content_type", "not_an_array", "parameter_invalid", "batch_too_large",
                           "busy", "closing", "io"}) {
    const std::string vi = intake_problem({code, "why"}, Language::vi).body;
    const std::string en = intake_problem({code, "why"}, Language::en).body;
    EXPECT_NE(vi, en) << code;
    EXPECT_NE(vi.find("(why"), std::string::npos) << vi;
    EXPECT_NE(en.find("why"), std::string::npos) << en;
  }
}

TEST(MessagesOf, AStructuredBodyIsOneMessageWithoutHeaders) {
  for (const char* type : {"application/cloudevents+json", "Application/CloudEvents+JSON",
                           "application/cloudevents+json; charset=utf-8"}) {
    const auto messages = messages_of(post({{"Content-Type", type}, {"ce-id", "x"}}, "not json"));
    ASSERT_TRUE(messages.ok()) << type;
    ASSERT_EQ(messages->size(), 1u);
    EXPECT_EQ(messages->front().value, "not json");
    EXPECT_TRUE(messages->front().headers.empty());
  }
}

TEST(MessagesOf, EveryElementOfABatchIsAMessageAsItCame) {
  const auto messages = messages_of(post({{"content-type", "application/cloudevents-batch+json"}},
                                         R"([ {"a" : 1} ,nonsense, [2]])"));
  ASSERT_TRUE(messages.ok());
  ASSERT_EQ(messages->size(), 3u);
  EXPECT_EQ((*messages)[0].value, R"({"a" : 1})");
  EXPECT_EQ((*messages)[1].value, "nonsense");
  EXPECT_EQ((*messages)[2].value, "[2]");
}

TEST(MessagesOf, AnEmptyBatchIsNoMessage) {
  const auto messages =
      messages_of(post({{"content-type", "application/cloudevents-batch+json"}}, "[]"));
  ASSERT_TRUE(messages.ok());
  EXPECT_TRUE(messages->empty());
}

TEST(MessagesOf, ABatchHoldsAsManyEventsAsTheLimitSaysAndNotOneMore) {
  const auto batch_of = [](std::size_t events) {
    std::string body = "[1";
    for (std::size_t i = 1; i < events; ++i) body += ",1";
    return post({{"content-type", "application/cloudevents-batch+json"}}, body + "]");
  };
  EXPECT_EQ(messages_of(batch_of(limits::batch_events_max))->size(), limits::batch_events_max);
  EXPECT_EQ(code_of(batch_of(limits::batch_events_max + 1)), "batch_too_large");
}

TEST(MessagesOf, RefusesABatchThatCannotBeSplit) {
  EXPECT_EQ(code_of(post({{"content-type", "application/cloudevents-batch+json"}}, R"([{"a":1)")),
            "not_an_array");
}

TEST(MessagesOf, ABinaryBodyKeepsItsAttributesAndContentTypeAlone) {
  const auto messages = messages_of(post({{"Host", "x"},
                                          {"Content-Type", "application/json"},
                                          {"CE-Id", "1"},
                                          {"ce-source", "urn:a"},
                                          {"Authorization", "secret"}},
                                         "{}"));
  ASSERT_TRUE(messages.ok());
  const Message& message = messages->front();
  ASSERT_EQ(message.headers.size(), 3u);
  EXPECT_EQ(message.headers[0].name, "Content-Type");
  EXPECT_EQ(message.headers[1].name, "CE-Id");
  EXPECT_EQ(*message.headers[2].value, "urn:a");
}

TEST(MessagesOf, ABinaryBodyMayLeaveItsContentTypeOut) {
  EXPECT_EQ(code_of(post({{"ce-id", "1"}}, "{}")), "");
}

TEST(MessagesOf, RefusesContentTypesOfNoMode) {
  EXPECT_EQ(code_of(post({}, "{}")), "content_type");
  EXPECT_EQ(code_of(post({{"content-type", "application/json"}}, "{}")), "content_type");
  EXPECT_EQ(code_of(post({{"content-type", "text/plain"}, {"ce-id", "1"}}, "x")), "content_type");
  EXPECT_EQ(code_of(post({{"content-type", "application/cloudevents+jsonx"}}, "{}")),
            "content_type");
}

class IntakeHttpTest : public ::testing::Test {
 protected:
  HttpResponse send(const HttpRequest& request) {
    const IntakeHttp http(intake_, [](const std::function<void()>& work) { work(); });
    http.take(request, HttpReply([this](HttpResponse response) { answer_ = std::move(response); }));
    return answer_.value_or(HttpResponse{.status = 0});
  }
  // What the ingester does, with these verdicts.
  void settle(const std::vector<Judgement>& judgements) {
    const Intake::Drained drained = intake_.take(100, 1 << 20);
    std::vector<Placed> placed;
    for (const Judgement& judgement : judgements) {
      placed.push_back({StreamName("intake"), placed.size(), judgement});
    }
    intake_.answer(drained, placed);
  }

  ManualClock clock_{Instant{0}};
  Intake intake_{clock_, 4'096};
  std::optional<HttpResponse> answer_;
};

HttpRequest structured(std::string body) {
  return post({{"content-type", "application/cloudevents+json"}}, std::move(body));
}

TEST_F(IntakeHttpTest, AnswersOnceTheEventsAreInTheLog) {
  EXPECT_EQ(send(structured("{}")).status, 0);
  settle({Judgement{}});
  ASSERT_TRUE(answer_.has_value());
  EXPECT_EQ(answer_->status, 202);
  EXPECT_EQ(answer_->body, R"({"events":[{"stream":"intake","position":0,"verdict":"accepted",)"
                           R"("conflict":false}]})");
}

TEST_F(IntakeHttpTest, ARefusedEventIsTakenAllTheSame) {
  send(structured("{}"));
  settle({Judgement{.verdict = Verdict::rejected,
                    .refusal = {Reason::field_missing, "data.unit", "", "text"}}});
  EXPECT_EQ(answer_->status, 202);
  EXPECT_NE(answer_->body.find(R"("code":"field_missing","field":"data.unit")"), std::string::npos)
      << answer_->body;
}

TEST_F(IntakeHttpTest, SaysWhenADuplicateHasOtherContent) {
  send(structured("{}"));
  settle({Judgement{.verdict = Verdict::duplicate, .conflict = true}});
  EXPECT_NE(answer_->body.find(R"("verdict":"duplicate","conflict":true)"), std::string::npos);
}

TEST_F(IntakeHttpTest, AnswersAnEmptyBatchAtOnce) {
  const HttpResponse response =
      send(post({{"content-type", "application/cloudevents-batch+json"}}, "[]"));
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, R"({"events":[]})");
}

TEST_F(IntakeHttpTest, RefusesWhatIsNoEventWithItsStatus) {
  EXPECT_EQ(send(post({{"content-type", "text/plain"}}, "x")).status, 415);
  EXPECT_EQ(send(post({{"content-type", "application/cloudevents-batch+json"}}, "x")).status, 400);
  EXPECT_FALSE(intake_.waiting());
}

TEST_F(IntakeHttpTest, AFullIntakeIsTooManyRequests) {
  EXPECT_EQ(send(structured(std::string(5'000, ' '))).status, 413) << "it would never fit";
  ASSERT_TRUE(intake_.submit(StreamName("intake"), {Message{}}, [](const auto&) {}).ok());
  const HttpResponse response = send(structured(std::string(3'900, ' ')));
  EXPECT_EQ(response.status, 429);
  EXPECT_NE(find_header(response.headers, "Retry-After"), std::nullopt);
}

TEST_F(IntakeHttpTest, AnOutcomeThatIsUnknownIsSaidToBe) {
  send(structured("{}"));
  intake_.refuse(intake_.take(100, 1 << 20), {"io", "the disk is full"});
  EXPECT_EQ(answer_->status, 503);
  EXPECT_NE(answer_->body.find("unknown_outcome"), std::string::npos);
}

TEST_F(IntakeHttpTest, AnEndingNodeRefuses) {
  intake_.close();
  EXPECT_EQ(send(structured("{}")).status, 503);
}

}  // namespace
}  // namespace tiendo
