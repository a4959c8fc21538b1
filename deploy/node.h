// One process of tiendo: the parts its role needs, wired to each other.
//
//   run      ingestion and projection over one open log; answers from the live views
//   ingest   ingestion alone
//            (both take events over HTTP: into the log, or, with Kafka, into Kafka)
//   project  follows the log, writes the views
//   query    follows both
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "deploy/asked_reach.h"
#include "deploy/config.h"
#include "deploy/control.h"
#include "deploy/data_folder.h"
#include "deploy/editions.h"
#include "deploy/followed_store.h"
#include "deploy/gateway_http.h"
#include "deploy/ingestion.h"
#include "deploy/intake_http.h"
#include "deploy/metrics.h"
#include "deploy/projection.h"
#include "deploy/reconciling.h"
#include "deploy/threads.h"
#include "events/clock.h"
#include "query/api.h"
#include "query/http.h"

namespace tiendo {

class Node {
 public:
  // Opens everything; nothing runs yet. Errors: those of the stores, `wrong_use`.
  static Result<std::unique_ptr<Node>> open(const Config& config);
  ~Node();  // stops
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Starts the loops and listens. Errors: those of HttpServer::start().
  Status start();
  // First the clients are answered, then the loops end.
  void stop();
  [[nodiscard]] uint16_t port() const { return server_->port(); }

 private:
  explicit Node(const Config& config);
  Status open_log();
  Status open_ingestion();
  Status open_gateway();
  Status open_projection();
  Status open_followed_views();
  void open_editions();
  void open_interface();
  [[nodiscard]] ApiContext api_context();

  [[nodiscard]] bool writes_log() const;
  [[nodiscard]] LogReader log() const;
  [[nodiscard]] LogAccess log_access();
  // Of run and ingest: ends the process where the log cannot be written.
  Status keep_here(const Edition& edition);
  [[nodiscard]] std::shared_ptr<const ViewState> state() const;
  [[nodiscard]] std::vector<StreamReach> reaches() const;
  [[nodiscard]] std::vector<HealthCheck> health() const;
  [[nodiscard]] std::string metrics() const;
  void run_request(std::function<void()> work);
  // Passes on to Kafka what came over HTTP, until the end.
  void pass_on();
  // What happens a few times a second, until the end.
  void tick();

  Config config_;
  SystemClock clock_;
  DataFolder folder_;
  Ending ending_;
  RequestMetrics request_metrics_;
  std::atomic<uint64_t> figures_overflowed_ = 0;
  std::optional<WorkerPool> step_pool_;  // the projector's

  std::unique_ptr<KvStore> log_store_;             // of run and ingest
  std::unique_ptr<FollowedLog> followed_log_;      // of project
  std::unique_ptr<FollowedViews> followed_views_;  // of query
  std::optional<AskedReach> asked_reach_;          // of project and query
  std::unique_ptr<Ingestion> ingestion_;
  std::unique_ptr<Projection> projection_;
  std::optional<Reconciling> reconciling_;  // of run and project, unless it is off
  std::optional<Editions> editions_;        // of run and project

  std::unique_ptr<Gateway> gateway_;  // of run and ingest, with Kafka
  std::optional<IntakeHttp> intake_http_;
  std::optional<GatewayHttp> gateway_http_;
  std::optional<Control> control_;
  std::optional<Api> api_;
  std::optional<WorkerPool> request_pool_;
  std::optional<HttpServer> server_;
  std::vector<std::thread> loops_;
};

}  // namespace tiendo
