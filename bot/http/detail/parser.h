// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bot/http/message.h"

namespace resguardo::http {

using ErrorCode = boost::beast::error_code;
using BeastText = boost::beast::string_view;

// Beast's parser writing straight into our message, its body into wiping memory. Limits are the
// parser's own: header_limit() and body_limit() of basic_parser.
template <bool kIsRequest>
class MessageParser : public boost::beast::http::basic_parser<kIsRequest> {
 public:
  static constexpr std::size_t kMostHeaders = 100;

  explicit MessageParser(std::size_t header_limit);

  // The whole head as HeadScanner found it. False: malformed, or framing that two parsers could
  // read in two ways (length and encoding together, twice, or anything but "chunked").
  bool put_head(ByteView head);

  // Parses more of the body and says how much it took. `error` is need_more, body_limit, or what
  // is wrong. Beast asserts on fewer than five bytes of a chunk's head, so that waits for five: no
  // legal body ends with less unparsed. What a chunk holds waits for nothing.
  std::size_t put_body(ByteView bytes, ErrorCode& error);

  const Header* find(std::string_view name) const;  // nullptr unless it is there once
  unsigned status() const { return status_; }       // responses
  bool http_1_1() const { return version_ >= 11; }
  Request& message() { return message_; }  // method and target: requests

 private:
  using Verb = boost::beast::http::verb;
  using Field = boost::beast::http::field;
  using Length = boost::optional<std::uint64_t>;

  std::size_t count(std::string_view name) const;
  bool framing_is_plain() const;
  bool request_is_plain() const;

  void on_request_impl(Verb, BeastText method, BeastText target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int status, BeastText reason, int version, ErrorCode& error) override;
  void on_field_impl(Field, BeastText name, BeastText value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const Length& length, ErrorCode& error) override;
  std::size_t on_body_impl(BeastText body, ErrorCode& error) override;
  void on_chunk_header_impl(std::uint64_t size, BeastText extensions, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, BeastText body, ErrorCode& error) override;
  void on_finish_impl(ErrorCode& error) override;

  Request message_;
  unsigned status_ = 0;
  int version_ = 11;
  bool head_done_ = false;
  std::uint64_t chunk_left_ = 0;
};

using RequestParser = MessageParser<true>;
using ResponseParser = MessageParser<false>;
extern template class MessageParser<true>;
extern template class MessageParser<false>;

// ASCII only, as header names are.
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace resguardo::http
