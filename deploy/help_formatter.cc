#include "deploy/help_formatter.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <vector>

namespace tiendo {
namespace {

class HelpFormatter final : public CLI::Formatter {
 public:
  explicit HelpFormatter(Language language) {
    column_width(34);
    if (language != Language::vi) return;
    for (const auto& [english, vietnamese] :
         std::initializer_list<std::array<const char*, 2>>{{"Usage", "Cách dùng"},
                                                           {"OPTIONS", "TÙY CHỌN"},
                                                           {"Options", "Tùy chọn"},
                                                           {"SUBCOMMAND", "LỆNH"},
                                                           {"SUBCOMMANDS", "LỆNH"},
                                                           {"Positionals", "Tham số"},
                                                           {"REQUIRED", "BẮT BUỘC"},
                                                           {"Env", "biến môi trường"},
                                                           {"TEXT", "CHỮ"},
                                                           {"TEXT:{en,vi}", "en|vi"},
                                                           {"INT", "SỐ"},
                                                           {"UINT", "SỐ"},
                                                           {"INT:INT in [1 - 64]", "SỐ 1..64"}}) {
      label(english, vietnamese);
    }
  }

  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    return Formatter::make_group(get_label(group), is_positional, options);
  }

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return in_columns(make_option_name(option, is_positional) + make_option_opts(option),
                      make_option_desc(option));
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return in_columns(command->get_name(), command->get_description());
  }

 private:
  [[nodiscard]] std::string in_columns(const std::string& left, const std::string& right) const {
    const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; };
    const auto width =
        2 + static_cast<std::size_t>(std::count_if(left.begin(), left.end(), begins_character));
    const bool fits = width < column_width_;
    return "  " + left + (fits ? "" : "\n") +
           std::string(fits ? column_width_ - width : column_width_, ' ') + right + "\n";
  }
};

}  // namespace

std::shared_ptr<CLI::Formatter> help_formatter(Language language) {
  return std::make_shared<HelpFormatter>(language);
}

}  // namespace tiendo
