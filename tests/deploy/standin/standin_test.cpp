// SPDX-License-Identifier: AGPL-3.0-or-later
// The stand-in against the bot's own gateways over real sockets: each checks the other.
#include <atomic>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <future>
#include <sstream>

#include <gtest/gtest.h>

#include "bot/gateway/registry.h"
#include "bot/http/client.h"
#include "bot/http/server.h"
#include "crypto/base/hash.h"
#include "deploy/standin/chat.h"
#include "deploy/standin/script.h"
#include "deploy/standin/server.h"

namespace resguardo::standin {
namespace {

namespace json = boost::json;
using gateway::Gateway;
using gateway::SendVerdict;

constexpr std::string_view kUuid = "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301";

SecretBytes secret(std::string text) {
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
}

gateway::GatewaySettings gateway_settings() {
  gateway::GatewaySettings settings;
  std::vector<SecretBytes> app_secrets;
  app_secrets.push_back(secret("an-app-secret"));
  settings.whatsapp.emplace(gateway::whatsapp::Config{"700800900100200", std::move(app_secrets),
                                                      secret("a-token"), secret("verify-it")});
  settings.signal.emplace(gateway::signal::Config{
      "+15550100000", secret("a-webhook-token-for-tests"), "bot", std::nullopt, 86'400});
  return settings;
}

// A bot that answers everything with one question, before or after it answers the webhook.
class AskingBot {
 public:
  AskingBot() {
    auto made = gateway::make_gateways(gateway_settings());
    gateways_ = std::move(made).value();
    client_ = http::Client::create({}).value();
    http::ServerConfig config;
    config.listeners = {{"all", "127.0.0.1:0", std::nullopt,
                         [this](std::string_view, std::string_view) { return &route_; }}};
    server_ = http::Server::start(std::move(config)).value();
  }
  ~AskingBot() {
    client_.reset();
    server_.reset();
  }
  std::string base() const { return "http://127.0.0.1:" + std::to_string(server_->port("all")); }

  std::string graph_base;
  std::string signal_base;
  std::atomic<bool> answers_late{false};  // calls the messenger back first: the deadlock
  std::atomic<bool> silent{false};
  std::atomic<int> heard{0};
  std::atomic<int> unanswered{0};
  std::atomic<int> last_verdict{-1};
  std::chrono::milliseconds timeout{5'000};

 private:
  void handle(http::Request request, http::Respond respond) {
    const bool whatsapp = request.target.starts_with("/webhooks/whatsapp");
    const Gateway& messenger = *gateways_[whatsapp ? 0 : 1];
    gateway::RawRequest raw;
    raw.method = request.method;
    raw.target = request.target;
    for (const auto& header : request.headers) raw.headers.push_back({header.name, header.value});
    raw.body = std::move(request.body);
    if (raw.method == "GET") {
      const auto shaken = messenger.handshake(raw).value();
      respond({shaken.accepted ? 200U : 403U, "text/plain", shaken.body});
      return;
    }
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto delivery = messenger.verify_and_parse(std::move(raw), now);
    if (!delivery.ok()) {
      respond({403, "", ""});
      return;
    }
    heard += static_cast<int>(delivery->events.size());
    if (!answers_late) respond({200, "", ""});
    if (delivery->events.empty() || silent) {
      if (answers_late) respond({200, "", ""});
      return;
    }
    ask(messenger, delivery->events.front().sender(), std::move(respond));
  }

  void ask(const Gateway& messenger, const gateway::Sender& to, http::Respond respond) {
    gateway::Reply question;
    question.text = SecretText("Are you safe?");
    question.choices = {{"q:yes", "Yes", ""}, {"q:no", "No", ""}};
    question.numbers_hint = "Reply with the number.";
    auto call = messenger.render(question, to).value();
    http::ClientRequest request;
    request.base = messenger.channel() == gateway::Channel::kWhatsApp ? graph_base : signal_base;
    request.method = call.method;
    request.path = call.path;
    for (auto& header : call.headers) request.headers.push_back({header.name, header.value});
    request.body = std::move(call.body);
    request.timeout = timeout;
    const bool late = answers_late;
    client_->send(std::move(request), [this, &messenger, late,
                                       respond = std::move(respond)](http::ClientAnswer answer) {
      if (answer.status == 0) ++unanswered;
      last_verdict =
          static_cast<int>(messenger.judge({answer.status, std::move(answer.body)}).verdict);
      if (late) respond({200, "", ""});
    });
  }

  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::unique_ptr<http::Client> client_;
  http::Route route_{1024 * 1024, [this](http::Request request, http::Respond respond) {
                       handle(std::move(request), std::move(respond));
                     }};
  std::unique_ptr<http::Server> server_;
};

class StandinTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.app_secret = "an-app-secret";
    settings_.access_token = "a-token";
    settings_.verify_token = "verify-it";
    settings_.webhook_token = "a-webhook-token-for-tests";
    settings_.bot_public = settings_.bot_gateway = bot_.base();
    api_ = ApiServer::start(settings_, {graph_api_, rest_api_, daemon_, mishaps_}).value();
    bot_.graph_base = api_->graph_base();
    bot_.signal_base = api_->signal_base();
    link_.emplace(BotLink::create(settings_, rest_api_, daemon_, mishaps_).value());
    stage_.emplace(Stage{settings_, mailbox_, graph_api_, signal_, rest_api_, daemon_, files_,
                         mishaps_, *link_, postman_});
  }
  // The answers to a script, one for each command.
  std::vector<json::object> play(const std::string& script) {
    std::istringstream in(script);
    std::ostringstream out;
    play_script(*stage_, in, out);
    std::vector<json::object> answers;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      answers.push_back(json::parse(line).as_object());
    }
    return answers;
  }
  static http::ClientRequest request(const std::string& method, const std::string& url) {
    http::ClientRequest request;
    request.method = method;
    const std::size_t path = url.find('/', std::string_view("http://").size());
    request.base = url.substr(0, path);
    request.path = url.substr(path);
    return request;
  }
  http::ClientAnswer answer_to(http::ClientRequest request) {
    std::promise<http::ClientAnswer> came;
    client_->send(std::move(request),
                  [&](http::ClientAnswer answer) { came.set_value(std::move(answer)); });
    return came.get_future().get();
  }
  http::ClientAnswer call(const std::string& method, const std::string& url,
                          const std::string& bearer = "") {
    http::ClientRequest asked = request(method, url);
    if (!bearer.empty()) asked.headers.push_back({"authorization", bearer});
    return answer_to(std::move(asked));
  }
  json::object play_one(const std::string& command) { return play(command + "\n").at(0); }

  Settings settings_;
  AskingBot bot_;
  Mailbox mailbox_{""};
  FileShelf files_{""};
  Mishaps mishaps_;
  GraphApi graph_api_{settings_, mailbox_, files_};
  SignalAccount signal_{settings_, mailbox_, files_};
  RestApi rest_api_{signal_};
  DaemonApi daemon_{signal_};
  Postman postman_{settings_};
  std::unique_ptr<ApiServer> api_;
  std::optional<BotLink> link_;
  std::optional<Stage> stage_;
  std::unique_ptr<http::Client> client_ = http::Client::create({}).value();
};

TEST_F(StandinTest, CarriesAWhatsAppConversationBothWays) {
  const auto answers = play(
      "# a person with a number\n\n"
      "say whatsapp 38163555010 hello there\n"
      "pick whatsapp 38163555010 2\n"
      "tap whatsapp 38163555010 q:yes\n"
      "say whatsapp RS.28450139987710 \"a\\u0000b\\n\"\n"
      "attach whatsapp 38163555010 audio/ogg\n"
      "locate whatsapp 38163555010 45.1 15.9 Forest road\n");
  ASSERT_EQ(answers.size(), 6U);
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.at("ok"), true);
    EXPECT_EQ(answer.at("posted"), 200);
    EXPECT_EQ(answer.at("reply").at("text"), "Are you safe?");
    EXPECT_EQ(answer.at("reply").at("kind"), "button");
    EXPECT_EQ(answer.at("reply").at("choices").at(1).at("id"), "q:no");
  }
  EXPECT_EQ(bot_.heard, 6);
}

