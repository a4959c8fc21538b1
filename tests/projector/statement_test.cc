#include "projector/statement.h"

#include <gtest/gtest.h>

#include "tests/support/history.h"

namespace tiendo {
namespace {

using testing::event_text;
using testing::instant;

Statement read(std::string_view type, std::string_view data, std::string_view source = "urn:a",
               std::string_view time = "") {
  Record record{.stream = StreamName("t:0:0"), .position = 4, .recorded_at = instant("2024-03-02")};
  record.message.value = event_text(type, data, "e1", source, time);
  StatementReader reader;
  const Term count{.kind = Term::Kind::activities};
  const Term visits{.kind = Term::Kind::visits};
  const std::vector<const Term*> terms = {&count, &visits};
  return reader.read(record, terms);
}

TEST(Statement, HasThePlaceAndIdentityOfItsRecord) {
  const Statement statement = read("activity.cancelled", R"({"activity":"a1","reason":"r"})");
  EXPECT_EQ(statement.key, (OrderKey{instant("2024-03-02"), StreamName("t:0:0"), 4}));
  EXPECT_EQ(statement.identity, identity_of("urn:a", "e1"));
}

TEST(Statement, ReadsAnActivityWithWhatItContributes) {
  const Statement statement =
      read("activity.recorded", R"({"activity":"a1","unit":"D1","type":"t","form":"online",)"
                                R"("starts":"2024-03-10","ends":"2024-03-10T17:00:00Z",)"
                                R"("co_units":["D2"],"participants":{"members":3}})");
  const auto& said = std::get<ActivitySaid>(statement.said);
  EXPECT_EQ(said.what, ActivitySaid::What::recorded);
  EXPECT_EQ(said.unit, "D1");
  EXPECT_EQ(to_text(said.day), "2024-03-11");  // 17:00Z is midnight here
  EXPECT_EQ(said.co_units, (std::vector<std::string>{"D2"}));
  ASSERT_EQ(said.contributions.size(), 2U);
  EXPECT_EQ(said.contributions[0]->amount, Decimal::whole(1));
  EXPECT_EQ(said.contributions[1]->amount, Decimal::whole(3));
  EXPECT_EQ(statement.subjects, (std::vector{activity_key("urn:a", "a1")}));
}

TEST(Statement, EqualIdsOfTwoSourcesAreTwoSubjectsUnlessOfSourceSaysWhose) {
  const auto subject = [](std::string_view type, std::string_view more, std::string_view source) {
    return read(type,
                R"({"activity":"a1","report":"a1","reason":"r","by":"b","figures":[])" +
                    std::string(more) + "}",
                source)
        .subjects.at(0);
  };
  EXPECT_NE(subject("activity.cancelled", "", "urn:a"), subject("activity.cancelled", "", "urn:b"));
  EXPECT_EQ(subject("activity.cancelled", R"(,"of_source":"urn:a")", "urn:b"),
            activity_key("urn:a", "a1"));
  EXPECT_EQ(subject("report.withdrawn", R"(,"of_source":"urn:a")", "urn:b"),
            report_key("urn:a", "a1"));
  EXPECT_NE(activity_key("urn:a", "a1"), report_key("urn:a", "a1"));
  EXPECT_NE(activity_key("ab", "c"), activity_key("a", "bc"));
}

TEST(Statement, TextIsComparedInNfc) {
  const auto subject = [](std::string_view activity) {
    return read("activity.cancelled",
                R"({"reason":"r","activity":")" + std::string(activity) + "\"}")
        .subjects.at(0);
  };
  EXPECT_EQ(subject("l\xe1\xbb\x9bp"), subject("lo\xcc\x9b\xcc\x81p"));
}

TEST(Statement, AReportWasSentWhenItSaysButNotLaterThanItWasRecorded) {
  const auto sent = [](std::string_view time) {
    const Statement statement = read(
        "report.submitted", R"({"report":"r","unit":"D1","plan":"p","period":"2024","figures":[]})",
        "urn:a", time);
    return to_text(std::get<ReportSaid>(statement.said).sent);
  };
  EXPECT_EQ(sent("2024-03-01T08:00:00+07:00"), "2024-03-01T08:00:00.000+07:00");
  EXPECT_EQ(sent("2024-03-05T08:00:00+07:00"), "2024-03-02T00:00:00.000+07:00");
  EXPECT_EQ(sent(""), "2024-03-02T00:00:00.000+07:00");
}

TEST(Statement, AFigureWithNullIsUnsaidAndZeroIsSaid) {
  const Statement statement = read(
      "report.corrected",
      R"({"report":"r","reason":"x","figures":[{"indicator":"a","value":null},{"indicator":"b","value":0},)"
      R"({"indicator":"c","numerator":1,"denominator":null},{"indicator":"d","numerator":null,"denominator":null}]})");
  const auto& figures = std::get<ReportSaid>(statement.said).figures;
  ASSERT_EQ(figures.size(), 4U);
  EXPECT_FALSE(figures[0].is_said());
  EXPECT_TRUE(figures[1].is_said());
  EXPECT_TRUE(figures[2].is_said());
  EXPECT_FALSE(figures[3].is_said());
}

TEST(Statement, AUnitIsSpokenOfOnceByOneEvent) {
  const auto subjects = [](std::string_view type, std::string_view data) {
    return read(type, data).subjects.size();
  };
  EXPECT_EQ(subjects("unit.merged", R"({"into":"D1","from":["D2","D3"],"effective":"2024-01-01"})"),
            3U);
  // S lives on as one of its own parts.
  EXPECT_EQ(subjects("unit.split", R"({"from":"S","into":[{"unit":"S","share":0.6},)"
                                   R"({"unit":"T","share":0.4}],"effective":"2024-01-01"})"),
            2U);
}

TEST(Statement, SubjectKeysReadBack) {
  const SubjectKey key = report_key("urn:a", "r1");
  EXPECT_EQ(parse_subject_key(key.bytes()), key);
  EXPECT_FALSE(parse_subject_key(key.bytes().substr(1)));
  EXPECT_LT(activity_key("z", "z").bytes(), report_key("a", "a").bytes());
}

TEST(Statement, ReadsWhatIsDeclaredOfAnEntity) {
  const Statement statement =
      read("entity.updated",
           R"({"register":"site","entity":"lo\u031b\u0301p","unit":"D1","effective":"2024-02-01",)"
           R"("flags":{"digital":true,"level":"commune","later":null,"seats":40.0}})");
  const auto& said = std::get<EntitySaid>(statement.said);
  EXPECT_EQ(said.what, EntitySaid::What::updated);
  EXPECT_EQ(said.reg, "site");
  EXPECT_EQ(said.entity, "l\xe1\xbb\x9bp");
  EXPECT_EQ(said.unit, "D1");
  EXPECT_EQ(to_text(said.effective), "2024-02-01");
  ASSERT_EQ(said.flags.size(), 3U) << "null is not said";
  EXPECT_EQ(said.flags[0].first, "digital");
  EXPECT_EQ(said.flags[0].second, (Scalar{Scalar::Kind::truth, "true"}));
  EXPECT_EQ(said.flags[2].second, (Scalar{Scalar::Kind::number, "40"}));
  const auto subject = [](std::string_view reg, std::string_view source) {
    return read("entity.registered",
                R"({"register":")" + std::string(reg) +
                    R"(","entity":"e","unit":"D1","effective":"2024-02-01"})",
                source)
        .subjects.at(0);
  };
  EXPECT_EQ(subject("site", "urn:a"), subject("site", "urn:b")) << "shared by all sources";
  EXPECT_NE(subject("site", "urn:a"), subject("team", "urn:a"));
}

