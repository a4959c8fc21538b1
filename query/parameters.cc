#include "query/parameters.h"

#include <algorithm>

#include "events/limits.h"
#include "events/sha256.h"
#include "events/text.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

std::string list_of(std::span<const ParameterSpec> known) {
  std::string list;
  for (const ParameterSpec& one : known) {
    list += list.empty() ? "" : ", ";
    list += one.name;
  }
  return list;
}

Error invalid(const Call& call, std::string_view name, std::string_view found,
              const Sentence& expected) {
  const std::string what = std::string(name) + "=" + std::string(found.substr(0, 100));
  return refuse(call, "parameter_invalid", {what + ": " + expected.vi, what + ": " + expected.en});
}

Error as_of_invalid(const Call& call, std::string_view name, std::string_view found,
                    const Sentence& why) {
  const std::string what = std::string(name) + "=" + std::string(found.substr(0, 300));
  return refuse(call, "as_of_invalid", {what + ": " + why.vi, what + ": " + why.en});
}

Result<Moment> moment_of_record(const Call& call, std::string_view parameter,
                                const std::string& text) {
  const auto name = record_name(call, text);
  if (!name.ok()) {
    return as_of_invalid(call, parameter, text,
                         {"phải là STREAM@VỊ_TRÍ, ví dụ intake@12",
                          "a record is written stream@position, such as intake@12"});
  }
  const auto record = call.context.log.read(name->stream, name->position);
  if (!record.ok() && record.error().code == "not_found") {
    return as_of_invalid(call, parameter, text,
                         {"không có bản ghi này", "there is no such record"});
  }
  if (!record.ok()) return record.error();
  return Moment{.at = record->recorded_at, .everything = false, .record = record->key()};
}

}  // namespace

Status check_parameters(const Call& call, std::span<const ParameterSpec> known) {
  const auto& given = call.request.parameters;
  for (auto one = given.begin(); one != given.end(); ++one) {
    const auto same = [&](const auto& other) { return other.name == one->name; };
    if (std::none_of(known.begin(), known.end(), same)) {
      const std::string list = list_of(known);
      return refuse(
          call, "parameter_unknown",
          {"Không có tham số \"" + one->name + "\". " +
               (list.empty() ? "Đường dẫn này không có tham số." : "Các tham số: " + list + "."),
           "There is no parameter \"" + one->name + "\" here. " +
               (list.empty() ? "This path takes none." : "Known are: " + list + ".")});
    }
    if (std::any_of(given.begin(), one, same)) {
      return refuse(call, "parameter_repeated",
                    {"Tham số \"" + one->name + "\" xuất hiện hai lần.",
                     "The parameter \"" + one->name + "\" is given twice."});
    }
  }
  for (const ParameterSpec& one : known) {
    if (!one.required || text_of(call, one.name)) continue;
    const std::string name(one.name);
    return refuse(
        call, "parameter_missing",
        {"Thiếu tham số \"" + name + "\".",
         "The parameter \"" + name + "\" is missing: " + std::string(one.description) + "."});
  }
  return Done{};
}

std::optional<std::string> text_of(const Call& call, std::string_view name) {
  const auto text = call.request.query(name);
  if (!text || text->empty()) return std::nullopt;
  return to_nfc(*text);
}

Result<Moment> moment_of(const Call& call, std::string_view name) {
  auto text = text_of(call, name);
  if (!text) return Moment{.at = call.now};
  if (text->find('@') != std::string::npos) return moment_of_record(call, name, *text);
  // A '+' in a query is read as a space, and an instant has none of its own.
  std::replace(text->begin(), text->end(), ' ', '+');
  Instant at;
  if (const auto day = parse_day(*text)) {
    at = {start_of(day->next()).ms - 1};
  } else if (const auto instant = parse_instant(*text)) {
    at = *instant;
  } else {
    return as_of_invalid(call, name, *text,
                         {"phải là ngày (2024-09-30), thời điểm có múi giờ, hoặc STREAM@VỊ_TRÍ",
                          "expected a date (2024-09-30), a time with offset, or stream@position"});
  }
  if (at >= call.now) return Moment{.at = call.now};
  return Moment{.at = at, .everything = false};
}

Result<TreeMode> tree_of(const Call& call, const Moment& moment) {
  const auto text = text_of(call, "tree");
  if (!text || *text == "as_reported") return TreeMode{};
  if (*text == "current") return TreeMode{moment.today()};
  if (const auto day = parse_day(*text)) return TreeMode{*day};
  return refuse(call, "tree_invalid",
                {"tree phải là as_reported, current hoặc một ngày như 2024-12-31.",
                 "tree is as_reported, current, or a day such as 2024-12-31."});
}

Result<RecordName> record_name(const Call& call, std::string_view text) {
  const std::size_t at = text.rfind('@');
  const auto position = at == std::string_view::npos || at == 0
                            ? std::nullopt
                            : whole_number<uint64_t>(text.substr(at + 1));
  if (!position) {
    return refuse(call, "parameter_invalid",
                  {"Bản ghi viết là STREAM@VỊ_TRÍ, ví dụ intake@12.",
                   "A record is written stream@position, such as intake@12."});
  }
  return RecordName{StreamName(text.substr(0, at)), *position};
}

Result<Extent> extent_of(const Call& call) {
  const auto text = text_of(call, "of");
  if (!text || *text == "subtree") return Extent::subtree;
  if (*text == "own") return Extent::own;
  return invalid(call, "of", *text, {"phải là own hoặc subtree", "it is own or subtree"});
}

Result<std::size_t> limit_of(const Call& call, std::size_t otherwise) {
  const auto text = text_of(call, "limit");
  if (!text) return otherwise;
  const auto limit = whole_number<std::size_t>(*text);
  if (limit && *limit >= 1 && *limit <= limits::page_rows_max) return *limit;
  const std::string most = std::to_string(limits::page_rows_max);
  return invalid(call, "limit", *text, {"từ 1 đến " + most, "from 1 to " + most});
}

Result<std::optional<Day>> day_of(const Call& call, std::string_view name) {
  const auto text = text_of(call, name);
  if (!text) return std::optional<Day>();
  if (const auto day = parse_day(*text)) return std::optional(*day);
  return invalid(call, name, *text,
                 {"phải là một ngày như 2024-12-31", "expected a day such as 2024-12-31"});
}

std::string cursor_text(std::string_view bytes) {
  return to_hex({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

Error cursor_invalid(const Call& call) {
  return refuse(call, "cursor_invalid",
                {"Hãy dùng đúng giá trị \"next\" của trang trước, với cùng các tham số.",
                 "Use the \"next\" of the page before, with the same parameters."});
}

Result<std::string> cursor_of(const Call& call) {
  const auto text = text_of(call, "cursor");
  if (!text) return std::string();
  if (text->size() % 2 != 0) return cursor_invalid(call);
  std::string bytes;
  for (std::size_t i = 0; i < text->size(); i += 2) {
    const auto byte = whole_number<uint8_t>(std::string_view(*text).substr(i, 2), 16);
    if (!byte) return cursor_invalid(call);
    bytes += static_cast<char>(*byte);
  }
  return bytes;
}

}  // namespace tiendo
