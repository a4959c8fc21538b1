#include "deploy/data_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "events/store_folder.h"

namespace tiendo {
namespace {

class DataFolderTest : public ::testing::Test {
 protected:
  void write_format(const std::string& content) {
    std::filesystem::create_directories(root_);
    std::ofstream(root_ / "FORMAT") << content;
  }

  TemporaryFolder folder_ = TemporaryFolder::make("data-folder-").value();
  std::filesystem::path root_ = folder_.path() / "new" / "data";
};

TEST_F(DataFolderTest, IsMadeAndFoundAgain) {
  ASSERT_TRUE(open_data_folder(root_).ok());
  const auto found = find_data_folder(root_);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->log(), (root_ / "log").string());
}

TEST_F(DataFolderTest, FindingMakesNothing) {
  EXPECT_EQ(find_data_folder(root_).error().code, "not_found");
  EXPECT_FALSE(std::filesystem::exists(root_));
}

TEST_F(DataFolderTest, RefusesANewerLayout) {
  write_format("tiendo data 2\n");
  EXPECT_EQ(open_data_folder(root_).error().code, "format");
  EXPECT_EQ(find_data_folder(root_).error().code, "format");
}

TEST_F(DataFolderTest, RefusesAFolderOfSomethingElse) {
  write_format("PDF-1.4\n");
  EXPECT_EQ(open_data_folder(root_).error().code, "wrong_use");
}

TEST_F(DataFolderTest, WritesAFileWhole) {
  ASSERT_TRUE(open_data_folder(root_).ok());
  ASSERT_TRUE(write_file_durably(root_ / "x", "one").ok());
  ASSERT_TRUE(write_file_durably(root_ / "x", "two").ok());
  EXPECT_EQ(*read_small_file(root_ / "x"), "two");
  EXPECT_EQ(read_small_file(root_ / "y").error().code, "not_found");
}

}  // namespace
}  // namespace tiendo
