// Plays a scenario: its events go through the judge into a world of their own, its questions
// through the real Api, and what differs from its expectations is a failure of the current test,
// at its line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenarios/script.h"
#include "tests/scenarios/shorthand.h"
#include "tests/support/world.h"

namespace tiendo::scenarios {

class Player {
 public:
  // `root` is the folder that files named in the scenario are in.
  Player(std::string file, std::string root) : file_(std::move(file)), root_(std::move(root)) {}

  void play();

 private:
  [[nodiscard]] World& world();
  void perform(const Statement& statement);
  [[nodiscard]] bool set(const Statement& statement);
  [[nodiscard]] bool tell(const Statement& statement);
  [[nodiscard]] bool ask(const Statement& statement);

  [[nodiscard]] bool tell_event(const Statement& statement);
  void tell_rejudged(const Line& line);
  [[nodiscard]] Told complete(Told told);
  [[nodiscard]] std::string moment_of(std::string_view on);
  void send(Told told);
  void send(std::string_view stream, std::string_view on, Message message);
  void tell_tree();
  void tell_many(const Statement& statement);
  void tell_plan(const Statement& statement);
  void keep_draft(const Statement& statement);
  void tell_plan_file(const Line& line);
  void tell_events_file(const Line& line);

  void ask_path(const Line& line, const std::string& expected);
  void ask_progress(const Statement& statement);
  void ask_figure(const Line& line);
  void ask_edition(const Statement& statement);
  void ask_changes(const Statement& statement);
  void ask_preview(const Statement& statement);
  void check_verdict(const Line& line);
  void check(const Line& line, const std::string& question, const Answer& answer,
             int expected_status, const std::string& expected);
  void fail(const Line& line, const std::string& why) const;

  std::string file_;
  std::string root_;
  std::string now_ = "2026-06-01T00:00:00+07:00";
  std::string draft_;                    // the last plan document that was not said
  std::optional<std::size_t> backfill_;  // subjects a step
  std::unique_ptr<World> world_;
  Instant clock_;  // of the next record
  int count_ = 0;  // of events with a number for an id
  int asked_ = 0;
  std::vector<Placed> placed_;
};

}  // namespace tiendo::scenarios
