// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "bot/dialogue/compiled.h"

namespace resguardo::dialogue {

// The figures of "30 años", "tengo 30 años", "i am 30 years old", "30ans"; empty where the words
// (folded) speak of anything else besides, or of nobody's years. Not: ages in words.
std::string_view age_in(const Form::Content& form, std::span<const std::string_view> words);

}  // namespace resguardo::dialogue
