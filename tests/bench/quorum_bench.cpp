// SPDX-License-Identifier: AGPL-3.0-or-later
// What it costs to begin a segment: both envelope sets and both streams, by who is to read.
//
//   quorum_bench [SEGMENTS]
//
// One segment in a conversation and in each half hour of silence; not measured: the turns.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "crypto/base/initialise.h"
#include "tests/support/must.h"
#include "tests/support/sealing_fixture.h"

using namespace resguardo;
using namespace resguardo::testing_support;

namespace {

void measure(const char* what, const Recipients& recipients, int segments) {
  using Clock = std::chrono::steady_clock;
  const auto slab = make_slab(1);
  SystemRandom ids;
  std::size_t header = 0;
  const auto begin = Clock::now();
  for (int i = 0; i < segments; ++i)
    header = must(SegmentWriter::begin(recipients, {ReportId{}, 0, Digest{}}, *slab, ids))
                 .header()
                 .size();
  const std::chrono::duration<double, std::micro> took = Clock::now() - begin;
  std::printf("%-40s %8.0f us a segment, header of %zu bytes\n", what, took.count() / segments,
              header);
}

}  // namespace

int main(int count, char** arguments) {
  const int segments = count > 1 ? std::atoi(arguments[1]) : 200;
  if (segments < 1 || !initialise_crypto().ok()) return 2;
  const Week week = parse_week("2026-W47").value();
  measure("ANY, 4 readers", make_readers(4, week).recipients, segments);
  measure("identity: 1 of 2 and 1 of 2", make_quorum_readers({1, 2, 1, 2}, week).recipients,
          segments);
  measure("identity: 2 of 3 and 2 of 3", make_quorum_readers({2, 3, 2, 3}, week).recipients,
          segments);
  measure("ANY, 33 readers", make_readers(33, week).recipients, segments);
  measure("identity: 31 of 31 and 1 of 2", make_quorum_readers({31, 31, 1, 2}, week).recipients,
          segments);
  return 0;
}
