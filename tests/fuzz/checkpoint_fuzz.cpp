// SPDX-License-Identifier: AGPL-3.0-or-later
// Signed notes, checkpoints and proofs: texts that other people's tools write. One text for each
// meaning, and no key's name on what it did not sign.
#include "crypto/log/checkpoint.h"
#include "crypto/log/cosignature.h"
#include "crypto/log/log_proof.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

template <class Role>
const PublicKey<Role>& key_of(std::string_view hex) {
  static const PublicKey<Role> key = PublicKey<Role>::from_bytes(parse_hex(hex).value()).value();
  return key;
}

// The log key of make_log_vectors.py, and a key that never signed.
constexpr std::string_view kLog =
    "9b1f84791cfc7663045854d389deb5ca95449d875f276a83840b060ab39cfc71";
constexpr std::string_view kSilent =
    "b9dc00ad5c6b33a1f1b2185d1f440fe992619264dd08438be4b0986b0da59550";

void check_note(std::string_view text) {
  const auto note = parse_note(text);
  const auto checkpoint = parse_checkpoint(text);
  require(note.ok() || !checkpoint.ok());
  if (note.ok()) {
    require(serialise_note(*note) == text);
    require(!note->signatures.empty() && note->signatures.size() <= kMaxNoteSignatures);
  }
  if (!checkpoint.ok()) return;
  require(checkpoint_text(checkpoint->checkpoint) == checkpoint->note.text);
  require(checkpoint->checkpoint.size >> 63U == 0);
  (void)verify_checkpoint(*checkpoint, key_of<LogRole>(kLog));
  require(!find_witness_signature(*checkpoint, key_of<AnalystRole>(kSilent)));
}

void check_proof(std::string_view text) {
  const auto proof = parse_log_proof(text);
  if (!proof.ok()) return;
  require(log_proof_text(*proof) == text);
  check_note(proof->checkpoint);
  require(!proves(*proof, as_bytes("an entry that is in no log")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const std::string_view text = as_text(ByteView(data, size));
  check_note(text);
  check_proof(text);
  if (const auto checkpoint = parse_checkpoint_text(text); checkpoint.ok())
    require(checkpoint_text(*checkpoint) == text);
  return 0;
}
