// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/http_caller.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "bot/http/client.h"

namespace resguardo::media {
namespace {

constexpr std::chrono::seconds kGrace{60};
constexpr std::uint64_t kLeastRate = 2048;  // bytes a second, after that

class WaitingCaller final : public HttpCaller {
 public:
  explicit WaitingCaller(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}

  gateway::CallAnswer call(const std::string& base, gateway::OutboundCall call,
                           std::size_t answer_limit, OnPiece on_piece) override {
    if (!begin()) return {};
    http::ClientRequest request;
    request.base = base;
    request.method = std::move(call.method);
    request.path = std::move(call.path);
    for (auto& header : call.headers)
      request.headers.push_back({std::move(header.name), std::move(header.value)});
    request.body = std::move(call.body);
    request.answer_limit = answer_limit;
    if (on_piece) request.on_piece = in_time(std::move(on_piece));
    client_->send(std::move(request), [this](http::ClientAnswer answer) {
      const std::lock_guard lock(mutex_);
      answer_ = std::move(answer);
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return answer_ || stopped_; });
    if (!answer_) {
      lock.unlock();
      client_.reset();  // no piece comes after
      return {};
    }
    return {answer_->status, std::move(answer_->body)};
  }

  void stop() override {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  // A file that trickles would keep the others waiting: it is broken off, and tried again later.
  static OnPiece in_time(OnPiece on_piece) {
    using Steady = std::chrono::steady_clock;
    return [on_piece = std::move(on_piece), begun = Steady::now(),
            bytes = std::uint64_t{0}](ByteView piece) mutable {
      bytes += piece.size();
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Steady::now() - begun);
      if (seconds > kGrace && bytes < static_cast<std::uint64_t>(seconds.count()) * kLeastRate)
        return false;
      return on_piece(piece);
    };
  }

  bool begin() {
    const std::lock_guard lock(mutex_);
    answer_.reset();
    return !stopped_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<http::ClientAnswer> answer_;
  bool stopped_ = false;
  std::unique_ptr<http::Client> client_;  // the caller's thread's
};

}  // namespace

Result<std::unique_ptr<HttpCaller>> HttpCaller::create(const std::string& ca_file) {
  http::ClientConfig config;
  config.ca_file = ca_file;
  config.connections_per_host = 1;
  RESGUARDO_TRY(auto client, http::Client::create(config));
  return std::unique_ptr<HttpCaller>(std::make_unique<WaitingCaller>(std::move(client)));
}

}  // namespace resguardo::media
