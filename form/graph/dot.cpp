// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/graph/dot.h"

#include <array>
#include <sstream>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/question_type.h"
#include "form/walk/random_walk.h"
#include "form/walk/return_walk.h"
#include "form/walk/stand.h"

namespace resguardo::form {
namespace {

using dialogue::ChannelKind;
using dialogue::CompiledNode;
using dialogue::kNoIndex;

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// The shortest depth that asks it: what is asked in every depth is white.
const char* colour_of(std::uint32_t modes) {
  static constexpr std::array<std::pair<pb::Mode, const char*>, 6> kColours = {
      {{pb::MODE_VOICE, "#cfe8cf"},
       {pb::MODE_QUICK, "#cfe0f5"},
       {pb::MODE_MINOR, "#f5e3cf"},
       {pb::MODE_GUIDED, "#f5f0c4"},
       {pb::MODE_STORY_FIRST, "#f5f0c4"},
       {pb::MODE_INTERVIEWER, "#e6d5ee"}}};
  if (modes == 0) return "#ffffff";
  for (const auto& [mode, colour] : kColours) {
    if ((modes & (1U << static_cast<unsigned>(mode))) != 0) return colour;
  }
  return "#ffffff";
}

class Drawing {
 public:
  Drawing(const dialogue::Form::Content& content, const Coverage& coverage)
      : content_(content), coverage_(coverage) {}

  std::string run() {
    text_ =
        "digraph form {\n  rankdir=TB; ranksep=0.25; labelloc=t; fontname=\"sans-serif\"; label=" +
        in_quotes(content_.form.id() + " " + content_.form.version() + legend()) +
        ";\n  node [fontname=\"sans-serif\", fontsize=10, style=filled];\n"
        "  edge [fontname=\"sans-serif\", fontsize=8];\n";
    for (std::size_t i = 0; i < content_.sections.size(); ++i) section(i);
    for (std::size_t i = 0; i < content_.nodes.size(); ++i) edges(i);
    return text_ + "}\n";
  }

 private:
  std::string legend() const {
    std::string legend =
        "\nwhite: every depth; green: voice; blue: quick; orange: minor; yellow: guided; violet: "
        "interviewer\ndashed: only under its condition (if); blue lines: where a choice leads";
    if (coverage_.walks > 0) {
      legend.append("\nthe number: how many of ").append(std::to_string(coverage_.walks));
      legend.append(" random conversations came there; red: none");
    }
    return legend;
  }
  // Under which condition it is asked, in lines that a box can hold.
  static std::string condition(const CompiledNode& node) {
    constexpr std::size_t kLine = 44;
    std::string lines;
    std::string line;
    std::istringstream words(node.source->relevant());
    for (std::string word; words >> word;) {
      if (!line.empty() && line.size() + word.size() >= kLine) {
        lines.append("\n").append(line);
        line.clear();
      }
      line.append(line.empty() ? "" : " ").append(word);
    }
    if (!line.empty()) lines.append("\n").append(line);
    return lines.empty() ? lines : "\nif" + lines.replace(0, 1, " ");
  }
  void section(std::size_t index) {
    const auto& section = content_.sections[index];
    text_ += "  subgraph " + in_quotes("cluster_" + section.source->id()) + " {\n    label=" +
             in_quotes(section.source->id() + (section.repeat == kNoIndex ? "" : " (repeats)")) +
             "; color=\"#888888\"" + (section.source->entry() ? "; style=dotted" : "") + ";\n";
    for (std::size_t i = 0; i < content_.nodes.size(); ++i) {
      if (content_.nodes[i].section == index) node(i);
    }
    text_ += "  }\n";
  }
  void node(std::size_t index) {
    const CompiledNode& node = content_.nodes[index];
    const auto& section = content_.sections[node.section];
    std::string label = node.source->id() + "\n" + std::string(node.type->name);
    if (node.source->sensitivity() > 0) {
      label += ", sensitivity " + std::to_string(node.source->sensitivity());
    }
    label += condition(node);
    const bool counted = coverage_.walks > 0;
    if (counted) label += "\n" + std::to_string(coverage_.seen[index]);
    const bool never = counted && coverage_.seen[index] == 0;
    const bool sometimes = !node.relevant.always() || !section.relevant.always();
    text_ +=
        "    " + in_quotes(node.source->id()) + " [label=" + in_quotes(label) +
        ", shape=" + (node.type->asks ? "box" : "note") + ", fillcolor=" +
        in_quotes(never ? "#ff9999" : colour_of(node.modes != 0 ? node.modes : section.modes)) +
        (sometimes ? ", style=\"filled,dashed\"" : "");
    if (!node.source->relevant().empty())
      text_ += ", tooltip=" + in_quotes(node.source->relevant());
    text_ += "];\n";
  }
  void edges(std::size_t index) {
    const CompiledNode& node = content_.nodes[index];
    const std::string from = "  " + in_quotes(node.source->id()) + " -> ";
    const auto lead = [&](std::size_t to, const std::string& style) {
      text_ += from + in_quotes(content_.nodes[to].source->id()) + " [" + style + "];\n";
    };
    for (const auto& choice : node.choices) {
      if (choice.goto_node == kNoIndex) continue;
      lead(choice.goto_node, "color=\"#3060a0\", label=" + in_quotes(choice.code));
    }
    if (node.after_goto != kNoIndex) lead(node.after_goto, "color=\"#3060a0\"");
    if (node.source->has_message() &&
        node.source->message().after() != pb::Message::AFTER_CONTINUE) {
      return;
    }
    for (std::size_t next = index + 1; next < content_.nodes.size(); ++next) {
      const auto there = content_.nodes[next].section;
      if (there != node.section && content_.sections[there].source->entry()) continue;
      return lead(next, "weight=10");
    }
  }

  const dialogue::Form::Content& content_;
  const Coverage& coverage_;
  std::string text_;
};

}  // namespace

Coverage coverage_of(std::shared_ptr<const dialogue::Form> form, std::size_t walks) {
  Coverage coverage{walks, std::vector<std::size_t>(form->content().nodes.size())};
  const Reads reads(form->content(), true);
  constexpr std::array<ChannelKind, 2> kChannels = {ChannelKind::kSignal, ChannelKind::kWhatsApp};
  for (std::size_t i = 0; i < kChannels.size(); ++i) {
    const Stage stage(form, kChannels[i]);
    Ways ways(stage, reads, Told::kEverything);
    for (std::size_t walk = i; walk < walks; walk += kChannels.size()) {
      const auto walked = random_walk(stage, ways, walk);
      for (std::size_t node = 0; node < walked.nodes.size(); ++node) {
        if (walked.nodes[node]) ++coverage.seen[node];
      }
    }
    // Nobody in the walks above has a receipt to come back with.
    const auto back = walk_return(stage, ways);
    const auto& content = form->content();
    for (std::size_t node = 0; node < back.size(); ++node) {
      const bool of_return =
          content.returning.open() &&
          content.nodes[node].section == content.nodes[content.returning.menu].section;
      if (of_return && back[node]) ++coverage.seen[node];
    }
  }
  return coverage;
}

std::string draw(const dialogue::Form::Content& content, const Coverage& coverage) {
  return Drawing(content, coverage).run();
}

}  // namespace resguardo::form
