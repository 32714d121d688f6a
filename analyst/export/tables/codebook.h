// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "analyst/export/tables/table.h"
#include "analyst/report/form_texts.h"

namespace resguardo::analyst {

// What the columns and codes of the tables mean, in the bot's five languages.
inline constexpr std::array<std::string_view, 5> kCodebookLanguages = {"es", "en", "ht", "fr",
                                                                       "pt"};

// table, column, type, guard, code, about, then a label in each language.
std::span<const std::string_view> codebook_columns();

// For each column of each of `tables` one row without a code, then one for each of its codes: those
// of the program, and those of the questionnaires that are here, a newer one before an older.
using CodebookVisitor = std::function<program::Outcome<Done>(std::span<const std::string> cells)>;
program::Outcome<Done> codebook(std::span<const Table> tables, const FormShelf& forms,
                                const Codes& codes, const CodebookVisitor& visitor);

}  // namespace resguardo::analyst
