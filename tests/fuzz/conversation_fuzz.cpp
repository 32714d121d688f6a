// SPDX-License-Identifier: AGPL-3.0-or-later
// A person who says anything, to the whole bot: engine, store, sealing, bundle. The bytes choose
// what is said next, so that every input is a conversation; WorldPlayer says what must hold of
// each. Quicker with TMPDIR in memory.
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/fuzz/require.h"
#include "tests/scenario/world_player.h"

namespace {

using namespace resguardo;
using namespace resguardo::testing_support;
using fuzzing::require;

constexpr std::size_t kMostActs = 60;
constexpr unsigned kLongestPause = 70;  // minutes: past a segment's, short of what ends a report
// The first ones lead through the consent, in English: make_corpus.py knows their places.
constexpr std::array kWords = {"hello",
                               "english",
                               "yes",
                               "only i use it",
                               "to me",
                               "adult",
                               "i understand",
                               "yes to all",
                               "never",
                               "hola",
                               "1",
                               "2",
                               "3",
                               "1 2",
                               "0",
                               "si",
                               "no",
                               "no se",
                               "skip",
                               "saltar",
                               "done",
                               "listo",
                               "back",
                               "atras",
                               "idioma",
                               "why",
                               "ayuda",
                               "menu",
                               "pausa",
                               "rapido",
                               "guiado",
                               "cambiar",
                               "ok",
                               "salud",
                               "exit",
                               "salir",
                               "borrar",
                               "limon",
                               "todo",
                               "15",
                               "15/03/2025",
                               "ayer",
                               "tarjeta",
                               "para mi"};

class Bytewise {
 public:
  explicit Bytewise(ByteView bytes) : bytes_(bytes) {}
  bool done() const { return at_ >= bytes_.size(); }
  unsigned next() { return done() ? 0 : bytes_[at_++]; }

  // Text that a messenger can carry: each byte one character, the odd ones odd characters.
  std::string text(std::size_t length) {
    static constexpr std::array kOdd = {"\n", "ñ",      "😀",     "\u202e", "\u200b", "\"",
                                        "\\", "\u0301", "\x7f",   "é",      "٣",      "\t",
                                        "&",  "<",      "\u2028", "\u00a0"};
    std::string text = "CANARY ";
    for (; length > 0; --length) {
      const unsigned byte = next();
      if (byte >= ' ' && byte < 0x7f) {
        text += static_cast<char>(byte);
      } else {
        text += kOdd[byte % kOdd.size()];
      }
    }
    return text;
  }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
};

TranscriptLine pressed(const WorldPlayer& player, gateway::Channel channel, unsigned which) {
  TranscriptLine line;
  const auto& prompt = player.asked();
  if (!prompt || prompt->choices.empty()) {
    line.verb = ">";
    line.rest = kWords[which % kWords.size()];
  } else if (channel == gateway::Channel::kSignal) {
    line.verb = ">";
    line.rest = std::to_string(which % prompt->choices.size() + 1);
  } else {
    const std::string& id = prompt->choices[which % prompt->choices.size()].id;
    line.verb = "tap";
    line.rest = id.substr(id.find(':') + 1);
  }
  return line;
}

TranscriptLine next_line(const WorldPlayer& player, gateway::Channel channel, Bytewise& input) {
  const unsigned what = input.next();
  const unsigned which = input.next();
  const auto line = [](const char* verb, std::string rest) {
    TranscriptLine made;
    made.verb = verb;
    made.rest = std::move(rest);
    return made;
  };
  const bool buttons = channel == gateway::Channel::kWhatsApp;  // and places
  switch (what % 16) {
    case 8:
      return line(">", input.text(which % 48));
    case 9:
      return line(">", "CANARY " + std::string(which * std::size_t{24}, 'x'));
    case 10:
      return line("edit", input.text(which % 16));
    case 11:
      return line("unsend", "");
    case 12:
      return line(which % 2 == 0 ? "voice" : "file", which % 3 == 0 ? "" : input.text(which % 8));
    case 13:
      return !buttons || which % 2 == 0
                 ? line("sticker", "")
                 : line("pin", std::to_string(which % 90) + " -106.4 CANARY puente");
    case 14:
      return line("later", std::to_string(which % kLongestPause));
    case 15:
      return which % 4 == 0 ? line("restart", "")
                            : line(buttons ? "tap-raw" : ">", input.text(which % 8));
    case 5:
    case 6:
    case 7:
      return line(">", kWords[which % kWords.size()]);
    default:
      return pressed(player, channel, which);
  }
}

const std::shared_ptr<const dialogue::Form>& short_form() {
  static const auto compiled = [] {
    std::ifstream file(source_dir() / "proto/forms/border_abuse_short.txtpb");
    std::stringstream source;
    source << file.rdbuf();
    std::vector<dialogue::FormProblem> problems;
    return *dialogue::Form::compile(as_bytes(source.str()), problems);
  }();
  return compiled;
}

// The operator's choices, and which messenger.
Transcript around(unsigned chosen) {
  Transcript transcript{"fuzzed", {}};
  const auto add = [&transcript](const char* verb, const char* rest) {
    transcript.lines.push_back({0, verb, rest});
  };
  if ((chosen & 1U) != 0) add("channel", "whatsapp");
  if ((chosen & 2U) != 0) add("set", "cover es Hay sol.");
  if ((chosen & 4U) != 0) add("set", "panic_words limon");
  if ((chosen & 8U) != 0) add("set", "start_words hola, hello");
  return transcript;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  Bytewise input({data, size});
  const unsigned chosen = input.next();
  Transcript transcript = around(chosen);
  const auto delivery = (chosen & 16U) != 0 ? WorldPlayer::Delivery::kBatchedTwiceAndLate
                                            : WorldPlayer::Delivery::kAsWritten;
  WorldPlayer player(delivery, short_form());
  player.begin(transcript);
  for (std::size_t act = 1; !input.done() && act <= kMostActs; ++act) {
    TranscriptLine line = next_line(player, player.phone().channel(), input);
    line.number = act;
    player.next(line);
    transcript.lines.push_back(std::move(line));
  }
  const auto failures = player.end(transcript);
  for (const auto& failure : failures) std::fprintf(stderr, "%s\n", failure.c_str());
  if (!failures.empty())
    for (const auto& line : transcript.lines)
      std::fprintf(stderr, "%zu: %s %s\n", line.number, line.verb.c_str(), line.rest.c_str());
  require(failures.empty());
  return 0;
}
