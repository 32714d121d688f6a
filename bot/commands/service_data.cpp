// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/service_data.h"

#include <utility>
#include <vector>

#include "bot/commands/archive.h"
#include "bot/commands/locked_memory.h"
#include "bot/commands/log_key_file.h"
#include "bot/commands/sources.h"
#include "crypto/seal/segment_writer.h"
#include "crypto/session/master_key.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

constexpr std::size_t kReadyReceipts = 16;

Outcome<Done> open_sealing(const config::Config& config, const Clock& clock, RandomSource& ids,
                           ServiceData& data) {
  auto roster = load_roster(config, &data.store(), clock.now(), RosterUse::kAccept, ids);
  if (!roster.ok()) return roster.error();
  RESGUARDO_TRY(auto epochs,
                program::at("the store", intake::read_epochs(data.store(), clock.now())));
  data.gate = std::make_unique<intake::SealingGate>(std::move(roster->roster), epochs.epoch,
                                                    config.retention.idle_timeout);
  data.epochs = std::make_unique<intake::Epochs>(
      data.store(), *data.gate, std::move(epochs), ids,
      [&store = data.store()](Day day, ByteView entry) { return store.log(day, entry); });
  // Nothing is sealed to the week before a long absence; what fails is tried again by upkeep.
  static_cast<void>(data.epochs->run(clock.now()));
  return Done{};
}

Outcome<Done> open_log(const config::Config& config, ServiceData& data) {
  const auto& directory = config.store.directory;
  RESGUARDO_TRY(auto key,
                program::at(directory.string(), open_log_key(directory, data.installation.master)));
  data.log_key = std::make_unique<LogKey>(std::move(key));
  data.log_days = std::make_unique<LogDays>(data.store(), *data.log_key);
  return Done{};
}

Outcome<Done> open_form(const config::Config& config, ServiceData& data) {
  std::vector<Problem> problems;
  data.form = load_form(config, problems);
  if (!data.form || !problems.empty()) return problems.front();
  RESGUARDO_CHECK(
      program::at("the store", keep(data.store(), Kept::kQuestionnaire, data.form->source())));
  return Done{};
}

Outcome<Done> open_people(const config::Config& config, ServiceData& data) {
  RESGUARDO_TRY(data.people, program::at("the store", intake::People::create(
                                                          *data.installation.keys, data.store())));
  RESGUARDO_TRY(auto codes, open_team_codes(data.installation));
  data.codes = std::make_unique<intake::TeamCodes>(std::move(codes));
  RESGUARDO_TRY(data.slab,
                program::at("[limits] conversations",
                            LockedSlab::create(SegmentWriter::cell_size(),
                                               config.limits.conversations, locking_of(config))));
  return Done{};
}

Outcome<Done> open_secrets(ServiceData& data) {
  const SecretBytes& master = data.installation.master;
  RESGUARDO_TRY(auto salt,
                program::at("the master key", derive_from_master(master, MasterUse::kReceipt, 0)));
  data.mint = std::make_unique<intake::ReceiptMint>(std::move(salt), kReadyReceipts);
  RESGUARDO_TRY(auto mailbox,
                program::at("the master key", derive_from_master(master, MasterUse::kMailbox, 0)));
  data.links = std::make_unique<intake::PhoneLinks>(*data.installation.keys, data.store(),
                                                    std::move(mailbox));
  return Done{};
}

}  // namespace

Outcome<std::unique_ptr<ServiceData>> ServiceData::open(const config::Config& config,
                                                        const Clock& clock, RandomSource& ids) {
  RESGUARDO_TRY(auto installation,
                open_installation(config, clock.now(), ids, storage::StoreUse::kServer));
  auto data = std::make_unique<ServiceData>(std::move(installation));
  RESGUARDO_CHECK(open_sealing(config, clock, ids, *data));
  RESGUARDO_CHECK(open_log(config, *data));
  RESGUARDO_CHECK(open_form(config, *data));
  RESGUARDO_CHECK(open_people(config, *data));
  RESGUARDO_CHECK(open_secrets(*data));
  return data;
}

}  // namespace resguardo::commands
