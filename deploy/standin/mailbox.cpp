// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/mailbox.h"

#include <algorithm>

namespace resguardo::standin {

Mailbox::Mailbox(const std::string& record_file) {
  if (!record_file.empty()) record_.open(record_file, std::ios::app);
}

void Mailbox::on_message(std::function<void(const BotMessage&)> show) {
  const std::lock_guard lock(show_mutex_);
  show_ = std::move(show);
}

void Mailbox::deliver(const BotMessage& message) {
  {
    const std::lock_guard lock(mutex_);
    Phone& to = phone(message.channel, message.person);
    to.unread.push_back(message);
    order_.emplace_back(message.channel, message.person);
    if (message.channel == Channel::kWhatsApp) delivered_.push_back(message);
    if (!message.choices.empty()) to.offered = message;
  }
  arrived_.notify_all();
  record(to_json(message));
  const std::lock_guard lock(show_mutex_);
  if (show_) show_(message);
}

void Mailbox::record(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (record_.is_open()) record_ << line << '\n' << std::flush;
}

std::optional<BotMessage> Mailbox::read(Channel channel, const std::string& person,
                                        std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  Phone& from = phone(channel, person);
  if (!arrived_.wait_for(lock, patience, [&] { return !from.unread.empty(); })) {
    return std::nullopt;
  }
  return take_from(channel, person);
}

std::optional<BotMessage> Mailbox::read_any(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!arrived_.wait_for(lock, patience, [&] { return !order_.empty(); })) return std::nullopt;
  const auto [channel, person] = order_.front();
  return take_from(channel, person);
}

BotMessage Mailbox::take_from(Channel channel, const std::string& person) {
  auto& unread = phone(channel, person).unread;
  order_.erase(std::find(order_.begin(), order_.end(), std::pair(channel, person)));
  BotMessage message = std::move(unread.front());
  unread.pop_front();
  return message;
}

std::vector<BotMessage> Mailbox::take_delivered() {
  const std::lock_guard lock(mutex_);
  return std::exchange(delivered_, {});
}

std::size_t Mailbox::unread(Channel channel, const std::string& person) {
  const std::lock_guard lock(mutex_);
  return phone(channel, person).unread.size();
}

std::optional<BotMessage> Mailbox::offered(Channel channel, const std::string& person) {
  const std::lock_guard lock(mutex_);
  return phone(channel, person).offered;
}

void Mailbox::wrote(Channel channel, const std::string& person) {
  const std::lock_guard lock(mutex_);
  phone(channel, person).wrote = true;
}

bool Mailbox::has_written(Channel channel, const std::string& person) {
  const std::lock_guard lock(mutex_);
  return phone(channel, person).wrote;
}

void Mailbox::set_timer(const std::string& person, std::uint32_t seconds) {
  const std::lock_guard lock(mutex_);
  phone(Channel::kSignal, person).timer = seconds;
}

std::uint32_t Mailbox::timer(const std::string& person) {
  const std::lock_guard lock(mutex_);
  return phone(Channel::kSignal, person).timer;
}

}  // namespace resguardo::standin
