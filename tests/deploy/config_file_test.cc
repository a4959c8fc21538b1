#include "deploy/config_file.h"

#include <gtest/gtest.h>

namespace tiendo {
namespace {

using Properties = std::map<std::string, std::string>;

std::string value_of(const std::string& written) {
  Properties properties;
  const auto rest = take_kafka_section("[kafka]\nk = " + written, properties);
  return rest.ok() ? properties["k"] : "(" + rest.error().message + ")";
}

TEST(KafkaSection, HoldsSettingsUnderTheirOwnNames) {
  Properties properties;
  const auto rest = take_kafka_section(
      "data = \"d\"\n# [kafka]\n[kafka]  # the client\nsecurity.protocol = \"ssl\"\n\n"
      "  \"ssl.ca.location\"='/a b'\n[other]\nx = 1\n",
      properties);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(*rest, "data = \"d\"\n# [kafka]\n\n\n\n\n[other]\nx = 1\n");
  EXPECT_EQ(properties, (Properties{{"security.protocol", "ssl"}, {"ssl.ca.location", "/a b"}}));
}

TEST(KafkaSection, ValuesMayHoldAnything) {
  EXPECT_EQ(value_of(R"("a # b, = [c] 'd'" # e)"), "a # b, = [c] 'd'");
  EXPECT_EQ(value_of(R"("\"\\")"), R"("\)");
  EXPECT_EQ(value_of(R"('\"')"), R"(\")");
  EXPECT_EQ(value_of(R"("")"), "");
  EXPECT_EQ(value_of("5000 # ms\r"), "5000");
}

TEST(KafkaSection, NamesTheLineOfAMistakeAndNotItsValue) {
  for (const char* wrong : {R"("secret)", R"("secret" x)", "secret secret", "", "# secret",
                            R"("secret\n")", R"('secret)"}) {
    const std::string said = value_of(wrong);
    EXPECT_NE(said.find("line 2 of the configuration file"), std::string::npos) << wrong << said;
    EXPECT_EQ(said.find("secret"), std::string::npos) << said;
  }
  Properties properties;
  EXPECT_FALSE(take_kafka_section("[kafka]\na = 1\na = 2", properties).ok());
  EXPECT_FALSE(take_kafka_section("[kafka]\nsecret", properties).ok());
  EXPECT_FALSE(take_kafka_section("[kafka]\n= 2", properties).ok());
}

}  // namespace
}  // namespace tiendo
