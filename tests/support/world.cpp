// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/world.h"

#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "bot/commands/archive.h"
#include "bot/commands/bundle_export.h"
#include "bot/commands/upkeep.h"
#include "bot/gateway/signal/signal.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "crypto/base/hash.h"
#include "crypto/seal/segment_writer.h"
#include "crypto/session/master_key.h"
#include "storage/key_ring.h"
#include "storage/sqlcipher/engine.h"
#include "tests/support/bundle_opening.h"
#include "tests/support/must.h"
#include "tests/support/paths.h"
#include "tests/support/secret_hunt.h"
#include "tests/support/seeded_random.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr const char* kAppSecret = "world-app-secret";
constexpr const char* kToken = "world-token-of-the-signal-webhook";
constexpr const char* kAccount = kWorldAccount;
constexpr const char* kPhoneNumberId = kWorldPhoneNumberId;

SecretBytes secret(std::string text) {
  return must(SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
}

class SettableClock final : public Clock {
 public:
  explicit SettableClock(TimePoint now) : now_(now) {}
  TimePoint now() const override { return now_.load(); }
  void advance(std::chrono::milliseconds time) { now_ = now_.load() + time; }
  void set(TimePoint now) { now_ = now; }

 private:
  std::atomic<TimePoint> now_;
};

std::string bytes_of(const gateway::OutboundCall& call) {
  std::string all = call.method + ' ' + call.path + '\n';
  for (const auto& header : call.headers)
    all.append(header.name).append(": ").append(header.value).append("\n");
  return all.append(as_text(call.body.view()));
}

// Keeps what would be sent, as its messenger would get it.
class Mailbox final : public intake::ReplySink {
 public:
  void post(const outbox::Person&, const gateway::Sender& to, const gateway::Reply& reply,
            outbox::Queue::Settled settled, outbox::SettledWhen) override {
    Shown shown;
    shown.text = std::string(reply.text.reveal());
    for (const auto& choice : reply.choices) shown.choices.push_back({choice.id, choice.title});
    if (!shown.choices.empty())
      shown.node = shown.choices.front().id.substr(0, shown.choices.front().id.find(':'));
    if (now_) shown.at = now_();
    for (const gateway::Gateway* gateway : gateways_) {
      if (gateway->channel() != to.channel) continue;
      const auto call = gateway->render(reply, to);
      if (!call.ok()) throw std::runtime_error("a reply that its messenger cannot show");
      shown.request = bytes_of(*call);
    }
    if (!has_room_) return settled(false, SecretText());
    std::string id;
    {
      const std::lock_guard lock(mutex_);
      if (to.channel == gateway::Channel::kSignal) id = std::to_string(1'790'000'000'000 + ++sent_);
      const std::string address(to.address.reveal());
      traffic_[address].push_back("says " + shown.text);
      if (takes_) chats_[address].push_back({id, shown.text});
      shown_[address].push_back(std::move(shown));
    }
    if (wait_aside([this, settled, id] { settled(takes_, SecretText(id)); })) return;
    settled(takes_, SecretText(id));
  }
  void wait(bool waits) {
    std::vector<std::function<void()>> aside;
    {
      const std::lock_guard lock(mutex_);
      waits_ = waits;
      if (!waits) aside.swap(aside_);
    }
    for (const auto& settle : aside) settle();
  }
  void unsend(const outbox::Person&, const gateway::Sender& to,
              std::vector<SecretText> our_ids) override {
    const std::lock_guard lock(mutex_);
    traffic_[std::string(to.address.reveal())].push_back("takes back " +
                                                         std::to_string(our_ids.size()));
    for (const SecretText& id : our_ids)
      std::erase_if(chats_[std::string(to.address.reveal())],
                    [&](const auto& message) { return message.first == id.reveal(); });
  }
  void set_timer(const outbox::Person&, const gateway::Sender& to) override {
    const std::lock_guard lock(mutex_);
    const std::string address(to.address.reveal());
    traffic_[address].emplace_back("sets the timer");
    ++timers_[address];
  }
  // What is still to be seen on the phone, of what we said.
  std::vector<std::string> chat(const std::string& address) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> texts;
    for (const auto& message : chats_[address]) texts.push_back(message.second);
    return texts;
  }
  int timers(const std::string& address) {
    const std::lock_guard lock(mutex_);
    return timers_[address];
  }
  std::vector<std::string> traffic(const std::string& address) {
    const std::lock_guard lock(mutex_);
    return std::exchange(traffic_[address], {});
  }
  void mark_read(const outbox::Person&, const gateway::Sender&, const SecretText&) override {}
  void forget_contact(const outbox::Person&, const gateway::Sender& to) override {
    const std::lock_guard lock(mutex_);
    traffic_[std::string(to.address.reveal())].emplace_back("forgets the contact");
  }
  bool has_room(const outbox::Person&) const override { return has_room_; }
  void forget(const outbox::Person&) override {}

  std::vector<Shown> take(const std::string& address) {
    const std::lock_guard lock(mutex_);
    return std::exchange(shown_[address], {});
  }
  std::vector<const gateway::Gateway*> gateways_;
  std::function<TimePoint()> now_;
  std::atomic<bool> takes_{true};
  std::atomic<bool> has_room_{true};

 private:
  bool wait_aside(std::function<void()> settle) {
    const std::lock_guard lock(mutex_);
    if (waits_) aside_.push_back(std::move(settle));
    return waits_;
  }
  std::mutex mutex_;
  bool waits_ = false;
  std::vector<std::function<void()>> aside_;
  std::map<std::string, std::vector<Shown>> shown_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> chats_;
  std::map<std::string, int> timers_;
  std::map<std::string, std::vector<std::string>> traffic_;
  int sent_ = 0;
};

