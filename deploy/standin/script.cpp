// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/script.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <fstream>
#include <iterator>
#include <utility>

namespace resguardo::standin {
namespace json = boost::json;
namespace {

struct BadCommand {
  std::string why;
};

// The words of a line, taken from its front.
class Words {
 public:
  explicit Words(std::string line) : rest_(std::move(line)) {}

  bool done() const { return rest_.empty(); }
  std::string next(const char* what) {
    if (done()) throw BadCommand{std::string("wants ") + what};
    const std::size_t end = rest_.find(' ');
    const std::string word = rest_.substr(0, end);
    rest_ = end == std::string::npos ? "" : rest_.substr(end + 1);
    return word;
  }
  std::string next_or(const std::string& fallback) { return done() ? fallback : next(""); }
  // All that is left; a JSON string is read as one.
  std::string text() {
    if (!rest_.starts_with('"')) return std::exchange(rest_, "");
    boost::system::error_code failed;
    const json::value value = json::parse(rest_, failed);
    if (failed || !value.is_string()) throw BadCommand{"the text is not a whole JSON string"};
    rest_.clear();
    return std::string(value.get_string());
  }
  template <class Number>
  Number number(const char* what) {
    const std::string word = next(what);
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) {
      throw BadCommand{std::string("wants ") + what + ", not " + word};
    }
    return value;
  }
  Channel channel() {
    const auto channel = channel_of(next("whatsapp or signal"));
    if (!channel) throw BadCommand{"wants whatsapp or signal"};
    return *channel;
  }

 private:
  std::string rest_;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw BadCommand{"cannot read " + path};
  return {std::istreambuf_iterator<char>(in), {}};
}

class Player {
 public:
  explicit Player(Stage& stage) : stage_(stage) {}

  json::object play(std::string line) {
    Words words(std::move(line));
    std::string command = words.next("a command");
    const bool wait = command != "async";
    if (!wait) command = words.next("a command");
    if (command == "say" || command == "tap" || command == "pick" || command == "attach" ||
        command == "locate") {
      return act(command, words, wait);
    }
    if (command == "wait") return wait_for(words);
    if (command == "any") return anybody(words);
    if (command == "files") return files();
    if (command == "mishaps") return mishaps(words);
    if (command == "redeliver") return json::object({{"left", stage_.bot.redeliver()}});
    if (command == "heard") return json::object({{"heard", stage_.daemon.listened()}});
    if (command == "signal-daemon") {
      stage_.daemon.use(words.next("on or off") == "on");
      return {};
    }
    if (command == "hang-up") {
      stage_.daemon.cut_streams();
      return {};
    }
    if (command == "unread") return unread(words);
    if (command == "repeat") return post(words.channel(), last_body_, Proof::kGood);
    if (command == "post-raw") return post_raw(words);
    if (command == "handshake") return handshake(words);
    if (command == "fail") return fail(words);
    if (command == "shift") {
      stage_.postman.shift(words.number<std::int64_t>("seconds"));
      return {};
    }
    if (command == "blocked") return json::object({{"blocked", stage_.rest_api.blocked()}});
    throw BadCommand{"there is no such command; README.md lists them"};
  }

 private:
  std::chrono::milliseconds patience() const {
    return std::chrono::seconds{stage_.settings.patience_seconds};
  }

  json::object post(Channel channel, const std::string& body, Proof proof) {
    last_body_ = body;
    tell_delivered();
    const Posted posted = stage_.bot.post(channel, body, proof);
    return json::object({{"posted", posted.status}, {"ms", posted.took.count()}});
  }

  // Something a person does; then the bot's answer is waited for.
  json::object act(const std::string& command, Words& words, bool wait) {
    const Channel channel = words.channel();
    const std::string person = words.next("an address");
    const std::string body = body_of(command, channel, person, words);
    stage_.mailbox.wrote(channel, person);
    json::object result = post(channel, body, Proof::kGood);
    if (wait && result["posted"] == 200) add_reply(result, channel, person, patience());
    return result;
  }

  std::string body_of(const std::string& command, Channel channel, const std::string& person,
                      Words& words) {
    const std::uint32_t timer = stage_.mailbox.timer(person);
    if (command == "say") return stage_.postman.text(channel, person, words.text(), timer);
    if (command == "attach") {
      const std::string mime = words.next("a media type");
      const std::string bytes = words.done() ? "a file" : read_file(words.next("a file"));
      return stage_.postman.file(channel, person, stage_.files.put(channel, "", mime, bytes),
                                 timer);
    }
    if (command == "locate") {
      const auto latitude = words.number<double>("a latitude");
      const auto longitude = words.number<double>("a longitude");
      if (channel != Channel::kWhatsApp) throw BadCommand{"Signal has no locations"};
      return stage_.postman.location(person, latitude, longitude, words.text());
    }
    if (command == "pick" && channel == Channel::kSignal) {
      return stage_.postman.text(channel, person, words.next("a number"), timer);
    }
    return chosen(command, channel, person, words);
  }

