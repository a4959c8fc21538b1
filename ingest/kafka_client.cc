#include "ingest/kafka_client.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace tiendo {

Status set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  const bool is_secret =
      name.find("password") != std::string::npos || name.find("secret") != std::string::npos ||
      name.find(".pem") != std::string::npos || name.find("jaas") != std::string::npos;
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) ==
      RD_KAFKA_CONF_OK) {
    return Done{};
  }
  return Error{"wrong_use",
               "Kafka setting " + name + (is_secret ? "" : "=" + value) +
                   (is_secret ? " is not understood" : ": " + std::string(why.data()))};
}

void Voice::say(int level, const std::string& text) const {
  if (connection_->log) connection_->log(level, text);
}

void Voice::warn(const std::string& text) const {
  constexpr int syslog_warning = 4;
  say(syslog_warning, text);
}

void Voice::set_trouble(rd_kafka_resp_err_t error, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  // This one only counts the brokers that have trouble of another name.
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !trouble_.empty()) return;
  trouble_ = reason;
  if (error == RD_KAFKA_RESP_ERR__AUTHENTICATION) {
    trouble_ += "; check sasl.username, sasl.password and sasl.mechanism" + scram_advice();
  }
  // A connection that is lost in the middle of it comes with the reason and another code.
  if (error == RD_KAFKA_RESP_ERR__SSL || reason.find("certificate") != std::string::npos) {
    trouble_ += "; check ssl.ca.location and the certificates";
  }
}

void Voice::clear_trouble() {
  const std::lock_guard lock(mutex_);
  trouble_.clear();
}

std::string Voice::with_trouble(const std::string& text) const {
  const std::lock_guard lock(mutex_);
  return trouble_.empty() ? text : text + " (" + trouble_ + ")";
}

// Older libraries send a nonce that brokers from version 4 on refuse, whatever the password.
std::string Voice::scram_advice() const {
  constexpr int first_sound = 0x020601ff;
  const auto& properties = connection_->properties;
  const bool is_scram = std::any_of(properties.begin(), properties.end(), [](const auto& one) {
    return one.first.starts_with("sasl.mechanism") && one.second.starts_with("SCRAM");
  });
  if (!is_scram || rd_kafka_version() >= first_sound) return "";
  return std::string("; this librdkafka (") + rd_kafka_version_str() +
         ") cannot do SCRAM with brokers of Kafka 4: use PLAIN over TLS or a client's "
         "certificate there, or librdkafka 2.6.1";
}

namespace {

int on_connect(int socket, const sockaddr* address, int size, const char*, void* opaque) {
  static_cast<Voice*>(opaque)->count_connection();
  const bool begun =
      ::connect(socket, address, static_cast<socklen_t>(size)) == 0 || errno == EINPROGRESS;
  return begun ? 0 : errno;
}

void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  static_cast<const Voice*>(rd_kafka_opaque(client))
      ->say(level, std::string(facility) + ": " + text);
}

void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  auto* voice = static_cast<Voice*>(opaque);
  const auto error = static_cast<rd_kafka_resp_err_t>(code);
  voice->set_trouble(error, reason);
  voice->warn(std::string(rd_kafka_err2name(error)) + ": " + reason);
}

}  // namespace

Result<ConfHandle> configure(Voice& voice, std::span<const Setting> defaults,
                             std::span<const Setting> musts) {
  const KafkaConnection& connection = voice.connection();
  ConfHandle conf(rd_kafka_conf_new());
  for (const Setting& setting : defaults) TRY_DO(set(conf.get(), setting.name, setting.value));
  for (const auto& [name, value] : connection.properties) {
    for (const Setting& setting : musts) {
      if (name != setting.name) continue;
      return Error{"wrong_use", "Kafka setting " + name + " is " + setting.value +
                                    " and cannot be changed: no event could be vouched for"};
    }
    TRY_DO(set(conf.get(), name, value));
  }
  for (const Setting& setting : musts) TRY_DO(set(conf.get(), setting.name, setting.value));
  TRY_DO(set(conf.get(), "bootstrap.servers", connection.brokers));
  TRY_DO(set(conf.get(), "client.id", "tiendo"));
  rd_kafka_conf_set_opaque(conf.get(), &voice);
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  rd_kafka_conf_set_connect_cb(conf.get(), on_connect);
  return conf;
}

Result<ClientHandle> make_client(rd_kafka_type_t type, ConfHandle conf) {
  std::array<char, 512> why{};
  ClientHandle client(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!client) return Error{"wrong_use", std::string("Kafka client: ") + why.data()};
  (void)conf.release();  // the client's now
  return client;
}

int whole_ms(std::chrono::milliseconds duration) {
  return static_cast<int>(std::clamp<int64_t>(duration.count(), 0, 3'600'000));
}

std::string text_of(rd_kafka_resp_err_t error) {
  return std::string(rd_kafka_err2name(error)) + ": " + rd_kafka_err2str(error);
}

}  // namespace tiendo
