// SPDX-License-Identifier: AGPL-3.0-or-later
// The log: entries (one encoding for each meaning) and signed notes (nothing but what was signed).
#include <sodium.h>

#include "crypto/format/strict_parse.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/log_key.h"
#include "proto/log.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

constexpr std::string_view kOrigin = "example.org/log";

class GivenSalt final : public RandomSource {
 public:
  explicit GivenSalt(ByteView salt) : salt_(salt) {}
  void fill(std::span<std::uint8_t> out) override {
    require(out.size() == salt_.size());
    std::copy(salt_.begin(), salt_.end(), out.begin());
  }

 private:
  ByteView salt_;
};

void check_entry(ByteView bytes) {
  const auto fact = parse_log_entry(bytes);
  if (!fact.ok()) return;
  const auto entry = parse_strict<pb::LogEntry>(bytes);
  require(entry.ok());
  if (fact->kind == LogKind::kWithdrawal) return;  // its statement is not part of a LogFact
  GivenSalt salt(as_bytes(entry->salt()));
  require(equal(make_log_entry(*fact, salt), bytes));
}

// The log key of make_fuzz_corpus.py, and all that it ever signed.
void check_note(std::string_view note) {
  static const LogKey key = [] {
    Bytes pair(crypto_sign_SECRETKEYBYTES);
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> half{};
    require(crypto_sign_seed_keypair(half.data(), pair.data(), fuzzing::seeded("log").data()) == 0);
    return LogKey::from_secret(SecretBytes::take(pair).value()).value();
  }();
  if (!verify_note(note, kOrigin, key.public_key())) return;
  require(note.starts_with("example.org/log\n"));
  const std::string_view text = note.substr(0, note.rfind("\n\n") + 1);
  const auto again = key.sign_note(kOrigin, text);
  require(again.ok() && verify_note(*again, kOrigin, key.public_key()));
  require(text == "example.org/log\n2\nDSfif3gnzNdFGZ6Os6avNo4QZK9Crp+DdA6YEh4rwCU=\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  check_entry(input);
  check_note(as_text(input));
  return 0;
}
