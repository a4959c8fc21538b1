// Every refusal within data, by examples: the plain mistake and the sneaky one.
#include "ingest/shapes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "events/limits.h"
#include "ingest/judge.h"
#include "tests/ingest/clean_events.h"

namespace tiendo {
namespace {

using testing::clean_activity;
using testing::event_json;
using testing::replaced;
using testing::structured;

// "reason field" of the refusal, "" where the event is accepted.
std::string fault(std::string_view type, std::string_view data, std::string_view more = "") {
  Judge judge;
  const Judged judged = judge.judge(structured(event_json(type, data, more)));
  if (!judged.refusal) return "";
  EXPECT_LE(judged.refusal->found.size(), limits::found_bytes_max);
  EXPECT_FALSE(judged.refusal->expected.empty());
  return std::string(name_of(judged.refusal->reason)) + " " + judged.refusal->field;
}

// A clean activity in which one piece is another.
std::string activity(std::string_view from, std::string_view to) {
  return fault("activity.recorded", replaced(clean_activity, from, to));
}

// A report with one figure of these fields.
std::string figure(std::string_view fields) {
  return fault("report.submitted",
               R"({"report":"r","unit":"D1","plan":"p","period":"2024","figures":[{)" +
                   std::string(fields) + "}]}");
}

std::string statistic(std::string_view value) {
  return fault(
      "statistic.declared",
      R"({"statistic":"s","unit":"D1","as_at":"2024-01-01","value":)" + std::string(value) + "}");
}

std::string split(std::string_view into) {
  return fault("unit.split",
               R"({"from":"S","effective":"2025-07-01","into":)" + std::string(into) + "}");
}

std::string spent(std::string_view year, std::string_view amount) {
  return fault("money.spent", R"({"plan":"p","line":"9","unit":"D1","year":)" + std::string(year) +
                                  R"(,"amount":)" + std::string(amount) + "}");
}

TEST(Fields, UnknownOnesAreKeptAndIgnored) {
  EXPECT_EQ(activity(R"("cost":12.5)", R"("cost":12.5,"weather":{"a":[null,-1e9,"\u0007"]})"), "");
}

TEST(Fields, NullCountsAsNotSaid) {
  EXPECT_EQ(activity(R"("cost":12.5)", R"("cost":null)"), "");
  EXPECT_EQ(activity(R"("topics":["safety","skills"])", R"("topics":null)"), "");
  EXPECT_EQ(activity(R"("flags":{"digital":true})", R"("flags":{"digital":null})"), "");
  EXPECT_EQ(activity(R"("unit":"D1")", R"("unit":null)"), "field_missing data.unit");
}

TEST(Fields, RefusesMissingOnesAndNullThatSaysNothing) {
  EXPECT_EQ(activity(R"("unit":"D1",)", ""), "field_missing data.unit");
  EXPECT_EQ(activity(R"("unit":"D1")", R"("Unit":"D1")"), "field_missing data.unit");
  EXPECT_EQ(fault("unit.moved", R"({"unit":"C2","effective":"2024-05-01"})"),
            "field_missing data.parent");
  EXPECT_EQ(fault("unit.moved", R"({"unit":"C2","effective":"2024-05-01","parent":null})"), "");
  EXPECT_EQ(fault("statistic.declared", R"({"statistic":"s","unit":"D1","as_at":"2024-01-01"})"),
            "field_missing data.value");
  EXPECT_EQ(statistic("null"), "");
  EXPECT_EQ(
      fault("unit.renamed", R"({"unit":"D1","effective":"2024-01-01","name":{"en":"District"}})"),
      "field_missing data.name.vi");
  EXPECT_EQ(figure(R"("value":1)"), "field_missing data.figures[0].indicator");
  EXPECT_EQ(split(R"([{"unit":"A","share":1},{"unit":"B"}])"), "field_missing data.into[1].share");
}

TEST(Fields, RefusesTheWrongJsonType) {
  EXPECT_EQ(activity(R"("unit":"D1")", R"("unit":17)"), "field_type data.unit");
  EXPECT_EQ(activity(R"(["safety","skills"])", R"("safety")"), "field_type data.topics");
  EXPECT_EQ(activity(R"(["safety","skills"])", R"(["safety",null])"), "field_type data.topics[1]");
  EXPECT_EQ(activity(R"("members":700)", R"("members":true)"),
            "field_type data.participants.members");
  EXPECT_EQ(activity(R"("members":700)", R"("members":null)"),
            "field_type data.participants.members");
  EXPECT_EQ(activity(R"("members":12)", R"("members":{"a":1})"), "field_type data.people.members");
  EXPECT_EQ(activity(R"({"digital":true})", R"(["digital"])"), "field_type data.flags");
  EXPECT_EQ(activity(R"({"digital":true})", R"({"digital":[true]})"),
            "field_type data.flags.digital");
  EXPECT_EQ(activity(R"({"kind":"site","id":"s1"})", R"("s1")"), "field_type data.outputs[0]");
  EXPECT_EQ(fault("unit.renamed", R"({"unit":"D1","effective":"2024-01-01","name":"Tên"})"),
            "field_type data.name");
  EXPECT_EQ(spent(R"("2024")", "1"), "field_type data.year");
  EXPECT_EQ(activity(R"("2024-03-10")", "20240310"), "field_type data.starts");
}

TEST(Subject, MustBeTheUnitWhereBothAreSaid) {
  const auto* const clean = R"({"statistic":"s","unit":"D1","as_at":"2024-01-01","value":1})";
  EXPECT_EQ(fault("statistic.declared", clean, R"("subject":"D1",)"), "");
  EXPECT_EQ(fault("statistic.declared", clean, R"("subject":"d1",)"), "subject_mismatch subject");
  EXPECT_EQ(fault("activity.recorded", clean_activity, R"("subject":"D1 ",)"),
            "subject_mismatch subject");
  EXPECT_EQ(fault("statistic.declared", replaced(clean, "D1", R"(Vi\u1ec7t)"),
                  R"("subject":"Vie\u0323\u0302t",)"),
            "");
  EXPECT_EQ(fault("unit.closed", R"({"unit":"C2","effective":"2024-05-01"})", R"("subject":"D1",)"),
            "");
  EXPECT_EQ(fault("activity.cancelled", R"({"activity":"a1","reason":"x"})", R"("subject":"D1",)"),
            "");
}

TEST(Ids, RefusesEmptyLongSpacedOrControlled) {
  for (const auto* const id : {R"("")", R"(" D1")", R"("D1 ")", R"("D\u00001")", R"("\u00a0D1")",
                               R"("D1\u3000")", R"("D\u007f1")", R"("D\u00851")", R"("D1\n")"}) {
    EXPECT_EQ(activity(R"("unit":"D1")", R"("unit":)" + std::string(id)), "id_invalid data.unit")
        << id;
  }
  EXPECT_EQ(activity(R"("D2")", R"("D2 ")"), "id_invalid data.co_units[0]");
  EXPECT_EQ(activity(R"(["x","y"])", R"(["x",""])"), "id_invalid data.people.cadres[1]");
  EXPECT_EQ(activity(R"("unit":"D1")", R"("unit":"Huyện đoàn 1")"), "");
}

TEST(Ids, LimitIsInBytes) {
  const std::string longest = std::string(limits::id_bytes_max - 3, 'x') + "ệ";
  EXPECT_EQ(activity(R"("D1")", '"' + longest + '"'), "");
  EXPECT_EQ(activity(R"("D1")", '"' + longest + "x\""), "id_invalid data.unit");
}

TEST(Texts, RefusesBlankNamesAndReasonsOnly) {
  const auto reason = [](std::string_view text) {
    return fault("activity.cancelled", R"({"activity":"a1","reason":)" + std::string(text) + "}");
  };
  EXPECT_EQ(reason(R"("")"), "text_empty data.reason");
  EXPECT_EQ(reason(R"(" \t\u3000\u00a0")"), "text_empty data.reason");
  EXPECT_EQ(fault("unit.renamed",
                  R"({"unit":"D1","effective":"2024-01-01","name":{"vi":"Tên","en":" "}})"),
            "text_empty data.name.en");
  EXPECT_EQ(activity(R"("pillar":"society")", R"("pillar":"")"), "");
  EXPECT_EQ(
      fault("unit.merged", R"({"into":"A","from":["B"],"effective":"2025-07-01","decision":""})"),
      "");
}

TEST(Texts, LimitIsInBytes) {
  const std::string longest = std::string(limits::text_bytes_max - 3, 'x') + "ệ";
  const auto reason = [](const std::string& text) {
    return fault("activity.cancelled", R"({"activity":"a1","reason":")" + text + "\"}");
  };
  EXPECT_EQ(reason(longest), "");
  EXPECT_EQ(reason(longest + "x"), "text_too_long data.reason");
  EXPECT_EQ(activity("III.2", longest), "");
  EXPECT_EQ(activity("III.2", longest + "x"), "text_too_long data.task");
}

TEST(Texts, RefusesControlAndNonCharactersAndLoneSurrogates) {
  EXPECT_EQ(activity("III.2", R"(a\u0007)"), "text_invalid data.task");
  EXPECT_EQ(activity("III.2", R"(a\nb)"), "text_invalid data.task");
  EXPECT_EQ(activity("III.2", R"(\ufffe)"), "text_invalid data.task");
  EXPECT_EQ(activity("III.2", R"(\ud83d)"), "text_invalid data.task");
  EXPECT_EQ(activity("III.2", R"(\udbff\udfff)"), "text_invalid data.task");
  EXPECT_EQ(activity("III.2", R"(\ud83d\ude00)"), "");
  EXPECT_EQ(activity("III.2", R"(\ufffd)"), "");
  EXPECT_EQ(activity(R"("D1")", R"("D\ufdd01")"), "text_invalid data.unit");
  EXPECT_EQ(activity(R"("D1")", R"("D\ud8001")"), "text_invalid data.unit");
}

TEST(Lists, RefusesValuesOutsideThem) {
  EXPECT_EQ(activity(R"("online")", R"("offline")"), "value_unknown data.form");
  EXPECT_EQ(activity(R"("online")", R"("Online")"), "value_unknown data.form");
  EXPECT_EQ(activity(R"("doan")", R"("Đoàn")"), "value_unknown data.organisation");
  EXPECT_EQ(activity(R"("doan")", R"("")"), "value_unknown data.organisation");
  EXPECT_EQ(figure(R"("indicator":"f","value":1,"scope":"all")"),
            "value_unknown data.figures[0].scope");
  EXPECT_EQ(activity(R"("training_class")", R"("lễ hội gì đó")"), "");
}

TEST(Dates, RefusesDaysThatAreNot) {
  for (const auto* const day : {"2024-02-30", "2023-02-29", "10/03/2024", "2024-3-10", "1899-12-31",
                                "2200-01-01", "2024-03-10T08:00:00", "2024-13-01", "",
                                "2024-03-10T08:00+07:00", "2199-12-31T17:00:00Z"}) {
    EXPECT_EQ(activity(R"("ends":"2024-03-10")", R"("ends":")" + std::string(day) + '"'),
              "date_invalid data.ends")
        << day;
  }
  EXPECT_EQ(fault("unit.closed", R"({"unit":"C2","effective":"2024-05-01T00:00:00+07:00"})"),
            "date_invalid data.effective");
  EXPECT_EQ(figure(R"("indicator":"f","value":1,"as_at":"2024-09")"),
            "date_invalid data.figures[0].as_at");
  EXPECT_EQ(figure(R"("indicator":"f","value":1,"survey":{"day":"2024-09-31"})"),
            "date_invalid data.figures[0].survey.day");
  EXPECT_EQ(fault("unit.closed", R"({"unit":"C2","effective":"1900-01-01"})"), "");
  EXPECT_EQ(fault("unit.closed", R"({"unit":"C2","effective":"2199-12-31"})"), "");
}

std::string spanning(std::string_view starts, std::string_view ends) {
  return fault("activity.recorded",
               R"({"activity":"a","unit":"D1","type":"t","form":"online","starts":")" +
                   std::string(starts) + R"(","ends":")" + std::string(ends) + "\"}");
}

