// SPDX-License-Identifier: AGPL-3.0-or-later
// Makes a log with the product's code and prints it with every proof; check_log.py checks them.
#include <iostream>

#include "crypto/base/hash.h"
#include "crypto/base/initialise.h"
#include "crypto/log/cosignature.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/log_proof.h"
#include "crypto/log/merkle_tree.h"
#include "tests/golden/vector.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

Bytes an_entry(std::uint32_t number, RandomSource& random) {
  LogFact fact;
  fact.id = Bytes(16, static_cast<std::uint8_t>(number));
  fact.digest = sha256(fact.id);
  fact.day = Day{20000};
  return make_log_entry(fact, random);
}

void print(std::size_t size, std::span<const Bytes> entries, const LogKey& key,
           const LogKey& witness) {
  testing_support::GoldenVector vector;
  CompactTree tree;
  std::vector<Digest> leaves;
  for (const Bytes& entry : entries.first(size)) {
    vector.add("entry", entry);
    leaves.push_back(leaf_hash(entry));
    tree.append(leaves.back());
  }
  const auto checkpoint = dated_checkpoint("resguardo.example", size, tree.root(), Day{20000});
  std::string note = sign_checkpoint(key, checkpoint).value();
  note = cosign(parse_checkpoint(note).value(), "witness", witness.secret(), 1795267200).value();
  vector.add("log_key", key.public_key().view());
  vector.add("witness", witness.public_key().view());
  vector.add("note", as_bytes(note));
  for (std::size_t index = 0; index < size; ++index)
    vector.add(
        "proof",
        as_bytes(log_proof_text({std::nullopt, index, inclusion_proof(leaves, index), note})));
  std::cout << vector.str() << '\n';
}

void run() {
  testing_support::SeededRandom random(7);
  const auto key = LogKey::generate().value();
  const auto witness = LogKey::generate().value();
  std::vector<Bytes> entries;
  for (std::uint32_t i = 0; i < 21; ++i) entries.push_back(an_entry(i, random));
  for (std::size_t size = 0; size <= entries.size(); ++size) print(size, entries, key, witness);
}

}  // namespace
}  // namespace resguardo

int main() {
  if (!resguardo::initialise_crypto().ok()) return 1;
  resguardo::run();
}
