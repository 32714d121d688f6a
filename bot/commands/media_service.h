// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bot/commands/sources.h"
#include "bot/intake/file_sink.h"
#include "bot/intake/lost_files.h"
#include "bot/intake/sealing_gate.h"
#include "bot/media/fetcher.h"
#include "crypto/base/clock.h"
#include "program/problem.h"

namespace resguardo::commands {

struct MediaServiceParts {
  const config::Config& config;
  storage::Store& store;
  intake::SealingGate& gate;
  const Clock& clock;
  RandomSource& random;
  const std::vector<ConfiguredGateway>& gateways;
  std::shared_ptr<intake::LostFiles> lost_files;
};

// Fetching as the server runs it: takes files from the intake, and tells it of those that never
// come. Where no file is taken ([limits] media_bytes = 0) it deletes messengers' copies, and
// fetches what was taken before. Everything outlives it. Thread-safe.
class MediaService final : public intake::FileSink {
 public:
  static program::Outcome<std::unique_ptr<MediaService>> start(MediaServiceParts parts);

  std::uint64_t most_bytes(gateway::Channel channel) const override;
  void taken(storage::PendingMedia row) override;
  void refused(gateway::Channel channel, const std::string& reference) override;

  media::FetchHealth health() const { return fetcher_->health(); }

 private:
  struct Limit {
    gateway::Channel channel;
    StaticText name;
    std::uint64_t most = 0;
  };
  explicit MediaService(std::vector<Limit> limits) : limits_(std::move(limits)) {}

  std::vector<Limit> limits_;
  std::unique_ptr<media::AddendumSealer> sealer_;
  std::unique_ptr<media::Fetcher> fetcher_;
};

// Of the file system that a directory is on; 0: unknown.
std::uint64_t free_bytes_of(const std::filesystem::path& directory);

// What an operator should know, a line each; empty: all is well. `names`: of the gateways.
std::vector<std::string> media_warnings(const media::FetchHealth& health,
                                        const std::vector<StaticText>& names);

}  // namespace resguardo::commands
