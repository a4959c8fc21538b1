#include "deploy/cli.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <sstream>

#include "deploy/app.h"
#include "deploy/commands.h"
#include "deploy/config_file.h"
#include "deploy/control.h"
#include "deploy/help.h"
#include "deploy/help_formatter.h"
#include "deploy/log_lines.h"
#include "deploy/said.h"
#include "deploy/version.h"
#include "events/ensure.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

// Which language the help is in must be known before the command line is read.
Language language_in(const std::vector<std::string>& arguments) {
  std::string wanted;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--lang" && i + 1 < arguments.size()) wanted = arguments[i + 1];
    if (arguments[i].starts_with("--lang=")) wanted = arguments[i].substr(7);
  }
  return language_of(wanted);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool takes_author(Command command) {
  return command == Command::rejudge || command == Command::stream_accept_gap ||
         command == Command::stream_new_epoch || command == Command::publications_close ||
         command == Command::publications_amend;
}

// What CLI11 reads, without the section that it could not.
class ConfigFile final : public CLI::ConfigBase {
 public:
  explicit ConfigFile(std::map<std::string, std::string>& kafka) : kafka_(kafka) {}
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    const std::string file(std::istreambuf_iterator<char>(input), {});
    const auto rest = take_kafka_section(file, kafka_);
    if (!rest.ok()) throw CLI::ConfigError(rest.error().message);
    std::istringstream lines(*rest);
    return ConfigBase::from_config(lines);
  }

 private:
  std::map<std::string, std::string>& kafka_;
};

class CommandLine {
 public:
  explicit CommandLine(Language language)
      : language_(language), app_(about_program(language), "tiendo") {
    config_.language = language;
    config_.data = "tiendo-data";
    app_.formatter(help_formatter(language));
    app_.group(text({"Commands", "Các lệnh"}));
    app_.footer("\n" + examples_of_program(language));
    app_.set_help_flag("-h,--help", text({"show this help", "xem hướng dẫn này"}));
    app_.set_version_flag("--version", "tiendo " + std::string(version),
                          text({"show the version", "xem phiên bản"}));
    app_.require_subcommand(0, 1);
    app_.fallthrough();
    app_.allow_config_extras(false);
    add_common();
    add_services();
    add_senders();
    add_validate();
    add_plan();
    add_publications();
    add_inspectors();
  }

