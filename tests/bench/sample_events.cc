#include "tests/bench/sample_events.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace tiendo::bench {
namespace {

std::ifstream open_deployed(const std::string& path) {
  std::ifstream file(std::string(TIENDO_SOURCE_DIR) + "/deploy/" + path);
  if (!file) {
    std::fprintf(stderr, "deploy/%s cannot be read\n", path.c_str());
    std::exit(1);
  }
  return file;
}

}  // namespace

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--events") options.events = std::stoul(value);
    if (name == "--more") options.more = std::stoul(value);
    if (name == "--live") options.live = value != "0";
    if (name == "--step") options.step = std::stoul(value);
    if (name == "--threads") options.threads = std::stoul(value);
    if (name == "--ids") options.ids = value == "time" ? Ids::time_ordered : Ids::random;
    if (name == "--dir") options.dir = value;
  }
  return options;
}

std::vector<std::string> reference_events() {
  std::vector<std::string> events;
  std::ifstream units = open_deployed("units/tayninh.ndjson");
  for (std::string line; std::getline(units, line);) events.push_back(line);
  std::ifstream file = open_deployed("plans/tayninh-2024.json");
  std::stringstream plan;
  plan << file.rdbuf();
  events.push_back(R"({"specversion":"1.0","id":"plan","source":"urn:bench",)"
                   R"("type":"vn.tiendo.plan.published.v1","data":)" +
                   plan.str() + "}");
  return events;
}

SampleEvents::SampleEvents(Ids ids, uint64_t seed) : ids_(ids), random_(seed) {
  for (const std::string& event : reference_events()) {
    const auto parsed = nlohmann::json::parse(event);
    if (parsed["data"].contains("unit") && parsed["data"].contains("kind")) {
      units_.push_back(parsed["data"]["unit"]);
    }
  }
}

std::string SampleEvents::next() {
  const uint64_t number = ++count_;
  char id[40];
  if (ids_ == Ids::random) {
    std::snprintf(id, sizeof id, "%016llx%08llx", static_cast<unsigned long long>(random_()),
                  static_cast<unsigned long long>(number));
  } else {
    std::snprintf(id, sizeof id, "%016llx%08llx", static_cast<unsigned long long>(number),
                  static_cast<unsigned long long>(random_() & 0xffffffff));
  }
  const std::string& unit = units_[random_() % units_.size()];
  const int month = 1 + static_cast<int>(random_() % 12);
  const int day = 1 + static_cast<int>(random_() % 28);
  char event[1024];
  const int size = std::snprintf(
      event, sizeof event,
      R"({"specversion":"1.0","id":"%s","source":"urn:tayninh:hoatdong",)"
      R"("type":"vn.tiendo.activity.recorded.v1","subject":"%s",)"
      R"("time":"2024-%02d-%02dT17:30:00+07:00","actor":"can-bo-%u","data":{"activity":"hd-%s",)"
      R"("unit":"%s","type":"training_class","form":"%s","starts":"2024-%02d-%02d",)"
      R"("ends":"2024-%02d-%02d","topics":["dich_vu_cong"],)"
      R"("flags":{"digital":true},"participants":{"members":%u,"youth":%u,"people":%u},)"
      R"("cost":%u.5}})",
      id, unit.c_str(), month, day, static_cast<unsigned>(random_() % 100), id, unit.c_str(),
      random_() % 3 == 0 ? "online" : "in_person", month, day, month, day,
      static_cast<unsigned>(1 + random_() % 90), static_cast<unsigned>(1 + random_() % 50),
      static_cast<unsigned>(random_() % 200), static_cast<unsigned>(random_() % 20));
  bytes_ += static_cast<std::size_t>(size);
  return {event, static_cast<std::size_t>(size)};
}

std::vector<std::string> SampleEvents::take(std::size_t count) {
  std::vector<std::string> events;
  events.reserve(count);
  for (std::size_t i = 0; i < count; ++i) events.push_back(next());
  return events;
}

}  // namespace tiendo::bench
