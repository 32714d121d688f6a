// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

namespace resguardo::dialogue {

// One visitor made of lambdas, for std::visit: a kind without one does not compile.
template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace resguardo::dialogue
