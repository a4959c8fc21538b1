#include "deploy/said.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "deploy/data_folder.h"
#include "events/json.h"

namespace tiendo {
namespace {

// Long enough for a batch behind others, or a digest of millions of rows.
constexpr std::chrono::minutes answer_timeout{10};

// Why standard output could not be written the first time; stdio remembers only that.
int output_errno = 0;

Result<std::optional<HttpClient>> connect_if_there(const std::string& socket) {
  std::error_code why;
  if (!std::filesystem::exists(socket, why)) return std::optional<HttpClient>();
  auto client = HttpClient::connect(socket, {.answer_timeout = answer_timeout});
  if (client.ok()) return std::optional<HttpClient>(std::move(client).value());
  // A socket that nobody listens on is what a crash leaves.
  if (client.error().code == "unreachable") return std::optional<HttpClient>();
  return client.error();
}

}  // namespace

Result<std::optional<HttpClient>> running_store(const std::filesystem::path& data, StorePart part) {
  std::error_code why;
  const DataFolder folder{std::filesystem::absolute(data, why).lexically_normal()};
  if (part == StorePart::views) {
    TRY_ASSIGN(project, connect_if_there(folder.project_socket()));
    if (project) return project;
  }
  return connect_if_there(folder.socket());
}

Error error_in(const HttpResponse& response) {
  json::Document document;
  const Status parsed = document.parse(response.body);
  const json::Value said = document.root();
  if (!parsed.ok() || !said["detail"].present()) {
    return {"protocol", fmt::format("the answer was {}", response.status)};
  }
  return {std::string(said["code"].text()), std::string(said["detail"].text())};
}

ExitCode say_failure(const Config& config, const Error& error) {
  const bool vi = config.language == Language::vi;
  const ExitCode code = exit_code_of(error);
  std::string text = fmt::format("tiendo: {}\n", error.message);
  if (error.code == "locked") {
    text += vi ? "  một tiến trình khác đang mở dữ liệu này và không trả lời lệnh\n"
               : "  another process has this store open and takes no commands\n";
  }
  if (code == exit_try_again) {
    text += vi ? "  có thể chạy lại lệnh này; không mất gì, không tính hai lần\n"
               : "  the same command can be given again; nothing is lost or counted twice\n";
  }
  std::fputs(text.c_str(), stderr);
  return code;
}

bool write_out(std::string_view text) {
  if (output_errno != 0) return false;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return true;
  output_errno = errno == 0 ? EIO : errno;
  return false;
}

ExitCode end_output(Language language, ExitCode code) {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && output_errno == 0) return code;
  const char* why = std::strerror(output_errno != 0 ? output_errno : errno);
  constexpr Words words{
      "tiendo: standard output cannot be written: {}; what it has is not whole\n"
      "  make room or name another place for it, and give the same command again\n",
      "tiendo: không ghi được ra đầu ra chuẩn: {}; phần đã ghi không đầy đủ\n"
      "  hãy dọn chỗ trống hoặc chọn nơi ghi khác, rồi chạy lại lệnh này\n"};
  fmt::print(stderr, fmt::runtime(words.in(language)), why);
  return exit_try_again;
}

}  // namespace tiendo