TEST(Dates, RefusesActivitiesThatEndBeforeTheyStart) {
  EXPECT_EQ(spanning("2024-03-10", "2024-03-09"), "dates_reversed data.ends");
  EXPECT_EQ(spanning("2024-03-10T08:00:00+07:00", "2024-03-10T07:59:59+07:00"),
            "dates_reversed data.ends");
  EXPECT_EQ(spanning("2024-03-10T08:00:00+07:00", "2024-03-10T02:00:00Z"), "");
  EXPECT_EQ(spanning("2024-03-10T08:00:00+07:00", "2024-03-10T01:00:00Z"), "");
  EXPECT_EQ(spanning("2024-03-10T20:00:00+07:00", "2024-03-10"), "");
  EXPECT_EQ(spanning("2024-03-10T17:00:00Z", "2024-03-10"), "dates_reversed data.ends");
}

TEST(Dates, SpanOfAnActivityCountsBothDays) {
  ASSERT_EQ(limits::activity_span_days_max, 1096);
  EXPECT_EQ(spanning("2022-01-01", "2024-12-31"), "");
  EXPECT_EQ(spanning("2022-01-01", "2025-01-01"), "span_too_long data.ends");
  EXPECT_EQ(spanning("2022-01-01T00:00:00+07:00", "2024-12-31T16:59:59Z"), "");
  EXPECT_EQ(spanning("2022-01-01T00:00:00+07:00", "2024-12-31T17:00:00Z"),
            "span_too_long data.ends");
}

