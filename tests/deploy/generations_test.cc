#include "deploy/generations.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "events/store_folder.h"

namespace tiendo {
namespace {

namespace fs = std::filesystem;

class GenerationsTest : public ::testing::Test {
 protected:
  // As a rebuild does: a name, its folder, and then the pointer.
  std::string begin() {
    auto name = generations_.next_name();
    EXPECT_TRUE(name.ok());
    fs::create_directories(generations_.path(*name));
    return *name;
  }
  std::string switch_to_new() {
    std::string name = begin();
    EXPECT_TRUE(generations_.switch_to(name).ok());
    return name;
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return fs::exists(generations_.path(name));
  }

  TemporaryFolder folder_ = TemporaryFolder::make("generations-").value();
  Generations generations_{folder_.path() / "views"};
};

TEST_F(GenerationsTest, HasNoPointerBeforeTheFirst) {
  EXPECT_EQ(generations_.pointer().error().code, "not_found");
  EXPECT_EQ(*generations_.next_name(), "g000001");
}

TEST_F(GenerationsTest, NamesTheCurrentAndTheOneBeforeIt) {
  const std::string first = switch_to_new();
  EXPECT_EQ(generations_.pointer()->current, first);
  EXPECT_EQ(generations_.pointer()->previous, "");
  const std::string second = switch_to_new();
  EXPECT_EQ(generations_.pointer()->current, second);
  EXPECT_EQ(generations_.pointer()->previous, first);
}

TEST_F(GenerationsTest, NeverGivesANameTwice) {
  const std::string first = switch_to_new();
  fs::remove_all(generations_.path(first));
  EXPECT_EQ(*generations_.next_name(), "g000002");
}

TEST_F(GenerationsTest, SwitchingAgainKeepsThePrevious) {
  const std::string first = switch_to_new();
  ASSERT_TRUE(generations_.switch_to(first).ok());
  EXPECT_EQ(generations_.pointer()->current, first);
  EXPECT_NE(generations_.pointer()->previous, first);
}

TEST_F(GenerationsTest, PrunesAllButTheLastTwo) {
  const std::string first = switch_to_new();
  const std::string second = switch_to_new();
  const std::string third = switch_to_new();
  const std::string half_filled = begin();
  ASSERT_TRUE(generations_.prune().ok());
  EXPECT_FALSE(exists(first));
  EXPECT_TRUE(exists(second));
  EXPECT_TRUE(exists(third));
  EXPECT_FALSE(exists(half_filled));
}

TEST_F(GenerationsTest, PrunesNothingThatIsNoGeneration) {
  switch_to_new();
  fs::create_directories(folder_.path() / "views" / "notes");
  ASSERT_TRUE(generations_.prune().ok());
  EXPECT_TRUE(fs::exists(folder_.path() / "views" / "notes"));
}

TEST_F(GenerationsTest, KeepsWhatItIsToldToKeep) {
  switch_to_new();
  const std::string filling = begin();
  ASSERT_TRUE(generations_.prune(filling).ok());
  EXPECT_TRUE(exists(filling));
}

TEST_F(GenerationsTest, APointerThatNamesNothingIsCorrupt) {
  switch_to_new();
  std::ofstream(folder_.path() / "views" / "CURRENT") << "../../etc\n";
  EXPECT_EQ(generations_.pointer().error().code, "corrupt");
}

TEST_F(GenerationsTest, AHalfWrittenPointerIsNotSeen) {
  const std::string first = switch_to_new();
  std::ofstream(folder_.path() / "views" / "CURRENT.new") << "g0";
  EXPECT_EQ(generations_.pointer()->current, first);
}

}  // namespace
}  // namespace tiendo
