// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "storage/media_store.h"

namespace resguardo::storage {

// Of a file's bytes as they lie on the disk.
struct MediaContent {
  std::uint64_t bytes = 0;
  Digest sha256;
};

// What lies in a folder of sealed files. Names that no file of ours has are counted only.
struct MediaListing {
  std::vector<MediaId> files;
  std::vector<MediaId> unfinished;  // .part: somebody writes it, or wrote it until a crash
  std::size_t foreign = 0;
};

// The folder where sealed files lie, one each, named by their ids; made when the first comes. It
// says of a file: its size (padded), and the day, which is all that its time is set to. Links are
// never followed. Thread-safe.
class MediaFolder {
 public:
  explicit MediaFolder(std::filesystem::path path);

  // MediaStore::begin_media(), of a file that no turn names. kUnavailable: also when the disk has
  // not room for much more: files shall not take the last room from testimonies.
  Result<std::unique_ptr<MediaFile>> begin(const MediaId& id, Day today);
  // Nothing: it is not there.
  Result<std::optional<std::uint64_t>> length(const MediaId& id) const;
  Result<MediaContent> content(const MediaId& id) const;  // kNotFound
  Status chunks(const MediaId& id, const MediaStore::ChunkVisitor& visit) const;
  Result<MediaListing> list() const;
  // What is being written or held.
  std::set<MediaId> held() const;
  // Takes files out, whole or unfinished, and the folder says so on disk. What is not there is no
  // error.
  Status remove(std::span<const MediaId> ids);
  // The same for what list() found and nobody names, but not of files that are held or were begun
  // since start_sweep(). One sweep at a time.
  void start_sweep();
  Result<std::size_t> sweep(std::span<const MediaId> ids);

 private:
  struct Held;
  class File;
  Status make() const;

  const std::filesystem::path path_;
  const std::shared_ptr<Held> held_;
};

// Where it lies beside the databases, and what a file of it is called there.
std::filesystem::path media_folder(const std::filesystem::path& directory);
std::string media_file_name(const MediaId& id);
std::optional<MediaId> media_named(std::string_view name);  // nothing: it is no such name

}  // namespace resguardo::storage
