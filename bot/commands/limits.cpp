// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/limits.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace resguardo::commands {
namespace {

constexpr rlim_t kListeners = 3;
constexpr rlim_t kOthers = 256;  // descriptors that are nobody's connection
// What large bodies take together before they are known to be authentic.
constexpr std::size_t kBodies = std::size_t{64} * 1024 * 1024;
constexpr std::size_t kLargestBodies = 4;  // that always fit
// Much less than messengers wait for an answer.
constexpr std::chrono::milliseconds kStrangersWait{5000};

}  // namespace

void raise_descriptors(std::size_t connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = kListeners * connections + kOthers;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, wanted));
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));  // or there are fewer: see below
}

std::size_t connections_of_each(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t others = std::min<rlim_t>(kOthers, limit.rlim_cur / 2);
  const rlim_t room = (limit.rlim_cur - others) / kListeners;
  return std::min<std::size_t>(wanted, std::max<rlim_t>(1, room));
}

std::optional<program::Problem> too_few_descriptors(const config::Config& config) {
  const rlim_t wanted = kListeners * config.limits.connections + kOthers;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max >= wanted) return std::nullopt;
  return program::Problem{"[limits] connections",
                          "take up to " + std::to_string(wanted) + " open files, and " +
                              std::to_string(limit.rlim_max) +
                              " are allowed to who runs this: there will be fewer connections",
                          "raise LimitNOFILE= (ulimit -Hn), or lower it"};
}

http::ServerConfig server_settings(const config::Config& config) {
  http::ServerConfig server;
  server.threads = config.server.threads;
  server.trusted_proxies = config.server.trusted_proxies;
  if (config.server.forwarded_header == "forwarded")
    server.forwarded_by = http::ForwardedBy::kForwarded;
  server.idle = std::chrono::seconds(config.limits.idle_seconds);
  server.request = std::chrono::seconds(config.limits.request_seconds);
  server.bodies = std::max<std::size_t>(kBodies, kLargestBodies * config.limits.body_bytes);
  return server;
}

intake::Allowances::Limits allowances(const config::Config& config) {
  const auto half_of = [](std::uint32_t messages_per_second, std::chrono::milliseconds patience) {
    intake::Allowances::Strangers strangers{.patience = patience};
    if (messages_per_second > 0)
      strangers.every = std::chrono::microseconds(std::chrono::seconds(2)) / messages_per_second;
    return strangers;
  };
  intake::Allowances::Limits limits{.per_minute = config.limits.per_sender_per_minute};
  if (config.whatsapp)
    limits.strangers[static_cast<std::size_t>(gateway::Channel::kWhatsApp)] =
        half_of(config.whatsapp->messages_per_second, kStrangersWait);
  if (config.signal)  // signal-cli's stream is read in its order: nobody waits behind a stranger
    limits.strangers[static_cast<std::size_t>(gateway::Channel::kSignal)] =
        half_of(config.signal->messages_per_second,
                config.signal->mode == "jsonrpc" ? std::chrono::milliseconds(0) : kStrangersWait);
  return limits;
}

}  // namespace resguardo::commands
