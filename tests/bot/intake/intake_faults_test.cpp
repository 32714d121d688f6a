// SPDX-License-Identifier: AGPL-3.0-or-later
// A store that fails once, at every call there is, in both ways: nothing that was acknowledged is
// lost, nothing is sealed twice under one key and nonce, and the person always gets on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "crypto/format/bundle.h"
#include "proto/envelope.pb.h"
#include "tests/support/consent.h"
#include "tests/support/faulty_store.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using testing_support::FaultyStore;
using testing_support::World;
using testing_support::WorldOptions;

constexpr const char* kWho = "15550100001";

// What Meta does: the same delivery again until it is answered with 200.
bool deliver(World& world, const std::string& body, std::set<std::string>& refused) {
  for (int tries = 0; tries < 4; ++tries) {
    const unsigned status = world.post_whatsapp(body);
    if (status == 200) return true;
    EXPECT_EQ(status, 503U);
    refused.insert(body);
  }
  return false;
}

struct Walked {
  std::vector<std::string> told;  // acknowledged answers of the story
  std::size_t refusals = 0;
  std::string last;  // what was shown when the report was closed
};

// A person who answers whatever is asked: a story in three parts, else the first choice.
Walked walk(World& world) {
  Walked walked;
  std::set<std::string> refused;
  int message = 0;
  const auto say = [&](const std::string& text) {
    const std::string id = "wamid.walk." + std::to_string(++message);
    EXPECT_TRUE(deliver(world, world.whatsapp_text_body(kWho, id, text), refused)) << text;
    return world.replies(kWho);
  };
  auto shown = say("hola");
  for (int i = 0; i < 120 && world.store().reports().value().empty(); ++i) {
    if (shown.empty()) {
      shown = say("hola");
      continue;
    }
    const auto& last = shown.back();
    if (last.text.find("LISTO") != std::string::npos && walked.told.size() < 3) {
      const std::string part = "parte-" + std::to_string(walked.told.size()) + "-canario";
      walked.told.push_back(part);
      shown = say(part);
      if (shown.empty()) shown = {last};
    } else if (last.text.find("LISTO") != std::string::npos) {
      shown = say("LISTO");
    } else if (last.node == "consent") {
      shown = say("all");
    } else {
      shown = say("1");
    }
  }
  if (!shown.empty()) walked.last = shown.back().text;
  walked.refusals = refused.size();
  return walked;
}

// Every stream of every segment in the bundle has a header of its own: no two ciphertexts
// anywhere share key and nonce, because a state is pushed from once.
void expect_no_stream_twice(World& world) {
  const auto file = world.directory() / "streams.bundle";
  world.write_bundle_to(file);
  std::ifstream in(file, std::ios::binary);
  BundleReader reader(in);
  std::set<std::string> streams;
  std::size_t segments = 0;
  while (!reader.finished()) {
    const auto frame = reader.next();
    ASSERT_TRUE(frame.ok());
    if (!frame->has_segment()) continue;
    pb::SegmentHeader header;
    ASSERT_TRUE(header.ParseFromString(frame->segment().header()));
    streams.insert(header.testimony().stream_header());
    streams.insert(header.identity().stream_header());
    ++segments;
  }
  EXPECT_EQ(streams.size(), 2 * segments);
}

class FaultTest : public ::testing::TestWithParam<FaultyStore::Fate> {};

TEST_P(FaultTest, AtEveryCallNothingAcknowledgedIsLost) {
  bool reached = true;
  std::size_t failures = 0;
  for (std::size_t call = 1; reached; ++call) {
    std::optional<FaultyStore> faulty;
    WorldOptions options;
    options.analysts = 1;
    options.wrap = [&](storage::Store& inner) -> storage::Store& { return faulty.emplace(inner); };
    World world(options);
    const auto before = faulty->calls();  // of the start, which may fail: then nothing is served
    faulty->fail_at(before + call, GetParam());
    const Walked walked = walk(world);
    reached = faulty->calls() >= before + call;
    failures += walked.refusals;
    const auto reports = world.open(0);
    ASSERT_EQ(reports.size(), 1U) << "call " << call;
    EXPECT_TRUE(reports[0].whole) << "call " << call;
    EXPECT_THAT(walked.last, ::testing::ContainsRegex("[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}"))
        << "call " << call << ": the receipt was not shown";
    std::string all;
    for (const auto& record : reports[0].testimony) all += record.SerializeAsString();
    for (const std::string& told : walked.told)
      EXPECT_NE(all.find(told), std::string::npos) << "call " << call << ": " << told;
    expect_no_stream_twice(world);
    if (HasFailure()) return;
  }
  EXPECT_GT(failures, 20U);  // the faults were met
}

// A person whom Meta begins to name by another id in the very turn whose commit fails.
TEST_P(FaultTest, AFailingTurnUnderASecondNameLosesNobody) {
  std::optional<FaultyStore> faulty;
  WorldOptions options;
  options.wrap = [&](storage::Store& inner) -> storage::Store& { return faulty.emplace(inner); };
  World world(options);
  const std::string consent = R"({"type":"interactive","interactive":{"type":"button_reply",)"
                              R"("button_reply":{"id":"consent:all","title":"x"}}})";
  ASSERT_NO_FATAL_FAILURE(testing_support::walk_to_consent(world, kWho));
  ASSERT_EQ(world.send_whatsapp(kWho, consent), 200U);
  const std::string renamed =
      R"({"type":"text","text":{"body":"hola"},"from_user_id":"US.abc123"})";
  const auto before = faulty->calls();
  faulty->fail_at(before + 2, GetParam());  // seen, then submit
  ASSERT_EQ(world.send_whatsapp(kWho, renamed), 503U);
  ASSERT_EQ(world.send_whatsapp(kWho, renamed), 200U);
  EXPECT_EQ(world.counters().stored, 2U);  // still the same report, not a stranger
  EXPECT_THAT(world.store().open_reports().value(), ::testing::SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(BothWays, FaultTest,
                         ::testing::Values(FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter));

}  // namespace
}  // namespace resguardo::intake
