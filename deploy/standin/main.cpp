// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>

#include "deploy/standin/chat.h"
#include "deploy/standin/server.h"
#include "program/command_line.h"
#include "program/start.h"

namespace {

using namespace resguardo;
using namespace resguardo::standin;
using program::ExitCode;

struct SecretFiles {
  std::string app_secret;
  std::string access_token;
  std::string verify_token;
  std::string webhook_token;
  std::string basic_secret;
};

struct Options {
  Settings settings;
  SecretFiles files;
  std::string channel = "whatsapp";
  std::string person = "38163555010";
};

void add_options(CLI::App& app, Options& options) {
  Settings& set = options.settings;
  app.set_config("--config", "", "Read these options from a file: name = \"value\"");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.add_option("--bot-public", set.bot_public, "The bot's public listener");
  app.add_option("--bot-gateway", set.bot_gateway, "The bot's gateway listener");
  app.add_option("--ca-file", set.ca_file, "Trust this certificate authority for https");
  app.add_option("--graph-listen", set.graph_listen, "Where to play WhatsApp's Graph API");
  app.add_option("--signal-listen", set.signal_listen, "Where to play signal-cli-rest-api");
  app.add_option("--phone-number-id", set.phone_number_id, "[whatsapp] phone_number_id");
  app.add_option("--account", set.account, "[signal] account");
  app.add_option("--basic-user", set.basic_user, "User of the Signal webhook");
  app.add_option("--app-secret-file", options.files.app_secret, "Signs WhatsApp posts");
  app.add_option("--access-token-file", options.files.access_token, "What the bot must show");
  app.add_option("--verify-token-file", options.files.verify_token, "For the handshake");
  app.add_option("--webhook-token-file", options.files.webhook_token, "[signal] webhook token");
  app.add_option("--basic-secret-file", options.files.basic_secret, "Default: the webhook token");
  app.add_flag("--signal-daemon", set.daemon, "Hand Signal messages over as signal-cli's daemon");
  app.add_option("--files-folder", set.files_folder, "Where that daemon has files, in the clear");
  app.add_option("--record", set.record_file, "Append all the bot sends, as lines of JSON");
  app.add_option("--patience", set.patience_seconds, "Seconds to wait for a reply");
}

// A secret's file without the line's end.
bool read_secret(const std::string& path, std::string& secret) {
  if (path.empty()) return true;
  std::ifstream in(path);
  if (std::getline(in, secret)) return true;
  std::cerr << "resguardo-standin: cannot read " << path << '\n';
  return false;
}

bool read_secrets(Options& options) {
  return read_secret(options.files.app_secret, options.settings.app_secret) &&
         read_secret(options.files.access_token, options.settings.access_token) &&
         read_secret(options.files.verify_token, options.settings.verify_token) &&
         read_secret(options.files.webhook_token, options.settings.webhook_token) &&
         read_secret(options.files.basic_secret, options.settings.basic_secret);
}

ExitCode failed(const Error& error) {
  std::cerr << "resguardo-standin: " << error.why.c_str() << '\n';
  return ExitCode::kFailed;
}

ExitCode run(Options& options, bool chat) {
  if (!read_secrets(options)) return ExitCode::kUsage;
  const auto channel = channel_of(options.channel);
  if (!channel) {
    std::cerr << "resguardo-standin: --channel is whatsapp or signal\n";
    return ExitCode::kUsage;
  }
  Mailbox mailbox(options.settings.record_file);
  FileShelf files(options.settings.files_folder);
  Mishaps mishaps;
  GraphApi graph_api(options.settings, mailbox, files);
  SignalAccount signal(options.settings, mailbox, files);
  RestApi rest_api(signal);
  DaemonApi daemon(signal);
  daemon.use(options.settings.daemon);
  Postman postman(options.settings);
  auto server = ApiServer::start(options.settings, {graph_api, rest_api, daemon, mishaps});
  if (!server.ok()) return failed(server.error());
  auto bot = BotLink::create(options.settings, rest_api, daemon, mishaps);
  if (!bot.ok()) return failed(bot.error());
  Stage stage{options.settings, mailbox, graph_api, signal, rest_api,
              daemon,           files,   mishaps,   *bot,   postman};
  if (chat) {
    play_chat(stage, *channel, options.person, std::cin, std::cout);
    return ExitCode::kDone;
  }
  const boost::json::object listening(
      {{"whatsapp", (*server)->graph_base()}, {"signal", (*server)->signal_base()}});
  std::cout << boost::json::serialize(boost::json::object({{"listening", listening}})) << std::endl;
  play_script(stage, std::cin, std::cout);
  return ExitCode::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  return program::run_program("resguardo-standin", [&] {
    CLI::App app{"Plays WhatsApp and Signal for the bot on this machine. Not for real people.",
                 "resguardo-standin"};
    Options options;
    add_options(app, options);
    auto* chat = app.add_subcommand("chat", "Be the reporter at this terminal");
    chat->add_option("--channel", options.channel, "whatsapp or signal");
    chat->add_option("--address", options.person, "Who you are: a number, user id or UUID");
    program::finish_commands(app, RESGUARDO_VERSION);
    if (const auto code = program::parse_command_line(app, argc, argv)) return *code;
    return run(options, chat->parsed());
  });
}
