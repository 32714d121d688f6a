// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "bot/dialogue/compiled.h"

// The printed card: what a number on it means. The page and the engine read the same lists.
namespace resguardo::dialogue {

// What is printed beside a question, numbered from 1. The numbers never move, whatever is relevant
// to whom: a choice that is not offered keeps its number, and nobody is understood to pick it.
// Without what leads to words only, and of the gazetteer the places, not the pages.
std::vector<const CompiledChoice*> card_options(const Form::Content& form,
                                                const CompiledNode& node);

// Asked of who answers by card.
bool asked_by_card(const Form::Content& form, std::size_t node);

// Figures and signs instead of the engine's own words: "?" after the question's number.
std::string_view card_sign(Say what);

}  // namespace resguardo::dialogue
