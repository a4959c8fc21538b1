// The look of the help: the library's own words in the language asked for, and columns that are
// counted in characters, not in bytes.
#pragma once

#include <memory>

#include "deploy/language.h"

namespace CLI {
class Formatter;
}

namespace tiendo {

[[nodiscard]] std::shared_ptr<CLI::Formatter> help_formatter(Language language);

}  // namespace tiendo
