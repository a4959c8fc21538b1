#include "events/text.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace tiendo {
namespace {

void append_utf8(std::string& text, uint32_t c) {
  const auto put = [&text](uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

std::string utf8(uint32_t c) {
  std::string text;
  append_utf8(text, c);
  return text;
}

bool is_surrogate(uint32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

// How many whole characters' bytes stand at the start, by the table of the Unicode standard (3-7).
std::size_t model_prefix(std::string_view text) {
  const auto in = [](int c, int low, int high) { return low <= c && c <= high; };
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t i) {
      return at + i < text.size() ? int{static_cast<unsigned char>(text[at + i])} : 0;
    };
    const auto b0 = byte(0);
    const auto tail = [&](std::size_t i) { return in(byte(i), 0x80, 0xBF); };
    if (in(b0, 0x00, 0x7F)) {
      at += 1;
    } else if (in(b0, 0xC2, 0xDF) && tail(1)) {
      at += 2;
    } else if (in(b0, 0xE0, 0xEF) &&
               in(byte(1), b0 == 0xE0 ? 0xA0 : 0x80, b0 == 0xED ? 0x9F : 0xBF) && tail(2)) {
      at += 3;
    } else if (in(b0, 0xF0, 0xF4) &&
               in(byte(1), b0 == 0xF0 ? 0x90 : 0x80, b0 == 0xF4 ? 0x8F : 0xBF) && tail(2) &&
               tail(3)) {
      at += 4;
    } else {
      break;
    }
  }
  return at;
}

TEST(Ascii, EndsAtTheFirstByteAbove) {
  EXPECT_TRUE(is_ascii(""));
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      std::string text(length, '\x7F');
      ASSERT_TRUE(is_ascii(text));
      text[place] = '\x80';
      ASSERT_FALSE(is_ascii(text)) << length << " " << place;
    }
  }
}

TEST(Utf8, AgreesWithTheTableOfTheStandard) {
  constexpr uint64_t seed = 8;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::array<uint32_t, 12> edges = {0x7F,   0x80,    0x7FF,    0x800,  0xD7FF,   0xE000,
                                          0xFFFF, 0x10000, 0x10FFFF, 0x1EBF, 0x110000, 0xDABC};
  int valid = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string text;
    for (auto count = random() % 30; count > 0; --count) {
      append_utf8(text, random() % 3 == 0 ? edges[random() % 10] : uint32_t{'x'});
    }
    if (random() % 8 == 0) append_utf8(text, edges[10 + random() % 2]);
    if (!text.empty() && random() % 2 == 0)
      text[random() % text.size()] = static_cast<char>(random());
    const auto expected = model_prefix(text);
    ASSERT_EQ(is_utf8(text), expected == text.size()) << "round " << round;
    ASSERT_EQ(utf8_prefix(text), expected) << "round " << round;
    valid += expected == text.size() ? 1 : 0;
  }
  EXPECT_GT(valid, 10'000);
  EXPECT_LT(valid, 90'000);
}

TEST(Nfc, ComposesVietnamese) {
  EXPECT_EQ(to_nfc("Tie\u0302\u0301n \u0111o\u0323\u0302"), "Ti\u1EBFn \u0111\u1ED9");
  EXPECT_EQ(to_nfc("Ti\u1EBFn \u0111\u1ED9"), "Ti\u1EBFn \u0111\u1ED9");
  EXPECT_EQ(to_nfc("a\u0302\u0323"), "\u1EAD");  // marks in the other order
  EXPECT_EQ(to_nfc("\u212B"), "\u00C5");         // a character that never stays
  EXPECT_EQ(to_nfc("\u1100\u1161"), "\uAC00");
  EXPECT_EQ(to_nfc(""), "");
  EXPECT_TRUE(is_nfc("plain"));
  EXPECT_FALSE(is_nfc("e\u0301"));
}

TEST(SameText, IsEqualityInNfc) {
  EXPECT_TRUE(same_text("", ""));
  EXPECT_TRUE(same_text("abc", "abc"));
  EXPECT_FALSE(same_text("abc", "abd"));
  EXPECT_FALSE(same_text("abc", "abcd"));
  EXPECT_TRUE(same_text("Ti\u1EBFn", "Tie\u0302\u0301n"));
  EXPECT_TRUE(same_text("Tie\u0302\u0301n", "Ti\u1EBFn"));
  EXPECT_TRUE(same_text("Ti\u00EA\u0301n", "Tie\u0302\u0301n"));
  EXPECT_FALSE(same_text("Ti\u1EBFn", "Ti\u1EC1n"));
  EXPECT_FALSE(same_text("H\u00F2a", "Ho\u00E0"));  // where the tone stands is a matter of spelling
  EXPECT_TRUE(same_text("=\u0338", "\u2260"));      // one side is ASCII at its start only
  EXPECT_TRUE(same_text("K", "\u212A"));            // one side is ASCII, the other is not
}

TEST(SameText, AgreesWithComparingNormalForms) {
  constexpr uint64_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> pieces = {"e",      "\u0301", "\u0302", "\u0323", "\u1EBF",
                                           "\u00EA", "\u1EB9", "\u1EC7", "x",      "\u00E9"};
  int equal = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::array<std::string, 2> texts;
    for (auto& text : texts) {
      for (auto count = 1 + random() % 3; count > 0; --count) {
        text += pieces[random() % pieces.size()];
      }
    }
    const bool expected = to_nfc(texts[0]) == to_nfc(texts[1]);
    ASSERT_EQ(same_text(texts[0], texts[1]), expected) << texts[0] << " " << texts[1];
    ASSERT_TRUE(is_nfc(to_nfc(texts[0])));
    ASSERT_EQ(is_nfc(texts[0]), to_nfc(texts[0]) == texts[0]);
    equal += expected && texts[0] != texts[1] ? 1 : 0;
  }
  EXPECT_GT(equal, 200);
}

