#include "events/glossary.h"

#include <algorithm>

namespace tiendo {
namespace {

struct Known {
  std::string_view word;
  std::string_view vi;
  std::string_view en;
};

// Words of the contract, and levels and audiences as most plans have them.
constexpr Known known_words[] = {
    {"activities", "hoạt động", "activities"},
    {"visits", "lượt", "visits"},
    {"people", "người", "people"},
    {"households", "hộ", "households"},
    {"enterprises", "doanh nghiệp", "enterprises"},
    {"accounts", "tài khoản", "accounts"},
    {"products", "sản phẩm", "products"},
    {"sites", "địa điểm", "sites"},
    {"teams", "đội, tổ", "teams"},
    {"dossiers", "hồ sơ", "dossiers"},
    {"models", "mô hình", "models"},
    {"classes", "lớp", "classes"},
    {"documents", "văn bản", "documents"},
    {"units", "đơn vị", "units"},
    {"rank", "thứ hạng", "rank"},
    {"million_vnd", "triệu đồng", "million VND"},
    {"percent", "%", "%"},
    {"in_person", "trực tiếp", "in person"},
    {"online", "trực tuyến", "online"},
    {"hybrid", "trực tiếp kết hợp trực tuyến", "hybrid"},
    {"doan", "Đoàn", "the Youth Union"},
    {"hoi", "Hội", "the Youth Federation"},
    {"doi", "Đội", "the Pioneers"},
    {"national", "trung ương", "national"},
    {"province", "tỉnh", "province"},
    {"district", "huyện", "district"},
    {"affiliated", "trực thuộc", "affiliated"},
    {"commune", "xã", "commune"},
    {"branch", "chi đoàn", "branch"},
    {"members", "đoàn viên", "members"},
    {"association_members", "hội viên", "association members"},
    {"youth", "thanh niên", "young people"},
    {"children", "thiếu nhi", "children"},
    {"pupils", "học sinh", "pupils"},
    {"cadres", "cán bộ Đoàn", "cadres"},
    {"full_time_cadres", "cán bộ Đoàn chuyên trách", "full-time cadres"},
    {"team_members", "thành viên tổ, đội", "team members"},
};

// "1234567" in groups of three.
std::string grouped(std::string_view digits, char mark) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += mark;
    out += digits[i];
  }
  return out;
}

}  // namespace

std::string Glossary::name(const Name& name) const {
  const bool is_english = language_ == TextLanguage::en && !name.en.empty();
  return is_english ? name.en : name.vi;
}

bool Glossary::knows(std::string_view word) const {
  return plan_.words.contains(std::string(word)) ||
         std::any_of(std::begin(known_words), std::end(known_words),
                     [&](const Known& one) { return one.word == word; });
}

std::string Glossary::word(std::string_view word) const {
  if (const auto own = plan_.words.find(std::string(word)); own != plan_.words.end()) {
    return name(own->second);
  }
  for (const Known& one : known_words) {
    if (one.word == word) return say(one.vi, one.en);
  }
  return std::string(word);
}

std::string Glossary::joined(const std::vector<std::string>& parts, std::string_view last) const {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " " + std::string(last) + " " : ", ";
    out += parts[i];
  }
  return out;
}

std::string Glossary::any_of(const std::vector<std::string>& parts) const {
  return joined(parts, say("hoặc", "or"));
}

std::string Glossary::all_of(const std::vector<std::string>& parts) const {
  return joined(parts, say("và", "and"));
}

std::string Glossary::any_word(const std::vector<std::string>& words) const {
  std::vector<std::string> said;
  for (const std::string& one : words) said.push_back(word(one));
  return any_of(said);
}

std::string Glossary::levels(const std::vector<std::string>& levels) const {
  if (levels.empty()) return say("mọi cấp", "any level");
  const std::string words = any_word(levels);
  return say("cấp " + words, words + " level");
}

std::string Glossary::day(Day day) const {
  if (language_ == TextLanguage::en) return to_text(day);
  const Date date = to_date(day);
  // Small numbers with a zero before them, as papers print them.
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(date.day) + "/" + (date.month < 3 ? two(date.month) : std::to_string(date.month)) +
         "/" + std::to_string(date.year);
}

std::string Glossary::number(Decimal value) const {
  const std::string text = value.text();
  const bool is_vietnamese = language_ == TextLanguage::vi;
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string out =
      text.substr(0, sign) +
      grouped(std::string_view(text).substr(sign, point - sign), is_vietnamese ? '.' : ',');
  if (point < text.size()) out += (is_vietnamese ? "," : ".") + text.substr(point + 1);
  return out;
}

std::string Glossary::period(const std::string& id) const {
  if (id == "plan") return say("cả kế hoạch", "the whole plan");
  if (const auto own = plan_.period_names.find(id); own != plan_.period_names.end()) {
    return own->second.vi.empty() ? id : name(own->second);
  }
  const auto window = plan_.period(id);
  const bool is_statutory = id.size() > 4 && id[4] == 's';
  const std::size_t year_end = is_statutory ? 5 : 4;
  const bool has_year = id.size() == year_end || (id.size() > year_end && id[year_end] == '-');
  if (!window || !has_year || id.size() > year_end + 3) {
    return window ? day(window->first) + " – " + day(window->last) : id;
  }
  std::string year =
      (is_statutory ? say("năm thống kê ", "statutory year ") : say("năm ", "")) + id.substr(0, 4);
  if (id.size() == year_end) return year;
  const std::string part = id.substr(year_end + 1);
  if (part == "9M") return say("9 tháng " + year, "nine months of " + year);
  if (part == "H1") return say("6 tháng đầu " + year, "first half of " + year);
  if (part == "H2") return say("6 tháng cuối " + year, "second half of " + year);
  if (part[0] == 'Q') return say("quý " + part.substr(1) + " " + year, part + " " + year);
  const std::string month = part[0] == '0' ? part.substr(1) : part;
  return say("tháng " + month + " " + year, "month " + month + " of " + year);
}

std::string Glossary::comparator(Comparator comparator, bool or_more) const {
  switch (comparator) {
    case Comparator::at_least:
      return say("ít nhất", "at least");
    case Comparator::above:
      return say("hơn", "more than");
    case Comparator::at_most:
      return say("không quá", "at most");
    case Comparator::below:
      return say("dưới", "less than");
    case Comparator::exactly:
      return or_more ? say("đạt", "reaching") : say("đúng bằng", "exactly");
  }
  return "";
}

std::string Glossary::amount(Decimal value, bool is_ratio, const std::string& measure) const {
  if (is_ratio) return number(value) + "%";
  if (measure.empty()) return number(value);
  if (measure == "rank") return say("hạng " + number(value), "rank " + number(value));
  return number(value) + (measure == "percent" ? "" : " ") + word(measure);
}

}  // namespace tiendo
