// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes from a socket, as a server reads requests and as a client reads answers: one result,
// whatever pieces it came in, and framing that nobody can read in another way.
#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "bot/http/detail/head_scanner.h"
#include "bot/http/detail/parser.h"
#include "tests/fuzz/require.h"

namespace {

using namespace resguardo;
using namespace resguardo::http;
using fuzzing::require;

constexpr std::size_t kHeadLimit = 1024;
constexpr std::size_t kBodyLimit = 2048;
constexpr std::size_t kMostMessages = 8;

enum class End : std::uint8_t { kWhole, kMore, kRefused };

struct Read {
  End end = End::kMore;
  std::size_t used = 0;  // where it ended
  unsigned status = 0;
  Request message;
};

// One message out of `input`, of which `step` bytes more come each time.
template <bool kIsRequest>
Read read_one(ByteView input, std::size_t step) {
  Read read;
  HeadScanner scanner(kHeadLimit);
  std::size_t come = 0;
  auto verdict = HeadScanner::Verdict::kMore;
  while (verdict == HeadScanner::Verdict::kMore && come < input.size()) {
    come = std::min(input.size(), come + step);
    verdict = scanner.scan(input.first(come));
  }
  if (verdict == HeadScanner::Verdict::kMore) return read;
  read.end = End::kRefused;
  if (verdict != HeadScanner::Verdict::kComplete) return read;
  require(scanner.length() <= kHeadLimit);
  MessageParser<kIsRequest> parser(kHeadLimit);
  if (!parser.put_head(input.first(scanner.length()))) return read;
  parser.body_limit(kBodyLimit);
  read.used = scanner.length();
  come = std::max(come, read.used);
  while (!parser.is_done()) {
    ErrorCode error;
    read.used += parser.put_body(input.subspan(read.used, come - read.used), error);
    require(parser.message().body.size() <= kBodyLimit);
    if (error == boost::beast::http::error::need_more && come == input.size()) {
      if (parser.need_eof()) parser.put_eof(error);
      read.end = parser.is_done() ? End::kWhole : End::kMore;
      if (!parser.is_done()) return read;
    } else if (error == boost::beast::http::error::need_more) {
      come = std::min(input.size(), come + step);
    } else if (error) {
      return read;
    }
  }
  read.end = End::kWhole;
  read.status = parser.status();
  read.message = std::move(parser.message());
  return read;
}

bool same(const Read& a, const Read& b) {
  if (a.end != b.end) return false;
  if (a.end != End::kWhole) return true;
  const auto equal = [](const Header& x, const Header& y) {
    return x.name == y.name && x.value == y.value;
  };
  return a.used == b.used && a.status == b.status && a.message.method == b.message.method &&
         a.message.target == b.message.target &&
         std::ranges::equal(a.message.headers, b.message.headers, equal) &&
         std::ranges::equal(a.message.body.view(), b.message.body.view());
}

// Of what was taken nobody else may think that it ended elsewhere.
void check(const Request& message) {
  std::size_t framed = 0;
  for (const Header& header : message.headers) {
    require(!header.name.empty() && header.name.find_first_of(" \t\r\n:") == std::string::npos);
    require(std::ranges::all_of(
        header.value, [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= 0x20; }));
    if (header.name == "transfer-encoding") require(equal_ignoring_case(header.value, "chunked"));
    if (header.name == "content-length") require(std::stoull(header.value) == message.body.size());
    if (header.name == "content-length" || header.name == "transfer-encoding") ++framed;
  }
  require(framed <= 1);
}

template <bool kIsRequest>
void read_all(ByteView input) {
  for (std::size_t i = 0; i < kMostMessages && !input.empty(); ++i) {
    const Read whole = read_one<kIsRequest>(input, input.size());
    require(same(whole, read_one<kIsRequest>(input, 1)));
    require(same(whole, read_one<kIsRequest>(input, 7)));
    if (whole.end != End::kWhole) return;
    if (kIsRequest) check(whole.message);
    require(whole.used > 0 && whole.used <= input.size());
    input = input.subspan(whole.used);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_all<true>({data, size});
  read_all<false>({data, size});
  return 0;
}
