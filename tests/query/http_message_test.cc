#include "query/http_message.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

TEST(ResponseHead, SaysWhatFollows) {
  const HttpResponse response{.status = 202,
                              .content_type = "application/json",
                              .headers = {{"ETag", "\"7\""}},
                              .body = "{}"};
  EXPECT_EQ(response_head(response, AfterAnswer::keep_open, Instant{784111777000}),
            "HTTP/1.1 202 Accepted\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 2\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "ETag: \"7\"\r\n"
            "\r\n");
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  for (const int status : {204, 304}) {
    EXPECT_EQ(
        response_head({.status = status}, AfterAnswer::close, std::nullopt).find("Content-Length"),
        std::string::npos);
  }
}

TEST(ResponseHead, GivesPagesAPolicyUnlessTheyBringOne) {
  const std::string name = "Content-Security-Policy: ";
  HttpResponse page{.content_type = "text/html; charset=utf-8", .body = "<p>"};
  const auto head = [&] { return response_head(page, AfterAnswer::close, std::nullopt); };
  EXPECT_NE(head().find(name + "default-src 'self'"), std::string::npos);
  page.headers.push_back({"content-security-policy", "default-src 'none'"});
  EXPECT_EQ(head().find(name), std::string::npos);
  page = {.content_type = "application/json"};
  EXPECT_EQ(head().find(name), std::string::npos);
}

TEST(IsSendable, RefusesWhatWouldChangeTheShapeOfTheAnswer) {
  EXPECT_TRUE(is_sendable(HttpResponse{.headers = {{"X-A", "b c\td"}}}));
  EXPECT_FALSE(is_sendable(HttpResponse{.status = 100}));
  EXPECT_FALSE(is_sendable(HttpResponse{.content_type = "a\nb"}));
  for (const HttpHeader& header : std::vector<HttpHeader>{{"", "a"},
                                                          {"X A", "b"},
                                                          {"X:", "b"},
                                                          {"X", "a\r\nb"},
                                                          {"X", std::string(1, '\0')},
                                                          {"content-length", "1"},
                                                          {"Transfer-Encoding", "chunked"},
                                                          {"Connection", "close"}})
    EXPECT_FALSE(is_sendable(HttpResponse{.headers = {header}})) << header.name;
}

TEST(HttpReply, AnswersOnceForEachRequest) {
  std::vector<int> statuses;
  const auto reply = [&statuses] {
    return HttpReply([&statuses](HttpResponse response) { statuses.push_back(response.status); });
  };
  {
    HttpReply first = reply();
    HttpReply moved = std::move(first);
    moved({.status = 201});
    HttpReply dropped = reply();
    HttpReply replaced = reply();
    replaced = std::move(dropped);
    replaced({.status = 202});
  }
  EXPECT_EQ(statuses, (std::vector<int>{201, 202, 500}));
}

TEST(HttpReplyDeathTest, CannotAnswerTwice) {
  HttpReply reply([](HttpResponse) {});
  reply({});
  EXPECT_DEATH(reply({}), "a request is answered once");
}

}  // namespace
}  // namespace tiendo
