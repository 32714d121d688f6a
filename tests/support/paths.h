// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

namespace resguardo::testing_support {

std::filesystem::path source_dir();  // the checkout
std::filesystem::path bin_dir();     // where this build's programs lie

}  // namespace resguardo::testing_support
