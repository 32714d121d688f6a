// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/print_log.h"

#include <bit>
#include <utility>

namespace resguardo::storage {
namespace {

constexpr std::size_t kOnAShelf = 8;           // at least, if prints are spread evenly
constexpr unsigned kMostBits = 24;             // a shelf costs four bytes
constexpr std::size_t kSmallestRest = 1024;    // that is sorted
constexpr std::size_t kManyUnsorted = 65'536;  // half a megabyte
constexpr std::size_t kShareOfRest = 8;  // and at least one in so many of what is sorted already

}  // namespace

SortedPrints::SortedPrints(std::size_t room) {
  const auto width = static_cast<unsigned>(std::bit_width(room / kOnAShelf));
  bits_ = width == 0 ? 0 : std::min(width - 1, kMostBits);
  bytes_ = static_cast<unsigned>(sizeof(Print)) - bits_ / 8;
  ends_.resize((std::size_t{1} << bits_) + 1);
  kept_.reserve(room * bytes_);
}

void SortedPrints::keep(Print print) {
  for (unsigned at = 0; at < bytes_; ++at)
    kept_.push_back(static_cast<std::uint8_t>(print >> (8 * at)));
}

Print SortedPrints::print_at(std::size_t shelf, std::size_t at) const {
  Print print = bits_ == 0 ? 0 : Print{shelf} << (64 - bits_);
  for (unsigned byte = 0; byte < bytes_; ++byte)
    print |= Print{kept_[at * bytes_ + byte]} << (8 * byte);
  return print;
}

bool SortedPrints::contains(Print print) const {
  if (size_ == 0) return false;
  const std::size_t shelf = shelf_of(print);
  for (std::size_t at = ends_[shelf]; at < ends_[shelf + 1]; ++at)
    if (print_at(shelf, at) == print) return true;
  return false;
}

Print SortedPrints::Walk::take() {
  while (prints_.ends_[shelf_ + 1] <= at_) ++shelf_;
  return prints_.print_at(shelf_, at_++);
}

void PrintLog::insert(Print print) {
  if (contains(print)) return;
  fresh_.insert(print);
  settle();
}

void PrintLog::insert_one_of_many(Print print) {
  if (contains(print)) return;
  fresh_.insert(print);
  if (fresh_.size() >= std::max(kManyUnsorted, sorted_.size())) sort_all();
}

void PrintLog::settle() {
  if (fresh_.size() >= std::max(kSmallestRest, sorted_.size() / kShareOfRest)) sort_all();
}

void PrintLog::sort_all() {
  std::vector<Print> fresh;
  fresh.reserve(fresh_.size());
  fresh_.each([&](Print print) { fresh.push_back(print); });
  std::ranges::sort(fresh);
  auto next_fresh = fresh.begin();
  SortedPrints::Walk walk(sorted_);
  Print next_old = 0;  // no print is 0
  SortedPrints all(size(), [&] {
    if (next_old == 0 && !walk.at_end()) next_old = walk.take();
    if (next_old == 0 || (next_fresh != fresh.end() && *next_fresh < next_old))
      return *next_fresh++;
    return std::exchange(next_old, 0);
  });
  sorted_ = std::move(all);
  fresh_ = PrintSet();
}

}  // namespace resguardo::storage
