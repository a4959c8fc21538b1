#include "events/whole_number.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace tiendo {
namespace {

TEST(WholeNumber, IsTheWholeTextOrNone) {
  EXPECT_EQ(whole_number<uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(whole_number<int64_t>("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(whole_number<uint8_t>("ff", 16), 255);
  for (const char* text :
       {"", "-", "+1", " 1", "1 ", "1.0", "1x", "0x1", "-1", "18446744073709551616"}) {
    EXPECT_FALSE(whole_number<uint64_t>(text)) << text;
  }
}

}  // namespace
}  // namespace tiendo
