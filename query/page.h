// The page at /, for people: a plan's progress by unit. Its files lie in query/page/ and are part
// of the program.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "query/http_message.h"

namespace tiendo {

struct PageFile {
  std::string_view name;
  std::string_view content;
};
[[nodiscard]] std::span<const PageFile> page_files();

// The answer to a GET of this path; none: it is no file of the page.
[[nodiscard]] std::optional<HttpResponse> page(std::string_view path);

}  // namespace tiendo
