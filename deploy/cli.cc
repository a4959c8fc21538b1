#include "deploy/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>

#include "deploy/app.h"
#include "deploy/commands.h"
#include "deploy/config_file.h"
#include "deploy/control.h"
#include "deploy/log_lines.h"
#include "deploy/version.h"

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

constexpr Words about{
    "tiendo: the book of record for reported figures. It keeps every event it is sent, turns them "
    "into\nindicator figures at once, and says of any figure where it came from.",
    "tiendo: sổ gốc của các con số báo cáo. Giữ mọi sự kiện được gửi đến, tính ngay thành chỉ "
    "tiêu,\nvà nói được con số nào từ đâu mà có."};

constexpr Words examples{
    R"(Try it:
  tiendo                                       all services in one process, data in ./tiendo-data
  tiendo import units.ndjson --as units        load a file; again gives only duplicates
  tiendo publish events.ndjson                 send a file over HTTP, as a platform would
  curl -s localhost:8080/v1/plans              what there is; figures: /v1/plans/ID/progress
  tiendo stream list                           what was read from where, and how it stands
With Kafka:
  tiendo run --brokers kafka1:9092,kafka2:9092
  tiendo publish events.ndjson --brokers kafka1:9092 --topic tiendo.events
In three processes:
  tiendo ingest & tiendo project & tiendo query
Settings can stand in a file (--config FILE, TOML), under their names without dashes:
  data = "/var/lib/tiendo"
  listen = "127.0.0.1:8080"
and those of the Kafka client in a section [kafka], which keeps passwords off the command line:
  [kafka]
  security.protocol = "sasl_ssl"
Exit codes: 0 done, 1 the answer is no (something was refused, or does not add up),
2 wrong use, 75 try again (nothing is lost).)",
    R"(Dùng thử:
  tiendo                                       mọi dịch vụ, dữ liệu ở ./tiendo-data
  tiendo import units.ndjson --as units        nạp một tệp; nạp lại chỉ thành trùng
  tiendo publish events.ndjson                 gửi một tệp qua HTTP như một hệ thống nguồn
  curl -s localhost:8080/v1/plans              các kế hoạch; số liệu: /v1/plans/ID/progress
  tiendo stream list                           đã đọc gì, từ đâu, đến đâu
Với Kafka:
  tiendo run --brokers kafka1:9092,kafka2:9092
  tiendo publish events.ndjson --brokers kafka1:9092 --topic tiendo.events
Ba tiến trình riêng:
  tiendo ingest & tiendo project & tiendo query
Có thể ghi thiết lập vào tệp (--config FILE, TOML), tên như trên, bỏ hai gạch:
  data = "/var/lib/tiendo"
  listen = "127.0.0.1:8080"
còn của trình khách Kafka thì ở mục [kafka], để mật khẩu không lộ trên dòng lệnh:
  [kafka]
  security.protocol = "sasl_ssl"
