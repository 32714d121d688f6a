// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/rpc_file_answer.h"

#include <string_view>

namespace resguardo::gateway::signal {
namespace {

constexpr std::size_t kMostAround = std::size_t{64} * 1024;
constexpr Error kNotBase64{Fault::kMalformed, "a file that is not base64"};
constexpr std::uint8_t kNoLetter = 0xFF;

constexpr std::array<std::uint8_t, 256> make_letters() {
  std::array<std::uint8_t, 256> letters{};
  letters.fill(kNoLetter);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    letters[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return letters;
}
constexpr auto kLetters = make_letters();

}  // namespace

Status RpcFileAnswer::add(ByteView piece, const FileFetch::Sink& sink) {
  SecretBuffer plain;
  plain.reserve(piece.size());
  for (const std::uint8_t byte : piece) {
    if (place_ == Place::kInside) {
      RESGUARDO_CHECK(add_inside(byte, plain));
    } else {
      RESGUARDO_CHECK(add_around(byte));
    }
  }
  return plain.empty() ? success() : sink(plain.view());
}

Status RpcFileAnswer::add_around(std::uint8_t byte) {
  if (around_.size() >= kMostAround)
    return Error{Fault::kMalformed, "an answer about a file is too long"};
  around_.push_back(byte);
  if (in_string_) {
    see_string(byte);
    return success();
  }
  if (byte != '"') {
    see_mark(byte);
    return success();
  }
  if (data_begins()) {
    if (place_ == Place::kAfter) return Error{Fault::kMalformed, "an answer with two files"};
    place_ = Place::kInside;
    return success();
  }
  in_string_ = true;
  string_begun_ = around_.size();
  return success();
}

void RpcFileAnswer::see_string(std::uint8_t byte) {
  if (escaped_) {
    escaped_ = false;
  } else if (byte == '\\') {
    escaped_ = true;
  } else if (byte == '"') {
    in_string_ = false;
    string_size_ = around_.size() - 1 - string_begun_;
  }
}

// Whether this is JSON at all is seen at the end; here it only matters where we are in it.
void RpcFileAnswer::see_mark(std::uint8_t byte) {
  constexpr std::array<std::string_view, 2> kWay = {"result", "data"};
  const auto level = static_cast<std::size_t>(depth_ - 1);
  const bool near = depth_ == 1 || depth_ == 2;
  if (byte == '{' || byte == '[') {
    ++depth_;
    if (depth_ == 2) on_way_[1] = false;
  } else if (byte == '}' || byte == ']') {
    --depth_;
  } else if (byte == ':' && near) {
    on_way_[level] = as_text(around_.view().subspan(string_begun_, string_size_)) == kWay[level];
  } else if (byte == ',' && near) {
    on_way_[level] = false;
  }
}

bool RpcFileAnswer::data_begins() const {
  return depth_ == 2 && on_way_[0] && on_way_[1];
}

Status RpcFileAnswer::add_inside(std::uint8_t byte, SecretBuffer& plain) {
  if (escaped_) {
    escaped_ = false;
    return byte == '/' ? take_letter(byte, plain) : Status(kNotBase64);
  }
  if (byte == '\\') {  // JSON may write / as \/
    escaped_ = true;
    return success();
  }
  return byte == '"' ? end_inside(plain) : take_letter(byte, plain);
}

Status RpcFileAnswer::take_letter(std::uint8_t letter, SecretBuffer& plain) {
  if (letter == '=') {
    ++padding_;
    return letters_ + padding_ > 4 || letters_ < 2 ? Status(kNotBase64) : success();
  }
  const std::uint8_t value = kLetters[letter];
  if (value == kNoLetter || padding_ > 0) return kNotBase64;
  bits_ = bits_ << 6 | value;
  if (++letters_ < 4) return success();
  for (const int shift : {16, 8, 0}) plain.push_back(static_cast<std::uint8_t>(bits_ >> shift));
  letters_ = 0;
  bits_ = 0;
  return success();
}

// Two or three letters are left where the file's length is no multiple of three; the bits they have
// too many are zero.
Status RpcFileAnswer::end_inside(SecretBuffer& plain) {
  if (letters_ != 0) {
    const int spare = letters_ == 2 ? 4 : 2;
    const bool sound = letters_ + padding_ == 4 && (bits_ & ((1U << spare) - 1)) == 0;
    if (!sound) return kNotBase64;
    const std::uint32_t bytes = bits_ >> spare;
    if (letters_ == 3) plain.push_back(static_cast<std::uint8_t>(bytes >> 8));
    plain.push_back(static_cast<std::uint8_t>(bytes));
  }
  around_.push_back('"');
  place_ = Place::kAfter;
  return success();
}

}  // namespace resguardo::gateway::signal
