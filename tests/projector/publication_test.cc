#include "projector/publication.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

using State = PublicationAct::State;
using What = PublicationSaid::What;

class PublicationTest : public ::testing::Test {
 protected:
  // At minute `minute` of an hour, in the stream, in the place of the minute.
  OrderKey key(int minute, std::string_view stream = "t") const {
    return {Instant{minute * 60'000}, StreamName(stream), static_cast<uint64_t>(minute)};
  }
  void say(int minute, PublicationSaid said, std::string_view source = "s",
           std::string_view stream = "t") {
    const EventType type =
        said.what == What::closed ? EventType::publication_closed : EventType::publication_amended;
    if (said.publication.empty()) said.publication = "b";
    add({.key = key(minute, stream),
         .type = type,
         .source = std::string(source),
         .said = std::move(said)});
  }
  void grant(int minute, std::vector<std::string> units) {
    GrantSaid said{.source = "s", .units = std::move(units)};
    add({.key = key(minute),
         .type = EventType::source_granted,
         .source = "office",
         .said = std::move(said)});
  }
  // The states of what was said of `b`, by the minutes of the records, in the order of effect.
  std::string told() {
    std::string text;
    for (const Publication& one : read_publications(Reference(statements_))) {
      if (one.id != "b") continue;
      for (const PublicationAct& act : one.acts) {
        static constexpr const char* names[] = {"in_force", "already_closed", "not_granted",
                                                "never_closed"};
        text += std::to_string(act.statement->key.recorded_at.ms / 60'000) + "@" +
                std::to_string(act.from.recorded_at.ms / 60'000) + " " +
                names[static_cast<int>(act.state)] + ", ";
      }
    }
    return text;
  }

  std::vector<std::shared_ptr<const Statement>> statements_;

 private:
  void add(Statement statement) {
    statements_.push_back(std::make_shared<const Statement>(std::move(statement)));
  }
};

TEST_F(PublicationTest, TheFirstInOrderClosesAndAmendmentsFollow) {
  say(5, {.what = What::amended});
  say(4, {.unit = "P"});
  say(3, {.unit = "P"}, "other", "u");
  EXPECT_EQ(told(), "3@3 in_force, 4@4 already_closed, 5@5 in_force, ");
}

TEST_F(PublicationTest, AnAmendmentBeforeTheClosingHasEffectWithIt) {
  say(2, {.what = What::amended});
  EXPECT_EQ(told(), "2@2 never_closed, ");
  say(4, {.unit = "P"});
  EXPECT_EQ(told(), "4@4 in_force, 2@4 in_force, ");
}

TEST_F(PublicationTest, AGrantReleasesWhatItCovers) {
  grant(1, {"D1"});
  say(2, {.unit = "P"});
  say(3, {.what = What::amended});
  EXPECT_EQ(told(), "2@2 not_granted, 3@3 never_closed, ");
  grant(5, {"P"});
  EXPECT_EQ(told(), "2@5 in_force, 3@5 in_force, ");
}

TEST_F(PublicationTest, WhatAnOperatorSaysNeedsNoGrant) {
  grant(1, {"D1"});
  say(2, {.unit = "P"}, "urn:tiendo:control", "control");
  EXPECT_EQ(told(), "2@2 in_force, ");
}

TEST_F(PublicationTest, KnowsWhatWasSaidBeforeItOrByItsMoment) {
  say(5, {.unit = "P"});
  say(7, {.what = What::amended, .moment = Instant{180'000}});
  say(8, {.what = What::amended, .moment = Instant{600'000}});
  const auto publications = read_publications(Reference(statements_));
  const auto& acts = publications.front().acts;
  EXPECT_TRUE(acts[0].moment().knows(key(5)));
  EXPECT_FALSE(acts[0].moment().knows(key(5, "u")));
  EXPECT_TRUE(acts[1].moment().knows(key(3, "u")));
  EXPECT_FALSE(acts[1].moment().knows(key(4)));
  EXPECT_EQ(acts[1].settled_past(), key(7).recorded_at);
  EXPECT_EQ(acts[2].settled_past(), (Instant{600'000}));
}

TEST_F(PublicationTest, StreamsAreLeftOutForThePublicationTheyWereNamedWith) {
  say(1, {.unit = "P", .without = {"t:0:0"}});
  say(2, {.unit = "P", .without = {"t:1:0"}});
  say(3, {.publication = "c", .unit = "P"});
  const auto publications = read_publications(Reference(statements_));
  EXPECT_EQ(publications[0].without, (std::set{StreamName("t:0:0"), StreamName("t:1:0")}));
  EXPECT_TRUE(publications[1].without.empty());
}

}  // namespace
}  // namespace tiendo
