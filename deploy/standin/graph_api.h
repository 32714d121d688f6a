// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>

#include "bot/http/message.h"
#include "deploy/standin/failures.h"
#include "deploy/standin/file_shelf.h"
#include "deploy/standin/mailbox.h"

namespace resguardo::standin {

// WhatsApp's side of sending, POST /{version}/{phone-number-id}/messages (gateways.md §3.9), and of
// files: GET and DELETE /{version}/{media-id}, GET of the address that the first one names (§3.10).
// As strict as Meta about the token, the limits of buttons and lists, and the 24 hours.
class GraphApi {
 public:
  GraphApi(const Settings& settings, Mailbox& mailbox, FileShelf& files)
      : settings_(settings), mailbox_(mailbox), files_(files) {}
  http::Response answer(const http::Request& request);
  Failures& failures() { return failures_; }

 private:
  http::Response send(const http::Request& request);
  http::Response file_facts(const http::Request& request, const std::string& id);
  std::optional<http::Response> file_call(const http::Request& request);

  const Settings& settings_;
  Mailbox& mailbox_;
  FileShelf& files_;
  Failures failures_;
  std::atomic<unsigned> sent_{0};
};

}  // namespace resguardo::standin
