// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/output_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo::program {
namespace {

Problem system_problem(const std::filesystem::path& path, int error, std::string mend = "") {
  return {path.string(), std::strerror(error), std::move(mend), ExitCode::kFailed};
}

Problem exists_already(const std::filesystem::path& path) {
  return {path.string(), "exists already", "give another name or move it away", ExitCode::kFailed};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

std::string draft_name(const std::filesystem::path& path) {
  return (folder_of(path) / ".resguardo-XXXXXX").string();
}

int sync_path(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return failed;
}

}  // namespace

struct OutputFile::State {
  std::filesystem::path path;
  std::filesystem::path draft;
  std::ofstream stream;
  int unnamed = -1;  // the file, while it has no name; then the draft is a way to it, and no file
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    std::error_code ignored;
    if (unnamed >= 0) {
      ::close(unnamed);
    } else if (!draft.empty()) {
      std::filesystem::remove(draft, ignored);
    }
  }
  bool begin_unnamed();
  int begin_named();  // errno
  int name(const std::filesystem::path& as);
};

bool OutputFile::State::begin_unnamed() {
  unnamed = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (unnamed >= 0) draft = "/proc/self/fd/" + std::to_string(unnamed);
  return unnamed >= 0;
}

int OutputFile::State::begin_named() {
  std::string name = draft_name(path);
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);  // 0600
  if (descriptor < 0) return errno;
  draft = name;
  ::close(descriptor);
  return 0;
}

// link() never replaces; where links do not exist (FAT, some sticks) the kernel is asked to rename
// without replacing.
int OutputFile::State::name(const std::filesystem::path& as) {
  const int flags = unnamed >= 0 ? AT_SYMLINK_FOLLOW : 0;
  if (::linkat(AT_FDCWD, draft.c_str(), AT_FDCWD, as.c_str(), flags) == 0) return 0;
  if (errno == EEXIST || unnamed >= 0) return errno;
  const bool renamed =
      ::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, as.c_str(), RENAME_NOREPLACE) == 0;
  return renamed ? 0 : errno;
}

OutputFile::OutputFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&&) noexcept = default;
OutputFile::~OutputFile() = default;

Outcome<OutputFile> OutputFile::create(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return exists_already(path);
  auto state = std::make_unique<State>();
  state->path = path;
  const int failed = state->begin_unnamed() ? 0 : state->begin_named();
  if (failed != 0) return system_problem(path, failed, "choose a folder you can write to");
  state->stream.open(state->draft, std::ios::binary);
  if (!state->stream) return system_problem(path, EIO);
  return OutputFile(std::move(state));
}

void OutputFile::write(std::string_view bytes) {
  state_->stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void OutputFile::write(ByteView bytes) {
  write(as_text(bytes));
}

std::ostream& OutputFile::stream() {
  return state_->stream;
}

const std::filesystem::path& OutputFile::path() const {
  return state_->path;
}

Outcome<Digest> OutputFile::sha256() {
  state_->stream.flush();
  const int descriptor = ::open(state_->draft.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !state_->stream) {
    const int failed = errno;
    ::close(descriptor);
    return system_problem(state_->path, failed);
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* mapped = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  ::close(descriptor);
  if (mapped == MAP_FAILED) return system_problem(state_->path, errno);
  const Digest digest = resguardo::sha256(ByteView(static_cast<const std::uint8_t*>(mapped), size));
  if (mapped != nullptr) ::munmap(mapped, size);
  return digest;
}

const std::filesystem::path& OutputFile::draft() const {
  return state_->draft;
}

Outcome<Done> OutputFile::sync() {
  if (state_->stream.is_open()) state_->stream.flush();
  if (!state_->stream) return system_problem(state_->path, ENOSPC, "make room and try again");
  const int failed = sync_path(state_->draft, O_WRONLY);
  return failed == 0 ? Outcome<Done>(Done{}) : system_problem(state_->path, failed);
}

Outcome<Done> OutputFile::close() {
  RESGUARDO_CHECK(sync());
  if (state_->stream.is_open()) state_->stream.close();
  if (!state_->stream) return system_problem(state_->path, ENOSPC, "make room and try again");
  if (state_->unnamed < 0) return Done{};
  // A name that nobody has: made as a file first, which then gives way.
  State place;
  place.path = state_->path;
  if (const int failed = place.begin_named(); failed != 0)
    return system_problem(state_->path, failed);
  std::error_code ignored;
  std::filesystem::remove(place.draft, ignored);
  if (const int failed = state_->name(place.draft); failed != 0)
    return system_problem(state_->path, failed);
  ::close(std::exchange(state_->unnamed, -1));
  state_->draft = std::exchange(place.draft, {});
  return Done{};
}

Outcome<Done> OutputFile::commit() {
  RESGUARDO_CHECK(sync());
  if (state_->stream.is_open()) state_->stream.close();
  if (!state_->stream) return system_problem(state_->path, ENOSPC, "make room and try again");
  if (const int failed = state_->name(state_->path); failed != 0)
    return failed == EEXIST ? exists_already(state_->path) : system_problem(state_->path, failed);
  std::error_code ignored;
  if (state_->unnamed < 0) std::filesystem::remove(state_->draft, ignored);
  state_->draft.clear();
  if (const int failed = sync_path(folder_of(state_->path), O_RDONLY | O_DIRECTORY); failed != 0)
    return system_problem(state_->path, failed);
  return Done{};
}

void OutputFile::take_back() {
  std::error_code ignored;
  std::filesystem::remove(state_->path, ignored);
}

Outcome<Done> commit_all(std::vector<OutputFile> files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto committed = files[i].commit();
    if (committed.ok()) continue;
    for (std::size_t done = 0; done < i; ++done) files[done].take_back();
    return committed;
  }
  return Done{};
}

Outcome<Done> write_new_file(const std::filesystem::path& path, ByteView bytes) {
  RESGUARDO_TRY(OutputFile file, OutputFile::create(path));
  file.write(bytes);
  return file.commit();
}

Outcome<Bytes> read_file(const std::filesystem::path& path, std::size_t most) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_problem(path, errno);
  Bytes content;
  std::array<std::uint8_t, 65536> chunk{};
  ssize_t got = 0;
  while (content.size() <= most && (got = ::read(descriptor, chunk.data(), chunk.size())) > 0)
    content.insert(content.end(), chunk.begin(), chunk.begin() + got);
  const int failed = got < 0 ? errno : 0;
  ::close(descriptor);
  if (failed != 0) return system_problem(path, failed);
  if (content.size() > most)
    return Problem{path.string(), "is too large for what it should be", "", ExitCode::kFailed};
  return content;
}

}  // namespace resguardo::program
