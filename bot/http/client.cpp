// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/client.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <functional>
#include <map>
#include <thread>
#include <unordered_set>
#include <utility>

#include "bot/http/detail/connect.h"
#include "bot/http/detail/exchange.h"
#include "bot/http/detail/tls.h"
#include "bot/http/detail/watchdog.h"

namespace resguardo::http {
namespace {

using Done = std::function<void(ClientAnswer)>;
using std::chrono::steady_clock;

// Peers commonly keep connections for a minute; ours are dropped before they would.
constexpr std::chrono::seconds kKeptAtMost{30};

struct Job : std::enable_shared_from_this<Job> {
  Job(const asio::any_io_executor& executor, ClientRequest client_request, BaseUrl base_url,
      SecretText request_head, Done callback)
      : request(std::move(client_request)),
        base(std::move(base_url)),
        head(std::move(request_head)),
        done(std::move(callback)),
        watchdog(executor) {}
  ClientRequest request;
  BaseUrl base;
  SecretText head;
  Done done;
  StopSignal stop;
  Watchdog watchdog;
};
using JobPointer = std::shared_ptr<Job>;

// The connections to one origin.
struct Pool {
  struct Kept {
    std::unique_ptr<Stream> stream;
    steady_clock::time_point since;
  };
  std::deque<Kept> kept;  // the most recently used at the back
  std::size_t busy = 0;
  std::deque<JobPointer> waiting;
};

class ClientWorker {
 public:
  ClientWorker(std::size_t connections, TlsContext tls)
      : connections_(std::max<std::size_t>(1, connections)),
        tls_(std::move(tls)),
        thread_([this] { context_.run(); }) {}

  ~ClientWorker() {  // NOLINT(bugprone-exception-escape): no memory to stop with, no way on
    asio::post(context_, [this] { stop(); });
    thread_.join();
  }
  ClientWorker(const ClientWorker&) = delete;
  ClientWorker& operator=(const ClientWorker&) = delete;

  asio::any_io_executor executor() { return context_.get_executor(); }
  void submit(JobPointer job) {
    asio::post(context_, [this, job = std::move(job)]() mutable { accept(std::move(job)); });
  }
  void fail(Done done, StaticText why) {
    asio::post(context_, [this, done = std::move(done), why] {
      if (!stopping_) done(ClientAnswer{0, why, {}});
    });
  }

 private:
  void stop() {
    stopping_ = true;
    for (const JobPointer& job : std::unordered_set(jobs_)) {
      job->watchdog.rest();
      job->stop.stop();
    }
    pools_.clear();
    jobs_.clear();
    guard_.reset();
  }

  void accept(JobPointer job) {
    if (stopping_) return;
    jobs_.insert(job);
    watch(*job, job->request.timeout);
    if (job->request.on_piece) watch_silence(*job);
    Pool& pool = pools_[job->base.origin()];
    if (pool.busy == connections_) {
      pool.waiting.push_back(std::move(job));
      return;
    }
    start(pool, job);
  }

  void watch(Job& job, steady_clock::duration time) {
    job.watchdog.watch(time, [this, weak = job.weak_from_this()] { time_is_up(weak.lock()); });
  }

  // Every piece that comes buys the next one its time.
  void watch_silence(Job& job) {
    job.request.on_piece = [this, &job, give = std::move(job.request.on_piece)](ByteView piece) {
      watch(job, job.request.silence);
      return give(piece);
    };
  }

