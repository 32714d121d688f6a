// SPDX-License-Identifier: AGPL-3.0-or-later
//
//   ceiling DIR PORT SECRET-FILE
//
// What the machine allows with the libraries that the bot is made of, and no product: bot/http's
// server, the signature of each post, Boost.JSON, SQLCipher as storage/ opens it, one thread that
// commits all that waits, and one row of 1 KiB appended for each post; the 200 comes after the
// sync. The bot's figures are told as shares of this one's, measured in the same run.
#include <boost/json/parse.hpp>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <iostream>
#include <mutex>
#include <thread>

#include "bot/http/server.h"
#include "crypto/base/hash.h"
#include "crypto/base/initialise.h"
#include "crypto/base/random.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/transaction.h"
#include "tests/bench/arguments.h"
#include "tests/support/must.h"

namespace resguardo::bench {
namespace {

using testing_support::must;

// Rows that wait, and the thread that appends them.
class Appender {
 public:
  explicit Appender(const std::string& file)
      : db_(must(
            sqlcipher::Connection::open(file, must(SecretBytes::random(32)), {.create = true}))),
        insert_(prepare(db_)),
        thread_([this] { work(); }) {}
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    filled_.notify_all();
    thread_.join();
  }
  void add(http::Respond done) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(done));
    filled_.notify_one();
  }

 private:
  static sqlcipher::Statement prepare(sqlcipher::Connection& db) {
    if (!db.execute("CREATE TABLE row (position INTEGER PRIMARY KEY, content BLOB)").ok())
      throw std::runtime_error("the table cannot be made");
    return must(db.prepare("INSERT INTO row (content) VALUES (?)"));
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      filled_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      std::deque<http::Respond> batch;
      batch.swap(waiting_);
      lock.unlock();
      const bool stored = append(batch.size()).ok();
      for (const auto& done : batch) done({stored ? 200U : 503U, "", ""});
      lock.lock();
    }
  }

  Status append(std::size_t rows) {
    RESGUARDO_TRY(auto transaction, sqlcipher::Transaction::begin(db_));
    for (; rows > 0; --rows) RESGUARDO_CHECK(insert_.run(row_));
    return transaction.commit();
  }

  const Bytes row_ = Bytes(1024, 0x5a);
  sqlcipher::Connection db_;
  sqlcipher::Statement insert_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<http::Respond> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

bool authentic(const http::Request& request, const std::string& secret) {
  for (const auto& header : request.headers) {
    if (header.name != "x-hub-signature-256" || !header.value.starts_with("sha256=")) continue;
    const auto mac = parse_hex(std::string_view(header.value).substr(7));
    return mac.ok() && hmac_sha256_verify(as_bytes(secret), request.body.view(), *mac);
  }
  return false;
}

int serve(const std::string& directory, const std::string& port, const std::string& secret) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGTERM, SIGINT}) sigaddset(&signals, one);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Appender appender(directory + "/journal-ceiling.db");
  http::Route route;
  route.body_limit = 3'000'000;
  route.handle = [&](http::Request request, http::Respond respond) {
    boost::system::error_code broken;
    if (!authentic(request, secret)) return respond({403, "", ""});
    const auto value = boost::json::parse(as_text(request.body.view()), broken);
    if (broken || !value.is_object()) return respond({400, "", ""});
    appender.add(std::move(respond));
  };
  http::ServerConfig config;
  config.listeners.push_back({"public", "127.0.0.1:" + port, std::nullopt,
                              [&](std::string_view, std::string_view) { return &route; }});
  const auto server = must(http::Server::start(std::move(config)));
  std::cout << "serving" << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  server->stop(std::chrono::seconds(5));
  return 0;
}

}  // namespace
}  // namespace resguardo::bench

int main(int count, char** values) {
  using namespace resguardo::bench;
  if (count != 4 || !resguardo::initialise_crypto().ok()) {
    std::cerr << "ceiling: give a directory, a port and the file of WhatsApp's app secret\n";
    return 2;
  }
  try {
    return serve(values[1], values[2], read_line(values[3]));
  } catch (const std::exception& wrong) {
    std::cerr << "ceiling: " << wrong.what() << '\n';
    return 1;
  }
}
