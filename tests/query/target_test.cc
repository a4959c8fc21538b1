#include "query/target.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

using Segments = std::vector<std::string>;
using Parameters = std::vector<QueryParameter>;

TEST(RequestTarget, IsTakenApart) {
  const RequestTarget target =
      parse_request_target("/v1/units?level=commune&q=%C4%91%E1%BB%99i+b%2Bc&level=&x").value();
  EXPECT_EQ(target.path, "/v1/units");
  EXPECT_EQ(target.segments, (Segments{"v1", "units"}));
  EXPECT_EQ(target.parameters,
            (Parameters{{"level", "commune"}, {"q", "đội b+c"}, {"level", ""}, {"x", ""}}));
}

TEST(RequestTarget, KeepsAnEscapedSlashWithinItsSegment) {
  const RequestTarget target = parse_request_target("/v1/events/import:a%2Fb/7").value();
  EXPECT_EQ(target.segments, (Segments{"v1", "events", "import:a/b", "7"}));
}

TEST(RequestTarget, HasNoSegmentsAtTheRootAndAnEmptyOneAfterASlash) {
  EXPECT_EQ(parse_request_target("/")->segments, Segments{});
  EXPECT_EQ(parse_request_target("/?a=b")->segments, Segments{});
  EXPECT_EQ(parse_request_target("/v1/")->segments, (Segments{"v1", ""}));
  EXPECT_EQ(parse_request_target("//v1")->segments, (Segments{"", "v1"}));
}

TEST(RequestTarget, IsDecodedOnce) { EXPECT_EQ(parse_request_target("/%2541")->path, "/%41"); }

TEST(RequestTarget, KeepsAPlusInThePathOnly) {
  EXPECT_EQ(parse_request_target("/a+b")->path, "/a+b");
  EXPECT_EQ(parse_request_target("/?a+b=c+d")->parameters, (Parameters{{"a b", "c d"}}));
}

TEST(RequestTarget, MayNameItsServer) {
  EXPECT_EQ(parse_request_target("http://a:80/v1?x=y")->path, "/v1");
  EXPECT_EQ(parse_request_target("http://a:80")->path, "/");
}

TEST(RequestTarget, MayHoldDotsWithinASegment) {
  EXPECT_EQ(parse_request_target("/a..b/.c/...")->segments, (Segments{"a..b", ".c", "..."}));
}

TEST(RequestTarget, IsRefusedWhereItCouldMislead) {
  for (const char* target :
       {"",          "*",           "v1",    "a:80",       "?x",     "/a/../b", "/..", "/.",
        "/a/%2e%2e", "/a%2f..%2fb", "/a\\b", "/a%5Cb",     "/%00",   "/?x=%00", "/%",  "/%4",
        "/%4g",      "/?x=%",       "/%ff",  "/?x=%C0%AF", "/a%0Ab", "/%7f",    "/a#b"}) {
    const auto parsed = parse_request_target(target);
    ASSERT_FALSE(parsed.ok()) << target;
    EXPECT_EQ(parsed.error().code, "target_invalid") << target;
  }
}

TEST(RequestTarget, ReadsBackWhatIsEncoded) {
  std::string every_byte;
  for (int byte = 1; byte < 0x80; ++byte) every_byte += static_cast<char>(byte);
  const std::string text = every_byte + "đế";
  EXPECT_EQ(parse_request_target("/?q=" + percent_encoded(text))->parameters,
            (Parameters{{"q", text}}));
  EXPECT_EQ(percent_encoded("a b/c"), "a%20b%2Fc");
}

TEST(HostPort, IsTakenApart) {
  EXPECT_EQ(parse_host_port("127.0.0.1:8080")->host, "127.0.0.1");
  EXPECT_EQ(parse_host_port("localhost:65535")->port, 65535);
  EXPECT_EQ(parse_host_port("[::1]:0")->host, "::1");
  for (const char* text :
       {"", ":1", "a", "a:", "a:x", "a:-1", "a:65536", "a:1 ", "::1:80", "a/b:1"})
    EXPECT_EQ(parse_host_port(text).error().code, "wrong_use") << text;
}

}  // namespace
}  // namespace tiendo
