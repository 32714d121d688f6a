// SPDX-License-Identifier: AGPL-3.0-or-later
// All four words at the same moments, side by side.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "tests/bot/grab/theft.h"

namespace resguardo::testing_support {

using dialogue::Settings;

std::string name_of(Word word) {
  return word == Word::kExit     ? "exit"
         : word == Word::kPanic  ? "panic"
         : word == Word::kDuress ? "duress"
                                 : "delete";
}

// How far the file of reports is written back from its WAL at its making depends on the writer's
// first quiet moment; what is in it is compared value by value.
std::map<std::string, std::uintmax_t> compared_files(const StoreShape& shape) {
  std::map<std::string, std::uintmax_t> files;
  for (const auto& [name, size] : shape.files)
    if (!name.starts_with("reports.db")) files.emplace(name, size);
  return files;
}

Settings settings_of_thefts() {
  Settings settings;
  settings.cover_text = {{"es", "Hoy hay sol."},
                         {"en", "Sunny today."},
                         {"ht", "Jodi a gen solèy."},
                         {"fr", "Il fait beau."},
                         {"pt", "Hoje tem sol."}};
  settings.panic_words = {kPanicWord};
  settings.resume_words = {kCardWord};
  settings.organisation = "Org";
  settings.signal_link = "https://signal.example/u";
  settings.retention = "5";
  return settings;
}

void Theft::write_transcripts() const {
  const char* directory = std::getenv("RESGUARDO_TRANSCRIPTS");
  if (directory == nullptr) return;
  std::filesystem::create_directories(directory);
  for (const Robbed& each : robbed_) {
    const std::string name = manner_.language + (manner_.shared ? "_shared_" : "_own_") +
                             each.moment + "_" + name_of(word_) + ".txt";
    std::ofstream(std::filesystem::path(directory) / name) << each.reporter.transcript();
  }
}

void rob(const Manner& manner, const Settings& settings, const std::vector<Moment>& moments) {
  Theft exit(Word::kExit, manner, settings);
  Theft panic(Word::kPanic, manner, settings);
  Theft duress(Word::kDuress, manner, settings);
  Theft erase(Word::kDelete, manner, settings);
  for (const Moment& moment : moments) {
    SCOPED_TRACE(moment.name);
    const auto seen = exit.grab(moment);
    EXPECT_EQ(panic.grab(moment), seen);
    EXPECT_EQ(duress.grab(moment), seen);
    const auto shape = exit.shape();
    for (Theft* theft : {&panic, &duress}) {
      const auto other = theft->shape();
      EXPECT_EQ(other.values, shape.values);
      // A closed report lies by random names in its file: the pages are as they come.
      if (exit.closed() > 0) continue;
      EXPECT_EQ(compared_files(other), compared_files(shape));
    }
    erase.grab(moment);
    const auto left = erase.shape().values;
    for (const char* column : {"turn.state", "turn.sealed", "turn.tag", "turn.report"})
      EXPECT_FALSE(left.contains(column)) << column << " after delete";
    if (::testing::Test::HasFailure()) break;
  }
  for (Theft* theft : {&exit, &panic, &duress, &erase}) {
    if (::testing::Test::HasFailure()) break;
    theft->probe();
    theft->come_back();
    theft->open_reports();
  }
  for (const Theft* theft : {&exit, &panic, &duress, &erase}) theft->write_transcripts();
}

}  // namespace resguardo::testing_support
