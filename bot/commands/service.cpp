// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/service.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <map>

#include "bot/commands/addresses.h"
#include "bot/commands/archive.h"
#include "bot/commands/health.h"
#include "bot/commands/last_export.h"
#include "bot/commands/limits.h"
#include "bot/commands/listening.h"
#include "bot/commands/locked_memory.h"
#include "bot/commands/media_service.h"
#include "bot/commands/messenger_ports.h"
#include "bot/commands/news.h"
#include "bot/commands/operations.h"
#include "bot/commands/routes.h"
#include "bot/commands/service_data.h"
#include "bot/commands/sources.h"
#include "bot/commands/subscription.h"
#include "bot/commands/timer_thread.h"
#include "bot/commands/upkeep.h"
#include "bot/commands/watched_file.h"
#include "bot/commands/worker_pool.h"
#include "bot/http/client.h"
#include "bot/http/server.h"
#include "bot/intake/intake.h"
#include "bot/outbox/outbox.h"
#include "crypto/mailbox/mailbox_opener.h"
#include "crypto/session/receipt.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

constexpr std::chrono::milliseconds kGrace{5000};
constexpr int kLeastPriority = 19;  // nice(2)

class RunningService final : public Service {
 public:
  RunningService(config::Config config, const sandbox::State& shelter)
      : config_(std::move(config)), shelter_(shelter) {}
  RunningService(const RunningService&) = delete;
  RunningService& operator=(const RunningService&) = delete;
  ~RunningService() override {
    stopping_ = true;
    looking_.reset();
    commands_.reset();
    stop_accepting();
    http_.reset();
    subscriptions_.clear();
    intake_.reset();
    media_.reset();
    if (outbox_) outbox_->drain(kGrace);
    outbox_.reset();  // what it tells is worked on by these
    workers_.reset();
  }

  Outcome<Done> build() {
    RESGUARDO_CHECK(open_data());
    RESGUARDO_CHECK(open_gateways());
    RESGUARDO_CHECK(start_intake());
    RESGUARDO_CHECK(memory_is_locked(config_));
    RESGUARDO_CHECK(make_subscriptions());
    RESGUARDO_CHECK(start_listeners());
    RESGUARDO_CHECK(take_commands());
    for (const auto& one : subscriptions_) one->begin();
    look_for_damage();
    return Done{};
  }

  std::uint16_t port(std::string_view listener) const override { return http_->port(listener); }

  void stop_accepting() override {
    if (http_) http_->stop(kGrace);
  }

  Told reload() override {
    Told told;
    reload_roster(told);
    std::vector<Problem> problems;
    if (auto form = load_form(config_, problems)) {
      const auto kept_form = keep(data_->store(), Kept::kQuestionnaire, form->source());
      if (kept_form.ok()) {
        intake_->replace_forms(forms_beside(std::move(form)));
      } else {
        told.push_back(notices::error("the form cannot be kept: the one before stays")
                           .because(kept_form.error().why));
      }
    } else {
      told.push_back(notices::error("the form cannot be used: the one before stays").see(kCheck));
    }
    if (config_.server.tls_certificate) {
      const auto tls = http_->reload_tls();
      if (!tls.ok())
        told.push_back(notices::error("the certificate cannot be used: the one before stays")
                           .because(tls.error().why));
    }
    return told;
  }

  Told maintain() override {
    metrics_.advance(webhooks_, intake_->counters(), outbox_->health(), media_->health(),
                     clock_.now());
    stuck_ = upkeep_->run(clock_.now());
    journal_stays_ = upkeep_->journal_stays();
    if (const auto last = last_export(data_->store()); last.ok() && *last)
      last_export_ = (*last)->number;
    return news_.of(roster_health());
  }

  Told look_for_roster() override {
    Told told;
    if (!roster_file_.changed(config_.roster.path)) return told;
    const std::uint64_t before = roster_number();
    reload_roster(told);
    if (roster_number() != before)
      told.push_back(
          notices::info("a new roster is in force").with(notices::Kind::kRoster, roster_number()));
    return told;
  }

 private:
  void reload_roster(Told& told) {
    auto roster = load_roster(config_, &data_->store(), clock_.now(), RosterUse::kAccept, ids_);
    if (!roster.ok()) {
      told.push_back(notices::error("the roster cannot be used: the one before stays").see(kCheck));
    } else if (roster->expired) {
      told.push_back(notices::error("the roster has expired").see(kCheck));
    } else {
      data_->gate->replace(std::move(*roster->roster));
    }
  }

  // What no longer compiles is told by `check`; its reports wait.
  dialogue::Forms forms_beside(std::shared_ptr<const dialogue::Form> current) const {
    std::vector<Problem> ignored;
    auto earlier = earlier_forms(data_->store(), *current, ignored);
    return {std::move(current), std::move(earlier)};
  }

  std::uint64_t roster_number() const {
    const auto roster = data_->gate->roster();
    return roster ? roster->anchor().number : 0;
  }

