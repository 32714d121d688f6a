// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "bot/gateway/files.h"
#include "crypto/base/secret_text.h"

namespace resguardo::gateway::signal {

// Reads {"result":{"data":"<base64>"}} piece by piece, in constant memory: what the string at
// result.data says goes to a sink as it comes, and everything around it is kept, to be parsed as
// JSON at the end, with an empty string in that place.
//
// What the sink got is believed only when around() is an answer without an error and whole() holds.
// Not thread-safe.
class RpcFileAnswer {
 public:
  // kMalformed: not base64 (RFC 4648 §4, with padding), two such strings, or too much around them;
  // then it is over. The sink's failures are passed on.
  Status add(ByteView piece, const FileFetch::Sink& sink);
  ByteView around() const { return around_.view(); }
  bool whole() const { return place_ == Place::kAfter; }

 private:
  enum class Place : std::uint8_t { kBefore, kInside, kAfter };
  Status add_around(std::uint8_t byte);
  void see_string(std::uint8_t byte);
  void see_mark(std::uint8_t byte);
  bool data_begins() const;
  Status add_inside(std::uint8_t byte, SecretBuffer& plain);
  Status take_letter(std::uint8_t letter, SecretBuffer& plain);
  Status end_inside(SecretBuffer& plain);

  SecretBuffer around_;
  Place place_ = Place::kBefore;
  // JSON around it.
  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  std::size_t string_begun_ = 0;  // the last string: where in around_, without its quotes
  std::size_t string_size_ = 0;
  std::array<bool, 2> on_way_ = {};  // the key in force at depth 1 is "result", at depth 2 "data"
  // The string itself.
  std::uint32_t bits_ = 0;
  int letters_ = 0;  // of the four that make three bytes
  int padding_ = 0;
};

}  // namespace resguardo::gateway::signal
