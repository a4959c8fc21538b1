#include <gtest/gtest.h>

#include "query/routes.h"
#include "tests/support/small_world.h"

namespace tiendo {
namespace {

// What to put in the place of {...}, and for required parameters.
std::string filled(std::string path, const nlohmann::json& operation) {
  const std::map<std::string, std::string> values = {
      {"{stream}", "intake"},          {"{position}", "0"},     {"{plan}", "p"},
      {"{indicator}", "acts"},         {"{unit}", "P"},         {"{period}", "2024"},
      {"{type}", "activity.recorded"}, {"{from}", "2024-03-01"}};
  for (const auto& [name, value] : values) {
    if (const auto at = path.find(name); at != std::string::npos) {
      path.replace(at, name.size(), value);
    }
  }
  std::string query;
  for (const auto& parameter : operation["parameters"]) {
    if (parameter["in"] != "query" || !parameter.value("required", false)) continue;
    const std::string name = parameter["name"];
    query += (query.empty() ? "?" : "&") + name + "=" + values.at("{" + name + "}");
  }
  return path + query;
}

bool has_type(const nlohmann::json& value, const nlohmann::json& type) {
  if (type.is_array()) {
    return std::any_of(type.begin(), type.end(),
                       [&](const auto& one) { return has_type(value, one); });
  }
  return (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
         (type == "boolean" && value.is_boolean()) || (type == "array" && value.is_array()) ||
         (type == "object" && value.is_object()) || (type == "null" && value.is_null());
}

class OpenApiTest : public ::testing::Test {
 protected:
  OpenApiTest() {
    world_.refused("intake", "2024-03-11T08:00:00+07:00", "{}");
    world_.record("2024-03-11T08:00:00+07:00", "a1", "D1", "2024-03-10", 700);
    world_.context().judge = [](const Message&) { return std::nullopt; };
    world_.context().rejudge = [](const RejudgeAct&) -> Result<Placed> {
      return Placed{StreamName("control"), 0, {}};
    };
    world_.context().intake = [](HttpRequest, HttpReply reply) { reply({.status = 202}); };
    world_.context().metrics = [] { return std::string("x 1\n"); };
    document_ = world_.get("/openapi.json").json;
  }
  SmallWorld world_;
  nlohmann::json document_;
  // All that any act asks for.
  const std::string act_ = R"({"author":"a","reason":"r","publication":"b","plan":"p",)"
                           R"("period":"2024","unit":"P"})";
};

TEST_F(OpenApiTest, NamesEveryRoute) {
  EXPECT_EQ(document_["openapi"], "3.1.0");
  for (const Route& route : routes()) {
    const std::string method = route.method == "GET" ? "get" : "post";
    EXPECT_TRUE(document_["paths"][std::string(route.path)].contains(method)) << route.path;
  }
}

TEST_F(OpenApiTest, IsTrueOnEveryPath) {
  for (const auto& [path, operations] : document_["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      const std::string target = filled(path, operation);
      const std::string body = path.ends_with("/preview") ? SmallWorld::plan_text(2, "") : act_;
      const Answer answer = method == "get" ? world_.get(target) : world_.post(target, body);
      const std::string promised = operation["responses"].contains("200") ? "200" : "202";
      ASSERT_EQ(std::to_string(answer.status), promised) << target << answer.body;
      const auto& content = operation["responses"][promised]["content"];
      if (method == "get") {
        const std::string media = content.begin().key();
        EXPECT_TRUE(answer.content_type.starts_with(media)) << target;
      }
      if (method != "get" || !content.begin().value().contains("schema")) continue;
      const auto& schema = content.begin().value()["schema"];
      for (const auto& name : schema["required"]) {
        ASSERT_TRUE(answer.json.contains(name)) << target << " " << name;
      }
      for (const auto& [name, property] : schema["properties"].items()) {
        if (property.contains("$ref")) continue;
        EXPECT_TRUE(has_type(answer.json[name], property["type"])) << target << " " << name;
      }
    }
  }
}

TEST_F(OpenApiTest, NamesEveryParameterThatIsTaken) {
  for (const auto& [path, operations] : document_["paths"].items()) {
    if (!operations.contains("get")) continue;
    const std::string target = filled(path, operations["get"]);
    const char joint = target.find('?') == std::string::npos ? '?' : '&';
    EXPECT_EQ(world_.get(target + joint + "surely_unknown=1").status, 400) << target;
    for (const auto& parameter : operations["get"]["parameters"]) {
      if (parameter["in"] != "query" || parameter.value("required", false)) continue;
      const std::string name = parameter["name"];
      const Answer answer = world_.get(target + joint + name + "=");
      EXPECT_EQ(answer.status, 200) << target << " " << name << " " << answer.body;
    }
  }
}

}  // namespace
}  // namespace tiendo
