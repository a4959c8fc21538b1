// A small world for tests: events as lines of JSON go through the judge into a log in memory, the
// projector takes them, and questions are asked as over HTTP, without a socket or a thread.
//
//   World world("2025-01-15T08:00:00+07:00");
//   world.event("intake", "2024-03-11T08:00:00+07:00", R"({"specversion":"1.0", ...})");
//   Answer answer = world.get("/v1/rollups?plan=p&indicator=acts");
//   EXPECT_EQ(answer.json["value"], 1);
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/log.h"
#include "ingest/judge.h"
#include "projector/projector.h"
#include "query/api.h"
#include "query/edition_maker.h"

namespace tiendo {

struct Answer {
  int status = 0;       // 0: not answered yet (after=)
  nlohmann::json json;  // null where the body is no JSON
  std::string body;
  HttpHeaders headers;
  std::string content_type;
};

class World {
 public:
  // The clock stands at `now` until it is set.
  explicit World(std::string_view now = "2026-01-15T08:00:00+07:00",
                 ProjectorOptions options = ProjectorOptions());

  void set_now(std::string_view now);
  // One structured event into a stream. `time` is the broker's stamp or the moment of admission;
  // in streams import:NAME records are stamped with the event's own time, but not later.
  Placed event(std::string_view stream, std::string_view time, std::string_view text);
  Placed message(std::string_view stream, std::string_view time, Message message);
  // One that rules older than those of today refused with type_unknown.
  Placed refused(std::string_view stream, std::string_view time, std::string_view text);
  // Lets the projector take everything, and makes the editions that can be made. get() does so
  // first, unless held.
  void project();
  void hold_projector(bool held) { held_ = held; }
  // What is said of a stream instead of "settled up to now".
  void set_reach(StreamReach reach);

  // `target` as in a request line, percent-encoded where it must be.
  Answer get(std::string_view target, HttpHeaders headers = {});
  Answer request(std::string_view method, std::string_view target, HttpHeaders headers = {});
  Answer post(std::string_view target, std::string_view body);
  // Of a question that was left unanswered: its answer, as far as there is one by now.
  std::shared_ptr<Answer> ask(std::string_view method, std::string_view target,
                              HttpHeaders headers = {}, std::string_view body = "");

  [[nodiscard]] Api& api();
  [[nodiscard]] ApiContext& context() { return context_; }  // before the first question
  [[nodiscard]] EventLog& log() { return *log_; }
  [[nodiscard]] Projector& projector() { return *projector_; }
  [[nodiscard]] KvStore& views_store() { return *views_store_; }
  [[nodiscard]] KvStore& log_store() { return *log_store_; }
  // Fills the views anew from the log.
  void rebuild();

 private:
  ManualClock clock_;
  std::unique_ptr<KvStore> log_store_;
  std::unique_ptr<KvStore> views_store_;
  std::unique_ptr<EventLog> log_;
  ProjectorOptions options_;
  std::unique_ptr<Projector> projector_;
  Judge judge_;
  std::map<StreamName, StreamReach> reaches_;
  bool held_ = false;
  ApiContext context_;
  EditionMaker editions_;
  std::unique_ptr<Api> api_;
};

}  // namespace tiendo
