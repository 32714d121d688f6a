// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>

#include "bot/http/client.h"
#include "bot/http/detail/base_url.h"
#include "bot/http/detail/stream.h"
#include "crypto/base/secret_text.h"

namespace resguardo::http {

// The head of a request as it goes over the wire; it may hold a token, so it is wiped.
// kMalformed: a method, path or header that would not be read as what it is meant to be, or a
// header that is ours to set (Host, Connection, lengths and encodings).
Result<SecretText> request_head(const BaseUrl& base, const ClientRequest& request);

struct Exchanged {
  ClientAnswer answer;
  bool nothing_sent = false;  // the connection was dead before the first byte went out
  bool reusable = false;
};

// Sends one request over `stream` and reads its answer. Does not watch the time.
asio::awaitable<Exchanged> exchange(Stream& stream, const SecretText& head,
                                    const ClientRequest& request);

}  // namespace resguardo::http