TEST(Years, RefusesOtherThan1900To2199) {
  EXPECT_EQ(spent("1900", "1"), "");
  EXPECT_EQ(spent("2199", "1"), "");
  for (const auto* const year : {"1899", "2200", "24", "2024.0", "-2024", "2e3"}) {
    EXPECT_EQ(spent(year, "1"), "year_invalid data.year") << year;
  }
}

TEST(Periods, RefusesWhatIsNoIdOfAPeriod) {
  const auto period = [](std::string_view id) {
    return fault("report.submitted", R"({"report":"r","unit":"D1","plan":"p","period":")" +
                                         std::string(id) +
                                         R"(","figures":[{"indicator":"f","value":1}]})");
  };
  for (const auto* const id :
       {"2024", "2024-H1", "2024-Q4", "2024-02", "2024-9M", "2024s", "2024s-Q1", "2024s-01",
        "2024s-9M", "2024-03-10", "2024-03-01..2024-03-31", "..2024-03-31", "plan", "dxday",
        "campaign_2-b"}) {
    EXPECT_EQ(period(id), "") << id;
  }
  for (const auto* const id :
       {"", "2024-H3", "2024-Q0", "2024-13", "2024-00", "2024-3", "24", "2024 ", "Tháng 3", "DXday",
        "_x", "2024-02-30", "2024-03-31..2024-03-01", "2024-03-01..", "..", "2024-8M", "2024S",
        "1899", "quý1"}) {
    EXPECT_EQ(period(id), "period_invalid data.period") << id;
  }
}