  // `tap` names the choice by its id, `pick` by its place in what the bot offered last.
  std::string chosen(const std::string& command, Channel channel, const std::string& person,
                     Words& words) {
    if (channel != Channel::kWhatsApp) throw BadCommand{"Signal has no buttons: say or pick"};
    const auto offered = stage_.mailbox.offered(channel, person);
    if (!offered) throw BadCommand{"the bot has offered no choices yet"};
    if (command == "pick") {
      const auto place = words.number<std::size_t>("a number");
      if (place == 0 || place > offered->choices.size()) throw BadCommand{"no such choice"};
      return stage_.postman.tap(person, *offered, offered->choices[place - 1]);
    }
    const std::string id = words.next("a choice's id");
    const auto found = std::find_if(offered->choices.begin(), offered->choices.end(),
                                    [&](const Choice& choice) { return choice.id == id; });
    // An id that was never offered is sent all the same: the bot must bear it.
    return stage_.postman.tap(person, *offered,
                              found == offered->choices.end() ? Choice{id, id, ""} : *found);
  }

  void add_reply(json::object& result, Channel channel, const std::string& person,
                 std::chrono::milliseconds longest) {
    const auto reply = stage_.mailbox.read(channel, person, longest);
    result["reply"] = reply ? json::parse(to_json(*reply)) : json::value(nullptr);
  }

  json::object wait_for(Words& words) {
    const Channel channel = words.channel();
    const std::string person = words.next("an address");
    const auto longest =
        words.done()
            ? patience()
            : std::chrono::milliseconds(std::chrono::seconds(words.number<int>("seconds")));
    json::object result;
    add_reply(result, channel, person, longest);
    return result;
  }

  json::object anybody(Words& words) {
    const auto longest = std::chrono::milliseconds(words.number<int>("milliseconds"));
    const auto reply = stage_.mailbox.read_any(longest);
    tell_delivered();
    json::object result;
    result["reply"] = reply ? json::parse(to_json(*reply)) : json::value(nullptr);
    return result;
  }

  // What the bot sent over WhatsApp has reached its phones.
  void tell_delivered() {
    for (const BotMessage& message : stage_.mailbox.take_delivered())
      stage_.bot.post(Channel::kWhatsApp, stage_.postman.status(message, "delivered"),
                      Proof::kGood);
  }

  json::object files() {
    json::object left;
    for (const Channel channel : {Channel::kWhatsApp, Channel::kSignal})
      left[name_of(channel)] = stage_.files.left(channel).size();
    return json::object({{"files", left}});
  }

  json::object mishaps(Words& words) {
    if (!words.done()) {
      const auto percent = words.number<unsigned>("a percentage");
      const auto seed = words.number<std::uint32_t>("a seed");
      stage_.mishaps.begin(percent, seed, words.next_or("") == "limits");
    }
    json::object counts;
    for (const auto& [mishap, count] : stage_.mishaps.counts()) counts[name_of(mishap)] = count;
    return json::object({{"mishaps", counts}});
  }

  json::object unread(Words& words) {
    const Channel channel = words.channel();
    return json::object({{"unread", stage_.mailbox.unread(channel, words.next("an address"))}});
  }

  json::object post_raw(Words& words) {
    const Channel channel = words.channel();
    const std::string body = read_file(words.next("a file"));
    const auto proof = proof_of(words.next_or("good"));
    if (!proof) throw BadCommand{"wants good, wrong or none"};
    return post(channel, body, *proof);
  }

  json::object handshake(Words& words) {
    const auto proof = proof_of(words.next_or("good"));
    if (!proof) throw BadCommand{"wants good, wrong or none"};
    const Posted posted = stage_.bot.handshake("1158201444", *proof);
    return json::object({{"posted", posted.status}, {"body", posted.body}});
  }

  json::object fail(Words& words) {
    const Channel channel = words.channel();
    const auto code = words.number<unsigned>("an error code");
    const unsigned times = words.done() ? 1 : words.number<unsigned>("how often");
    (channel == Channel::kWhatsApp ? stage_.graph_api.failures() : stage_.signal.failures())
        .add(code, times);
    return {};
  }

  Stage& stage_;
  std::string last_body_;
};

}  // namespace

void play_script(Stage& stage, std::istream& in, std::ostream& out) {
  Player player(stage);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line == "quit") return;
    json::object result;
    try {
      result = player.play(line);
      result["ok"] = true;
    } catch (const BadCommand& bad) {
      result = json::object({{"ok", false}, {"error", bad.why}});
    }
    out << json::serialize(result) << '\n' << std::flush;
  }
}

}  // namespace resguardo::standin
