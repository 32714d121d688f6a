// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "deploy/standin/failures.h"
#include "deploy/standin/file_shelf.h"
#include "deploy/standin/mailbox.h"

namespace resguardo::standin {

// What signal-cli does for an account, however it is spoken to. Thread-safe.
class SignalAccount {
 public:
  SignalAccount(const Settings& settings, Mailbox& mailbox, FileShelf& files)
      : settings_(settings), mailbox_(mailbox), files_(files) {}

  // The message's timestamp: its id.
  std::uint64_t send(const std::string& recipient, const std::string& text);
  void set_timer(const std::string& recipient, std::uint32_t seconds);
  void unsend(const std::string& recipient, std::uint64_t timestamp);
  void forget(const std::string& recipient);

  const std::string& account() const { return settings_.account; }
  FileShelf& files() { return files_; }
  Failures& failures() { return failures_; }  // HTTP's 429 and the like; for the daemon 429 is -5

 private:
  const Settings& settings_;
  Mailbox& mailbox_;
  FileShelf& files_;
  Failures failures_;
  std::mutex mutex_;
  std::uint64_t last_timestamp_ = 0;
};

}  // namespace resguardo::standin
