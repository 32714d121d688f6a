// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_work.h"

#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {

Result<std::optional<VaultWork::Folder>> VaultWork::folder() {
  RESGUARDO_TRY(auto find,
                vault_.state_->database.prepare("SELECT path, time_ms FROM work_folder"));
  RESGUARDO_TRY(auto rows, find.query());
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<Folder>();
  return std::optional(Folder{rows.text(0), TimePoint{std::chrono::milliseconds(rows.integer(1))}});
}

Status VaultWork::begin(const std::filesystem::path& path, TimePoint now) {
  RESGUARDO_TRY(const auto there, folder());
  if (there) return Error{Fault::kConflict, "there is a working folder already"};
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO work_folder (one, path, time_ms) VALUES (1, ?, ?)"));
  const std::string text = path.string();
  return put.run(std::string_view(text), milliseconds(now));
}

Status VaultWork::opened(const File& file, VaultCustody& custody, TimePoint now) {
  RESGUARDO_TRY(auto into, vault_.begin());
  RESGUARDO_TRY(auto put,
                vault_.state_->database.prepare(
                    "INSERT INTO work_files (name, report, media, sha256) VALUES (?, ?, ?, ?)"));
  RESGUARDO_CHECK(put.run(std::string_view(file.name), file.report, file.media, file.sha256));
  JournalFact fact = journal_fact(JournalKind::kFilesOpened, {file.report});
  fact.subject = file.sha256;
  RESGUARDO_CHECK(custody.append(fact, now));
  return into.commit();
}

Result<std::vector<VaultWork::File>> VaultWork::files() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT name, report, media, sha256 FROM work_files ORDER BY name"));
  RESGUARDO_TRY(auto rows, find.query());
  std::vector<File> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    File file;
    file.name = rows.text(0);
    RESGUARDO_TRY(file.report, id_column<ReportId>(rows, 1));
    RESGUARDO_TRY(file.media, id_column<MediaId>(rows, 2));
    RESGUARDO_TRY(file.sha256, id_column<Digest>(rows, 3));
    found.push_back(std::move(file));
  }
}

Status VaultWork::wiped(VaultCustody& custody, TimePoint now) {
  RESGUARDO_TRY(auto into, vault_.begin());
  RESGUARDO_TRY(const auto known, files());
  std::vector<ReportId> reports;
  for (const File& file : known) reports.push_back(file.report);
  RESGUARDO_CHECK(vault_.state_->database.execute("DELETE FROM work_files"));
  RESGUARDO_CHECK(vault_.state_->database.execute("DELETE FROM work_folder"));
  RESGUARDO_CHECK(custody.append(journal_fact(JournalKind::kFilesWiped, std::move(reports)), now));
  return into.commit();
}

}  // namespace resguardo::analyst
