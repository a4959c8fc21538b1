#include "deploy/node.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "deploy/decided.h"
#include "deploy/exit_code.h"
#include "deploy/kafka_connection.h"
#include "deploy/log_lines.h"
#include "ingest/judge.h"
#include "query/page.h"

namespace tiendo {
namespace {

constexpr std::size_t step_parts = 2;
constexpr std::chrono::milliseconds tick_interval{100};
constexpr std::chrono::milliseconds stop_grace{1'500};
// Longer than a broker takes to come back or another to take over, shorter than clients wait.
constexpr std::chrono::milliseconds gateway_delivery_timeout{20'000};
constexpr std::chrono::milliseconds gateway_step_wait{200};
constexpr uint64_t ready_lag_events_max = 100'000;

// RocksDB must not be closed after a failed write, so nothing is cleaned up: what is on disk is
// whole, and the next start goes on from it.
[[noreturn]] void end_process(const Error& error) {
  log_line(Importance::error, "cannot go on: " + error.message +
                                  " (exit 75; what was acknowledged " +
                                  "is on disk, and the next start goes on from it)");
  flush_log_lines();
  ::_exit(exit_try_again);
}

// So that the services of one machine do not meet.
std::string default_listen(Command command) {
  switch (command) {
    case Command::ingest:
      return "127.0.0.1:8081";
    case Command::project:
      return "127.0.0.1:8082";
    default:
      return "127.0.0.1:8080";
  }
}

}  // namespace

Node::Node(const Config& config) : config_(config) {}

Node::~Node() {
  stop();
  gateway_.reset();  // answers whom it still owes, by the threads that answer requests
}

bool Node::writes_log() const {
  return config_.command == Command::run || config_.command == Command::ingest;
}

Result<std::unique_ptr<Node>> Node::open(const Config& config) {
  std::unique_ptr<Node> node(new Node(config));
  TRY_ASSIGN(folder,
             node->writes_log() ? open_data_folder(config.data) : find_data_folder(config.data));
  node->folder_ = std::move(folder);
  if (!node->writes_log()) node->asked_reach_.emplace(node->folder_.socket(), node->clock_);
  if (config.command == Command::query) {
    TRY_DO(node->open_followed_views());
  } else {
    TRY_DO(node->open_log());
  }
  const bool projects = config.command == Command::run || config.command == Command::project;
  if (node->writes_log()) TRY_DO(node->open_ingestion());
  if (node->writes_log() && !config.kafka.brokers.empty()) TRY_DO(node->open_gateway());
  if (projects) TRY_DO(node->open_projection());
  if (projects) node->open_editions();
  node->open_interface();
  return node;
}

Status Node::open_log() {
  if (writes_log()) {
    TRY_ASSIGN(store, open_rocks_store({.path = folder_.log(),
                                        .families = log_families(),
                                        .profile = RocksProfile::log}));
    log_store_ = std::move(store);
  } else {
    TRY_ASSIGN(followed, FollowedLog::open(folder_));
    followed_log_ = std::move(followed);
  }
  return Done{};
}

Status Node::open_ingestion() {
  TRY_ASSIGN(ingestion, Ingestion::open({.store = *log_store_,
                                         .clock = clock_,
                                         .kafka = config_.kafka,
                                         .appended =
                                             [this] {
                                               if (projection_) projection_->wake();
                                               if (gateway_http_) {
                                                 gateway_http_->look_after_waiting();
                                               }
                                             },
                                         .end_process = end_process}));
  ingestion_ = std::move(ingestion);
  return Done{};
}

Status Node::open_gateway() {
  const auto open = [this]() -> Result<std::unique_ptr<EventSink>> {
    TRY_ASSIGN(producer,
               KafkaProducer::open({.connection = kafka_connection(config_.kafka, "kafka gateway"),
                                    .delivery_timeout = gateway_delivery_timeout}));
    return std::unique_ptr<EventSink>(std::move(producer));
  };
  TRY_ASSIGN(gateway, Gateway::create(open));
  gateway_ = std::move(gateway);
  return Done{};
}

Status Node::open_projection() {
  step_pool_.emplace(static_cast<int>(step_parts));
  Projection::Parts parts{.folder = folder_.views(), .log = log()};
  parts.options.parallel = parallel_on(*step_pool_, step_parts);
  parts.ingest = ingestion_ ? &ingestion_->gate() : nullptr;
  parts.log_access = log_access();
  if (followed_log_) parts.follow = [this] { return followed_log_->follow(); };
  parts.changed = [this] { api_->on_views_changed(); };
  parts.end_process = end_process;
  projection_ = std::make_unique<Projection>(std::move(parts));
  TRY_DO(projection_->open());
  if (config_.reconcile_percent > 0) {
    reconciling_.emplace(Reconciling::Parts{.projection = *projection_,
                                            .log = log(),
                                            .log_access = log_access(),
                                            .clock = clock_,
                                            .percent = config_.reconcile_percent});
  }
  return Done{};
}

Status Node::open_followed_views() {
  TRY_ASSIGN(followed, FollowedViews::open(folder_));
  followed_views_ = std::move(followed);
  return Done{};
}

Status Node::keep_here(const Edition& edition) {
  const Status kept = keep_between_steps(*ingestion_, *log_store_, edition);
  if (!kept.ok()) end_process(kept.error());
  return Done{};
}

void Node::open_editions() {
  EditionMaker::Parts maker{
      .views = [this] { return state(); }, .log = log(), .streams = [this] { return reaches(); }};
  if (writes_log()) {
    maker.keep = [this](const Edition& edition) { return keep_here(edition); };
  } else {
    maker.keep = [this](const Edition& edition) { return keep_over(folder_.socket(), edition); };
  }
  editions_.emplace(Editions::Parts{.maker = std::move(maker), .log_access = log_access()});
}

void Node::open_interface() {
  const auto run = [this](std::function<void()> work) { run_request(std::move(work)); };
  if (gateway_) {
    const KafkaConfig& kafka = config_.kafka;
    gateway_http_.emplace(
        GatewayHttp::Parts{.gateway = *gateway_,
                           .topics = {kafka.events_topic, kafka.reference_topic},
                           .read_topics = {kafka.topics.begin(), kafka.topics.end()},
                           .log = log(),
                           .clock = clock_,
                           .run = run});
  } else if (ingestion_) {
    intake_http_.emplace(ingestion_->intake(), run);
  }
  Control::Parts control{.ingestion = ingestion_.get(),
                         .projection = projection_.get(),
                         .log = log(),
                         .streams = [this] { return reaches(); },
                         .run = run};
  if (ingestion_) {
    control.keep_edition = [this](const Edition& edition) { return keep_here(edition); };
    control.publish = [this](const PublicationEvent& event) {
      return write_publication(ingestion_->intake(), clock_, event);
    };
  }
  control_.emplace(std::move(control));
  api_.emplace(api_context());
  request_pool_.emplace(config_.threads);
  HttpServer::Options options;
  options.listen = config_.listen.empty() ? default_listen(config_.command) : config_.listen;
  if (writes_log()) options.unix_path = folder_.socket();
  if (config_.command == Command::project) options.unix_path = folder_.project_socket();
  options.threads = config_.threads;
  options.clock = &clock_;
  options.stop_grace = stop_grace;
  server_.emplace(std::move(options));
}

ApiContext Node::api_context() {
  ApiContext context{.views = [this] { return state(); },
                     .views_move = followed_views_ != nullptr,
                     .log = log(),
                     .clock = &clock_,
                     .streams = [this] { return reaches(); }};
  if (gateway_http_) {
    context.intake = [this](const HttpRequest& request, HttpReply reply) {
      gateway_http_->take(request, std::move(reply));
    };
  }
  if (intake_http_) {
    context.intake = [this](const HttpRequest& request, HttpReply reply) {
      intake_http_->take(request, std::move(reply));
    };
  }
  context.judge = [](const Message& message) { return Judge().judge(message).refusal; };
  if (ingestion_) {
    context.rejudge = [this](const RejudgeAct& act) {
      return write_rejudged(ingestion_->intake(), clock_, act);
    };
    context.publish = [this](const PublicationEvent& event) {
      return write_publication(ingestion_->intake(), clock_, event);
    };
  }
  if (asked_reach_) {
    context.publish = [this](const PublicationEvent& event) {
      return publish_over(folder_.socket(), event);
    };
  }
  context.metrics = [this] { return metrics(); };
  context.page = [](std::string_view path) { return page(path); };
  context.health = [this] { return health(); };
  context.run = [this](std::function<void()> work) { run_request(std::move(work)); };
  context.overflowed = [this] { ++figures_overflowed_; };
  return context;
}

LogReader Node::log() const {
  if (followed_views_) return followed_views_->log();
  return log_store_ ? LogReader(*log_store_) : followed_log_->reader();
}

LogAccess Node::log_access() {
  if (!followed_log_) return nullptr;
  return [this] { return followed_log_->reading(); };
}

std::shared_ptr<const ViewState> Node::state() const {
  if (projection_) return projection_->state();
  return followed_views_ ? followed_views_->state() : nullptr;
}

std::vector<StreamReach> Node::reaches() const {
  std::optional<IngestKnowledge> ingest;
  if (ingestion_) {
    ingest = {
        .status = ingestion_->status(), .imports = &ingestion_->imports(), .now = clock_.now()};
  }
  if (asked_reach_) {
    if (auto heard = asked_reach_->heard()) return std::move(*heard);
  }
  const auto heads = log().heads();
  if (!heads.ok()) return {};
  return reaches_of(*heads, ingest ? &*ingest : nullptr);
}

// A request may hold the log and the views still while it is answered, where others write them.
void Node::run_request(std::function<void()> work) {
  request_pool_->post([this, work = std::move(work)] {
    std::shared_lock<std::shared_mutex> reading;
    if (followed_views_) reading = followed_views_->reading();
    if (followed_log_) reading = followed_log_->reading();
    work();
  });
}

std::vector<HealthCheck> Node::health() const {
  std::vector<HealthCheck> checks;
  const auto heads = log().heads();
  checks.push_back({"log", heads.ok(), heads.ok() ? "" : heads.error().message});
  for (const StreamReach& reach : reaches()) {
    if (reach.stopped) {
      checks.push_back(
          {"stream " + reach.stream.text(), false, reach.state + ": " + reach.message});
    }
  }
  if (ingestion_ && !config_.kafka.brokers.empty()) {
    std::string trouble;
    for (const std::string& notice : ingestion_->status().notices) {
      trouble += (trouble.empty() ? "" : "; ") + notice;
    }
    checks.push_back({"kafka", trouble.empty(), trouble});
  }
  if (asked_reach_) {
    const bool heard = asked_reach_->heard().has_value();
    checks.push_back({"ingest", heard,
                      heard ? "" : "no process that writes the log answers; start tiendo ingest"});
  }
  // Only told: a gateway that nobody is sent to would never be seen to work again.
  if (gateway_) checks.push_back({"gateway", true, gateway_->trouble()});
  if (projection_) {
    const std::string stopped = projection_->stopped();
    checks.push_back({"projector", stopped.empty(), stopped});
  }
  // Only told: one damaged row is no reason to take all figures away.
  if (reconciling_) checks.push_back({"reconciliation", true, reconciling_->status().in_words()});
  const auto views = state();
  if (config_.command != Command::ingest) {
    checks.push_back({"views", views != nullptr, views ? "" : "there are no views yet"});
  }
  if (views && heads.ok()) {
    const uint64_t held = records_in(*heads);
    const uint64_t lag = held - std::min(held, records_in(views->checkpoint));
    checks.push_back({"lag", lag <= ready_lag_events_max,
                      lag == 0 ? "" : std::to_string(lag) + " events behind the log"});
  }
  return checks;
}

std::string Node::metrics() const {
  MetricsInput input;
  auto heads = log().heads();
  if (heads.ok()) input.heads = std::move(heads).value();
  input.reaches = reaches();
  if (const auto views = state()) input.checkpoint = views->checkpoint;
  input.projector_stopped = projection_ && !projection_->stopped().empty();
  input.requests = request_metrics_.series();
  if (gateway_) input.gateway = gateway_->counters();
  if (reconciling_) input.reconciling = reconciling_->status();
  if (editions_) input.editions = editions_->status();
  if (const auto kept = EditionReader(log()).heads(); kept.ok()) {
    input.editions_kept = kept->size();
  }
  input.figures_overflowed = figures_overflowed_;
  return metrics_text(input);
}

void Node::tick() {
  std::string told;
  while (!ending_.wait(tick_interval)) {
    if (asked_reach_) asked_reach_->ask();
    Status followed = Done{};
    if (followed_views_) followed = followed_views_->follow();
    if (followed_log_ && followed.ok()) followed = followed_log_->follow();
    const std::string trouble = followed.ok() ? "" : followed.error().message;
    if (trouble != told && !trouble.empty()) {
      log_line(Importance::warning,
               "cannot follow the stores, answers stay as they were: " + trouble);
    }
    told = trouble;
    if (asked_reach_ && followed.ok()) asked_reach_->take_effect();
    api_->tick();
    if (gateway_http_) gateway_http_->look_after_waiting();
  }
}

void Node::pass_on() {
  while (!ending_.begun()) gateway_->step(gateway_step_wait);
  gateway_->close();
}

Status Node::start() {
  if (ingestion_) loops_.emplace_back([this] { ingestion_->run(ending_); });
  if (projection_) loops_.emplace_back([this] { projection_->run(ending_); });
  if (reconciling_) loops_.emplace_back([this] { reconciling_->run(ending_); });
  if (gateway_) loops_.emplace_back([this] { pass_on(); });
  if (editions_) loops_.emplace_back([this] { editions_->run(ending_); });
  loops_.emplace_back([this] { tick(); });
  HttpHandler handler = [this](HttpRequest request, HttpReply reply) {
    if (Control::is_control(request)) return control_->handle(request, std::move(reply));
    api_->handle(std::move(request), std::move(reply));
  };
  return server_->start(observed(std::move(handler), request_metrics_));
}

void Node::stop() {
  if (server_) server_->stop();
  ending_.begin();
  for (std::thread& loop : loops_) loop.join();
  loops_.clear();
}

}  // namespace tiendo