TEST(Numbers, RefusesOtherSpellings) {
  for (const auto* const number :
       {R"("1,5")", R"("007")", R"("1e3")", R"("")", R"(" 1")", R"("+1")", R"("1.")", R"(".5")",
        R"("1 000")", R"("-0")", "1e3", "-0", R"("một")", "1.5E1"}) {
    EXPECT_EQ(activity(R"("members":700)", R"("members":)" + std::string(number)),
              "number_invalid data.participants.members")
        << number;
  }
}

// E41.
TEST(Numbers, RefusesCountsWithAPoint) {
  EXPECT_EQ(activity(R"("members":700)", R"("members":"1.000")"),
            "number_not_whole data.participants.members");
  EXPECT_EQ(activity(R"("members":700)", R"("members":2.5)"),
            "number_not_whole data.participants.members");
  EXPECT_EQ(activity(R"("members":700)", R"("members":700.0)"),
            "number_not_whole data.participants.members");
  EXPECT_EQ(activity(R"("members":12)", R"("members":"12.0")"),
            "number_not_whole data.people.members");
  EXPECT_EQ(activity(R"("count":40)", R"("count":-0.5)"), "number_not_whole data.outputs[1].count");
  EXPECT_EQ(figure(R"("indicator":"f","value":"1.000")"), "");
}

