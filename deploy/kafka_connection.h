// How the parts of the program reach Kafka, and where they say what it says.
#pragma once

#include <string>

#include "deploy/config.h"
#include "ingest/kafka.h"

namespace tiendo {

// What the client library says goes to the log lines, after `who`.
[[nodiscard]] KafkaConnection kafka_connection(const KafkaConfig& kafka, const std::string& who);

}  // namespace tiendo
