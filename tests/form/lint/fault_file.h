// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace resguardo::testing_support {

// tests/form/good with the words of the engine, as one text.
std::string good_form();

// A file of tests/form/faults: what it does to the good form.
//   # why it is a fault
//   <<<<
//   what to find (nothing: the end of the form)
//   ====
//   what to put there; {{5000*x}} is x 5,000 times
//   >>>>
// Throws where what it looks for is not there exactly once.
std::string broken_by(const std::filesystem::path& fault);
std::vector<std::filesystem::path> fault_files();  // sorted

}  // namespace resguardo::testing_support
