// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault_log.h"
#include "program/problem.h"

namespace resguardo::analyst {

// A stand-alone proof that a report was logged: files by name, as docs/format.md lists them.
//
//   entry.bin            exact bytes of the LogEntry
//   proof.tlog-proof     C2SP tlog-proof: place, inclusion path, the checkpoint with its signatures
//   roster.bin           exact bytes of the RosterFile that names the log's key
//   segment-NNN.header   exact bytes of each SegmentHeader, NNN from 000
//   segment-NNN.rows     its SealedRows as they were logged: u32le length ‖ row, …
//   file.sha256          of an addendum that brings a file: SHA-256 of all its sealed chunks, 32
//   bytes record-NNN-SSSSSS-testimony.bin (or -identity.bin)   a Record that is shown: segment, row
//   README.txt           what it proves, what not, and how to check it, in English and Spanish
using ProofFiles = std::map<std::string, Bytes>;

// Which records to show: rows of the whole report counted from 1. Identity only if asked.
struct ShownRecords {
  std::vector<std::uint64_t> rows;
  bool identity = false;
};

// Of a file that an addendum brought: what the log says of its segment and its ciphertext. Row 1 is
// the record that holds the SHA-256 of the file as it was sent, and its key.
program::Outcome<ProofFiles> make_file_proof(Vault& vault, const ReportId& report,
                                             const std::string& file, const ShownRecords& shown);

// kNotFound-like problems: the log has no REPORT or INCOMPLETE entry of it under a checkpoint; the
// vault does not hold its rows; a row that is not there or did not open.
program::Outcome<ProofFiles> make_proof(Vault& vault, const ReportId& report,
                                        const ShownRecords& shown);

// What a proof shows, all of it checked.
struct ProvenReport {
  ReportId report;
  std::string origin;
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  Day logged;      // what the entry says
  Day checkpoint;  // what the checkpoint says
  std::size_t segments = 0;
  std::size_t rows = 0;
  bool addendum = false;               // the entry is of one addendum of the report
  std::optional<Digest> file;          // SHA-256 of its file's ciphertext
  std::vector<std::string> records;    // names of the files
  std::vector<std::string> witnesses;  // labels
};
// Believes `root` and nothing else. The first thing that does not hold is the problem.
program::Outcome<ProvenReport> check_proof(const ProofFiles& files,
                                           const PublicKey<RootRole>& root);

// README.txt.
std::string proof_readme(const ProvenReport& proven, const PublicKey<RootRole>& root);

}  // namespace resguardo::analyst
