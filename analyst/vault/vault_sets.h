// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyst/vault/vault_custody.h"

namespace resguardo::analyst {

// A question that is kept by a name: never a list of reports, so that what was taken back, or came
// later, is out of it or in it by itself.
struct KeptSet {
  std::string name;
  std::string filter;  // filter_text()
  MemberId member;     // who kept it
  TimePoint time;
};

// Small letters, digits and single hyphens, 1 to 40: it stands in manifests, and names nobody.
bool is_set_name(std::string_view name);

// Of a vault. A set is kept or removed together with its entry in the journal, which names it by
// BLAKE2b-256 of its name, a zero byte and its filter. What a name asks for never changes without
// both being seen there: keep() replaces nothing.
class VaultSets {
 public:
  explicit VaultSets(Vault& vault) : vault_(vault) {}  // which outlives it

  Result<std::vector<KeptSet>> all();             // by their names
  Result<KeptSet> called(std::string_view name);  // kNotFound
  // kRefused: no name or too long a filter; kConflict: there is one of that name.
  Status keep(std::string_view name, std::string_view filter, VaultCustody& custody, TimePoint now);
  Status remove(std::string_view name, VaultCustody& custody, TimePoint now);  // kNotFound

 private:
  Vault& vault_;
};

}  // namespace resguardo::analyst
