// SPDX-License-Identifier: AGPL-3.0-or-later
// Trees, checkpoints and proofs against what Python wrote (make_log_vectors.py).
#include <gtest/gtest.h>

#include <map>

#include "crypto/log/cosignature.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/log_proof.h"
#include "crypto/log/merkle_tree.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo {
namespace {

using testing_support::GoldenVector;

std::filesystem::path folder() {
  return testing_support::source_dir() / "tests" / "golden" / "log";
}

Digest digest(const GoldenVector& vector, std::string_view name) {
  return Digest::from(vector.bytes(name)).value();
}
std::uint64_t number(const GoldenVector& vector, std::string_view name) {
  return std::stoull(vector.text(name));
}
std::vector<Digest> digests(const GoldenVector& vector, std::string_view name) {
  std::vector<Digest> all;
  for (const Bytes& bytes : vector.list(name)) all.push_back(Digest::from(bytes).value());
  return all;
}
PublicKey<LogRole> log_key(const GoldenVector& vector) {
  return PublicKey<LogRole>::from_bytes(vector.bytes("log_key")).value();
}

std::string verdict(bool holds) {
  return holds ? "success" : "unauthentic";
}

std::string judge_tree(const GoldenVector& vector) {
  CompactTree tree;
  for (const Bytes& entry : vector.list("entry")) tree.append(leaf_hash(entry));
  return verdict(tree.root() == digest(vector, "root"));
}

std::string judge_inclusion(const GoldenVector& vector) {
  return verdict(verify_inclusion(number(vector, "index"), number(vector, "size"),
                                  leaf_hash(vector.bytes("entry")), digests(vector, "node"),
                                  digest(vector, "root")));
}

std::string judge_consistency(const GoldenVector& vector) {
  return verdict(verify_consistency(number(vector, "old_size"), digest(vector, "old_root"),
                                    number(vector, "size"), digest(vector, "root"),
                                    digests(vector, "node")));
}

void expect_content(const GoldenVector& vector, const CheckpointNote& note) {
  EXPECT_EQ(note.checkpoint.origin, vector.text("origin"));
  EXPECT_EQ(note.checkpoint.size, number(vector, "size"));
  EXPECT_EQ(note.checkpoint.root, digest(vector, "root"));
  const auto day = checkpoint_day(note.checkpoint);
  EXPECT_EQ(day ? to_string(*day) : "", vector.has("day") ? vector.text("day") : "");
  const auto witness = [&](std::string_view name) {
    return PublicKey<AnalystRole>::from_bytes(vector.bytes(name)).value();
  };
  if (vector.has("no_witness")) {
    EXPECT_FALSE(find_witness_signature(note, witness("no_witness")));
  }
  if (!vector.has("witness")) return;
  const auto found = find_witness_signature(note, witness("witness"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "witness.example/w1");
  EXPECT_EQ(found->timestamp.has_value(), vector.has("time"));
  if (found->timestamp) {
    EXPECT_EQ(*found->timestamp, number(vector, "time"));
  }
}

// What C++ signs with the same seed is the same note.
void expect_signing(const GoldenVector& vector, const CheckpointNote& note) {
  if (!vector.has("seed")) return;
  Bytes pair = vector.bytes("seed");
  const Bytes key = vector.bytes("log_key");
  pair.insert(pair.end(), key.begin(), key.end());
  const auto signer = LogKey::from_secret(SecretBytes::take(pair).value()).value();
  EXPECT_EQ(sign_checkpoint(signer, note.checkpoint).value(), to_string(vector.bytes("note")));
}

std::string judge_checkpoint(const GoldenVector& vector) {
  const auto note = parse_checkpoint(to_string(vector.bytes("note")));
  if (!note.ok()) return "malformed";
  EXPECT_EQ(serialise_note(note->note), to_string(vector.bytes("note")));
  if (!verify_checkpoint(*note, log_key(vector))) return "unauthentic";
  expect_content(vector, *note);
  expect_signing(vector, *note);
  return "success";
}

std::string judge_proof(const GoldenVector& vector) {
  const std::string text = to_string(vector.bytes("proof"));
  const auto proof = parse_log_proof(text);
  if (!proof.ok()) return "malformed";
  EXPECT_EQ(log_proof_text(*proof), text);
  const auto note = parse_checkpoint(proof->checkpoint).value();
  EXPECT_TRUE(verify_checkpoint(note, log_key(vector)));
  return verdict(proves(*proof, vector.bytes("entry")));
}

class GoldenLogTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenLogTest, HoldsOrFailsAsItSays) {
  const auto vector = GoldenVector::read(folder() / (GetParam() + ".txt"));
  const std::string kind = vector.text("kind");
  const std::string expected = vector.text("expect");
  const std::map<std::string, std::string (*)(const GoldenVector&)> judges = {
      {"tree", judge_tree},
      {"inclusion", judge_inclusion},
      {"consistency", judge_consistency},
      {"checkpoint", judge_checkpoint},
      {"proof", judge_proof}};
  EXPECT_EQ(judges.at(kind)(vector), expected);
}

INSTANTIATE_TEST_SUITE_P(Log, GoldenLogTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder())),
                         [](const auto& vector) { return vector.param; });

}  // namespace
}  // namespace resguardo
