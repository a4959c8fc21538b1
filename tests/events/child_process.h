// This test program run again as a child, to be killed or to fail in ways a test must survive. The
// child runs one disabled test, named CHILD.DISABLED_x, and talks through its output.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace tiendo {

class ChildProcess {
 public:
  // `argument` is what child_argument() gives in the child.
  ChildProcess(const std::string& test, const std::string& argument) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, ends[1], 3);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<std::string> arguments = {"/proc/self/exe", "--gtest_filter=" + test,
                                          "--gtest_also_run_disabled_tests"};
    std::vector<char*> raw;
    for (std::string& each : arguments) raw.push_back(each.data());
    raw.push_back(nullptr);
    ::setenv("TIENDO_TEST_CHILD", argument.c_str(), 1);
    const int failed = ::posix_spawn(&id_, "/proc/self/exe", &files, nullptr, raw.data(), environ);
    ::unsetenv("TIENDO_TEST_CHILD");
    ::posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    if (failed != 0) throw std::runtime_error("the child did not start");
    lines_ = ::fdopen(ends[0], "r");
  }
  ~ChildProcess() {
    if (id_ != 0) kill();
    std::fclose(lines_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line the child said, without its end; empty at the end of its output.
  std::string line() {
    char bytes[256];
    if (std::fgets(bytes, sizeof bytes, lines_) == nullptr) return "";
    std::string text = bytes;
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }
  void kill() {
    ::kill(id_, SIGKILL);
    wait();
  }
  // The exit code, or minus the signal that ended the child.
  int wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t id_ = 0;
  std::FILE* lines_ = nullptr;
};

// In the child: what it was started with.
inline std::string child_argument() {
  const char* argument = std::getenv("TIENDO_TEST_CHILD");
  return argument == nullptr ? "" : argument;
}

// In the child: says a line to the parent, at once.
inline void say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(3, text.data(), text.size()) < 0) ::_exit(2);
}

}  // namespace tiendo
