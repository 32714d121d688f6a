// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bot/http/server.h"

namespace resguardo::http::testing {

inline constexpr std::size_t kBodyLimit = 1000;

// Requests whose answers the test gives when it likes, on a thread it likes.
class HeldRequests {
 public:
  struct Held {
    Request request;
    Respond respond;
  };
  void push(Held held) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(held));
    changed_.notify_all();
  }
  Held wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !held_.empty(); })) {
      throw std::runtime_error("no request came");
    }
    Held first = std::move(held_.front());
    held_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Held> held_;
};

// Routes: POST /echo answers with its body, POST /hold waits for the test, GET /small says "small",
// POST /headers lists what it got. Bodies up to kBodyLimit.
class HttpFixture {
 public:
  HttpFixture();
  ServerConfig config(const std::string& address = "127.0.0.1:0");
  void start(ServerConfig config);
  void start() { start(config()); }
  std::uint16_t port() const { return server->port("test"); }

  HeldRequests held;
  std::unique_ptr<Server> server;

 private:
  Route echo_;
  Route hold_;
  Route small_;
  Route headers_;
};

std::string post(std::string_view target, std::string_view body);
std::string get(std::string_view target);

}  // namespace resguardo::http::testing
