// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "form/parts.h"
#include "tests/bot/dialogue/small_form.h"
#include "tests/support/paths.h"

namespace resguardo::dialogue {

// The questionnaire on border abuse, put together from its parts; once for all tests of a program.
inline const std::shared_ptr<const Form>& whole_form() {
  static const std::shared_ptr<const Form> kForm = [] {
    const auto source =
        form::FormSource::read(testing_support::source_dir() / "proto/forms/border_abuse");
    return source.ok() ? compiled(std::string(as_text(source->bytes()))) : nullptr;
  }();
  return kForm;
}

}  // namespace resguardo::dialogue