TEST_F(StandinTest, CarriesASignalConversationBothWays) {
  const std::string person(kUuid);
  const auto answers = play("say signal " + person + " hello\npick signal " + person +
                            " 1\nattach signal " + person + " image/jpeg\n");
  ASSERT_EQ(answers.size(), 3U);
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.at("reply").at("text"),
              "Are you safe?\n\n1) Yes\n2) No\n\nReply with the number.");
  }
  EXPECT_EQ(bot_.unanswered, 0);  // who answers first is called back in time
}

TEST_F(StandinTest, ServesAFileUntilItIsDeleted) {
  const std::string file = ::testing::TempDir() + "resguardo-standin-photo.jpg";
  std::ofstream(file, std::ios::binary) << std::string(5000, 'p') + '\0';
  play_one("async attach whatsapp 38163555010 image/jpeg " + file);
  play_one("async attach signal " + std::string(kUuid) + " audio/ogg " + file);
  EXPECT_EQ(play_one("files").at("files"), json::parse(R"({"whatsapp":1,"signal":1})"));
  const std::string bearer = "Bearer a-token";
  const auto facts =
      call("GET", bot_.graph_base + "/8811220001?phone_number_id=700800900100200", bearer);
  ASSERT_EQ(facts.status, 200U);
  const json::object told = json::parse(as_text(facts.body.view())).as_object();
  EXPECT_EQ(told.at("file_size"), "5001");
  const auto bytes = call("GET", std::string(told.at("url").as_string()), bearer);
  EXPECT_EQ(bytes.body.size(), 5001U);
  EXPECT_EQ(told.at("sha256").as_string(), to_base64(sha256(bytes.body.view()).view()));
  EXPECT_EQ(call("GET", std::string(told.at("url").as_string()), "Bearer other").status, 401U);
  EXPECT_EQ(call("DELETE", bot_.graph_base + "/8811220001", bearer).status, 200U);
  EXPECT_EQ(call("GET", std::string(told.at("url").as_string()), bearer).status, 404U);

  const auto ids = call("GET", bot_.signal_base + "/v1/attachments");
  const std::string id(json::parse(as_text(ids.body.view())).at(0).as_string());
  EXPECT_TRUE(id.ends_with(".ogg"));
  EXPECT_EQ(call("GET", bot_.signal_base + "/v1/attachments/" + id).body.size(), 5001U);
  EXPECT_EQ(call("DELETE", bot_.signal_base + "/v1/attachments/" + id).status, 204U);
  EXPECT_EQ(call("GET", bot_.signal_base + "/v1/attachments/" + id).status, 404U);
  EXPECT_EQ(play_one("files").at("files"), json::parse(R"({"whatsapp":0,"signal":0})"));
}

