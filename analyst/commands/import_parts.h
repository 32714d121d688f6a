// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// Which parts of one bundle a vault has, and which have not come.
struct BundleParts {
  Bytes bundle;
  std::vector<Vault::Part> parts;  // in order of their numbers
};

// Numbers [first, last], from 0, of parts below the highest known that are not here whole.
struct MissingParts {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};
std::vector<MissingParts> missing_parts(const BundleParts& bundle);
bool last_is_known(const BundleParts& bundle);
bool is_complete(const BundleParts& bundle);

// "bundle 5e1c09aa: part 3 is missing; the last part has not come", parts counted from 1 as in the
// names of their files. Empty: all of it is here.
std::string missing_text(const BundleParts& bundle);
boost::json::object parts_json(const BundleParts& bundle);

}  // namespace resguardo::analyst
