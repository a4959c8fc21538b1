// tiendo validate: what would be said of the events of NDJSON files, and of plan documents, by the
// same judge, before anything is sent.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <unordered_map>

#include "deploy/commands.h"
#include "deploy/said.h"
#include "events/limits.h"
#include "events/log.h"
#include "ingest/files.h"
#include "ingest/judge.h"
#include "query/json_writer.h"

namespace tiendo {
namespace {

bool is_plan_document(json::Value root) {
  return root.is(json::Kind::object) && root["indicators"].present() &&
         !root["specversion"].present();
}

// The event that would publish a plan document.
Message published(std::string_view document) {
  Message message;
  message.value = R"({"specversion":"1.0","id":"plan","source":"validate","type":")" +
                  std::string(type_prefix) + R"(plan.published.v1","data":)" +
                  std::string(document) + "}";
  return message;
}

// The file as a whole, if it can be one plan document.
std::optional<std::string> plan_in(const std::string& path) {
  std::error_code why;
  if (!std::filesystem::is_regular_file(path, why)) return std::nullopt;
  if (std::filesystem::file_size(path, why) > limits::event_bytes_max || why) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  json::Document document;
  if (!document.parse(bytes).ok() || !is_plan_document(document.root())) return std::nullopt;
  return bytes;
}

struct Place {
  std::string file;
  uint64_t line = 0;
  [[nodiscard]] std::string text() const { return file + ":" + std::to_string(line); }
};

class Validation {
 public:
  explicit Validation(const Config& config) : config_(config) {}

  Status read(const std::string& path) {
    if (const auto plan = plan_in(path)) {
      judge_plan({path, 1}, *plan);
      return Done{};
    }
    TRY_ASSIGN(reader, LineReader::open(path));
    for (;;) {
      TRY_ASSIGN(lines, reader->next({.events_max = 1, .bytes_max = limits::body_bytes_max}));
      if (lines.empty()) return Done{};
      const Place place{path, reader->progress().lines};
      const Status parsed = document_.parse(*lines.front().value);
      if (parsed.ok() && is_plan_document(document_.root())) {
        judge_plan(place, *lines.front().value);
      } else {
        judge_event(place, lines.front());
      }
    }
  }

  // The summary; whether nothing was refused.
  bool end() const {
    if (!config_.json) {
      const Words words{"{} events: {} accepted, {} duplicate ({} in conflict), {} rejected\n",
                        "{} sự kiện: {} chấp nhận, {} trùng ({} mâu thuẫn), {} từ chối\n"};
      fmt::print(fmt::runtime(words.in(config_.language)), accepted_ + duplicate_ + rejected_,
                 accepted_, duplicate_, conflict_, rejected_);
    }
    return rejected_ == 0;
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

  void judge_plan(const Place& place, std::string_view document) {
    auto refusal = judge_.judge(published(document)).refusal;
    // The document is all there is: its fields are named from its own root.
    constexpr std::string_view outer = "data.";
    if (refusal && refusal->field.starts_with(outer)) refusal->field.erase(0, outer.size());
    if (refusal) return reject(place, *refusal);
    ++accepted_;
    if (config_.json) write(place, Verdict::accepted, nullptr, nullptr, false);
  }

  void judge_event(const Place& place, const Message& message) {
    const Judged judged = judge_.judge(message);
    if (judged.refusal) return reject(place, *judged.refusal);
    const auto [at, is_first] = seen_.try_emplace(judged.identity, First{place, message});
    if (is_first) {
      ++accepted_;
      if (config_.json) write(place, Verdict::accepted, nullptr, nullptr, false);
      return;
    }
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

  void reject(const Place& place, const Refusal& refusal) {
    ++rejected_;
    if (config_.json) return write(place, Verdict::rejected, &refusal, nullptr, false);
    const Sentence sentence = sentence_of(refusal);
    say(place, std::string(name_of(Verdict::rejected)) + " " +
                   std::string(name_of(refusal.reason)) + ": " +
                   (config_.language == Language::vi ? sentence.vi : sentence.en));
  }

  static void say(const Place& place, const std::string& text) {
    fmt::print("{}: {}\n", place.text(), text);
  }

  static void write(const Place& place, Verdict verdict, const Refusal* refusal, const Place* first,
                    bool conflict) {
    JsonWriter json;
    json.begin_object();
    json.field("file", place.file);
    json.field("line", place.line);
    json.field("verdict", name_of(verdict));
    json.field("conflict", conflict);
    if (refusal != nullptr) {
      json.field("code", name_of(refusal->reason));
      json.field("field", refusal->field);
      json.field("found", refusal->found);
      json.field("expected", refusal->expected);
      json.field("message", sentence_of(*refusal));
    }
    if (first != nullptr) json.field("first", first->text());
    json.end_object();
    fmt::print("{}\n", std::move(json).text());
  }

  const Config& config_;
  Judge judge_;
  json::Document document_;
  std::unordered_map<Hash16, First, HashOfIdentity> seen_;  // of all files together
  uint64_t accepted_ = 0;
  uint64_t duplicate_ = 0;
  uint64_t conflict_ = 0;
  uint64_t rejected_ = 0;
};

}  // namespace

ExitCode validate(const Config& config) {
  Validation validation(config);
  for (const std::string& path : config.files) {
    const Status read = validation.read(path);
    if (!read.ok()) return say_failure(config, read.error().with_context(path));
  }
  return validation.end() ? exit_done : exit_no;
}

}  // namespace tiendo
