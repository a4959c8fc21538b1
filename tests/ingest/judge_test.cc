#include "ingest/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "events/limits.h"
#include "tests/ingest/clean_events.h"

namespace tiendo {
namespace {

using testing::clean_activity;
using testing::clean_control_events;
using testing::clean_events;
using testing::CleanEvent;
using testing::event_json;
using testing::replaced;
using testing::structured;

constexpr std::string_view control_attributes = R"("actor":"op-1",)";

std::string control_json(const CleanEvent& event) {
  return replaced(event_json(event.type, event.data, control_attributes), "urn:a",
                  "urn:tiendo:control");
}

std::string fault(const Message& message, Speaker speaker = Speaker::source) {
  Judge judge;
  const Judged judged = judge.judge(message, speaker);
  if (!judged.refusal) return "";
  return std::string(name_of(judged.refusal->reason)) + " " + judged.refusal->field;
}

TEST(Judge, AcceptsACleanEventOfEveryType) {
  std::size_t types = 0;
  for (const CleanEvent& event : clean_events) {
    EXPECT_EQ(fault(structured(event_json(event.type, event.data))), "") << event.type;
    ++types;
  }
  for (const CleanEvent& event : clean_control_events) {
    EXPECT_EQ(fault(structured(control_json(event)), Speaker::control), "") << event.type;
    ++types;
  }
  EXPECT_EQ(types, vocabulary().size());
}

TEST(Judge, RefusesEveryTypeWithoutARequiredField) {
  const auto without = [](const std::string& json, std::string_view field) {
    return replaced(json, '"' + std::string(field) + "\":", '"' + std::string(field) + "_\":");
  };
  for (const CleanEvent& event : clean_events) {
    if (event.required.empty()) continue;
    const std::string data = without(std::string(event.data), event.required);
    EXPECT_EQ(fault(structured(event_json(event.type, data))),
              "field_missing data." + std::string(event.required))
        << event.type;
  }
  for (const CleanEvent& event : clean_control_events) {
    EXPECT_EQ(fault(structured(without(control_json(event), event.required)), Speaker::control),
              "field_missing data." + std::string(event.required))
        << event.type;
  }
}

TEST(Judge, AsksThePlanReaderAboutPlans) {
  EXPECT_THAT(fault(structured(event_json("plan.published", "{}"))),
              ::testing::StartsWith("plan_schema "));
  EXPECT_THAT(fault(structured(event_json("plan.amended", R"({"plan":"p","version":1})"))),
              ::testing::StartsWith("plan_schema "));
  EXPECT_EQ(fault(structured(event_json("plan.amended", R"({"plan":"p","decision":5})"))),
            "field_type data.decision");
}

TEST(Judge, GivesIdentityTimeAndEvent) {
  Judge judge;
  const Message message = structured(
      event_json("activity.recorded", clean_activity, R"("time":"2024-03-10T09:20:00Z",)"));
  const Judged judged = judge.judge(message);
  EXPECT_FALSE(judged.refusal.has_value());
  EXPECT_EQ(judged.identity, identity_of("urn:a", "e1"));
  EXPECT_EQ(judged.time, parse_instant("2024-03-10T09:20:00Z"));
  EXPECT_EQ(judge.event().type, EventType::activity_recorded);
  EXPECT_EQ(judge.event().data["unit"].text(), "D1");
}

TEST(Judge, GivesTheTimeOfARefusedEvent) {
  Judge judge;
  const Judged judged = judge.judge(
      structured(event_json("activity.recorded", "{}", R"("time":"2024-03-10T09:20:00Z",)")));
  ASSERT_TRUE(judged.refusal.has_value());
  EXPECT_EQ(judged.time, parse_instant("2024-03-10T09:20:00Z"));
  EXPECT_FALSE(judge.judge(structured("garbage")).time.has_value());
}

TEST(Judge, IsUsedAgainWithoutRememberingAnything) {
  Judge judge;
  const Message good = structured(event_json("activity.recorded", clean_activity));
  const Message bad = structured(event_json("activity.recorded", "{}"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(judge.judge(good).refusal.has_value());
    EXPECT_TRUE(judge.judge(bad).refusal.has_value());
  }
}

TEST(Judge, GivesTheSameVerdictInBinaryMode) {
  for (const CleanEvent& event : clean_events) {
    Message message;
    message.headers = {{"content-type", "application/json"},
                       {"ce_specversion", "1.0"},
                       {"ce_id", "e1"},
                       {"ce_source", "urn:a"},
                       {"ce_type", "vn.tiendo." + std::string(event.type) + ".v1"}};
    message.value = std::string(event.data);
    EXPECT_EQ(fault(message), "") << event.type;
    EXPECT_TRUE(same_content(message, structured(event_json(event.type, event.data))));
  }
}

TEST(Control, RecordsAreUnknownToSources) {
  for (const CleanEvent& event : clean_control_events) {
    const std::string json = replaced(control_json(event), "urn:tiendo:control", "urn:a");
    EXPECT_EQ(fault(structured(json)), "type_unknown type") << event.type;
    const std::string without_data = replaced(json, R"("data":)", R"("x":)");
    EXPECT_EQ(fault(structured(without_data)), "type_unknown type") << event.type;
  }
}

TEST(Control, StreamKnowsOnlyItsOwnTypes) {
  const CleanEvent& epoch = clean_control_events[2];
  const auto judged = [](std::string json) {
    return fault(structured(std::move(json)), Speaker::control);
  };
  EXPECT_EQ(judged(event_json("activity.recorded", clean_activity, control_attributes)),
            "attribute_invalid source");
  EXPECT_EQ(judged(replaced(event_json("activity.recorded", clean_activity, control_attributes),
                            "urn:a", "urn:tiendo:control")),
            "type_unknown type");
  EXPECT_EQ(judged(replaced(control_json(epoch), control_attributes, "")),
            "attribute_missing actor");
  EXPECT_EQ(judged(replaced(control_json(epoch), "urn:tiendo:control", "urn:tiendo:contro1")),
            "attribute_invalid source");
  EXPECT_EQ(judged(replaced(event_json("publication.amended", R"({"publication":"b","reason":"x"})",
                                       control_attributes),
                            "urn:a", "urn:tiendo:control")),
            "");
}

// All that is wrong is found, and the reason that stands first in the table is the answer.
TEST(Precedence, FirstReasonOfTheTableWinsOverTheOrderOfFields) {
  const auto data = [](std::string_view text) {
    return fault(structured(event_json("activity.recorded", text)));
  };
  std::string text = R"({"outputs":[{"kind":"k"}],"cost":-1,"ends":"2024-02-30","form":"x",)"
                     R"("task":"\u0007","plan":" p","unit":5})";
  EXPECT_EQ(data(text), "field_missing data.activity");
  text = replaced(text, "{", R"({"activity":"a","type":"t","starts":"2024-01-01",)");
  EXPECT_EQ(data(text), "field_type data.unit");
  text = replaced(text, R"("unit":5)", R"("unit":"D1")");
  EXPECT_EQ(data(text), "id_invalid data.plan");
  text = replaced(text, R"(" p")", R"("p")");
  EXPECT_EQ(data(text), "text_invalid data.task");
  text = replaced(text, R"("\u0007")", R"("")");
  EXPECT_EQ(data(text), "value_unknown data.form");
  text = replaced(text, R"("x")", R"("online")");
  EXPECT_EQ(data(text), "date_invalid data.ends");
  text = replaced(text, "2024-02-30", "2023-02-28");
  EXPECT_EQ(data(text), "dates_reversed data.ends");
  text = replaced(text, "2023-02-28", "2029-02-28");
  EXPECT_EQ(data(text), "span_too_long data.ends");
  text = replaced(text, "2029-02-28", "2024-02-28");
  EXPECT_EQ(data(text), "number_negative data.cost");
  text = replaced(text, "-1", "1");
  EXPECT_EQ(data(text), "output_shape data.outputs[0]");
  text = replaced(text, R"("kind":"k")", R"("kind":"k","count":1)");
  EXPECT_EQ(data(text), "");
}

TEST(Precedence, AmongEqualReasonsTheFirstInTheDocumentWins) {
  const auto participants = [](std::string_view text) {
    return fault(structured(event_json(
        "activity.recorded", replaced(clean_activity, R"({"members":700,"youth":"35"})", text))));
  };
  EXPECT_EQ(participants(R"({"z":-1,"a":-1})"), "number_negative data.participants.z");
  EXPECT_EQ(participants(R"({"a":-1,"z":-1})"), "number_negative data.participants.a");
  EXPECT_EQ(participants(R"({"a":-1,"z":"1.0"})"), "number_not_whole data.participants.z");
}

TEST(Precedence, MissingFieldsComeFirstInTheOrderOfTheVocabulary) {
  EXPECT_EQ(fault(structured(event_json("activity.recorded", "{}"))),
            "field_missing data.activity");
  EXPECT_EQ(
      fault(structured(event_json(
          "unit.registered", R"({"codes":[{"catalogue":"g"}],"name":{},"unit":"D1","kind":"k"})"))),
      "field_missing data.level");
  EXPECT_EQ(
      fault(structured(event_json(
          "unit.registered", R"({"codes":[{"catalogue":"g"},{}],"name":{},"unit":"D1","kind":"k",)"
                             R"("level":"l","parent":null,"effective":"2024-01-01"})"))),
      "field_missing data.codes[0].code");
}

TEST(Found, IsCutAtTheLimitBetweenCharacters) {
  const auto found = [](std::size_t characters) {
    std::string form;
    for (std::size_t i = 0; i < characters; ++i) form += "đ";
    Judge judge;
    const Judged judged = judge.judge(structured(event_json(
        "activity.recorded", replaced(clean_activity, R"("online")", '"' + form + '"'))));
    return judged.refusal ? judged.refusal->found : std::string();
  };
  const std::size_t most = (limits::found_bytes_max - 2) / 2;  // two quotes around it
  EXPECT_EQ(found(most).size(), limits::found_bytes_max);
  EXPECT_THAT(found(most), ::testing::EndsWith("đ\""));
  EXPECT_LE(found(most + 1).size(), limits::found_bytes_max);
  EXPECT_THAT(found(most + 1), ::testing::EndsWith("đ…"));
}

TEST(Found, ShowsTheValueAsItWasPrinted) {
  Judge judge;
  const Judged judged = judge.judge(structured(event_json(
      "activity.recorded", replaced(clean_activity, R"("members":700)", R"("members":"1.000")"))));
  ASSERT_TRUE(judged.refusal.has_value());
  EXPECT_EQ(judged.refusal->found, R"("1.000")");
  EXPECT_THAT(sentence_of(*judged.refusal).vi, ::testing::HasSubstr("1000"));
}

// Goal: no change of one value of a clean event breaks the judge, and each gives one verdict.
// Method: print the event again with the n-th node left out or replaced, for every n and every
// replacement, and some more with two changes drawn at random.
class Mutator {
 public:
  Mutator(json::Value root, std::vector<std::pair<uint32_t, std::string_view>> changes)
      : changes_(std::move(changes)) {
    print(root);
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] uint32_t nodes() const { return nodes_; }

 private:
  // Prints a value, and its key if it has one; false where it was left out.
  bool print(json::Value value, std::string_view key = "") {
    const uint32_t node = nodes_++;
    for (const auto& [at, change] : changes_) {
      if (at != node) continue;
      if (change.empty()) return false;
      text_.append(key).append(change);
      return true;
    }
    text_ += key;
    const bool is_object = value.is(json::Kind::object);
    if (!is_object && !value.is(json::Kind::array)) {
      text_ += json::print(value);
      return true;
    }
    text_ += is_object ? '{' : '[';
    bool is_first = true;
    for (const json::Value child : value) {
      const std::string child_key = is_object ? json::quoted(child.key()) + ":" : "";
      const auto begin = text_.size();
      if (!is_first) text_ += ',';
      if (print(child, child_key)) {
        is_first = false;
      } else {
        text_.resize(begin);
      }
    }
    text_ += is_object ? '}' : ']';
    return true;
  }

  std::vector<std::pair<uint32_t, std::string_view>> changes_;
  std::string text_;
  uint32_t nodes_ = 0;
};

constexpr std::array<std::string_view, 22> replacements = {"",
                                                           "null",
                                                           "true",
                                                           "-1",
                                                           "1.5",
                                                           "1e3",
                                                           "12345678901234567890",
                                                           "[]",
                                                           "{}",
                                                           R"("")",
                                                           R"(" x")",
                                                           R"("\ud800")",
                                                           R"("\u0000")",
                                                           R"("2024-02-30")",
                                                           "[null]",
                                                           "[[]]",
                                                           R"([{}])",
                                                           R"("x")",
                                                           R"({"":null})",
                                                           R"("..")",
                                                           R"("1.000")",
                                                           R"({"unit":{"unit":[]}})"};

TEST(Judge, NobodyElseSpeaksInTheNodesOwnName) {
  const std::string json =
      replaced(event_json("activity.recorded", clean_activity), "urn:a", "urn:tiendo:control");
  EXPECT_EQ(fault(structured(json)), "attribute_invalid source");
}

void expect_one_verdict(Judge& judge, const std::string& json, Speaker speaker) {
  const Message message = structured(json);
  const Judged first = judge.judge(message, speaker);
  const Judged second = judge.judge(message, speaker);
  EXPECT_EQ(first.refusal, second.refusal) << json;
  if (!first.refusal) {
    EXPECT_NE(first.identity, Hash16{}) << json;
    return;
  }
  EXPECT_NE(first.refusal->reason, Reason::none) << json;
  EXPECT_LE(first.refusal->found.size(), limits::found_bytes_max) << json;
  EXPECT_FALSE(first.refusal->expected.empty()) << json;
  EXPECT_FALSE(sentence_of(*first.refusal).vi.empty()) << json;
}

void mutate(const std::string& json, Speaker speaker, std::mt19937& random) {
  json::Document document;
  ASSERT_TRUE(document.parse(json).ok()) << json;
  const uint32_t nodes = Mutator(document.root(), {}).nodes();
  Judge judge;
  for (uint32_t node = 0; node < nodes; ++node) {
    for (const auto replacement : replacements) {
      expect_one_verdict(judge, Mutator(document.root(), {{node, replacement}}).text(), speaker);
    }
  }
  for (int i = 0; i < 200; ++i) {
    const auto draw = [&random](std::size_t below) {
      return static_cast<uint32_t>(random() % below);
    };
    const Mutator two(document.root(), {{draw(nodes), replacements[draw(replacements.size())]},
                                        {draw(nodes), replacements[draw(replacements.size())]}});
    expect_one_verdict(judge, two.text(), speaker);
  }
}

TEST(Mutations, EveryChangedEventGetsOneVerdict) {
  constexpr uint32_t seed = 20240310;
  RecordProperty("seed", static_cast<int>(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (const CleanEvent& event : clean_events) {
    mutate(event_json(event.type, event.data, R"("subject":"D1","time":null,)"), Speaker::source,
           random);
  }
  for (const CleanEvent& event : clean_control_events) {
    mutate(control_json(event), Speaker::control, random);
  }
}

TEST(Mutations, CutMessagesAreRefused) {
  const std::string json = event_json("activity.recorded", clean_activity);
  Judge judge;
  for (std::size_t length = 0; length < json.size(); ++length) {
    EXPECT_TRUE(judge.judge(structured(json.substr(0, length))).refusal.has_value()) << length;
  }
}

}  // namespace
}  // namespace tiendo
