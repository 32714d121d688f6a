// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "storage/sqlcipher/journal.h"
#include "storage/sqlcipher/journal_chain.h"
#include "storage/sqlcipher/journal_ids.h"
#include "storage/sqlcipher/journal_list.h"

namespace resguardo::storage {

// Made once, used with every turn.
struct Journal::Statements {
  sqlcipher::Statement insert;
  sqlcipher::Statement deliver;
  sqlcipher::Statement of_row;
  sqlcipher::Statement remove_row;
  sqlcipher::Statement clear_state;
  sqlcipher::Statement clear_report;
  sqlcipher::Statement next_state;
  JournalChain chain;
  JournalList list;
  JournalMedia media;
  JournalIds ids;
};

}  // namespace resguardo::storage
