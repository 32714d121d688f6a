// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/chat/picture.h"

#include <algorithm>

#include "form/chat/wrap.h"
#include "program/print/html.h"

namespace resguardo::form {
namespace {

using dialogue::ChannelKind;

constexpr int kWidth = 400, kMargin = 12, kInside = 10, kFont = 14, kLine = 19, kSmall = 12;
constexpr int kMostText = 290;  // pixels of a bubble's text
constexpr int kButton = 34, kGap = 8, kRound = 12;

struct Colours {
  const char *paper, *person, *on_person, *bot, *button;
};
Colours colours_of(ChannelKind channel) {
  if (channel == ChannelKind::kWhatsApp)
    return {"#efe7dd", "#d9fdd3", "#111111", "#ffffff", "#007a65"};
  return {"#ffffff", "#2c6bed", "#ffffff", "#e9e9e9", "#2c6bed"};
}

std::string attribute(const char* name, int value) {
  return std::string(" ") + name + "=\"" + std::to_string(value) + "\"";
}
std::string attribute(const char* name, std::string_view value) {
  return std::string(" ").append(name).append("=\"").append(value).append("\"");
}

int pixels(std::string_view text, int font) {
  return (width_of(text) * font + 99) / 100;
}
int widest(const std::vector<std::string>& lines, int font) {
  int width = 0;
  for (const auto& line : lines) width = std::max(width, pixels(line, font));
  return width;
}

class Picture {
 public:
  explicit Picture(ChannelKind channel) : colours_(colours_of(channel)) {}

  void add(const Bubble& bubble) {
    if (bubble.who == Bubble::Who::kNobody) return remark(bubble.shown.text);
    if (bubble.taken_back) return taken_back();
    const bool person = bubble.who == Bubble::Who::kPerson;
    const auto lines = wrap(bubble.shown.text, kMostText * 100 / kFont);
    int width = widest(lines, kFont) + 2 * kInside;
    const bool more = !bubble.shown.buttons.empty() || !bubble.shown.rows.empty();
    if (more) width = kMostText + 2 * kInside;
    const int height = static_cast<int>(lines.size()) * kLine + 2 * kInside - 4;
    const int left = person ? kWidth - kMargin - width : kMargin;
    box(left, width, height, person ? colours_.person : colours_.bot, {});
    text(left + kInside, y_ + kInside + kFont - 2, lines, person ? colours_.on_person : "#111111",
         kFont);
    y_ += height;
    for (const auto& title : bubble.shown.buttons) button(left, width, title);
    if (!bubble.shown.rows.empty()) list(left, width, bubble.shown);
    y_ += kGap;
  }

  std::string whole() && {
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
    svg += attribute("width", kWidth) + attribute("height", y_ + kMargin - kGap);
    svg += attribute("font-family", "Roboto, Helvetica, Arial, sans-serif") + ">\n<rect";
    svg += attribute("width", "100%") + attribute("height", "100%");
    svg += attribute("fill", colours_.paper) + "/>\n";
    return svg + body_ + "</svg>\n";
  }

 private:
  void box(int left, int width, int height, std::string_view fill, std::string_view more) {
    body_ += "<rect" + attribute("x", left) + attribute("y", y_) + attribute("width", width) +
             attribute("height", height) + attribute("rx", kRound) + attribute("fill", fill);
    body_.append(more).append("/>\n");
  }
  void text(int left, int baseline, const std::vector<std::string>& lines, std::string_view fill,
            int font) {
    for (const auto& line : lines) {
      if (!line.empty()) {
        body_ += "<text" + attribute("x", left) + attribute("y", baseline) +
                 attribute("font-size", font) + attribute("fill", fill) + ">" +
                 program::html_escaped(line) + "</text>\n";
      }
      baseline += kLine;
    }
  }
  void centred(int middle, int baseline, std::string_view words, std::string_view fill, int font) {
    body_ += "<text" + attribute("x", middle) + attribute("y", baseline) +
             attribute("font-size", font) + attribute("fill", fill) +
             attribute("text-anchor", "middle") + ">" + program::html_escaped(words) + "</text>\n";
  }
  void remark(const std::string& words) {
    centred(kWidth / 2, y_ + kFont, words, "#666666", kSmall);
    y_ += kLine + kGap;
  }
  // Both telephones show that something was there.
  void taken_back() {
    constexpr int kPlace = 44;
    box(kMargin, kPlace, kLine + 4, "none",
        attribute("stroke", "#999999") + attribute("stroke-dasharray", "3 3"));
    centred(kMargin + kPlace / 2, y_ + kFont + 2, "∅", "#999999", kSmall);
    y_ += kLine + 4 + kGap;
  }
  void button(int left, int width, const std::string& title) {
    y_ += 3;
    box(left, width, kButton, colours_.bot, {});
    centred(left + width / 2, y_ + 22, title, colours_.button, kFont);
    y_ += kButton;
  }
  // The button that opens the list, and the list as it opens.
  void list(int left, int width, const Shown& shown) {
    button(left, width, "≡ " + shown.list_button);
    y_ += 3;
    std::vector<std::vector<std::string>> described;
    int height = kInside;
    for (const auto& row : shown.rows) {
      described.push_back(row.description.empty()
                              ? std::vector<std::string>()
                              : wrap(row.description, (kMostText - 24) * 100 / kSmall));
      height += kLine + static_cast<int>(described.back().size()) * (kLine - 3) + 7;
    }
    box(left, width, height, "#fbfbfb", attribute("stroke", "#cccccc"));
    int at = y_ + kInside + kFont - 2;
    for (std::size_t i = 0; i < shown.rows.size(); ++i) {
      text(left + kInside, at, {"○ " + shown.rows[i].title}, "#111111", kFont);
      at += kLine;
      for (const auto& line : described[i]) {
        text(left + kInside + 18, at - 3, {line}, "#666666", kSmall);
        at += kLine - 3;
      }
      at += 7;
    }
    y_ += height;
  }

  Colours colours_;
  int y_ = kMargin;
  std::string body_;
};

}  // namespace

std::string picture_of(const std::vector<Bubble>& bubbles, ChannelKind channel) {
  Picture picture(channel);
  for (const Bubble& bubble : bubbles) picture.add(bubble);
  return std::move(picture).whole();
}

}  // namespace resguardo::form
