// What the program's end says to scripts and supervisors.
#pragma once

#include "events/result.h"

namespace tiendo {

enum ExitCode : int {
  exit_done = 0,
  exit_no = 1,  // the answer is no: verify found something, an event was refused
  exit_wrong_use = 2,
  exit_try_again = 75  // nothing is lost; the same command can be given again
};

[[nodiscard]] inline ExitCode exit_code_of(const Error& error) {
  if (error.code == "wrong_use" || error.code == "not_found" || error.code == "takes_no_events") {
    return exit_wrong_use;
  }
  if (error.code == "corrupt" || error.code == "format" || error.code == "refused" ||
      error.code == "too_large" || error.code == "topic_unknown" ||
      error.code == "not_authorized") {
    return exit_no;
  }
  return exit_try_again;
}

}  // namespace tiendo
