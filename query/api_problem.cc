#include <algorithm>
#include <array>
#include <charconv>

#include "query/call.h"
#include "query/problem.h"

// The codes of the interface: HTTP status and title of each, and the language of the detail.
namespace tiendo {
namespace {

struct Known {
  std::string_view code;
  int status;
  std::string_view title;
};

constexpr std::array<Known, 38> known_problems = {{
    {"unit_unknown", 404, "There is no such unit"},
    {"plan_unknown", 404, "There is no such plan"},
    {"version_unknown", 404, "The plan has no such version"},
    {"indicator_unknown", 404, "The plan has no such indicator"},
    {"obligation_unknown", 404, "The plan has no such obligation"},
    {"unit_not_in_tree", 404, "The unit does not exist in the tree of that day"},
    {"type_unknown", 404, "There is no such type of event"},
    {"record_unknown", 404, "There is no such record"},
    {"publication_unknown", 404, "There is no such publication"},
    {"edition_unknown", 404, "The publication has no such edition"},
    {"not_found", 404, "There is nothing at this path"},
    {"period_invalid", 400, "Not a period of the plan"},
    {"as_of_invalid", 400, "Not a moment"},
    {"moments_reversed", 400, "The first moment is not the earlier one"},
    {"too_many_records", 400, "Too many records lie between the moments"},
    {"plan_mismatch", 400, "The document is of another plan"},
    {"preview_too_large", 503, "The preview needs more memory than it may take"},
    {"tree_invalid", 400, "Not a tree"},
    {"by_invalid", 400, "The figure cannot be broken down so"},
    {"cursor_invalid", 400, "Not a cursor of this list"},
    {"parameter_unknown", 400, "The path does not take this parameter"},
    {"parameter_missing", 400, "A parameter is missing"},
    {"parameter_repeated", 400, "A parameter is given twice"},
    {"parameter_invalid", 400, "A parameter has no possible value"},
    {"body_invalid", 400, "Not what the path takes"},
    {"refused", 400, "Author or reason cannot be taken"},
    {"not_rejected", 409, "The record was not rejected"},
    {"already_closed", 409, "The publication is closed already"},
    {"just_said", 409, "Somebody has just said so"},
    {"already_rejudged", 409, "The record was judged again already"},
    {"still_rejected", 409, "The record would be rejected again"},
    {"clock_behind", 503, "The clock is behind the record"},
    {"busy", 503, "Too much at once"},
    {"method_not_allowed", 405, "The path does not take this method"},
    {"behind", 503, "The views do not hold that record yet"},
    {"not_ready", 503, "There are no views yet"},
    {"takes_no_events", 503, "This process takes no events"},
    {"no_log_writer", 503, "The process that writes the log does not answer"},
}};

// The weight of one element of Accept-Language, in thousandths.
int weight(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  int thousandths = 0;
  int place = 1000;
  for (const char c : parameters.substr(at + 2)) {
    if (c == '.') continue;
    if (c < '0' || c > '9' || place == 0) break;
    thousandths += (c - '0') * place;
    place /= 10;
  }
  return thousandths;
}

}  // namespace

Language preferred_language(const HttpRequest& request) {
  const auto header = request.header("Accept-Language");
  if (!header) return Language::en;
  int vi = 0;
  int en = 0;
  std::string_view rest = *header;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view element = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    element.remove_prefix(std::min(element.find_first_not_of(' '), element.size()));
    const std::string_view tag = element.substr(0, 2);
    const bool whole = element.size() == 2 || element.find_first_of("-; ") == 2;
    if (whole && same_ascii(tag, "vi")) vi = std::max(vi, weight(element.substr(2)));
    if (whole && same_ascii(tag, "en")) en = std::max(en, weight(element.substr(2)));
  }
  return vi > en ? Language::vi : Language::en;
}

Error refuse(const Call& call, std::string_view code, const Sentence& detail) {
  return {std::string(code), call.language == Language::vi ? detail.vi : detail.en};
}

HttpResponse to_problem(const Error& error) {
  const auto* const known = std::find_if(known_problems.begin(), known_problems.end(),
                                         [&](const Known& one) { return one.code == error.code; });
  if (known == known_problems.end()) {
    return problem(500, error.code, "The node could not answer", error.message);
  }
  HttpResponse response = problem(known->status, known->code, known->title, error.message);
  if (known->status == 503) response.headers.push_back({"Retry-After", "1"});
  response.headers.push_back({"Vary", "Accept-Language"});
  return response;
}

}  // namespace tiendo
