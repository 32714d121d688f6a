// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/glossary.h"

#include <algorithm>

#include "bot/dialogue/vocabulary.h"

namespace resguardo::intake {

void Glossary::learn(const dialogue::Forms& forms) {
  const std::lock_guard lock(mutex_);
  const auto learn_form = [this](const dialogue::Form& form) {
    learn(as_text(form.digest().view()));
    for (const std::string_view word : dialogue::vocabulary_of(form)) learn(word);
  };
  if (forms.current()) learn_form(*forms.current());
  for (const auto& form : forms.earlier()) learn_form(*form);
}

void Glossary::learn(std::string_view word) {
  if (word.empty() || numbers_.contains(word)) return;
  const auto number = static_cast<std::uint32_t>(words_.size());
  numbers_.emplace(words_.emplace_back(word), number);
}

std::uint32_t Glossary::number_of(const SealedFor& sealed_for) {
  const std::lock_guard lock(mutex_);
  const auto known = std::find(sealed_for_.rbegin(), sealed_for_.rend(), sealed_for);  // the newest
  if (known != sealed_for_.rend())
    return static_cast<std::uint32_t>(sealed_for_.rend() - known - 1);
  sealed_for_.push_back(sealed_for);
  return static_cast<std::uint32_t>(sealed_for_.size() - 1);
}

std::optional<std::uint32_t> Glossary::Reading::number_of(std::string_view word) const {
  const auto known = glossary_.numbers_.find(word);
  if (known == glossary_.numbers_.end()) return std::nullopt;
  return known->second;
}

std::string_view Glossary::Reading::word(std::uint32_t number) const {
  if (number >= glossary_.words_.size()) return {};
  return glossary_.words_[number];
}

SealedFor Glossary::Reading::sealed_for(std::uint32_t number) const {
  return glossary_.sealed_for_.at(number);
}

}  // namespace resguardo::intake
