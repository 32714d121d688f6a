// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bot/dialogue/forms.h"
#include "bot/intake/report_sealer.h"

namespace resguardo::intake {

// Numbers for what the packed conversations of one process have in common: names of the forms'
// nodes and codes, and to whom segments are sealed. It learns from forms and rosters, never from a
// person; a number means the same until the process ends. Thread-safe.
class Glossary {
 public:
  void learn(const dialogue::Forms& forms);
  std::uint32_t number_of(const SealedFor& sealed_for);

  // The words, for as long as it lives: learn() waits for it.
  class Reading {
   public:
    explicit Reading(const Glossary& glossary) : glossary_(glossary), lock_(glossary.mutex_) {}
    std::optional<std::uint32_t> number_of(std::string_view word) const;
    std::string_view word(std::uint32_t number) const;  // empty: there is no such number
    SealedFor sealed_for(std::uint32_t number) const;

   private:
    const Glossary& glossary_;
    std::shared_lock<std::shared_mutex> lock_;
  };

 private:
  void learn(std::string_view word);

  mutable std::shared_mutex mutex_;
  std::deque<std::string> words_;                                // stay where they are
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // views into words_
  std::vector<SealedFor> sealed_for_;  // one more for each week, roster and list: few
};

}  // namespace resguardo::intake
