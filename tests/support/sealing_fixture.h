// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "crypto/open/analyst_keys.h"
#include "crypto/seal/segment_writer.h"

// Link resguardo::sealing_fixture. Fresh keys at every call; a failure throws.
namespace resguardo::testing_support {

struct TestReaders {
  Recipients recipients;
  std::vector<open::AnalystKeys> keys;  // in the recipients' order
};

// `count` analysts who can each open both compartments of `week`'s segments.
TestReaders make_readers(int count, Week week);

// The same people, the first `house` of them of one organisation and the others of another, of
// whom it takes so many to open `stream`. A threshold of 0: there is no such organisation.
struct QuorumPlan {
  std::uint32_t house_threshold = 1, house = 1;
  std::uint32_t clinic_threshold = 1, clinic = 1;
};
TestReaders make_quorum_readers(const QuorumPlan& plan, Week week,
                                StreamId stream = StreamId::kIdentity);

// A record with one Answer entry (`node`, `text`), and one that says nothing.
SecretBuffer make_record(RandomSource& ids, TimePoint time, std::string_view node,
                         std::string_view text);
SecretBuffer make_empty_record(RandomSource& ids, TimePoint time);

// A turn that says `text` in the testimony and nothing in the identity.
TurnRecords make_turn(RandomSource& ids, TimePoint time, std::string_view text);

std::unique_ptr<LockedSlab> make_slab(std::size_t writers);

}  // namespace resguardo::testing_support
