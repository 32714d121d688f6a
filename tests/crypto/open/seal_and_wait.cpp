// SPDX-License-Identifier: AGPL-3.0-or-later
// What the server does, in a process whose memory a test can search: reads recipients' public keys
// (one line of hexadecimal each, then an empty line), seals turns with random words, prints the
// header and the rows, and stays as it is until standard input ends.
#include <iostream>
#include <string>

#include "crypto/base/initialise.h"
#include "crypto/format/record_writer.h"
#include "crypto/seal/segment_writer.h"

namespace resguardo {
namespace {

constexpr int kTurns = 3;

Recipients read_recipients() {
  Recipients recipients{parse_week("2026-W47").value(), {}, {}, {}, {}};
  std::string line;
  for (std::uint8_t number = 1; std::getline(std::cin, line) && !line.empty(); ++number) {
    MemberId member;
    member.bytes.fill(number);
    const auto key = PublicKey<EpochRole>::from_bytes(parse_hex(line).value()).value();
    for (auto& members : recipients.members) members.push_back({member, key, false, 0});
  }
  return recipients;
}

// Words that exist nowhere but here: made at random, wiped with their buffer.
SecretBuffer random_record(RandomSource& random) {
  constexpr std::uint32_t kAnswer = 1;
  constexpr std::uint32_t kText = 6;
  SecretBuffer words(120);
  random.fill(words.span());
  for (auto& byte : words.span()) byte = static_cast<std::uint8_t>('a' + byte % 26);
  std::array<std::uint8_t, 16> salt{};
  random.fill(salt);
  RecordWriter record(salt, TimePoint{}, {});
  WireWriter answer;
  answer.bytes(kText, words.view());
  record.entry(kAnswer, answer);
  return record.finish();
}

int run() {
  SystemRandom random;
  const Recipients recipients = read_recipients();
  const auto slab = LockedSlab::create(SegmentWriter::cell_size(), 1).value();
  auto writer = SegmentWriter::begin(recipients, {}, *slab, random).value();
  std::cout << to_hex(writer.header()) << "\n";
  for (int i = 0; i < kTurns; ++i) {
    TurnRecords turn{random_record(random), random_record(random)};
    std::cout << to_hex(writer.seal(turn).value().row) << "\n";
  }
  std::cout << "ready" << std::endl;
  std::string rest;
  while (std::getline(std::cin, rest)) {
  }
  return 0;
}

}  // namespace
}  // namespace resguardo

int main() {
  return resguardo::initialise_crypto().ok() ? resguardo::run() : 1;
}
