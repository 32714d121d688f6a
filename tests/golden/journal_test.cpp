// SPDX-License-Identifier: AGPL-3.0-or-later
// A vault's journal against what Python wrote (make_journal_vectors.py).
#include <gtest/gtest.h>

#include "analyst/vault/journal_entry.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo::analyst {
namespace {

using testing_support::GoldenVector;

std::filesystem::path journal_folder() {
  return testing_support::source_dir() / "tests" / "golden" / "journal";
}

class GoldenJournalTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenJournalTest, FollowsOrDoesNotAsItSays) {
  const auto vector = GoldenVector::read(journal_folder() / (GetParam() + ".txt"));
  JournalReader reader;
  Status status = success();
  for (const Bytes& one : vector.list("entry")) {
    const auto entry = reader.next(one);
    if (!entry.ok()) {
      status = entry.error();
      break;
    }
    EXPECT_EQ(entry->fact.note, "reason " + std::to_string(entry->number));
    EXPECT_EQ(reader.head().number, entry->number);
  }
  if (vector.text("expect") == "success") {
    EXPECT_TRUE(status.ok()) << status.error().why.view();
    return;
  }
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault, testing_support::kFaultNames.at(vector.text("expect")));
}

INSTANTIATE_TEST_SUITE_P(Journal, GoldenJournalTest,
                         ::testing::ValuesIn(testing_support::vectors_in(journal_folder())),
                         testing_support::name_of_vector);

}  // namespace
}  // namespace resguardo::analyst
