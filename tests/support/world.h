// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/commands/routes.h"
#include "bot/dialogue/step.h"
#include "bot/intake/intake.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/session/receipt.h"
#include "proto/record.pb.h"
#include "storage/key_ring.h"
#include "storage/store.h"
#include "tests/support/bundle_opening.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/secret_hunt.h"
#include "tests/support/temporary_directory.h"

// Link resguardo::world. The whole bot but its sockets and its clock: signed posts go in at the
// webhooks, replies come out as the messenger would show them, reports lie in a real store under
// real keys, and analysts open them from a bundle. Failures throw: a test cannot go on.
namespace resguardo::testing_support {

inline constexpr const char* kWorldAccount = "+15550100000";           // Signal
inline constexpr const char* kWorldPhoneNumberId = "700800900100200";  // WhatsApp

struct ShownChoice {
  std::string id;
  std::string title;
};
struct Shown {
  std::string node;  // not shown to anybody: from the reply's choices, or empty
  std::string text;  // as rendered for the messenger
  std::vector<ShownChoice> choices;
  TimePoint at{};       // when it was given to the outbox
  std::string request;  // all bytes of the call that would send it
};

struct WorldOptions {
  std::filesystem::path form;                      // empty: proto/forms/border_abuse_short.txtpb
  std::shared_ptr<const dialogue::Form> compiled;  // instead of `form`, to be compiled once for all
  dialogue::Settings settings;
  TimePoint start = TimePoint{std::chrono::milliseconds(1'795'255'200'000)};  // 2026-11-21 10:00
  int analysts = 2;
  std::chrono::hours idle_timeout{72};
  // Puts something between the intake and the store, a faulty twin for example; called at every
  // start. What it returns must live until the next.
  std::function<storage::Store&(storage::Store&)> wrap;
  std::size_t conversations = 100;
  // After each post all conversations are packed, down to what the store has not. So are they in
  // all tests where the environment has RESGUARDO_WORLD_PACKS.
  bool packs = std::getenv("RESGUARDO_WORLD_PACKS") != nullptr;
  std::uint64_t seed = 1;
  intake::OpenReply open_reply;                    // of replies that analysts sealed
  bool links = false;                              // phones can be linked
  bool signal_daemon = false;                      // replies go to signal-cli's own daemon
  std::shared_ptr<intake::Allowances> allowances;  // of one run; nothing: nobody is held back
  intake::FileSink* files =
      nullptr;  // who fetches files; settings.media says whether any are taken
};

class World {
 public:
  explicit World(WorldOptions options = {});
  ~World();

  // One message of a person, as the messenger posts it; the answer's status, once it is there.
  unsigned say(gateway::Channel channel, const std::string& who, const std::string& text);
  unsigned tap(const std::string& who, const std::string& choice_id);  // WhatsApp
  // A messages[] element (WhatsApp) or a dataMessage (Signal) as JSON; `sender` fields are added.
  unsigned send_whatsapp(const std::string& who, const std::string& element);
  unsigned send_signal(const std::string& who, const std::string& data_message);
  // Exact bytes, correctly signed.
  unsigned post_whatsapp(const std::string& body);
  unsigned post_signal(const std::string& body);
  // The same over WhatsApp, while codes of others may still be looked up.
  unsigned post_unsettled(const std::string& body);
  // The body a later post_whatsapp() would need, for repeating a delivery.
  std::string whatsapp_text_body(const std::string& who, const std::string& id,
                                 const std::string& text) const;
  unsigned request(gateway::Channel channel, http::Request request);

  // What was sent to that person since the last call. `taken`: what the messenger says to it.
  std::vector<Shown> replies(const std::string& who);
  // What the phone still shows of all that was sent to it; Signal's can be taken back.
  std::vector<std::string> chat(const std::string& who);
  int timers_set(const std::string& who);  // how often we asked for the disappearing timer
  // All that went out to that person's messenger since the last call, in order.
  std::vector<std::string> traffic(const std::string& who);
  void messenger_takes(bool taken);
  void messenger_waits(bool waits);  // it says what it takes when it waits no more
  void outbox_has_room(bool has);

  void advance(std::chrono::milliseconds time);  // while the server looks at it every day
  // A code: said, looked up, and answered when that is due.
  std::vector<Shown> say_code(gateway::Channel channel, const std::string& who,
                              const std::string& code);
  void set_clock(TimePoint now);              // and nobody has looked yet
  void install(VerifiedRoster roster);        // as SIGHUP does
  void replace_forms(dialogue::Forms forms);  // as SIGHUP does; start-up has the first one only
  intake::SealingGate& gate();
  intake::LostFiles& lost_files();  // with WorldOptions::files
  std::vector<Bytes> epoch_leaves() const;
  TimePoint now() const;
  void upkeep();                                         // what the server does once a minute
  void lose_something(gateway::Channel channel);         // on its way to us, nobody knows whose
  void restart();                                        // everything in memory is gone
  std::string message_id(const std::string& who) const;  // of the last message of that person

  std::vector<OpenedReport> open(std::size_t analyst);  // of all closed reports, from a bundle
  void write_bundle_to(const std::filesystem::path& file);
  storage::Store& store();
  storage::KeyRing& keys();                               // what the disk and the master key give
  ReceiptSecrets secrets_of(const std::string& receipt);  // what its digits give
  const RosterFixture& roster() const;
  const dialogue::Form& form() const;
  std::filesystem::path data() const;  // the store's directory
  const std::filesystem::path& directory() const;
  const intake::IntakeCounters& counters() const;
  // Files below data() and texts inside the opened tables that hold any of `canaries`.
  std::vector<std::string> hunt(const std::vector<std::string>& canaries);
  // Whether the store has a conversation of that address ("wa:…", "sg:…").
  bool remembers(const std::string& address);
  std::map<std::string, std::size_t> values_on_disk();  // see secret_hunt.h
  StoreShape shape_on_disk();

  // Until the store has done what it writes while nobody waits for it.
  void let_it_write();

 private:
  struct Parts;

  std::unique_ptr<Parts> parts_;
};

}  // namespace resguardo::testing_support