  std::variant<Config, SaidInstead> parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::Error& error) {
      std::ostringstream out;
      std::ostringstream wrong;
      const int code = app_.exit(error, out, wrong);
      return SaidInstead{code == 0 ? exit_done : exit_wrong_use, out.str() + wrong.str()};
    }
    if (!lang_.empty()) config_.language = language_of(lang_);
    if (const std::string wrong = wrong_together(); !wrong.empty()) {
      return SaidInstead{exit_wrong_use, wrong + "\n"};
    }
    return config_;
  }

 private:
  [[nodiscard]] std::string text(Words words) const { return std::string(words.in(language_)); }

  void add_common() {
    app_.add_option("--data", config_.data,
                    text({"folder of the store (default ./tiendo-data, or $TIENDO_DATA)",
                          "thư mục dữ liệu (mặc định ./tiendo-data, hoặc $TIENDO_DATA)"}))
        ->envname("TIENDO_DATA");
    app_.set_config("--config", "",
                    text({"read settings from a TOML file", "đọc thiết lập từ tệp TOML"}));
    app_.config_formatter(std::make_shared<ConfigFile>(config_.kafka.properties));
    app_.add_option("--listen", config_.listen,
                    text({"ADDRESS:PORT to answer at (default 127.0.0.1:8080; ingest 8081, "
                          "project 8082)",
                          "ĐỊA_CHỈ:CỔNG để trả lời (mặc định 127.0.0.1:8080; ingest 8081, "
                          "project 8082)"}));
    app_.add_option("--threads", config_.threads,
                    text({"threads that answer requests (default 2)",
                          "số luồng trả lời yêu cầu (mặc định 2)"}))
        ->check(CLI::Range(1, 64));
    app_.add_option("--reconcile-percent", config_.reconcile_percent,
                    text({"share of one core for checking the figures against the log, in the "
                          "background (default 5; 0: off)",
                          "phần trăm một nhân CPU để đối chiếu số liệu với sổ, chạy nền (mặc định "
                          "5; 0: tắt)"}))
        ->check(CLI::Range(0, 100));
    app_.add_option("--lang", lang_,
                    text({"en or vi (default: from LANG)", "en hoặc vi (mặc định theo LANG)"}))
        ->check(CLI::IsMember({"en", "vi"}));
    app_.add_option("--brokers", config_.kafka.brokers,
                    text({"HOST:PORT,… of Apache Kafka; without it there is only the embedded "
                          "intake",
                          "HOST:PORT,… của Apache Kafka; không có thì chỉ nhận trực tiếp"}));
    app_.add_option("--topics", config_.kafka.topics,
                    text({"topics to read (default tiendo.events,tiendo.reference)",
                          "các topic cần đọc (mặc định tiendo.events,tiendo.reference)"}))
        ->delimiter(',');
    app_.add_option("--create-time-topics", config_.kafka.create_time_topics,
                    text({"topics among them that bear their producers' time",
                          "các topic mang giờ của bên gửi"}))
        ->delimiter(',');
    app_.add_option("--events-topic", config_.kafka.events_topic,
                    text({"where events sent over HTTP go (default tiendo.events)",
                          "topic cho sự kiện gửi qua HTTP (mặc định tiendo.events)"}));
    app_.add_option(
        "--reference-topic", config_.kafka.reference_topic,
        text({"the same for units, plans and grants (default tiendo.reference)",
              "cũng vậy, cho đơn vị, kế hoạch, phân quyền (mặc định tiendo.reference)"}));
    app_.add_option("--kafka-property", kafka_properties_,
                    text({"KEY=VALUE for the Kafka client (security.protocol=sasl_ssl …); "
                          "repeatable",
                          "KEY=VALUE cho trình khách Kafka (security.protocol=sasl_ssl …)"}));
  }

  // `path` as it is given, "stream list"; what is below `parent` is its last word.
  CLI::App* add_below(CLI::App& parent, std::string_view path) {
    const std::string name(path.substr(path.rfind(' ') + 1));
    CLI::App* added = parent.add_subcommand(name, std::string(purpose_of(path, language_)));
    added->footer("\n" + lesson_of(path, language_));
    return added;
  }

  CLI::App* add(std::string_view path, Command command, CLI::App* parent = nullptr) {
    CLI::App* added = add_below(parent == nullptr ? app_ : *parent, path);
    added->callback([this, command] { config_.command = command; });
    return added;
  }

  void add_files(CLI::App* command) {
    command
        ->add_option("FILE", config_.files,
                     text({"files; - is standard input", "các tệp; - là đầu vào chuẩn"}))
        ->required();
  }

  // Whole numbers of at most 63 bits: the library takes a minus sign and goes round at the end.
  template <class Number>
  CLI::Option* add_number(CLI::App* command, const char* name, Number& number, Words what) {
    const std::string wrong =
        text({" is no whole number from 0 to ", " không phải số nguyên từ 0 đến "}) +
        std::to_string(std::numeric_limits<int64_t>::max());
    return command->add_option(name, number, text(what))
        ->type_name(text({"NUMBER", "SỐ"}))
        ->check(
            [wrong](const std::string& said) {
              const auto value = whole_number<int64_t>(said);
              return value && *value >= 0 && said.front() != '-' ? std::string() : said + wrong;
            },
            "");
  }

  void add_services() {
    add("run", Command::run);
    add("ingest", Command::ingest);
    add("project", Command::project);
    add("query", Command::query);
  }

  void add_senders() {
    CLI::App* publish = add("publish", Command::publish);
    add_files(publish);
    publish->add_option("--to", config_.to,
                        text({"http://HOST:PORT (default http://127.0.0.1:8080)",
                              "http://HOST:PORT (mặc định http://127.0.0.1:8080)"}));
    publish->add_option(
        "--topic", config_.topic,
        text({"with --brokers: the topic to write to", "cùng --brokers: topic cần ghi"}));
    add_source_of_plans(publish);
    CLI::App* import = add("import", Command::import_files);
    add_files(import);
    import
        ->add_option("--as", config_.as,
                     text({"the stream's name; the same file under the same "
                           "name again gives only duplicates",
                           "tên luồng; nạp lại cùng tệp, cùng tên chỉ thành "
                           "trùng"}))
        ->required();
    add_source_of_plans(import);
  }

  void add_source_of_plans(CLI::App* command) {
    command->add_option("--source", config_.source,
                        text({"who publishes the FILEs that are plan documents (default "
                              "urn:tiendo:cli)",
                              "nguồn công bố các tệp là văn bản kế hoạch (mặc định "
                              "urn:tiendo:cli)"}));
  }

  void add_validate() {
    CLI::App* validate = add("validate", Command::validate);
    add_files(validate);
    validate->add_flag("--json", config_.json,
                       text({"a JSON object for each event", "mỗi sự kiện một đối tượng JSON"}));
  }

  void add_plan() {
    CLI::App* plan = add_below(app_, "plan");
    plan->require_subcommand(1);
    CLI::App* explain = add("plan explain", Command::plan_explain, plan);
    CLI::Option* file = explain->add_option(
        "FILE", config_.files,
        text({"a plan document; - is standard input", "văn bản kế hoạch; - là đầu vào chuẩn"}));
    file->expected(1);
    explain
        ->add_option("--id", config_.plan,
                     text({"a plan of the running node instead",
                           "hoặc mã một kế hoạch của nút "
                           "đang chạy"}))
        ->excludes(file);
    explain
        ->add_option("--language", explained_in_,
                     text({"of the text: vi (default) or en", "ngôn ngữ: vi (mặc định) hoặc en"}))
        ->check(CLI::IsMember({"en", "vi"}));
  }

  void add_author_and_reason(CLI::App* act) {
    act->add_option("--author", config_.author,
                    text({"who decides this; kept in the log", "ai quyết định; được ghi vào sổ"}))
        ->required();
    act->add_option("--reason", config_.reason,
                    text({"why; kept in the log", "vì sao; được ghi vào sổ"}))
        ->required();
  }

  CLI::App* add_stream_act(CLI::App* stream, std::string_view path, Command command) {
    CLI::App* act = add(path, command, stream);
    act->add_option("STREAM", config_.stream,
                    text({"TOPIC:PARTITION:EPOCH", "TOPIC:PARTITION:EPOCH"}))
        ->required();
    add_author_and_reason(act);
    act->add_flag("--yes", config_.yes,
                  text({"do it; without, it is only said what would happen",
                        "làm thật; không có thì chỉ nói sẽ làm gì"}));
    return act;
  }

  CLI::App* add_publication(CLI::App* all, std::string_view path, Command command) {
    CLI::App* one = add(path, command, all);
    one->add_option("ID", config_.publication,
                    text({"of the publication, such as nam-2024", "mã kỳ công bố, như nam-2024"}))
        ->required();
    return one;
  }

  // A publication's acts; what it is of is said when it is closed.
  void add_act(CLI::App* act) {
    add_author_and_reason(act);
    act->add_option("--decision", config_.decision,
                    text({"number of the decision", "số quyết định"}));
    act->add_option("--moment", config_.moment,
                    text({"what was known then (default: now), such as 2025-01-15T17:00:00+07:00",
                          "theo những gì đã biết lúc đó (mặc định: bây giờ), như "
                          "2025-01-15T17:00:00+07:00"}));
    act->add_option("--without", config_.without,
                    text({"STREAM,… that are not waited for", "LUỒNG,… không chờ nữa"}))
        ->delimiter(',');
  }

  void add_publications() {
    CLI::App* all = add_below(app_, "publications");
    all->require_subcommand(1);
    add("publications list", Command::publications_list, all);
    CLI::App* show = add_publication(all, "publications show", Command::publications_show);
    add_number(
        show, "--edition", edition_,
        {"print the bytes of this edition, and nothing else", "chỉ in đúng từng byte của bản này"});
    CLI::App* close = add_publication(all, "publications close", Command::publications_close);
    close->add_option("--plan", config_.plan, text({"its plan", "kế hoạch"}));
    close->add_option("--period", config_.period, text({"2024, 2024-H1 …", "2024, 2024-H1 …"}));
    close->add_option("--unit", config_.unit,
                      text({"it and all below it", "đơn vị này và mọi đơn vị bên dưới"}));
    close->add_option("--tree", config_.tree,
                      text({"as_reported (default), current, or a day",
                            "as_reported (mặc định), current, hoặc một ngày"}));
    add_act(close);
    add_act(add_publication(all, "publications amend", Command::publications_amend));
  }

  void add_inspectors() {
    CLI::App* stream = add_below(app_, "stream");
    stream->require_subcommand(1);
    add("stream list", Command::stream_list, stream);
    CLI::App* gap = add_stream_act(stream, "stream accept-gap", Command::stream_accept_gap);
    add_number(gap, "--to", to_offset_,
               {"offset to go on with (default: the first that can be had)",
                "offset để đi tiếp (mặc định: offset đầu tiên lấy được)"});
    add_stream_act(stream, "stream new-epoch", Command::stream_new_epoch);
    CLI::App* rejudge = add("rejudge", Command::rejudge);
    rejudge->add_option("STREAM", config_.stream, text({"its stream", "luồng của bản ghi"}))
        ->required();
    add_number(rejudge, "POSITION", config_.position, {"its place there", "vị trí trong luồng"})
        ->required();
    add_author_and_reason(rejudge);
    add("rebuild", Command::rebuild);
    add("verify", Command::verify)
        ->add_flag("--views", config_.views,
                   text({"derive all figures again from the log too, and compare",
                         "dựng lại cả số liệu từ sổ và đối chiếu"}));
    add("digest", Command::digest);
    CLI::App* records = add("export", Command::export_records);
    records->add_option("--stream", config_.stream, text({"only this one", "chỉ luồng này"}));
    add_number(records, "--from", config_.from,
               {"first position (default 0)", "vị trí đầu (mặc định 0)"});
    add_number(records, "--before", before_,
               {"the position after the last", "vị trí ngay sau cuối"});
  }

  // What no single option can know; fills in what is left.
  std::string wrong_together() {
    for (const std::string& property : kafka_properties_) {
      const std::size_t equals = property.find('=');
      if (equals == std::string::npos || equals == 0) {
        return "--kafka-property: " + property +
               text({" is not KEY=VALUE", " không có dạng KEY=VALUE"});
      }
      config_.kafka.properties[property.substr(0, equals)] = property.substr(equals + 1);
    }
    if (before_ >= 0) config_.before = static_cast<uint64_t>(before_);
    if (to_offset_ >= 0) config_.to_offset = to_offset_;
    if (edition_ >= 0) config_.edition = edition_;
    if (config_.command == Command::import_files && !is_import_name(config_.as)) {
      return text({"--as: letters, digits, '.', '_' and '-', at most 100 of them",
                   "--as: chữ không dấu, chữ số, '.', '_' và '-', nhiều nhất 100 ký tự"});
    }
    const bool says_what =
        !config_.plan.empty() && !config_.period.empty() && !config_.unit.empty();
    if (config_.command == Command::publications_close && !says_what && config_.without.empty()) {
      return text({"publications close needs --plan, --period and --unit",
                   "publications close cần --plan, --period và --unit"});
    }
    if (takes_author(config_.command)) {
      if (is_blank(config_.author)) {
        return text({"--author says nothing: give the name of who decides this",
                     "--author bỏ trống: hãy ghi tên người quyết định"});
      }
      if (is_blank(config_.reason)) {
        return text({"--reason says nothing: say why, in a few words",
                     "--reason bỏ trống: hãy ghi vì sao, vài chữ là đủ"});
      }
    }
    config_.in_english = (explained_in_.empty() ? lang_ : explained_in_) == "en";
    if (config_.command == Command::plan_explain && config_.files.empty() && config_.plan.empty()) {
      return text({"plan explain needs the FILE of a plan document, or --id PLAN",
                   "plan explain cần FILE (văn bản kế hoạch) hoặc --id KẾ_HOẠCH"});
    }
    if (config_.command != Command::publish) return "";
    if (!config_.kafka.brokers.empty() && config_.topic.empty()) {
      return text({"publish to Kafka needs --topic beside --brokers",
                   "gửi vào Kafka cần --topic cùng với --brokers"});
    }
    if (config_.kafka.brokers.empty() && !config_.topic.empty()) {
      return text({"--topic needs --brokers", "--topic cần có --brokers"});
    }
    if (!config_.to.empty() && !config_.topic.empty()) {
      return text({"give --to or --topic, not both", "chỉ dùng --to hoặc --topic"});
    }
    return "";
  }

  Language language_;
  CLI::App app_;
  Config config_;
  std::string lang_;
  std::string explained_in_;
  std::vector<std::string> kafka_properties_;
  int64_t before_ = -1;
  int64_t to_offset_ = -1;
  int64_t edition_ = -1;
};

