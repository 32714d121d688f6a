// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "crypto/base/result.h"

// What a process that faces the Internet can still ask of the system when somebody else has
// taken it over (docs/adr/177). It stops neither who reads its memory from within nor who sends
// what it knows over the connections that it needs.
namespace resguardo::sandbox {

using Path = std::filesystem::path;

struct Plan {
  std::vector<Path> readable;           // files, or folders with all that is in them
  std::vector<Path> writable;           // folders: everything but programs, devices and links
  std::vector<Path> emptied;            // folders: looked through, and files deleted
  std::vector<Path> sockets;            // folders in which sockets are made
  std::vector<std::uint16_t> listens;   // TCP ports; 0: any that is free
  std::vector<std::uint16_t> connects;  // TCP ports of others
};

// What holds of this process, or would.
struct State {
  int landlock = 0;       // the version; 0: files are not confined
  bool filtered = false;  // system calls
  bool root = false;      // still the user root, without its rights
  bool confines_ports() const { return landlock >= 4; }
  bool whole() const { return landlock > 0 && filtered; }
};

// What is missing to whole(), for an operator; and what else is less than it could be.
std::vector<StaticText> missing(const State& state);
std::vector<StaticText> weaker(const State& state);

// Enters for ever: no new rights by any program, Landlock, then the filter of system calls for all
// threads. Before the process has other threads. What the system cannot do is left out, and the
// state says so; what fails although the system can is an error.
Result<State> enter(const Plan& plan);

// After enter(), once everything is open: no socket begins to listen, none with a path is made or
// called (there the system's own services take orders), and the mode of no file changes by its
// path.
struct StillNeeded {
  bool unix_sockets = false;  // somebody is called at a socket with a path
};
// Nothing where system calls are not filtered.
Status settle(const State& state, const StillNeeded& still);

// What enter() would reach here. Changes nothing.
State probe();

}  // namespace resguardo::sandbox
