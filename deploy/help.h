// What the help of the program and of each command says beside its options, in both languages.
#pragma once

#include <string>
#include <string_view>

#include "deploy/language.h"

namespace tiendo {

// Of the program as a whole: above its options, and below them.
[[nodiscard]] std::string about_program(Language language);
[[nodiscard]] std::string examples_of_program(Language language);

// `command` as it is given: "import", "stream accept-gap". In one line, for the list of commands.
[[nodiscard]] std::string_view purpose_of(std::string_view command, Language language);
// What it does and when it is used, examples, exit codes, and which common options apply.
[[nodiscard]] std::string lesson_of(std::string_view command, Language language);

}  // namespace tiendo
