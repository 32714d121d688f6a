// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "analyst/commands/reports.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/incident/incident_filter.h"

namespace resguardo::analyst {

// As it was typed; read by IncidentChoice.
struct FilterOptions {
  IncidentFilter codes;
  std::string since;
  std::string until;
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
  std::string language = "en";  // of the codes' labels
  std::filesystem::path out;    // a CSV of all tables; empty: the terminal only
};
program::Outcome<Done> show_statistics(const StatsOptions& options, Call& call);

// Incidents of a vault, one by one, in the order of their reports' ids.
class IncidentChoice {
 public:
  // kUsage: a filter that names no day, or a code that there is not.
  static program::Outcome<IncidentChoice> of(const FilterOptions& options, const FormShelf& forms);

  using Visitor =
      std::function<program::Outcome<Done>(const ReportView&, const CodedReport&, const Incident&)>;
  program::Outcome<Done> walk(OpenVault& open, const Visitor& visitor);
  // Into the journal: which reports' incidents the last walk showed, and by which command.
  program::Outcome<Done> keep_in_journal(OpenVault& open, const VaultOptions& options,
                                         const char* command, Call& call) const;
  // Says what was left out because nobody knows when it was, or what it was asked with.
  void tell_left_out(Call& call) const;
  const Codes& codes() const { return coder_.codes(); }

 private:
  IncidentChoice(ReportCoder coder, IncidentFilter filter)
      : coder_(std::move(coder)), filter_(std::move(filter)) {}
  program::Outcome<Done> visit(const ReportView& view, const FormShelf& forms,
                               const Visitor& visitor);
  ReportCoder coder_;
  IncidentFilter filter_;
  std::vector<ReportId> shown_;  // ascending, one for each incident
  std::uint64_t without_day_ = 0;
  std::uint64_t without_form_ = 0;
};

}  // namespace resguardo::analyst
