// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/event_stream.h"

#include <string_view>
#include <utility>

namespace resguardo::gateway {
namespace {

constexpr std::string_view kDataField = "data";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Result<std::vector<SecretBuffer>> EventStream::add(ByteView piece) {
  for (const std::uint8_t byte : piece) {
    const bool second_half = std::exchange(after_cr_, byte == '\r') && byte == '\n';
    if (second_half) continue;
    if (byte == '\r' || byte == '\n') {
      end_line();
      continue;
    }
    if (line_.size() + data_.size() >= kLongestEvent)
      return Error{Fault::kRefused, "an event is longer than any should be"};
    line_.push_back(byte);
  }
  return std::exchange(complete_, {});
}

// An empty line ends an event; one without data is none.
void EventStream::end_line() {
  if (!line_.empty()) {
    take_field();
    line_ = SecretBuffer();
    return;
  }
  begun_ = false;
  if (std::exchange(has_data_, false)) complete_.push_back(std::move(data_));
  data_ = SecretBuffer();
}

void EventStream::take_field() {
  std::string_view line = as_text(line_.view());
  if (std::exchange(at_start_, false) && line.starts_with(kByteOrderMark))
    line.remove_prefix(kByteOrderMark.size());
  const auto colon = line.find(':');
  begun_ = begun_ || colon != 0;
  if (line.substr(0, colon) != kDataField) return;
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (std::exchange(has_data_, true)) data_.push_back('\n');
  data_.append(as_bytes(value));
}

}  // namespace resguardo::gateway
