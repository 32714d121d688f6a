// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/exchange.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "bot/http/detail/head_scanner.h"
#include "bot/http/detail/parser.h"
#include "bot/http/detail/read_buffer.h"

namespace resguardo::http {
namespace {

constexpr std::size_t kLongestError = std::size_t{64} * 1024;

namespace beast_http = boost::beast::http;
constexpr std::size_t kHeadLimit = std::size_t{32} * 1024;
constexpr std::size_t kAnswerPiece = std::size_t{16} * 1024;
constexpr int kMostInterimAnswers = 8;  // 1xx before the real one
constexpr std::array<std::string_view, 6> kOurHeaders = {
    "host", "connection", "content-length", "transfer-encoding", "expect", "upgrade"};

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [kMarks](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != kMarks.npos;
  });
}
bool is_path(std::string_view text) {
  return text.starts_with('/') && text.find('#') == text.npos &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}
bool is_header_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool may_send(const Header& header) {
  if (!is_token(header.name) || !is_header_value(header.value)) return false;
  const std::string name = to_lower(header.name);
  return std::ranges::find(kOurHeaders, name) == kOurHeaders.end();
}

ClientAnswer failed(StaticText why) {
  return ClientAnswer{0, why, {}};
}

// Reads one answer (also an interim one) with what `buffer` holds already.
class AnswerReader {
 public:
  AnswerReader(Stream& stream, ReadBuffer& buffer, const ClientRequest& request)
      : stream_(stream), buffer_(buffer), request_(request), parser_(kHeadLimit) {}

  asio::awaitable<ClientAnswer> read() {
    parser_.skip(request_.method == "HEAD");
    const bool has_head = co_await read_head();
    if (!has_head) co_return failed(failure_);
    parser_.body_limit(request_.answer_limit);
    const bool has_length = !parser_.is_done() && !parser_.chunked();
    if (has_length && parser_.content_length().value_or(0) > request_.answer_limit) {
      co_return failed("the answer is over the limit");
    }
    if (!give_pieces()) co_return failed(failure_);
    const bool has_body = co_await read_body();
    if (!has_body) co_return failed(failure_);
    co_return ClientAnswer{parser_.status(), "", std::move(parser_.message().body)};
  }
  bool keep_alive() const { return parser_.is_done() && parser_.keep_alive(); }

 private:
  asio::awaitable<bool> read_more() {
    const IoResult result = co_await stream_.read_some(buffer_.space());
    buffer_.commit(result.bytes);
    ended_ = static_cast<bool>(result.error);
    co_return !ended_;
  }

  asio::awaitable<bool> read_head() {
    HeadScanner scanner(kHeadLimit);
    HeadScanner::Verdict verdict = scanner.scan(buffer_.data());
    while (verdict == HeadScanner::Verdict::kMore) {
      const bool more = co_await read_more();
      if (!more) co_return false;
      verdict = scanner.scan(buffer_.data());
    }
    failure_ = "the answer is malformed";
    if (verdict != HeadScanner::Verdict::kComplete) co_return false;
    if (!parser_.put_head(buffer_.data().first(scanner.length()))) co_return false;
    buffer_.consume(scanner.length());
    co_return true;
  }

  asio::awaitable<bool> read_body() {
    while (!parser_.is_done()) {
      ErrorCode error;
      buffer_.consume(parser_.put_body(buffer_.data(), error));
      if (error == beast_http::error::need_more && !buffer_.full()) {
        const bool more = co_await read_more();
        if (!more && !finish_at_end()) co_return false;
      } else if (error) {
        failure_ = error == beast_http::error::body_limit
                       ? StaticText("the answer is over the limit")
                       : StaticText("the answer is malformed");
        co_return false;
      }
      if (!give_pieces()) co_return false;
    }
    co_return true;
  }

  // What of the body has been parsed, to whoever wants it piece by piece.
  bool give_pieces() {
    const bool wanted = request_.on_piece && parser_.status() >= 200 && parser_.status() < 300;
    // Who wants pieces has set no limit; an error is short.
    if (request_.on_piece && !wanted && parser_.message().body.size() > kLongestError) {
      failure_ = "the answer is over the limit";
      return false;
    }
    if (!wanted || (told_head_ && parser_.message().body.empty())) return true;
    told_head_ = true;
    const SecretBuffer piece = std::exchange(parser_.message().body, SecretBuffer());
    failure_ = "no more of the answer was wanted";
    return request_.on_piece(piece.view());
  }

  // Without a length the body ends with the connection (RFC 9112 §6.3).
  bool finish_at_end() {
    failure_ = "the connection was cut before the answer ended";
    ErrorCode error;
    if (parser_.need_eof()) parser_.put_eof(error);
    return parser_.is_done() && !error.failed();
  }

  Stream& stream_;
  ReadBuffer& buffer_;
  const ClientRequest& request_;
  ResponseParser parser_;
  bool ended_ = false;
  bool told_head_ = false;
  StaticText failure_ = "the connection was cut before an answer came";
};

}  // namespace

Result<SecretText> request_head(const BaseUrl& base, const ClientRequest& request) {
  const bool plain = is_token(request.method) && is_path(request.path) &&
                     std::ranges::all_of(request.headers, may_send);
  if (!plain || request.method == "CONNECT") {
    return Error{Fault::kMalformed, "the request has a method, path or header that cannot be sent"};
  }
  SecretText head(request.method);
  for (const std::string_view part :
       {std::string_view(" "), std::string_view(base.prefix), std::string_view(request.path),
        std::string_view(" HTTP/1.1\r\nHost: "), std::string_view(base.authority),
        std::string_view("\r\n")}) {
    head.append(part);
  }
  for (const Header& header : request.headers) {
    for (const std::string_view part : {std::string_view(header.name), std::string_view(": "),
                                        std::string_view(header.value), std::string_view("\r\n")}) {
      head.append(part);
    }
  }
  const bool says_length = !request.body.empty() || request.method == "POST" ||
                           request.method == "PUT" || request.method == "PATCH";
  if (says_length) head.append("Content-Length: " + std::to_string(request.body.size()) + "\r\n");
  head.append("\r\n");
  return head;
}

asio::awaitable<Exchanged> exchange(Stream& stream, const SecretText& head,
                                    const ClientRequest& request) {
  Exchanged result;
  const IoResult sent = co_await stream.write(as_bytes(head.reveal()), request.body.view());
  if (sent.error && sent.bytes == 0) {
    result.nothing_sent = true;
    result.answer = failed("the connection was cut before anything was sent");
    co_return result;
  }
  // A peer that refuses a body may answer without reading it: look even if not all went out.
  ReadBuffer buffer(kHeadLimit + kAnswerPiece);
  for (int interim = 0; interim <= kMostInterimAnswers; ++interim) {
    AnswerReader reader(stream, buffer, request);
    result.answer = co_await reader.read();
    if (result.answer.status >= 100 && result.answer.status < 200) continue;
    result.reusable =
        result.answer.status != 0 && !sent.error && reader.keep_alive() && buffer.size() == 0;
    co_return result;
  }
  result.answer = failed("the answer is malformed");
  co_return result;
}

}  // namespace resguardo::http
