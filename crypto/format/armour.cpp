// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/armour.h"

namespace resguardo {
namespace {

constexpr std::string_view kBegin = "-----BEGIN RESGUARDO ";
constexpr std::string_view kEnd = "-----END RESGUARDO ";
constexpr std::string_view kDashes = "-----\n";
constexpr std::size_t kColumns = 64;

constexpr std::string_view kind_text(ArmourKind kind) {
  switch (kind) {
    case ArmourKind::kLockedKey:
      return "LOCKED KEY";
    case ArmourKind::kMember:
      return "MEMBER";
    case ArmourKind::kEpochList:
      return "EPOCH LIST";
    case ArmourKind::kRoster:
      return "ROSTER";
    case ArmourKind::kRosterDraft:
      return "ROSTER DRAFT";
    case ArmourKind::kAcknowledgement:
      return "ACKNOWLEDGEMENT";
    case ArmourKind::kRootShare:
      return "ROOT SHARE";
    case ArmourKind::kReplies:
      return "REPLIES";
    case ArmourKind::kQuorumRequest:
      return "QUORUM REQUEST";
    case ArmourKind::kQuorumGrant:
      return "QUORUM GRANT";
  }
  return "";
}

std::string line_of(std::string_view start, ArmourKind kind) {
  std::string line(start);
  line += kind_text(kind);
  line += kDashes;
  return line;
}

}  // namespace

std::string armour(ArmourKind kind, ByteView bytes) {
  std::string text = line_of(kBegin, kind);
  const std::string body = to_base64(bytes);
  for (std::size_t at = 0; at < body.size(); at += kColumns) {
    text.append(body, at, kColumns);
    text += '\n';
  }
  return text += line_of(kEnd, kind);
}

Result<Bytes> dearmour(ArmourKind kind, std::string_view text) {
  const std::string begin = line_of(kBegin, kind);
  const std::string end = line_of(kEnd, kind);
  if (!text.starts_with(begin))
    return Error{Fault::kMalformed, "does not begin with the line that names what is expected"};
  if (text.size() < begin.size() + end.size() || !text.ends_with(end))
    return Error{Fault::kMalformed, "does not end with the line that names what is expected"};
  std::string body;
  for (const char c : text.substr(begin.size(), text.size() - begin.size() - end.size()))
    if (c != '\n') body += c;
  RESGUARDO_TRY(Bytes bytes, parse_base64(body));
  if (bytes.empty()) return Error{Fault::kMalformed, "nothing between the first and last line"};
  if (armour(kind, bytes) != text)
    return Error{Fault::kMalformed, "lines are not of 64 columns each"};
  return bytes;
}

bool looks_armoured(ByteView file) {
  return as_text(file).starts_with("-----BEGIN");
}

}  // namespace resguardo
