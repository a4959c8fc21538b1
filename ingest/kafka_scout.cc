#include "ingest/kafka_scout.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace tiendo {
namespace {

constexpr int answer_timeout_ms = 2'000;
constexpr std::chrono::milliseconds hurried_pause{200};
constexpr std::string_view cleanup_policy = "cleanup.policy";

bool is_compacted(const rd_kafka_ConfigResource_t* topic) {
  std::size_t count = 0;
  const auto** entries = rd_kafka_ConfigResource_configs(topic, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    if (value == nullptr || rd_kafka_ConfigEntry_name(entries[i]) != cleanup_policy) continue;
    return std::string_view(value).find("compact") != std::string_view::npos;
  }
  return false;
}

}  // namespace

Scout::Scout(rd_kafka_t* client, const KafkaSourceOptions& options, Voice& voice,
             const Clock& clock, std::map<PartitionKey, Known> known)
    : client_(client),
      options_(&options),
      voice_(&voice),
      clock_(&clock),
      queue_(rd_kafka_queue_get_consumer(client)),
      known_(std::move(known)) {
  for (const std::string& topic : options.topics) {
    topics_.emplace_back(topic, rd_kafka_topic_new(client, topic.c_str(), nullptr));
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Scout::tell(std::map<PartitionKey, Known> known) {
  const std::lock_guard lock(mutex_);
  known_ = std::move(known);
}

void Scout::hurry() {
  {
    const std::lock_guard lock(mutex_);
    hurried_ = true;
  }
  asked_.notify_one();
}

std::optional<Scout::News> Scout::take_news() {
  if (!has_news_.exchange(false)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {{}, {}, {}, news_.notices});
}

void Scout::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    News news;
    ask_topics(stop, news);
    std::unique_lock lock(mutex_);
    for (const auto& [key, marks] : news.marks) news_.marks.insert_or_assign(key, marks);
    news_.absent = std::move(news.absent);
    news_.partitions = std::move(news.partitions);
    news_.notices = std::move(news.notices);
    has_news_ = true;
    rd_kafka_queue_yield(queue_.get());
    const auto pause = std::min(hurried_pause, options_->ask_interval);
    asked_.wait_for(lock, stop, pause, [] { return false; });
    asked_.wait_for(lock, stop, options_->ask_interval - pause, [this] { return hurried_; });
    hurried_ = false;
  }
}

void Scout::ask_topics(const std::stop_token& stop, News& news) {
  const rd_kafka_metadata_t* told = nullptr;
  // Of the topics that have a handle here.
  const auto error = rd_kafka_metadata(client_, 0, nullptr, &told, answer_timeout_ms);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    news.notices.push_back("the brokers " + options_->connection.brokers +
                           " do not answer: " + voice_->with_trouble(text_of(error)));
    return;
  }
  const std::unique_ptr<const rd_kafka_metadata_t, Destroy<rd_kafka_metadata_destroy>> answer(told);
  voice_->clear_trouble();
  Asked asked;
  for (int i = 0; i < answer->topic_cnt && !stop.stop_requested(); ++i) {
    take_topic(answer->topics[i], asked, news);
  }
  ask_ends(stop, asked, news);
}

void Scout::take_topic(const rd_kafka_metadata_topic_t& answer, Asked& asked, News& news) {
  const std::string topic = answer.topic;
  if (answer.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    news.absent.insert(topic);
    news.notices.push_back("topic " + topic +
                           " does not exist; it is waited for. Create it with "
                           "message.timestamp.type=LogAppendTime");
    return;
  }
  if (answer.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    news.notices.push_back("topic " + topic + ": " + text_of(answer.err));
    return;
  }
  ask_compaction(topic);
  news.partitions[topic] = answer.partition_cnt;
  for (int i = 0; i < answer.partition_cnt; ++i) {
    const PartitionKey key{topic, answer.partitions[i].id};
    const Known known = known_of(key);
    asked[key] = {.asked_at = clock_->now(),
                  .next_when_asked = known.next_offset,
                  .cluster = cluster_id(),
                  .compacted = compacted_[topic],
                  .mark_ms = known.mark_ms};
  }
}

