// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/checkpoint.h"

#include <gtest/gtest.h>

#include "crypto/base/hash.h"
#include "crypto/log/cosignature.h"
#include "crypto/log/log_proof.h"

namespace resguardo {
namespace {

const char* const kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

std::string text(std::string_view origin, std::string_view size, std::string_view root,
                 std::string_view rest = "") {
  return std::string(origin) + '\n' + std::string(size) + '\n' + std::string(root) + '\n' +
         std::string(rest);
}

TEST(CheckpointTextTest, GivesTheSameBytesBack) {
  for (const auto& sound :
       {text("example.com/log", "20852163", kRoot), text("log", "0", kRoot),
        text("log", "9223372036854775807", kRoot), text("log", "1", kRoot, "day 2026-11-21\n"),
        text("log", "1", kRoot, "something else\nand more\n")}) {
    const auto parsed = parse_checkpoint_text(sound);
    ASSERT_TRUE(parsed.ok()) << sound;
    EXPECT_EQ(checkpoint_text(*parsed), sound);
  }
}

TEST(CheckpointTextTest, RefusesEveryOtherSpelling) {
  const std::string base(kRoot);
  for (const auto& wrong : {text("", "1", kRoot),
                            text("two words", "1", kRoot),
                            text("a+b", "1", kRoot),
                            text("log", "", kRoot),
                            text("log", "01", kRoot),
                            text("log", "-1", kRoot),
                            text("log", "+1", kRoot),
                            text("log", " 1", kRoot),
                            text("log", "0x1", kRoot),
                            text("log", "9223372036854775808", kRoot),
                            text("log", "18446744073709551616", kRoot),
                            text("log", "1", ""),
                            text("log", "1", base.substr(0, 43)),
                            text("log", "1", base.substr(0, 42) + "3="),  // bits that are not zero
                            text("log", "1", base.substr(0, 40)),
                            text("log", "1", base + " "),
                            text("log", "1", kRoot, "\n"),
                            text("log", "1", kRoot, "no newline"),
                            text("log", "1", kRoot, "tab\there\n"),
                            text("log", "1", kRoot, "\xff\n"),
                            std::string("log\n1\n")})
    EXPECT_FALSE(parse_checkpoint_text(wrong).ok()) << wrong;
}

TEST(CheckpointDayTest, IsOneLine) {
  const auto day = parse_day("2026-11-21");
  EXPECT_EQ(checkpoint_day(dated_checkpoint("log", 3, Digest{}, *day)), day);
  EXPECT_FALSE(checkpoint_day({"log", 3, Digest{}, {}}));
  EXPECT_FALSE(checkpoint_day({"log", 3, Digest{}, {"day 2026-11-21", "day 2026-11-22"}}));
  EXPECT_FALSE(checkpoint_day({"log", 3, Digest{}, {"day 2026-11-31"}}));
}

TEST(SignedCheckpointTest, IsCheckedUnderItsOriginAndKey) {
  const auto key = LogKey::generate().value();
  const auto checkpoint = dated_checkpoint("example.org/log", 3, Digest{{5}}, Day{20000});
  const auto note = sign_checkpoint(key, checkpoint).value();
  EXPECT_EQ(note, sign_checkpoint(key, checkpoint).value()) << "the same again";
  const auto parsed = parse_checkpoint(note).value();
  EXPECT_EQ(serialise_note(parsed.note), note);
  EXPECT_TRUE(verify_checkpoint(parsed, key.public_key()));
  EXPECT_FALSE(verify_checkpoint(parsed, LogKey::generate()->public_key()));
  // Signed by the same key under another name: for another log.
  const auto elsewhere = key.sign_note("example.org/other", checkpoint_text(checkpoint)).value();
  EXPECT_FALSE(verify_checkpoint(parse_checkpoint(elsewhere).value(), key.public_key()));
  EXPECT_FALSE(sign_checkpoint(key, {"two words", 1, Digest{}, {}}).ok());
}

struct Witness {
  SecretBytes secret = LogKey::generate()->secret().clone().value();
  PublicKey<AnalystRole> key() const {
    return secret.read(
        [](ByteView pair) { return PublicKey<AnalystRole>::from_bytes(pair.last(32)).value(); });
  }
};

CheckpointNote a_note() {
  const auto checkpoint = dated_checkpoint("example.org/log", 3, Digest{{5}}, Day{20000});
  return parse_checkpoint(sign_checkpoint(LogKey::generate().value(), checkpoint).value()).value();
}

TEST(CosignatureTest, IsFoundByTheWitnesssKeyAlone) {
  const Witness witness;
  const auto note =
      parse_checkpoint(cosign(a_note(), "witness.example", witness.secret, 1679315147).value())
          .value();
  const auto found = find_witness_signature(note, witness.key());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "witness.example");
  EXPECT_EQ(found->timestamp, 1679315147U);
  EXPECT_FALSE(find_witness_signature(note, Witness().key()));
}

TEST(CosignatureTest, AWitnesssKeyIsTakenAsWitnessesPublishIt) {
  const auto witness = LogKey::generate().value();
  const Bytes raw = to_bytes(witness.public_key().view());
  for (const NoteAlgorithm algorithm : {NoteAlgorithm::kEd25519, NoteAlgorithm::kCosignature}) {
    Bytes typed{static_cast<std::uint8_t>(algorithm)};
    typed.insert(typed.end(), raw.begin(), raw.end());
    const std::string text =
        "w.example+" + to_hex(note_key_id("w.example", algorithm, raw)) + "+" + to_base64(typed);
    const auto key = parse_witness_key(text);
    ASSERT_TRUE(key.ok());
    EXPECT_TRUE(equal(key->view(), raw));
    EXPECT_FALSE(parse_witness_key("v" + text).ok()) << "another name";
    EXPECT_FALSE(parse_witness_key(text + "AAAA").ok());
  }
  EXPECT_FALSE(parse_witness_key("").ok());
  EXPECT_FALSE(parse_witness_key("w.example+00000000").ok());
}

TEST(CosignatureTest, NoPartOfItCanBeChanged) {
  const Witness witness;
  auto note = parse_checkpoint(cosign(a_note(), "w", witness.secret, 7).value()).value();
  ASSERT_TRUE(find_witness_signature(note, witness.key()));
  Bytes& signature = note.note.signatures.back().signature;
  for (std::size_t at = 0; at < signature.size(); ++at) {
    signature[at] ^= 1U;
    EXPECT_FALSE(find_witness_signature(note, witness.key())) << at;
    signature[at] ^= 1U;
  }
  note.note.text[0] = 'E';
  EXPECT_FALSE(find_witness_signature(note, witness.key()));
}

TEST(CosignatureTest, APlainNoteSignatureCountsToo) {
  const auto plain = LogKey::generate().value();
  auto note = a_note();
  const auto signed_too = parse_note(plain.sign_note("other.org", note.note.text).value()).value();
  note.note.signatures.push_back(signed_too.signatures.front());
  const auto key = PublicKey<AnalystRole>::from_bytes(plain.public_key().view()).value();
  const auto found = find_witness_signature(note, key);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->timestamp);
}

