// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {

// Which of the numbered rows a person means: its number, title, code or unambiguous beginning, in
// any of the form's languages, with or without accents and the noise that people put around it.
// Never guesses: two possible meanings are none.
std::optional<std::size_t> understand_one(const Scene& scene, std::span<const Row> rows,
                                          std::span<const std::string_view> words);

// The same for several at once: "1 3 4", "1, 3 y 4", "134", "robo y amenazas". All or nothing.
std::optional<std::vector<std::size_t>> understand_several(const Scene& scene,
                                                           std::span<const Row> rows,
                                                           std::span<const std::string_view> words);

// The whole message is one of these phrases.
bool matches_any(std::span<const std::string> phrases, std::string_view text);

}  // namespace resguardo::dialogue