TEST(SearchForm, HasNoAccentsAndNoCapitals) {
  EXPECT_EQ(search_form("T\u00E2y Ninh"), "tay ninh");
  EXPECT_EQ(search_form("\u0110o\u00E0n ph\u01B0\u1EDDng \u0110\u1EAFk L\u1EAFk"),
            "doan phuong dak lak");
  EXPECT_EQ(search_form("PLAIN 12"), "plain 12");
  EXPECT_EQ(search_form("e\u0302\u0301"), "e");
  EXPECT_EQ(search_form(""), "");
}

TEST(SearchForm, FoldsEveryVietnameseLetterToAscii) {
  const std::string bases = "aaaeeiooouuy";
  const std::vector<std::string> shapes = {"", "\u0302", "\u0306", "", "\u0302", "",
                                           "", "\u0302", "\u031B", "", "\u031B", ""};
  for (std::size_t vowel = 0; vowel < bases.size(); ++vowel) {
    for (const std::string tone : {"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}) {
      for (const char c : {bases[vowel], static_cast<char>(bases[vowel] - 'a' + 'A')}) {
        const auto composed = to_nfc(c + shapes[vowel] + tone);
        ASSERT_EQ(search_form(composed), std::string(1, bases[vowel])) << composed;
      }
    }
  }
}

TEST(CleanText, RefusesExactlyControlsAndNonCharacters) {
  for (uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (is_surrogate(c)) continue;
    const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
    const bool is_non_character = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
    const bool is_line_break = c == '\n' || c == '\r' || c == '\t';
    const bool clean = !is_control && !is_non_character;
    const auto character = utf8(c);
    const auto within = "abcdefgh" + character + "ijklmnopqrs";
    ASSERT_EQ(is_clean_text(character, LineBreaks::refused), clean) << c;
    ASSERT_EQ(is_clean_text(within, LineBreaks::refused), clean) << c;
    ASSERT_EQ(is_clean_text(within, LineBreaks::allowed), clean || is_line_break) << c;
  }
}

TEST(CleanText, FindsAControlAtEveryPlace) {
  EXPECT_TRUE(is_clean_text("", LineBreaks::refused));
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      for (const char control : {'\0', '\x1F', '\x7F'}) {
        std::string text(length, '~');
        ASSERT_TRUE(is_clean_text(text, LineBreaks::refused));
        text[place] = control;
        ASSERT_FALSE(is_clean_text(text, LineBreaks::allowed)) << length << " " << place;
      }
    }
  }
}