TEST(LogProofTest, GivesTheSameTextBack) {
  LogProof proof;
  proof.index = 2;
  proof.path = {Digest{{1}}, Digest{{2}}};
  proof.checkpoint = serialise_note(a_note().note);
  for (const bool extra : {false, true}) {
    if (extra) proof.extra = Bytes{1, 2, 3};
    const std::string text = log_proof_text(proof);
    const auto again = parse_log_proof(text);
    ASSERT_TRUE(again.ok()) << text;
    EXPECT_EQ(log_proof_text(*again), text);
    EXPECT_EQ(again->extra, proof.extra);
  }
}

TEST(LogProofTest, IsReadStrictly) {
  const std::string note = serialise_note(a_note().note);
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  ASSERT_TRUE(parse_log_proof(first + "index 0\n\n" + note).ok());
  for (const std::string& wrong :
       {"index 0\n\n" + note, first + "\n" + note, first + "index 00\n\n" + note,
        first + "index 0\n" + note, first + "index 0\n" + kRoot + "\n" + note,
        first + "index 0\nAAAA\n\n" + note, first + "extra !\nindex 0\n\n" + note,
        first + "index 0\n\n", first + "index 0\n\n" + note + "x", first + "index 0\r\n\n" + note})
    EXPECT_FALSE(parse_log_proof(wrong).ok()) << wrong;
}

}  // namespace
}  // namespace resguardo
