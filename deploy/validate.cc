// tiendo validate: what would be said of the events of NDJSON files, and of plan documents, by the
// same judge, before anything is sent.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "deploy/commands.h"
#include "deploy/field_place.h"
#include "deploy/files_of_events.h"
#include "deploy/judged_text.h"
#include "deploy/plan_file.h"
#include "deploy/remarks.h"
#include "deploy/said.h"
#include "events/log.h"
#include "events/plan.h"
#include "events/plan_warnings.h"
#include "ingest/judge.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

// The event that would publish a plan document: in binary mode, where its bytes are all there is.
Message published(std::string_view document) {
  Message message;
  message.headers = {{"content-type", "application/json"},
                     {"ce_specversion", "1.0"},
                     {"ce_id", "plan"},
                     {"ce_source", "validate"},
                     {"ce_type", std::string(type_prefix) + "plan.published.v1"}};
  message.value = std::string(document);
  return message;
}

struct Place {
  std::string file;
  uint64_t line = 0;
  uint64_t column = 0;  // where the text has a fault of JSON, and its line is not all of it
  [[nodiscard]] std::string text() const {
    const std::string place = LinePlace{file, line}.text();
    return column == 0 ? place : place + ":" + std::to_string(column);
  }
};

struct Placed {
  Place place;
  Refusal refusal;
};

struct Remarked {
  Place place;
  Warning warning;
};

class Validation {
 public:
  explicit Validation(const Config& config) : config_(config) {}

  Status read(const std::string& path) {
    TRY_ASSIGN(texts, JudgedTexts::open(path));
    for (;;) {
      TRY_ASSIGN(text, texts.next());
      if (!text) return Done{};
      judge_text({.file = path, .line = text->line.number}, std::move(*text));
    }
  }

  // The summary; whether nothing was refused.
  bool end() const {
    const uint64_t events = accepted_ + duplicate_ + rejected_;
    if (!config_.json && (events > 0 || !has_plans_)) {
      const Words words{"{} events: {} accepted, {} duplicate ({} in conflict), {} rejected\n",
                        "{} sự kiện: {} chấp nhận, {} trùng ({} mâu thuẫn), {} từ chối\n"};
      write_out(fmt::format(fmt::runtime(words.in(config_.language)), events, accepted_, duplicate_,
                            conflict_, rejected_));
    }
    if (!config_.json) write_out(remarks_.in_words(config_.language));
    return rejected_ == 0 && are_plans_good_;
  }

 private:
  struct First {
    Place place;
    Message message;
  };
  struct HashOfIdentity {
    std::size_t operator()(const Hash16& hash) const {
      return std::hash<std::string_view>()(hash.view());
    }
  };

  void judge_text(const Place& place, JudgedText text) {
    if (!text.line.text) return reject(place, refusal_of_length(text.line.bytes));
    const Status parsed = document_.parse(*text.line.text);
    if (parsed.ok() && is_plan_document(document_.root())) {
      return judge_plan(place, *text.line.text);
    }
    Message message;
    message.value = std::move(text.line.text);
    if (parsed.ok() || !text.is_printed) return judge_event(place, message);
    const auto byte = document_.fault_byte();
    if (!byte) return judge_event(place, message);
    judge_event(within(place, *message.value, *byte), message);
  }

  static Place within(const Place& place, std::string_view text, std::size_t byte) {
    const TextPlace at = place_in(text, byte);
    return {place.file, place.line + at.line - 1, at.column};
  }

  // All that is wrong with a document is said, each fault where it stands; one verdict counts.
  void judge_plan(const Place& place, std::string_view document) {
    has_plans_ = true;
    const auto refusal = judge_.judge(published(document)).refusal;
    if (!refusal) return accept_plan(place, document);
    are_plans_good_ = false;
    std::vector<Refusal> faults = faults_of_plan(document_.root());
    // What is no plan's own, such as its size.
    const bool is_other = std::find(faults.begin(), faults.end(), *refusal) == faults.end();
    if (is_other) faults.insert(faults.begin(), *refusal);
    std::vector<Placed> placed;
    for (Refusal& fault : faults) {
      const bool decides = fault == *refusal;
      Placed one{place_in_plan(place, document, fault.field), std::move(fault)};
      placed.insert(decides ? placed.begin() : placed.end(), std::move(one));
    }
    reject_plan(placed);
  }

  // The document is all there is: its fields are named from its own root.
  Place place_in_plan(const Place& place, std::string_view document, std::string& field) const {
    constexpr std::string_view outer = "data.";
    if (field.starts_with(outer)) field.erase(0, outer.size());
    const auto byte = place_of_field(document_, field);
    return byte ? within(place, document, *byte) : place;
  }

  void accept_plan(const Place& place, std::string_view document) {
    const Plan plan = read_plan(document_.root());
    std::vector<Remarked> remarked;
    for (Warning& warning : warnings_of_plan(document_.root(), plan)) {
      const Place at = place_in_plan(place, document, warning.field);
      remarked.push_back({at, std::move(warning)});
    }
    if (config_.json) return write_accepted(place, remarked);
    in_order_of_places(remarked);
    const Words words{"the plan has no faults: {} targets, {} indicators, {} obligations",
                      "kế hoạch không có lỗi: {} mục tiêu, {} chỉ tiêu, {} nghĩa vụ báo cáo"};
    say(place, fmt::format(fmt::runtime(words.in(config_.language)), plan.targets.size(),
                           plan.indicators.size(), plan.obligations.size()));
    const Words warning{"warning", "lưu ý"};
    for (const Remarked& one : remarked) {
      say(one.place,
          std::string(warning.in(config_.language)) + ": " + one.warning.field + ": " +
              (config_.language == Language::vi ? one.warning.text.vi : one.warning.text.en));
    }
  }

