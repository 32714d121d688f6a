// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "crypto/base/random.h"
#include "program/problem.h"

namespace resguardo::analyst {

// Where a folder lies, as far as the machine says.
enum class WorkPlace : std::uint8_t {
  kMemory,     // gone when the machine is switched off, unless it is swapped
  kEncrypted,  // on a device that dm-crypt opens
  kDisk,       // on another, or nobody can tell
};
// `kernel`: what the kernel says of devices. WARNING: an encrypted disk below a virtual machine, or
// one that encrypts by itself, does not show here.
WorkPlace work_place(const std::filesystem::path& folder,
                     const std::filesystem::path& kernel = "/sys/dev/block");
// What is in memory may be written to a disk in the clear.
bool memory_may_reach_a_disk(const std::filesystem::path& swaps = "/proc/swaps");

// A folder in which files lie in the clear for a while: only its owner enters it (0700), and what
// it was given can be read and not be written.
//
// Promises: a file has its name once all of it was found to be what was sent; wipe() overwrites
// every file that lies anywhere in it, also those of others, syncs each, removes all, and looks.
// WARNING: a flash disk may keep what was overwritten, a file system with copies or a journal, too;
// and the program that showed a file may have kept it elsewhere.
class WorkFolder {
 public:
  // A problem: something is there, or its parent is not.
  static program::Outcome<WorkFolder> make(const std::filesystem::path& dir);
  // One that make() made, held against another run. A problem: it is somebody else's, or in use.
  static program::Outcome<WorkFolder> enter(const std::filesystem::path& dir);

  WorkFolder(WorkFolder&& other) noexcept;
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder();  // it stays, and all that is in it

  // How many files lie in it, also below; their names' highest number ("007.jpg").
  program::Outcome<std::size_t> files() const;
  std::size_t last_number() const;

  // Gives the file piece by piece; its last word says whether that was all of it.
  using Sink = std::function<Status(ByteView plain)>;
  using Content = std::function<Status(const Sink& sink)>;
  // Once all of it is there and right, and before it has its name.
  using Before = std::function<program::Outcome<Done>(const Digest& sha256)>;
  // False: it does not open; nothing of it stays.
  program::Outcome<bool> put(const std::string& name, const Content& content, const Before& before);

  struct Wiped {
    std::size_t files = 0;
    std::size_t elsewhere = 0;  // of these: they have another name outside, which stays, emptied
  };
  // The folder is gone then. A problem: something of it is left.
  program::Outcome<Wiped> wipe(RandomSource& random);

 private:
  WorkFolder(std::filesystem::path dir, int lock) : dir_(std::move(dir)), lock_(lock) {}
  std::filesystem::path dir_;
  int lock_ = -1;
};

}  // namespace resguardo::analyst