TEST(CleanText, RefusesBytesThatAreNoUtf8) {
  EXPECT_FALSE(is_clean_text("abc\x80", LineBreaks::refused));
  EXPECT_FALSE(is_clean_text("\xED\xA0\x80", LineBreaks::refused));
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

// --- Vietnamese ---

const std::string none;
const std::string breve = utf8(0x0306);
const std::string circumflex = utf8(0x0302);
const std::string horn = utf8(0x031B);
// Acute, grave, hook above, tilde, dot below.
const std::array<std::string, 5> tones = {utf8(0x0301), utf8(0x0300), utf8(0x0309), utf8(0x0303),
                                          utf8(0x0323)};

struct Vowel {
  std::string base;
  std::string marked;  // with its own mark, in one character; empty: it has none
  std::string mark;
  std::array<std::string, 5> toned;
};

const std::vector<Vowel>& vowels() {
  static const std::vector<Vowel> all = {
      {"a", "", none, {"á", "à", "ả", "ã", "ạ"}},
      {"A", "", none, {"Á", "À", "Ả", "Ã", "Ạ"}},
      {"a", "ă", breve, {"ắ", "ằ", "ẳ", "ẵ", "ặ"}},
      {"A", "Ă", breve, {"Ắ", "Ằ", "Ẳ", "Ẵ", "Ặ"}},
      {"a", "â", circumflex, {"ấ", "ầ", "ẩ", "ẫ", "ậ"}},
      {"A", "Â", circumflex, {"Ấ", "Ầ", "Ẩ", "Ẫ", "Ậ"}},
      {"e", "", none, {"é", "è", "ẻ", "ẽ", "ẹ"}},
      {"E", "", none, {"É", "È", "Ẻ", "Ẽ", "Ẹ"}},
      {"e", "ê", circumflex, {"ế", "ề", "ể", "ễ", "ệ"}},
      {"E", "Ê", circumflex, {"Ế", "Ề", "Ể", "Ễ", "Ệ"}},
      {"i", "", none, {"í", "ì", "ỉ", "ĩ", "ị"}},
      {"I", "", none, {"Í", "Ì", "Ỉ", "Ĩ", "Ị"}},
      {"o", "", none, {"ó", "ò", "ỏ", "õ", "ọ"}},
      {"O", "", none, {"Ó", "Ò", "Ỏ", "Õ", "Ọ"}},
      {"o", "ô", circumflex, {"ố", "ồ", "ổ", "ỗ", "ộ"}},
      {"O", "Ô", circumflex, {"Ố", "Ồ", "Ổ", "Ỗ", "Ộ"}},
      {"o", "ơ", horn, {"ớ", "ờ", "ở", "ỡ", "ợ"}},
      {"O", "Ơ", horn, {"Ớ", "Ờ", "Ở", "Ỡ", "Ợ"}},
      {"u", "", none, {"ú", "ù", "ủ", "ũ", "ụ"}},
      {"U", "", none, {"Ú", "Ù", "Ủ", "Ũ", "Ụ"}},
      {"u", "ư", horn, {"ứ", "ừ", "ử", "ữ", "ự"}},
      {"U", "Ư", horn, {"Ứ", "Ừ", "Ử", "Ữ", "Ự"}},
      {"y", "", none, {"ý", "ỳ", "ỷ", "ỹ", "ỵ"}},
      {"Y", "", none, {"Ý", "Ỳ", "Ỷ", "Ỹ", "Ỵ"}},
  };
  return all;
}

// The ways to write a letter that mean the same: composed, in parts, and wherever the tone does not
// stand at the same place as the mark (a horn or a dot below is on another side), tone first.
std::vector<std::string> spellings(const Vowel& vowel, std::size_t tone) {
  if (vowel.mark.empty()) return {vowel.toned[tone], vowel.base + tones[tone]};
  std::vector<std::string> all = {vowel.toned[tone], vowel.marked + tones[tone],
                                  vowel.base + vowel.mark + tones[tone]};
  const bool is_dot_below = tone == 4;
  if (vowel.mark == horn || is_dot_below) {
    all.push_back(vowel.base + tones[tone] + vowel.mark);
    const std::string base_with_tone = to_nfc(vowel.base + tones[tone]);
    all.push_back(base_with_tone + vowel.mark);
  }
  return all;
}

TEST(Vietnamese, EachOfThe134LettersIsOneTextHoweverItIsSpelled) {
  std::vector<std::string> letters = {"đ", "Đ"};
  for (const Vowel& vowel : vowels()) {
    if (!vowel.mark.empty()) {
      letters.push_back(vowel.marked);
      EXPECT_EQ(to_nfc(vowel.base + vowel.mark), vowel.marked);
      EXPECT_TRUE(same_text(vowel.base + vowel.mark, vowel.marked));
    }
    for (std::size_t tone = 0; tone < tones.size(); ++tone) {
      letters.push_back(vowel.toned[tone]);
      for (const std::string& spelling : spellings(vowel, tone)) {
        EXPECT_EQ(to_nfc(spelling), vowel.toned[tone]) << spelling;
        EXPECT_TRUE(same_text(spelling, vowel.toned[tone])) << spelling;
      }
    }
  }
  EXPECT_EQ(letters.size(), 134U);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    EXPECT_EQ(to_nfc(letters[i]), letters[i]);
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(same_text(letters[i], letters[j]));
  }
}

// A tone under a mark of its own side is another letter: the marks stand in another order on it.
TEST(Vietnamese, ATonePutBeforeAMarkOfTheSameSideIsAnotherText) {
  for (const Vowel& vowel : vowels()) {
    if (vowel.mark.empty() || vowel.mark == horn) continue;
    for (std::size_t tone = 0; tone < 4; ++tone) {
      EXPECT_FALSE(same_text(vowel.base + tones[tone] + vowel.mark, vowel.toned[tone]));
    }
  }
}

}  // namespace
}  // namespace tiendo
