// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/subscription.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "bot/commands/messenger_ports.h"
#include "bot/gateway/event_stream.h"
#include "bot/http/client.h"

namespace resguardo::commands {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHeadWithin{20'000};
constexpr milliseconds kLongestSilence{50'000};  // signal-cli writes every 15 s
constexpr milliseconds kFirstWait{1'000};
constexpr milliseconds kLongestWait{60'000};
constexpr milliseconds kBetweenTries{1'000};  // of storing one event
constexpr int kMostTries = 30;                // while the store takes others
// A stop reads on while something comes: what the daemon has written is nowhere else any more.
constexpr milliseconds kNothingMore{300};
constexpr milliseconds kLongestDrain{20'000};

// Up to half as long again, so that many do not come back together.
milliseconds with_jitter(milliseconds wait, RandomSource& random) {
  return wait + milliseconds(random.below(static_cast<std::uint32_t>(wait.count() / 2 + 1)));
}

// What became of the events of one piece of data.
class Delivered {
 public:
  explicit Delivered(std::size_t events) : left_(events) {}
  void settled(intake::Outcome outcome) {
    const std::lock_guard lock(mutex_);
    stored_ = stored_ && outcome != intake::Outcome::kUnavailable;
    --left_;
    changed_.notify_all();
  }
  bool wait() {  // whether all are stored
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return left_ == 0; });
    return stored_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t left_;
  bool stored_ = true;
};

class RunningSubscription final : public Subscription {
 public:
  RunningSubscription(SubscriptionParts parts, std::unique_ptr<http::Client> client)
      : parts_(std::move(parts)), client_(std::move(client)) {}
  RunningSubscription(const RunningSubscription&) = delete;
  RunningSubscription& operator=(const RunningSubscription&) = delete;
  ~RunningSubscription() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    client_.reset();  // no piece comes after
  }
  void begin() override {
    thread_ = std::thread([this] { run(); });
  }
  State state() const override {
    const std::lock_guard lock(mutex_);
    return state_;
  }

 private:
  void run() {
    milliseconds wait = kFirstWait;
    for (;;) {
      listen();
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || ended_; });
      if (stopping_) return drain(lock);
      if (std::exchange(was_connected_, false)) wait = kFirstWait;
      const auto pause = with_jitter(wait, parts_.jitter);
      if (changed_.wait_for(lock, pause, [this] { return stopping_; })) return;
      wait = std::min(2 * wait, kLongestWait);
    }
  }

  void drain(std::unique_lock<std::mutex>& lock) {
    const auto until = std::chrono::steady_clock::now() + kLongestDrain;
    std::uint64_t before = 0;
    while (!ended_ && std::chrono::steady_clock::now() < until) {
      before = events_;
      changed_.wait_for(lock, kNothingMore, [&] { return ended_; });
      if (events_ == before && !taking_) return;
    }
  }

  void listen() {
    stream_.emplace();
    {
      const std::lock_guard lock(mutex_);
      ended_ = false;
    }
    auto request = request_of(*parts_.gateway.subscribe(), parts_.api_base);
    request.timeout = kHeadWithin;
    request.silence = kLongestSilence;
    request.answer_limit = std::numeric_limits<std::size_t>::max();
    request.on_piece = [this](ByteView piece) { return take(piece); };
    client_->send(std::move(request), [this](const http::ClientAnswer& answer) { end(answer); });
  }

  void end(const http::ClientAnswer& answer) {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (stream_->inside_event()) lost();  // the daemon does not give it again
    const bool refused = answer.status >= 300 && answer.status < 500;
    state_ = refused ? State::kRefused : State::kConnecting;
    changed_.notify_all();
  }

  // On the client's thread, which has nothing else to do: while it waits nothing is read.
  bool take(ByteView piece) {
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kConnected;
      was_connected_ = true;
      taking_ = true;
    }
    const bool taken = take_events(piece);
    const std::lock_guard lock(mutex_);
    taking_ = false;
    changed_.notify_all();
    return taken;
  }

  bool take_events(ByteView piece) {
    const auto events = stream_->add(piece);
    if (!events.ok()) {
      ++parts_.counters.refused;
      return false;
    }
    {
      const std::lock_guard lock(mutex_);
      events_ += events->size();  // signs of life are none
    }
    return std::ranges::all_of(*events, [this](const SecretBuffer& data) { return deliver(data); });
  }

  // Again and again until it is stored: what is stored already is a duplicate. False: we stop.
  bool deliver(const SecretBuffer& data) {
    for (int tries = 1;; ++tries) {
      if (hand_over(data, tries == 1)) return true;
      std::unique_lock lock(mutex_);
      const bool stopping = changed_.wait_for(lock, kBetweenTries, [this] { return stopping_; });
      // Where the store takes what others write, it is this event that is in the way: of all of
      // them.
      if (stopping || (tries > kMostTries && parts_.store_takes())) {
        lost();
        return !stopping;
      }
    }
  }

  void lost() {
    ++parts_.counters.lost;
    parts_.intake.doubt(parts_.gateway.channel(), parts_.clock.now());
  }

  bool hand_over(const SecretBuffer& data, bool first) {
    const TimePoint now = parts_.clock.now();
    auto delivery = parts_.gateway.take_streamed(SecretBuffer(data.view()), now);
    if (first) {
      ++parts_.counters.posts;
      parts_.counters.ignored += delivery.ignored;
      parts_.counters.refused += delivery.refused;
      parts_.counters.stale += delivery.stale;
    }
    const auto delivered = std::make_shared<Delivered>(delivery.events.size());
    for (auto& event : delivery.events)
      parts_.intake.handle(
          std::move(event), now,
          [delivered](intake::Outcome outcome, const std::function<void()>& release) {
            release();
            delivered->settled(outcome);
          });
    return delivered->wait();
  }

  const SubscriptionParts parts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kConnecting;
  bool stopping_ = false;
  bool ended_ = false;
  bool was_connected_ = false;
  bool taking_ = false;                         // a piece is on its way in
  std::uint64_t events_ = 0;                    // that have come
  std::optional<gateway::EventStream> stream_;  // between listen() and end(): the client's thread
  std::unique_ptr<http::Client> client_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Subscription>> Subscription::create(SubscriptionParts parts) {
  RESGUARDO_TRY(auto client, http::Client::create({}));
  return std::unique_ptr<Subscription>(
      std::make_unique<RunningSubscription>(std::move(parts), std::move(client)));
}

}  // namespace resguardo::commands
