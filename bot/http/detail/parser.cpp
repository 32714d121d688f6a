// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace resguardo::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr std::size_t kReserveAtMost = std::size_t{16} * 1024;  // a claimed length is only a claim
constexpr std::size_t kLeastChunkedBytes = 5;                   // "0\r\n\r\n"

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What RFC 3986 leaves in a path or a query, or "*" and "http://…" for somebody else. A fragment is
// the client's own, and what is not ASCII no two programs read alike.
bool is_target(std::string_view text) {
  constexpr std::string_view kNever = "\"#<>\\^`{|}";
  return std::ranges::all_of(
      text, [kNever](char c) { return c > 0x20 && c < 0x7f && kNever.find(c) == kNever.npos; });
}

// A name or an address, and a port; empty, where the target has none (RFC 9110 §7.2).
bool is_host(std::string_view text) {
  constexpr std::string_view kMarks = "-._~%!$&'()*+;=:[]";
  return std::ranges::all_of(text, [kMarks](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

// A trailer that goes on in an indented line, which Beast would join to the one before. It takes a
// trailer whole or not at all, so all that came of it is here.
bool has_folded_trailer(ByteView at_chunk_head) {
  std::string_view text = as_text(at_chunk_head);
  if (text.starts_with("\r\n")) text.remove_prefix(2);  // the end of the chunk before
  const auto digits = text.find_first_not_of('0');
  if (digits == 0 || digits == text.npos || !text.substr(digits).starts_with("\r\n")) return false;
  const std::string_view lines = text.substr(digits, text.find("\r\n\r\n", digits) - digits);
  return lines.find("\r\n ") != lines.npos || lines.find("\r\n\t") != lines.npos;
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
  if (at_chunk_head && has_folded_trailer(bytes)) {
    error = beast_http::error::bad_field;
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
  return !kIsRequest || request_is_plain();
}

// A request of HTTP/1.1 names its host, once (RFC 9112 §3.2).
template <bool kIsRequest>
bool MessageParser<kIsRequest>::request_is_plain() const {
  if (count("host") > 1 || (http_1_1() && count("host") == 0)) return false;
  const Header* host = find("host");
  return (host == nullptr || is_host(host->value)) && is_target(message_.target) &&
         count("expect") <= 1;
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
