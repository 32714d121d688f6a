// SPDX-License-Identifier: AGPL-3.0-or-later
// Key files, rosters and bundles against what Python wrote (make_key_vectors.py).
#include <gtest/gtest.h>

#include <sstream>

#include "crypto/format/bundle.h"
#include "crypto/open/locked_key.h"
#include "tests/golden/faults.h"
#include "tests/golden/roster_vector.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo {
namespace {

using testing_support::GoldenVector;
using testing_support::kFaultNames;

std::filesystem::path golden_folder(const char* name) {
  return testing_support::source_dir() / "tests" / "golden" / name;
}

SecretBytes secret(Bytes bytes) {
  return SecretBytes::take(bytes).value();
}

class GoldenKeyFileTest : public ::testing::TestWithParam<std::string> {};

Result<SecretBytes> unlock(const GoldenVector& vector) {
  RESGUARDO_TRY(const auto key, open::LockedKey::parse(vector.bytes("file")));
  if (vector.has("wrapping_key")) return key.unlock_under(secret(vector.bytes("wrapping_key")));
  return key.unlock(secret(vector.bytes("passphrase")));
}

TEST_P(GoldenKeyFileTest, UnlocksOrFailsAsItSays) {
  const auto vector = GoldenVector::read(golden_folder("keys") / (GetParam() + ".txt"));
  const auto unlocked = unlock(vector);
  if (vector.text("expect") == "success") {
    ASSERT_TRUE(unlocked.ok()) << unlocked.error().why.view();
    EXPECT_EQ(unlocked->read([](ByteView bytes) { return to_hex(bytes); }), vector.text("secret"));
    return;
  }
  ASSERT_FALSE(unlocked.ok());
  EXPECT_EQ(unlocked.error().fault, kFaultNames.at(vector.text("expect")))
      << unlocked.error().why.view();
}

class GoldenRosterTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenRosterTest, IsAcceptedOrRefusedAsItSays) {
  const auto vector = testing_support::RosterVector::read(GetParam());
  const auto roster = vector.verify();
  if (vector.expect != "success") {
    ASSERT_FALSE(roster.ok());
    EXPECT_EQ(roster.error().fault, kFaultNames.at(vector.expect)) << roster.error().why.view();
    return;
  }
  ASSERT_TRUE(roster.ok()) << roster.error().why.view();
  EXPECT_EQ(to_hex(roster->anchor().digest.view()), vector.fields.text("roster_digest"));
  const auto recipients = roster->recipients(*parse_week("2026-W47"));
  ASSERT_TRUE(recipients.ok()) << recipients.error().why.view();
  EXPECT_EQ(to_hex(recipients->lists_digest.view()), vector.fields.text("lists_digest"));
  EXPECT_EQ(recipients->members[0].size(), GetParam() == "revoked_member" ? 1U : 2U);
  const bool quorum = GetParam() == "quorum";
  EXPECT_EQ(recipients->members[1].size(), quorum ? 2U : 1U);
  EXPECT_EQ(recipients->groups[1].size(), quorum ? 2U : 0U);
}

class GoldenBundleTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenBundleTest, IsReadAsFarAsItIsWhole) {
  const auto vector = GoldenVector::read(golden_folder("bundle") / (GetParam() + ".txt"));
  std::istringstream in(to_string(vector.bytes("file")));
  BundleReader reader(in);
  std::size_t whole = 0;
  std::optional<Error> error;
  while (!reader.finished() && !error) {
    if (const auto frame = reader.next(); frame.ok()) {
      ++whole;
    } else {
      error = frame.error();
    }
  }
  EXPECT_EQ(whole, std::stoul(vector.text("whole")));
  EXPECT_EQ(!error, vector.text("expect") == "success");
  if (!error) return;
  EXPECT_EQ(error->fault, kFaultNames.at(vector.text("expect"))) << error->why.view();
  const auto again = reader.next();  // it stays so
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().why, error->why);
}

INSTANTIATE_TEST_SUITE_P(Keys, GoldenKeyFileTest,
                         ::testing::ValuesIn(testing_support::vectors_in(golden_folder("keys"))),
                         testing_support::name_of_vector);
INSTANTIATE_TEST_SUITE_P(Roster, GoldenRosterTest,
                         ::testing::ValuesIn(testing_support::roster_vectors()),
                         testing_support::name_of_vector);
INSTANTIATE_TEST_SUITE_P(Bundle, GoldenBundleTest,
                         ::testing::ValuesIn(testing_support::vectors_in(golden_folder("bundle"))),
                         testing_support::name_of_vector);

}  // namespace
}  // namespace resguardo
