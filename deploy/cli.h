// The command line: what it says becomes a Config, and the command is run.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "deploy/config.h"

namespace tiendo {

// What to print instead of running a command: help, the version, or what is wrong.
struct SaidInstead {
  int exit_code = 0;
  std::string text;
};

// `arguments` without the program's name. Reads the environment (TIENDO_DATA, LANG) and, where
// --config says so, a TOML file.
[[nodiscard]] std::variant<Config, SaidInstead> parse_command_line(
    const std::vector<std::string>& arguments);

[[nodiscard]] int run_command_line(int argc, const char* const* argv);

}  // namespace tiendo
