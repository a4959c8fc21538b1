#include "events/bytes.h"

#include <gtest/gtest.h>

#include <vector>

namespace tiendo {
namespace {

template <class Put, class Number>
std::string bytes_of(Put put, Number number) {
  std::string out;
  put(out, number);
  return out;
}

TEST(Bytes, NumbersAreBigEndian) {
  std::string out;
  bytes::put(out, uint8_t{1});
  bytes::put(out, uint16_t{0x0203});
  bytes::put(out, uint32_t{0x04050607});
  bytes::put(out, uint64_t{0x08090a0b0c0d0e0f});
  EXPECT_EQ(out, std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"));
}

TEST(Bytes, RowsSortAsTheirNumbersDo) {
  const std::vector<int64_t> numbers = {INT64_MIN, -1'000'000, -1, 0, 1, 255, 256, INT64_MAX};
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    EXPECT_LT(bytes_of(bytes::put_i64, numbers[i - 1]), bytes_of(bytes::put_i64, numbers[i]));
  }
  EXPECT_LT(bytes_of(bytes::put_i32, INT32_MIN), bytes_of(bytes::put_i32, -1));
  EXPECT_LT(bytes_of(bytes::put_i32, -1), bytes_of(bytes::put_i32, 0));
  EXPECT_LT(bytes_of(bytes::put_decimal, Decimal::whole(-1)),
            bytes_of(bytes::put_decimal, Decimal::from_units(-1)));
  EXPECT_LT(bytes_of(bytes::put_decimal, Decimal::from_units(-1)),
            bytes_of(bytes::put_decimal, Decimal()));
}

TEST(Bytes, TakesBackWhatWasPut) {
  std::string out;
  bytes::put_i64(out, INT64_MIN);
  bytes::put_i32(out, -7);
  bytes::put_decimal(out, Decimal::from_units(-123'456'789'012'345'678));
  bytes::put_text(out, std::string_view("a\0b", 3));
  bytes::put_key_text(out, "đơn vị");
  bytes::put(out, uint8_t{255});
  bytes::Taker taker(out);
  EXPECT_EQ(taker.take_i64(), INT64_MIN);
  EXPECT_EQ(taker.take_i32(), -7);
  EXPECT_EQ(taker.take_decimal(), Decimal::from_units(-123'456'789'012'345'678));
  EXPECT_EQ(taker.take_text(), std::string_view("a\0b", 3));
  EXPECT_EQ(taker.take_key_text(), "đơn vị");
  EXPECT_FALSE(taker.finished());
  EXPECT_EQ(taker.take<uint8_t>(), 255);
  EXPECT_TRUE(taker.finished());
}

TEST(Bytes, WhatIsMissingStaysMissing) {
  std::string out;
  bytes::put(out, uint32_t{10});  // the length of a text that is not there
  out += "abc";
  bytes::Taker taker(out);
  EXPECT_EQ(taker.take_text(), "");
  EXPECT_FALSE(taker.ok());
  EXPECT_EQ(taker.take<uint8_t>(), 0);
  EXPECT_EQ(taker.take_key_text(), "");
  EXPECT_FALSE(taker.finished());

  bytes::Taker without_end("abc");
  EXPECT_EQ(without_end.take_key_text(), "");
  EXPECT_FALSE(without_end.ok());
}

TEST(Bytes, NoIdIsTheBeginningOfAnothersRow) {
  std::string shorter;
  std::string longer;
  bytes::put_key_text(shorter, "D1");
  bytes::put_key_text(longer, "D12");
  EXPECT_FALSE(longer.starts_with(shorter));
  EXPECT_LT(shorter, longer);
}

}  // namespace
}  // namespace tiendo
