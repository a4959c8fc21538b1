// SHA-256, whole and cut to 16 bytes, for ids made from content.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace tiendo {

using Digest = std::array<uint8_t, 32>;

// The first 16 bytes of a SHA-256: the id of something named by its content. Long enough that
// nobody can make two things meet on purpose.
struct Hash16 {
  std::array<uint8_t, 16> bytes{};
  friend auto operator<=>(const Hash16&, const Hash16&) = default;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  Digest finish();  // and begins anew

 private:
  void* context_;
};

[[nodiscard]] Digest sha256(std::string_view bytes);
[[nodiscard]] Hash16 hash16(std::string_view bytes);
// Of several strings, each preceded by its length, so that ("ab","c") and ("a","bc") differ.
[[nodiscard]] Hash16 hash16(std::initializer_list<std::string_view> parts);
[[nodiscard]] std::string to_hex(std::span<const uint8_t> bytes);

}  // namespace tiendo

template <>
struct std::hash<tiendo::Hash16> {
  std::size_t operator()(const tiendo::Hash16& value) const noexcept {
    std::size_t first;
    __builtin_memcpy(&first, value.bytes.data(), sizeof first);
    return first;
  }
};
