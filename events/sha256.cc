#include "events/sha256.h"

#include <openssl/evp.h>

#include <cstring>

#include "events/ensure.h"

namespace tiendo {
namespace {

// Fetching the algorithm costs more than hashing an event, so it is done once.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ENSURE(fetched != nullptr, "OpenSSL offers SHA-256");
  return fetched;
}

EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

Sha256& thread_hasher() {
  thread_local Sha256 hasher;
  return hasher;
}

Hash16 cut(const Digest& digest) {
  Hash16 hash;
  std::memcpy(hash.bytes.data(), digest.data(), hash.bytes.size());
  return hash;
}

// A length as eight bytes, the lowest first, whatever the machine.
std::array<char, 8> length_prefix(std::size_t length) {
  std::array<char, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>((uint64_t{length} >> (8 * i)) & 0xFF);
  }
  return bytes;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ENSURE(context_ != nullptr, "there is memory for a hash context");
  ENSURE(EVP_DigestInit_ex2(context_of(context_), algorithm(), nullptr) == 1, "SHA-256 begins");
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_of(context_)); }

void Sha256::add(std::string_view bytes) {
  ENSURE(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()) == 1,
         "SHA-256 takes any bytes");
}

Digest Sha256::finish() {
  Digest digest;
  unsigned int length = 0;
  ENSURE(EVP_DigestFinal_ex(context_of(context_), digest.data(), &length) == 1, "SHA-256 ends");
  ENSURE(length == digest.size(), "a SHA-256 has 32 bytes");
  ENSURE(EVP_DigestInit_ex2(context_of(context_), nullptr, nullptr) == 1, "SHA-256 begins anew");
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256& hasher = thread_hasher();
  hasher.add(bytes);
  return hasher.finish();
}

Hash16 hash16(std::string_view bytes) { return cut(sha256(bytes)); }

Hash16 hash16(std::initializer_list<std::string_view> parts) {
  Sha256& hasher = thread_hasher();
  for (const std::string_view part : parts) {
    const auto prefix = length_prefix(part.size());
    hasher.add({prefix.data(), prefix.size()});
    hasher.add(part);
  }
  return cut(hasher.finish());
}

std::string to_hex(std::span<const uint8_t> bytes) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) {
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 0xF];
  }
  return text;
}

}  // namespace tiendo
