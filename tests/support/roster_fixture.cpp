// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/roster_fixture.h"
#include "tests/support/must.h"

#include <stdexcept>
#include <utility>

namespace resguardo::testing_support {
FixtureAnalyst make_analyst(const std::string& label, const RosterFixtureOptions& options) {
  SystemRandom ids;
  open::EpochListPlan plan;
  plan.member = ids.make<MemberId>();
  open::AnalystKeys keys(plan.member, must(open::SecretKey<AnalystRole>::generate()));
  for (std::uint32_t i = 0; i < options.weeks; ++i) {
    const Week week{options.first_week.number + static_cast<std::int32_t>(i)};
    auto key = must(open::SecretKey<EpochRole>::generate());
    plan.keys.emplace(week, key.public_key());
    keys.add_epoch(week, std::move(key));
  }
  if (options.reserve) {
    auto key = must(open::SecretKey<EpochRole>::generate());
    plan.reserve = key.public_key();
    keys.set_reserve(std::move(key));
  }
  Bytes list = must(open::sign_epoch_list(plan, keys.identity()));
  const auto identity = keys.identity().public_key();
  return {std::move(keys), {plan.member, label, identity, std::move(list)}};
}

RosterFixture make_roster(const RosterFixtureOptions& options) {
  SystemRandom ids;
  auto root = must(open::SecretKey<RootRole>::generate());
  auto draft = open::RosterDraft::first();
  std::vector<open::AnalystKeys> analysts;
  for (std::size_t i = 0; i < options.analysts; ++i) {
    auto analyst = make_analyst("analyst " + std::to_string(i), options);
    must(draft.add_member(analyst.half, "Test organisation", {}, ids));
    analysts.push_back(std::move(analyst.keys));
  }
  const Day start = monday_of(options.first_week);
  draft.set_terms({start, Day{start.number + options.valid_days}, options.log_keys,
                   options.log_origin, std::nullopt});
  std::string file = must(draft.sign(root));
  auto roster = must(
      VerifiedRoster::verify(as_bytes(file), root.public_key(), start_of(start), std::nullopt));
  return {std::move(root), std::move(analysts), std::move(file), std::move(roster)};
}

}  // namespace resguardo::testing_support
