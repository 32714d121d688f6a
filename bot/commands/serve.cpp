// SPDX-License-Identifier: AGPL-3.0-or-later
#include <csignal>
#include <ctime>
#include <iostream>

#include "bot/commands/addresses.h"
#include "bot/commands/commands.h"
#include "bot/commands/confinement.h"
#include "bot/commands/health.h"
#include "bot/commands/installation.h"
#include "bot/commands/limits.h"
#include "bot/commands/service.h"
#include "bot/notices/notice.h"
#include "crypto/base/locked_total.h"
#include "storage/store_lock.h"

namespace resguardo::commands {
namespace {

constexpr timespec kLook = {3, 0};
constexpr timespec kLookAtLock = {0, 100'000'000};
constexpr int kLooksToMaintenance = 20;  // a minute

// Taken by sigtimedwait in the main thread; blocked in every other.
sigset_t our_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, one);
  return signals;
}

program::Outcome<Done> addresses_allowed(const config::Config& config) {
  const struct {
    const char* key;
    const std::string& address;
  } local[] = {{"gateway_listen", config.server.gateway_listen},
               {"admin_listen", config.server.admin_listen}};
  for (const auto& one : local)
    if (!stays_on_this_machine(one.address))
      return program::usage_problem(std::string("[server] ") + one.key,
                                    "is reachable from outside this machine",
                                    "use 127.0.0.1:PORT, [::1]:PORT or unix:/PATH");
  return Done{};
}

// A command that works on the store ends by itself; another server is an error, and told by who
// opens the store. False: somebody asked us to stop meanwhile.
bool wait_for_commands(const config::Config& config, const sigset_t& signals, notices::Log& log) {
  for (bool told = false;; told = true) {
    const auto held = storage::StoreLock::held(config.store.directory);
    if (!held.ok() || held.value() != storage::StoreUse::kCommand) return true;
    if (!told) log.write(notices::info("waiting for a command that works on the store"));
    const int signal = sigtimedwait(&signals, nullptr, &kLookAtLock);
    if (signal == SIGTERM || signal == SIGINT) return false;
  }
}

void tell_shelter(const sandbox::State& shelter, notices::Log& log) {
  log.write(notices::info(shelter.whole() ? StaticText("in its sandbox")
                                          : StaticText("not in the whole of its sandbox"))
                .with(notices::Kind::kLandlock, static_cast<std::uint64_t>(shelter.landlock)));
  for (const StaticText line : sandbox::missing(shelter)) log.write(notices::warning(line));
  for (const StaticText line : sandbox::weaker(shelter)) log.write(notices::warning(line));
  log.write(notices::info("memory is locked")
                .with(notices::Kind::kMebibytes, locked_totals().locked / kMebibyte));
  if (locked_totals().unlocked > 0) log.write(notices::warning(kUnlocked));
}

// Nothing: it was asked to stop before it began.
program::Outcome<std::unique_ptr<Service>> begin(const ConfigOptions& options,
                                                 const sigset_t& signals, sandbox::State& shelter,
                                                 notices::Log& log) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  RESGUARDO_CHECK(addresses_allowed(config));
  raise_descriptors(config.limits.connections);
  RESGUARDO_TRY(shelter, confine(config));
  if (!wait_for_commands(config, signals, log)) return std::unique_ptr<Service>();
  RESGUARDO_TRY(auto service, Service::start(config, shelter));
  RESGUARDO_CHECK(settle(config, shelter));
  return service;
}

void tell_ports(const Service& service, notices::Log& log) {
  for (const StaticText listener :
       {StaticText("public"), StaticText("gateway"), StaticText("admin")}) {
    const auto port = service.port(listener.c_str());
    auto notice = notices::info(port == 0 ? StaticText("listening on a socket with a path")
                                          : StaticText("listening"));
    notice.listener(listener);
    log.write(port == 0 ? notice : notice.with(notices::Kind::kPort, port));
  }
  log.write(notices::info("serving"));
}

void tell(const Told& told, notices::Log& log) {
  for (const auto& notice : told) log.write(notice);
}

void reload(Service& service, notices::Log& log) {
  const auto told = service.reload();
  tell(told, log);
  log.write(told.empty() ? notices::info("reloaded")
                         : notices::warning("reloaded what could be read")
                               .with(notices::Kind::kProblems, told.size()));
}

void serve_until_told(Service& service, const sigset_t& signals, notices::Log& log) {
  for (int looks = 0;;) {
    const int signal = sigtimedwait(&signals, nullptr, &kLook);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) {
      reload(service, log);
    } else {
      tell(service.look_for_roster(), log);
      if (++looks % kLooksToMaintenance == 1) tell(service.maintain(), log);
    }
  }
}

}  // namespace

program::ExitCode serve(const ConfigOptions& options, program::Console& console) {
  const sigset_t signals = our_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  notices::Log log(std::cerr);
  sandbox::State shelter;
  auto service = begin(options, signals, shelter, log);
  if (!service.ok()) return console.fail(service.error());
  if (*service == nullptr) return console.finish();
  tell_shelter(shelter, log);
  tell_ports(**service, log);
  serve_until_told(**service, signals, log);
  log.write(notices::info("stopping"));
  service->reset();
  log.write(notices::info("stopped"));
  return console.finish();
}

}  // namespace resguardo::commands
