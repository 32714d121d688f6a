// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_proof.h"

#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"

namespace resguardo {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMaxProof = std::size_t{1} << 20U;
constexpr std::size_t kMaxPath = 64;
constexpr Error kNoProof = {Fault::kMalformed, "not a tlog-proof"};

// Takes a line off `rest`, which may be empty; the newline must be there.
Result<std::string_view> take_proof_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return kNoProof;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string log_proof_text(const LogProof& proof) {
  std::string text = std::string(kFirstLine) + '\n';
  if (proof.extra) text += std::string(kExtra) + to_base64(*proof.extra) + '\n';
  text += std::string(kIndex) + std::to_string(proof.index) + '\n';
  for (const Digest& node : proof.path) text += to_base64(node.view()) + '\n';
  return text + '\n' + proof.checkpoint;
}

Result<LogProof> parse_log_proof(std::string_view text) {
  if (text.size() > kMaxProof) return kNoProof;
  LogProof proof;
  RESGUARDO_TRY(const auto first, take_proof_line(text));
  if (first != kFirstLine) return kNoProof;
  RESGUARDO_TRY(auto line, take_proof_line(text));
  if (line.starts_with(kExtra)) {
    RESGUARDO_TRY(proof.extra, parse_base64(line.substr(kExtra.size())));
    RESGUARDO_TRY(line, take_proof_line(text));
  }
  if (!line.starts_with(kIndex)) return kNoProof;
  RESGUARDO_TRY(proof.index, parse_decimal(line.substr(kIndex.size())));
  for (;;) {
    RESGUARDO_TRY(line, take_proof_line(text));
    if (line.empty()) break;
    if (proof.path.size() == kMaxPath) return kNoProof;
    RESGUARDO_TRY(const Digest node, parse_base64_digest(line));
    proof.path.push_back(node);
  }
  proof.checkpoint = text;
  RESGUARDO_CHECK(parse_checkpoint(proof.checkpoint));
  return proof;
}

bool proves(const LogProof& proof, ByteView entry) {
  const auto note = parse_checkpoint(proof.checkpoint);
  return note.ok() && verify_inclusion(proof.index, note->checkpoint.size, leaf_hash(entry),
                                       proof.path, note->checkpoint.root);
}

}  // namespace resguardo
