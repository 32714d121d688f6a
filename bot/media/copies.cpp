// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/copies.h"

#include <algorithm>
#include <utility>

#include "bot/media/shared_folder.h"

namespace resguardo::media {
namespace {

constexpr std::size_t kMostCopies = 10'000;
constexpr unsigned kCopyTries = 6;
constexpr std::chrono::seconds kFirstAgain{5};
constexpr int kLongerEachTime = 3;
// signal-cli fetches the files of a message one after another and tells of it when all are there:
// an album of long videos over a slow line takes longer than some minutes.
constexpr std::chrono::minutes kYoung{60};
constexpr std::size_t kShortAnswer = std::size_t{64} * 1024;
constexpr std::size_t kLongestList = std::size_t{16} * 1024 * 1024;

}  // namespace

Copies::Copies() : sweep_(kYoung) {}

void Copies::add(std::string reference) {
  if (waiting_.size() < kMostCopies) waiting_.push_back({std::move(reference), 0, TimePoint()});
}

std::optional<Copy> Copies::take(TimePoint now) {
  const auto next = std::ranges::find_if(waiting_, [&](const Copy& one) { return one.due <= now; });
  if (next == waiting_.end()) return std::nullopt;
  Copy copy = std::move(*next);
  waiting_.erase(next);
  return copy;
}

void Copies::failed(Copy copy, TimePoint now) {
  std::chrono::milliseconds wait = kFirstAgain;
  for (unsigned i = 0; i < copy.tries; ++i) wait *= kLongerEachTime;
  if (++copy.tries >= kCopyTries || waiting_.size() >= kMostCopies) return;
  copy.due = now + wait;
  waiting_.push_back(std::move(copy));
}

std::optional<TimePoint> Copies::next_due() const {
  const auto next = std::ranges::min_element(waiting_, {}, &Copy::due);
  return next == waiting_.end() ? std::nullopt : std::optional(next->due);
}

void Copies::sweep(const std::vector<std::string>& there, const std::set<std::string>& wanted,
                   TimePoint now) {
  for (std::string& old : sweep_.look(there, wanted, now)) add(std::move(old));
}

bool delete_copy(const Messenger& messenger, const std::string& reference, Caller& caller) {
  if (auto call = messenger.source.discard(reference)) {
    const auto answer = caller.call(messenger.api_base, std::move(*call), kShortAnswer, nullptr);
    const bool done = answer.status >= 200 && answer.status < 300;
    return done || answer.status == 400 || answer.status == 404 || answer.status == 410;
  }
  const auto name = messenger.source.name_in_folder(reference);
  if (!name || messenger.folder.empty()) return true;
  return remove_shared(messenger.folder, *name).ok();
}

std::optional<std::vector<std::string>> list_copies(const Messenger& messenger, Caller& caller) {
  if (auto call = messenger.source.list())
    return messenger.source.listed(
        caller.call(messenger.api_base, std::move(*call), kLongestList, nullptr));
  if (messenger.folder.empty()) return std::nullopt;
  auto names = list_shared(messenger.folder);
  if (!names.ok()) return std::nullopt;
  std::erase_if(*names,
                [&](const std::string& name) { return !messenger.source.name_in_folder(name); });
  return std::move(*names);
}

}  // namespace resguardo::media
