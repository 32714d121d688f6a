// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"

namespace resguardo::gateway {

// Cuts a stream of server-sent events (WHATWG HTML, §9.2.6 "Interpreting an event stream") into the
// data of its events, whatever pieces it comes in: lines end with LF, CR or both; a line that
// begins with a colon is a comment; several `data` lines are one text with LF between; one space
// after the colon is not part of a value. Types, ids and retry times are not looked at.
//
// Holds one event at most, in wiping memory. Not thread-safe.
class EventStream {
 public:
  static constexpr std::size_t kLongestEvent = std::size_t{1} << 20;  // with everything in it

  // The events that `piece` completes, in order. kRefused: one is too long; the stream is then of
  // no use any more.
  Result<std::vector<SecretBuffer>> add(ByteView piece);

  // Whether something of an event is there that is not whole.
  bool inside_event() const { return begun_ || (!line_.empty() && line_.view().front() != ':'); }

 private:
  void end_line();
  void take_field();

  SecretBuffer line_;
  SecretBuffer data_;
  bool has_data_ = false;
  bool begun_ = false;  // an event has a line
  bool after_cr_ = false;
  bool at_start_ = true;
  std::vector<SecretBuffer> complete_;
};

}  // namespace resguardo::gateway
