// SPDX-License-Identifier: AGPL-3.0-or-later
#include <csignal>
#include <ctime>

#include "bot/commands/addresses.h"
#include "bot/commands/commands.h"
#include "bot/commands/installation.h"
#include "bot/commands/service.h"
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
bool wait_for_commands(const config::Config& config, const sigset_t& signals,
                       program::Console& console) {
  for (bool told = false;; told = true) {
    const auto held = storage::StoreLock::held(config.store.directory);
    if (!held.ok() || held.value() != storage::StoreUse::kCommand) return true;
    if (!told) console.note("waiting for a command that works on the store");
    const int signal = sigtimedwait(&signals, nullptr, &kLookAtLock);
    if (signal == SIGTERM || signal == SIGINT) return false;
  }
}

// Nothing: it was asked to stop before it began.
program::Outcome<std::unique_ptr<Service>> begin(const ConfigOptions& options,
                                                 const sigset_t& signals,
                                                 program::Console& console) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  RESGUARDO_CHECK(addresses_allowed(config));
  if (!wait_for_commands(config, signals, console)) return std::unique_ptr<Service>();
  return Service::start(config);
}

void tell_ports(const Service& service, program::Console& console) {
  for (const char* listener : {"public", "gateway", "admin"}) {
    const auto port = service.port(listener);
    console.note(std::string(listener) + " listener: " +
                 (port == 0 ? std::string("unix socket") : "port " + std::to_string(port)));
  }
  console.note("serving");
}

void tell(const Service::Told& told, program::Console& console) {
  for (const auto& problem : told.problems) console.fail(problem);
  for (const auto& note : told.notes) console.note(note);
}

}  // namespace

program::ExitCode serve(const ConfigOptions& options, program::Console& console) {
  const sigset_t signals = our_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto service = begin(options, signals, console);
  if (!service.ok()) return console.fail(service.error());
  if (*service == nullptr) return console.finish();
  tell_ports(**service, console);
  for (int looks = 0;;) {
    const int signal = sigtimedwait(&signals, nullptr, &kLook);
    if (signal == SIGHUP) {
      const auto problems = (*service)->reload();
      for (const auto& problem : problems) console.fail(problem);
      console.note(problems.empty() ? "reloaded" : "reloaded what could be read");
    } else if (signal == SIGTERM || signal == SIGINT) {
      break;
    } else {
      tell((*service)->look_for_roster(), console);
      if (++looks % kLooksToMaintenance == 1) tell((*service)->maintain(), console);
    }
  }
  console.note("stopping");
  service->reset();
  console.note("stopped");
  return console.finish();
}

}  // namespace resguardo::commands
