// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyst/export/profile.h"
#include "crypto/base/hash.h"
#include "crypto/base/result.h"

namespace resguardo::analyst {

// What of a report may be seen under a profile, as another report: whatever an exporter writes of
// it, nothing else is there to be written. Pure.

// Names for one export that say nothing: who has neither the key nor the vault cannot lead one back
// to its report, nor to its name in another export.
class Pseudonyms {
 public:
  static Result<Pseudonyms> fresh();  // with a key that nobody has
  explicit Pseudonyms(const Digest& key) : key_(key) {}
  ReportId of(const ReportId& report) const;
  // Of one incident, as if it were a report of its own.
  ReportId of(const ReportId& report, std::uint32_t incident) const;
  std::string of(const std::string& cluster) const;

 private:
  ReportId name(ByteView what) const;
  Digest key_;
};

// Full as it is. Internal: without words, pins, captions and names of files. Partner: also without
// what is sensitive, days as weeks, sites as their area, and without incidents of sexual violence.
// kPublic is release.h's.
ReportView view_for(const ReportView& view, Profile profile, const Pseudonyms& names);
CodedReport report_for(const CodedReport& report, Profile profile, const Pseudonyms& names);

// A code of it stands, is proposed or waits for a person, or the branch was answered at all.
bool tells_of_sexual_violence(const Incident& incident);

// "2025-04-28/2025-05-04", the week of a day from Monday; what is longer than a week stays.
std::string edtf_week(std::string_view edtf);

}  // namespace resguardo::analyst
