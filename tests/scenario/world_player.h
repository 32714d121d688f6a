// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenario/ledger.h"
#include "tests/scenario/phone.h"
#include "tests/scenario/told.h"
#include "tests/scenario/transcript.h"
#include "tests/support/world.h"

namespace resguardo::testing_support {

// Plays a transcript through the whole bot (World): what the person says goes in at the webhook,
// what the messenger would show is what the transcript's expectations are about. The engine alone
// runs beside it, and every reply must be its prompt. At the end the world's account is closed:
//
// - each report was sealed as the engine gave it, field for field, in as many segments as it must;
// - reports that are still open are finished, and every closed one comes back from a bundle, the
//   same to both analysts; what was left or erased is in no bundle;
// - neither CANARY nor the sender is in a file, in an opened table or in a reply;
// - without consent no table holds anything.
class WorldPlayer {
 public:
  enum class Delivery : std::uint8_t {
    kAsWritten,
    // Over WhatsApp, up to four messages in a post, every post twice, and all of them once more at
    // the end. Expectations about single replies are not looked at.
    kBatchedTwiceAndLate,
  };
  // `form` is compiled once by who plays many; without it each world compiles the short one.
  explicit WorldPlayer(Delivery delivery, std::shared_ptr<const dialogue::Form> form = nullptr)
      : delivery_(delivery), form_(std::move(form)) {}
  ~WorldPlayer();

  // Every expectation that fails is one text.
  std::vector<std::string> play(const Transcript& transcript);

  // The same in steps, for who decides on the next line when the prompt is there. begin() looks at
  // the channel and the settings; end() wants all lines again, to hunt for what they say.
  void begin(const Transcript& transcript);
  void next(const TranscriptLine& line);
  std::vector<std::string> end(const Transcript& transcript);
  const std::optional<dialogue::Prompt>& asked() const { return twin_.prompt; }

  static bool playable(const Transcript& transcript);  // "only engine", "channel plain": no

  World& world() { return *world_; }
  const Ledger& ledger() const { return ledger_; }
  const Phone& phone() const { return *phone_; }
  const std::vector<ToldReport>& told() const { return told_; }

 private:
  void act(dialogue::Said said);
  void step_twin(const dialogue::Said& said);
  void note_change(const dialogue::Said& said);
  void note_told(const dialogue::Step& step);
  void deliver();
  void post(const std::string& body);
  void compare_replies();
  void expect(const TranscriptLine& line);
  void expect_shown(const TranscriptLine& line);
  void expect_effect(const std::string& effect);
  void finish_report();
  void close_account(const Transcript& transcript);
  void check_report(const ToldReport& told, const Ledger::Report& sealed);
  void check_disk(const Transcript& transcript);
  void fail(const std::string& what);
  bool as_written() const { return delivery_ == Delivery::kAsWritten; }
  std::size_t sealed() const;

  Delivery delivery_;
  std::shared_ptr<const dialogue::Form> form_;
  Ledger ledger_;
  std::unique_ptr<storage::Store> front_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Phone> phone_;
  std::size_t line_ = 0;

  dialogue::Settings settings_;
  dialogue::Step twin_;  // the engine alone
  bool awake_ = true;
  std::vector<dialogue::Prompt> due_;    // what the twin said since the last delivery
  std::vector<dialogue::Said> waiting_;  // not posted yet
  std::vector<std::string> posted_;      // since the last restart
  std::vector<Shown> shown_;             // by the last delivery
  bool unsaid_ = false;                  // the last act is one that no webhook can do

  bool answered_ = false;  // the last message that changes no other was an answer
  Changed changed_ = Changed::kAnswers;

  std::vector<ToldReport> told_;
  std::optional<std::size_t> open_;
  TimePoint last_sealed_;
  std::size_t reports_before_ = 0;  // before the last delivery
  std::size_t open_before_ = 0;
  std::vector<std::string> failures_;
};

}  // namespace resguardo::testing_support
