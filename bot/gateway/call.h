// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "bot/gateway/event.h"
#include "crypto/base/secret_text.h"

namespace resguardo::gateway {

// A request that the http client shall make. The path is joined to the gateway's api_base.
struct OutboundCall {
  std::string method;
  std::string path;                         // starts with /
  std::vector<RawRequest::Header> headers;  // authorisation among them: never logged
  SecretBuffer body;
  bool counts = true;  // against Pace
};
// How fast messages may go out. A messenger that is asked for more refuses, and in the end refuses
// us altogether.
struct Pace {
  using Interval = std::chrono::duration<double, std::milli>;
  Interval interval{0};    // between two, whoever they are for; 0: no limit
  unsigned burst = 1;      // as many at once
  Interval per_person{0};  // between two to one person
  unsigned person_burst = 1;
};
struct CallAnswer {
  unsigned status = 0;  // 0: no answer (refused, cut, timed out)
  SecretBuffer body;
};

}  // namespace resguardo::gateway
