// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "proto/questionnaire.pb.h"

namespace resguardo::bench {

// What somebody writes where a question of this kind asks for words: another date, sum, number,
// place or story each time, in one of the form's languages. All of it is made up. `pick(n)` draws
// from 0 to n-1.
std::string varied_words(pb::Node::BodyCase arm, std::string_view language,
                         const std::function<std::size_t(std::size_t)>& pick);

}  // namespace resguardo::bench
