// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/listening.h"

#include <sys/stat.h>

#include <string>

#include "bot/http/server.h"

namespace resguardo::commands {
namespace {

using program::Problem;

constexpr const char* kCertificate = "[server] tls_certificate";

std::optional<http::TlsFiles> files_of(const config::Config& config) {
  if (!config.server.tls_certificate || !config.server.tls_key) return std::nullopt;
  return http::TlsFiles{config.server.tls_certificate->string(), config.server.tls_key->string()};
}

bool everybody_reads(const std::string& file) {
  struct stat found{};
  return ::stat(file.c_str(), &found) == 0 && (found.st_mode & (S_IROTH | S_IWOTH)) != 0;
}

std::string in_days(int days) {
  if (days == 0) return "ends within a day";
  return "ends in " + std::to_string(days) + (days == 1 ? " day" : " days");
}

}  // namespace

Problem listener_problem(const Error& error, std::string_view listener) {
  const std::string setting =
      listener == "public" ? "[server] listen" : "[server] " + std::string(listener) + "_listen";
  if (error.fault == Fault::kMalformed)
    return program::usage_problem(setting, error.why.c_str(),
                                  "write it like 127.0.0.1:8080, [::1]:8080 or unix:/PATH");
  if (error.why.c_str() == std::string_view(http::kNoPermission.c_str()))
    return program::problem(error, setting,
                            "ports below 1024 take a right: see docs/gateways.md, or listen on "
                            "another behind a proxy");
  return program::problem(error, setting, "free the address, or give another");
}

std::optional<Problem> listening_problem(const config::Config& config, bool now) {
  constexpr std::string_view kListeners[] = {"public", "gateway", "admin"};
  std::size_t at_fault = 0;
  const Status found = http::check_listeners(
      {config.server.listen, config.server.gateway_listen, config.server.admin_listen}, now,
      at_fault);
  if (found.ok()) return std::nullopt;
  return listener_problem(found.error(), kListeners[at_fault]);
}

program::Outcome<Done> certificate_usable(const config::Config& config) {
  const auto files = files_of(config);
  if (!files) return Done{};
  const auto checked = http::check_tls(*files);
  if (checked.ok()) return Done{};
  return program::usage_problem("[server] tls_certificate, tls_key", checked.error().why.c_str(),
                                "name PEM files that this user may read: the chain, its own "
                                "certificate first, and that certificate's key");
}

CertificateFindings look_at_certificate(const config::Config& config, TimePoint now) {
  CertificateFindings findings;
  const auto files = files_of(config);
  if (!files) return findings;
  if (const auto usable = certificate_usable(config); !usable.ok()) {
    findings.problem = usable.error();
    return findings;
  }
  const auto valid = http::check_tls(*files);
  if (!valid.ok()) return findings;
  const int days = days_until(valid->until, now);
  if (days < 0) {
    findings.problem = Problem{kCertificate, "has expired: WhatsApp sends nothing to it",
                               "renew it, and reload the server"};
  } else if (valid->from > now) {
    findings.problem = Problem{kCertificate, "is not valid yet: WhatsApp sends nothing to it",
                               "see whether this machine's clock is right"};
  } else if (everybody_reads(files->private_key)) {
    findings.warning = Problem{"[server] tls_key", "can be read or changed by everybody here",
                               "chmod 600 " + files->private_key};
  } else if (days < kRenewCertificate) {
    findings.warning = Problem{kCertificate, in_days(days), "renew it, and reload the server"};
  }
  return findings;
}

int days_until(TimePoint end, TimePoint now) {
  return static_cast<int>(std::chrono::floor<std::chrono::days>(end - now).count());
}

}  // namespace resguardo::commands