TEST(Numbers, RefusesBelowZeroExceptOfExpenses) {
  EXPECT_EQ(activity(R"("members":700)", R"("members":-1)"),
            "number_negative data.participants.members");
  EXPECT_EQ(activity(R"("cost":12.5)", R"("cost":"-0.000001")"), "number_negative data.cost");
  EXPECT_EQ(statistic("-3"), "number_negative data.value");
  EXPECT_EQ(figure(R"("indicator":"f","numerator":1,"denominator":-1)"),
            "number_negative data.figures[0].denominator");
  EXPECT_EQ(
      fault("money.allocated", R"({"plan":"p","line":"9","unit":"D1","year":2024,"amount":-1})"),
      "number_negative data.amount");
  EXPECT_EQ(spent("2024", "-15.25"), "");
  EXPECT_EQ(activity(R"("cost":12.5)", R"("cost":"-0.0")"), "");
}

TEST(Numbers, RefusesFromNineteenDigitsBeforeThePointOn) {
  const std::string longest(limits::decimal_whole_digits_max, '9');
  EXPECT_EQ(statistic(longest), "");
  EXPECT_EQ(statistic('"' + longest + ".999999\""), "");
  EXPECT_EQ(statistic("1" + longest), "number_range data.value");
  EXPECT_EQ(spent("2024", "-1" + longest + ".1234567"), "number_range data.amount");
  EXPECT_EQ(activity(R"("members":700)", R"("members":1)" + longest),
            "number_range data.participants.members");
  EXPECT_EQ(activity(R"({"digital":true})", R"({"size":1)" + longest + "}"),
            "number_range data.flags.size");
}

TEST(Numbers, RefusesFromSevenDigitsAfterThePointOn) {
  EXPECT_EQ(activity(R"("cost":12.5)", R"("cost":0.123456)"), "");
  EXPECT_EQ(activity(R"("cost":12.5)", R"("cost":0.1234567)"), "number_precision data.cost");
  EXPECT_EQ(statistic(R"("1.0000000")"), "number_precision data.value");
  EXPECT_EQ(spent("2024", "-0.0000001"), "number_precision data.amount");
}

TEST(Lists, RefusesEmptyOnes) {
  EXPECT_EQ(split("[]"), "list_empty data.into");
  EXPECT_EQ(fault("unit.merged", R"({"into":"A","from":[],"effective":"2025-07-01"})"),
            "list_empty data.from");
  EXPECT_EQ(fault("report.corrected", R"({"report":"r","figures":[],"reason":"x"})"),
            "list_empty data.figures");
  EXPECT_EQ(fault("source.granted", R"({"source":"s","units":[]})"), "list_empty data.units");
  EXPECT_EQ(fault("source.revoked", R"({"source":"s","units":[]})"), "list_empty data.units");
  EXPECT_EQ(fault("source.revoked", R"({"source":"s","units":null})"), "");
  EXPECT_EQ(activity(R"(["safety","skills"])", "[]"), "");
}

std::string list_of(std::size_t count, std::string_view element) {
  std::string list = "[";
  for (std::size_t i = 0; i < count; ++i) list.append(i == 0 ? "" : ",").append(element);
  return list + "]";
}

