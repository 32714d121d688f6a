// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/outbox.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "bot/outbox/errands.h"

namespace resguardo::outbox {
namespace {

// Shared with callbacks that may come after the outbox is gone.
struct Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_ptr<Queue> queue;
  Errands errands;
  std::vector<const gateway::Gateway*> gateways;
  std::size_t under_way = 0;
  bool stopping = false;
};

constexpr std::chrono::minutes kLook{1};

class ThreadedOutbox final : public Outbox {
 public:
  ThreadedOutbox(std::unique_ptr<Queue> queue, std::vector<const gateway::Gateway*> gateways,
                 Transport& transport, const Clock& clock)
      : shared_(std::make_shared<Shared>()), transport_(transport), clock_(clock) {
    shared_->queue = std::move(queue);
    shared_->gateways = std::move(gateways);
    thread_ = std::thread([this] { run(); });
  }
  ThreadedOutbox(const ThreadedOutbox&) = delete;
  ThreadedOutbox& operator=(const ThreadedOutbox&) = delete;
  ~ThreadedOutbox() override {
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->stopping = true;
    }
    shared_->changed.notify_all();
    thread_.join();
  }

  Status post(const Person& person, const gateway::Sender& to, const gateway::Reply& reply,
              Queue::Settled settled, SettledWhen when) override {
    const auto index = gateway_of(to);
    if (!index) return Error{Fault::kRefused, "no gateway for this messenger"};
    const gateway::Gateway& messenger = *shared_->gateways[*index];
    RESGUARDO_TRY(auto call, messenger.render(reply, to));
    if (!messenger.tells_arrival()) when = SettledWhen::kTaken;
    if (!messenger.can_unsend()) settled = without_id(std::move(settled));
    {
      const std::lock_guard lock(shared_->mutex);
      RESGUARDO_CHECK(shared_->queue->add(person, *index, std::move(call), std::move(settled),
                                          clock_.now(), when));
    }
    shared_->changed.notify_all();
    return success();
  }

  bool has_room(const Person& person) const override {
    const std::lock_guard lock(shared_->mutex);
    return shared_->queue->has_room(person);
  }

  void unsend(const Person& person, const gateway::Sender& to,
              std::vector<SecretText> our_ids) override {
    const auto index = gateway_of(to);
    if (!index || !shared_->gateways[*index]->can_unsend()) return;
    errand([&](Errands& errands) { errands.unsend(person, *index, to, std::move(our_ids)); });
  }

  void set_timer(const Person& person, const gateway::Sender& to) override {
    if (const auto index = gateway_of(to))
      errand([&](Errands& errands) { errands.set_timer(person, *index, to); });
  }

  void mark_read(const Person& person, const gateway::Sender& to,
                 const SecretText& message_id) override {
    const auto index = gateway_of(to);
    if (!index || !shared_->gateways[*index]->mark_read(message_id)) return;
    errand([&](Errands& errands) { errands.mark_read(person, *index, to, message_id); });
  }

  void forget_contact(const Person& person, const gateway::Sender& to) override {
    const auto index = gateway_of(to);
    if (!index || !shared_->gateways[*index]->forget_contact(to)) return;
    errand([&](Errands& errands) { errands.forget_contact(person, *index, to); });
  }

  void told(const std::vector<gateway::SentStatus>& statuses) override {
    std::vector<std::function<void()>> calls;
    {
      const std::lock_guard lock(shared_->mutex);
      calls = shared_->queue->told(statuses);
    }
    for (const auto& call : calls) call();
  }

  void forget(const Person& person) override {
    const std::lock_guard lock(shared_->mutex);
    shared_->queue->forget(person);
    shared_->errands.forget(person);
  }

  Health health() const override {
    const std::lock_guard lock(shared_->mutex);
    Health health;
    health.waiting = shared_->queue->waiting();
    health.counters = shared_->queue->counters();
    for (std::size_t i = 0; i < shared_->gateways.size(); ++i) {
      health.stopped.emplace_back();
      const Queue::Stop& stop = shared_->queue->stop(i);
      if (stop.until > clock_.now()) health.stopped.back() = {stop.why, stop.command};
      health.unheeded.push_back(shared_->queue->unheeded(i, clock_.now()));
    }
    return health;
  }

