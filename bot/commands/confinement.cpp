// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/confinement.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>

#include "bot/sandbox/privileges.h"

namespace resguardo::commands {
namespace {

using sandbox::Path;
using sandbox::Plan;

constexpr std::string_view kUnix = "unix:";
constexpr std::uint16_t kHttp = 80, kHttps = 443, kNames = 53, kFirstFreePort = 1024;
constexpr const char* kNowhere = "/dev/null";  // SQLCipher's own log
constexpr const char* kResolver = "/etc/resolv.conf";

// What the C library, OpenSSL and ICU read by themselves, at any time.
constexpr const char* kOfTheSystem[] = {"/usr/lib",
                                        "/lib",
                                        "/lib64",
                                        "/usr/lib64",
                                        "/etc/ld.so.cache",
                                        "/etc/hosts",
                                        "/etc/host.conf",
                                        "/etc/nsswitch.conf",
                                        "/etc/gai.conf",
                                        "/etc/services",
                                        "/etc/protocols",
                                        "/etc/localtime",
                                        "/sys/devices/system/cpu",
                                        "/usr/share/zoneinfo",
                                        "/etc/ssl/certs",
                                        "/etc/ssl/openssl.cnf",
                                        "/usr/share/ca-certificates",
                                        "/usr/local/share/ca-certificates",
                                        "/dev/urandom"};

Path real(const Path& path) {
  std::error_code unknown;
  Path found = std::filesystem::weakly_canonical(path, unknown);
  return unknown ? path : found;
}

// Where it stands, and where it stands if that is a link.
void add_folder_of(const Path& file, std::vector<Path>& folders) {
  for (const Path& one : {file, real(file)})
    if (one.has_parent_path()) folders.push_back(one.parent_path());
}

void add_file(const std::optional<Path>& file, std::vector<Path>& files) {
  if (file) files.push_back(*file);
}

void add_from_environment(const char* name, std::vector<Path>& paths) {
  if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
    paths.emplace_back(value);
}

std::optional<std::uint16_t> port_after_colon(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.find(']', colon) != std::string_view::npos)
    return std::nullopt;
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, port);
  return read.ec == std::errc() && read.ptr == end ? std::optional(port) : std::nullopt;
}

void add_listener(const std::string& address, Plan& plan) {
  if (address.starts_with(kUnix)) {
    plan.sockets.push_back(Path(address.substr(kUnix.size())).parent_path());
  } else if (const auto port = port_after_colon(address)) {
    plan.listens.push_back(*port);
  }
}

bool is_unix(std::string_view base) {
  return base.starts_with(kUnix);
}

void add_peer(const std::string& base, Plan& plan) {
  if (is_unix(base)) return;  // no Landlock asks about sockets that have a path
  const std::size_t scheme = base.find("://");
  if (scheme == std::string::npos) return;
  const std::string_view rest = std::string_view(base).substr(scheme + 3);
  const auto named = port_after_colon(rest.substr(0, rest.find('/')));
  plan.connects.push_back(named.value_or(base.starts_with("https") ? kHttps : kHttp));
}

void add_whatsapp(const config::WhatsApp& whatsapp, Plan& plan) {
  for (const Path& one :
       {whatsapp.app_secret_file, whatsapp.access_token_file, whatsapp.verify_token_file})
    plan.readable.push_back(one);
  if (!whatsapp.ca_file.empty()) plan.readable.emplace_back(whatsapp.ca_file);
  add_peer(whatsapp.api_base, plan);
  plan.connects.push_back(kHttps);  // Meta keeps files on other hosts
}

void add_signal(const config::Signal& signal, Plan& plan) {
  add_file(signal.webhook_token_file, plan.readable);
  add_file(signal.webhook_password_file, plan.readable);
  add_file(signal.attachments_dir, plan.emptied);
  add_peer(signal.api_base, plan);
}

// A router or a network manager replaces the file, in /etc or where a link leads.
void add_resolver(Plan& plan) {
  plan.readable.emplace_back(kResolver);
  const Path folder = real(kResolver).parent_path();
  // All of /etc is more than root should have left: there a change takes a restart.
  if (folder != Path("/etc") || ::geteuid() != 0) plan.readable.push_back(folder);
}

void add_system(Plan& plan) {
  plan.readable.insert(plan.readable.end(), std::begin(kOfTheSystem), std::end(kOfTheSystem));
  plan.writable.emplace_back(kNowhere);
  add_from_environment("SSL_CERT_FILE", plan.readable);
  add_from_environment("SSL_CERT_DIR", plan.readable);
  add_resolver(plan);
#if defined(RESGUARDO_INSTRUMENTED)  // reports of the run time
  for (const Path& one : {Path("/proc"), Path("/usr/bin"), real("/proc/self/exe").parent_path()})
    plan.readable.push_back(one);
  if (const char* profile = std::getenv("LLVM_PROFILE_FILE"))
    plan.writable.push_back(Path(profile).parent_path());
#endif
}

bool has_low_port(const Plan& plan) {
  return std::ranges::any_of(plan.listens,
                             [](std::uint16_t port) { return port > 0 && port < kFirstFreePort; });
}

}  // namespace

Plan plan_of(const config::Config& config) {
  Plan plan;
  plan.writable.push_back(config.store.directory);
  add_file(config.store.master_key_file, plan.readable);
  if (config.store.master_key_credential)
    add_from_environment("CREDENTIALS_DIRECTORY", plan.readable);
  add_folder_of(config.roster.path, plan.readable);
  add_folder_of(config.form.path, plan.readable);
  for (const auto& file : {config.server.tls_certificate, config.server.tls_key})
    if (file) add_folder_of(*file, plan.readable);
  for (const auto& address :
       {config.server.listen, config.server.gateway_listen, config.server.admin_listen})
    add_listener(address, plan);
  if (config.whatsapp) add_whatsapp(*config.whatsapp, plan);
  if (config.signal) add_signal(*config.signal, plan);
  plan.connects.push_back(kNames);  // an answer that is too long for UDP
  add_system(plan);
  return plan;
}

program::Outcome<sandbox::State> confine(const config::Config& config) {
  const auto lacking = sandbox::missing(sandbox::probe());
  if (!lacking.empty() && config.server.sandbox == config::Lacking::kRefuse)
    return program::Problem{"[server] sandbox", lacking.front().c_str(),
                            "run it where the kernel has it, or set sandbox = \"warn\"",
                            program::ExitCode::kUsage};
  const Plan before = plan_of(config);
  RESGUARDO_CHECK(program::at(
      "[server] sandbox",
      sandbox::drop_privileges(config.store.directory, {.low_ports = has_low_port(before)})));
  return program::at("[server] sandbox", sandbox::enter(plan_of(config)));
}

program::Outcome<Done> settle(const config::Config& config, const sandbox::State& state) {
  const sandbox::StillNeeded still{.unix_sockets =
                                       (config.whatsapp && is_unix(config.whatsapp->api_base)) ||
                                       (config.signal && is_unix(config.signal->api_base))};
  return program::at("[server] sandbox", sandbox::settle(state, still));
}

std::string confinement_line(const sandbox::State& state) {
  std::string line = state.landlock == 0      ? "files are not confined"
                     : state.confines_ports() ? "files and connections are confined (Landlock "
                                              : "files are confined (Landlock ";
  if (state.landlock > 0) line += std::to_string(state.landlock) + ")";
  return line +
         (state.filtered ? ", system calls are filtered" : ", system calls are not filtered");
}

}  // namespace resguardo::commands