TEST(Lists, RefusesFromOneElementOverTheLimitOn) {
  const auto max = limits::list_elements_max;
  EXPECT_EQ(activity(R"(["safety","skills"])", list_of(max, R"("x")")), "");
  EXPECT_EQ(activity(R"(["safety","skills"])", list_of(max + 1, R"("x")")),
            "list_too_long data.topics");
  EXPECT_EQ(activity(R"(["x","y"])", list_of(max, R"("x")")), "");
  EXPECT_EQ(activity(R"(["x","y"])", list_of(max + 1, R"("x")")),
            "list_too_long data.people.cadres");
}

TEST(Lists, RefusesAUnitOrIndicatorTwice) {
  const auto merged = [](std::string_view from) {
    return fault("unit.merged",
                 R"({"into":"A","effective":"2025-07-01","from":)" + std::string(from) + "}");
  };
  EXPECT_EQ(merged(R"(["B","C","B"])"), "list_repeats data.from[2]");
  EXPECT_EQ(merged(R"(["Vi\u1ec7t","Vie\u0323\u0302t"])"), "list_repeats data.from[1]");
  EXPECT_EQ(merged(R"(["B","b"])"), "");
  EXPECT_EQ(split(R"([{"unit":"A","share":0.5},{"unit":"A","share":0.5}])"),
            "list_repeats data.into[1]");
  EXPECT_EQ(fault("report.corrected",
                  R"({"report":"r","reason":"x","figures":[{"indicator":"f","value":1},)"
                  R"({"indicator":"g","value":1},{"indicator":"f","value":null}]})"),
            "list_repeats data.figures[2]");
  EXPECT_EQ(activity(R"(["C1","C2"])", R"(["C1","C1"])"), "");
}

TEST(Lists, FindsRepeatsInLongListsToo) {
  std::string from = "[";
  for (int i = 0; i < 500; ++i) from += "\"U" + std::to_string(i) + "\",";
  const auto merged = [](const std::string& list) {
    return fault("unit.merged", R"({"into":"A","effective":"2025-07-01","from":)" + list + "}");
  };
  EXPECT_EQ(merged(from + R"("Vi\u1ec7t","V"])"), "");
  EXPECT_EQ(merged(from + R"("Vi\u1ec7t","Vie\u0323\u0302t","U0"])"),
            "list_repeats data.from[501]");
}

TEST(Shares, RefusesThoseThatAreNotExactlyOne) {
  EXPECT_EQ(split(R"([{"unit":"A","share":0.1},{"unit":"B","share":"0.2"},)"
                  R"({"unit":"C","share":0.7}])"),
            "");
  EXPECT_EQ(split(R"([{"unit":"A","share":1}])"), "");
  EXPECT_EQ(split(R"([{"unit":"A","share":1.000000},{"unit":"B","share":0}])"), "");
  EXPECT_EQ(split(R"([{"unit":"A","share":0.333333},{"unit":"B","share":0.333333},)"
                  R"({"unit":"C","share":0.333333}])"),
            "shares_invalid data.into");
  EXPECT_EQ(split(R"([{"unit":"A","share":60},{"unit":"B","share":40}])"),
            "shares_invalid data.into");
  EXPECT_EQ(split(R"([{"unit":"A","share":1.5},{"unit":"B","share":-0.5}])"),
            "shares_invalid data.into[1].share");
  EXPECT_EQ(split(R"([{"unit":"A","share":0.5000000},{"unit":"B","share":0.5}])"),
            "shares_invalid data.into[0].share");
  EXPECT_EQ(split(R"([{"unit":"A","share":"0,5"},{"unit":"B","share":0.5}])"),
            "number_invalid data.into[0].share");
}

