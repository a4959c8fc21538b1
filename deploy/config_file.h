// The [kafka] section of a configuration file: settings of the Kafka client under their own names,
// which hold dots and have values (passwords) with any character.
//
//   brokers = "kafka1:9093"
//
//   [kafka]
//   security.protocol = "sasl_ssl"
//   sasl.password = "s3cret # not a comment"
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "events/result.h"

namespace tiendo {

// Adds what the section says to `properties`, and returns the file without it, line for line.
// Values stand in "…" (with \" and \\), in '…' (as they are) or bare. Error `wrong_use`, which
// names the line and never its value.
[[nodiscard]] Result<std::string> take_kafka_section(
    std::string_view file, std::map<std::string, std::string>& properties);

}  // namespace tiendo
