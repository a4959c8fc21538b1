#include "deploy/app.h"

#include <sys/resource.h>

#include <csignal>
#include <string>

#include "deploy/log_lines.h"
#include "deploy/node.h"
#include "deploy/version.h"

namespace tiendo {
namespace {

constexpr std::chrono::milliseconds end_time_max{4'800};
constexpr rlim_t open_files_wanted = 65'536;

// The stores keep every file of theirs open.
void raise_open_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < open_files_wanted) {
    log_line(Importance::warning, "at most " + std::to_string(files.rlim_cur) +
                                      " files can be open; a large store needs " +
                                      std::to_string(open_files_wanted) + " (ulimit -n)");
  }
}

ExitCode give_up(const Error& error) {
  log_line(Importance::error, error.message);
  flush_log_lines();
  return exit_code_of(error);
}

}  // namespace

ExitCode serve(const Config& config) {
  block_ending_signals();
  std::signal(SIGPIPE, SIG_IGN);
  raise_open_files();
  // Outlives the node: the thread that watches for signals is never joined.
  static Ending ending;
  watch_ending_signals(ending, end_time_max);
  auto node = Node::open(config);
  if (!node.ok()) return give_up(node.error());
  const Status started = (*node)->start();
  if (!started.ok()) return give_up(started.error());
  log_line(Importance::info, "tiendo " + std::string(version) + " answers at port " +
                                 std::to_string((*node)->port()) + "; data in " +
                                 config.data.string());
  ending.wait();
  (*node)->stop();
  ending.only_leave_taking();
  node->reset();
  log_line(Importance::info, "ended");
  flush_log_lines();
  return exit_done;
}

}  // namespace tiendo
