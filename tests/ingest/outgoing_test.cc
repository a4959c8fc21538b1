#include "ingest/outgoing.h"

#include <gtest/gtest.h>

#include <random>

#include "events/event.h"

namespace tiendo {
namespace {

const GatewayTopics topics{"e", "r"};

Message structured(std::string value) {
  Message message;
  message.value = std::move(value);
  return message;
}

Message binary(std::vector<Header> headers, std::string value) {
  Message message = structured(std::move(value));
  message.headers = std::move(headers);
  return message;
}

Outgoing out(Message message) {
  json::Document document;
  return outgoing(std::move(message), topics, document);
}

std::string topic_of(const std::string& type) {
  return out(structured(R"({"type":")" + type + R"("})")).topic;
}

std::string key_of(std::string value) {
  return out(structured(std::move(value))).message.key.value_or("(none)");
}

TEST(Outgoing, UnitsPlansAndGrantsGoToTheReferenceTopic) {
  EXPECT_EQ(topic_of("vn.tiendo.unit.registered.v1"), "r");
  EXPECT_EQ(topic_of("vn.tiendo.plan.published.v1"), "r");
  EXPECT_EQ(topic_of("vn.tiendo.source.granted.v1"), "r");
  EXPECT_EQ(topic_of("vn.tiendo.unit.frozen.v7"), "r") << "a type of a later version";
  for (const char* type : {"vn.tiendo.activity.recorded.v1", "vn.tiendo.report.submitted.v1",
                           "vn.tiendo.units.x.v1", "unit.registered", ""}) {
    EXPECT_EQ(topic_of(type), "e") << type;
  }
  EXPECT_EQ(out(binary({{"ce-type", "vn.tiendo.plan.published.v1"}}, "{}")).topic, "r");
}

TEST(Outgoing, WhatCannotBeReadGoesToTheEventsTopicAsItCame) {
  for (const char* value : {"", "not json", "[1]", "{\"type\":7}", "\xff\xfe"}) {
    const Outgoing one = out(structured(value));
    EXPECT_EQ(one.topic, "e") << value;
    EXPECT_EQ(one.message.value, value);
    EXPECT_FALSE(one.message.key) << value;
  }
}

TEST(Outgoing, AStructuredEventSaysSoInItsHeader) {
  const Outgoing one = out(structured("{}"));
  ASSERT_EQ(one.message.headers.size(), 1U);
  EXPECT_EQ(one.message.headers[0], (Header{"content-type", "application/cloudevents+json"}));
}

TEST(Outgoing, TheHeadersOfBinaryModeBecomeThoseOfKafka) {
  const Outgoing one = out(binary({{"Content-Type", "application/json; charset=utf-8"},
                                   {"CE-Id", "a%20b"},
                                   {"ce-subject", "\"h%E1%BA%A3o\""},
                                   {"Ce-Source", "urn:x"}},
                                  "{}"));
  const std::vector<Header> expected = {{"content-type", "application/json; charset=utf-8"},
                                        {"ce_id", "a b"},
                                        {"ce_subject", "hảo"},
                                        {"ce_source", "urn:x"}};
  EXPECT_EQ(one.message.headers, expected);
}

TEST(Outgoing, AHeaderThatCannotBeUnescapedIsLeftForTheJudge) {
  const Outgoing one = out(binary({{"ce-id", "50%"}}, "{}"));
  ASSERT_EQ(one.message.headers.size(), 1U);
  EXPECT_EQ(one.message.headers[0], (Header{"ce-id", "50%"}));
  json::Document document;
  const Reading reading = read_event(one.message, document);
  ASSERT_TRUE(reading.refusal);
  EXPECT_EQ(reading.refusal->reason, Reason::header_invalid);
}

TEST(Outgoing, TheKeyIsTheFirstThatTheEventSays) {
  EXPECT_EQ(key_of(R"({"partitionkey":"k","subject":"a","source":"s","data":{"unit":"u"}})"), "k");
  EXPECT_EQ(key_of(R"({"subject":"a","source":"s","data":{"unit":"u"}})"), "u");
  EXPECT_EQ(key_of(R"({"subject":"a","source":"s","data":{"unit":7}})"), "a");
  EXPECT_EQ(key_of(R"({"source":"s","data":{}})"), "s");
  EXPECT_EQ(key_of(R"({"partitionkey":"","source":"s"})"), "s");
  EXPECT_EQ(key_of("{}"), "(none)");
}

TEST(Outgoing, AUnitStandsForItsPartOfTheCountry) {
  EXPECT_EQ(key_of(R"({"data":{"unit":"tayninh.chau-thanh.hao-duoc"}})"), "tayninh.chau-thanh");
  EXPECT_EQ(key_of(R"({"data":{"unit":"tayninh.chau-thanh"}})"), "tayninh.chau-thanh");
  EXPECT_EQ(key_of(R"({"data":{"unit":"tayninh"}})"), "tayninh");
  EXPECT_EQ(key_of(R"({"source":"urn:a.b.c"})"), "urn:a.b.c") << "a source is no unit";
}

TEST(Outgoing, TheKeyIsTheSameInEveryModeAndNormalForm) {
  const std::string composed = "h\u1ea3o";
  const std::string apart = "ha\u0309o";
  ASSERT_NE(composed, apart);
  EXPECT_EQ(key_of(R"({"data":{"unit":")" + apart + R"("}})"), composed);
  const Outgoing by_header =
      out(binary({{"ce-subject", "ha%CC%89o"}, {"ce-source", "s"}}, R"({"x":1})"));
  EXPECT_EQ(by_header.message.key, composed);
  const Outgoing by_data =
      out(binary({{"ce-subject", "other"}}, R"({"unit":")" + composed + R"("})"));
  EXPECT_EQ(by_data.message.key, composed);
}

// The same events in both modes, over HTTP as over Kafka, are the same to the judge.
TEST(Outgoing, SaysInKafkaWhatItSaidOverHttp) {
  const std::string data = R"({"unit":"u","activity":"a"})";
  const Message whole = structured(
      R"({"specversion":"1.0","id":"1 %","source":"s","type":"vn.tiendo.activity.cancelled.v1",)"
      R"("subject":"đ","data":)" +
      data + "}");
  const Message parts = binary({{"content-type", "application/json"},
                                {"ce-specversion", "1.0"},
                                {"ce-id", "1%20%25"},
                                {"ce-source", "s"},
                                {"ce-type", "vn.tiendo.activity.cancelled.v1"},
                                {"ce-subject", "%C4%91"}},
                               data);
  EXPECT_TRUE(same_content(out(whole).message, out(parts).message));
  EXPECT_TRUE(same_content(parts, out(parts).message));
  EXPECT_EQ(out(whole).message.key, out(parts).message.key);
  json::Document document;
  const Message sent = out(parts).message;
  const Decoded decoded = decode(sent, document);
  ASSERT_TRUE(std::holds_alternative<Event>(decoded));
  EXPECT_EQ(std::get<Event>(decoded).id, "1 %");
}

TEST(Outgoing, NoBytesAreTooStrange) {
  const auto seed = static_cast<unsigned>(::testing::UnitTest::GetInstance()->random_seed());
  std::mt19937 chance(seed + 1);
  RecordProperty("seed", std::to_string(seed));
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(chance() % 40, ' ');
    for (char& byte : bytes) byte = static_cast<char>(chance());
    const Outgoing one = out(binary({{"ce-" + bytes, bytes}, {"ce-type", bytes}}, bytes));
    EXPECT_EQ(one.message.value, bytes);
    EXPECT_EQ(one.message.headers.size(), 2U);
  }
}

}  // namespace
}  // namespace tiendo
