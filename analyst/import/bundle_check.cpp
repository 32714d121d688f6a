// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/bundle_check.h"

#include "analyst/vault/log_verdict.h"

namespace resguardo::analyst {

using program::Outcome;

Outcome<BundleFindings> BundleCheck::run(const std::filesystem::path& file) {
  file_ = file.string();
  auto walked = walk_bundle(file, *this);
  const auto settled = rosters_settled();  // also after a problem: the shelf serves other bundles
  RESGUARDO_TRY(found_.damage, std::move(walked));
  RESGUARDO_CHECK(settled);
  return concluded();
}

Outcome<BundleFindings> BundleCheck::run(std::istream& in) {
  auto walked = walk_bundle(in, *this);
  const auto settled = rosters_settled();  // also after a problem: the shelf serves other bundles
  RESGUARDO_TRY(found_.damage, std::move(walked));
  RESGUARDO_CHECK(settled);
  return concluded();
}

Outcome<BundleFindings> BundleCheck::concluded() {
  end_segment();
  end_file(!found_.last_part || found_.damage);
  found_.reports = chains_.size();
  for (const auto& [report, segments] : chains_) found_.report_ids.push_back(report);
  look_for_nobodys_files();
  compare_log();
  auto log = judge_.conclude(file_, found_.damage.has_value());
  if (log.ok() && log->behind && despite_log_)
    found_.log_refused = behind_problem(file_, *log);
  else if (log.ok())
    found_.log = std::move(log).value();
  else if (despite_log_)
    found_.log_refused = log.error();
  else
    return log.error();
  return found_;
}

Outcome<Done> BundleCheck::header(const pb::BundleHeader& header) {
  found_.bundle_id = header.bundle_id();
  found_.origin = header.log_origin();
  found_.part = header.part();
  found_.made = Day{static_cast<std::int32_t>(header.day())};
  return program::at("vault", judge_.header(header));
}

Outcome<Done> BundleCheck::roster(ByteView file) {
  ++found_.rosters;
  if (shelf_ == nullptr) return Done{};
  return program::at(file_, shelf_->add(file),
                     "the bundle or the root key is not what it should be: ask the authority");
}

Outcome<Done> BundleCheck::rosters_settled() {
  if (shelf_ == nullptr) return Done{};
  return program::at(file_, shelf_->settled(),
                     "nothing of it was taken; ask whoever gave it to you, and the authority if it "
                     "should be yours");
}

Outcome<Done> BundleCheck::questionnaire(ByteView, const Digest&) {
  ++found_.forms;
  return Done{};
}

void BundleCheck::count_reader(const WalkedSegment& segment) {
  if (shelf_ != nullptr) {
    const RosterVerdict verdict = shelf_->judge(segment.claims);
    if (verdict == RosterVerdict::kUnknownRoster) ++found_.unknown_roster;
    if (verdict == RosterVerdict::kOtherMembers) ++found_.other_members;
    constexpr std::size_t kMostNamed = 100;
    for (const auto& members : segment.claims.members)
      for (const Recipient& reader : members)
        if (found_.readers.size() < kMostNamed) found_.readers.insert(shelf_->label(reader.member));
  }
  if (keys_ == nullptr || found_.openable > 0) return;
  const auto reader = open::SegmentReader::begin(segment.head, *keys_);
  if (reader.ok())
    ++found_.openable;
  else if (reader.error().fault == Fault::kNotFound)
    ++found_.not_for_these_keys;
  else
    ++found_.broken;
}

Outcome<Done> BundleCheck::segment(const WalkedSegment& segment) {
  end_segment();
  if (found_.segments++ == 0) first_ = segment.claims.report;
  current_ = segment.claims.report;
  current_segment_ = {segment.claims.index, segment.digest};
  current_rows_ = 0;
  chain_ = SegmentChain::begin(as_bytes(segment.sent.header()));
  count_reader(segment);
  return Done{};
}

Outcome<Done> BundleCheck::row(ByteView row) {
  ++found_.rows;
  ++current_rows_;
  if (chain_) chain_->add(row);
  return Done{};
}

void BundleCheck::end_segment() {
  if (!chain_) return;
  const auto [kept, first] =
      chains_[current_].try_emplace(current_segment_, Chained{current_rows_, chain_->digest()});
  if (!first && kept->second.rows < current_rows_) kept->second = {current_rows_, chain_->digest()};
  chain_.reset();
}

Outcome<Done> BundleCheck::media_chunk(const WalkedChunk& chunk) {
  end_segment();
  ++found_.media_chunks;
  if (current_file_ != chunk.file) {
    end_file(false);
    current_file_ = chunk.file;
    file_now_ = {reached_, chunk.number == 0, {}};
    ciphertext_ = Sha256();
    ++found_.files;
  }
  ciphertext_.add(chunk.sealed);
  return Done{};
}

void BundleCheck::end_file(bool at_border) {
  if (!current_file_) return;
  file_now_.ciphertext = ciphertext_.finish();
  file_now_.compared = file_now_.compared && !at_border;
  files_.emplace(addendum_index(*current_file_), file_now_);
  current_file_.reset();
}

void BundleCheck::look_for_nobodys_files() {
  if (is_split()) return;
  std::set<std::uint32_t> addenda;
  for (const auto& [report, segments] : chains_)
    for (const auto& [name, segment] : segments) addenda.insert(name.first);
  for (const auto& [index, file] : files_) {
    if (addenda.contains(index)) continue;
    ++found_.nobodys_files;
    if (!found_.nobodys_place || file.place.frame < found_.nobodys_place->frame)
      found_.nobodys_place = file.place;
  }
}

std::vector<SealedPart> BundleCheck::sealed_parts(const Segments& segments) const {
  std::vector<SealedPart> parts;
  for (const auto& [name, segment] : segments) {
    SealedPart& part = parts.emplace_back(SealedPart{name.first, segment.chain});
    if (part.index < kFirstAddendum) continue;
    const auto [begin, end] = files_.equal_range(part.index);
    for (auto file = begin; file != end; ++file) {
      part.files.push_back(file->second.ciphertext);
      part.whole_file = part.whole_file || file->second.compared;
    }
  }
  return parts;
}

Outcome<Done> BundleCheck::log_entry(const pb::BundleLogEntry& entry) {
  ++found_.log_entries;
  const auto fact = parse_log_entry(as_bytes(entry.entry()));
  if (!fact.ok())
    return program::problem(fact.error(), file_, "the server wrote a log that nobody can check");
  const auto report = ReportId::from(fact->id);
  if (concerns_report(*fact) && report) logged_[*report].push_back(*fact);
  return program::at("vault", judge_.entry(entry, *fact));
}

Outcome<Done> BundleCheck::checkpoint(const std::string& note) {
  judge_.checkpoint(note);
  return Done{};
}

Outcome<Done> BundleCheck::end(const pb::BundleEnd& end) {
  found_.last_part = end.last_part();
  return Done{};
}

void BundleCheck::reached(const BundlePlace& place) {
  reached_ = place;
  if (progress_) progress_(place);
}

bool BundleCheck::at_border(const ReportId& report) const {
  return (found_.part > 0 && report == first_) || (!found_.last_part && report == current_);
}

void BundleCheck::compare_log() {
  for (const auto& [report, facts] : logged_)
    if (!chains_.contains(report) && names_report(facts)) found_.absent.insert(report);
  for (const auto& [report, segments] : chains_) {
    const LogFinding finding = check_log(logged_[report], sealed_parts(segments));
    found_.files_absent += finding.files_absent;
    if (!at_border(report)) found_.addenda_absent += finding.addenda_absent;
    switch (finding.verdict) {
      case LogVerdict::kFits:
        ++found_.logged;
        break;
      case LogVerdict::kNotLogged:
        ++found_.not_logged;
        break;
      case LogVerdict::kDiffers:
        ++(at_border(report) ? found_.goes_on_elsewhere : found_.log_differs);
        break;
    }
  }
}

}  // namespace resguardo::analyst
