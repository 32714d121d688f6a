// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "bot/config/config.h"
#include "crypto/base/clock.h"
#include "program/problem.h"

namespace resguardo::commands {

// What a listener of this name cannot be had for, by the setting that says where it listens.
program::Problem listener_problem(const Error& error, std::string_view listener);

// The first address of [server] that `serve` could not listen at. `now`: also what somebody else
// has, or what is not this machine's; each is bound for a moment, so not beside a running `serve`.
std::optional<program::Problem> listening_problem(const config::Config& config, bool now);

// A certificate and a key that `serve` can use, or none.
program::Outcome<Done> certificate_usable(const config::Config& config);

struct CertificateFindings {
  std::optional<program::Problem> problem;  // nobody who looks at it would send a message
  std::optional<program::Problem> warning;
};
CertificateFindings look_at_certificate(const config::Config& config, TimePoint now);

// Days until a certificate ends; negative: it has.
int days_until(TimePoint end, TimePoint now);
inline constexpr int kRenewCertificate = 14;  // days before its end

}  // namespace resguardo::commands
