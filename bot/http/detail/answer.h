// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bot/http/message.h"

namespace resguardo::http {

// The answer to one request, on its way from whoever handles it to the connection's thread. What
// is given twice, or after the connection lost interest, goes nowhere. Thread-safe.
class PendingAnswer {
 public:
  // `wake` is called under the lock, by give(), and never after abandon() has returned.
  explicit PendingAnswer(std::function<void()> wake) : wake_(std::move(wake)) {}

  void give(Response response) {
    const std::lock_guard lock(mutex_);
    if (!wake_) return;
    response_ = std::move(response);
    std::exchange(wake_, nullptr)();
  }
  void abandon() {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
  }
  std::optional<Response> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(response_, std::nullopt);
  }
  bool given() const {
    const std::lock_guard lock(mutex_);
    return response_.has_value();
  }

 private:
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::optional<Response> response_;
};

// The head of an answer. A status that is not in our table becomes 500; 4xx has no body, since
// refusals look alike; `close` says that no other answer follows on this connection.
struct AnswerText {
  std::string head;
  std::string body;
};
AnswerText answer_text(Response response, bool to_head_request, bool close);
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace resguardo::http
