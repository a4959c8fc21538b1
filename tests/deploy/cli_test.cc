#include "deploy/cli.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "deploy/exit_code.h"
#include "events/store_folder.h"

namespace tiendo {
namespace {

class CommandLineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"TIENDO_DATA", "LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
  }
  static Config parsed(const std::vector<std::string>& arguments) {
    auto said = parse_command_line(arguments);
    if (const auto* instead = std::get_if<SaidInstead>(&said)) ADD_FAILURE() << instead->text;
    return std::holds_alternative<Config>(said) ? std::get<Config>(said) : Config();
  }
  static SaidInstead refused(const std::vector<std::string>& arguments) {
    const auto said = parse_command_line(arguments);
    if (std::holds_alternative<Config>(said)) {
      ADD_FAILURE() << "was taken";
      return {};
    }
    return std::get<SaidInstead>(said);
  }
  std::string config_file(const std::string& content) {
    const std::string path = (folder_.path() / "tiendo.toml").string();
    std::ofstream(path) << content;
    return path;
  }

  TemporaryFolder folder_ = TemporaryFolder::make("cli-").value();
};

TEST_F(CommandLineTest, RunsAllServicesWithoutAWord) {
  const Config config = parsed({});
  EXPECT_EQ(config.command, Command::run);
  EXPECT_EQ(config.data, "tiendo-data");
  EXPECT_EQ(config.listen, "");
  EXPECT_EQ(config.kafka.brokers, "");
  EXPECT_EQ(config.kafka.topics, (std::vector<std::string>{"tiendo.events", "tiendo.reference"}));
}

TEST_F(CommandLineTest, TakesCommonOptionsBeforeAndAfterTheCommand) {
  EXPECT_EQ(parsed({"--data", "/d", "verify"}).data, "/d");
  const Config config = parsed({"query", "--data=/d", "--listen", "[::1]:80"});
  EXPECT_EQ(config.command, Command::query);
  EXPECT_EQ(config.data, "/d");
  EXPECT_EQ(config.listen, "[::1]:80");
}

TEST_F(CommandLineTest, ActsOnAStreamNeedAnAuthorAndAReason) {
  const Config gap = parsed({"stream", "accept-gap", "t:0:0", "--author", "op", "--reason", "why",
                             "--to", "12", "--yes"});
  EXPECT_EQ(gap.command, Command::stream_accept_gap);
  EXPECT_EQ(gap.stream, "t:0:0");
  EXPECT_EQ(gap.author, "op");
  EXPECT_EQ(gap.reason, "why");
  EXPECT_EQ(gap.to_offset, 12);
  EXPECT_TRUE(gap.yes);
  const Config epoch =
      parsed({"stream", "new-epoch", "t:0:0", "--author", "op", "--reason", "why"});
  EXPECT_EQ(epoch.command, Command::stream_new_epoch);
  EXPECT_FALSE(epoch.yes) << "it is only said what would happen";
  EXPECT_FALSE(epoch.to_offset);
  const auto nobody = refused({"stream", "new-epoch", "t:0:0", "--reason", "why"});
  EXPECT_EQ(nobody.exit_code, exit_wrong_use);
  EXPECT_NE(nobody.text.find("--author"), std::string::npos) << nobody.text;
  EXPECT_EQ(refused({"stream", "accept-gap", "t:0:0", "--author", "op"}).exit_code, exit_wrong_use);
}

TEST_F(CommandLineTest, ReconcilingHasAShareOfACoreThatCanBeNothing) {
  EXPECT_EQ(parsed({"run"}).reconcile_percent, 5);
  EXPECT_EQ(parsed({"project", "--reconcile-percent", "0"}).reconcile_percent, 0);
  EXPECT_EQ(refused({"run", "--reconcile-percent", "101"}).exit_code, exit_wrong_use);
  EXPECT_FALSE(parsed({"verify"}).views);
  EXPECT_TRUE(parsed({"verify", "--views"}).views);
}