  bool drain(std::chrono::milliseconds grace) override {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_for(lock, grace, [&] {
      return shared_->queue->waiting() == 0 && shared_->under_way == 0 && shared_->errands.empty();
    });
  }

 private:
  template <class Add>
  void errand(Add add) {
    {
      const std::lock_guard lock(shared_->mutex);
      add(shared_->errands);
    }
    shared_->changed.notify_all();
  }

  std::optional<std::size_t> gateway_of(const gateway::Sender& to) const {
    for (std::size_t index = 0; index < shared_->gateways.size(); ++index)
      if (shared_->gateways[index]->channel() == to.channel) return index;
    return std::nullopt;
  }

  // An id that nothing can be done with is not passed on: WhatsApp's hold the person's number.
  static Queue::Settled without_id(Queue::Settled settled) {
    if (!settled) return settled;
    return [settled = std::move(settled)](bool taken, const SecretText&) {
      settled(taken, SecretText());
    };
  }

  // Lets each person's next errand stand in line. Under the lock.
  void queue_errands() {
    while (auto next = shared_->errands.take(shared_->gateways)) {
      const Person person = next->person;
      // Not what owns the queue: it would own itself.
      auto settled = [weak = std::weak_ptr(shared_), person](bool, const SecretText&) {
        const auto shared = weak.lock();
        if (!shared) return;
        const std::lock_guard guard(shared->mutex);
        shared->errands.done(person);
      };
      const Status added = shared_->queue->add_errand(person, next->gateway, std::move(next->call),
                                                      std::move(settled), clock_.now());
      if (!added.ok()) return shared_->errands.put_back(person);
    }
  }

  void run() {
    std::unique_lock lock(shared_->mutex);
    while (!shared_->stopping) {
      const TimePoint now = clock_.now();
      if (now - looked_ >= kLook) {
        looked_ = now;
        const auto lost = shared_->queue->give_up_waiting(now);
        lock.unlock();
        for (const auto& call : lost) call();
        lock.lock();
      }
      queue_errands();
      if (auto dispatch = shared_->queue->take(now)) {
        ++shared_->under_way;
        lock.unlock();
        send(std::move(*dispatch));
        lock.lock();
        continue;
      }
      // The clock may be a test's: look again at least every second.
      auto wait = std::chrono::milliseconds(1000);
      if (const auto due = shared_->queue->next_due(now))
        wait = std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(*due - now),
                          std::chrono::milliseconds(1), wait);
      shared_->changed.wait_for(lock, wait);
    }
  }

  void send(Dispatch dispatch) {
    const std::uint64_t id = dispatch.id;
    const std::size_t index = dispatch.gateway;
    transport_.send(
        index, std::move(dispatch.call),
        [shared = shared_, id, index, &clock = clock_](const gateway::CallAnswer& answer) {
          std::vector<std::function<void()>> calls;
          {
            const std::lock_guard guard(shared->mutex);
            --shared->under_way;
            if (shared->stopping) return;
            calls = shared->queue->settle(id, shared->gateways[index]->judge(answer), clock.now());
          }
          for (const auto& call : calls) call();
          shared->changed.notify_all();
        });
  }

  std::shared_ptr<Shared> shared_;
  Transport& transport_;
  const Clock& clock_;
  TimePoint looked_{};  // for arrivals that nobody told of
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::start(const Limits& limits,
                                              std::vector<const gateway::Gateway*> gateways,
                                              Transport& transport, const Clock& clock,
                                              RandomSource& jitter) {
  std::vector<gateway::Pace> paces;
  paces.reserve(gateways.size());
  for (const gateway::Gateway* gateway : gateways) paces.push_back(gateway->pace());
  RESGUARDO_TRY(auto queue, Queue::create(limits, paces, jitter));
  return std::unique_ptr<Outbox>(
      new ThreadedOutbox(std::move(queue), std::move(gateways), transport, clock));
}

}  // namespace resguardo::outbox
