// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/faults.h"

namespace resguardo::standin {

std::string_view name_of(Mishap mishap) {
  switch (mishap) {
    case Mishap::kSlow:
      return "slow";
    case Mishap::kCut:
      return "cut";
    case Mishap::kLostAnswer:
      return "answer lost";
    case Mishap::kBroken:
      return "5xx";
    case Mishap::kBusy:
      return "limit";
    case Mishap::kRefused:
      return "refused";
    case Mishap::kTwice:
      return "twice";
    case Mishap::kLate:
      return "late again";
    case Mishap::kHalf:
      return "half a file";
    case Mishap::kOther:
      return "another file";
    case Mishap::kGone:
      return "file gone";
  }
  return "";
}

void Mishaps::begin(unsigned percent, std::uint32_t seed, bool limits) {
  const std::lock_guard lock(mutex_);
  random_.seed(seed);
  percent_ = percent;
  limits_ = limits;
}

std::optional<Mishap> Mishaps::draw(std::initializer_list<Mishap> possible) {
  const std::lock_guard lock(mutex_);
  if (percent_ == 0 || random_() % 100 >= percent_) return std::nullopt;
  const Mishap drawn = *(possible.begin() + random_() % possible.size());
  if (drawn == Mishap::kBusy && !limits_) return std::nullopt;
  ++counts_[drawn];
  return drawn;
}

std::size_t Mishaps::below(std::size_t bound) {
  const std::lock_guard lock(mutex_);
  return random_() % bound;
}

std::map<Mishap, std::uint64_t> Mishaps::counts() {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace resguardo::standin
