// SPDX-License-Identifier: AGPL-3.0-or-later
// What each messenger is asked, played from cases/calls/: one wish, and its request in WhatsApp's
// API, in signal-cli-rest-api's and in signal-cli's own.
//   text: TEXT                          a reply (\n: a new line)
//   choice: ID | TITLE [| DESCRIPTION]  its choices, in order
//   multiple: yes | location: yes       several may be picked | a place is asked for
//   list_hint: TEXT                     as in Reply
//   do: timer | forget | subscribe | probe | list | unsend ID | read ID | discard REFERENCE
//   to: whatsapp|signal ADDRESS [ALSO]  to whom (default: a number; an account that tells its
//   number) whatsapp|signal|signal_daemon: METHOD PATH [BODY]
//                                       or "refused", or "nothing" where there is no such call
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "bot/gateway/whatsapp/whatsapp.h"
#include "tests/bot/gateway/harness.h"
#include "tests/support/paths.h"

namespace resguardo::gateway::testing_support {
namespace {

struct CallCase {
  std::filesystem::path file;
  friend void PrintTo(const CallCase& one, std::ostream* out) { *out << one.file.filename(); }
};

std::vector<CallCase> call_cases() {
  std::vector<CallCase> found;
  const auto root = resguardo::testing_support::source_dir() / "tests/bot/gateway/cases/calls";
  for (const auto& entry : std::filesystem::directory_iterator(root))
    if (entry.path().extension() == ".case") found.push_back({entry.path()});
  std::sort(found.begin(), found.end(),
            [](const CallCase& a, const CallCase& b) { return a.file < b.file; });
  return found;
}

struct Wish {
  Reply said = reply("");
  std::string what = "reply";
  std::string which;
  std::map<std::string, Sender> people;
  std::map<std::string, std::string> wanted;
};

std::string lines_broken(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_break = text.compare(at, 2, "\\n") == 0;
    result += is_break ? '\n' : text[at];
    at += is_break ? 1U : 0U;
  }
  return result;
}

ReplyChoice choice_of(const std::string& text) {
  const auto first = text.find(" | ");
  if (first == std::string::npos) throw std::runtime_error("choice: " + text);
  const auto second = text.find(" | ", first + 3);
  const bool described = second != std::string::npos;
  return choice(text.substr(0, first), text.substr(first + 3, second - (first + 3)),
                described ? text.substr(second + 3) : "");
}

void put_person(Wish& wish, const std::string& text) {
  std::istringstream words(text);
  std::string messenger;
  std::string address;
  std::string also;
  words >> messenger >> address >> also;
  const Channel channel = messenger == "signal" ? Channel::kSignal : Channel::kWhatsApp;
  wish.people[messenger] = to(channel, address, also);
}

void put_line(Wish& wish, const std::string& key, const std::string& value) {
  if (key == "text") {
    wish.said.text = SecretText(lines_broken(value));
  } else if (key == "choice") {
    wish.said.choices.push_back(choice_of(value));
  } else if (key == "multiple") {
    wish.said.multiple = true;
  } else if (key == "location") {
    wish.said.asks_location = true;
  } else if (key == "list_hint") {
    wish.said.list_hint = value;
  } else if (key == "do") {
    const auto space = value.find(' ');
    wish.what = value.substr(0, space);
    wish.which = space == std::string::npos ? "" : value.substr(space + 1);
  } else if (key == "to") {
    put_person(wish, value);
  } else if (key == "whatsapp" || key == "signal" || key == "signal_daemon") {
    wish.wanted[key] = value;
  } else {
    throw std::runtime_error("unknown key " + key);
  }
}

// Throws on a file that is not of this form.
Wish wish_in(const std::filesystem::path& file) {
  Wish wish;
  put_person(wish, "whatsapp wa:38163555010");
  put_person(wish, "signal sg:4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301 sg:+38163555010");
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error(file.string() + ": " + line);
    put_line(wish, line.substr(0, colon), line.substr(colon + 2));
  }
  if (wish.wanted.size() != 3) throw std::runtime_error(file.string() + " needs all three");
  return wish;
}

std::unique_ptr<Gateway> asked(const std::string& name) {
  if (name == "signal_daemon") return make_signal_daemon();
  if (name == "signal") return make_gateway(name);
  auto config = whatsapp_config();
  config.mark_as_read = true;
  return whatsapp::WhatsApp::create(std::move(config)).value();
}

// nullopt: there is no such call.
std::optional<OutboundCall> errand(const Gateway& gateway, const Wish& wish, const Sender& person) {
  if (wish.what == "timer") return gateway.set_timer(person);
  if (wish.what == "forget") return gateway.forget_contact(person);
  if (wish.what == "subscribe") return gateway.subscribe();
  if (wish.what == "probe") return gateway.probe();
  if (wish.what == "list") return gateway.files()->list();
  if (wish.what == "unsend") return gateway.unsend(person, SecretText(wish.which));
  if (wish.what == "read") return gateway.mark_read(SecretText(wish.which));
  if (wish.what == "discard") return gateway.files()->discard(wish.which);
  throw std::runtime_error("do: " + wish.what);
}

// JSON in one form, so that only what it says counts.
std::string in_one_form(const std::string& call) {
  const auto body = call.find(" {");
  if (body == std::string::npos) return call;
  boost::json::value value = boost::json::parse(call.substr(body + 1));
  std::map<std::string, std::string> sorted;
  for (const auto& [key, inner] : value.as_object())
    sorted[std::string(key)] = boost::json::serialize(inner);
  std::string result = call.substr(0, body);
  for (const auto& [key, inner] : sorted)
    result.append("\n ").append(key).append(" ").append(inner);
  return result;
}

std::string call_line(const OutboundCall& call) {
  const std::string line = call.method + " " + call.path;
  return call.body.empty() ? line : line + " " + body_of(call);
}

void expect_headers(const std::string& name, const OutboundCall& call) {
  std::map<std::string, std::string> headers;
  for (const auto& header : call.headers) headers[header.name] = header.value;
  EXPECT_EQ(headers["authorization"], name == "whatsapp" ? "Bearer EAAB-access-token" : "");
  EXPECT_EQ(headers["content-type"], call.body.empty() ? "" : "application/json");
}

class CallCaseTest : public ::testing::TestWithParam<CallCase> {};

TEST_P(CallCaseTest, IsAskedAsTheFileSays) {
  const Wish wish = wish_in(GetParam().file);
  for (const auto& [name, wanted] : wish.wanted) {
    const auto gateway = asked(name);
    const Sender& person = wish.people.at(name == "whatsapp" ? name : "signal");
    if (wish.what == "reply") {
      const auto call = gateway->render(wish.said, person);
      EXPECT_EQ(call.ok() ? in_one_form(call_line(*call)) : "refused", in_one_form(wanted)) << name;
      if (call.ok()) expect_headers(name, *call);
    } else {
      const auto call = errand(*gateway, wish, person);
      EXPECT_EQ(call ? in_one_form(call_line(*call)) : "nothing", in_one_form(wanted)) << name;
      if (call) expect_headers(name, *call);
    }
  }
}

std::string call_case_name(const ::testing::TestParamInfo<CallCase>& one) {
  return one.param.file.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Cases, CallCaseTest, ::testing::ValuesIn(call_cases()), call_case_name);

}  // namespace
}  // namespace resguardo::gateway::testing_support
