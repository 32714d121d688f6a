// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "storage/slot_cell.h"

namespace resguardo::storage {

// The keys of closed reports, each in a cell of DIR/slots (docs/adr/133): to overwrite the cell is
// to erase the report, here, in every backup that this file belongs to, and in what a database
// leaves behind.
//
//   file   head(512) ‖ cells, 512 each
//   head   magic(8) ‖ nonce(24) ‖ sealed nothing(464) ‖ tag(16): tells whether the key fits
//   cell   nonce(24) ‖ XChaCha20-Poly1305(content(472)) ‖ tag(16); AD = its place, u32le
//   content  state(1) ‖ report(16), then by state, then zeros
//            0 free   1 key: key(32)   2 key overwritten, rows not yet gone
//            3 a report's end: cell(4) ‖ day(4) ‖ length(2) ‖ log entry
//
// Every cell is sealed anew at every write, free ones too: without the file's key they are alike.
// A cell is one sector, aligned: a write that is cut short costs that cell and no other. Cells are
// given out at random, and the file grows while a quarter of them is free.
//
// Promises: once sync() returned, what was written is on disk, and what was overwritten is not in
// the file. On flash, and on file systems that do not write in place, that is best effort.
// key_of() from any thread; the others belong to one writer.
class SlotFile {
 public:
  // A new file, whole or not at all. kConflict: it is there.
  static Status create(const std::filesystem::path& file, const SecretBytes& key);
  // Reads every cell once. kNotFound: it is not there. kUnauthentic: it belongs to another store.
  static Result<std::unique_ptr<SlotFile>> open(const std::filesystem::path& file, SecretBytes key);
  SlotFile(const SlotFile&) = delete;
  SlotFile& operator=(const SlotFile&) = delete;
  ~SlotFile();

  // Once, after open(), with the cells that the reports name: those that nobody names are free,
  // also such as a move left that was cut short. A cell that a report names is given to no other,
  // whatever is in it. Erasures that were cut short are unfinished().
  void settle(const std::map<std::uint32_t, ReportId>& used);

  // A fresh key for `report`, in a free cell; the same cell again until confirm(), so that a move
  // that is made again cannot leave rows behind under a key that is gone. On disk after sync().
  Result<std::uint32_t> give(const ReportId& report, RandomSource& random);
  void confirm(const ReportId& report) { given_.erase(report); }
  Status sync();

  // kNotFound: the report was erased. kMalformed: the cell is damaged, or another's: this may be an
  // older copy of the file.
  Result<SecretBytes> key_of(std::uint32_t cell, const ReportId& report) const;

  // What the cell is to that report: its key, overwritten, damaged, or not (any more) its own.
  SlotState state_of(std::uint32_t cell, const ReportId& report) const;

  // A report ends in three steps with a sync() after each of the first two: its end is noted, its
  // key is overwritten, and, when its rows are gone, both cells are free. An end that is noted
  // already stays as it is and is what begin_end() returns. Another report's key is left alone.
  Result<SlotErasure> begin_end(const SlotErasure& erasure, RandomSource& random);
  Status overwrite_key(const SlotErasure& erasure);
  void finish_end(const SlotErasure& erasure);  // what fails here is done at the next start
  // Ends that were noted and are not finished.
  std::vector<SlotErasure> unfinished() const;

  // The file's bytes, in pieces of 512: its head, then each cell as it is when it is its turn. From
  // any thread; the writer goes on meanwhile, and gives no cell between two pieces a torn one.
  Status copy_to(const std::function<Status(ByteView)>& take) const;

  // The cells that do not open, read one after the other, from any thread. One that is free does no
  // harm: it is written anew before it is used.
  struct Inspected {
    std::uint64_t cells = 0;
    std::vector<std::uint32_t> damaged;
  };
  Result<Inspected> inspect() const;

  std::size_t cells() const { return cells_; }
  std::size_t free_cells() const { return free_.size(); }
  // Cells that a report names and that do not hold its key.
  std::size_t lost_cells() const { return named_.size(); }

 private:
  SlotFile(int file, SecretBytes key, std::size_t cells)
      : file_(file), key_(std::move(key)), cells_(cells) {}
  Status look_at_all();
  bool may_overwrite(std::uint32_t cell, const ReportId& report) const;
  Result<std::uint32_t> take_free(RandomSource& random);
  void set_free(std::uint32_t cell);
  Status read(std::uint32_t cell, SlotContent& content) const;
  Status write(std::uint32_t cell, const SlotContent& content) const;
  Status grow();

  const int file_;
  const SecretBytes key_;
  std::atomic<std::size_t> cells_;  // read by key_of(), from any thread
  mutable std::mutex mutex_;      // one read or write of a cell at a time
  std::vector<FoundSlot> found_;  // between open() and settle()
  std::vector<std::uint32_t> free_;
  std::set<std::uint32_t> named_;  // by a report, and not its own
  struct End {
    std::uint32_t noted = 0;  // the cell that holds it
    SlotErasure erasure;
  };
  std::map<ReportId, End> ends_;             // noted, not finished
  std::map<ReportId, std::uint32_t> given_;  // not confirmed
};

}  // namespace resguardo::storage
