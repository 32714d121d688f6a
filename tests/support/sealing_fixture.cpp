// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/sealing_fixture.h"

#include <stdexcept>

#include "crypto/format/record_writer.h"
#include "tests/support/must.h"
#include "tests/support/seeded_random.h"

namespace resguardo::testing_support {
TestReaders make_readers(int count, Week week) {
  SeededRandom ids(static_cast<std::uint64_t>(count));
  TestReaders readers{
      {week, ids.make<Digest>(), ids.make<Digest>(), {PolicyType::kAny, PolicyType::kAny}, {}, {}},
      {}};
  for (int i = 0; i < count; ++i) {
    const auto member = ids.make<MemberId>();
    auto epoch = must(open::SecretKey<EpochRole>::generate());
    for (auto& members : readers.recipients.members)
      members.push_back(Recipient{member, epoch.public_key(), false, 0});
    auto& keys = readers.keys.emplace_back(member, must(open::SecretKey<AnalystRole>::generate()));
    keys.add_epoch(week, std::move(epoch));
  }
  return readers;
}

TestReaders make_quorum_readers(const QuorumPlan& plan, Week week, StreamId stream) {
  TestReaders readers = make_readers(static_cast<int>(plan.house + plan.clinic), week);
  const auto index = static_cast<std::size_t>(stream);
  readers.recipients.policy[index] = PolicyType::kQuorum;
  auto& groups = readers.recipients.groups[index];
  SeededRandom ids(9);
  for (const std::uint32_t threshold : {plan.house_threshold, plan.clinic_threshold})
    if (threshold > 0) groups.push_back({ids.make<MemberId>(), threshold});
  auto& members = readers.recipients.members[index];
  for (std::size_t i = plan.house; i < members.size(); ++i) members[i].group = 1;
  return readers;
}

SecretBuffer make_record(RandomSource& ids, TimePoint time, std::string_view node,
                         std::string_view text) {
  constexpr std::uint32_t kAnswer = 1;
  constexpr std::uint32_t kNode = 1;
  constexpr std::uint32_t kText = 6;
  std::array<std::uint8_t, 16> salt{};
  ids.fill(salt);
  RecordWriter record(salt, time, {});
  WireWriter answer;
  answer.text(kNode, node);
  answer.text(kText, text);
  record.entry(kAnswer, answer);
  return record.finish();
}

SecretBuffer make_empty_record(RandomSource& ids, TimePoint time) {
  std::array<std::uint8_t, 16> salt{};
  ids.fill(salt);
  return RecordWriter(salt, time, {}).finish();
}

TurnRecords make_turn(RandomSource& ids, TimePoint time, std::string_view text) {
  return {make_record(ids, time, "what_happened", text), make_empty_record(ids, time)};
}

std::unique_ptr<LockedSlab> make_slab(std::size_t writers) {
  return must(LockedSlab::create(SegmentWriter::cell_size(), writers));
}

}  // namespace resguardo::testing_support