  Outcome<Done> open_data() {
    static_cast<void>(roster_file_.changed(config_.roster.path));
    RESGUARDO_TRY(data_, ServiceData::open(config_, clock_, ids_));
    return Done{};
  }

  Outcome<Done> open_gateways() {
    const auto attachments = attachments_problem(config_);
    if (attachments && attachments->wrong) return attachments->problem;
    RESGUARDO_TRY(gateways_, program::of_configuration(make_gateways(config_)));
    std::vector<const gateway::Gateway*> plain;
    for (const auto& one : gateways_) {
      http::ClientConfig settings;
      settings.ca_file = one.ca_file;
      auto& client = clients_[one.ca_file];
      if (!client) {
        RESGUARDO_TRY(client, program::at("the HTTP client", http::Client::create(settings)));
      }
      transport_.add(one.api_base, *client);
      plain.push_back(one.gateway.get());
      names_.push_back(one.gateway->name());
    }
    outbox::Limits limits;
    limits.locking = locking_of(config_);
    RESGUARDO_TRY(outbox_, program::at("the outbox", outbox::Outbox::start(
                                                         limits, plain, transport_, clock_, ids_)));
    return Done{};
  }

  // What an analyst answered, for a reporter who is here with the receipt.
  static Result<SecretText> open_mailbox(const SecretBytes& seed, ByteView sealed) {
    RESGUARDO_TRY(const auto opener, MailboxOpener::from_seed(seed));
    RESGUARDO_TRY(auto reply, opener.open(sealed));
    return std::move(reply.text);
  }

  Outcome<Done> start_intake() {
    sink_ = std::make_unique<OutboxSink>(*outbox_);
    workers_ = std::make_unique<WorkerPool>(config_.server.threads);
    timers_ = std::make_unique<TimerThread>();
    lost_files_ = std::make_shared<intake::LostFiles>(*sink_);
    RESGUARDO_TRY(media_, MediaService::start({config_, data_->store(), *data_->gate, clock_, ids_,
                                               gateways_, lost_files_}));
    auto settings = dialogue_settings(config_);
    settings.word_tag = [people = data_->people.get()](std::string_view word) {
      return people->word(word);
    };
    settings.team_code = [codes = data_->codes.get()](std::string_view typed) {
      return codes->handle_of(typed);
    };
    settings.receipt_fits = receipt_check_digit_fits;
    settings.links = true;
    intake_ = std::make_unique<intake::Intake>(intake::Services{
        .forms = forms_beside(data_->form),
        .settings = std::move(settings),
        .store = data_->store(),
        .people = *data_->people,
        .gate = *data_->gate,
        .receipts = *data_->mint,
        .slab = *data_->slab,
        .ids = ids_,
        .replies = *sink_,
        .later = [pool =
                      workers_.get()](std::function<void()> work) { pool->post(std::move(work)); },
        .conversations = config_.limits.conversations,
        .open_reply = open_mailbox,
        .after = [timers = timers_.get()](
                     std::chrono::milliseconds wait,
                     std::function<void()> work) { timers->after(wait, std::move(work)); },
        .files = media_.get(),
        .lost_files = lost_files_,
        .links = data_->links.get(),
        .allowances = std::make_shared<intake::Allowances>(allowances(config_))});
    upkeep_ = std::make_unique<Upkeep>(UpkeepParts{
        data_->store(), *data_->people, *intake_, *data_->gate, *data_->epochs, *data_->log_days,
        ids_, config_.retention.idle_timeout, config_.retention, data_->links.get()});
    return Done{};
  }

  Outcome<Done> make_subscriptions() {
    for (const auto& one : gateways_) {
      if (!one.gateway->subscribe()) continue;
      RESGUARDO_TRY(auto made,
                    program::at("the HTTP client",
                                Subscription::create({*one.gateway, one.api_base, *intake_, clock_,
                                                      ids_, webhooks_, [store = &data_->store()] {
                                                        const auto health = store->health();
                                                        return !health.unwritable && !health.full;
                                                      }})));
      subscriptions_.push_back(std::move(made));
    }
    return Done{};
  }

  std::shared_ptr<const Webhook> webhook(gateway::Channel channel) {
    for (const auto& one : gateways_)
      if (one.gateway->channel() == channel)
        return std::make_shared<const Webhook>(
            *one.gateway, *intake_, clock_, webhooks_,
            [outbox = outbox_.get()](const auto& statuses) { outbox->told(statuses); });
    return nullptr;
  }

  RosterHealth roster_health() const {
    const TimePoint now = clock_.now();
    RosterHealth health;
    const auto roster = data_->gate->roster();
    const auto may_begin = data_->gate->may_begin(now);
    health.present = roster.has_value();
    if (!may_begin.ok()) health.refuses = may_begin.error().why;
    if (roster) {
      health.days_of_keys = roster->days_of_keys_left(now);
      health.days_of_roster = roster->expires().number - day_of(now).number;
    }
    health.checkpoint_age = data_->log_days->age();
    health.stuck = stuck_;
    health.journal_stays = journal_stays_;
    health.store = data_->store().health();
    health.lost = webhooks_.lost > 0;
    if (media_) health.files = media_->health();
    health.shelter = shelter_;
    health.memory = locked_totals();
    if (const auto end = http_ ? http_->certificate_ends() : std::nullopt)
      health.days_of_certificate = days_until(*end, now);
    health.disk_free = free_bytes_of(config_.store.directory);
    if (const int day = last_export_; day > 0) health.export_age = day_of(now).number - day;
    for (const auto& one : subscriptions_)
      if (one->state() != Subscription::State::kConnected) health.unheard = one->state();
    return health;
  }

