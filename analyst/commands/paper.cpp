// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/paper.h"

#include <boost/json.hpp>

#include "analyst/paper/paper_page.h"
#include "crypto/format/paper.h"
#include "crypto/open/locked_key.h"
#include "crypto/open/root_shares.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

struct Page {
  ArmourKind kind = ArmourKind::kLockedKey;
  PaperWords words;
};

std::string fingerprint_of(ByteView key) {
  const auto sound = PublicKey<RootRole>::from_bytes(key);
  return sound.ok() ? fingerprint(*sound) : "";
}

Outcome<Page> page_of_key(const std::string& where, ByteView text, const std::string& today) {
  RESGUARDO_TRY(const auto locked, at(where, open::LockedKey::parse(text)));
  const open::KeyNotice& notice = locked.notice();
  const char* title = nullptr;
  switch (notice.kind) {
    case open::KeyKind::kRoot:
      title = "Root key, locked";
      break;
    case open::KeyKind::kAnalyst:
      title = "Identity key of an analyst, locked";
      break;
    case open::KeyKind::kResearcher:
      title = "Key of a researcher, locked";
      break;
    case open::KeyKind::kEpoch:
    case open::KeyKind::kReserve:
    case open::KeyKind::kWrapping:
    case open::KeyKind::kVault:
      return Problem{where, "is not for paper: keys that open reports are never backed up",
                     "the other members are the backup"};
  }
  return Page{
      ArmourKind::kLockedKey,
      {title,
       {"Whose: " + program::visible(notice.label),
        "Fingerprint: " + fingerprint_of(notice.public_key), "Printed: " + today},
       "This is the locked key: it opens with its passphrase only. Do not write the passphrase on "
       "it or keep it beside it. Without the passphrase nobody can use it, you neither."}};
}

Outcome<Page> page_of_share(const std::string& where, ByteView text, const std::string& today) {
  RESGUARDO_TRY(const auto share, at(where, open::RootShare::parse(text)));
  return Page{
      ArmourKind::kRootShare,
      {"Share " + std::to_string(share.index()) + " of " + std::to_string(share.shares()) +
           " of a root key",
       {"Whose: " + program::visible(share.label()),
        "Fingerprint of the root: " + fingerprint(share.root()),
        "Fingerprint of this share: " + share.fingerprint(),
        "Any " + std::to_string(share.threshold()) + " of these " + std::to_string(share.shares()) +
            " shares make the root key again.",
        "Printed: " + today},
       "This has no passphrase: keep it as you keep money, and tell nobody where. Whoever has " +
           std::to_string(share.threshold()) +
           " of these shares has the root key. Give it up only when the organisation needs the "
           "root "
           "again, to people you know, after comparing its fingerprint."}};
}

bool is_share(std::string_view text) {
  return text.starts_with("-----BEGIN RESGUARDO ROOT SHARE");
}

// Lines without what stands around them, each with its end.
std::string rejoined(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  std::string result;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = line.find_first_not_of(kBlank);
    if (first == std::string_view::npos) continue;
    line = line.substr(first, line.find_last_not_of(kBlank) - first + 1);
    result.append(line).append("\n");
  }
  return result;
}

Outcome<Done> print_page(const KeyPaperOptions& options, Call& call) {
  RESGUARDO_TRY(auto page_file, program::OutputFile::create(options.out));
  const auto file =
      std::filesystem::is_directory(options.key) ? options.key / "identity.key" : options.key;
  RESGUARDO_TRY(const Bytes text, read_text_file(file));
  const std::string today = to_string(day_of(call.now));
  const bool share = is_share(as_text(text));
  RESGUARDO_TRY(const Page page, share ? page_of_share(file.string(), text, today)
                                       : page_of_key(file.string(), text, today));
  RESGUARDO_TRY(const Bytes bytes, at(file.string(), dearmour(page.kind, as_text(text))));
  RESGUARDO_TRY(const auto html, at(file.string(), paper_page(page.words, to_string(text),
                                                              paper_lines(page.kind, bytes))));
  page_file.write(html);
  RESGUARDO_CHECK(page_file.commit());
  call.console.note(
      "Open it in a browser, print it on a printer that keeps no copies, read it back once "
      "(`key paper --read`), then remove the file.");
  return Done{};
}

template <class T>
Status status_of(const Result<T>& result) {
  if (!result.ok()) return result.error();
  return success();
}

// What was typed; or what a scanner read off the code, whatever it did to the ends of lines.
Outcome<TypedPaper> read_any(const std::string& where, std::string_view text) {
  if (text.find("-----BEGIN RESGUARDO") == std::string_view::npos)
    return at(where, read_paper(text));
  const std::string scanned = rejoined(text);
  TypedPaper paper;
  paper.kind = is_share(scanned) ? ArmourKind::kRootShare : ArmourKind::kLockedKey;
  RESGUARDO_TRY(paper.bytes, at(where, dearmour(paper.kind, scanned)));
  return paper;
}

Outcome<Done> read_back(const KeyPaperOptions& options, Call& call) {
  const std::string where = options.read.string();
  RESGUARDO_TRY(auto file, program::OutputFile::create(options.out));
  RESGUARDO_TRY(const Bytes typed, read_text_file(options.read));
  RESGUARDO_TRY(const auto paper, read_any(where, as_text(typed)));
  if (!paper.wrong.empty()) {
    std::string lines;
    for (const int line : paper.wrong)
      lines.append(lines.empty() ? "" : ", ").append(std::to_string(line));
    return Problem{where, "mistyped or missing: line " + lines, "compare with the page"};
  }
  const std::string text = armour(paper.kind, paper.bytes);
  const Status sound = paper.kind == ArmourKind::kRootShare
                           ? status_of(open::RootShare::parse(as_bytes(text)))
                           : status_of(open::LockedKey::parse(as_bytes(text)));
  RESGUARDO_CHECK(at(where, sound));
  file.write(text);
  RESGUARDO_CHECK(file.commit());
  call.console.note("Compare its fingerprint with the page: `key fingerprint " +
                    program::visible(options.out.string()) + "`.");
  return Done{};
}

}  // namespace

Outcome<Done> key_paper(const KeyPaperOptions& options, Call& call) {
  if (options.key.empty() == options.read.empty())
    return program::usage_problem("KEY", "or --read FILE, one of them");
  return options.read.empty() ? print_page(options, call) : read_back(options, call);
}

}  // namespace resguardo::analyst
