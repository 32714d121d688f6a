// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The stand-in messenger: what WhatsApp's Graph API and signal-cli-rest-api look like from the
// bot's side, for demonstrations and tests on one machine. It links nothing of bot/gateway, so
// that the two understandings of the messengers check each other.
//
// WARNING: keeps secrets and messages in ordinary memory; never for real people.
namespace resguardo::standin {

enum class Channel : std::uint8_t { kWhatsApp, kSignal };
std::string_view name_of(Channel channel);
std::optional<Channel> channel_of(std::string_view name);

struct Choice {
  std::string id;
  std::string title;
  std::string description;
};

// Something the bot sent to a person.
struct BotMessage {
  Channel channel = Channel::kWhatsApp;
  std::string person;  // as the person's address is written in commands
  std::string kind;    // text, button, list
  std::string text;
  std::vector<Choice> choices;
  std::string id;
};
std::string to_json(const BotMessage& message);

// How a post to the bot shows who sent it.
enum class Proof : std::uint8_t { kGood, kWrong, kNone };
std::optional<Proof> proof_of(std::string_view name);

struct Settings {
  std::string bot_public = "http://127.0.0.1:8080";
  std::string bot_gateway = "http://127.0.0.1:8081";
  std::string ca_file;
  std::string graph_listen = "127.0.0.1:0";
  std::string signal_listen = "127.0.0.1:0";
  std::string phone_number_id = "700800900100200";
  std::string account = "+15550100000";
  std::string basic_user = "bot";
  std::string app_secret;
  std::string access_token;
  std::string verify_token;
  std::string webhook_token;
  std::string basic_secret;  // empty: the webhook token
  std::string record_file;   // empty: nothing is recorded
  bool daemon = false;       // Signal is signal-cli's own daemon: what comes in is a stream
  std::string files_folder;  // where the daemon has files, in the clear; empty: nobody shares it
  unsigned patience_seconds = 10;
};

}  // namespace resguardo::standin