TEST_F(StandinTest, TheDaemonHandsOverWhatWaitedToWhoAttaches) {
  play_one("signal-daemon on");
  const std::string person(kUuid);
  EXPECT_EQ(play_one("async say signal " + person + " before").at("posted"), 200);
  EXPECT_EQ(play_one("heard").at("heard"), false);
  std::promise<std::string> both;
  std::string seen;
  http::ClientRequest attach =
      request("GET", bot_.signal_base + "/api/v1/events?account=%2B15550100000");
  attach.on_piece = [&](ByteView piece) {
    seen += as_text(piece);
    const bool all = seen.find("after") != std::string::npos;
    if (all) both.set_value(seen);
    return !all;
  };
  client_->send(std::move(attach), [](const http::ClientAnswer&) {});
  EXPECT_EQ(play_one("async say signal " + person + " after").at("posted"), 200);
  const std::string events = both.get_future().get();
  EXPECT_TRUE(events.starts_with("event:receive\ndata:{\"envelope\":")) << events;
  EXPECT_LT(events.find("before"), events.find("after"));
  const auto gateway = [&](const std::string& method, const std::string& params) {
    http::ClientRequest rpc = request("POST", bot_.signal_base + "/api/v1/rpc");
    rpc.headers.push_back({"content-type", "application/json"});
    rpc.body = SecretBuffer(as_bytes(R"({"jsonrpc":"2.0","id":"1","method":")" + method +
                                     R"(","params":)" + params + "}"));
    return json::parse(as_text(answer_to(std::move(rpc)).body.view())).as_object();
  };
  const std::string to = R"({"account":"+15550100000","recipient":[")" + person + R"("])";
  EXPECT_TRUE(gateway("send", to + R"(,"message":"hello"})")
                  .at("result")
                  .as_object()
                  .contains("timestamp"));
  EXPECT_EQ(play_one("any 0").at("reply").at("text"), "hello");
  EXPECT_EQ(gateway("dance", to + "}").at("error").at("code"), -32601);
  EXPECT_EQ(gateway("getAttachment", to + R"(,"id":"none"})").at("error").at("code"), -1);
  EXPECT_EQ(gateway("send", R"({"account":"+1","recipient":"x"})").at("error").at("code"), -32602);
}

