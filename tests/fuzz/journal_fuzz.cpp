// SPDX-License-Identifier: AGPL-3.0-or-later
// Entries of a vault's journal: what is taken follows what was taken before, in one form only, and
// no key that was certified does what takes a member's own.
#include "analyst/vault/journal_entry.h"
#include "crypto/format/strict_parse.h"
#include "proto/quorum.pb.h"
#include "proto/roster.pb.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using namespace resguardo::analyst;
using fuzzing::require;

namespace {

void check_entry(JournalReader& reader, ByteView bytes) {
  const JournalLink before = reader.head();
  const auto entry = reader.next(bytes);
  if (!entry.ok()) return require(reader.head().number == before.number);
  require(reader.head().number == before.number + 1 && entry->number == before.number + 1);
  require(!entry->certified_by || entry->fact.kind > JournalKind::kKeyCertified);
  require(!entry->fact.report || !entry->fact.reports);
  if (const auto& reports = entry->fact.reports; reports && reports->count <= kMostJournalReports) {
    require(reports->few.size() == reports->count);
    require(JournalReports::of(reports->few).digest == reports->digest);
  }
}

// The same bytes as an entry that somebody signed.
Bytes signed_by_somebody(ByteView message) {
  static const auto somebody = open::SecretKey<AnalystRole>::generate().value();
  pb::SignedMessage wire;
  wire.set_message(to_string(message));
  auto& signature = *wire.add_signatures();
  signature.set_public_key(to_string(somebody.public_key().view()));
  signature.set_signature(to_string(somebody.sign(Label::kSignJournal, message)));
  return serialize_canonical(wire);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  JournalReader reader;
  check_entry(reader, input);
  check_entry(reader, input);
  JournalReader another;
  check_entry(another, signed_by_somebody(input));
  static_cast<void>(read_certification(input).ok());
  return 0;
}
