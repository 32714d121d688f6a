// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyst/report/changes.h"
#include "analyst/report/report_view.h"

namespace resguardo::analyst {

// Puts a report's records, given in order, into a view: what supersedes what, what the last record
// counts. Part of view_of().
//
// An answer to a question supersedes the earlier ones to it (same node, same instance); part n of
// a narrative supersedes the earlier parts from n on, so that telling a story anew replaces all of
// it. Of two segments with one index neither supersedes anything of the other. Remarks, words that
// came at a question and are no answer to it, supersede nothing and stay; remarks without words are
// picks that were not finished, and stay until there are more of them or an answer. A retraction
// that names no message takes back the answers so far to its question; what is told there later
// stands. Edits and deletions: changes.h. Addenda are of no account for a report's totals and for
// whether it is complete; the file that one brings is put to the turn that took it. Nothing else is
// taken from an addendum, which the log vouches for only once its file is here: what else stands in
// one is nobody's testimony and makes the report malformed.
class Teller {
 public:
  // `new_receipts`: StoredReport's; both outlive this. kIgnored: nobody asks whether the totals
  // fit, which is a third of the work.
  enum class Totals : std::uint8_t { kChecked, kIgnored };
  Teller(ReportView& view, const std::set<Digest>& new_receipts, Totals totals = Totals::kChecked);
  void add(const StoredRecord& stored);
  void finish();

 private:
  struct Running {
    std::uint64_t rows = 0;
    Digest before;  // running digest before the last record that was counted
    Digest after;
  };
  struct SeenFinal {
    pb::Final final;
    std::uint32_t segments = 0;
    Running testimony;
    std::size_t of_row = 0;  // row number within the report
  };
  using Indices = std::vector<std::size_t>;

  void count(const StoredRecord& stored, std::uint32_t segment);
  Running counted(StreamId stream, std::uint32_t first_segment, std::size_t until) const;
  void add_entry(pb::Entry& entry, const Place& place);  // takes what it keeps of it
  void add_addendum(const pb::Entry& entry, const Place& place);
  void add_answer(pb::Answer answer, const Place& place);
  void add_correction(const pb::Correction& correction, const Place& place);
  void retract(const pb::Retraction& retraction, const Place& place);
  void retract_question(const pb::Retraction& retraction, const Place& place);
  void add_media(const pb::Media& media, const Place& place);
  static void join_media(MediaView& sent, const pb::Media& addendum, const Place& place);
  void add_event(const pb::Event& event, const Place& place);
  void add_final(const pb::Final& final, const Place& place);
  void believe_final(const pb::Final& final, const Place& place);
  void supersede(Indices& earlier, const pb::Answer& answer, const Place& place);
  void supersede_picks(Indices& picks, const pb::Answer& answer, const Place& place);
  void check_totals();

  ReportView& view_;
  Totals totals_;
  std::map<Digest, const StoredSegment*> segments_;
  std::array<Running, 2> running_;       // by StreamId
  std::vector<Digest> identity_before_;  // running digest before each identity record
  // Of each record, with its segment: an addition's totals begin at its first segment.
  std::array<std::vector<std::pair<std::uint32_t, Digest>>, 2> records_;
  std::vector<SeenFinal> finals_;
  const std::set<Digest>& new_receipts_;
  std::optional<std::uint32_t> finished_in_;  // the first segment that has a Final
  // By question: answers, and picks that were not finished, that nothing supersedes yet.
  std::map<std::string, Indices> current_;
  std::map<std::string, Indices> unfinished_;
  std::vector<TakenBack> taken_back_;
  std::map<std::string, std::size_t> waiting_;  // files without a key, by their ids
  std::set<Digest> brought_;                    // addenda whose file was told
};

}  // namespace resguardo::analyst
