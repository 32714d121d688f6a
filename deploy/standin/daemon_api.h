// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <boost/json/fwd.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "deploy/standin/listener.h"
#include "deploy/standin/signal_account.h"

namespace resguardo::standin {

// signal-cli's own HTTP daemon in receive mode on-connection: JSON-RPC, its stream of events, check
// (gateways.md §1). What people write while nobody listens waits, as it would on Signal's servers;
// what is on its way when a connection breaks is lost.
class DaemonApi {
 public:
  explicit DaemonApi(SignalAccount& account) : account_(account) {}
  static bool knows(const std::string& target) { return target.starts_with("/api/v1/"); }
  // A stream lasts until its caller goes, or stop().
  void answer(const http::Request& request, Caller& caller);
  http::Response rpc(const http::Request& request);  // POST /api/v1/rpc
  // `event`: {"envelope": …, "account": …} in one line.
  void receive(std::string event);
  // Whether what people write over Signal goes this way, and not to the webhook.
  void use(bool in_use) { in_use_ = in_use; }
  bool in_use() const { return in_use_; }
  bool listened();  // somebody is attached
  void cut_streams();
  void stop();

 private:
  boost::json::object result_of(const boost::json::object& request);
  void stream(Caller& caller);

  SignalAccount& account_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  unsigned listening_ = 0;
  std::uint64_t cuts_ = 0;
  std::atomic<bool> in_use_ = false;
  bool stopping_ = false;
};

}  // namespace resguardo::standin