void Scout::ask_ends(const std::stop_token& stop, const Asked& asked, News& news) {
  Times oldest;
  Times end;
  Times marks;
  for (const auto& [key, of] : asked) {
    oldest[key] = RD_KAFKA_OFFSET_BEGINNING;
    end[key] = RD_KAFKA_OFFSET_END;
    if (of.mark_ms) marks[key] = *of.mark_ms;
  }
  const auto goes_on = [&](const Offsets& before) {
    return !before.empty() && !stop.stop_requested();
  };
  const Offsets low = offsets_at(oldest, &news);
  const Offsets high = goes_on(low) ? offsets_at(end, &news) : Offsets();
  const Offsets first = goes_on(high) ? offsets_at(marks, nullptr) : Offsets();
  for (auto [key, of] : asked) {
    if (!low.contains(key) || !high.contains(key)) continue;
    of.low = low.at(key);
    of.high = high.at(key);
    of.written_end = written_end(key);
    const auto found = first.find(key);
    if (found == first.end()) of.mark_ms.reset();
    if (found != first.end() && found->second >= 0) of.mark_offset = found->second;
    news.marks.insert_or_assign(key, std::move(of));
  }
}

// What is read is committed, and so is the end that is answered for; the fetches tell of more.
// Their records bear their times already: as long as there are some, nothing is settled.
int64_t Scout::written_end(const PartitionKey& key) {
  int64_t low = 0;
  int64_t high = 0;
  const auto error =
      rd_kafka_get_watermark_offsets(client_, key.first.c_str(), key.second, &low, &high);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR ? std::max<int64_t>(high, 0) : 0;
}

// The first offsets at these times, of the partitions that say. (The question made for watermarks
// would wait for up to socket.timeout.ms, and asks for one partition at a time.)
Scout::Offsets Scout::offsets_at(const Times& times, News* news) {
  Offsets offsets;
  if (times.empty()) return offsets;
  const PartitionsHandle wanted(rd_kafka_topic_partition_list_new(static_cast<int>(times.size())));
  for (const auto& [key, time] : times) {
    rd_kafka_topic_partition_list_add(wanted.get(), key.first.c_str(), key.second)->offset = time;
  }
  const auto error = rd_kafka_offsets_for_times(client_, wanted.get(), answer_timeout_ms);
  for (int i = 0; i < wanted->cnt; ++i) {
    const rd_kafka_topic_partition_t& answer = wanted->elems[i];
    const auto why = error != RD_KAFKA_RESP_ERR_NO_ERROR ? error : answer.err;
    if (why == RD_KAFKA_RESP_ERR_NO_ERROR) {
      offsets[{answer.topic, answer.partition}] = answer.offset;
    } else if (news != nullptr) {
      news->notices.push_back("topic " + std::string(answer.topic) + ", partition " +
                              std::to_string(answer.partition) +
                              " does not say where it ends: " + text_of(why));
    }
  }
  return offsets;
}

std::string Scout::cluster_id() const {
  char* id = rd_kafka_clusterid(client_, 0);  // as the metadata had it
  if (id == nullptr) return "";
  std::string copy(id);
  rd_kafka_mem_free(client_, id);
  return copy;
}

// Whether the topic is compacted is asked for once a connection. Where the broker does not say,
// it is taken for one that is not.
void Scout::ask_compaction(const std::string& topic) {
  const uint64_t connections = voice_->connections();
  if (connections != compaction_asked_) compacted_.clear();
  compaction_asked_ = connections;
  if (compacted_.contains(topic)) return;
  compacted_[topic] = false;
  const QueueHandle answers(rd_kafka_queue_new(client_));
  const ConfigHandle wanted(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  const AdminOptionsHandle options(
      rd_kafka_AdminOptions_new(client_, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  std::array<char, 128> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), answer_timeout_ms, why.data(),
                                            why.size());
  rd_kafka_ConfigResource_t* one = wanted.get();
  rd_kafka_DescribeConfigs(client_, &one, 1, options.get(), answers.get());
  const EventHandle event(rd_kafka_queue_poll(answers.get(), answer_timeout_ms));
  if (!event) return;
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConfigs_result(event.get());
  if (result == nullptr) return;
  const auto** resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  for (std::size_t i = 0; i < count; ++i) compacted_[topic] = is_compacted(resources[i]);
}

Scout::Known Scout::known_of(const PartitionKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(key);
  return found == known_.end() ? Known() : found->second;
}

}  // namespace tiendo