// Else a file of the store would take the place of one that is closed, and what is printed would go
// into the store. What is then written to standard output fails, and is said.
void keep_standard_files_open() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(file, F_GETFD) != -1 || errno != EBADF) continue;
    const int opened = ::open("/dev/null", file == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    ENSURE(opened == file, "the lowest number that is free was given");
  }
}

ExitCode run_command(const Config& config) {
  switch (config.command) {
    case Command::run:
    case Command::ingest:
    case Command::project:
    case Command::query:
      return serve(config);
    case Command::publish:
      return publish(config);
    case Command::import_files:
      return import_files(config);
    case Command::validate:
      return validate(config);
    case Command::plan_explain:
      return plan_explain(config);
    case Command::rejudge:
      return rejudge(config);
    case Command::publications_list:
      return publications_list(config);
    case Command::publications_show:
      return publications_show(config);
    case Command::publications_close:
      return publications_close(config);
    case Command::publications_amend:
      return publications_amend(config);
    case Command::rebuild:
      return rebuild(config);
    case Command::stream_list:
      return stream_list(config);
    case Command::stream_accept_gap:
      return stream_accept_gap(config);
    case Command::stream_new_epoch:
      return stream_new_epoch(config);
    case Command::verify:
      return verify(config);
    case Command::digest:
      return digest(config);
    case Command::export_records:
      return export_records(config);
  }
  return exit_wrong_use;
}

}  // namespace

std::variant<Config, SaidInstead> parse_command_line(const std::vector<std::string>& arguments) {
  return CommandLine(language_in(arguments)).parse(arguments);
}

int run_command_line(int argc, const char* const* argv) {
  keep_standard_files_open();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto parsed = parse_command_line(arguments);
  if (const auto* said = std::get_if<SaidInstead>(&parsed)) {
    if (said->exit_code != 0) {
      std::fputs(said->text.c_str(), stderr);
      return said->exit_code;
    }
    write_out(said->text);
    return end_output(language_in(arguments), exit_done);
  }
  const auto& config = std::get<Config>(parsed);
  start_log_lines();
  return end_output(config.language, run_command(config));
}

}  // namespace tiendo
