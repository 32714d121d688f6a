// SPDX-License-Identifier: AGPL-3.0-or-later
// What the types do alike whose answers are words that have to be understood.
#include <algorithm>

#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

std::string without_signs(const Utterance& said) {
  std::string text;
  for (const auto word : said.words) {
    if (word == "," || word == "-") continue;
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

// "Prefiero no decir", as the row says it, in any language. A number is an answer and no row.
bool says_skip(const Scene& scene, const std::string& text) {
  const auto is = [&](Say say) {
    const auto& names = scene.form.phrase_names[static_cast<std::size_t>(say)];
    return std::find(names.begin(), names.end(), text) != names.end();
  };
  return may_skip(scene) && !text.empty() && (is(Say::kSkip) || is(Say::kSkipShort));
}

}  // namespace

std::string_view language_of(const Scene& scene) {
  return scene.form.languages[scene.language == kNoIndex ? 0 : scene.language];
}

bool says_unknown(const Scene& scene, const Utterance& said) {
  return scene.form.unknown.contains(without_signs(said));
}

std::optional<Heard> heard_without_reading(const Scene& scene, const Utterance& said) {
  if (said.tapped) return hear_one(scene, offered_or_skip(scene), said);
  if (says_skip(scene, without_signs(said))) return Heard{Heard::Kind::kSkip, {}, nullptr};
  if (says_unknown(scene, said)) return Heard{Heard::Kind::kCodes, {"unknown"}, nullptr};
  return std::nullopt;
}

Heard heard_value(Value value) {
  return {Heard::Kind::kValue, {}, nullptr, std::move(value)};
}

}  // namespace resguardo::dialogue
