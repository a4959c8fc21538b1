#include "deploy/editions.h"

#include <gtest/gtest.h>

#include "query/target.h"

namespace tiendo {
namespace {

Edition edition_of(std::string_view text) {
  return {.head = {.publication = "năm 2024/b",
                   .edition = 2,
                   .record = {Instant{1'700'000'000'123}, StreamName("t:0:0"), 7},
                   .digest = sha256(text)},
          .text = std::string(text)};
}

std::vector<HttpRequest> sent(const Edition& edition, std::size_t bytes_max = 1u << 20) {
  std::vector<HttpRequest> requests;
  for (const EditionPart& part : parts_of(edition, bytes_max)) {
    RequestTarget target = parse_request_target(part.target).value();
    requests.push_back({.method = "POST",
                        .path = std::move(target.path),
                        .segments = std::move(target.segments),
                        .parameters = std::move(target.parameters),
                        .body = std::string(part.text)});
  }
  return requests;
}

TEST(Editions, GoOverTheSocketAsTheyAre) {
  const Edition edition = edition_of(R"({"a":"Tây Ninh & \"b\""})");
  const auto requests = sent(edition);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/control/edition");
  EditionParts parts;
  const auto taken = parts.take(requests[0]);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ((*taken)->head, edition.head);
  EXPECT_EQ((*taken)->text, edition.text);
}

TEST(Editions, LargeOnesGoInPartsAndBeginAnewWhereTheSenderDoes) {
  const Edition edition = edition_of(R"({"value":1234567890})");
  EXPECT_EQ(sent(edition, edition.text.size()).size(), 1U);
  EXPECT_EQ(sent(edition, edition.text.size() - 1).size(), 2U);
  const auto requests = sent(edition, 8);
  ASSERT_EQ(requests.size(), 3U);
  EditionParts parts;
  EXPECT_FALSE(parts.take(requests[0]).value());
  EXPECT_FALSE(parts.take(requests[1]).value());
  EXPECT_FALSE(parts.take(requests[0]).value()) << "the sender was started again";
  EXPECT_EQ(parts.take(requests[2]).error().code, "refused") << "one is missing";
  EXPECT_FALSE(parts.take(requests[1]).value());
  const auto whole = parts.take(requests[2]).value();
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->text, edition.text);
  EXPECT_EQ(parts.take(requests[2]).error().code, "refused") << "it is whole already";
}

TEST(Editions, OneThatIsNotThatOfItsDigestIsRefused) {
  EditionParts parts;
  HttpRequest bent = sent(edition_of(R"({"value":90})"))[0];
  bent.body = R"({"value":91})";
  EXPECT_EQ(parts.take(bent).error().code, "refused");
  HttpRequest nameless = sent(edition_of("{}"))[0];
  std::erase_if(nameless.parameters, [](const auto& one) { return one.name == "publication"; });
  EXPECT_EQ(parts.take(nameless).error().code, "refused");
}

TEST(Editions, AreKeptBetweenTwoStepsOfTheIngester) {
  const ManualClock clock{Instant{0}};
  const auto store = make_memory_store(log_families());
  const auto ingestion = Ingestion::open({.store = *store, .clock = clock}).value();
  const Edition edition = edition_of("{}");
  ASSERT_TRUE(keep_between_steps(*ingestion, *store, edition).ok());
  EXPECT_TRUE(ingestion->step().ok());
  const auto heads = EditionReader(LogReader(*store)).heads().value();
  EXPECT_EQ(heads, std::vector{edition.head});
}

TEST(Editions, WithoutAProcessThatWritesTheLogNoneIsKept) {
  const Status kept = keep_over("/nowhere/socket", edition_of("{}"));
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, "unreachable");
}

}  // namespace
}  // namespace tiendo