TEST_F(CommandLineTest, ExplainsAPlanOfAFileOrOfTheNode) {
  const Config file = parsed({"plan", "explain", "p.json"});
  EXPECT_EQ(file.command, Command::plan_explain);
  EXPECT_EQ(file.files, std::vector<std::string>{"p.json"});
  EXPECT_FALSE(file.in_english) << "plans are explained in Vietnamese";
  const Config node = parsed({"plan", "explain", "--id", "p", "--language", "en"});
  EXPECT_EQ(node.plan, "p");
  EXPECT_TRUE(node.in_english);
  EXPECT_TRUE(parsed({"--lang", "en", "plan", "explain", "p.json"}).in_english);
  EXPECT_EQ(refused({"plan", "explain"}).exit_code, exit_wrong_use);
  EXPECT_EQ(refused({"plan", "explain", "p.json", "--id", "p"}).exit_code, exit_wrong_use);
  EXPECT_EQ(refused({"plan"}).exit_code, exit_wrong_use);
}

TEST_F(CommandLineTest, ReadsTheDataFolderFromTheEnvironment) {
  ::setenv("TIENDO_DATA", "/from/environment", 1);
  EXPECT_EQ(parsed({"verify"}).data, "/from/environment");
  EXPECT_EQ(parsed({"verify", "--data", "/said"}).data, "/said");
}

TEST_F(CommandLineTest, SplitsTopicsAtCommas) {
  const Config config =
      parsed({"run", "--brokers", "a:1,b:2", "--topics", "x,y", "--create-time-topics", "y",
              "--kafka-property", "sasl.password=a=b"});
  EXPECT_EQ(config.kafka.brokers, "a:1,b:2");
  EXPECT_EQ(config.kafka.topics, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(config.kafka.create_time_topics, std::vector<std::string>{"y"});
  EXPECT_EQ(config.kafka.properties.at("sasl.password"), "a=b");
}

TEST_F(CommandLineTest, ReadsAConfigurationFile) {
  const std::string file =
      config_file("data = \"/from/file\"\nlisten = \"127.0.0.1:9\"\ntopics = [\"x\", \"y\"]\n");
  const Config config = parsed({"run", "--config", file, "--listen", "127.0.0.1:10"});
  EXPECT_EQ(config.data, "/from/file");
  EXPECT_EQ(config.listen, "127.0.0.1:10");
  EXPECT_EQ(config.kafka.topics, (std::vector<std::string>{"x", "y"}));
}

TEST_F(CommandLineTest, SettingsOfTheKafkaClientStandInASectionOfTheFile) {
  const std::string file =
      config_file("brokers = \"b:1\"\n[kafka]\nsasl.username = \"u\"\nsasl.password = \"a, #b\"\n");
  const Config config = parsed({"run", "--config", file, "--kafka-property", "sasl.username=other",
                                "--events-topic", "e", "--reference-topic", "r"});
  EXPECT_EQ(config.kafka.brokers, "b:1");
  EXPECT_EQ(config.kafka.properties.at("sasl.password"), "a, #b");
  EXPECT_EQ(config.kafka.properties.at("sasl.username"), "other") << "the command line goes before";
  EXPECT_EQ(config.kafka.events_topic, "e");
  EXPECT_EQ(config.kafka.reference_topic, "r");
  const SaidInstead wrong = refused({"run", "--config", config_file("[kafka]\nk = a b\n")});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.text.find("line 2"), std::string::npos) << wrong.text;
}

TEST_F(CommandLineTest, RefusesAWordInTheFileThatItDoesNotKnow) {
  EXPECT_EQ(refused({"run", "--config", config_file("lisen = \"x\"\n")}).exit_code, 2);
}

TEST_F(CommandLineTest, WrongUseIsExitCode2) {
  EXPECT_EQ(refused({"frobnicate"}).exit_code, 2);
  EXPECT_EQ(refused({"import", "a.ndjson"}).exit_code, 2);
  EXPECT_EQ(refused({"import", "a.ndjson", "--as", "a/b"}).exit_code, 2);
  EXPECT_EQ(refused({"import", "a.ndjson", "--as", ""}).exit_code, 2);
  EXPECT_EQ(refused({"publish"}).exit_code, 2);
  EXPECT_EQ(refused({"publish", "a", "--brokers", "b:1"}).exit_code, 2);
  EXPECT_EQ(refused({"publish", "a", "--topic", "t"}).exit_code, 2);
  EXPECT_EQ(refused({"run", "--threads", "0"}).exit_code, 2);
  EXPECT_EQ(refused({"run", "--kafka-property", "x"}).exit_code, 2);
  EXPECT_EQ(refused({"stream"}).exit_code, 2);
}

