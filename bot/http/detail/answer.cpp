// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/answer.h"

#include <algorithm>
#include <array>

namespace resguardo::http {
namespace {

struct StatusLine {
  unsigned status;
  std::string_view text;
};
constexpr std::array kStatusLines = {
    StatusLine{200, "200 OK"},
    StatusLine{201, "201 Created"},
    StatusLine{202, "202 Accepted"},
    StatusLine{204, "204 No Content"},
    StatusLine{400, "400 Bad Request"},
    StatusLine{401, "401 Unauthorized"},
    StatusLine{403, "403 Forbidden"},
    StatusLine{404, "404 Not Found"},
    StatusLine{408, "408 Request Timeout"},
    StatusLine{409, "409 Conflict"},
    StatusLine{413, "413 Content Too Large"},
    StatusLine{417, "417 Expectation Failed"},
    StatusLine{429, "429 Too Many Requests"},
    StatusLine{431, "431 Request Header Fields Too Large"},
    StatusLine{500, "500 Internal Server Error"},
    StatusLine{503, "503 Service Unavailable"},
};
constexpr unsigned kServerError = 500;

const StatusLine* find_line(unsigned status) {
  const auto* found = std::ranges::find_if(
      kStatusLines, [status](const StatusLine& l) { return l.status == status; });
  return found == kStatusLines.end() ? nullptr : found;
}

bool fits_a_header(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

AnswerText answer_text(Response response, bool to_head_request, bool close) {
  const StatusLine* line = find_line(response.status);
  if (line == nullptr || !fits_a_header(response.content_type)) {
    response = Response{kServerError, "", ""};
    line = find_line(kServerError);
  }
  if (line->status >= 400 && line->status < 500) response.body.clear();
  if (response.body.empty()) response.content_type.clear();

  std::string head = "HTTP/1.1 ";
  head.append(line->text).append("\r\n");
  if (line->status == 204) {
    response.body.clear();  // has neither a body nor a length (RFC 9110 §8.6)
  } else {
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  if (!response.content_type.empty() && line->status != 204) {
    head.append("Content-Type: ").append(response.content_type).append("\r\n");
  }
  head.append("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
  if (close) head.append("Connection: close\r\n");
  head.append("\r\n");
  if (to_head_request) response.body.clear();
  return {std::move(head), std::move(response.body)};
}

}  // namespace resguardo::http