  template <class Said>
  static void in_order_of_places(std::vector<Said>& said) {
    std::stable_sort(said.begin(), said.end(), [](const Said& a, const Said& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
  }

  // The first of the faults is the document's own refusal.
  void reject_plan(std::vector<Placed>& faults) {
    if (config_.json) return write_faults(faults);
    in_order_of_places(faults);
    for (const Placed& fault : faults) say_refusal(fault.place, fault.refusal);
    const Words words{"{}: the plan would be refused; faults: {}\n",
                      "{}: kế hoạch sẽ bị từ chối; số lỗi: {}\n"};
    write_out(fmt::format(fmt::runtime(words.in(config_.language)), faults.front().place.file,
                          faults.size()));
  }

  void judge_event(const Place& place, const Message& message) {
    const Judged judged = judge_.judge(message);
    if (judged.refusal) return reject(place, *judged.refusal);
    const auto [at, is_first] = seen_.try_emplace(judged.identity, First{place, message});
    if (is_first) return accept_event(place);
    const First& first = at->second;
    const bool conflict = !same_content(first.message, message);
    ++duplicate_;
    if (conflict) ++conflict_;
    if (config_.json) return write(place, Verdict::duplicate, nullptr, &first.place, conflict);
    const Words same{"the same source and id as ", "trùng source và id với "};
    const Words other{", with other content: only the first would count",
                      ", nhưng nội dung khác: chỉ bản đầu được tính"};
    say(place, std::string(name_of(Verdict::duplicate)) + ": " +
                   std::string(same.in(config_.language)) + first.place.text() +
                   (conflict ? std::string(other.in(config_.language)) : ""));
  }

  void accept_event(const Place& place) {
    ++accepted_;
    std::vector<Remarked> remarked;
    // Its file is named by the list of files, which lives as long as the remarks.
    const auto file = std::find(config_.files.begin(), config_.files.end(), place.file);
    for (Warning& warning : remarks_.look({*file, place.line}, judge_.event())) {
      remarked.push_back({place, std::move(warning)});
    }
    if (config_.json) write_accepted(place, remarked);
  }

  void reject(const Place& place, const Refusal& refusal) {
    ++rejected_;
    if (config_.json) return write(place, Verdict::rejected, &refusal, nullptr, false);
    say_refusal(place, refusal);
  }

  void say_refusal(const Place& place, const Refusal& refusal) const {
    const Sentence sentence = sentence_of(refusal);
    say(place, std::string(name_of(Verdict::rejected)) + " " +
                   std::string(name_of(refusal.reason)) + ": " +
                   (config_.language == Language::vi ? sentence.vi : sentence.en));
  }

  static void say(const Place& place, const std::string& text) {
    write_out(place.text() + ": " + text + "\n");
  }

  static void write_refusal(JsonWriter& json, const Refusal& refusal) {
    json.field("code", name_of(refusal.reason));
    json.field("field", refusal.field);
    json.field("found", refusal.found);
    json.field("expected", refusal.expected);
    json.field("message", sentence_of(refusal));
  }

  static void write_faults(const std::vector<Placed>& faults) {
    JsonWriter json;
    json.begin_object();
    write_place(json, faults.front().place);
    json.field("verdict", name_of(Verdict::rejected));
    json.field("conflict", false);
    write_refusal(json, faults.front().refusal);
    json.begin_array("faults");
    for (const Placed& fault : faults) {
      json.begin_object();
      write_place(json, fault.place);
      write_refusal(json, fault.refusal);
      json.end_object();
    }
    json.end_array();
    json.end_object();
    write_out(std::move(json).text() + "\n");
  }

  static void write_accepted(const Place& place, const std::vector<Remarked>& remarked) {
    JsonWriter json;
    json.begin_object();
    write_place(json, place);
    json.field("verdict", name_of(Verdict::accepted));
    json.field("conflict", false);
    if (!remarked.empty()) {
      json.begin_array("warnings");
      for (const Remarked& one : remarked) {
        json.begin_object();
        write_place(json, one.place);
        json.field("field", one.warning.field);
        json.field("message", one.warning.text);
        json.end_object();
      }
      json.end_array();
    }
    json.end_object();
    write_out(std::move(json).text() + "\n");
  }

  static void write_place(JsonWriter& json, const Place& place) {
    json.field("file", place.file);
    json.field("line", place.line);
    if (place.column != 0) json.field("column", place.column);
  }

  static void write(const Place& place, Verdict verdict, const Refusal* refusal, const Place* first,
                    bool conflict) {
    JsonWriter json;
    json.begin_object();
    write_place(json, place);
    json.field("verdict", name_of(verdict));
    json.field("conflict", conflict);
    if (refusal != nullptr) write_refusal(json, *refusal);
    if (first != nullptr) json.field("first", first->text());
    json.end_object();
    write_out(std::move(json).text() + "\n");
  }

  const Config& config_;
  Judge judge_;
  json::Document document_;
  std::unordered_map<Hash16, First, HashOfIdentity> seen_;  // of all files together
  Remarks remarks_{FilesAre::streams};
  bool has_plans_ = false;
  bool are_plans_good_ = true;
  uint64_t accepted_ = 0;  // of events, as the others
  uint64_t duplicate_ = 0;
  uint64_t conflict_ = 0;
  uint64_t rejected_ = 0;
};

}  // namespace

ExitCode validate(const Config& config) {
  Validation validation(config);
  for (const std::string& path : config.files) {
    const Status read = validation.read(path);
    if (!read.ok()) return say_failure(config, read.error());
  }
  return validation.end() ? exit_done : exit_no;
}

}  // namespace tiendo
