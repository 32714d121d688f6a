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

Step visit_segment(const pb::BundleSegment& sent, BundleVisitor& visitor) {
  auto claims = open::read_claims(as_bytes(sent.header()));
  if (!claims.ok()) return {{}, claims.error()};
  return told(visitor.segment({sent, std::move(claims).value(), blake2b(as_bytes(sent.header()))}));
}

Step visit(const pb::BundleFrame& frame, BundleVisitor& visitor) {
  switch (frame.frame_case()) {
    case pb::BundleFrame::kHeader:
      return told(visitor.header(frame.header()));
    case pb::BundleFrame::kRoster:
      return told(visitor.roster(serialize_canonical(frame.roster().file())));
    case pb::BundleFrame::kQuestionnaire:
      return visit_form(frame.questionnaire(), visitor);
    case pb::BundleFrame::kSegment:
      return visit_segment(frame.segment(), visitor);
    case pb::BundleFrame::kRow:
      return told(visitor.row(as_bytes(frame.row().row())));
    case pb::BundleFrame::kLogEntry:
      return told(visitor.log_entry(frame.log_entry()));
    case pb::BundleFrame::kMediaChunk:
      return {{}, Error{Fault::kMalformed, "media, which this version cannot read"}};
    case pb::BundleFrame::kEnd:
      return told(visitor.end(frame.end()));
    case pb::BundleFrame::kCheckpoint:
    case pb::BundleFrame::FRAME_NOT_SET:
      break;
  }
  return {};
}

}  // namespace

Outcome<std::optional<Damage>> walk_bundle(const std::filesystem::path& file,
                                           BundleVisitor& visitor) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Problem{file.string(), std::strerror(errno), ""};
  auto walked = walk_bundle(in, visitor);
  if (walked.ok() || !walked.error().where.empty()) return walked;
  Problem named = walked.error();
  named.where = file.string();
  return named;
}

Outcome<std::optional<Damage>> walk_bundle(std::istream& in, BundleVisitor& visitor) {
  BundleReader reader(in);
  while (!reader.finished()) {
    const BundlePlace before = reader.place();
    const auto frame = reader.next();
    if (!frame.ok() && frame.error().fault == Fault::kUnavailable)
      return Problem{"", "cannot be read beyond " + place_text(before),
                     "is the stick still there? Put it back and try again"};
    if (!frame.ok()) return std::optional(Damage{reader.place(), frame.error().why.c_str()});
    const Step step = visit(*frame, visitor);
    if (step.problem) return *step.problem;
    if (step.damage) return std::optional(Damage{before, step.damage->why.c_str()});
    visitor.reached(reader.place());
  }
  return std::optional<Damage>();
}

std::string place_text(const BundlePlace& place) {
  return "frame " + std::to_string(place.frame) + ", byte " + std::to_string(place.offset);
}

}  // namespace resguardo::analyst
