#include "query/page.h"

#include <string>

namespace tiendo {
namespace {

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

}  // namespace

std::optional<HttpResponse> page(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  std::string_view name = path.substr(1);
  if (name.empty()) name = "index.html";
  for (const PageFile& file : page_files()) {
    if (file.name != name) continue;
    // Asked for again each time: after an upgrade the page fits the interface it talks to.
    return HttpResponse{.content_type = std::string(content_type_of(name)),
                        .headers = {{"Cache-Control", "no-cache"}},
                        .body = std::string(file.content)};
  }
  return std::nullopt;
}

}  // namespace tiendo