Mã kết thúc: 0 xong, 1 câu trả lời là không (có sự kiện bị từ chối, hoặc số không khớp),
2 dùng sai, 75 hãy thử lại (không mất gì).)"};

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
  explicit CommandLine(Language language) : app_(text(about), "tiendo"), language_(language) {
    config_.language = language;
    config_.data = "tiendo-data";
    app_.footer("\n" + text(examples));
    app_.set_version_flag("--version", "tiendo " + std::string(version));
    app_.require_subcommand(0, 1);
    app_.fallthrough();
    app_.allow_config_extras(false);
    app_.get_formatter()->column_width(34);
    add_common();
    add_services();
    add_senders();
    add_validate();
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

  CLI::App* add(const char* name, Command command, Words what) {
    CLI::App* added = app_.add_subcommand(name, text(what));
    added->callback([this, command] { config_.command = command; });
    return added;
  }

  void add_services() {
    add("run", Command::run,
        {"all services in one process (the default)",
         "mọi dịch vụ trong một tiến trình (mặc định)"});
    add("ingest", Command::ingest,
        {"only take events and write the log", "chỉ nhận sự kiện và ghi sổ"});
    add("project", Command::project,
        {"only keep the figures up with the log", "chỉ tính số liệu từ sổ"});
    add("query", Command::query, {"only answer questions", "chỉ trả lời câu hỏi"});
  }

  void add_senders() {
    CLI::App* publish = add("publish", Command::publish,
                            {"send NDJSON files, a line an event, over HTTP or to Kafka",
                             "gửi tệp NDJSON, mỗi dòng một sự kiện, qua HTTP hoặc Kafka"});
    publish
        ->add_option("FILE", config_.files,
                     text({"files; - is standard input", "các tệp; - là đầu vào chuẩn"}))
        ->required();
    publish->add_option("--to", config_.to,
                        text({"http://HOST:PORT (default http://127.0.0.1:8080)",
                              "http://HOST:PORT (mặc định http://127.0.0.1:8080)"}));
    publish->add_option(
        "--topic", config_.topic,
        text({"with --brokers: the topic to write to", "cùng --brokers: topic cần ghi"}));
    CLI::App* import = add("import", Command::import_files,
                           {"load history from NDJSON files into the stream import:NAME",
                            "nạp lịch sử từ tệp NDJSON vào luồng import:NAME"});
    import
        ->add_option("FILE", config_.files,
                     text({"files; - is standard input", "các tệp; - là đầu vào chuẩn"}))
        ->required();
    import
        ->add_option("--as", config_.as,
                     text({"the stream's name; the same file under the same "
                           "name again gives only duplicates",
                           "tên luồng; nạp lại cùng tệp, cùng tên chỉ thành "
                           "trùng"}))
        ->required();
  }

  void add_validate() {
    CLI::App* validate =
        add("validate", Command::validate,
            {"what would be said of the events of NDJSON files, or of a plan document",
             "xem trước kết quả của các sự kiện trong tệp NDJSON, hoặc của văn bản kế hoạch"});
    validate
        ->add_option("FILE", config_.files,
                     text({"files; - is standard input", "các tệp; - là đầu vào chuẩn"}))
        ->required();
    validate->add_flag("--json", config_.json,
                       text({"a JSON object for each event", "mỗi sự kiện một đối tượng JSON"}));
  }

  void add_author_and_reason(CLI::App* act) {
    act->add_option("--author", config_.author,
                    text({"who decides this; kept in the log", "ai quyết định; được ghi vào sổ"}))
        ->required();
    act->add_option("--reason", config_.reason,
                    text({"why; kept in the log", "vì sao; được ghi vào sổ"}))
        ->required();
  }

  CLI::App* add_stream_act(CLI::App* stream, const char* name, Command command, Words what) {
    CLI::App* act = stream->add_subcommand(name, text(what));
    act->callback([this, command] { config_.command = command; });
    act->add_option("STREAM", config_.stream,
                    text({"TOPIC:PARTITION:EPOCH", "TOPIC:PARTITION:EPOCH"}))
        ->required();
    add_author_and_reason(act);
    act->add_flag("--yes", config_.yes,
                  text({"do it; without, it is only said what would happen",
                        "làm thật; không có thì chỉ nói sẽ làm gì"}));
    return act;
  }

  void add_inspectors() {
    CLI::App* stream =
        app_.add_subcommand("stream", text({"what was read from where", "đã đọc gì, từ đâu"}));
    stream->require_subcommand(1);
    stream
        ->add_subcommand("list", text({"all streams: positions, verdicts, states",
                                       "mọi luồng: vị trí, kết quả, trạng thái"}))
        ->callback([this] { config_.command = Command::stream_list; });
    CLI::App* gap = add_stream_act(stream, "accept-gap", Command::stream_accept_gap,
                                   {"let a stopped stream go on behind what it cannot have",
                                    "cho luồng đã dừng đi tiếp sau đoạn không thể lấy được"});
    gap->add_option("--to", to_offset_,
                    text({"offset to go on with (default: the first that can be had)",
                          "offset để đi tiếp (mặc định: offset đầu tiên lấy được)"}));
    add_stream_act(stream, "new-epoch", Command::stream_new_epoch,
                   {"read a topic that was made anew as a stream of its own",
                    "đọc topic đã được tạo lại thành một luồng mới"});
    CLI::App* rejudge = add("rejudge", Command::rejudge,
                            {"judge a refused record again, by the rules of this version",
                             "xét lại một bản ghi đã bị từ chối, theo quy tắc của phiên bản này"});
    rejudge->add_option("STREAM", config_.stream, text({"its stream", "luồng của bản ghi"}))
        ->required();
    rejudge
        ->add_option("POSITION", config_.position, text({"its place there", "vị trí trong luồng"}))
        ->required();
    add_author_and_reason(rejudge);
    add("rebuild", Command::rebuild,
        {"fill the views anew from the log, compare with the old, and switch",
         "dựng lại số liệu từ sổ, so với bản cũ, rồi chuyển sang bản mới"});
    add("verify", Command::verify,
        {"count the whole log again and compare with what it says of itself",
         "đếm lại toàn bộ sổ và đối chiếu"});
    add("digest", Command::digest,
        {"one number for all figures: equal for equal events", "mã băm của mọi số liệu"});
    CLI::App* records = add("export", Command::export_records,
                            {"the records of the log as NDJSON, as they came, with their verdicts",
                             "các bản ghi trong sổ, dạng NDJSON, kèm kết quả"});
    records->add_option("--stream", config_.stream, text({"only this one", "chỉ luồng này"}));
    records->add_option("--from", config_.from,
                        text({"first position (default 0)", "vị trí đầu (mặc định 0)"}));
    records->add_option("--before", before_,
                        text({"the position after the last", "vị trí ngay sau cuối"}));
  }

  // What no single option can know; fills in what is left.
  std::string wrong_together() {
    for (const std::string& property : kafka_properties_) {
      const std::size_t equals = property.find('=');
      if (equals == std::string::npos || equals == 0) {
        return "--kafka-property: " + property + " is not KEY=VALUE";
      }
      config_.kafka.properties[property.substr(0, equals)] = property.substr(equals + 1);
    }
    if (before_ >= 0) config_.before = static_cast<uint64_t>(before_);
    if (to_offset_ >= 0) config_.to_offset = to_offset_;
    if (config_.command == Command::import_files && !is_import_name(config_.as)) {
      return "--as: letters, digits, '.', '_' and '-', at most 100 of them";
    }
    if (config_.command != Command::publish) return "";
    if (!config_.kafka.brokers.empty() && config_.topic.empty()) {
      return "publish to Kafka needs --topic beside --brokers";
    }
    if (config_.kafka.brokers.empty() && !config_.topic.empty()) return "--topic needs --brokers";
    if (!config_.to.empty() && !config_.topic.empty()) return "give --to or --topic, not both";
    return "";
  }

  CLI::App app_;
  Language language_;
  Config config_;
  std::string lang_;
  std::vector<std::string> kafka_properties_;
  int64_t before_ = -1;
  int64_t to_offset_ = -1;
};

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
    case Command::rejudge:
      return rejudge(config);
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
  const auto parsed = parse_command_line({argv + 1, argv + argc});
  if (const auto* said = std::get_if<SaidInstead>(&parsed)) {
    std::fputs(said->text.c_str(), said->exit_code == 0 ? stdout : stderr);
    return said->exit_code;
  }
  start_log_lines();
  return run_command(std::get<Config>(parsed));
}

}  // namespace tiendo
