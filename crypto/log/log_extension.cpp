// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_extension.h"

#include "crypto/log/merkle_tree.h"

namespace resguardo {
namespace {

constexpr std::string_view kOld = "old ";
constexpr std::size_t kMaxHashes = 128;
constexpr Error kNoExtension = {Fault::kMalformed,
                                "not a checkpoint, nor one with what it extends"};

Result<std::string_view> take_extension_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return kNoExtension;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string log_extension_text(const LogExtension& extension) {
  std::string text(kOld);
  text.append(std::to_string(extension.old_size)).append("\n");
  for (const Digest& node : extension.path) text.append(to_base64(node.view())).append("\n");
  return text.append("\n").append(extension.checkpoint);
}

Result<LogExtension> parse_log_extension(std::string_view text) {
  LogExtension extension;
  const bool with_proof = text.starts_with(kOld);
  if (with_proof) {
    RESGUARDO_TRY(auto line, take_extension_line(text));
    RESGUARDO_TRY(extension.old_size, parse_decimal(line.substr(kOld.size())));
    for (;;) {
      RESGUARDO_TRY(line, take_extension_line(text));
      if (line.empty()) break;
      if (extension.path.size() == kMaxHashes) return kNoExtension;
      RESGUARDO_TRY(const Digest node, parse_base64_digest(line));
      extension.path.push_back(node);
    }
  }
  extension.checkpoint = text;
  RESGUARDO_TRY(const auto note, parse_checkpoint(extension.checkpoint));
  if (!with_proof) extension.old_size = note.checkpoint.size;
  return extension;
}

bool extends(const LogExtension& extension, std::uint64_t size, const Digest& root) {
  const auto note = parse_checkpoint(extension.checkpoint);
  if (!note.ok()) return false;
  const Checkpoint& now = note->checkpoint;
  if (size == 0) return true;
  if (size == now.size) return root == now.root;
  return size == extension.old_size &&
         verify_consistency(size, root, now.size, now.root, extension.path);
}

}  // namespace resguardo
