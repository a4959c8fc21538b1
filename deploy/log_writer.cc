#include "deploy/log_writer.h"

#include <filesystem>
#include <system_error>

#include "query/http_client.h"

namespace tiendo {
namespace {

constexpr std::chrono::milliseconds answer_timeout{30'000};

}  // namespace

Result<HttpResponse> ask_log_writer(const std::string& socket, const std::string& target,
                                    std::string_view body) {
  std::error_code why;
  if (!std::filesystem::exists(socket, why)) {
    return Error{"unreachable", "no process writes the log; start tiendo ingest"};
  }
  TRY_ASSIGN(client, HttpClient::connect(socket, {.connect_timeout = answer_timeout,
                                                  .answer_timeout = answer_timeout}));
  return client.request("POST", target, {}, body);
}

}  // namespace tiendo
