// The world of the worked examples of the semantics, section 12: a province P over districts D1 and
// D2, D1 over communes C1 and C2, D2 over C3, all from 2020, and one plan `p` with an indicator of
// each kind. Ids of events are numbered.
#pragma once

#include <string>
#include <string_view>

#include "events/json.h"
#include "tests/support/world.h"

namespace tiendo {

class SmallWorld : public World {
 public:
  static constexpr std::string_view reference_time = "2020-01-01T08:00:00+07:00";

  explicit SmallWorld(std::string_view now = "2026-01-15T08:00:00+07:00",
                      ProjectorOptions options = ProjectorOptions())
      : World(now, std::move(options)) {
    unit("P", "province", "");
    unit("D1", "district", "P");
    unit("D2", "district", "P");
    unit("C1", "commune", "D1");
    unit("C2", "commune", "D1");
    unit("C3", "commune", "D2");
    const Placed plan = say("ref", reference_time, "plan.published", plan_text(1, ""));
    ENSURE(plan.judgement.verdict == Verdict::accepted, "the plan of the world is in order");
  }

  // Says `data` as an event of source `s`. `more` are further attributes: ,"actor":"lan".
  Placed say(std::string_view stream, std::string_view time, std::string_view type,
             std::string_view data, std::string_view more = "") {
    return event(stream, time, text(std::to_string(++count_), type, data, more));
  }
  static std::string text(std::string_view id, std::string_view type, std::string_view data,
                          std::string_view more = "") {
    return R"({"specversion":"1.0","id":")" + std::string(id) +
           R"(","source":"s","type":"vn.tiendo.)" + std::string(type) + R"(.v1")" +
           std::string(more) + R"(,"data":)" + std::string(data) + "}";
  }

  Placed unit(std::string_view id, std::string_view level, std::string_view parent,
              std::string_view effective = "2020-01-01", std::string_view more = "",
              std::string_view time = reference_time) {
    const std::string above = parent.empty() ? "null" : json::quoted(parent);
    return say("ref", time, "unit.registered",
               R"({"unit":")" + std::string(id) + R"(","kind":"local","level":")" +
                   std::string(level) + R"(","name":{"vi":"Đơn vị )" + std::string(id) +
                   R"("},"parent":)" + above + R"(,"effective":")" + std::string(effective) + '"' +
                   std::string(more) + "}");
  }

  // An activity of `members` visits by `unit` on a day. `more` are further fields: ,"pillar":"x".
  static std::string activity(std::string_view activity, std::string_view unit,
                              std::string_view day, int members, std::string_view more = "") {
    return R"({"activity":")" + std::string(activity) + R"(","unit":")" + std::string(unit) +
           R"(","type":"class","form":"online","starts":")" + std::string(day) + R"(","ends":")" +
           std::string(day) + R"(","participants":{"members":)" + std::to_string(members) + "}" +
           std::string(more) + "}";
  }
  // Recorded on `time` in the intake.
  Placed record(std::string_view time, std::string_view id, std::string_view unit,
                std::string_view day, int members, std::string_view more = "") {
    return say("intake", time, "activity.recorded", activity(id, unit, day, members, more));
  }

  static std::string plan_text(int version, std::string_view valid_from) {
    return R"({"plan":"p","version":)" + std::to_string(version) + R"(,"valid_from":")" +
           (valid_from.empty() ? "2024-01-01" : std::string(valid_from)) +
           R"(","first":"2024-01-01","last":"2025-12-31","unit":"P","calendar":"calendar",
"title":{"vi":"Kế hoạch","en":"Plan"},
"periods":[{"id":"spring","first":"2024-02-01","last":"2024-04-30","name":{"vi":"Xuân"}}],
"indicators":[
{"id":"acts","name":{"vi":"Số hoạt động"},"measure":"activities","formula":{"kind":"count","where":{}}},
{"id":"visits","name":{"vi":"Lượt"},"measure":"visits","formula":{"kind":"sum","of":"participants","audiences":["members"],"where":{}}},
{"id":"green","name":{"vi":"Tỷ lệ xanh"},"measure":"percent","formula":{"kind":"share","where":{"topics":"green"},"among":{}}},
{"id":"reach","name":{"vi":"Phủ"},"measure":"percent","formula":{"kind":"coverage","units":{"level":"district","below":"children"},"have":{"reached_by":{},"mode":"union","by":"own"}}},
{"id":"two","name":{"vi":"Mỗi huyện hai"},"measure":"percent","formula":{"kind":"coverage","units":{"level":"district"},"have":{"indicator":"acts","of":"own","comparator":">=","value":2}}},
{"id":"launch","name":{"vi":"Phát động"},"measure":"activities","formula":{"kind":"milestone","where":{"type":"launch"}}},
{"id":"at_district","name":{"vi":"Cấp huyện"},"measure":"activities","formula":{"kind":"count","where":{"unit.level":"district"}}},
{"id":"joint","name":{"vi":"Phối hợp"},"measure":"activities","formula":{"kind":"count","where":{},"credit":"all"}}],
"targets":[
{"id":"T1","ref":"I.1","indicator":"visits","comparator":">=","value":9000,"for":{"scope":"rollup","level":"province"},"when":{"kind":"each_year","years":[2024,2025]}},
{"id":"T2","ref":"I.2","indicator":"acts","comparator":">=","value":2,"for":{"scope":"each","level":"district","of":"own"},"when":{"kind":"each_year","years":[2024]}},
{"id":"T3","ref":"I.3","indicator":"green","comparator":">=","value":66.67,"for":{"scope":"rollup","level":"province"},"when":{"kind":"each_year","years":[2024]}},
{"id":"T4","ref":"I.4","indicator":"launch","comparator":"=","value":1,"for":{"scope":"unit","level":"province"},"when":{"kind":"before","day":"2024-05-15"}}],
"obligations":[
{"id":"nine","name":{"vi":"Chín tháng"},"from":{"level":["district"]},"to":"P","requires":["acts"],"instances":[{"period":"2024-9M","due":{"before":"2024-09-01"}}],"judged_by":"said"}],
"tasks":[],"budget":[]})";
  }

 private:
  int count_ = 0;
};

}  // namespace tiendo
