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

HttpRequest sent(const Edition& edition) {
  RequestTarget target = parse_request_target(edition_target(edition.head)).value();
  return {.method = "POST",
          .path = std::move(target.path),
          .segments = std::move(target.segments),
          .parameters = std::move(target.parameters),
          .body = edition.text};
}

TEST(Editions, GoOverTheSocketAsTheyAre) {
  const Edition edition = edition_of(R"({"a":"Tây Ninh & \"b\""})");
  const HttpRequest request = sent(edition);
  EXPECT_EQ(request.path, "/control/edition");
  const auto taken = edition_in(request);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(taken->head, edition.head);
  EXPECT_EQ(taken->text, edition.text);
}

TEST(Editions, OneThatIsNotThatOfItsDigestIsRefused) {
  HttpRequest bent = sent(edition_of(R"({"value":90})"));
  bent.body = R"({"value":91})";
  EXPECT_EQ(edition_in(bent).error().code, "refused");
  HttpRequest nameless = sent(edition_of("{}"));
  std::erase_if(nameless.parameters, [](const auto& one) { return one.name == "publication"; });
  EXPECT_EQ(edition_in(nameless).error().code, "refused");
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
