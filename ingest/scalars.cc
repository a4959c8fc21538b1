#include "ingest/scalars.h"

#include <algorithm>
#include <array>

#include "events/calendar.h"
#include "events/decimal.h"
#include "events/limits.h"
#include "events/text.h"

namespace tiendo {
namespace {

// The white space of Unicode beyond ASCII's, in UTF-8; it is looked for at the ends of a text.
constexpr std::array<std::string_view, 18> wide_spaces = {
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
    "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f"};
constexpr std::string_view ideographic_space = "\u3000";

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The length of the white space character at the start of a text; 0 where there is none.
std::size_t space_at_start(std::string_view text) {
  if (text.empty()) return 0;
  if ((text.front() & '\x80') == 0) return is_ascii_space(text.front()) ? 1 : 0;
  if (text.starts_with(ideographic_space)) return ideographic_space.size();
  for (const auto space : wide_spaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

bool ends_with_space(std::string_view text) {
  if (text.empty()) return false;
  if ((text.back() & '\x80') == 0) return is_ascii_space(text.back());
  return text.ends_with(ideographic_space) ||
         std::any_of(wide_spaces.begin(), wide_spaces.end(),
                     [text](std::string_view space) { return text.ends_with(space); });
}

bool is_blank(std::string_view text) {
  while (const std::size_t length = space_at_start(text)) text.remove_prefix(length);
  return text.empty();
}

bool is_period(std::string_view text) {
  if (is_period_name(text) || parse_period(text)) return true;
  return text.starts_with("..") && parse_day(text.substr(2));
}

constexpr std::string_view days_expected = "YYYY-MM-DD, 1900..2199";
static_assert(limits::year_min == 1900 && limits::year_max == 2199, "days_expected says so");
static_assert(limits::id_bytes_max == 200 && limits::text_bytes_max == 4000,
              "the expectations below say so");

}  // namespace

bool has_kind(json::Value value, json::Kind kind, const Path& path, FirstRefusal& first) {
  if (value.is(kind)) return true;
  constexpr std::array<std::string_view, 6> kinds = {"null",     "true | false", "number",
                                                     "\"text\"", "[...]",        "{...}"};
  first.add(Reason::field_type, path, value, kinds[static_cast<std::size_t>(kind)]);
  return false;
}

void check_id(json::Value value, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  const std::string_view id = value.text();
  const bool is_clean = !value.lone_surrogate() && is_clean_text(id, LineBreaks::refused);
  if (id.empty() || id.size() > limits::id_bytes_max || space_at_start(id) > 0 ||
      ends_with_space(id) || (!is_clean && has_control_character(id))) {
    first.add(Reason::id_invalid, path, value, "1..200 bytes");
  } else if (!is_clean) {
    first.add(Reason::text_invalid, path, value, "Unicode");
  }
}

void check_text(json::Value value, Blank blank, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  const std::string_view text = value.text();
  if (blank == Blank::refused && is_blank(text)) {
    first.add(Reason::text_empty, path, value, "\"...\"");
  } else if (text.size() > limits::text_bytes_max) {
    first.add(Reason::text_too_long, path, value, "<= 4000 bytes");
  } else if (value.lone_surrogate() || !is_clean_text(text, LineBreaks::refused)) {
    first.add(Reason::text_invalid, path, value, "Unicode");
  }
}

void check_one_of(json::Value value, std::span<const std::string_view> words,
                  std::string_view listed, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  if (std::find(words.begin(), words.end(), value.text()) == words.end()) {
    first.add(Reason::value_unknown, path, value, listed);
  }
}

void check_date(json::Value value, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  if (!parse_day(value.text())) first.add(Reason::date_invalid, path, value, days_expected);
}

void check_day_or_instant(json::Value value, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  if (!parse_day_or_instant(value.text())) {
    first.add(Reason::date_invalid, path, value,
              "YYYY-MM-DD | YYYY-MM-DDThh:mm:ss+07:00, 1900..2199");
  }
}

void check_instant(json::Value value, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  if (!parse_instant(value.text())) {
    first.add(Reason::moment_invalid, path, value, "YYYY-MM-DDThh:mm:ss+07:00");
  }
}

void check_period(json::Value value, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::text, path, first)) return;
  if (!is_period(value.text())) {
    first.add(Reason::period_invalid, path, value,
              "2024 | 2024-H1 | 2024-Q3 | 2024-9M | 2024-03 | 2024s-03 | 2024-03-10 | "
              "2024-03-01..2024-03-31 | plan | name");
  }
}

void check_year(json::Value value, const Path& path, FirstRefusal& first) {
  if (!has_kind(value, json::Kind::number, path, first)) return;
  const ParsedDecimal year = parse_decimal(value.text());
  if (year.fault != NumberFault::none || year.has_point ||
      year.value < Decimal::whole(limits::year_min) ||
      year.value > Decimal::whole(limits::year_max)) {
    first.add(Reason::year_invalid, path, value, "1900..2199");
  }
}

void check_number(json::Value value, NumberRule rule, const Path& path, FirstRefusal& first) {
  if (!value.is(json::Kind::number) && !value.is(json::Kind::text)) {
    first.add(Reason::field_type, path, value, "number");
    return;
  }
  const std::string_view text = value.text();
  const ParsedDecimal number = parse_decimal(text);
  if (number.fault == NumberFault::number_invalid) {
    first.add(Reason::number_invalid, path, value, "-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    return;
  }
  const bool is_negative =
      text.starts_with('-') && text.find_first_of("123456789") != std::string_view::npos;
  const bool is_share = rule == NumberRule::share;
  if (rule == NumberRule::whole && number.has_point) {
    first.add(Reason::number_not_whole, path, value, "0, 1, 2 ...");
  } else if (is_negative && (rule == NumberRule::whole || rule == NumberRule::not_negative)) {
    first.add(Reason::number_negative, path, value, ">= 0");
  } else if (number.fault == NumberFault::number_range) {
    first.add(Reason::number_range, path, value, "<= 999999999999999999");
  } else if (is_share && (is_negative || number.fault == NumberFault::number_precision)) {
    first.add(Reason::shares_invalid, path, value, "0..1, <= 6 decimals");
  } else if (number.fault == NumberFault::number_precision) {
    first.add(Reason::number_precision, path, value, "<= 6 decimals");
  }
}

}  // namespace tiendo