TEST(Units, RefusesTheirOwnParentAndMergesIntoThemselves) {
  EXPECT_EQ(fault("unit.moved", R"({"unit":"C2","effective":"2024-05-01","parent":"C2"})"),
            "self_reference data.parent");
  EXPECT_EQ(fault("unit.merged", R"({"into":"A","from":["B","A"],"effective":"2025-07-01"})"),
            "self_reference data.from[1]");
  EXPECT_EQ(fault("unit.moved", R"({"unit":"Vi\u1ec7t","effective":"2024-05-01",)"
                                R"("parent":"Vie\u0323\u0302t"})"),
            "self_reference data.parent");
  EXPECT_EQ(fault("unit.registered", R"({"unit":"D1","kind":"k","level":"l","name":{"vi":"x"},)"
                                     R"("parent":"D1","effective":"2024-01-01"})"),
            "self_reference data.parent");
  // Who survives a split is among its own parts.
  EXPECT_EQ(split(R"([{"unit":"S","share":0.6},{"unit":"T","share":0.4}])"), "");
}

TEST(Codes, RefusesThoseWithoutCatalogue) {
  const auto codes = [](std::string_view list) {
    return fault("unit.registered", R"({"unit":"D1","kind":"k","level":"l","name":{"vi":"x"},)"
                                    R"("parent":null,"effective":"2024-01-01","codes":)" +
                                        std::string(list) + "}");
  };
  EXPECT_EQ(codes(R"([{"code":"072"}])"), "code_invalid data.codes[0]");
  EXPECT_EQ(codes(R"([{"catalogue":"gso","code":"1"},{"catalogue":null,"code":"072"}])"),
            "code_invalid data.codes[1]");
  EXPECT_EQ(codes(R"([{"catalogue":"gso"}])"), "field_missing data.codes[0].code");
  EXPECT_EQ(codes(R"([{"catalogue":"gso","code":72}])"), "field_type data.codes[0].code");
  EXPECT_EQ(codes(R"(["072"])"), "field_type data.codes[0]");
  EXPECT_EQ(codes("[]"), "");
}

TEST(Figures, RefusesAllButValueOrBothPartsOfARatio) {
  EXPECT_EQ(figure(R"("indicator":"f")"), "figure_shape data.figures[0]");
  EXPECT_EQ(figure(R"("indicator":"f","numerator":1)"), "figure_shape data.figures[0]");
  EXPECT_EQ(figure(R"("indicator":"f","denominator":null)"), "figure_shape data.figures[0]");
  EXPECT_EQ(figure(R"("indicator":"f","value":1,"numerator":1,"denominator":2)"),
            "figure_shape data.figures[0]");
  EXPECT_EQ(figure(R"("indicator":"f","value":1,"numerator":1)"), "figure_shape data.figures[0]");
  EXPECT_EQ(figure(R"("indicator":"f","value":null)"), "");
  EXPECT_EQ(figure(R"("indicator":"f","numerator":null,"denominator":null)"), "");
  EXPECT_EQ(figure(R"("indicator":"f","numerator":0,"denominator":0)"), "");
}

TEST(Outputs, RefusesAllButExactlyOneOfIdAndCount) {
  EXPECT_EQ(activity(R"({"kind":"site","id":"s1"})", R"({"kind":"site"})"),
            "output_shape data.outputs[0]");
  EXPECT_EQ(activity(R"("count":40)", R"("count":40,"id":"s2")"), "output_shape data.outputs[1]");
  EXPECT_EQ(activity(R"("count":40)", R"("count":40,"id":null)"), "");
  EXPECT_EQ(activity(R"("count":40)", R"("count":null,"id":null)"), "output_shape data.outputs[1]");
}

TEST(Moments, RefusesTimesWithoutOffset) {
  const auto moment = [](std::string_view text) {
    return fault("publication.amended",
                 R"({"publication":"b","reason":"x","moment":)" + std::string(text) + "}");
  };
  EXPECT_EQ(moment(R"("2024-12-20")"), "moment_invalid data.moment");
  EXPECT_EQ(moment(R"("2024-12-20T00:00:00")"), "moment_invalid data.moment");
  EXPECT_EQ(moment(R"("hôm nay")"), "moment_invalid data.moment");
  EXPECT_EQ(moment("1734652800"), "field_type data.moment");
  EXPECT_EQ(moment(R"("2024-12-20T00:00:00Z")"), "");
}

}  // namespace
}  // namespace tiendo
