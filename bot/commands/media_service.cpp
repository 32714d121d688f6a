// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/media_service.h"

#include <algorithm>
#include <utility>

#include "bot/commands/locked_memory.h"

namespace resguardo::commands {
namespace {

Result<media::SealLeave> leave_of(intake::SealingGate& gate, TimePoint now) {
  RESGUARDO_TRY(auto pass, gate.enter(now));
  return media::SealLeave{std::move(pass.recipients), std::move(pass.week)};
}

}  // namespace

std::uint64_t free_bytes_of(const std::filesystem::path& directory) {
  std::error_code unknown;
  const auto space = std::filesystem::space(directory, unknown);
  return unknown ? 0 : space.available;
}

program::Outcome<std::unique_ptr<MediaService>> MediaService::start(MediaServiceParts parts) {
  const std::uint64_t most = parts.config.limits.media_bytes;
  std::vector<Limit> limits;
  std::vector<media::Messenger> messengers;
  for (const auto& one : parts.gateways) {
    const gateway::FileSource* source = one.gateway->files();
    if (source == nullptr) continue;
    limits.push_back(
        {one.gateway->channel(), one.gateway->name(), std::min(most, source->most_bytes())});
    messengers.push_back(
        {one.gateway->name(), *source, one.api_base, one.ca_file, one.attachments_dir});
  }
  std::unique_ptr<MediaService> service(new MediaService(std::move(limits)));
  RESGUARDO_TRY(service->sealer_,
                program::at("locked memory for files",
                            media::AddendumSealer::create(parts.random, locking_of(parts.config))));
  media::FetchParts fetch{parts.store, *service->sealer_, parts.clock, parts.random,
                          std::move(messengers)};
  fetch.most_bytes = most;
  fetch.leave = [&gate = parts.gate](TimePoint now) { return leave_of(gate, now); };
  fetch.free_bytes = [data = parts.config.store.directory] { return free_bytes_of(data); };
  fetch.lost = [told = parts.lost_files, &clock = parts.clock](const ReportId& report,
                                                               media::WhyLost why) {
    told->lost(report, clock.now(),
               why == media::WhyLost::kTooLarge ? intake::LostFiles::Loss::kTooLarge
                                                : intake::LostFiles::Loss::kGone);
  };
  const auto takes = [&store = parts.store] {
    const auto health = store.health();
    return !health.unwritable && !health.full;
  };
  RESGUARDO_TRY(service->fetcher_,
                program::at("the HTTP client", media::Fetcher::start(std::move(fetch), takes)));
  return service;
}

std::uint64_t MediaService::most_bytes(gateway::Channel channel) const {
  const auto found = std::ranges::find(limits_, channel, &Limit::channel);
  return found == limits_.end() ? 0 : found->most;
}

void MediaService::taken(storage::PendingMedia row) {
  fetcher_->add(std::move(row));
}

void MediaService::refused(gateway::Channel channel, const std::string& reference) {
  const auto found = std::ranges::find(limits_, channel, &Limit::channel);
  if (found != limits_.end()) fetcher_->discard(found->name, reference);
}

std::vector<std::string> media_warnings(const media::FetchHealth& health,
                                        const std::vector<StaticText>& names) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < names.size() && i < health.stopped.size(); ++i)
    if (health.stopped[i])
      lines.push_back(std::string(names[i].c_str())
                          .append(": files cannot be fetched: ")
                          .append(health.stopped[i]->c_str()));
  if (health.ours) lines.push_back(std::string("files wait: ").append(health.ours->c_str()));
  if (health.copies_stay)
    lines.emplace_back("files stay in the clear where they came from: deleting them there fails");
  return lines;
}

}  // namespace resguardo::commands
