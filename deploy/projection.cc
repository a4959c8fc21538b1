#include "deploy/projection.h"

#include <utility>

#include "deploy/log_lines.h"

namespace tiendo {
namespace {

// How long the loop rests without news. With a log that another process writes nobody tells.
constexpr std::chrono::milliseconds rest{250};
constexpr std::chrono::milliseconds rest_of_follower{50};

// A generation like this is of no use, but another one can take its place.
bool is_replaceable(const Error& error) {
  return error.code == "rebuild" || error.code == "corrupt" || error.code == "format";
}

}  // namespace

Projection::Projection(Parts parts) : parts_(std::move(parts)), generations_(parts_.folder) {}

Projection::~Projection() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  if (rebuild_thread_.joinable()) rebuild_thread_.join();
}

Result<std::shared_ptr<OpenViews>> Projection::open_generation(const std::string& name) {
  return OpenViews::open(name, generations_.path(name), parts_.log, parts_.options);
}

Status Projection::open() {
  const auto pointer = generations_.pointer();
  if (pointer.ok()) {
    TRY_DO(generations_.prune());
    auto views = open_generation(pointer->current);
    if (views.ok()) {
      live_ = std::move(views).value();
      return Done{};
    }
    if (!is_replaceable(views.error())) return views.error().with_context("opening the views");
    log_line(Importance::warning, "generation " + pointer->current + " of the views cannot be " +
                                      "used: " + views.error().message);
  } else if (pointer.error().code == "corrupt") {
    log_line(Importance::warning, pointer.error().message);
  } else if (pointer.error().code != "not_found") {
    return pointer.error();
  }
  TRY_ASSIGN(name, generations_.next_name());
  TRY_ASSIGN(views, open_generation(name));
  TRY_DO(generations_.switch_to(name));
  live_ = std::move(views);
  return generations_.prune();
}

std::shared_ptr<OpenViews> Projection::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

std::shared_ptr<const ViewState> Projection::state() const { return live()->state(); }

Projection::Current Projection::current() const {
  const std::shared_ptr<OpenViews> views = live();
  return {views->generation(), views->state()};
}

std::string Projection::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

Result<ProjectorStep> Projection::step() {
  const GatePass pass(gate_);
  if (!stopped().empty()) return ProjectorStep{};
  if (parts_.follow) TRY_DO(parts_.follow());
  const auto lock = parts_.log_access ? parts_.log_access() : std::shared_lock<std::shared_mutex>();
  return live()->projector().step();
}

void Projection::run(const Ending& ending) {
  while (!ending.begun()) {
    const auto stepped = step();
    if (!stepped.ok() && !recover(stepped.error())) return;
    if (!stepped.ok() || stepped->idle()) {
      wait_for_news();
    } else if (parts_.changed) {
      parts_.changed();
    }
  }
  const std::lock_guard lock(mutex_);
  ending_ = true;
}

// False: the process has to end.
bool Projection::recover(const Error& error) {
  if (!is_replaceable(error)) {
    parts_.end_process(error.with_context("the views"));
    return false;
  }
  log_line(Importance::error, "the projector stopped: " + error.message);
  {
    const std::lock_guard lock(mutex_);
    stopped_ = error.message;
  }
  const Status started = start_rebuild();
  if (!started.ok()) log_line(Importance::error, started.error().message);
  return true;
}

void Projection::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  changed_.notify_one();
}

void Projection::wait_for_news() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, parts_.follow ? rest_of_follower : rest, [this] { return news_; });
  news_ = false;
}

Status Projection::start_rebuild() {
  const std::lock_guard lock(mutex_);
  if (ending_) return Error{"closing", "the program is ending"};
  if (rebuilding_) return Error{"busy", "the views are being rebuilt already"};
  rebuilding_ = true;
  report_ = {.phase = RebuildReport::Phase::filling};
  if (rebuild_thread_.joinable()) rebuild_thread_.join();  // has set rebuilding_ to false: is over
  rebuild_thread_ = std::thread([this, compare = stopped_.empty()] { fill_and_switch(compare); });
  return Done{};
}

RebuildReport Projection::rebuild(const std::function<void(const RebuildReport&)>& show) {
  show_ = show;
  fill_and_switch(true);
  return rebuild_report();
}

void Projection::fill_and_switch(bool compare) {
  RebuildReport report;
  const RebuildParts parts{
      .generations = generations_,
      .log = parts_.log,
      .options = parts_.options,
      .live = compare ? live() : nullptr,
      .ingest = parts_.ingest,
      .project = &gate_,
      .log_access = parts_.log_access,
      .ending =
          [this] {
            const std::lock_guard lock(mutex_);
            return ending_;
          },
      .report = [this](const RebuildReport& now) { note(now); },
  };
  auto filled = fill_generation(parts, report);
  Status done = filled.ok() ? switch_to(*filled) : Status(filled.error());
  report.phase = done.ok() ? RebuildReport::Phase::done : RebuildReport::Phase::failed;
  if (!done.ok()) {
    report.error = done.error().message;
    log_line(Importance::error, "the rebuild failed: " + report.error);
    // A store whose writing failed must not even be closed.
    if (done.error().code == "io" && parts_.end_process) parts_.end_process(done.error());
  }
  note(report);
  const std::lock_guard lock(mutex_);
  rebuilding_ = false;
}

Status Projection::switch_to(std::shared_ptr<OpenViews> views) {
  const Gate::Hold hold(gate_);
  {
    const auto lock =
        parts_.log_access ? parts_.log_access() : std::shared_lock<std::shared_mutex>();
    TRY_DO(views->catch_up());
  }
  TRY_DO(generations_.switch_to(views->generation()));
  {
    const std::lock_guard lock(mutex_);
    live_ = std::move(views);
    stopped_.clear();
  }
  return generations_.prune();
}

void Projection::note(const RebuildReport& report) {
  {
    const std::lock_guard lock(mutex_);
    report_ = report;
  }
  if (show_) show_(report);
}

RebuildReport Projection::rebuild_report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

}  // namespace tiendo
