// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bot/gateway/event.h"
#include "bot/outbox/queue.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"

namespace resguardo::intake {

class ReplySink;

// Whom to tell that a file of theirs could not be kept after all. In memory only, by report, while
// it is open; bounded, the oldest forgotten first. Who has just written is told at once; everybody
// else when they write next, so that no phone lights up that may be in other hands. Thread-safe.
class LostFiles : public std::enable_shared_from_this<LostFiles> {
 public:
  explicit LostFiles(ReplySink& replies, std::size_t limit = 4096,
                     std::chrono::minutes awake = std::chrono::minutes(30))
      : replies_(replies), limit_(limit), awake_(awake) {}

  enum class Loss : std::uint8_t { kNone, kGone, kTooLarge };
  struct Texts {
    std::string gone;
    std::string too_large;
  };
  // A turn of this report has taken a file; `texts` is what its person would be told.
  void watch(const ReportId& report, const outbox::Person& person, const gateway::Sender& to,
             Texts texts, TimePoint now);
  // Its person has written again. What they are to be told now.
  Loss heard(const ReportId& report, TimePoint now);
  void told(const ReportId& report);
  // Its person left, or is done, or may be somebody else: nobody is told.
  void forget(const ReportId& report);
  // What was told at once is taken back, where the messenger can.
  void take_back(const ReportId& report);
  // A file of it is lost.
  void lost(const ReportId& report, TimePoint now, Loss loss = Loss::kGone);

 private:
  struct Watch {
    std::optional<outbox::Person> person;  // nothing: it was lost before anybody wrote
    gateway::Sender to;
    Texts texts;
    TimePoint heard;
    Loss owed = Loss::kNone;
    std::vector<SecretText> told;  // our messages that said so at once
    std::list<ReportId>::iterator place;
  };
  Watch& at(const ReportId& report);
  void sent(const ReportId& report, const outbox::Person& person, const gateway::Sender& to,
            const SecretText& our_id);

  ReplySink& replies_;
  std::size_t limit_;
  std::chrono::minutes awake_;
  std::mutex mutex_;
  std::map<ReportId, Watch> watches_;
  std::list<ReportId> order_;
};

}  // namespace resguardo::intake