  Outcome<Done> start_listeners() {
    if (auto wrong = proxies_problem(config_)) return *std::move(wrong);
    RESGUARDO_CHECK(certificate_usable(config_));
    http::ServerConfig server = server_settings(config_);
    // Whoever reaches the other listeners is on this machine, and one address.
    const std::size_t connections = connections_of_each(config_.limits.connections);
    const http::PeerLimits local{.connections = connections};
    http::ListenerConfig open{
        "public",
        config_.server.listen,
        std::nullopt,
        public_routes(webhook(gateway::Channel::kWhatsApp), config_.limits.body_bytes),
        {connections, config_.limits.connections_per_address, config_.limits.refusals_per_minute}};
    if (config_.server.tls_certificate)
      open.tls = http::TlsFiles{config_.server.tls_certificate->string(),
                                config_.server.tls_key->string()};
    server.listeners.push_back(std::move(open));
    server.listeners.push_back({"gateway", config_.server.gateway_listen, std::nullopt,
                                gateway_routes(webhook(gateway::Channel::kSignal)), local});
    AdminPages pages;
    pages.ready = [this] { return ready_page(roster_health(), outbox_->health(), names_); };
    pages.metrics = [this] {
      return metrics_.page(webhooks_, intake_->counters(), outbox_->health(), roster_health(),
                           clock_.now());
    };
    server.listeners.push_back({"admin", config_.server.admin_listen, std::nullopt,
                                admin_routes(std::move(pages)), local});
    std::string failed;
    auto started = http::Server::start(std::move(server), &failed);
    if (!started.ok()) return listener_problem(started.error(), failed);
    http_ = std::move(started).value();
    return Done{};
  }

  // Commands that need the store ask whoever holds it.
  Outcome<Done> take_commands() {
    RESGUARDO_TRY(
        commands_,
        program::at(config_.store.directory.string(),
                    control::Server::start(
                        config_.store.directory, [this](const auto& request, const auto& next) {
                          return perform({config_, data_->installation, *data_->log_key, ids_,
                                          clock_.now(), [this] { return serving_lines(); },
                                          [this] { return stopping_.load(); }},
                                         request, next);
                        })));
    return Done{};
  }

  // Every page that is in use, once, with what time nobody else wants: health() says the rest.
  void look_for_damage() {
    looking_ = std::make_unique<WorkerPool>(1);
    looking_->post([this] {
      static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLeastPriority));
      static_cast<void>(
          data_->store()
              .inspect_files({.every_page = false, .stop = [this] { return stopping_.load(); }})
              .ok());
    });
  }

  std::vector<pb::ControlResult::StatusLine> serving_lines() {
    const RosterHealth health = roster_health();
    auto lines = status_lines(ready_page(health, outbox_->health(), names_), webhooks_);
    add_protection(health, lines);
    return lines;
  }

  // In the order of use; torn down the other way round.
  config::Config config_;
  const sandbox::State shelter_;
  SystemClock clock_;
  SystemRandom ids_;
  std::unique_ptr<ServiceData> data_;
  std::vector<ConfiguredGateway> gateways_;
  std::vector<StaticText> names_;
  std::map<std::string, std::unique_ptr<http::Client>> clients_;
  HttpTransport transport_;
  std::unique_ptr<outbox::Outbox> outbox_;
  std::unique_ptr<OutboxSink> sink_;
  std::shared_ptr<intake::LostFiles> lost_files_;
  std::unique_ptr<MediaService> media_;
  std::unique_ptr<TimerThread> timers_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<intake::Intake> intake_;
  std::unique_ptr<Upkeep> upkeep_;
  WatchedFile roster_file_;
  std::atomic<bool> stuck_ = false;  // as of the last upkeep
  std::atomic<bool> journal_stays_ = false;
  std::atomic<int> last_export_ = 0;  // a day; asked for every minute
  std::atomic<bool> stopping_ = false;
  News news_;
  WebhookCounters webhooks_;
  Metrics metrics_;
  std::unique_ptr<http::Server> http_;
  std::vector<std::unique_ptr<Subscription>> subscriptions_;  // all of them before the first page
  std::unique_ptr<control::Server> commands_;
  std::unique_ptr<WorkerPool> looking_;
};

}  // namespace

Outcome<std::unique_ptr<Service>> Service::start(const config::Config& config,
                                                 const sandbox::State& shelter) {
  auto service = std::make_unique<RunningService>(config, shelter);
  RESGUARDO_CHECK(service->build());
  return std::unique_ptr<Service>(std::move(service));
}

}  // namespace resguardo::commands
