#include "query/answer_reader.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

// Every answer is read whole and in single bytes: where the pieces end must not matter.
Result<HttpResponse> read(std::string_view bytes, AnswerReader::Options options = {}) {
  AnswerReader whole(options);
  AnswerReader pieces(options);
  Status of_pieces = Done{};
  for (std::size_t i = 0; i < bytes.size() && of_pieces.ok(); ++i)
    of_pieces = pieces.take(bytes.substr(i, 1));
  const Status of_whole = whole.take(bytes);
  EXPECT_EQ(of_whole.ok(), of_pieces.ok()) << bytes;
  EXPECT_EQ(whole.done(), pieces.done()) << bytes;
  TRY_DO(of_whole);
  if (!whole.done()) TRY_DO(whole.end());
  if (!pieces.done()) TRY_DO(pieces.end());
  HttpResponse response = std::move(whole).response();
  EXPECT_EQ(response.body, std::move(pieces).response().body) << bytes;
  return response;
}

TEST(AnswerReader, ReadsABodyOfKnownLength) {
  const HttpResponse response =
      read("HTTP/1.1 202 Accepted\r\nContent-Type: a/b\r\nX: \t y \r\nContent-Length: 3\r\n\r\nabc")
          .value();
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.content_type, "a/b");
  EXPECT_EQ(find_header(response.headers, "x"), "y");
  EXPECT_EQ(response.body, "abc");
}

TEST(AnswerReader, ReadsChunks) {
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nTrailer: z\r\n\r\n")
                ->body,
            "abc0123456789");
}

TEST(AnswerReader, ReadsToTheEndWhereNoLengthIsSaid) {
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nabc")->body, "abc");
}

TEST(AnswerReader, ExpectsNoBodyWhereNoneCanBe) {
  EXPECT_EQ(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n")->status, 304);
  EXPECT_EQ(read("HTTP/1.1 204 \r\n\r\n")->status, 204);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", {.to_head_request = true})->body,
            "");
}

TEST(AnswerReader, PassesOverAnswersThatAnnounceAnother) {
  const HttpResponse response =
      read("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
          .value();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(find_header(response.headers, "X"), std::nullopt);
}

TEST(AnswerReader, SaysWhetherTheConnectionIsKept) {
  const auto kept = [](std::string_view bytes) {
    AnswerReader reader({});
    EXPECT_TRUE(reader.take(bytes).ok());
    EXPECT_TRUE(reader.done());
    return reader.keep_alive();
  };
  EXPECT_TRUE(kept("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(kept("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nunasked"));
}

TEST(AnswerReader, RefusesWhatIsNoAnswer) {
  for (const char* bytes :
       {"rubbish\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1x200 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nX Y: z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"})
    EXPECT_EQ(read(bytes).error().code, "protocol") << bytes;
}

TEST(AnswerReader, SaysThatAnAnswerWasCutOff) {
  for (const char* bytes : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"})
    EXPECT_EQ(read(bytes).error().code, "connection_lost") << bytes;
}

TEST(AnswerReader, TakesBodiesOfNBytesAndNotOneMore) {
  const AnswerReader::Options options{.body_bytes_max = 3};
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", options).ok());
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", options).ok());
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_TRUE(read(chunked + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", options).ok());
  EXPECT_FALSE(read(chunked + "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", options).ok());
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\n\r\nabc", options).ok());
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\n\r\nabcd", options).ok());
}

TEST(AnswerReader, TakesHeadersOfNBytesAndNotOneMore) {
  const std::string head = "HTTP/1.1 204 \r\nX: y\r\n\r\n";
  EXPECT_TRUE(read(head, {.head_bytes_max = head.size()}).ok());
  EXPECT_EQ(read(head, {.head_bytes_max = head.size() - 1}).error().code, "protocol");
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::size_t max = chunked.size();
  const auto with_line = [&](std::size_t bytes) {
    return chunked + "0;" + std::string(bytes - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_TRUE(read(with_line(max), {.head_bytes_max = max}).ok());
  EXPECT_FALSE(read(with_line(max + 1), {.head_bytes_max = max}).ok());
}

}  // namespace
}  // namespace tiendo
