#include "deploy/remarks.h"

#include <fmt/format.h>

namespace tiendo {
namespace {

constexpr std::size_t shown_max = 10;

// The field without the places in its lists, so that equal slips are counted together.
std::string without_indices(const std::string& field) {
  std::string name;
  bool is_inside = false;
  for (const char c : field) {
    is_inside = is_inside || c == '[';
    if (!is_inside) name += c;
    if (c == ']') is_inside = false;
  }
  return name;
}

}  // namespace

std::optional<Warning> Remarks::check_order(const LinePlace& place, const Event& event) {
  const bool is_new =
      streams_.empty() || (files_ == FilesAre::streams && streams_.back().file != place.file);
  if (is_new) streams_.push_back({.file = place.file});
  Stream& stream = streams_.back();
  ++stream.lines;
  if (!event.time) return std::nullopt;
  if (!stream.latest || *event.time >= *stream.latest) {
    stream.latest = event.time;
    stream.latest_at = place;
    return std::nullopt;
  }
  if (stream.earlier++ == 0) stream.earlier_than = stream.latest_at;
  const std::string latest = stream.latest_at.text();
  return Warning{
      "time",
      {"sớm hơn `time` của " + latest + "; khi nạp lịch sử (import) hãy xếp theo thời gian",
       "earlier than the `time` of " + latest + "; for an import sort lines by time"}};
}

std::vector<Warning> Remarks::look(const LinePlace& place, const Event& event) {
  std::vector<Warning> found = warnings_of_event(event.type, event.data);
  for (const Warning& warning : found) {
    const std::string key =
        std::string(spec_of(event.type).name) + " " + without_indices(warning.field);
    Counted& counted = counted_.try_emplace(key, Counted{place, warning, 0}).first->second;
    ++counted.lines;
  }
  if (auto out_of_order = check_order(place, event)) found.push_back(*std::move(out_of_order));
  return found;
}

void Remarks::look(const LinePlace& place, const Message& message) {
  const Reading reading = read_event(message, document_);
  if (!reading.refusal) static_cast<void>(look(place, reading.event));
}

std::string Remarks::in_words(Language language) const {
  constexpr Words misspelt{"  {}: warning: {}: {} ({} lines)\n", "  {}: lưu ý: {}: {} ({} dòng)\n"};
  constexpr Words more{"  and {} more kinds of misspelt fields\n",
                       "  và {} loại trường viết sai khác\n"};
  constexpr Words order{
      "  warning: {} of {} lines of {} are earlier than {}: an import takes them as known only "
      "when "
      "that line was,\n    so past days lack them; sort the file by time first\n",
      "  lưu ý: {} trong {} dòng của {} sớm hơn {}: khi nạp (import), các dòng này chỉ được coi là "
      "đã biết\n    từ lúc của dòng ấy, nên số liệu ngày cũ sẽ thiếu; hãy xếp tệp theo thời "
      "gian\n"};
  std::string text;
  std::size_t shown = 0;
  for (const auto& [key, one] : counted_) {
    if (shown++ == shown_max) break;
    const std::string& said = language == Language::vi ? one.warning.text.vi : one.warning.text.en;
    text += fmt::format(fmt::runtime(misspelt.in(language)), one.first.text(), one.warning.field,
                        said, one.lines);
  }
  if (counted_.size() > shown_max) {
    text += fmt::format(fmt::runtime(more.in(language)), counted_.size() - shown_max);
  }
  for (const Stream& stream : streams_) {
    if (stream.earlier == 0) continue;
    text += fmt::format(fmt::runtime(order.in(language)), stream.earlier, stream.lines, stream.file,
                        stream.earlier_than.text());
  }
  return text;
}

}  // namespace tiendo