TEST_F(CommandLineTest, HelpTeachesInBothLanguages) {
  const SaidInstead english = refused({"--help"});
  EXPECT_EQ(english.exit_code, 0);
  EXPECT_NE(english.text.find("Try it:"), std::string::npos);
  const SaidInstead vietnamese = refused({"--help", "--lang", "vi"});
  EXPECT_NE(vietnamese.text.find("Dùng thử:"), std::string::npos);
  ::setenv("LANG", "vi_VN.UTF-8", 1);
  EXPECT_NE(refused({"--help"}).text.find("Dùng thử:"), std::string::npos);
  EXPECT_EQ(parsed({"verify"}).language, Language::vi);
}

TEST_F(CommandLineTest, HelpIsInOneLanguageFromItsFirstLineOn) {
  const SaidInstead vietnamese = refused({"--lang", "vi", "--help"});
  EXPECT_TRUE(vietnamese.text.starts_with("tiendo: sổ gốc")) << vietnamese.text;
  for (const char* english : {"the book of record", "Usage", "Options", "Subcommands", "Commands",
                              "Print this help", "Display program", "Env:", "TEXT"}) {
    EXPECT_EQ(vietnamese.text.find(english), std::string::npos) << english;
  }
  const SaidInstead import = refused({"import", "--help", "--lang", "vi"});
  for (const char* english : {"Usage", "Positionals", "Options", "REQUIRED", "Exit codes"}) {
    EXPECT_EQ(import.text.find(english), std::string::npos) << english;
  }
  EXPECT_TRUE(refused({"--lang", "en", "--help"}).text.starts_with("tiendo: the book of record"));
}

const std::vector<std::vector<std::string>> commands = {{"run"},
                                                        {"ingest"},
                                                        {"project"},
                                                        {"query"},
                                                        {"publish"},
                                                        {"import"},
                                                        {"validate"},
                                                        {"stream", "list"},
                                                        {"stream", "accept-gap"},
                                                        {"stream", "new-epoch"},
                                                        {"rejudge"},
                                                        {"publications", "list"},
                                                        {"publications", "show"},
                                                        {"publications", "close"},
                                                        {"publications", "amend"},
                                                        {"rebuild"},
                                                        {"verify"},
                                                        {"digest"},
                                                        {"export"}};

TEST_F(CommandLineTest, EachCommandHasHelpOfItsOwn) {
  for (std::vector<std::string> words : commands) {
    std::string example = "\n  tiendo";
    for (const std::string& word : words) example += " " + word;
    if (words[0] == "ingest") example = "\n  tiendo ingest & tiendo project";
    words.insert(words.end(), {"--help", "--lang", "en"});
    const std::string english = refused(words).text;
    words.back() = "vi";
    const std::string vietnamese = refused(words).text;
    EXPECT_NE(english.find(example), std::string::npos) << english;
    EXPECT_NE(vietnamese.find(example), std::string::npos) << vietnamese;
    EXPECT_NE(english.find("Exit codes: 0 "), std::string::npos) << english;
    EXPECT_NE(vietnamese.find("Mã kết thúc: 0 "), std::string::npos) << vietnamese;
    EXPECT_NE(english.find("Common option"), std::string::npos) << english;
    EXPECT_NE(vietnamese.find("Tùy chọn chung"), std::string::npos) << vietnamese;
    EXPECT_EQ(english.find("Try it:"), std::string::npos) << "that of the program: " << english;
  }
  EXPECT_NE(refused({"import", "--help"}).text.find("becomes its recorded_at"), std::string::npos);
  EXPECT_NE(refused({"rejudge", "--help"}).text.find("needs a running"), std::string::npos);
}

