// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>
#include <string>

#include "bot/http/detail/stream.h"
#include "bot/http/server.h"
#include "crypto/base/result.h"

namespace resguardo::http {

// TLS 1.2 and 1.3 with forward secrecy only: no session tickets, no renegotiation, no compression.
// kMalformed: a file is not what it should be, or key and certificate do not belong together.
Result<TlsContext> load_server_tls(const TlsFiles& files);
Result<Validity> validity_of(const TlsContext& context);
// `ca_file` empty: the system's certificates.
Result<TlsContext> load_client_tls(const std::string& ca_file);

// The context that new connections take; running ones keep theirs. Thread-safe.
class CurrentTls {
 public:
  TlsContext get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void set(TlsContext context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  TlsContext context_;
};

}  // namespace resguardo::http
