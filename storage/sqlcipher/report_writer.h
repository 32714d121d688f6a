// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "crypto/base/random.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/journal.h"

namespace resguardo::storage {

// The write side of the report store. One thread.
class ReportWriter {
 public:
  static Result<ReportWriter> open(const std::filesystem::path& file, const SecretBytes& key,
                                   bool create);
  ReportWriter(ReportWriter&& other) noexcept;
  ReportWriter& operator=(ReportWriter&&) = delete;
  ~ReportWriter();

  Result<bool> has_segment(const Digest& segment);
  // All of them in one transaction, under random ids and in random order across all reports; on
  // disk when it returns. A report that is there already is not added twice.
  Status add(std::span<const ClosedReport> reports, RandomSource& random);
  // An entry of the log that belongs to no report; once.
  Status log(Day day, ByteView entry, RandomSource& random);
  // LogStore::turn_over_log().
  Status turn_over_log(Day day, LogBuilder& builder);
  Status set_fact(std::string_view name, ByteView value);
  sqlcipher::Connection& connection() { return connection_; }

 private:
  struct Statements;
  ReportWriter(sqlcipher::Connection connection, std::unique_ptr<Statements> statements);
  sqlcipher::Connection connection_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace resguardo::storage
