// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace resguardo::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr std::size_t kReserveAtMost = std::size_t{64} * 1024;  // a claimed length is only a claim
constexpr std::size_t kLeastChunkedBytes = 5;                   // "0\r\n\r\n"

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

template <bool kIsRequest>
MessageParser<kIsRequest>::MessageParser(std::size_t header_limit) {
  this->header_limit(static_cast<std::uint32_t>(header_limit));
  this->body_limit(boost::none);  // until the route is known; put_body() is not called before
  this->eager(false);
}

template <bool kIsRequest>
bool MessageParser<kIsRequest>::put_head(ByteView head) {
  ErrorCode error;
  const std::size_t used = this->put({head.data(), head.size()}, error);
  if (error.failed() || used != head.size() || !this->is_header_done()) return false;
  return framing_is_plain();
}

template <bool kIsRequest>
std::size_t MessageParser<kIsRequest>::put_body(ByteView bytes, ErrorCode& error) {
  const bool at_chunk_head = this->chunked() && chunk_left_ == 0;
  if (bytes.empty() || (at_chunk_head && bytes.size() < kLeastChunkedBytes)) {
    error = beast_http::error::need_more;
    return 0;
  }
  return this->put({bytes.data(), bytes.size()}, error);
}

template <bool kIsRequest>
std::size_t MessageParser<kIsRequest>::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(message_.headers.begin(), message_.headers.end(),
                    [name](const Header& header) { return header.name == name; }));
}

template <bool kIsRequest>
const Header* MessageParser<kIsRequest>::find(std::string_view name) const {
  if (count(name) != 1) return nullptr;
  return &*std::find_if(message_.headers.begin(), message_.headers.end(),
                        [name](const Header& header) { return header.name == name; });
}

template <bool kIsRequest>
bool MessageParser<kIsRequest>::framing_is_plain() const {
  const std::size_t lengths = count("content-length");
  const std::size_t encodings = count("transfer-encoding");
  if (lengths + encodings > 1) return false;
  if (lengths == 1 && !all_digits(find("content-length")->value)) return false;
  if (encodings == 1) {
    if (!http_1_1() || !this->chunked()) return false;
    if (!equal_ignoring_case(find("transfer-encoding")->value, "chunked")) return false;
  }
  // A request of HTTP/1.1 names its host, once (RFC 9112 §3.2).
  if (kIsRequest && (count("host") > 1 || (http_1_1() && count("host") == 0))) return false;
  return true;
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_request_impl(Verb, BeastText method, BeastText target,
                                                int version, ErrorCode&) {
  message_.method = method;
  message_.target = target;
  version_ = version;
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_response_impl(int status, BeastText, int version, ErrorCode&) {
  status_ = static_cast<unsigned>(status);
  version_ = version;
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_field_impl(Field, BeastText name, BeastText value,
                                              ErrorCode& error) {
  if (head_done_) return;  // a trailer: nobody may add headers behind the body
  if (message_.headers.size() == kMostHeaders) {
    error = beast_http::error::header_limit;
    return;
  }
  message_.headers.push_back({to_lower(name), std::string(value)});
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_header_impl(ErrorCode&) {
  head_done_ = true;
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_body_init_impl(const Length& length, ErrorCode&) {
  if (length.has_value()) {
    message_.body.reserve(
        static_cast<std::size_t>(std::min<std::uint64_t>(*length, kReserveAtMost)));
  }
}

template <bool kIsRequest>
std::size_t MessageParser<kIsRequest>::on_body_impl(BeastText body, ErrorCode&) {
  message_.body.append(as_bytes(body));
  return body.size();
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_chunk_header_impl(std::uint64_t size, BeastText extensions,
                                                     ErrorCode& error) {
  chunk_left_ = size;
  if (!extensions.empty()) error = beast_http::error::bad_chunk_extension;
}

template <bool kIsRequest>
std::size_t MessageParser<kIsRequest>::on_chunk_body_impl(std::uint64_t remain, BeastText body,
                                                          ErrorCode&) {
  chunk_left_ = remain - body.size();
  message_.body.append(as_bytes(body));
  return body.size();
}

template <bool kIsRequest>
void MessageParser<kIsRequest>::on_finish_impl(ErrorCode&) {}

template class MessageParser<true>;
template class MessageParser<false>;

}  // namespace resguardo::http
