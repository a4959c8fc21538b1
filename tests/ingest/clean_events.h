// Events that nothing is wrong with, one of each type, and how tests bend them.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "events/message.h"

namespace tiendo::testing {

struct CleanEvent {
  std::string_view type;  // without prefix and version
  std::string_view data;
  std::string_view required;  // one field whose absence is field_missing; empty: a plan document
};

inline constexpr std::string_view clean_activity =
    R"({"activity":"a1","unit":"D1","type":"training_class","form":"online",)"
    R"("starts":"2024-03-10","ends":"2024-03-10","pillar":"society","topics":["safety","skills"],)"
    R"("task":"III.2","plan":"tayninh-2024","organisation":"doan","flags":{"digital":true},)"
    R"("co_units":["D2"],"reached_units":["C1","C2"],"participants":{"members":700,"youth":"35"},)"
    R"("people":{"members":12,"cadres":["x","y"]},)"
    R"("outputs":[{"kind":"site","id":"s1"},{"kind":"account","count":40}],)"
    R"("cost":12.5,"evidence":{"url":"https://example.org/1"}})";

inline constexpr std::string_view clean_plan =
    R"({"plan":"p","version":1,"valid_from":"2024-01-01","first":"2024-01-01",)"
    R"("last":"2024-12-31","unit":"P","calendar":"calendar","title":{"vi":"Kế hoạch"},)"
    R"("indicators":[{"id":"acts","name":{"vi":"Số hoạt động"},"measure":"activities",)"
    R"("formula":{"kind":"count"}}],"targets":[]})";

inline constexpr std::array clean_events = {
    CleanEvent{
        "unit.registered",
        R"({"unit":"D1","kind":"huyen_doan","level":"district",)"
        R"("name":{"vi":"Huyện đoàn","en":"District"},"parent":"P","effective":"2020-01-01",)"
        R"("organisation":"doan","codes":[{"catalogue":"gso-2024","code":"072"}],)"
        R"("attributes":{"sector":"armed_forces","staff":12,"remote":true}})",
        "name"},
    CleanEvent{"unit.renamed", R"({"unit":"D1","effective":"2024-01-01","name":{"vi":"Tên mới"}})",
               "name"},
    CleanEvent{"unit.moved", R"({"unit":"C2","effective":"2024-05-01","parent":"D2"})", "parent"},
    CleanEvent{"unit.closed", R"({"unit":"C2","effective":"2024-05-01","reason":"giải thể"})",
               "effective"},
    CleanEvent{"unit.reopened", R"({"unit":"C2","effective":"2024-06-01"})", "unit"},
    CleanEvent{"unit.merged",
               R"({"into":"D1","from":["D2","D3"],"effective":"2025-07-01","decision":"12/QĐ"})",
               "from"},
    CleanEvent{"unit.split",
               R"({"from":"S","into":[{"unit":"S","share":0.6},{"unit":"T","share":"0.4"}],)"
               R"("effective":"2025-07-01"})",
               "into"},
    CleanEvent{"unit.attributes_set",
               R"({"unit":"D1","effective":"2024-01-01","attributes":{"software":true}})",
               "attributes"},
    CleanEvent{"plan.published", clean_plan, ""},
    CleanEvent{"plan.amended", clean_plan, ""},
    CleanEvent{"activity.recorded", clean_activity, "form"},
    CleanEvent{"activity.corrected",
               R"({"activity":"a1","unit":"D1","type":"class","form":"hybrid",)"
               R"("starts":"2024-03-10T08:00:00+07:00","ends":"2024-03-10T11:00:00+07:00",)"
               R"("reason":"đếm lại","of_source":"urn:other"})",
               "reason"},
    CleanEvent{"activity.cancelled", R"({"activity":"a2","reason":"trùng","duplicate_of":"a1"})",
               "activity"},
    CleanEvent{
        "report.submitted",
        R"({"report":"r1","unit":"D1","plan":"p","period":"2024-9M","figures":[)"
        R"({"indicator":"f","value":"10.5","scope":"own","as_at":"2024-09-01"},)"
        R"({"indicator":"g","numerator":18,"denominator":20,"survey":{"day":"2024-08-01"}}],)"
        R"("obligation":"nine_month"})",
        "period"},
    CleanEvent{"report.corrected",
               R"({"report":"r1","figures":[{"indicator":"f","value":null}],"reason":"sai"})",
               "figures"},
    CleanEvent{"report.withdrawn", R"({"report":"r1","by":"acc-1","reason":"rút"})", "by"},
    CleanEvent{"report.approved", R"({"report":"r1","by":"acc-2"})", "by"},
    CleanEvent{"report.returned", R"({"report":"r1","by":"acc-2","reason":"thiếu"})", "report"},
    CleanEvent{"entity.registered",
               R"({"register":"site","entity":"s1","unit":"C1","effective":"2024-01-01",)"
               R"("flags":{"level":"commune","pilot":false}})",
               "register"},
    CleanEvent{"entity.updated",
               R"({"register":"site","entity":"s1","unit":"C1","effective":"2024-02-01"})",
               "entity"},
    CleanEvent{"entity.removed",
               R"({"register":"site","entity":"s1","unit":"C1","effective":"2024-03-01"})",
               "effective"},
    CleanEvent{"statistic.declared",
               R"({"statistic":"youth","unit":"D1","as_at":"2024-01-01","value":25000})", "value"},
    CleanEvent{"money.allocated", R"({"plan":"p","line":"9","unit":"D1","year":2024,"amount":100})",
               "year"},
    CleanEvent{"money.spent",
               R"({"plan":"p","line":"9","unit":"D1","year":2024,"amount":-15.25,"entry":"e1"})",
               "amount"},
    CleanEvent{"money.corrected",
               R"({"entry":"e1","plan":"p","line":"9","unit":"D1","year":2024,"amount":"60",)"
               R"("reason":"nhầm"})",
               "entry"},
    CleanEvent{"publication.closed",
               R"({"publication":"b1","plan":"p","period":"2024","unit":"P","reason":"cuối năm",)"
               R"("moment":"2024-12-20T00:00:00+07:00","tree":"current"})",
               "period"},
    CleanEvent{"publication.amended", R"({"publication":"b1","reason":"bổ sung"})", "publication"},
    CleanEvent{"source.granted",
               R"({"source":"urn:a","units":["D1","*"],"types":["activity.recorded"]})", "units"},
    CleanEvent{"source.revoked", R"({"source":"urn:a"})", "source"},
};

inline constexpr std::array clean_control_events = {
    CleanEvent{"control.rejudged", R"({"stream":"intake","position":7,"reason":"nâng cấp"})",
               "position"},
    CleanEvent{"control.gap_accepted",
               R"({"stream":"t:0:0","from":5,"to":9,"reason":"mất bản ghi"})", "stream"},
    CleanEvent{"control.epoch_begun", R"({"stream":"t:0:1","reason":"tạo lại topic"})", "reason"},
    CleanEvent{"control.rollback_accepted", R"({"stream":"t:0:0","reason":"khôi phục"})", "stream"},
};

// `more` is further attributes, each with its comma: "subject":"D1",
inline std::string event_json(std::string_view type, std::string_view data,
                              std::string_view more = "") {
  std::string json = R"({"specversion":"1.0","id":"e1","source":"urn:a","type":"vn.tiendo.)";
  return json.append(type).append(R"(.v1",)").append(more).append(R"("data":)").append(data) + "}";
}

inline Message structured(std::string json) {
  Message message;
  message.headers = {{"content-type", "application/cloudevents+json"}};
  message.value = std::move(json);
  return message;
}

// `text` with its first `from` made `to`; a test that would replace nothing fails.
inline std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const auto at = result.find(from);
  if (at == std::string::npos) {
    ADD_FAILURE() << from << " is not in " << text;
    return result;
  }
  return result.replace(at, from.size(), to);
}

}  // namespace tiendo::testing
