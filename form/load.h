// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "bot/dialogue/form.h"
#include "program/console.h"

namespace resguardo::form {

// A form that compiles. One that does not is told line by line, as `lint` does, and refused.
program::Outcome<std::shared_ptr<const dialogue::Form>> load_form(const std::filesystem::path& form,
                                                                  program::Console& console);

}  // namespace resguardo::form
