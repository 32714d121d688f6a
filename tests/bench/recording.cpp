// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/recording.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bot/gateway/registry.h"
#include "bot/intake/report_sealer.h"
#include "bot/intake/translate.h"
#include "tests/bench/walker.h"
#include "tests/support/must.h"

namespace resguardo::bench {
namespace {

using dialogue::ChannelKind;
using dialogue::Effect;
using dialogue::Said;
using dialogue::Step;
using gateway::Channel;
using testing_support::must;

constexpr std::uint64_t kSample = 99'999'999;  // a person that stands for everybody
constexpr std::string_view kReceipt = "1234 5678 9012 3456 7890 1234";
constexpr std::size_t kLongest = 150;  // moves: who goes round in circles is left out
constexpr std::string_view kAccountPrefix = "4b6e0f0c-52a1-4d8e-9d3b-";

SecretBytes secret(std::string_view text) {
  Bytes bytes = to_bytes(as_bytes(text));
  return must(SecretBytes::take(bytes));
}

std::vector<std::unique_ptr<gateway::Gateway>> make_messengers() {
  gateway::GatewaySettings settings;
  std::vector<SecretBytes> app;
  app.push_back(secret("app-secret-of-a-bench"));
  settings.whatsapp = gateway::whatsapp::Config{"700800900100200", std::move(app),
                                                secret("access-token"), secret("verify-token")};
  settings.signal = gateway::signal::Config{"+15550100000", secret("webhook-token-of-a-bench"),
                                            "bot", std::nullopt, 86'400};
  return must(gateway::make_gateways(std::move(settings)));
}

// What was said and how it goes over the wire.
Move move_of(const Said& said, const Step& shown) {
  Move move;
  if (const auto* words = std::get_if<dialogue::Words>(&said)) {
    move.text = std::string(words->text.reveal());
    return move;
  }
  const auto& tap = std::get<dialogue::Tap>(said);
  move.tap = true;
  move.id = tap.id;
  move.list = shown.prompt->choices.size() > 3;
  for (const auto& choice : shown.prompt->choices)
    if (choice.id == tap.id) move.text = std::string(choice.title);
  return move;
}

// Walks as the bot's intake does (bot/intake/turn.cpp).
class Recorder {
 public:
  Recorder(const dialogue::Form& form, const RecordingOptions& options)
      : form_(form),
        options_(options),
        walker_(form, options.seed, options.varied),
        messengers_(make_messengers()) {}

  // Nothing: it came to no receipt, or said what the bot answers by who else wrote.
  std::optional<Conversation> lead(Channel channel) {
    const auto kind = intake::channel_of(channel);
    walker_.begin(kind);
    Conversation told;
    told.channel = channel;
    Step last;
    std::uint64_t rows = 0;
    TimePoint now = options_.now;
    while (told.moves.size() < kLongest) {
      now += std::chrono::milliseconds(1);
      const Said said = walker_.next(last);
      Move move = move_of(said, last);
      Step step = advance(kind, std::move(last), said, now);
      if (step.tried_code != dialogue::TriedCode::kNone || step.wrong_word) return std::nullopt;
      if (step.effect == Effect::kBeginReport) told.begin = told.moves.size();
      if (!step.given.empty() && (rows > 0 || step.effect == Effect::kBeginReport)) ++rows;
      if (step.effect == Effect::kCloseReport) rows = intake::padded_row_count(rows + 1);
      move.rows = rows;
      move.effect = step.effect;
      move.reply = expected(step, channel);
      const bool closed = step.effect == Effect::kCloseReport;
      const bool ended = Walker::ended(step);
      last = keep(std::move(step), move);
      told.moves.push_back(std::move(move));
      if (closed) return told;
      if (ended) return std::nullopt;
    }
    return std::nullopt;
  }

  Conversation once(pb::ConversationState state, std::string_view words) const {
    Conversation told;
    Move move;
    move.text = std::string(words);
    const Said said = dialogue::Words{SecretText(words)};
    Step step = dialogue::advance(form_, settings_, std::move(state), false, ChannelKind::kWhatsApp,
                                  said, options_.now);
    move.effect = step.effect;
    move.rows = step.given.empty() ? 0 : 1;
    move.reply = expected(step, Channel::kWhatsApp);
    told.moves.push_back(std::move(move));
    return told;
  }

 private:
  Step advance(ChannelKind kind, Step last, const Said& said, TimePoint now) const {
    std::optional<bool> vanishes;
    if (kind == ChannelKind::kSignal) vanishes = true;
    Step step = dialogue::advance(form_, settings_, std::move(last.state), true,
                                  dialogue::Circumstances(kind, vanishes), said, now);
    if (!step.prompt) return step;
    step.state.set_owed_node(step.prompt->node);
    step.state.set_owed_accepted(false);
    return step;
  }

  Expected expected(const Step& step, Channel channel) const {
    if (!step.prompt) return {};
    const std::string address = address_of(channel, kSample);
    const auto reply = intake::reply_of(*step.prompt, kReceipt);
    for (const auto& messenger : messengers_) {
      if (messenger->channel() != channel) continue;
      gateway::Sender to;
      to.channel = channel;
      to.address = SecretText((channel == Channel::kWhatsApp ? "wa:" : "sg:") + address);
      const auto call = must(messenger->render(reply, to));
      const auto body = as_text(call.body.view());
      const bool receipt = step.prompt->text.find(dialogue::kReceiptMark) != std::string::npos;
      return {body, address, receipt ? kReceipt : std::string_view()};
    }
    throw std::runtime_error("no such messenger");
  }

  // The step as the next one needs it; a second one for who asked.
  Step keep(Step step, Move& move) const {
    if (!options_.keep_steps) return step;
    auto kept = std::make_shared<Step>();
    kept->state = step.state;
    kept->effect = step.effect;
    kept->given = std::exchange(step.given, {});
    move.step = std::move(kept);
    return step;
  }

  const dialogue::Form& form_;
  const RecordingOptions& options_;
  const dialogue::Settings settings_ = bot_settings();
  Walker walker_;
  std::vector<std::unique_ptr<gateway::Gateway>> messengers_;
};

}  // namespace

Expected::Expected(std::string_view body, std::string_view address, std::string_view receipt) {
  while (true) {
    const std::size_t to = body.find(address);
    const std::size_t digits = receipt.empty() ? std::string_view::npos : body.find(receipt);
    const std::size_t at = std::min(to, digits);
    Part part;
    part.text = std::string(body.substr(0, at));
    part.address_after = at == to && to != std::string_view::npos;
    part.receipt_after = at == digits && digits != std::string_view::npos;
    const bool more = part.address_after || part.receipt_after;
    body.remove_prefix(!more                ? body.size()
                       : part.address_after ? to + address.size()
                                            : digits + receipt.size());
    parts_.push_back(std::move(part));
    if (!more) return;
  }
}

bool Expected::matches(std::string_view body, std::string_view address) const {
  const auto eat = [&body](std::string_view text) {
    const bool there = body.starts_with(text);
    if (there) body.remove_prefix(text.size());
    return there;
  };
  for (const Part& part : parts_) {
    if (!eat(part.text)) return false;
    if (part.address_after && !eat(address)) return false;
    if (!part.receipt_after) continue;
    if (body.size() < kReceipt.size()) return false;
    const auto digits = body.substr(0, kReceipt.size());
    if (digits.find_first_not_of("0123456789 ") != std::string_view::npos) return false;
    body.remove_prefix(kReceipt.size());
  }
  return body.empty();
}

dialogue::Settings bot_settings() {
  dialogue::Settings settings;
  settings.organisation = "Demo";
  settings.media = true;
  settings.signal_link = "https://signal.me/#eu/demo";
  settings.retention = "5";
  settings.word_tag = [](std::string_view) { return std::string(16, 'w'); };
  settings.team_code = [](std::string_view) { return std::optional<std::string>(); };
  return settings;
}

Conversation answer_once(const dialogue::Form& form, pb::ConversationState state,
                         std::string_view words, TimePoint now) {
  RecordingOptions options;
  options.now = now;
  return Recorder(form, options).once(std::move(state), words);
}

Recording::Recording(const dialogue::Form& form, const RecordingOptions& options) {
  Recorder recorder(form, options);
  std::size_t tries = 4 * options.conversations + 16;
  for (std::size_t done = 0; done < options.conversations;) {
    if (tries-- == 0) throw std::runtime_error("the form's people come to no receipt");
    const Channel channel = done % 2 == 0 ? Channel::kWhatsApp : Channel::kSignal;
    auto told = recorder.lead(channel);
    if (!told) continue;
    (channel == Channel::kWhatsApp ? whatsapp_ : signal_).push_back(std::move(*told));
    ++done;
  }
}

std::string address_of(Channel channel, std::uint64_t person) {
  std::array<char, 64> text{};
  if (channel == Channel::kWhatsApp) {
    std::snprintf(text.data(), text.size(), "1555%08llu", static_cast<unsigned long long>(person));
  } else {
    std::snprintf(text.data(), text.size(), "4b6e0f0c-52a1-4d8e-9d3b-%012llx",
                  static_cast<unsigned long long>(person));
  }
  return text.data();
}

std::uint64_t person_in(Channel channel, std::string_view body) {
  const bool whatsapp = channel == Channel::kWhatsApp;
  const std::string_view mark = whatsapp ? R"("to":"+1555)" : kAccountPrefix;
  const std::size_t at = body.find(mark);
  std::uint64_t person = ~std::uint64_t{0};
  if (at == std::string_view::npos) return person;
  body.remove_prefix(at + mark.size());
  body = body.substr(0, whatsapp ? 8 : 12);
  std::from_chars(body.data(), body.data() + body.size(), person, whatsapp ? 10 : 16);
  return person;
}

}  // namespace resguardo::bench
