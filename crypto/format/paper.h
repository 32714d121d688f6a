// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/format/armour.h"

namespace resguardo {

// Bytes as lines that people can type back from paper:
//   RESGUARDO PAPER 1 LOCKED KEY 310 ABCD-EFGH
//   01 ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567 CHCK
//   …
// Twenty bytes a line in base32 (RFC 4648 §6, no padding), the last shorter; each line ends in 20
// bits of a check over its number and bytes, the first in 40 bits over the whole. docs/format.md
// draws it.
std::string paper_lines(ArmourKind kind, ByteView bytes);  // at most 1,980 bytes: 99 lines

// What was typed. `wrong`: numbers of lines that do not fit their check or are not there.
struct TypedPaper {
  std::vector<int> wrong;
  ArmourKind kind = ArmourKind::kLockedKey;
  Bytes bytes;  // if none is wrong
};
// Forgives: case, spaces, hyphens, empty lines, 0 for O, 1 for I and 8 for B; lines in any order.
// kMalformed: there is no first line, or it is of another version; kUnauthentic: every line fits,
// and the whole does not. WARNING: the checks find slips, not forgery; reading and writing take a
// time that depends on the letters.
Result<TypedPaper> read_paper(std::string_view typed);

}  // namespace resguardo
