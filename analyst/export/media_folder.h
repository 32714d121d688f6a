// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/export/draft_folder.h"
#include "analyst/report/report_view.h"
#include "program/problem.h"

namespace resguardo::analyst {

// The end of a file's name by its type, from a closed list; "bin" for every other. What a messenger
// called the type is hostile: nothing of it becomes part of a name, and nothing on the list is run
// by opening it.
std::string_view media_extension(std::string_view mime);
// "REPORT-FILE.jpg", both ids in hexadecimal. What a person called the file stays in the record.
std::string media_name(const ReportId& report, const MediaId& file, std::string_view mime);

// A file that was written, or was not and why.
struct ExportedMedia {
  std::string report;
  std::string media;
  std::string name;   // empty: not written
  std::string state;  // media_state_text()
  std::string sha256;
  std::uint64_t length = 0;
};

// The files people sent, opened, in a folder that appears whole or not at all; nobody else can
// enter it. One file at a time, piece by piece, each named when all of it was found to be what was
// sent.
//
// WARNING: a process that is killed leaves its draft behind, with the files that were whole; the
// next export of this name removes it (draft_folder.h).
class MediaFolder {
 public:
  // A problem: it is there already. What was not committed goes with it.
  static program::Outcome<MediaFolder> create(const std::filesystem::path& dir);

  // Gives the file piece by piece; its last word says whether that was all of it.
  using Sink = std::function<Status(ByteView plain)>;
  using Content = std::function<Status(const Sink& sink)>;
  // Notes it, and writes it if it is here. A problem is one of this machine; a file that does not
  // open any more is noted as damaged.
  program::Outcome<Done> add(const ReportId& report, const MediaView& sent, const Content& content);
  program::Outcome<Done> commit();
  void take_back();  // what was committed goes again

  const std::vector<ExportedMedia>& media() const { return media_; }
  std::size_t written() const { return names_.size(); }
  std::size_t removed() const { return draft_.removed(); }  // that a killed run had left

 private:
  MediaFolder(DraftFolder draft, std::filesystem::path dir)
      : draft_(std::move(draft)), dir_(std::move(dir)) {}
  program::Outcome<bool> write(const std::string& name, const Content& content) const;
  DraftFolder draft_;
  std::filesystem::path dir_;
  std::set<std::string> names_;
  std::vector<ExportedMedia> media_;
};

}  // namespace resguardo::analyst
