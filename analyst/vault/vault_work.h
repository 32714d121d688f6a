// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analyst/vault/vault_custody.h"

namespace resguardo::analyst {

// The vault's memory of its working folder: a folder outside it in which files that people sent lie
// in the clear for a while (work_folder.h), one at a time. Remembered before it is made and until
// it was wiped, so that what a crash leaves is known.
class VaultWork {
 public:
  explicit VaultWork(Vault& vault) : vault_(vault) {}  // which outlives it

  struct Folder {
    std::filesystem::path path;
    TimePoint since;
  };
  Result<std::optional<Folder>> folder();
  Status begin(const std::filesystem::path& path, TimePoint now);  // kConflict: there is one

  struct File {
    std::string name;
    ReportId report;
    MediaId media;
    Digest sha256;
  };
  // With its entry in the journal, which has its hash; before the file has this name.
  Status opened(const File& file, VaultCustody& custody, TimePoint now);
  Result<std::vector<File>> files();  // by their names
  // Nothing of it is left: forgets it, with an entry in the journal that has the files' reports.
  Status wiped(VaultCustody& custody, TimePoint now);

 private:
  Vault& vault_;
};

}  // namespace resguardo::analyst
