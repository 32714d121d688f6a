// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/changes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace resguardo::analyst {
namespace {

using Indices = std::vector<std::size_t>;

// More versions of one message are nobody's: the rest stand for themselves.
constexpr std::size_t kMaxVersions = 1024;

// Messages that are versions of each other; only those that a change names or is.
class Versions {
 public:
  std::size_t add(const std::string& message) {
    const auto [found, added] = ids_.emplace(message, parents_.size());
    if (added) parents_.push_back(found->second);
    return root(found->second);
  }
  void join(const std::string& one, const std::string& other) {
    const std::size_t root_of_one = add(one);
    parents_[add(other)] = root_of_one;
  }
  std::optional<std::size_t> find(const std::string& message) {
    const auto found = ids_.find(message);
    return found == ids_.end() ? std::nullopt : std::optional(root(found->second));
  }

 private:
  std::size_t root(std::size_t id) {
    while (parents_[id] != id) id = parents_[id] = parents_[parents_[id]];
    return id;
  }
  std::map<std::string, std::size_t> ids_;
  std::vector<std::size_t> parents_;
};

struct Message {
  Indices told;
  Indices versions;
  Indices marks;  // corrections without words
  std::vector<Place> gone;
};

class Settler {
 public:
  explicit Settler(std::vector<AnswerView>& answers) : answers_(answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) bases_.push_back(i);
  }
  void gather(const std::vector<TakenBack>& taken_back);
  void settle();
  void put_in_order();

 private:
  void name_messages(const std::vector<TakenBack>& taken_back);
  void add(std::size_t index);
  bool released_with_consent(const AnswerView& told) const;
  bool not_twin(std::size_t one, std::size_t other) const {
    return !twins(answers_[one].place, answers_[other].place);
  }
  bool any_later(const Indices& versions, std::size_t than) const {
    return std::any_of(std::upper_bound(versions.begin(), versions.end(), than), versions.end(),
                       [&](std::size_t each) { return not_twin(each, than); });
  }
  bool is_gone(const Message& message, std::size_t index) const {
    return std::any_of(message.gone.begin(), message.gone.end(),
                       [&](const Place& place) { return !twins(place, answers_[index].place); });
  }
  std::optional<std::size_t> base_of(const Message& message, std::size_t version) const;
  void settle(const Message& message);
  void settle_version(const Message& message, std::size_t index);
  void stand_alone(std::size_t index);

  std::vector<AnswerView>& answers_;
  Indices bases_;  // what each stands in the place of
  Versions versions_;
  std::map<std::size_t, Message> messages_;
  std::set<std::pair<Digest, std::uint64_t>> consents_;  // rows that hold one
};

void Settler::name_messages(const std::vector<TakenBack>& taken_back) {
  for (const AnswerView& each : answers_) {
    if (!each.answer.text_version().empty())
      consents_.emplace(each.place.segment_digest, each.place.row);
    if (!each.correction || each.of_message.empty()) continue;
    versions_.add(each.of_message);
    if (!each.place.message.empty()) versions_.join(each.of_message, each.place.message);
  }
  for (const TakenBack& each : taken_back) versions_.add(each.of_message);
}

bool Settler::released_with_consent(const AnswerView& told) const {
  return told.answer.text_version().empty() &&
         consents_.contains({told.place.segment_digest, told.place.row});
}

void Settler::add(std::size_t index) {
  const AnswerView& each = answers_[index];
  const auto id = versions_.find(each.correction ? each.of_message : each.place.message);
  if (!each.correction) {
    if (id && !each.place.message.empty() && !released_with_consent(each))
      messages_[*id].told.push_back(index);
    return;
  }
  if (!id || messages_[*id].versions.size() >= kMaxVersions) return stand_alone(index);
  Message& message = messages_[*id];
  (each.wordless() ? message.marks : message.versions).push_back(index);
}

void Settler::gather(const std::vector<TakenBack>& taken_back) {
  name_messages(taken_back);
  for (std::size_t i = 0; i < answers_.size(); ++i) add(i);
  for (const TakenBack& each : taken_back) {
    auto& gone = messages_[versions_.add(each.of_message)].gone;
    if (gone.size() < kMaxVersions) gone.push_back(each.place);
  }
}

// The last that stands, else the last.
std::optional<std::size_t> Settler::base_of(const Message& message, std::size_t version) const {
  std::optional<std::size_t> last;
  for (auto told = message.told.rbegin(); told != message.told.rend(); ++told) {
    if (!not_twin(*told, version)) continue;
    if (answers_[*told].state == AnswerState::kCurrent) return *told;
    if (!last) last = *told;
  }
  return last;
}

void Settler::stand_alone(std::size_t index) {
  answers_[index].of_unknown = true;
  answers_[index].answer.set_remark(true);
}

void Settler::settle_version(const Message& message, std::size_t index) {
  AnswerView& version = answers_[index];
  const auto base = base_of(message, index);
  if (base) {
    const AnswerView& told = answers_[*base];
    bases_[index] = *base;
    version.answer.set_node(told.answer.node());
    *version.answer.mutable_instance() = told.answer.instance();
    version.answer.set_part(told.answer.part());
    version.answer.set_remark(told.answer.remark());
    version.state = told.state;
  } else {
    stand_alone(index);
    if (is_gone(message, index)) version.state = AnswerState::kRetracted;
  }
  const bool newer = any_later(message.versions, index);
  if (newer && version.state == AnswerState::kCurrent) version.state = AnswerState::kSuperseded;
}

void Settler::settle(const Message& message) {
  for (const std::size_t told : message.told)
    if (is_gone(message, told)) answers_[told].state = AnswerState::kRetracted;
  for (const std::size_t version : message.versions) settle_version(message, version);
  for (const std::size_t mark : message.marks) settle_version(message, mark);
  for (const std::size_t told : message.told) {
    const bool changed = std::any_of(message.versions.begin(), message.versions.end(),
                                     [&](std::size_t each) { return not_twin(each, told); });
    if (changed && answers_[told].state == AnswerState::kCurrent)
      answers_[told].state = AnswerState::kSuperseded;
  }
}

void Settler::settle() {
  for (const auto& [id, message] : messages_) settle(message);
}

void Settler::put_in_order() {
  std::vector<std::tuple<std::size_t, bool, std::size_t>> order;
  for (std::size_t i = 0; i < bases_.size(); ++i) order.emplace_back(bases_[i], bases_[i] != i, i);
  if (std::is_sorted(order.begin(), order.end())) return;
  std::sort(order.begin(), order.end());
  std::vector<AnswerView> ordered;
  ordered.reserve(answers_.size());
  for (const auto& [base, version, index] : order) ordered.push_back(std::move(answers_[index]));
  answers_ = std::move(ordered);
}

}  // namespace

void settle_changes(std::vector<AnswerView>& answers, const std::vector<TakenBack>& taken_back) {
  Settler settler(answers);
  settler.gather(taken_back);
  settler.settle();
  settler.put_in_order();
}

}  // namespace resguardo::analyst
