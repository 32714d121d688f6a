// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/intake.h"

#include <condition_variable>
#include <mutex>

#include "bot/intake/conversation_table.h"
#include "bot/intake/turn.h"

namespace resguardo::intake {

struct Intake::State : std::enable_shared_from_this<State> {
  explicit State(Services parts)
      : services(std::move(parts)),
        table({services.conversations, services.open_conversations}, services.slab, services.ids,
              *services.glossary) {
    services.glossary->learn(services.forms);
  }

  Services services;
  IntakeCounters counters;
  ConversationTable table;
  std::mutex mutex;
  std::condition_variable idle;
  std::size_t under_way = 0;  // conversations that somebody works on

  void work_on(std::shared_ptr<Conversation> conversation, Pending pending) {
    dialogue::Forms forms;
    {
      const std::lock_guard lock(mutex);
      forms = services.forms;
    }
    auto turn = std::make_shared<Turn>(
        services, counters, std::move(forms), std::move(conversation), std::move(pending),
        [self = shared_from_this()](const std::shared_ptr<Conversation>& ended) {
          self->go_on(ended);
        });
    turn->run();
  }

  // Not a ban: the next one is heard as soon as its time has come.
  void refuse(const gateway::InboundEvent& event, const Finished& done) {
    ++counters.over_rate;
    const auto* file = std::get_if<gateway::Media>(&event.content());
    if (file != nullptr && services.files != nullptr)
      services.files->refused(event.sender().channel, std::string(file->reference.reveal()));
    done(Outcome::kRefused, [] {});
  }

  void go_on(const std::shared_ptr<Conversation>& conversation) {
    auto next = next_in_line(*conversation);
    if (!next) {
      const std::lock_guard lock(mutex);
      if (--under_way == 0) idle.notify_all();
      return;
    }
    work_later(conversation, std::move(*next));  // not from here: a long line would be a deep stack
  }

  void work_later(const std::shared_ptr<Conversation>& conversation, Pending pending) {
    auto shared = std::make_shared<Pending>(std::move(pending));
    services.later([self = shared_from_this(), conversation, shared] {
      self->work_on(conversation, std::move(*shared));
    });
  }
};

Intake::Intake(Services services) : state_(std::make_shared<State>(std::move(services))) {}

Intake::~Intake() {
  std::unique_lock lock(state_->mutex);
  state_->idle.wait(lock, [&] { return state_->under_way == 0; });
}

void Intake::handle(gateway::InboundEvent event, TimePoint now, Finished done) {
  const outbox::Person person = state_->services.people.in_memory(event.sender().address.reveal());
  if (state_->services.allowances &&
      !state_->services.allowances->take(person, cost_of(event), now))
    return state_->refuse(event, done);
  std::optional<outbox::Person> also;
  if (event.sender().also_known)
    also = state_->services.people.in_memory(event.sender().also_known->reveal());
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->under_way;  // taken back below if somebody works on it already
  }
  auto conversation =
      state_->table.enter(person, also, Pending{std::move(event), now, std::move(done), person});
  if (!conversation) {
    const std::lock_guard lock(state_->mutex);
    if (--state_->under_way == 0) state_->idle.notify_all();
    return;
  }
  auto first = next_in_line(*conversation);
  // What the store has of it must be read first, and this may be a thread that serves connections.
  if (!conversation->loaded || conversation->uncertain)
    return state_->work_later(conversation, std::move(*first));
  state_->work_on(std::move(conversation), std::move(*first));
}

void Intake::forget_silent(TimePoint now, std::chrono::milliseconds idle_timeout) {
  state_->table.forget_silent({now - idle_timeout, now - state_->services.settings.silence});
}
std::size_t Intake::pack_quiet(TimePoint since) {
  return state_->table.pack_quiet(since);
}
void Intake::doubt(gateway::Channel channel, TimePoint now) {
  state_->services.doubts->raise(channel, now);
}

const IntakeCounters& Intake::counters() const {
  return state_->counters;
}
std::size_t Intake::conversations() const {
  return state_->table.size();
}

void Intake::replace_forms(dialogue::Forms forms) {
  state_->services.glossary->learn(forms);
  const std::lock_guard lock(state_->mutex);
  state_->services.forms = std::move(forms);
}

}  // namespace resguardo::intake
