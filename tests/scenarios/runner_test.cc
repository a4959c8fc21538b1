// Runs every scenario of this folder as a test of its own: SCENARIO-FOLDER.name_of_the_file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/scenarios/player.h"

namespace tiendo::scenarios {
namespace {

class ScenarioTest : public ::testing::Test {
 public:
  explicit ScenarioTest(std::string file) : file_(std::move(file)) {}
  void TestBody() override { Player(file_, TIENDO_ROOT).play(); }

 private:
  std::string file_;
};

void register_all() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = std::string(TIENDO_ROOT) + "/tests/scenarios";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    ::testing::RegisterTest(file.parent_path().filename().c_str(), file.stem().c_str(), nullptr,
                            nullptr, file.c_str(), 1,
                            [file]() -> ScenarioTest* { return new ScenarioTest(file.string()); });
  }
}

}  // namespace
}  // namespace tiendo::scenarios

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  tiendo::scenarios::register_all();
  return RUN_ALL_TESTS();
}
