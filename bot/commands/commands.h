// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "program/console.h"
#include "program/exit_code.h"

namespace resguardo::commands {

// What was typed, parsed (bot/cli.cpp); each command is one function.
struct InitOptions {
  std::filesystem::path directory;
  std::optional<std::filesystem::path> form;  // copied into the directory
};
struct ConfigOptions {
  std::filesystem::path config;
};
struct CheckOptions {
  std::filesystem::path config;
  bool deep = false;  // read everything that is stored
};
struct ClockOptions {
  std::filesystem::path config;
  std::string today;  // as the person read it elsewhere; empty: only look
};
struct InstallOptions {
  std::filesystem::path config;
  std::filesystem::path file;
};
struct RetentionOptions {
  std::filesystem::path config;
  bool dry_run = false;
};
struct ExportOptions {
  std::filesystem::path config;
  std::filesystem::path out;
  std::optional<std::uint64_t> split;          // the most bytes of a part
  std::optional<std::filesystem::path> since;  // a checkpoint that the analysts have
};

struct BackupOptions {
  std::filesystem::path config;
  std::filesystem::path out;
};

struct RestoreOptions {
  std::filesystem::path config;
  std::filesystem::path backup;
  std::optional<std::filesystem::path> slots;       // else beside the backup
  std::optional<std::filesystem::path> checkpoint;  // the newest that an analyst holds
  bool none_newer = false;
  std::vector<std::filesystem::path> rosters;  // in their order, newer than the backup's
  std::optional<std::uint64_t> damaged;        // reports given up: as the operator knows it
  std::optional<std::uint64_t> erased;         // reports that ended since: as the operator knows it
};

struct TeamCodeOptions {
  std::filesystem::path config;
  std::size_t count = 1;
  std::vector<std::string> handles;  // to withdraw
};

program::ExitCode init(const InitOptions& options, program::Console& console);
program::ExitCode check(const CheckOptions& options, program::Console& console);
program::ExitCode serve(const ConfigOptions& options, program::Console& console);
program::ExitCode back_up(const BackupOptions& options, program::Console& console);
program::ExitCode restore(const RestoreOptions& options, program::Console& console);
program::ExitCode rekey(const ConfigOptions& options, program::Console& console);
program::ExitCode status(const ConfigOptions& options, program::Console& console);
program::ExitCode clock(const ClockOptions& options, program::Console& console);
program::ExitCode add_team_codes(const TeamCodeOptions& options, program::Console& console);
program::ExitCode list_team_codes(const TeamCodeOptions& options, program::Console& console);
program::ExitCode remove_team_codes(const TeamCodeOptions& options, program::Console& console);
program::ExitCode install_ack(const InstallOptions& options, program::Console& console);
program::ExitCode deliver(const InstallOptions& options, program::Console& console);
program::ExitCode retention(const RetentionOptions& options, program::Console& console);
program::ExitCode install_roster(const InstallOptions& options, program::Console& console);
program::ExitCode export_bundle(const ExportOptions& options, program::Console& console);

}  // namespace resguardo::commands
