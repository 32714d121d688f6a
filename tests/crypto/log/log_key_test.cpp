// SPDX-License-Identifier: AGPL-3.0-or-later
// Expected values: PyNaCl and hashlib, from the text of C2SP's signed-note.
#include "crypto/log/log_key.h"

#include <gtest/gtest.h>

namespace resguardo {
namespace {

const char* const kSecret =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
const char* const kName = "example.org/log";
const char* const kText = "example.org/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const char* const kSignature =
    "\n\xe2\x80\x94 example.org/log "
    "mK8CO6Ic2BAgZ0Arfs1FMIC+RK67zaDbbxrZc/8nZWLzQCEyhR4+pGnhbbkuk6cihXT9AKIygdUKwarccmPybSkQtw0="
    "\n";

LogKey a_key() {
  Bytes bytes = parse_hex(kSecret).value();
  return LogKey::from_secret(SecretBytes::take(bytes).value()).value();
}

TEST(LogKeyTest, SignsNotesAsOthersDo) {
  const auto note = a_key().sign_note(kName, kText);
  ASSERT_TRUE(note.ok());
  EXPECT_TRUE(note->starts_with(kText));
  EXPECT_EQ(note->substr(std::string_view(kText).size()), kSignature);
  EXPECT_EQ(note_verifier(kName, a_key().public_key()),
            "example.org/log+98af023b+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
}

TEST(LogKeyTest, IsCheckedByItsPublicHalf) {
  const LogKey key = LogKey::generate().value();
  const auto note = key.sign_note(kName, kText).value();
  EXPECT_TRUE(verify_note(note, kName, key.public_key()));
  EXPECT_FALSE(verify_note(note, "example.org/other", key.public_key()));
  EXPECT_FALSE(verify_note(note, kName, a_key().public_key()));
}

TEST(LogKeyTest, ReadsPastSignaturesOfOthers) {
  const auto key = a_key();
  const auto note = key.sign_note(kName, kText).value();
  const auto other = LogKey::generate()->sign_note("witness.example", kText).value();
  EXPECT_TRUE(verify_note(note + other.substr(std::string_view(kText).size() + 1), kName,
                          key.public_key()));
  EXPECT_FALSE(verify_note(other, kName, key.public_key()));
}

TEST(LogKeyTest, FindsEveryFlippedBitOfANote) {
  const auto key = a_key();
  const auto note = key.sign_note(kName, kText).value();
  for (std::size_t at = 0; at < note.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = note;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      EXPECT_FALSE(verify_note(damaged, kName, key.public_key())) << at << ", " << bit;
    }
    EXPECT_FALSE(verify_note(note.substr(0, at), kName, key.public_key())) << at;
  }
}

TEST(LogKeyTest, SignsNothingThatIsNoNote) {
  const auto key = a_key();
  for (const char* text : {"", "no newline", "tab\t\n", "carriage\r\n", "\x7f\n"})
    EXPECT_FALSE(key.sign_note(kName, text).ok()) << text;
  for (const char* name : {"", "a b", "a+b", "a\nb"})
    EXPECT_FALSE(key.sign_note(name, kText).ok()) << name;
}

TEST(LogKeyTest, HasTwoHalvesThatFit) {
  Bytes bytes = parse_hex(kSecret).value();
  bytes.back() ^= 1U;
  EXPECT_FALSE(LogKey::from_secret(SecretBytes::take(bytes).value()).ok());
  EXPECT_FALSE(LogKey::from_secret(SecretBytes::random(32).value()).ok());
  const LogKey key = LogKey::generate().value();
  const LogKey again = LogKey::from_secret(key.secret().clone().value()).value();
  EXPECT_EQ(again.public_key(), key.public_key());
}

}  // namespace
}  // namespace resguardo