RosterFixtureOptions roster_options(const WorldOptions& options) {
  RosterFixtureOptions roster;
  roster.analysts = static_cast<std::size_t>(options.analysts);
  roster.first_week = week_of(options.start);
  return roster;
}

// Work that is due, run by whoever waits for an answer: one thread, one order.
class Work {
 public:
  void later(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      work_.push_back(std::move(work));
    }
    changed_.notify_all();
  }
  void wake() { changed_.notify_all(); }
  void run_until(const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    while (!done()) {
      changed_.wait(lock, [&] { return done() || !work_.empty(); });
      if (work_.empty()) continue;
      auto work = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
    }
  }
  bool run_one() {
    std::unique_lock lock(mutex_);
    if (work_.empty()) return false;
    auto work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    return true;
  }
  template <class Change>
  void change(Change change) {  // under the lock that run_until() waits with
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
};

}  // namespace

struct World::Parts {
  explicit Parts(WorldOptions given)
      : options(std::move(given)),
        clock(options.start),
        ids(options.seed),
        roster(make_roster(roster_options(options))) {
    form = options.compiled ? options.compiled : compiled_form();
    master = SecretBytes::random(32).value();
    fs::create_directories(data());
    must(storage::KeyRing::create(data(), *master));
    auto ring = must(storage::KeyRing::open(data(), *master));
    must(storage::create_store(data(), *ring));
    make_gateways();
    start();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() { stop(); }

  std::shared_ptr<const dialogue::Form> compiled_form() const {
    fs::path path = options.form;
    if (path.empty()) path = source_dir() / "proto/forms/border_abuse_short.txtpb";
    std::ifstream file(path);
    std::stringstream source;
    source << file.rdbuf();
    std::vector<dialogue::FormProblem> problems;
    auto compiled = dialogue::Form::compile(as_bytes(source.str()), problems);
    if (!compiled.ok())
      throw std::runtime_error("the form does not compile: " + path.string() +
                               (problems.empty() ? "" : ": " + problems.front().what));
    return *compiled;
  }

  fs::path data() const { return directory.path() / "data"; }

  void make_gateways() {
    gateway::whatsapp::Config whatsapp_config{
        kPhoneNumberId, {}, secret("access"), secret("verify")};
    whatsapp_config.app_secrets.push_back(secret(kAppSecret));
    whatsapp = must(gateway::whatsapp::WhatsApp::create(std::move(whatsapp_config)));
    gateway::signal::Config signal_config{kAccount, secret(kToken), "bot", std::nullopt, 86400};
    signal = must(gateway::signal::Signal::create(std::move(signal_config)));
    gateway::signal::Config daemon_config;
    daemon_config.account = kAccount;
    daemon_config.mode = gateway::signal::Mode::kJsonRpc;
    daemon = must(gateway::signal::Signal::create(std::move(daemon_config)));
    mailbox.gateways_ = {whatsapp.get(), options.signal_daemon ? daemon.get() : signal.get()};
    mailbox.now_ = [this] { return clock.now(); };
  }

  void start() {
    keys = must(storage::KeyRing::open(data(), *master));
    storage::EngineOptions engine;
    engine.directory = data();
    engine.today = day_of(clock.now());
    store = must(storage::open_store(engine, *keys, ids));
    must(commands::keep(*store, commands::Kept::kRoster, installed.file()));
    must(commands::keep(*store, commands::Kept::kQuestionnaire, form->source()));
    storage::Store& front = options.wrap ? options.wrap(*store) : *store;
    people = must(intake::People::create(*keys, front));
    slab = must(LockedSlab::create(SegmentWriter::cell_size(), options.conversations));
    auto record = must(intake::read_epochs(*store, clock.now()));
    gate = std::make_unique<intake::SealingGate>(installed, record.epoch, options.idle_timeout);
    epochs = std::make_unique<intake::Epochs>(front, *gate, std::move(record), ids,
                                              [this](Day, ByteView entry) {
                                                epoch_leaves.insert(to_bytes(entry));
                                                return success();
                                              });
    mint = std::make_unique<intake::ReceiptMint>(
        must(derive_from_master(*master, MasterUse::kReceipt, 0)), 0);
    links = std::make_unique<intake::PhoneLinks>(
        *keys, front, must(derive_from_master(*master, MasterUse::kMailbox, 0)));
    auto settings = options.settings;
    settings.links = options.links;
    settings.word_tag = [this](std::string_view word) { return people->word(word); };
    settings.receipt_fits = receipt_check_digit_fits;
    if (options.files != nullptr) lost_files = std::make_shared<intake::LostFiles>(mailbox);
    intake = std::make_unique<intake::Intake>(
        intake::Services{form,
                         std::move(settings),
                         front,
                         *people,
                         *gate,
                         *mint,
                         *slab,
                         ids,
                         mailbox,
                         [this](std::function<void()> one) { work.later(std::move(one)); },
                         options.conversations,
                         std::chrono::milliseconds(20'000),
                         std::make_shared<intake::CodeTries>(),
                         std::make_shared<intake::CodeTries>(intake::CodeTries::Others::kIgnored),
                         intake::CodeTries::of_receipts(),
                         options.open_reply,
                         [this](std::chrono::milliseconds wait, std::function<void()> one) {
                           const std::lock_guard lock(timers_mutex);
                           timers.emplace(clock.now() + wait, std::move(one));
                         },
                         std::make_shared<intake::Glossary>(),
                         std::size_t{options.packs ? 0U : 256U},
                         options.files,
                         lost_files,
                         std::make_shared<intake::Doubts>(),
                         options.links ? links.get() : nullptr,
                         options.allowances});
    log_days = std::make_unique<commands::LogDays>(front, log_key);
    upkeep = std::make_unique<commands::Upkeep>(commands::UpkeepParts{front,
                                                                      *people,
                                                                      *intake,
                                                                      *gate,
                                                                      *epochs,
                                                                      *log_days,
                                                                      ids,
                                                                      options.idle_timeout,
                                                                      {},
                                                                      links.get()});
    whatsapp_hook = std::make_unique<commands::Webhook>(*whatsapp, *intake, clock, webhooks);
    signal_hook = std::make_unique<commands::Webhook>(*signal, *intake, clock, webhooks);
  }

  // Nothing is looked up any more, and what is due later has not begun.
  void settle() {
    work.run_until([&] {
      const auto& counters = intake->counters();
      return counters.receipts_looked_up == counters.receipts_tried;
    });
    while (work.run_one()) {
    }
  }
  bool run_next_timer(TimePoint until) {
    std::function<void()> one;
    {
      const std::lock_guard lock(timers_mutex);
      if (timers.empty() || timers.begin()->first > until) return false;
      clock.set(std::max(clock.now(), timers.begin()->first));
      one = std::move(timers.begin()->second);
      timers.erase(timers.begin());
    }
    one();
    settle();
    return true;
  }
  void pass(std::chrono::milliseconds time) {
    settle();
    const TimePoint until = clock.now() + time;
    while (run_next_timer(until)) {
    }
    clock.set(until);
  }

  void stop() {
    if (intake) settle();
    const TimePoint now = clock.now();
    while (run_next_timer(TimePoint::max())) {
    }
    clock.set(now);
    whatsapp_hook.reset();
    signal_hook.reset();
    upkeep.reset();
    log_days.reset();
    intake.reset();
    mint.reset();
    slab.reset();
    links.reset();
    people.reset();
    store.reset();
    keys.reset();
  }

  unsigned post(const commands::Webhook& hook, http::Request request) {
    const unsigned status = answer(hook, std::move(request));
    settle();  // the next in line, if any
    if (options.packs) intake->pack_quiet(TimePoint::max());
    return status;
  }
  unsigned answer(const commands::Webhook& hook, http::Request request) {
    auto status = std::make_shared<unsigned>(0);
    hook.post(std::move(request), [this, status](const http::Response& response) {
      work.change([&] { *status = response.status; });
    });
    work.run_until([&] { return *status != 0; });
    return *status;
  }

  std::int64_t stamp() const { return clock.now().time_since_epoch().count(); }
  std::string next_id(const std::string& who) {
    const std::string id = "wamid." + std::to_string(++messages);
    last_id[who] = id;
    return id;
  }

  WorldOptions options;
  TemporaryDirectory directory;
  SettableClock clock;
  SeededRandom ids;
  RosterFixture roster;
  VerifiedRoster installed = roster.roster;
  std::shared_ptr<const dialogue::Form> form;
  std::optional<SecretBytes> master;
  std::unique_ptr<gateway::Gateway> whatsapp;
  std::unique_ptr<gateway::Gateway> signal;
  std::unique_ptr<gateway::Gateway> daemon;  // that replies may go to instead
  Mailbox mailbox;
  Work work;
  std::unique_ptr<storage::KeyRing> keys;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<intake::People> people;
  std::unique_ptr<intake::PhoneLinks> links;
  std::unique_ptr<LockedSlab> slab;
  std::unique_ptr<intake::SealingGate> gate;
  std::unique_ptr<intake::Epochs> epochs;
  LogKey log_key = must(LogKey::generate());
  std::unique_ptr<commands::LogDays> log_days;  // no roster here names the log: nothing is signed
  std::set<Bytes> epoch_leaves;
  std::unique_ptr<intake::ReceiptMint> mint;
  std::shared_ptr<intake::LostFiles> lost_files;
  std::unique_ptr<intake::Intake> intake;
  std::unique_ptr<commands::Upkeep> upkeep;
  commands::WebhookCounters webhooks;
  std::unique_ptr<commands::Webhook> whatsapp_hook;
  std::unique_ptr<commands::Webhook> signal_hook;
  std::mutex timers_mutex;
  std::multimap<TimePoint, std::function<void()>> timers;
  std::uint64_t messages = 0;
  std::map<std::string, std::string> last_id;
};

World::World(WorldOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}
World::~World() = default;

unsigned World::say(gateway::Channel channel, const std::string& who, const std::string& text) {
  if (channel == gateway::Channel::kSignal)
    return send_signal(who, json::serialize(json::object{{"message", text}}));
  return send_whatsapp(who,
                       json::serialize(json::object{{"type", "text"}, {"text", {{"body", text}}}}));
}

unsigned World::tap(const std::string& who, const std::string& choice_id) {
  return send_whatsapp(who, json::serialize(json::object{
                                {"type", "interactive"},
                                {"interactive",
                                 {{"type", "button_reply"},
                                  {"button_reply", {{"id", choice_id}, {"title", choice_id}}}}}}));
}

unsigned World::send_whatsapp(const std::string& who, const std::string& element) {
  json::object message = json::parse(element).as_object();
  message["from"] = who;
  message["id"] = parts_->next_id(who);
  message["timestamp"] = std::to_string(parts_->stamp() / 1000);
  const json::object value{{"messaging_product", "whatsapp"},
                           {"metadata", {{"phone_number_id", kPhoneNumberId}}},
                           {"messages", json::array{message}}};
  return post_whatsapp(json::serialize(json::object{
      {"object", "whatsapp_business_account"},
      {"entry",
       json::array{json::object{
           {"id", "1"},
           {"changes", json::array{json::object{{"field", "messages"}, {"value", value}}}}}}}}));
}

std::string World::whatsapp_text_body(const std::string& who, const std::string& id,
                                      const std::string& text) const {
  const json::object message{{"from", who},
                             {"id", id},
                             {"timestamp", std::to_string(parts_->stamp() / 1000)},
                             {"type", "text"},
                             {"text", {{"body", text}}}};
  const json::object value{{"messaging_product", "whatsapp"},
                           {"metadata", {{"phone_number_id", kPhoneNumberId}}},
                           {"messages", json::array{message}}};
  return json::serialize(json::object{
      {"object", "whatsapp_business_account"},
      {"entry",
       json::array{json::object{
           {"id", "1"},
           {"changes", json::array{json::object{{"field", "messages"}, {"value", value}}}}}}}});
}

unsigned World::send_signal(const std::string& who, const std::string& data_message) {
  // Messages of one person have distinct timestamps: they are what names them.
  const std::int64_t stamp = parts_->stamp() + static_cast<std::int64_t>(++parts_->messages % 1000);
  parts_->last_id[who] = std::to_string(stamp);
  json::object data = json::parse(data_message).as_object();
  data["timestamp"] = stamp;
  if (!data.contains("expiresInSeconds")) data["expiresInSeconds"] = 86400;
  const json::object envelope{{"source", who},      {"sourceNumber", nullptr},
                              {"sourceUuid", who},  {"sourceDevice", 1},
                              {"timestamp", stamp}, {"dataMessage", data}};
  return post_signal(
      json::serialize(json::object{{"jsonrpc", "2.0"},
                                   {"method", "receive"},
                                   {"params", {{"envelope", envelope}, {"account", kAccount}}}}));
}

namespace {

http::Request whatsapp_request(const std::string& body) {
  http::Request request;
  request.method = "POST";
  request.target = "/webhooks/whatsapp";
  request.headers.push_back({"content-type", "application/json"});
  request.headers.push_back(
      {"x-hub-signature-256",
       "sha256=" + to_hex(hmac_sha256(as_bytes(kAppSecret), as_bytes(body)).view())});
  request.body = SecretBuffer(as_bytes(body));
  return request;
}

}  // namespace

unsigned World::post_whatsapp(const std::string& body) {
  return parts_->post(*parts_->whatsapp_hook, whatsapp_request(body));
}
unsigned World::post_unsettled(const std::string& body) {
  return parts_->answer(*parts_->whatsapp_hook, whatsapp_request(body));
}

unsigned World::post_signal(const std::string& body) {
  http::Request request;
  request.method = "POST";
  request.target = std::string("/webhooks/signal/") + kToken;
  request.headers.push_back(
      {"authorization", "Basic " + to_base64(as_bytes(std::string("bot:") + kToken))});
  request.body = SecretBuffer(as_bytes(body + "\n"));
  return parts_->post(*parts_->signal_hook, std::move(request));
}

unsigned World::request(gateway::Channel channel, http::Request request) {
  const auto& hook =
      channel == gateway::Channel::kSignal ? parts_->signal_hook : parts_->whatsapp_hook;
  return parts_->post(*hook, std::move(request));
}

std::vector<Shown> World::replies(const std::string& who) {
  auto shown = parts_->mailbox.take("wa:" + who);
  for (Shown& one : parts_->mailbox.take("sg:" + who)) shown.push_back(std::move(one));
  return shown;
}

std::vector<std::string> World::chat(const std::string& who) {
  auto texts = parts_->mailbox.chat("wa:" + who);
  for (std::string& text : parts_->mailbox.chat("sg:" + who)) texts.push_back(std::move(text));
  return texts;
}
std::vector<std::string> World::traffic(const std::string& who) {
  auto all = parts_->mailbox.traffic("wa:" + who);
  for (std::string& one : parts_->mailbox.traffic("sg:" + who)) all.push_back(std::move(one));
  return all;
}
int World::timers_set(const std::string& who) {
  return parts_->mailbox.timers("sg:" + who);
}

void World::messenger_takes(bool taken) {
  parts_->mailbox.takes_ = taken;
}
void World::messenger_waits(bool waits) {
  parts_->mailbox.wait(waits);
}
void World::outbox_has_room(bool has) {
  parts_->mailbox.has_room_ = has;
}
// A server that runs: its clock is looked at every day.
void World::advance(std::chrono::milliseconds time) {
  constexpr std::chrono::hours kDay{24};
  for (; time > kDay; time -= kDay) {
    parts_->pass(kDay);
    must(parts_->epochs->run(parts_->clock.now()));
  }
  parts_->pass(time);
  must(parts_->epochs->run(parts_->clock.now()));
}
std::vector<Shown> World::say_code(gateway::Channel channel, const std::string& who,
                                   const std::string& code) {
  if (say(channel, who, code) / 100 != 2) throw std::runtime_error("the webhook refused it");
  advance(std::chrono::seconds(2));
  return replies(who);
}
void World::set_clock(TimePoint now) {
  parts_->clock.set(now);
}
intake::SealingGate& World::gate() {
  return *parts_->gate;
}
intake::LostFiles& World::lost_files() {
  return *parts_->lost_files;
}
void World::install(VerifiedRoster roster) {
  must(commands::keep(*parts_->store, commands::Kept::kRoster, roster.file()));
  parts_->installed = roster;
  parts_->gate->replace(std::move(roster));
}
std::vector<Bytes> World::epoch_leaves() const {
  return {parts_->epoch_leaves.begin(), parts_->epoch_leaves.end()};
}
TimePoint World::now() const {
  return parts_->clock.now();
}
std::string World::message_id(const std::string& who) const {
  return parts_->last_id.at(who);
}

void World::upkeep() {
  parts_->upkeep->run(parts_->clock.now());
}
void World::lose_something(gateway::Channel channel) {
  parts_->intake->doubt(channel, parts_->clock.now());
}

void World::restart() {
  parts_->stop();
  parts_->start();
}

void World::write_bundle_to(const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  must(commands::write_bundle(*parts_->store, parts_->clock.now(), parts_->ids, out));
}

std::vector<OpenedReport> World::open(std::size_t analyst) {
  std::stringstream bundle;
  must(commands::write_bundle(*parts_->store, parts_->clock.now(), parts_->ids, bundle));
  return open_bundle(bundle, parts_->roster.analysts.at(analyst));
}

storage::Store& World::store() {
  return *parts_->store;
}
storage::KeyRing& World::keys() {
  return *parts_->keys;
}
ReceiptSecrets World::secrets_of(const std::string& receipt) {
  const auto salt = must(derive_from_master(*parts_->master, MasterUse::kReceipt, 0));
  return must(open_receipt(SecretText(receipt), salt));
}
const RosterFixture& World::roster() const {
  return parts_->roster;
}
void World::replace_forms(dialogue::Forms forms) {
  must(commands::keep(*parts_->store, commands::Kept::kQuestionnaire, forms.current()->source()));
  parts_->intake->replace_forms(std::move(forms));
}
const dialogue::Form& World::form() const {
  return *parts_->form;
}
fs::path World::data() const {
  return parts_->data();
}
const fs::path& World::directory() const {
  return parts_->directory.path();
}
const intake::IntakeCounters& World::counters() const {
  return parts_->intake->counters();
}

std::vector<std::string> World::hunt(const std::vector<std::string>& canaries) {
  return hunt_store(parts_->data(), *parts_->keys, canaries);
}

bool World::remembers(const std::string& address) {
  return must(parts_->people->find(address)).has_value();
}

// What nobody waits for is written too: a closed report moves, and the row of a receipt goes when
// its message was taken.
void World::let_it_write() {
  must(store().reports());
  must(store().find_receipt(storage::ReceiptLookup()));
}

std::map<std::string, std::size_t> World::values_on_disk() {
  let_it_write();
  return values_in_store(parts_->data(), *parts_->keys);
}

StoreShape World::shape_on_disk() {
  let_it_write();
  return shape_of_store(parts_->data(), *parts_->keys);
}

}  // namespace resguardo::testing_support