  void start(Pool& pool, const JobPointer& job) {
    ++pool.busy;
    asio::co_spawn(context_, run(job), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
  }

  void time_is_up(const JobPointer& job) {
    if (!job || stopping_) return;
    Pool& pool = pools_[job->base.origin()];
    const auto waiting = std::ranges::find(pool.waiting, job);
    if (waiting == pool.waiting.end()) {
      job->stop.stop();  // its coroutine notices
      return;
    }
    pool.waiting.erase(waiting);
    report(job, ClientAnswer{0, "the time was up", {}});
  }

  void report(const JobPointer& job, ClientAnswer answer) {
    job->watchdog.rest();
    jobs_.erase(job);
    job->done(std::move(answer));
  }

  asio::awaitable<void> run(JobPointer job) {
    ClientAnswer answer = co_await perform(*job);
    if (stopping_) co_return;
    if (job->stop.stopped() && answer.status == 0) answer.failure = "the time was up";
    Pool& pool = pools_[job->base.origin()];
    --pool.busy;
    if (!pool.waiting.empty()) {
      const JobPointer next = std::move(pool.waiting.front());
      pool.waiting.pop_front();
      start(pool, next);
    } else if (pool.busy == 0 && pool.kept.empty()) {
      pools_.erase(job->base.origin());
    }
    report(job, std::move(answer));
  }

  asio::awaitable<ClientAnswer> perform(Job& job) {
    if (auto kept = take_kept(job)) {
      Exchanged exchanged = co_await talk(job, std::move(kept));
      if (!exchanged.nothing_sent || job.stop.stopped()) co_return std::move(exchanged.answer);
    }
    Connected connected = co_await connect(job.base, tls_, job.stop);
    if (!connected.stream) co_return ClientAnswer{0, connected.failure, {}};
    Exchanged exchanged = co_await talk(job, std::move(connected.stream));
    co_return std::move(exchanged.answer);
  }

  asio::awaitable<Exchanged> talk(Job& job, std::unique_ptr<Stream> stream) {
    job.stop.on_stop([raw = stream.get()] { raw->close(); });
    Exchanged exchanged = co_await exchange(*stream, job.head, job.request);
    job.stop.on_stop(nullptr);
    if (exchanged.reusable && !job.stop.stopped()) {
      pools_[job.base.origin()].kept.push_back({std::move(stream), steady_clock::now()});
    }
    co_return exchanged;
  }

  // A connection that was still good a moment ago, or nullptr.
  std::unique_ptr<Stream> take_kept(const Job& job) {
    Pool& pool = pools_[job.base.origin()];
    while (!pool.kept.empty()) {
      Pool::Kept kept = std::move(pool.kept.back());
      pool.kept.pop_back();
      const bool fresh = steady_clock::now() - kept.since < kKeptAtMost;
      if (fresh && kept.stream->is_quiet()) return std::move(kept.stream);
    }
    return nullptr;
  }

  const std::size_t connections_;
  const TlsContext tls_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_{context_.get_executor()};
  std::map<std::string, Pool> pools_;
  std::unordered_set<JobPointer> jobs_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

class ClientImpl final : public Client {
 public:
  ClientImpl(const ClientConfig& config, const TlsContext& tls) {
    const unsigned threads = std::max(1U, config.threads);
    for (unsigned i = 0; i < threads; ++i) workers_.emplace_back(config.connections_per_host, tls);
  }

  void send(ClientRequest request, Done done) override {
    Result<BaseUrl> base = parse_base_url(request.base);
    if (!base.ok()) return workers_.front().fail(std::move(done), base.error().why);
    Result<SecretText> head = request_head(*base, request);
    if (!head.ok()) return workers_.front().fail(std::move(done), head.error().why);
    // One thread for each origin, so that connections_per_host holds.
    ClientWorker& worker = workers_[std::hash<std::string>{}(base->origin()) % workers_.size()];
    worker.submit(std::make_shared<Job>(worker.executor(), std::move(request), *std::move(base),
                                        *std::move(head), std::move(done)));
  }

 private:
  std::deque<ClientWorker> workers_;
};

}  // namespace

Status check_base(std::string_view base) {
  RESGUARDO_CHECK(parse_base_url(base));
  return success();
}

Result<std::unique_ptr<Client>> Client::create(const ClientConfig& config) {
  RESGUARDO_TRY(const TlsContext tls, load_client_tls(config.ca_file));
  return std::unique_ptr<Client>(std::make_unique<ClientImpl>(config, tls));
}

}  // namespace resguardo::http