TEST(Statement, ReadsAStatisticAndItsTakingBack) {
  const Statement said =
      read("statistic.declared",
           R"({"statistic":"pop","unit":"D1","as_at":"2024-01-01","value":"3.50"})");
  EXPECT_EQ(std::get<StatisticSaid>(said.said).value->text(), "3.5");
  const Statement taken_back = read(
      "statistic.declared", R"({"statistic":"pop","unit":"D1","as_at":"2024-01-01","value":null})");
  EXPECT_FALSE(std::get<StatisticSaid>(taken_back.said).value);
  EXPECT_EQ(said.subjects, taken_back.subjects);
}

TEST(Statement, MoneyBelongsToItsYearButNotToADayBeforeItWasSaid) {
  const auto day = [](int year, std::string_view time) {
    const Statement statement = read(
        "money.spent",
        R"({"plan":"p","line":"9","unit":"D1","amount":-1.5,"year":)" + std::to_string(year) + "}",
        "urn:a", time);
    EXPECT_EQ(std::get<MoneySaid>(statement.said).amount.text(), "-1.5");
    return to_text(std::get<MoneySaid>(statement.said).day);
  };
  EXPECT_EQ(day(2023, ""), "2023-12-31");
  EXPECT_EQ(day(2024, ""), "2024-03-02");
  EXPECT_EQ(day(2024, "2024-03-01T18:00:00Z"), "2024-03-02");
  EXPECT_EQ(day(2024, "2024-02-01T08:00:00+07:00"), "2024-02-01");
}

