#include "events/sha256.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <thread>

namespace tiendo {
namespace {

// Test vectors of FIPS 180-2.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowTheBytesAreCut) {
  constexpr uint64_t seed = 5;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Sha256 hasher;
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 300, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const auto part = std::min<std::size_t>(random() % 70, rest.size());
      hasher.add(rest.substr(0, part));
      rest.remove_prefix(part);
    }
    ASSERT_EQ(hasher.finish(), sha256(bytes));
  }
}

TEST(Sha256, BeginsAnewAfterFinish) {
  Sha256 hasher;
  hasher.add("something before");
  (void)hasher.finish();
  hasher.add("abc");
  EXPECT_EQ(hasher.finish(), sha256("abc"));
  EXPECT_EQ(hasher.finish(), sha256(""));
}

TEST(Sha256, IsTheSameOnEveryThread) {
  const Digest here = sha256("abc");
  Digest there{};
  std::jthread([&there] { there = sha256("abc"); }).join();
  EXPECT_EQ(here, there);
}

TEST(Hash16, IsTheFirstHalfOfTheDigest) {
  const Hash16 hash = hash16("abc");
  EXPECT_EQ(to_hex(hash.bytes), "ba7816bf8f01cfea414140de5dae2223");
  EXPECT_EQ(hash.view().size(), 16u);
}

// Golden: these bytes are ids in stores.
TEST(Hash16, PrecedesEachPartByItsLengthInEightBytesLowestFirst) {
  using namespace std::string_literals;
  EXPECT_EQ(hash16({"ab", "c"}), hash16("\2\0\0\0\0\0\0\0ab\1\0\0\0\0\0\0\0c"s));
  EXPECT_EQ(hash16({std::string(258, 'x')}), hash16("\2\1\0\0\0\0\0\0"s + std::string(258, 'x')));
  EXPECT_EQ(to_hex(hash16({"ab", "c"}).bytes), "43ee655579de01ca739b3f95c1c2d3f4");
}

TEST(Hash16, TellsPartsApart) {
  const std::set<Hash16> hashes = {hash16({"ab", "c"}), hash16({"a", "bc"}), hash16({"abc"}),
                                   hash16({"abc", ""}), hash16({"", "abc"}), hash16({}),
                                   hash16({""}),        hash16({"", ""})};
  EXPECT_EQ(hashes.size(), 8u);
}

TEST(ToHex, WritesTwoSmallDigitsForEachByte) {
  const std::array<uint8_t, 4> bytes = {0x00, 0x0F, 0xA0, 0xFF};
  EXPECT_EQ(to_hex(bytes), "000fa0ff");
  EXPECT_EQ(to_hex({}), "");
}

}  // namespace
}  // namespace tiendo
