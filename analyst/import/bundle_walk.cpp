// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/bundle_walk.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"

namespace resguardo::analyst {
namespace {

using program::Outcome;
using program::Problem;

constexpr std::size_t kReadAtOnce = std::size_t{128} * 1024;  // of a stick

// What one frame was: visited, damaged, or the visitor wants to stop.
struct Step {
  std::optional<Problem> problem;
  std::optional<Error> damage;
};

Step told(const Outcome<Done>& outcome) {
  return outcome.ok() ? Step{} : Step{outcome.error(), {}};
}

Step visit_form(const pb::BundleQuestionnaire& sent, BundleVisitor& visitor) {
  const Digest digest = blake2b(as_bytes(sent.form()));
  if (sent.digest() != digest.str())
    return {{}, Error{Fault::kMalformed, "a questionnaire that is not what its digest says"}};
  return told(visitor.questionnaire(as_bytes(sent.form()), digest));
}

// What is on its way: a segment whose rows, a file whose chunks are coming.
struct OnItsWay {
  std::optional<CutSegment> segment;
  std::optional<CutFile> file;
};

Step visit_segment(const pb::BundleSegment& sent, BundleVisitor& visitor, OnItsWay& cut) {
  const auto head = open::SegmentHead::read(as_bytes(sent.header()));
  if (!head.ok()) return {{}, head.error()};
  const open::SegmentClaims& claims = head->claims();
  if (sent.rows() > 0) cut.segment = CutSegment{claims.report, claims.index, 0, sent.rows()};
  return told(visitor.segment({sent, *head, claims, head->digest()}));
}

Step visit_row(const pb::BundleRow& sent, BundleVisitor& visitor, OnItsWay& cut) {
  if (cut.segment && ++cut.segment->rows == cut.segment->announced) cut.segment.reset();
  return told(visitor.row(as_bytes(sent.row())));
}

// BundleOrder has seen to its id, number and size.
Step visit_chunk(const pb::BundleMediaChunk& sent, BundleVisitor& visitor, OnItsWay& cut) {
  const auto id = MediaId::from(as_bytes(sent.media_id()));
  if (!id) return {{}, Error{Fault::kMalformed, "a chunk of a file without an id"}};
  if (sent.ciphertext().size() == kMediaChunk + kMediaChunkOverhead)
    cut.file = CutFile{*id, std::uint64_t{sent.index()} + 1};
  return told(visitor.media_chunk({*id, sent.index(), as_bytes(sent.ciphertext())}));
}

Step visit(const pb::BundleFrame& frame, BundleVisitor& visitor, OnItsWay& cut) {
  cut.file.reset();
  switch (frame.frame_case()) {
    case pb::BundleFrame::kHeader:
      return told(visitor.header(frame.header()));
    case pb::BundleFrame::kRoster:
      if (!frame.roster().has_file())
        return {{}, Error{Fault::kMalformed, "a roster frame without a roster"}};
      return told(visitor.roster(serialize_canonical(frame.roster().file())));
    case pb::BundleFrame::kQuestionnaire:
      return visit_form(frame.questionnaire(), visitor);
    case pb::BundleFrame::kSegment:
      return visit_segment(frame.segment(), visitor, cut);
    case pb::BundleFrame::kRow:
      return visit_row(frame.row(), visitor, cut);
    case pb::BundleFrame::kLogEntry:
      return told(visitor.log_entry(frame.log_entry()));
    case pb::BundleFrame::kMediaChunk:
      return visit_chunk(frame.media_chunk(), visitor, cut);
    case pb::BundleFrame::kCheckpoint:
      return told(visitor.checkpoint(frame.checkpoint().note()));
    case pb::BundleFrame::kEnd:
      return told(visitor.end(frame.end()));
    case pb::BundleFrame::FRAME_NOT_SET:
      break;
  }
  return {};
}

}  // namespace

Outcome<std::optional<Damage>> walk_bundle(const std::filesystem::path& file,
                                           BundleVisitor& visitor) {
  std::vector<char> pieces(kReadAtOnce);
  std::ifstream in;
  in.rdbuf()->pubsetbuf(pieces.data(), static_cast<std::streamsize>(pieces.size()));
  in.open(file, std::ios::binary);
  if (!in) return Problem{file.string(), std::strerror(errno), ""};
  auto walked = walk_bundle(in, visitor);
  if (walked.ok() || !walked.error().where.empty()) return walked;
  Problem named = walked.error();
  named.where = file.string();
  return named;
}

Outcome<std::optional<Damage>> walk_bundle(std::istream& in, BundleVisitor& visitor) {
  BundleReader reader(in);
  OnItsWay cut;
  while (!reader.finished()) {
    const BundlePlace before = reader.place();
    const auto frame = reader.next();
    if (!frame.ok() && frame.error().fault == Fault::kUnavailable)
      return Problem{"", "cannot be read beyond " + place_text(before),
                     "is the stick still there? Put it back and try again"};
    if (!frame.ok())
      return std::optional(
          Damage{reader.place(), frame.error().why.c_str(), cut.segment, cut.file});
    const OnItsWay cut_before = cut;
    const Step step = visit(*frame, visitor, cut);
    if (step.problem) return *step.problem;
    if (step.damage)
      return std::optional(
          Damage{before, step.damage->why.c_str(), cut_before.segment, cut_before.file});
    visitor.reached(reader.place());
  }
  return std::optional<Damage>();
}

std::string place_text(const BundlePlace& place) {
  return "frame " + std::to_string(place.frame) + ", byte " + std::to_string(place.offset);
}

std::string place_text(const Damage& damage) {
  std::string text = place_text(damage.place);
  if (damage.file) {
    text += ", in file " + to_hex(damage.file->file.view()).substr(0, 8);
    text += " after " + std::to_string(damage.file->chunks) + " chunks";
  }
  if (!damage.cut) return text;
  const CutSegment& cut = *damage.cut;
  text += ", in report " + to_hex(cut.report.view()).substr(0, 8);
  text += ", segment " + std::to_string(cut.index);
  text += " after " + std::to_string(cut.rows);
  return text += " of " + std::to_string(cut.announced) + " rows";
}

}  // namespace resguardo::analyst
