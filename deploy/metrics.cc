#include "deploy/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <memory>

#include "deploy/version.h"
#include "ingest/source.h"

namespace tiendo {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Page {
 public:
  // Starts a family; what is added next belongs to it.
  void family(const std::string& name, const std::string& help, MetricType type) {
    families_.push_back({name, help, type, {}});
  }
  void add(const Labels& labels, double value) {
    ClientMetric& metric = next(labels);
    if (families_.back().type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
  }
  void add(const Labels& labels, const RequestMetrics::Series& series) {
    ClientMetric::Histogram& histogram = next(labels).histogram;
    histogram.sample_count = series.count;
    histogram.sample_sum = series.sum_s;
    uint64_t below = 0;
    for (std::size_t i = 0; i < RequestMetrics::bounds_s.size(); ++i) {
      below += series.by_bound[i];
      histogram.bucket.push_back({below, RequestMetrics::bounds_s[i]});
    }
  }
  [[nodiscard]] std::string text() const {
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  ClientMetric& next(const Labels& labels) {
    ClientMetric metric;
    for (const auto& [name, value] : labels) metric.label.push_back({std::string(name), value});
    families_.back().metric.push_back(std::move(metric));
    return families_.back().metric.back();
  }

  std::vector<MetricFamily> families_;
};

double number(uint64_t count) { return static_cast<double>(count); }

void add_events(Page& page, const StreamHeads& heads) {
  page.family("tiendo_events_received_total", "Messages in the log, whatever became of them.",
              MetricType::Counter);
  for (const auto& [stream, head] : heads) {
    page.add({{"stream", stream.text()}}, number(head.counters.received()));
  }
  page.family("tiendo_events_accepted_total", "Messages that take effect.", MetricType::Counter);
  for (const auto& [stream, head] : heads) {
    page.add({{"stream", stream.text()}}, number(head.counters.accepted));
  }
  page.family("tiendo_events_duplicate_total",
              "Messages that repeat an accepted one of their stream.", MetricType::Counter);
  for (const auto& [stream, head] : heads) {
    page.add({{"stream", stream.text()}}, number(head.counters.duplicate));
  }
  page.family("tiendo_events_conflicting_total",
              "Among the duplicates, those that say something else.", MetricType::Counter);
  for (const auto& [stream, head] : heads) {
    page.add({{"stream", stream.text()}}, number(head.counters.conflict));
  }
  page.family("tiendo_events_rejected_total", "Messages refused, by the reason.",
              MetricType::Counter);
  for (const auto& [stream, head] : heads) {
    for (std::size_t reason = 0; reason < head.counters.rejected.size(); ++reason) {
      if (head.counters.rejected[reason] == 0) continue;
      page.add({{"stream", stream.text()},
                {"reason", std::string(name_of(static_cast<Reason>(reason)))}},
               number(head.counters.rejected[reason]));
    }
  }
}

bool is_source_state(std::string_view text) {
  return std::any_of(all_stream_states.begin(), all_stream_states.end(),
                     [&](StreamState state) { return name_of(state) == text; });
}

void add_streams(Page& page, const std::vector<StreamReach>& reaches) {
  page.family("tiendo_stream_state", "1 for the state a stream is in.", MetricType::Gauge);
  for (const StreamReach& reach : reaches) {
    page.add({{"stream", reach.stream.text()}, {"state", reach.state}}, 1);
  }
  page.family("tiendo_partition_state",
              "1 for the state a partition of a source is in, 0 for the "
              "others.",
              MetricType::Gauge);
  for (const StreamReach& reach : reaches) {
    const auto name = parse_partition_name(reach.stream.text());
    if (!name || !is_source_state(reach.state)) continue;
    for (const StreamState state : all_stream_states) {
      page.add({{"topic", name->topic},
                {"partition", std::to_string(name->partition)},
                {"state", std::string(name_of(state))}},
               reach.state == name_of(state) ? 1 : 0);
    }
  }
  page.family("tiendo_stream_stopped", "1 where only a person can make the stream go on.",
              MetricType::Gauge);
  for (const StreamReach& reach : reaches) {
    page.add({{"stream", reach.stream.text()}}, reach.stopped ? 1 : 0);
  }
  page.family("tiendo_stream_lag_messages", "What the source holds and the log does not.",
              MetricType::Gauge);
  for (const StreamReach& reach : reaches) {
    page.add({{"stream", reach.stream.text()}}, static_cast<double>(reach.lag));
  }
}

void add_projector(Page& page, const MetricsInput& input) {
  if (!input.checkpoint) return;
  const auto read_of = [&](StreamName stream) {
    const auto at = input.checkpoint->find(stream);
    return at == input.checkpoint->end() ? uint64_t{0} : at->second;
  };
  page.family("tiendo_projector_position", "The next position the views will read.",
              MetricType::Gauge);
  for (const auto& [stream, head] : input.heads) {
    page.add({{"stream", stream.text()}}, number(read_of(stream)));
  }
  page.family("tiendo_projector_lag_events", "What the log holds and the views do not.",
              MetricType::Gauge);
  for (const auto& [stream, head] : input.heads) {
    const uint64_t read = std::min(read_of(stream), head.next_position);
    page.add({{"stream", stream.text()}}, number(head.next_position - read));
  }
  page.family("tiendo_projector_stopped", "1 while the views are not kept up.", MetricType::Gauge);
  page.add({}, input.projector_stopped ? 1 : 0);
  page.family("tiendo_figures_overflowed_total",
              "Figures asked for that are too large to be told; look for absurd reports.",
              MetricType::Counter);
  page.add({}, number(input.figures_overflowed));
}

void add_reconciling(Page& page, const ReconcilingStatus& status) {
  const auto family = [&](const std::string& name, const std::string& help, MetricType type,
                          double value) {
    page.family("tiendo_reconciliation_" + name, help, type);
    page.add({}, value);
  };
  family("cycles_total", "How often all views were compared with the log.", MetricType::Counter,
         number(status.cycles));
  family("subjects_checked_total", "Subjects whose rows were derived again from the log.",
         MetricType::Counter, number(status.subjects_checked));
  family("cells_checked_total", "Rollup cells that were derived again from the facts.",
         MetricType::Counter, number(status.cells_checked));
  family("differences_total", "Rows found that are not what the log comes to, each once.",
         MetricType::Counter, number(status.differences));
  family("differing_rows", "Those in the live views: above 0 until they are rebuilt.",
         MetricType::Gauge, number(status.differing_rows));
  family("progress_ratio", "How much of the cycle under way is done.", MetricType::Gauge,
         status.progress);
  family("last_cycle_timestamp", "When the last cycle ended, in seconds since 1970; 0: none has.",
         MetricType::Gauge,
         status.last_cycle ? static_cast<double>(status.last_cycle->ms) / 1'000 : 0);
}

void add_editions(Page& page, const EditionsStatus& editions) {
  page.family("tiendo_editions_made_total", "Editions made since the process began.",
              MetricType::Counter);
  page.add({}, number(editions.made));
  page.family("tiendo_edition_making_seconds_total", "The time it took to make them.",
              MetricType::Counter);
  page.add({}, editions.making_s);
  page.family(
      "tiendo_publications_waiting",
      "What closes or amends a publication and waits, by what for: its edition is not made.",
      MetricType::Gauge);
  for (const char* code : {"streams_behind", "not_granted", "publication_unknown"}) {
    const auto waiting = editions.waiting.find(code);
    page.add({{"for", code}}, waiting == editions.waiting.end() ? 0 : number(waiting->second));
  }
  page.family("tiendo_edition_trouble", "1 while an edition cannot be made: see the log lines.",
              MetricType::Gauge);
  page.add({}, editions.trouble.empty() ? 0 : 1);
}

void add_gateway(Page& page, const GatewayCounters& gateway) {
  page.family("tiendo_gateway_events_total",
              "Events sent over HTTP to Kafka by this process: accepted (on all in-sync replicas), "
              "refused (by the broker), unknown, turned_away (429).",
              MetricType::Counter);
  const auto add_outcome = [&page](std::string outcome, uint64_t count) {
    page.add({{"outcome", std::move(outcome)}}, number(count));
  };
  add_outcome("accepted", gateway.accepted);
  add_outcome("refused", gateway.refused);
  add_outcome("unknown", gateway.unknown);
  add_outcome("turned_away", gateway.turned_away);
  page.family("tiendo_gateway_in_flight_events", "Events that Kafka has not confirmed yet.",
              MetricType::Gauge);
  page.add({}, number(gateway.in_flight));
  page.family("tiendo_gateway_in_flight_bytes", "What they take up in memory.", MetricType::Gauge);
  page.add({}, number(gateway.in_flight_bytes));
  page.family("tiendo_gateway_reopened_total",
              "How often a producer that had broken for good was replaced.", MetricType::Counter);
  page.add({}, number(gateway.reopened));
}

}  // namespace

void RequestMetrics::observe(const std::string& route, int status,
                             std::chrono::duration<double> took) {
  const auto bound = std::lower_bound(bounds_s.begin(), bounds_s.end(), took.count());
  const std::lock_guard lock(mutex_);
  Series& series = series_[{route, std::to_string(status / 100) + "xx"}];
  ++series.by_bound[static_cast<std::size_t>(bound - bounds_s.begin())];
  ++series.count;
  series.sum_s += took.count();
}

std::map<RequestMetrics::Key, RequestMetrics::Series> RequestMetrics::series() const {
  const std::lock_guard lock(mutex_);
  return series_;
}

std::string route_of(const HttpRequest& request) {
  static constexpr std::array v1{"events",  "rejected", "waiting", "units",       "bridge",
                                 "plans",   "rollups",  "explain", "changes",     "figures",
                                 "reports", "log",      "stream",  "publications"};
  static constexpr std::array roots{"metrics",      "healthz",       "readyz",
                                    "openapi.json", "asyncapi.json", "control"};
  const auto& segments = request.segments;
  if (segments.empty()) return "/";
  if (segments[0] == "v1" && segments.size() > 1 &&
      std::find(v1.begin(), v1.end(), segments[1]) != v1.end()) {
    return "/v1/" + segments[1];
  }
  if (std::find(roots.begin(), roots.end(), segments[0]) != roots.end()) return "/" + segments[0];
  return "other";
}

HttpHandler observed(HttpHandler handler, RequestMetrics& metrics) {
  return [handler = std::move(handler), &metrics](HttpRequest request, HttpReply reply) {
    const auto began = std::chrono::steady_clock::now();
    auto inner = std::make_shared<HttpReply>(std::move(reply));
    HttpReply outer([inner, began, route = route_of(request), &metrics](HttpResponse response) {
      metrics.observe(route, response.status, std::chrono::steady_clock::now() - began);
      (*inner)(std::move(response));
    });
    handler(std::move(request), std::move(outer));
  };
}

std::string metrics_text(const MetricsInput& input) {
  Page page;
  page.family("tiendo_build_info", "1, with the version of the program.", MetricType::Gauge);
  page.add({{"version", std::string(version)}}, 1);
  add_events(page, input.heads);
  add_streams(page, input.reaches);
  add_projector(page, input);
  if (input.reconciling) add_reconciling(page, *input.reconciling);
  page.family("tiendo_editions_kept", "Editions of publications that are kept with the log.",
              MetricType::Gauge);
  page.add({}, number(input.editions_kept));
  if (input.editions) add_editions(page, *input.editions);
  if (input.gateway) add_gateway(page, *input.gateway);
  page.family("tiendo_http_request_duration_seconds",
              "Time from a whole request to its answer, by part of the interface.",
              MetricType::Histogram);
  for (const auto& [key, series] : input.requests) {
    page.add({{"route", key.first}, {"status", key.second}}, series);
  }
  return page.text();
}

}  // namespace tiendo