TEST_F(StandinTest, MishapsAreDrawnTheSameForTheSameSeed) {
  Mishaps one;
  Mishaps other;
  one.begin(50, 3, true);
  other.begin(50, 3, true);
  using enum Mishap;
  int drawn = 0;
  for (int i = 0; i < 200; ++i) {
    const auto mishap = one.draw({kSlow, kCut, kBusy});
    EXPECT_EQ(mishap, other.draw({kSlow, kCut, kBusy}));
    drawn += mishap ? 1 : 0;
  }
  EXPECT_GT(drawn, 60);
  EXPECT_LT(drawn, 140);
  one.begin(100, 3, false);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(one.draw({kBusy}), std::nullopt);  // it would be waited for
}

TEST_F(StandinTest, WhatWhatsAppCouldNotDeliverComesAgain) {
  settings_.bot_public = "http://127.0.0.1:9";  // nobody there
  EXPECT_EQ(play_one("async say whatsapp 38163555010 hello").at("posted"), 0);
  EXPECT_EQ(play_one("redeliver").at("left"), 1);
  settings_.bot_public = bot_.base();
  EXPECT_EQ(play_one("redeliver").at("left"), 0);
  EXPECT_EQ(bot_.heard, 1);
}

TEST_F(StandinTest, DeadlocksABotThatCallsBackBeforeItAnswers) {
  bot_.answers_late = true;
  bot_.timeout = std::chrono::milliseconds{300};
  const auto answer = play_one("async say signal " + std::string(kUuid) + " hello");
  EXPECT_EQ(answer.at("posted"), 200);
  EXPECT_EQ(bot_.unanswered, 1);
  EXPECT_EQ(play_one("blocked").at("blocked"), 1);
  // WhatsApp has no such trap.
  EXPECT_EQ(play_one("say whatsapp 38163555010 hello").at("reply").at("kind"), "button");
  EXPECT_EQ(bot_.unanswered, 1);
}

TEST_F(StandinTest, ShowsWrongProofWhenAsked) {
  const std::string file = ::testing::TempDir() + "resguardo-standin-raw.json";
  std::ofstream(file) << "{}";
  for (const char* channel : {"whatsapp", "signal"}) {
    const std::string post = "post-raw " + std::string(channel) + " " + file;
    EXPECT_EQ(play_one(post).at("posted"), 200);
    EXPECT_EQ(play_one(post + " wrong").at("posted"), 403);
    EXPECT_EQ(play_one(post + " none").at("posted"), 403);
  }
  EXPECT_EQ(play_one("handshake").at("body"), "1158201444");
  EXPECT_EQ(play_one("handshake wrong").at("posted"), 403);
}

TEST_F(StandinTest, RepeatsAPostUnchanged) {
  const auto answers = play("say whatsapp 38163555010 hello\nrepeat whatsapp\n");
  EXPECT_EQ(answers.at(1).at("posted"), 200);
  EXPECT_EQ(bot_.heard, 2);
}

TEST_F(StandinTest, FailsSendsOnDemandAsTheServicesDo) {
  bot_.answers_late = true;  // when the post is answered, the verdict is known
  play_one("fail whatsapp 131047");
  play_one("async say whatsapp 38163555010 hello");
  EXPECT_EQ(bot_.last_verdict, static_cast<int>(SendVerdict::kDrop));
  EXPECT_EQ(play_one("unread whatsapp 38163555010").at("unread"), 0);
  EXPECT_EQ(play_one("say whatsapp 38163555010 again").at("reply").at("kind"), "button");
  EXPECT_EQ(bot_.last_verdict, static_cast<int>(SendVerdict::kSent));

  bot_.answers_late = false;
  play_one("fail signal 429 1");
  const std::string person(kUuid);
  play_one("async say signal " + person + " hello");
  EXPECT_EQ(play_one("say signal " + person + " again").at("reply").at("kind"), "text");
  EXPECT_EQ(play_one("wait signal " + person + " 0").at("reply"), nullptr);  // one of the two
}

TEST_F(StandinTest, CountsWhatIsUnread) {
  play_one("async say whatsapp 38163555010 hello");
  EXPECT_EQ(play_one("wait whatsapp 38163555010").at("reply").at("to"), "38163555010");
  EXPECT_EQ(play_one("unread whatsapp 38163555010").at("unread"), 0);
  bot_.silent = true;
  settings_.patience_seconds = 0;
  EXPECT_EQ(play_one("say whatsapp 38163555010 hello").at("reply"), nullptr);
}

