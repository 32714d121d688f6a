// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes back: the bot's answers to posts, and its own calls to the messengers.
#include <algorithm>
#include <string>

#include "tests/bench/crowd_detail.h"

namespace resguardo::bench {
namespace {

using gateway::Channel;

std::string response(std::string_view status, std::string_view body) {
  std::string text = "HTTP/1.1 ";
  text.append(status).append("\r\nContent-Type: application/json\r\nContent-Length: ");
  text.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return text;
}

std::uint32_t microseconds(std::int64_t nanoseconds) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, nanoseconds) / 1000);
}

}  // namespace

void Crowd::accept_call(Side& side) {
  const int handle = accept_from(side.listener);
  if (handle < 0) return;
  auto call = std::make_unique<Call>(handle);
  call->ready = [this, &side, raw = call.get()] { on_call(side, *raw); };
  poll_.watch(handle, &call->ready);
  side.calls.push_back(std::move(call));
}

void Crowd::on_call(Side& side, Call& call) {
  static const std::string sent =
      response("200 OK", R"({"messaging_product":"whatsapp","messages":[{"id":"wamid.SENT"}]})");
  static const std::string sent_by_signal =
      response("201 Created", R"({"timestamp":"1790000000000"})");
  static const std::string done = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
  const bool open = call.wire.receive();
  while (const auto message = call.wire.take()) {
    const bool whatsapp = side.channel == Channel::kWhatsApp;
    const bool post = message->start.starts_with("POST ");
    const bool read_mark = message->body.find(R"("status":"read")") != std::string_view::npos;
    if (post && !read_mark) on_prompt(side, message->body);
    call.wire.send(!post ? done : whatsapp ? sent : sent_by_signal);
  }
  if (!open) poll_.forget(call.wire.handle());
}

void Crowd::on_prompt(Side& side, std::string_view body) {
  if (run_ == nullptr) return;
  const std::uint64_t id = person_in(side.channel, body) - first_;
  if (id >= side.people.size() || !side.people[id].waits_prompt) {
    ++run_->outcome.wrong;
    return;
  }
  Person& person = side.people[id];
  if (person.told->moves[person.move].reply.matches(body, address_of(side.channel, first_ + id))) {
    ++run_->outcome.prompts;
    run_->outcome.prompted.push_back(microseconds(nanoseconds_now() - person.due));
  } else {
    ++run_->outcome.wrong;
    person.lost = person.unsure = true;
    if (run_->outcome.sample.empty()) run_->outcome.sample = body;
  }
  person.waits_prompt = false;
  if (!person.waits_answer) settle(side, id);
}

void Crowd::on_answer(Link& link) {
  const bool open = link.wire.receive();
  const auto message = link.wire.take();
  if (message) return answered(link, message->start.starts_with("HTTP/1.1 200"));
  if (open) return;
  poll_.forget(link.wire.handle());
  std::erase(link.side.idle, &link);
  Person& person = link.side.people[link.person];
  if (person.link != &link) return;
  person.link = nullptr;
  answered(link, false);
}

void Crowd::answered(Link& link, bool taken) {
  Side& side = link.side;
  Person& person = side.people[link.person];
  if (!person.waits_answer) return;
  person.waits_answer = false;
  if (taken) {
    if (!run_->stopping) ++run_->outcome.turns;
    run_->outcome.answered.push_back(microseconds(nanoseconds_now() - person.due));
  } else {
    ++run_->outcome.refused;
    person.refused = true;
    person.waits_prompt = false;
  }
  if (run_->stage.rate > 0 && person.link != nullptr) {  // an open loop's connection is free again
    side.idle.push_back(&link);
    person.link = nullptr;
  }
  if (!person.waits_prompt) settle(side, link.person);
}

// The person's turn is over.
void Crowd::settle(Side& side, std::uint64_t id) {
  Person& person = side.people[id];
  --run_->busy;
  if (person.link != nullptr) side.idle.push_back(person.link);
  person.link = nullptr;
  const bool dummy = run_->stage.part == Part::kDummy;
  if (!person.refused && !dummy) ++person.move;
  if (run_->stage.part == Part::kWhole && person.through() && !run_->stopping) add_person(side);
  side.ready.push_back(id);
}

// Prompts that were due before then will not come any more.
void Crowd::give_up(std::int64_t due_before) {
  for (auto& one : sides_) {
    for (std::uint64_t id = 0; id < one->people.size(); ++id) {
      Person& person = one->people[id];
      if (!person.busy() || person.due >= due_before) continue;
      ++run_->outcome.missing;
      person.lost = true;
      person.unsure = person.waits_answer;
      person.waits_answer = person.waits_prompt = false;
      settle(*one, id);
    }
  }
}

}  // namespace resguardo::bench
