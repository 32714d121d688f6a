// SPDX-License-Identifier: AGPL-3.0-or-later
// Seals a segment with the product's code and prints it as a vector; check_recover.py opens it.
#include <iostream>

#include "crypto/base/initialise.h"
#include "tests/golden/vector.h"
#include "tests/support/sealing_fixture.h"

namespace resguardo {
namespace {

using testing_support::GoldenVector;
using testing_support::make_empty_record;
using testing_support::make_record;

GoldenVector seal_one(std::size_t reader) {
  const Week week = parse_week("2026-W47").value();
  const TimePoint now = start_of(parse_day("2026-11-21").value());
  const auto readers = testing_support::make_readers(3, week);
  const auto slab = testing_support::make_slab(1);
  SystemRandom ids;
  auto writer = SegmentWriter::begin(readers.recipients,
                                     {ids.make<ReportId>(), 2, ids.make<Digest>()}, *slab, ids)
                    .value();
  GoldenVector vector;
  const auto& keys = readers.keys.at(reader);
  vector.add("expect", std::string("success"));
  vector.add("member", keys.member().view());
  vector.add("week", to_string(week));
  keys.epoch(week)->secret().read([&](ByteView secret) { vector.add("epoch_secret", secret); });
  vector.add("header", writer.header());
  const std::vector<std::string> said = {"Nos quitaron todo 👩‍👧\n", std::string(4000, 'x'),
                                         std::string(2, '\0')};
  for (std::size_t i = 0; i < said.size(); ++i) {
    const TurnRecords turn{make_record(ids, now, "what_happened", said[i]),
                           make_empty_record(ids, now)};
    const auto sealed = i + 1 < said.size() ? writer.seal(turn) : writer.finish(turn);
    vector.add("row", sealed.value().row);
    vector.add("testimony", turn.testimony.view());
    vector.add("identity", turn.identity.view());
  }
  return vector;
}

}  // namespace
}  // namespace resguardo

int main(int argc, char**) {
  if (argc != 1 || !resguardo::initialise_crypto().ok()) return 1;
  for (std::size_t reader = 0; reader < 3; ++reader)
    std::cout << resguardo::seal_one(reader).str() << "--\n";
  return std::cout.good() ? 0 : 1;
}
