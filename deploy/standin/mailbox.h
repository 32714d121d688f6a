// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "deploy/standin/model.h"

namespace resguardo::standin {

// The phones: what the bot sent to whom, in order, read or not. Thread-safe.
class Mailbox {
 public:
  explicit Mailbox(const std::string& record_file);

  // Called for each message as it comes, on the server's thread.
  void on_message(std::function<void(const BotMessage&)> show);
  void deliver(const BotMessage& message);
  // Appends a line to the record file, if there is one.
  void record(const std::string& line);

  // The oldest unread message to that person, waiting for one as long as `patience`.
  std::optional<BotMessage> read(Channel channel, const std::string& person,
                                 std::chrono::milliseconds patience);
  // The same of anybody; the one that came first.
  std::optional<BotMessage> read_any(std::chrono::milliseconds patience);
  // Messages over WhatsApp since the last call: they are delivered.
  std::vector<BotMessage> take_delivered();
  std::size_t unread(Channel channel, const std::string& person);
  // The newest message that offered choices.
  std::optional<BotMessage> offered(Channel channel, const std::string& person);

  // A person wrote: WhatsApp's 24 hours begin.
  void wrote(Channel channel, const std::string& person);
  bool has_written(Channel channel, const std::string& person);
  // Signal's disappearing timer of a conversation, in seconds.
  void set_timer(const std::string& person, std::uint32_t seconds);
  std::uint32_t timer(const std::string& person);

 private:
  struct Phone {
    std::deque<BotMessage> unread;
    std::optional<BotMessage> offered;
    bool wrote = false;
    std::uint32_t timer = 0;
  };
  BotMessage take_from(Channel channel, const std::string& person);  // under the lock
  Phone& phone(Channel channel, const std::string& person) { return phones_[{channel, person}]; }

  std::deque<std::pair<Channel, std::string>> order_;  // of unread messages
  std::vector<BotMessage> delivered_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::pair<Channel, std::string>, Phone> phones_;
  std::mutex show_mutex_;
  std::function<void(const BotMessage&)> show_;
  std::ofstream record_;
};

}  // namespace resguardo::standin
