// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/gateway/describe.h"

#include <sstream>

namespace resguardo::gateway::testing_support {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x20) {
      result += "\\x" + to_hex(ByteView(&byte, 1));
    } else {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + '"';
}

class Line {
 public:
  explicit Line(std::string_view kind) { out_ << kind; }
  Line& word(std::string_view key, std::string_view value) {
    if (!value.empty()) out_ << ' ' << key << '=' << value;
    return *this;
  }
  Line& text(std::string_view key, const SecretText& value) {
    if (!value.empty()) out_ << ' ' << key << '=' << quoted(value.reveal());
    return *this;
  }
  Line& flag(std::string_view key, bool on) {
    if (on) out_ << ' ' << key;
    return *this;
  }
  template <class Number>
  Line& number(std::string_view key, Number value) {
    out_ << ' ' << key << '=' << value;
    return *this;
  }
  std::string str() const { return out_.str(); }

 private:
  std::ostringstream out_;
};

struct Kind {
  std::string_view operator()(const Text&) const { return "text"; }
  std::string_view operator()(const Choice&) const { return "choice"; }
  std::string_view operator()(const Media&) const { return "media"; }
  std::string_view operator()(const Location&) const { return "location"; }
  std::string_view operator()(const Edit&) const { return "edit"; }
  std::string_view operator()(const Retract&) const { return "retract"; }
  std::string_view operator()(const Unsupported&) const { return "unsupported"; }
  std::string_view operator()(const IdentityChange&) const { return "identity-change"; }
  std::string_view operator()(const TimerChange&) const { return "timer-change"; }
};

struct Write {
  Line& line;
  void operator()(const Text& text) const {
    line.text("text", text.text);
    if (text.reply_to) line.text("reply_to", *text.reply_to);
  }
  void operator()(const Choice& choice) const { line.text("choice", SecretText(choice.id)); }
  void operator()(const Media& media) const {
    line.text("ref", media.reference).text("mime", SecretText(media.mime));
    if (media.size) line.number("size", *media.size);
    line.word("sha256", media.sha256)
        .text("url", SecretText(media.url))
        .text("caption", media.caption)
        .text("file", media.file_name)
        .flag("voice", media.voice)
        .flag("forwarded", media.forwarded);
  }
  void operator()(const Location& place) const {
    line.number("lat", place.latitude).number("lon", place.longitude).text("name", place.name);
  }
  void operator()(const Edit& edit) const {
    line.text("target", edit.target_id).text("text", edit.text);
  }
  void operator()(const Retract& retract) const { line.text("target", retract.target_id); }
  void operator()(const Unsupported& what) const {
    line.text("what", SecretText(what.what.view()));
  }
  void operator()(const IdentityChange&) const {}
  void operator()(const TimerChange&) const {}
};

}  // namespace

std::string describe(const InboundEvent& event) {
  Line line(std::visit(Kind{}, event.content()));
  line.word("from", event.sender().address.reveal());
  if (event.sender().also_known) line.word("also", event.sender().also_known->reveal());
  line.word("id", event.message_id().reveal());
  line.number("at", event.sent().time_since_epoch().count());
  if (event.expires_in()) line.number("expires", *event.expires_in());
  std::visit(Write{line}, event.content());
  return line.str();
}

std::string describe(const SentStatus& status) {
  Line line("status");
  line.word("id", status.our_id.reveal()).flag("arrived", status.arrived);
  if (!status.arrived) line.text("failed", SecretText(status.reason.view()));
  return line.str();
}

std::string describe_counts(const Delivery& delivery) {
  std::ostringstream out;
  out << "ignored=" << delivery.ignored << " refused=" << delivery.refused
      << " stale=" << delivery.stale;
  return out.str();
}

}  // namespace resguardo::gateway::testing_support
