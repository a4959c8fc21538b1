#include "query/problem.h"

#include "events/json.h"

namespace tiendo {

HttpResponse problem(int status, std::string_view code, std::string_view title,
                     std::string_view detail) {
  ENSURE(status >= 400 && status <= 599, "a problem is an error of the client or of the server");
  HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = "{\"type\":" + json::quoted("urn:tiendo:problem:" + std::string(code)) +
                  ",\"title\":" + json::quoted(title) + ",\"status\":" + std::to_string(status) +
                  ",\"detail\":" + json::quoted(detail) + ",\"code\":" + json::quoted(code) + "}";
  return response;
}

HttpResponse with_member(HttpResponse problem, std::string_view name, std::string_view json) {
  ENSURE(problem.body.ends_with('}'), "a problem is a JSON object");
  problem.body.pop_back();
  problem.body.append(",").append(json::quoted(name)).append(":").append(json).append("}");
  return problem;
}

}  // namespace tiendo