TEST(Statement, AnExpenseIsKnownByItsEntryOrItsEvent) {
  const auto subject = [](std::string_view type, std::string_view more, std::string_view source) {
    return read(type,
                R"({"plan":"p","line":"9","unit":"D1","year":2024,"amount":1,"reason":"r")" +
                    std::string(more) + "}",
                source)
        .subjects.at(0);
  };
  const SubjectKey entry = subject("money.spent", R"(,"entry":"x1")", "urn:a");
  EXPECT_EQ(subject("money.corrected", R"(,"entry":"x1")", "urn:a"), entry);
  EXPECT_NE(subject("money.corrected", R"(,"entry":"x1")", "urn:b"), entry);
  EXPECT_EQ(subject("money.corrected", R"(,"entry":"x1","of_source":"urn:a")", "urn:b"), entry);
  EXPECT_NE(subject("money.spent", "", "urn:a"), entry);
  EXPECT_EQ(subject("money.allocated", R"(,"entry":"x1")", "urn:a"),
            subject("money.allocated", "", "urn:b"));
}

TEST(Statement, AFigureSaysWhomItSpeaksForWhenAndHowItIsWritten) {
  const Statement statement =
      read("report.corrected",
           R"({"report":"r","reason":"x","figures":[{"indicator":"a","value":7,"scope":"subtree",)"
           R"("as_at":"2024-06-30","survey":{"day":"2024-06-01"}},)"
           R"({"indicator":"b","numerator":"1.0","denominator":2,"survey":{}},)"
           R"({"indicator":"c","value":1,"scope":"own"}]})");
  const auto& figures = std::get<ReportSaid>(statement.said).figures;
  EXPECT_EQ(figures[0].scope, Covers::subtree);
  EXPECT_EQ(figures[0].as_at, parse_day("2024-06-30"));
  EXPECT_TRUE(figures[0].surveyed);
  EXPECT_FALSE(figures[0].with_point);
  EXPECT_FALSE(figures[1].scope);
  EXPECT_FALSE(figures[1].as_at);
  EXPECT_FALSE(figures[1].surveyed);
  EXPECT_TRUE(figures[1].with_point);
  EXPECT_EQ(figures[2].scope, Covers::own);
}

TEST(Statement, APublicationIsReferenceDataWithItsMomentAndTree) {
  const Statement statement =
      read("publication.closed",
           R"({"publication":"b","plan":"p","period":"2024","unit":"P","reason":"r",)"
           R"("moment":"2025-01-10T00:00:00+07:00","tree":"current","without":["t:0:0"]})");
  const auto& said = std::get<PublicationSaid>(statement.said);
  EXPECT_EQ(said.what, PublicationSaid::What::closed);
  EXPECT_EQ(said.publication + said.plan + said.period + said.unit + said.tree, "bp2024Pcurrent");
  EXPECT_EQ(said.moment, parse_instant("2025-01-10T00:00:00+07:00"));
  EXPECT_TRUE(said.without.empty()) << "only an operator leaves streams out";
  EXPECT_EQ(statement.subjects.size(), 1U);
  EXPECT_TRUE(statement.is_reference());
}

TEST(Statement, AGrantNamesTypesByTheirShortNames) {
  const Statement statement =
      read("source.granted", R"({"source":"urn:a","units":["D1","*"],)"
                             R"("types":["vn.tiendo.activity.recorded.v1","unit.moved"]})");
  const auto& said = std::get<GrantSaid>(statement.said);
  EXPECT_EQ(said.source, "urn:a");
  EXPECT_EQ(said.units, (std::vector<std::string>{"D1", "*"}));
  EXPECT_EQ(said.types, (std::vector<std::string>{"activity.recorded", "unit.moved"}));
  EXPECT_TRUE(statement.is_reference());
}

TEST(Statement, IsAboutTheSubjectOfTheEventWhereItsDataNamesNoUnit) {
  const auto about = [](std::string_view data) {
    Record record{.stream = StreamName("t")};
    record.message.value =
        R"({"specversion":"1.0","type":"vn.tiendo.activity.cancelled.v1","id":"1","source":"s",)"
        R"("subject":"D1","data":)" +
        std::string(data) + "}";
    return StatementReader().read(record, {}).about;
  };
  EXPECT_EQ(about(R"({"activity":"a","reason":"r"})"), "D1");
  EXPECT_EQ(about(R"({"activity":"a","reason":"r","unit":"D2"})"), "");
}

}  // namespace
}  // namespace tiendo