TEST_F(StandinTest, ExplainsACommandItCannotPlay) {
  for (const char* command :
       {"dance", "say", "say telegram 1 x", "say whatsapp", "pick whatsapp 38163555099 1",
        "tap signal 1 q", "post-raw whatsapp", "post-raw whatsapp no-such-file", "fail signal x",
        "say whatsapp 38163555010 \"cut", "locate signal 1 2 3", "handshake maybe"}) {
    const auto answer = play_one(command);
    EXPECT_EQ(answer.at("ok"), false) << command;
    EXPECT_FALSE(answer.at("error").as_string().empty()) << command;
  }
}

TEST_F(StandinTest, LetsAPersonChat) {
  std::istringstream in("hello\n\n/quit\nnever sent\n");
  std::ostringstream out;
  bot_.answers_late = true;  // so that the answer is there before the chat ends
  play_chat(*stage_, Channel::kWhatsApp, "38163555010", in, out);
  EXPECT_EQ(bot_.heard, 1);
  EXPECT_NE(out.str().find("  Are you safe?\n    [/1] Yes\n    [/2] No\n"), std::string::npos)
      << out.str();
}

class GraphApiTest : public ::testing::Test {
 protected:
  GraphApiTest() {
    settings_.access_token = "a-token";
    mailbox_.wrote(Channel::kWhatsApp, "38163555010");
  }
  json::object send(const std::string& body, const std::string& token = "a-token",
                    const std::string& target = "/v23.0/700800900100200/messages") {
    http::Request request;
    request.method = "POST";
    request.target = target;
    request.headers = {{"authorization", "Bearer " + token}};
    request.body = SecretBuffer(as_bytes(body));
    return json::parse(api_.answer(request).body).as_object();
  }
  json::value code(const json::object& answer) {
    return answer.contains("error") ? answer.at("error").at("code") : json::value(0);
  }
  Settings settings_;
  Mailbox mailbox_{""};
  FileShelf files_{""};
  GraphApi api_{settings_, mailbox_, files_};
};

std::string text_to(const std::string& to) {
  return R"({"messaging_product":"whatsapp","to":")" + to +
         R"(","type":"text","text":{"body":"x"}})";
}

TEST_F(GraphApiTest, ChecksTokenPathAndWindow) {
  EXPECT_EQ(code(send(text_to("+38163555010"))), 0);
  EXPECT_EQ(code(send(text_to("+38163555010"), "another")), 190);
  EXPECT_EQ(code(send(text_to("+38163555010"), "a-token", "/v23.0/1/messages")), 100);
  EXPECT_EQ(code(send(text_to("+38163555011"))), 131047);
  EXPECT_EQ(code(send("{")), 131009);
  EXPECT_EQ(code(send("{}")), 131009);
}

TEST_F(GraphApiTest, RefusesWhatMetaWouldRefuse) {
  const auto with_buttons = [&](const std::string& buttons) {
    return code(send(R"({"messaging_product":"whatsapp","to":"38163555010","type":"interactive",
        "interactive":{"type":"button","body":{"text":"?"},"action":{"buttons":[)" +
                     buttons + "]}}}"));
  };
  const auto button = [](const std::string& id, const std::string& title) {
    return R"({"type":"reply","reply":{"id":")" + id + R"(","title":")" + title + R"("}})";
  };
  const std::string three = button("a", "A") + "," + button("b", "B") + "," + button("c", "C");
  EXPECT_EQ(with_buttons(three), 0);
  EXPECT_EQ(with_buttons(three + "," + button("d", "D")), 131009);
  EXPECT_EQ(with_buttons(button("a", "twenty characters...")), 0);
  EXPECT_EQ(with_buttons(button("a", "twenty-one characters")), 131009);
  EXPECT_EQ(with_buttons(button("a", "A") + "," + button("b", "A")), 131009);
  EXPECT_EQ(with_buttons(button("a", "A") + "," + button("a", "B")), 131009);
  EXPECT_EQ(with_buttons(""), 131009);
  const auto asks_location = [&](const std::string& action) {
    return code(send(R"({"messaging_product":"whatsapp","to":"38163555010","type":"interactive",
        "interactive":{"type":"location_request_message","body":{"text":"?"},"action":{"name":")" +
                     action + R"("}}})"));
  };
  EXPECT_EQ(asks_location("send_location"), 0);
  EXPECT_EQ(asks_location("send"), 131009);
}

}  // namespace
}  // namespace resguardo::standin
