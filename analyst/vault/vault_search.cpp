// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_search.h"

#include <algorithm>

#include "analyst/report/words.h"
#include "analyst/vault/vault_state.h"
#include "analyst/vault/vault_withdrawals.h"

namespace resguardo::analyst {
namespace {

struct Indexed {
  std::int64_t number = 0;
  std::string language;
  std::string words;
};

Result<std::optional<Indexed>> indexed(sqlcipher::Connection& database, const ReportId& report) {
  RESGUARDO_TRY(auto find,
                database.prepare("SELECT number, language, words FROM told WHERE report = ?"));
  RESGUARDO_TRY(auto rows, find.query(report));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<Indexed>();
  return std::optional(
      Indexed{rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2))});
}

// The index takes out what it is given: the very words that were put in.
Status take_out(sqlcipher::Connection& database, const Indexed& old) {
  RESGUARDO_TRY(auto words, database.prepare("INSERT INTO told_words (told_words, rowid, words)"
                                             " VALUES ('delete', ?, ?)"));
  RESGUARDO_CHECK(words.run(old.number, std::string_view(old.words)));
  RESGUARDO_TRY(auto told, database.prepare("DELETE FROM told WHERE number = ?"));
  return told.run(old.number);
}

bool is_beginning(const std::string& word) {
  return word.size() > 1 && word.ends_with('*');
}

// Of the last word in it, without the star: code points of UTF-8.
std::size_t letters_before_star(const std::string& word) {
  const std::size_t space = word.rfind(' ');
  return static_cast<std::size_t>(std::count_if(
      word.begin() + static_cast<std::ptrdiff_t>(space == std::string::npos ? 0 : space + 1),
      word.end() - 1,
      [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80; }));
}

// As FTS5 reads it: a phrase, whatever is in it.
std::string phrase(std::string word) {
  const bool beginning = is_beginning(word);
  if (beginning) word.pop_back();
  std::string quoted = "\"";
  for (const char letter : word)
    quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + (beginning ? "\"*" : "\"");
}

Result<std::string> match_of(std::span<const std::string> words) {
  if (words.empty() || words.size() > VaultSearch::kMostWords)
    return Error{Fault::kRefused, "1 to 32 words can be looked for at once"};
  std::string match;
  for (const std::string& word : words) {
    if (word.size() > VaultSearch::kLongestWord)
      return Error{Fault::kRefused, "what is looked for has at most 200 bytes"};
    if (is_beginning(word) && letters_before_star(word) < VaultSearch::kShortestBeginning)
      return Error{Fault::kRefused, "a * stands after three letters or more"};
    match += (match.empty() ? "" : " AND ") + phrase(word);
  }
  return match;
}

}  // namespace

Status VaultSearch::index(const ReportId& report) {
  RESGUARDO_TRY(const StoredReport stored, vault_.report(report));
  return index(stored);
}

Status VaultSearch::index(const StoredReport& stored) {
  auto& database = vault_.state_->database;
  const ReportId& report = stored.id;
  const auto [language, words] = words_of(stored);
  RESGUARDO_TRY(const auto old, indexed(database, report));
  if (old && old->words == words && old->language == language) return success();
  if (old) RESGUARDO_CHECK(take_out(database, *old));
  RESGUARDO_TRY(auto told, database.prepare("INSERT INTO told (number, report, language, words)"
                                            " VALUES (?, ?, ?, ?) RETURNING number"));
  const auto same = old ? std::optional(old->number) : std::nullopt;
  std::int64_t number = 0;
  {
    RESGUARDO_TRY(auto rows,
                  told.query(same, report, std::string_view(language), std::string_view(words)));
    RESGUARDO_TRY(const bool there, rows.next());
    number = there ? rows.integer(0) : 0;
    RESGUARDO_CHECK(rows.next());
  }
  RESGUARDO_TRY(auto put, database.prepare("INSERT INTO told_words (rowid, words) VALUES (?, ?)"));
  return put.run(number, std::string_view(words));
}

Status VaultSearch::forget(const ReportId& report) {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(const auto old, indexed(database, report));
  if (!old) return success();
  RESGUARDO_CHECK(take_out(database, *old));
  return database.execute(
      "INSERT INTO facts (name, value) VALUES ('index-untidy', x'')"
      " ON CONFLICT DO NOTHING");
}

// secure-delete leaves the beginnings of words by which FTS5 finds its way between pages.
Status VaultSearch::tidy() {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(const auto untidy,
                database.number("SELECT count(*) FROM facts WHERE name = 'index-untidy'"));
  if (untidy == 0) return success();
  RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(database));
  RESGUARDO_CHECK(database.execute("INSERT INTO told_words (told_words) VALUES ('optimize')"));
  RESGUARDO_CHECK(database.execute("DELETE FROM facts WHERE name = 'index-untidy'"));
  return transaction.commit();
}

Result<std::size_t> VaultSearch::index_missing() {
  constexpr std::size_t kAtOnce = 500;
  auto& database = vault_.state_->database;
  for (std::size_t all = 0;;) {
    RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(database));
    std::vector<ReportId> missing;
    {
      RESGUARDO_TRY(auto find, database.prepare("SELECT report FROM reports WHERE report NOT IN"
                                                " (SELECT report FROM told) LIMIT ?"));
      RESGUARDO_TRY(auto rows, find.query(kAtOnce));
      for (;;) {
        RESGUARDO_TRY(const bool more, rows.next());
        if (!more) break;
        RESGUARDO_TRY(const auto id, id_column<ReportId>(rows, 0));
        missing.push_back(id);
      }
    }
    if (missing.empty()) return all;
    for (const ReportId& id : missing) RESGUARDO_CHECK(index(id));
    RESGUARDO_CHECK(transaction.commit());
    all += missing.size();
  }
}

Result<VaultSearch::Found> VaultSearch::find(std::span<const std::string> words, std::size_t most) {
  RESGUARDO_TRY(const std::string match, match_of(words));
  RESGUARDO_TRY(auto query,
                vault_.state_->database.prepare(
                    "SELECT t.report, r.day, t.language, snippet(told_words, 0, '[', ']', '…', 24)"
                    " FROM told_words JOIN told AS t ON t.number = told_words.rowid"
                    " JOIN reports AS r ON r.report = t.report WHERE told_words MATCH ?"
                    " ORDER BY told_words.rowid DESC"));
  RESGUARDO_TRY(auto rows, query.query(std::string_view(match)));
  VaultWithdrawals withdrawals(vault_);
  Found found;
  for (;;) {
    RESGUARDO_TRY(const bool there, rows.next());
    if (!there) return found;
    RESGUARDO_TRY(const auto report, id_column<ReportId>(rows, 0));
    RESGUARDO_TRY(const bool locked, withdrawals.locked(report));
    if (locked) continue;
    found.more = found.hits.size() == most;
    if (found.more) return found;
    found.hits.push_back({report, Day{static_cast<std::int32_t>(rows.integer(1))},
                          std::string(rows.text(2)), std::string(rows.text(3))});
  }
}

}  // namespace resguardo::analyst
