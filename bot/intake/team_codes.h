// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"
#include "storage/store.h"

namespace resguardo::intake {

// A code that is good now, without the code.
struct TeamCode {
  std::uint32_t number = 0;
  Day made;
  std::string handle() const;  // "team-7": what is sealed in its place; never given out again
};
struct NewTeamCode {
  TeamCode code;
  SecretText words;  // "7K2Q-M4XD-ZR9T": shown once, kept nowhere
};

// Who may interview (docs/adr/120). The store has keyed hashes of the codes under numbers, and no
// name: who has which number, the operator's paper says.
//
// A code is 60 random bits in twelve figures and letters without I, L, O and U; it is read in any
// case, with any signs and gaps, and with O for 0, I and L for 1.
class TeamCodes {
 public:
  static constexpr std::size_t kMost = 1000;

  // `key`: derive_from_master(…, MasterUse::kTeamCode, 0).
  static Result<TeamCodes> read(storage::Store& store, SecretBytes key);

  std::vector<TeamCode> list() const;
  // All of them are kept, on disk, or none is. kConflict: more than kMost would be good.
  Result<std::vector<NewTeamCode>> add(storage::Store& store, std::size_t count, Day today);
  // How many of the handles are of good codes; all of them are withdrawn if that is all, else none.
  // What was sealed under a handle stays.
  Result<std::size_t> remove(storage::Store& store, const std::vector<std::string>& handles);

  // dialogue::Settings::team_code: the handle of the code that was typed. Thread-safe; whatever is
  // wrong with it, every good code was compared in the same time.
  std::optional<std::string> handle_of(std::string_view typed) const;

 private:
  using Tag = std::array<std::uint8_t, 32>;
  struct Kept {
    TeamCode code;
    Tag tag;
  };
  explicit TeamCodes(SecretBytes key) : key_(std::move(key)) {}
  Tag tag_of(std::string_view letters) const;
  Status write(storage::Store& store, std::uint32_t next, const std::vector<Kept>& kept) const;

  SecretBytes key_;
  std::uint32_t next_ = 1;  // numbers are not used twice
  std::vector<Kept> kept_;
};

}  // namespace resguardo::intake
