// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/passphrase.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace resguardo::program {
namespace {

std::string text(const SecretBytes& secret) {
  return secret.read([](ByteView bytes) { return to_string(bytes); });
}

class PassphraseTest : public ::testing::Test {
 protected:
  Outcome<SecretBytes> from_file(const std::string& content) {
    const auto path = directory_.path() / "passphrase";
    std::ofstream(path, std::ios::binary) << content;
    return read_passphrase({.file = path, .descriptor = {}}, "Passphrase", false);
  }
  testing_support::TemporaryDirectory directory_;
};

TEST_F(PassphraseTest, IsTheFirstLineWithoutItsBreak) {
  EXPECT_EQ(text(from_file("correct horse\nbattery\n").value()), "correct horse");
  EXPECT_EQ(text(from_file("correct horse\r\n").value()), "correct horse");
  EXPECT_EQ(text(from_file(" contraseña ").value()), " contraseña ");
}

TEST_F(PassphraseTest, RefusesEmptyAndTooLong) {
  EXPECT_EQ(from_file("").error().code, ExitCode::kUsage);
  EXPECT_EQ(from_file("\nsecond").error().code, ExitCode::kUsage);
  std::string longest(kMaxPassphrase, 'x');
  EXPECT_TRUE(from_file(longest).ok());
  longest.push_back('\n');
  EXPECT_EQ(text(from_file(longest).value()).size(), kMaxPassphrase);
  longest.back() = 'x';
  EXPECT_FALSE(from_file(longest).ok());
}

TEST_F(PassphraseTest, TakesOneLineOfADescriptorAndLeavesTheRest) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "one\ntwo\n", 8), 8);
  ::close(ends[1]);
  const PassphraseSource source{.file = {}, .descriptor = ends[0]};
  EXPECT_EQ(text(read_passphrase(source, "p", false).value()), "one");
  EXPECT_EQ(text(read_passphrase(source, "p", false).value()), "two");
  EXPECT_FALSE(read_passphrase(source, "p", false).ok());
  ::close(ends[0]);
}

TEST_F(PassphraseTest, SaysWhichDescriptorIsNotOpen) {
  const auto failed = read_passphrase({.file = {}, .descriptor = 987}, "p", false);
  EXPECT_EQ(failed.error().where, "--passphrase-fd 987");
}

}  // namespace
}  // namespace resguardo::program
