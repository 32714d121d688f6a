// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bot/config/config.h"
#include "bot/sandbox/sandbox.h"
#include "program/problem.h"

namespace resguardo::commands {

// What `serve` with this configuration needs of the file system and of ports, and nothing else. A
// file that is replaced while it runs (roster, form, certificate, the resolver's) is another file
// to the kernel: of those the folder is readable, with what lies in it.
sandbox::Plan plan_of(const config::Config& config);

// Gives up the rights of root and enters the sandbox, before the first thread. With [server]
// sandbox = "require" it is a problem when the system has none.
program::Outcome<sandbox::State> confine(const config::Config& config);

// Once everything is open: what only a start needs is given up too.
program::Outcome<Done> settle(const config::Config& config, const sandbox::State& state);

// "files and connections (Landlock 7), system calls"; what is missing is said elsewhere.
std::string confinement_line(const sandbox::State& state);

}  // namespace resguardo::commands
