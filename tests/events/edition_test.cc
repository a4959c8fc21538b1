// Editions over each of the stores.
#include "events/edition.h"

#include <gtest/gtest.h>

#include "events/record.h"

namespace tiendo {
namespace {

Edition edition_of(std::string_view publication, uint32_t number, std::string_view text) {
  return {.head = {.publication = std::string(publication),
                   .edition = number,
                   .record = {Instant{1'000 + number}, StreamName("control"), number},
                   .digest = sha256(text)},
          .text = std::string(text)};
}

class EditionTest : public ::testing::Test {
 protected:
  void keep(const Edition& edition) { ASSERT_TRUE(keep_edition(*store_, edition).ok()); }
  [[nodiscard]] EditionReader reader() const { return EditionReader(LogReader(*store_)); }

  std::unique_ptr<FaultyStore> store_ = make_faulty_store(log_families());
};

TEST_F(EditionTest, ComesBackByteForByte) {
  const Edition kept = edition_of("y2024", 1, "{\"a\":\"Tây Ninh\\u0000\"}");
  keep(kept);
  const auto heads = reader().heads("y2024").value();
  ASSERT_EQ(heads, std::vector{kept.head});
  EXPECT_EQ(reader().text(heads.front()).value(), kept.text);
}

TEST_F(EditionTest, AreListedByPublicationThenEdition) {
  for (uint32_t number : {2U, 1U, 11U}) keep(edition_of("b", number, "{}"));
  keep(edition_of("a", 1, "{}"));
  keep(edition_of("bb", 1, "{}"));
  std::string listed;
  const auto heads = reader().heads().value();
  for (const EditionHead& head : heads) {
    listed += head.publication + std::to_string(head.edition) + " ";
  }
  EXPECT_EQ(listed, "a1 b1 b2 b11 bb1 ");
  EXPECT_EQ(reader().heads("b").value().size(), 3U);
  EXPECT_TRUE(reader().heads("c").value().empty());
}

TEST_F(EditionTest, WhatIsKeptIsNeverReplaced) {
  const Edition first = edition_of("b", 1, "{\"value\":90}");
  keep(first);
  keep(edition_of("b", 1, "{\"value\":110}"));
  const auto heads = reader().heads().value();
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_EQ(reader().text(heads.front()).value(), first.text);
}

TEST_F(EditionTest, IsThereWholeOrNotAtAllAfterAPowerLoss) {
  keep(edition_of("b", 1, "{\"value\":90}"));
  store_->plan({.fail_commit = 0});
  EXPECT_FALSE(keep_edition(*store_, edition_of("b", 2, "{\"value\":110}")).ok());
  for (const std::size_t kept : {0U, 1U}) {
    const auto after = store_->crash(kept);
    const EditionReader reader{LogReader(*after)};
    const auto heads = reader.heads().value();
    ASSERT_EQ(heads.size(), 1U + kept);
    for (const EditionHead& head : heads) EXPECT_TRUE(reader.text(head).ok());
  }
}

TEST_F(EditionTest, ATextOfAnotherDigestIsNamed) {
  Edition edition = edition_of("b", 1, "{\"value\":90}");
  edition.text = "{\"value\":91}";
  keep(edition);
  const auto text = reader().text(edition.head);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, "corrupt");
  EXPECT_NE(text.error().message.find("edition 1 of publication b"), std::string::npos);
}

TEST_F(EditionTest, AListThatEndsTooEarlyIsNoList) {
  for (uint32_t number : {1U, 2U, 3U}) keep(edition_of("b", number, "{}"));
  store_->plan({.cut_scan = 1});
  const auto heads = reader().heads();
  ASSERT_FALSE(heads.ok());
  EXPECT_EQ(heads.error().code, "corrupt");
}

TEST_F(EditionTest, LieBesideTheRecordsAndChangeNoHead) {
  auto log = EventLog::open(*store_).value();
  keep(edition_of("b", 1, "{}"));
  EXPECT_TRUE(log->reader().heads().value().empty());
  EXPECT_TRUE(EventLog::open(*store_).ok());
}

}  // namespace
}  // namespace tiendo
