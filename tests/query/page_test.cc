#include "query/page.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace tiendo {
namespace {

std::string text_of(std::string_view path) {
  const auto response = page(path);
  EXPECT_TRUE(response.has_value()) << path;
  return response ? response->body : std::string();
}

TEST(Page, StandsAtTheRoot) {
  const auto response = page("/");
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(response->body, text_of("/index.html"));
}

TEST(Page, HasNothingElse) {
  for (const char* path : {"", "/x", "/../etc/passwd", "/index", "//index.html", "index.html"}) {
    EXPECT_FALSE(page(path).has_value()) << path;
  }
}

TEST(Page, EveryFileItAsksForIsThere) {
  const std::string html = text_of("/");
  const std::regex reference(R"re((?:src|href)="([a-z.]+\.(?:css|js|svg))")re");
  int references = 0;
  for (std::sregex_iterator it(html.begin(), html.end(), reference), end; it != end; ++it) {
    EXPECT_TRUE(page("/" + (*it)[1].str()).has_value()) << (*it)[1];
    ++references;
  }
  EXPECT_GE(references, 3);
}

// What Content-Security-Policy default-src 'self' would not let through.
TEST(Page, HasNoScriptOrStyleWithinAndNothingFromElsewhere) {
  const std::string html = text_of("/");
  EXPECT_EQ(html.find(" style="), std::string::npos);
  EXPECT_EQ(html.find("<style"), std::string::npos);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_EQ(html.find("onclick="), std::string::npos);
  for (const PageFile& file : page_files()) {
    if (file.name.ends_with(".svg")) continue;  // names the namespace of SVG
    EXPECT_EQ(file.content.find("http://"), std::string_view::npos) << file.name;
    EXPECT_EQ(file.content.find("https://"), std::string_view::npos) << file.name;
  }
}

TEST(Page, SaysItsLanguage) {
  EXPECT_NE(text_of("/").find("<html lang=\"vi\">"), std::string::npos);
}

}  // namespace
}  // namespace tiendo
