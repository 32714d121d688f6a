// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "program/problem.h"

namespace resguardo::program {

// A file that appears whole or not at all: written without a name, synced, then named. Nothing of it
// is left when the process is killed, except where the file system knows no files without names
// (open(2), O_TMPFILE): there it is written beside its place under another name. Readable by its
// owner only. Never overwrites: a file that is there already is a problem, when it is opened and
// again when it is named.
class OutputFile {
 public:
  static Outcome<OutputFile> create(const std::filesystem::path& path);

  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) noexcept;
  ~OutputFile();  // what was not committed goes

  void write(std::string_view bytes);  // a failure is kept and told by commit()
  void write(ByteView bytes);
  std::ostream& stream();    // the same file, for writers that want a stream
  Outcome<Digest> sha256();  // of what was written so far
  Outcome<Done> sync();  // what was written so far is on disk, and can be read at draft()
  // No more is written; the draft is synced and its descriptor given back, for whoever has many:
  // it has a name of its own from here on. commit() needs no close().
  Outcome<Done> close();
  Outcome<Done> commit();
  const std::filesystem::path& path() const;
  const std::filesystem::path& draft() const;  // where its bytes are until then, to be read again

 private:
  friend Outcome<Done> commit_all(std::vector<OutputFile> files);
  struct State;
  explicit OutputFile(std::unique_ptr<State> state);
  void take_back();  // of a committed file: it goes again
  std::unique_ptr<State> state_;
};

// All appear, or none.
Outcome<Done> commit_all(std::vector<OutputFile> files);

// One whole file in one call.
Outcome<Done> write_new_file(const std::filesystem::path& path, ByteView bytes);

// A file of at most `most` bytes. Regular files and pipes.
Outcome<Bytes> read_file(const std::filesystem::path& path, std::size_t most);

}  // namespace resguardo::program
