// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "analyst/commands/reports.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/duplicates/clusters.h"
#include "analyst/incident/incident_filter.h"

namespace resguardo::analyst {

// As it was typed; read by IncidentChoice.
struct FilterOptions {
  IncidentFilter codes;
  std::string since;
  std::string until;
  std::string set;  // the name of one that is kept; its filters, too
};

struct IncidentOptions {
  VaultOptions vault;
  FilterOptions filter;
};
// One line for each incident.
program::Outcome<Done> list_incidents(const IncidentOptions& options, Call& call);

struct StatsOptions {
  VaultOptions vault;
  FilterOptions filter;
  std::string language = "en";       // of the codes' labels
  std::filesystem::path out;         // a CSV of all tables; empty: the terminal only
  std::string profile = "internal";  // or public: small numbers are protected
};
program::Outcome<Done> show_statistics(const StatsOptions& options, Call& call);

struct ExportOptions {
  VaultOptions vault;
  std::string format;
  std::string purpose = "research";  // only reports whose reporter agreed to it
  bool despite_consent = false;      // all the same
  FilterOptions filter;              // only reports with an incident that it wants
  std::string language = "en";       // of a page's sentences and labels
  bool exact = false;                // small numbers of a page as they are
  std::string profile = "full";      // for whom it is
  std::filesystem::path out;
  std::filesystem::path media;  // a folder for the files people sent, opened; empty: not wanted
};
program::Outcome<Done> export_reports(const ExportOptions& options, Call& call);

struct VerifyExportOptions {
  std::filesystem::path out;     // what an export was called
  std::filesystem::path media;   // the folder of its files; empty: not looked at
  std::filesystem::path roster;  // that names who may have signed it; empty: nobody is known
  std::string root;
};
// Whether every file of an export is as its manifest says, and whose vault signed that, without any
// vault.
program::Outcome<Done> verify_export(const VerifyExportOptions& options, Call& call);

// Incidents of a vault, one by one, in the order of their reports' ids.
class IncidentChoice {
 public:
  // kUsage: a filter that names no day, or a code that there is not. A problem: a set that is not
  // in this vault.
  static program::Outcome<IncidentChoice> of(const FilterOptions& options, OpenVault& open);

  using Visitor =
      std::function<program::Outcome<Done>(const ReportView&, const CodedReport&, const Incident&)>;
  program::Outcome<Done> walk(OpenVault& open, const Visitor& visitor);
  // Into the journal: which reports' incidents the last walk showed, and by which command.
  program::Outcome<Done> keep_in_journal(OpenVault& open, const VaultOptions& options,
                                         const char* command, Call& call) const;
  // What a report says, with those of its incidents that are wanted, perhaps none; counts what
  // may have been left out. Part of walk(), for whoever walks by themselves.
  CodedReport wanted(const ReportView& view, const FormShelf& forms);
  const IncidentFilter& filter() const { return filter_; }  // besides the set's
  const NamedFilter& set() const { return set_; }
  bool asks() const { return filter_.asks() || !set_.name.empty(); }
  std::uint64_t seen() const { return seen_; }  // incidents, wanted or not
  std::uint64_t without_day() const { return without_day_; }
  std::uint64_t without_form() const { return without_form_; }
  // Counts from nothing, with what was decided of this vault's incidents.
  program::Outcome<Done> start_over(OpenVault& open);
  // Says what was left out because nobody knows when it was, or what it was asked with.
  void tell_left_out(Call& call) const;
  const Codes& codes() const { return coder_.codes(); }

 private:
  IncidentChoice(ReportCoder coder, IncidentFilter filter, NamedFilter set)
      : coder_(std::move(coder)), filter_(std::move(filter)), set_(std::move(set)) {}
  FilterMatch match(const CodedReport& report, const Incident& incident) const;
  ReportCoder coder_;
  IncidentFilter filter_;
  NamedFilter set_;
  Clusters clusters_{{}};
  std::vector<ReportId> shown_;  // ascending, one for each incident
  std::uint64_t seen_ = 0;
  std::uint64_t without_day_ = 0;
  std::uint64_t without_form_ = 0;
};

}  // namespace resguardo::analyst
