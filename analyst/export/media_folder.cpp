// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/media_folder.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "program/output_file.h"

namespace resguardo::analyst {

using program::Outcome;
using program::Problem;

namespace fs = std::filesystem;

std::string_view media_extension(std::string_view mime) {
  using Type = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Type, 16> kTypes = {{{"image/jpeg", "jpg"},
                                                   {"image/png", "png"},
                                                   {"image/webp", "webp"},
                                                   {"image/gif", "gif"},
                                                   {"image/heic", "heic"},
                                                   {"audio/ogg", "ogg"},
                                                   {"audio/mpeg", "mp3"},
                                                   {"audio/mp4", "m4a"},
                                                   {"audio/aac", "aac"},
                                                   {"audio/amr", "amr"},
                                                   {"video/mp4", "mp4"},
                                                   {"video/3gpp", "3gp"},
                                                   {"video/quicktime", "mov"},
                                                   {"video/webm", "webm"},
                                                   {"application/pdf", "pdf"},
                                                   {"text/plain", "txt"}}};
  std::string type(mime.substr(0, mime.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  type.erase(0, std::min(type.find_first_not_of(' '), type.size()));
  for (char& letter : type)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  const auto* const found = std::ranges::find(kTypes, std::string_view(type), &Type::first);
  return found == kTypes.end() ? "bin" : found->second;
}

std::string media_name(const ReportId& report, const MediaId& file, std::string_view mime) {
  std::string name = to_hex(report.view());
  name.append("-").append(to_hex(file.view())).append(".").append(media_extension(mime));
  return name;
}

Outcome<MediaFolder> MediaFolder::create(const fs::path& dir) {
  RESGUARDO_TRY(DraftFolder draft, DraftFolder::create(dir));
  return MediaFolder(std::move(draft), dir);
}

// False: it does not open; nothing of it stays.
Outcome<bool> MediaFolder::write(const std::string& name, const Content& content) const {
  RESGUARDO_TRY(auto file, program::OutputFile::create(draft_.path() / name));
  const Status opened = content([&](ByteView plain) {
    file.write(plain);
    return success();
  });
  if (!opened.ok() && opened.error().fault == Fault::kUnavailable)
    return program::problem(opened.error(), name);
  if (!opened.ok()) return false;
  RESGUARDO_CHECK(file.commit());
  return true;
}

Outcome<Done> MediaFolder::add(const ReportId& report, const MediaView& sent,
                               const Content& content) {
  const auto id = MediaId::from(as_bytes(sent.media.media_id()));
  if (!id) return Done{};
  ExportedMedia& noted = media_.emplace_back();
  noted.report = to_hex(report.view());
  noted.media = to_hex(id->view());
  noted.state = media_state_text(sent.state);
  if (sent.state != MediaState::kHere) return Done{};
  const std::string name = media_name(report, *id, sent.media.mime());
  if (names_.contains(name)) return Done{};  // two records of one file: it is written once
  RESGUARDO_TRY(const bool whole, write(name, content));
  if (!whole) {
    noted.state = media_state_text(MediaState::kDamaged);
    return Done{};
  }
  names_.insert(name);
  noted.name = name;
  noted.sha256 = to_hex(as_bytes(sent.media.sha256()));
  noted.length = sent.media.length();
  return Done{};
}

Outcome<Done> MediaFolder::commit() {
  return draft_.commit();
}

void MediaFolder::take_back() {
  std::error_code ignored;
  fs::remove_all(dir_, ignored);
}

}  // namespace resguardo::analyst