TEST_F(CommandLineTest, PositionsAndOffsetsAreWholeNumbersThatAreNotNegative) {
  using Words = std::vector<std::string>;
  for (const char* number : {"-1", "99999999999999999999", "9223372036854775808", "1.5", "1e3",
                             "0x10", "x", "", "+1", " 1"}) {
    for (const Words& words :
         {Words{"export", "--from", number}, Words{"export", "--before", number},
          Words{"rejudge", "intake", number, "--author", "a", "--reason", "r"},
          Words{"stream", "accept-gap", "t:0:0", "--to", number, "--author", "a", "--reason",
                "r"}}) {
      const SaidInstead said = refused(words);
      EXPECT_EQ(said.exit_code, exit_wrong_use) << words[0] << " " << number;
      EXPECT_NE(said.text.find("whole number from 0 to 9223372036854775807"), std::string::npos)
          << said.text;
    }
  }
  EXPECT_EQ(parsed({"export", "--from", "9223372036854775807"}).from, 9223372036854775807u);
  EXPECT_EQ(parsed({"export", "--before", "0"}).before, 0u);
  EXPECT_EQ(parsed({"rejudge", "intake", "7", "--author", "a", "--reason", "r"}).position, 7u);
}

TEST_F(CommandLineTest, APublicationIsClosedOfAPlanAPeriodAndAUnitAndAmendedByItsId) {
  const Config close =
      parsed({"publications", "close", "nam-2024", "--plan", "p", "--period", "2024", "--unit", "u",
              "--author", "lan", "--reason", "r", "--tree", "current", "--without", "t:0:0,t:1:0"});
  EXPECT_EQ(close.command, Command::publications_close);
  EXPECT_EQ(close.publication, "nam-2024");
  EXPECT_EQ(close.plan + close.period + close.unit + close.tree, "p2024ucurrent");
  EXPECT_EQ(close.without, (std::vector<std::string>{"t:0:0", "t:1:0"}));
  const std::vector<std::string> who = {"--author", "lan", "--reason", "r"};
  std::vector<std::string> words = {"publications", "close", "nam-2024", "--plan", "p"};
  words.insert(words.end(), who.begin(), who.end());
  EXPECT_NE(refused(words).text.find("needs --plan, --period and --unit"), std::string::npos);
  words.insert(words.end(), {"--without", "t:0:0"});
  EXPECT_EQ(parsed(words).without, std::vector<std::string>{"t:0:0"}) << "what it is of is known";
  words = {"publications", "amend", "nam-2024", "--decision", "7/QĐ"};
  words.insert(words.end(), who.begin(), who.end());
  EXPECT_EQ(parsed(words).decision, "7/QĐ");
  EXPECT_EQ(parsed({"publications", "show", "nam-2024", "--edition", "2"}).edition, 2);
  EXPECT_FALSE(parsed({"publications", "show", "nam-2024"}).edition);
  EXPECT_EQ(refused({"publications"}).exit_code, exit_wrong_use);
}

TEST_F(CommandLineTest, AnAuthorOrReasonThatSaysNothingIsWrongUse) {
  for (const char* nothing : {"", " ", "\t\n"}) {
    const SaidInstead author = refused({"rejudge", "s", "1", "--author", nothing, "--reason", "r"});
    EXPECT_EQ(author.exit_code, exit_wrong_use);
    EXPECT_NE(author.text.find("--author"), std::string::npos) << author.text;
    const SaidInstead reason =
        refused({"stream", "new-epoch", "t:0:0", "--author", "a", "--reason", nothing});
    EXPECT_EQ(reason.exit_code, exit_wrong_use);
    EXPECT_NE(reason.text.find("--reason"), std::string::npos) << reason.text;
  }
}

TEST_F(CommandLineTest, TheLanguageCanStandInTheFile) {
  EXPECT_EQ(parsed({"verify", "--config", config_file("lang = \"vi\"\n")}).language, Language::vi);
}

TEST_F(CommandLineTest, TakesTheOptionsOfTheCommands) {
  const Config import = parsed({"import", "a", "b", "--as", "x-1"});
  EXPECT_EQ(import.files, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(import.as, "x-1");
  const Config records = parsed({"export", "--stream", "intake", "--from", "5", "--before", "9"});
  EXPECT_EQ(records.stream, "intake");
  EXPECT_EQ(records.from, 5u);
  EXPECT_EQ(records.before, 9u);
  EXPECT_EQ(parsed({"export"}).before, std::nullopt);
  EXPECT_EQ(parsed({"stream", "list"}).command, Command::stream_list);
}

}  // namespace
}  // namespace tiendo
