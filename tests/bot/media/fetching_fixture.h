// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/media/fetching.h"
#include "storage/memory_store.h"
#include "tests/support/faulty_store.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::media {

// Out of line: g++ 12 warns falsely where it sees through "x" + std::to_string(n).
std::string named(std::string_view stem, std::size_t number);

class SetClock final : public Clock {
 public:
  TimePoint now() const override { return time; }
  TimePoint time{std::chrono::milliseconds(1'795'255'200'000)};
};

// Gives answers in the order they were laid down, and writes down what was asked.
class ScriptedCaller final : public Caller {
 public:
  struct Answer {
    unsigned status = 200;
    std::string body;
    bool cut = false;  // after the body: the connection
  };
  gateway::CallAnswer call(const std::string& base, gateway::OutboundCall call, std::size_t limit,
                           OnPiece on_piece) override;
  std::deque<Answer> answers;  // none left: no answer
  std::vector<std::string> asked;
  std::size_t piece = 7;
};

// A store in memory with an open report, two messengers, and an analyst.
class FetchingTest : public ::testing::Test {
 protected:
  FetchingTest();

  // A turn takes a file of that messenger for report `number`.
  storage::PendingMedia take(std::uint8_t number, const std::string& messenger,
                             const std::string& reference, std::string_view content = "hello",
                             bool identity = false);
  void close_report();
  void erase_report();
  void end_report(storage::ReportChange change, std::vector<storage::DedupeTag> delivered);
  // Everything that is due now.
  void work(std::size_t messenger = 0);
  void pass(std::chrono::milliseconds time) { clock_.time += time; }
  void begin();  // anew, as after a restart
  storage::Store& store() { return faulty_; }

  // The media entries of all addenda, and with them what was kept.
  struct Brought {
    bool lost = false;
    std::string content;  // opened, bit for bit
    std::string file_name;
    bool identity = false;
    MediaId id;
  };
  std::vector<Brought> brought();  // closes the report first, if it is open

  std::vector<std::string> waiting();

  SetClock clock_;
  testing_support::SeededRandom random_{5};
  testing_support::TestReaders readers_;
  std::unique_ptr<storage::Store> memory_ = storage::make_memory_store();
  testing_support::FaultyStore faulty_{*memory_};
  std::vector<std::unique_ptr<gateway::Gateway>> gateways_;
  std::unique_ptr<AddendumSealer> sealer_;
  std::unique_ptr<Fetching> fetching_;
  ScriptedCaller caller_;
  std::uint64_t free_ = std::uint64_t{1} << 40;
  std::uint64_t most_ = 1000;
  bool sealing_ = true;
  std::string folder_;
  std::vector<WhyLost> told_lost_;
  ReportId report_;
  std::uint64_t turns_ = 0;
  bool open_ = true;
};

}  // namespace resguardo::media
