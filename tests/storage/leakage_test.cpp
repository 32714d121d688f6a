// SPDX-License-Identifier: AGPL-3.0-or-later
// docs/leakage.md names every file, table and column that a store has.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"
#include "tests/support/paths.h"

namespace resguardo::storage {
namespace {

std::set<std::string> lines_of_the_table() {
  std::ifstream in(testing_support::source_dir() / "docs" / "leakage.md");
  std::set<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

bool has_line(const std::set<std::string>& lines, const std::string& beginning) {
  const auto at = lines.lower_bound(beginning);
  return at != lines.end() && at->starts_with(beginning);
}

// The name as the document gives it: a day is DAY, what is random is ID.
std::string general(const std::string& name) {
  const auto days = std::regex_replace(name, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}"), "DAY");
  return std::regex_replace(days, std::regex("[0-9a-f]{32}"), "ID");
}

std::set<std::string> columns_of(const std::filesystem::path& file, const SecretBytes& key,
                                 const std::string& database) {
  auto db = sqlcipher::Connection::open(file, key, {.read_only = true}).value();
  auto query = db.prepare(
                     "SELECT t.name, c.name FROM pragma_table_list t"
                     " JOIN pragma_table_xinfo(t.name) c"
                     " WHERE t.name NOT LIKE 'sqlite_schema'"
                     " AND t.name NOT LIKE 'sqlite_temp_schema'")
                   .value();
  auto rows = query.query().value();
  std::set<std::string> columns;
  while (rows.next().value())
    columns.insert("| " + database + " | " + std::string(rows.text(0)) + " | " +
                   std::string(rows.text(1)) + " |");
  return columns;
}

class LeakageTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const Turn& turn : short_script()) ASSERT_TRUE(play(engine_.store(), turn).ok());
    Turn sends = state_turn(1, 5, 0, "state");
    add_row(sends, 5, 50, 0, "a file was sent");
    take_media(sends, 1);
    ASSERT_TRUE(engine_.store().record(sends).ok());
    kept_ = keep_media(engine_.store(), 1);
    begun_ = engine_.store().begin_media(media_id(2), kDay).value();
    ASSERT_TRUE(engine_.keys().day_key(kDay, true).ok());
    ASSERT_EQ(engine_.store().reports().value().size(), 2U);  // its readers are open
  }
  void TearDown() override {
    kept_.reset();
    begun_.reset();
  }
  std::set<std::string> columns() {
    engine_.shut();
    auto all = columns_of(journal_file(engine_.path(), kDay),
                          engine_.keys().journal_key(kDay).value(), "journal");
    all.merge(
        columns_of(reports_file(engine_.path()), engine_.keys().store_key().value(), "reports"));
    return all;
  }
  SqlcipherUnderTest engine_;
  std::unique_ptr<MediaFile> kept_;
  std::unique_ptr<MediaFile> begun_;
  const std::set<std::string> lines_ = lines_of_the_table();
};

TEST_F(LeakageTest, EveryFileHasALine) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(engine_.path())) {
    if (entry.is_directory()) continue;
    const auto name = general(std::filesystem::relative(entry.path(), engine_.path()).string());
    EXPECT_TRUE(has_line(lines_, "| `" + name + "` |")) << name;
    ++files;
  }
  EXPECT_GE(files, 11U);
}

TEST_F(LeakageTest, EveryColumnHasALine) {
  const auto found = columns();
  EXPECT_GT(found.size(), 25U);
  for (const std::string& column : found) EXPECT_TRUE(has_line(lines_, column)) << column;
}

TEST_F(LeakageTest, EveryLineHasItsColumn) {
  const auto found = columns();
  for (const std::string& line : lines_) {
    if (!line.starts_with("| journal |") && !line.starts_with("| reports |")) continue;
    const std::regex start("^(\\| [a-z]+ \\| [a-z_]+ \\| [a-z_]+ \\|).*");
    std::smatch column;
    ASSERT_TRUE(std::regex_match(line, column, start)) << line;
    EXPECT_TRUE(found.contains(column[1].str())) << line;
  }
}

TEST_F(LeakageTest, NoticesAMissingLine) {
  auto without = lines_;
  std::erase_if(without,
                [](const auto& line) { return line.starts_with("| journal | turn | tag"); });
  EXPECT_FALSE(has_line(without, "| journal | turn | tag |"));
  EXPECT_TRUE(has_line(lines_, "| journal | turn | tag |"));
}

}  // namespace
}  // namespace resguardo::storage
