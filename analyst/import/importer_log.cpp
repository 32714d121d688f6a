// SPDX-License-Identifier: AGPL-3.0-or-later
// The server's log: what a bundle brings of it, and what it says of reports that are here.
#include "analyst/import/importer.h"
#include "analyst/vault/log_verdict.h"
#include "proto/log.pb.h"

namespace resguardo::analyst {

using program::Outcome;

// The log in a transaction of its own, before the first report.
Outcome<Done> Importer::begin_log() {
  if (update_) return Done{};
  RESGUARDO_CHECK(commit());
  RESGUARDO_TRY(auto begun, program::at("vault", logs_.begin(opening_.origin)));
  update_.emplace(std::move(begun));
  return Done{};
}

// The first walk has judged it; what differs from that, or from another file's, is refused.
Outcome<Done> Importer::log_entry(const pb::BundleLogEntry& entry) {
  if (!log_) return Done{};
  const ByteView exact = as_bytes(entry.entry());
  const bool placed = !entry.pending() && log_->checkpoint.has_value();
  // Nobody signed what waits: that of a log which no believed roster names is nobody's.
  if (!placed && !shelf_.may_have_log(opening_.origin)) return Done{};
  RESGUARDO_CHECK(begin_log());
  RESGUARDO_CHECK(program::at(
      file_, placed ? update_->add(entry.index(), exact) : update_->promise(exact, made_),
      "the server changed its log: keep the bundles and tell your colleagues"));
  const auto fact = parse_log_entry(exact);
  if (!fact.ok()) return program::problem(fact.error(), file_);
  const auto report = ReportId::from(fact->id);
  if (concerns_report(*fact) && report) named_.insert(*report);
  return Done{};
}

Outcome<Done> Importer::checkpoint(const std::string&) {
  return Done{};  // the first walk's findings say what is kept
}

Outcome<Done> Importer::end_log() {
  if (std::exchange(log_ended_, true) || !log_) return Done{};
  if (log_->next) RESGUARDO_CHECK(begin_log());
  if (!update_) return Done{};
  const auto committed = program::at(file_, update_->commit(log_->next), "import it by itself");
  update_.reset();
  RESGUARDO_CHECK(committed);
  RESGUARDO_CHECK(addition());
  RESGUARDO_CHECK(into_vault(gather_facts()));
  // Reports may be here already, and not come again.
  for (const ReportId& report : named_) RESGUARDO_CHECK(judge_if_here(report));
  named_.clear();
  return Done{};
}

namespace {

std::vector<LogFact> facts_of(const std::vector<VaultLog::Entry>& entries) {
  std::vector<LogFact> facts;
  for (const auto& entry : entries)
    if (auto fact = parse_log_entry(entry.entry); fact.ok())
      facts.push_back(std::move(fact).value());
  return facts;
}

}  // namespace

// The log does not change any more: what it says of this bundle's reports is asked once.
Status Importer::gather_facts() {
  RESGUARDO_TRY(const auto about, logs_.about_all(named_));
  for (const auto& [report, entries] : about) facts_.emplace(report, facts_of(entries));
  return success();
}

Outcome<Done> Importer::judge_if_here(const ReportId& report) {
  RESGUARDO_TRY(const auto segments, program::at("vault", vault_.segments(report)));
  return segments.empty() ? Outcome<Done>(Done{}) : judge(report);
}

Outcome<Done> Importer::judge(const ReportId& report) {
  std::vector<LogFact> asked;
  const auto known = facts_.find(report);
  if (known == facts_.end()) {
    RESGUARDO_TRY(const auto entries, program::at("vault", logs_.about(report.view())));
    asked = facts_of(entries);
  }
  RESGUARDO_TRY(const auto parts, program::at("vault", parts_of(report)));
  const auto& facts = known == facts_.end() ? asked : known->second;
  return into_vault(vault_.set_verdict(report, check_log(facts, parts)));
}

}  // namespace resguardo::analyst
