#include "deploy/verification.h"

#include <gtest/gtest.h>

#include "events/record.h"
#include "tests/deploy/small_log.h"

namespace tiendo {
namespace {

using testing::SmallLog;

class VerificationTest : public ::testing::Test {
 protected:
  StreamVerification verify() {
    const StreamName stream("intake");
    const auto heads = log_.reader().heads();
    return verify_stream(log_.reader(), stream, heads->at(stream), [this] { ++seen_; });
  }
  // Writes the head anew, as somebody might who edits the store.
  void bend_head(const std::function<void(StreamHead&)>& bend) {
    head_ = log_.log().heads().at(StreamName("intake"));
    bend(head_);
  }
  StreamVerification verify_against_bent_head() {
    return verify_stream(log_.reader(), StreamName("intake"), head_, [] {});
  }

  SmallLog log_;
  StreamHead head_;
  int seen_ = 0;
};

TEST_F(VerificationTest, AWholeLogAddsUp) {
  log_.add_year(3);
  log_.add_activity(0);            // again: a duplicate
  log_.add("intake", "nonsense");  // rejected
  Verification all;
  const StreamVerification found = verify();
  EXPECT_TRUE(found.faults.empty()) << found.faults.front();
  EXPECT_EQ(found.counted.accepted, 5u);
  EXPECT_EQ(found.counted.duplicate, 1u);
  EXPECT_EQ(found.counted.rejected_total(), 1u);
  EXPECT_EQ(seen_, 7);
  all.add(found);
  EXPECT_TRUE(all.clean());
}

TEST_F(VerificationTest, FindsACounterThatIsNotTheRecords) {
  log_.add_year(3);
  bend_head([](StreamHead& head) { ++head.counters.duplicate; });
  const StreamVerification found = verify_against_bent_head();
  ASSERT_EQ(found.faults.size(), 1u);
  Verification all;
  all.add(found);
  EXPECT_FALSE(all.clean());
  EXPECT_NE(all.in_words(Language::en).find("DOES NOT ADD UP"), std::string::npos);
}

TEST_F(VerificationTest, FindsAnEditionThatIsNotThatOfItsDigest) {
  Edition edition{.head = {.publication = "b", .edition = 1, .digest = sha256("{}")}, .text = "{}"};
  ASSERT_TRUE(keep_edition(log_.store(), edition).ok());
  Verification right;
  ASSERT_TRUE(verify_editions(log_.reader(), right).ok());
  EXPECT_TRUE(right.clean());
  EXPECT_NE(right.in_words(Language::en).find("publication b edition 1"), std::string::npos);
  edition.head.edition = 2;
  edition.text = "{ }";
  ASSERT_TRUE(keep_edition(log_.store(), edition).ok());
  Verification bent;
  ASSERT_TRUE(verify_editions(log_.reader(), bent).ok());
  EXPECT_FALSE(bent.clean());
  EXPECT_NE(bent.in_words(Language::en).find("edition 2 of publication b"), std::string::npos);
}

TEST_F(VerificationTest, FindsReasonsThatWereExchanged) {
  log_.add("intake", "nonsense");
  bend_head([](StreamHead& head) {
    std::swap(head.counters.rejected[static_cast<std::size_t>(Reason::not_json)],
              head.counters.rejected[static_cast<std::size_t>(Reason::empty)]);
  });
  EXPECT_EQ(verify_against_bent_head().faults.size(), 1u);
}

TEST_F(VerificationTest, FindsARecordThatIsMissing) {
  log_.add_year(5);
  bend_head([](StreamHead&) {});
  WriteBatch batch;
  batch.erase(0, record_key(StreamName("intake"), 3));
  ASSERT_TRUE(log_.store().commit(batch, Durability::synced).ok());
  EXPECT_FALSE(verify_against_bent_head().faults.empty());
}

TEST_F(VerificationTest, FindsAStreamThatEndsBeforeItsHead) {
  log_.add_year(2);
  bend_head([](StreamHead& head) { ++head.next_position; });
  EXPECT_FALSE(verify_against_bent_head().faults.empty());
}

TEST_F(VerificationTest, FindsAHeadWithAnotherMoment) {
  log_.add_year(1);
  bend_head([](StreamHead& head) { ++head.recorded_at.ms; });
  EXPECT_EQ(verify_against_bent_head().faults.size(), 1u);
}

}  // namespace
}  // namespace tiendo
