// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/slots_copy.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "crypto/base/hash.h"

namespace resguardo::backup {
namespace {

namespace fs = std::filesystem;
using program::Outcome;
using program::Problem;

Problem not_written(const fs::path& file) {
  return {file.string(), "the copy of the slots could not be written",
          "make room, or see whether this user may write there; the backup is not made"};
}

// Zeros over all of it, through a name that is about to mean something else.
void overwrite(int descriptor) {
  constexpr std::array<char, 4096> kZeros{};
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  for (off_t at = 0; at < size; at += static_cast<off_t>(kZeros.size()))
    if (::pwrite(
            descriptor, kZeros.data(),
            static_cast<std::size_t>(std::min<off_t>(size - at, static_cast<off_t>(kZeros.size()))),
            at) < 0)
      break;
  ::fsync(descriptor);
}

// A draft holds keys of reports as the file does.
void take_away(const fs::path& draft) {
  if (const int left = ::open(draft.c_str(), O_WRONLY | O_CLOEXEC); left >= 0) {
    overwrite(left);
    ::close(left);
  }
  std::error_code ignored;
  fs::remove(draft, ignored);
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

bool synced(const fs::path& file, int flags) {
  const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC);
  const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return done;
}

Result<Digest> digest_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  SlotsDigest digest;
  std::array<char, kSlotsPiece> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0)
    digest.add(as_bytes({piece.data(), static_cast<std::size_t>(in.gcount())}));
  if (in.bad()) return Error{Fault::kUnavailable, "the copy of the slots cannot be read again"};
  return digest.value();
}

}  // namespace

void SlotsDigest::add(ByteView piece) {
  digest_ = derive_public(digest_.view(), Label::kSlotsCopy, {piece});
}

std::string slots_name(ByteView log_public_key) {
  constexpr std::size_t kBytes = 8;
  const Digest digest = sha256(log_public_key);
  return "resguardo-slots-" + to_hex(digest.view().first(kBytes));
}

struct SlotsReplacement::State {
  fs::path file;
  fs::path draft;
  std::ofstream stream;
  int folder = -1;  // locked: two backups at once would take each other's draft
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (!draft.empty()) take_away(draft);
    if (folder >= 0) ::close(folder);
  }
};

SlotsReplacement::SlotsReplacement(std::unique_ptr<State> state) : state_(std::move(state)) {}
SlotsReplacement::SlotsReplacement(SlotsReplacement&&) noexcept = default;
SlotsReplacement& SlotsReplacement::operator=(SlotsReplacement&&) noexcept = default;
SlotsReplacement::~SlotsReplacement() = default;

Outcome<SlotsReplacement> SlotsReplacement::create(const fs::path& file) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->folder = ::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (state->folder < 0) return not_written(file);
  if (::flock(state->folder, LOCK_EX | LOCK_NB) != 0)
    return Problem{file.string(), "another backup is being written into this folder",
                   "wait for its end"};
  const fs::path draft = file.string() + ".new";
  take_away(draft);  // of a backup that was cut short
  const int made = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return not_written(file);
  ::close(made);
  state->draft = draft;
  state->stream.open(draft, std::ios::binary);
  if (!state->stream) return not_written(file);
  return SlotsReplacement(std::move(state));
}

std::ostream& SlotsReplacement::stream() {
  return state_->stream;
}

Outcome<Done> SlotsReplacement::commit(const Digest& expected) {
  State& state = *state_;
  state.stream.close();
  if (!state.stream || !synced(state.draft, O_WRONLY)) return not_written(state.file);
  const auto found = digest_of(state.draft);
  if (!found.ok() || *found != expected)
    return Problem{state.file.string(), "the copy of the slots is not what the server sent",
                   "the disk may be failing; the file that was there stays"};
  const int before = ::open(state.file.c_str(), O_WRONLY | O_CLOEXEC);
  std::error_code failed;
  fs::rename(state.draft, state.file, failed);
  if (!failed) state.draft.clear();
  const bool durable = !failed && ::fsync(state.folder) == 0;
  if (before >= 0 && durable) overwrite(before);
  if (before >= 0) ::close(before);
  if (!durable) return not_written(state.file);
  return Done{};
}

}  // namespace resguardo::backup
