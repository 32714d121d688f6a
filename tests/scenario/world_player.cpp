// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/scenario/world_player.h"

#include <algorithm>

namespace resguardo::testing_support {
namespace {

using namespace dialogue;

constexpr const char* kWhatsAppPerson = "15550104477";
constexpr const char* kSignalPerson = "5eede10c-0de5-4c0d-8e5a-4775550104aa";
constexpr std::size_t kBatch = 4;
constexpr int kLongestWay = 80;

// The prompt as it must be shown: the receipt's digits stand where the mark was.
bool shows(const std::string& shown, const std::string& prompt) {
  const auto mark = prompt.find(kReceiptMark);
  if (mark == std::string::npos) return shown == prompt;
  const std::string_view after = std::string_view(prompt).substr(mark + kReceiptMark.size());
  if (shown.size() <= prompt.size() - kReceiptMark.size() || !shown.ends_with(after)) return false;
  const auto digits = shown.substr(mark, shown.size() - mark - after.size());
  return shown.compare(0, mark, prompt, 0, mark) == 0 &&
         std::count_if(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }) ==
             24 &&
         digits.find_first_not_of("0123456789 ") == std::string::npos;
}

bool same_choices(const std::vector<ShownChoice>& shown, const std::vector<PromptChoice>& prompt) {
  return std::equal(shown.begin(), shown.end(), prompt.begin(), prompt.end(),
                    [](const ShownChoice& a, const PromptChoice& b) {
                      return a.id == b.id && a.title == b.title;
                    });
}

bool is_setting(const TranscriptLine& line) {
  return line.verb == "channel" || line.verb == "set" || line.verb == "only";
}

}  // namespace

WorldPlayer::~WorldPlayer() {
  world_.reset();  // before what it writes to
}

bool WorldPlayer::playable(const Transcript& transcript) {
  return std::none_of(
      transcript.lines.begin(), transcript.lines.end(), [](const TranscriptLine& line) {
        return line.verb == "only" || (line.verb == "channel" && line.rest == "plain");
      });
}

void WorldPlayer::fail(const std::string& what) {
  failures_.push_back("line " + std::to_string(line_) + ": " + what);
}

std::size_t WorldPlayer::sealed() const {
  std::size_t count = 0;
  for (const auto& report : ledger_.reports())
    count += open_report(report, world_->roster().analysts.front()).entries();
  return count;
}

std::vector<std::string> WorldPlayer::play(const Transcript& transcript) {
  begin(transcript);
  for (const auto& line : transcript.lines) next(line);
  return end(transcript);
}

std::vector<std::string> WorldPlayer::end(const Transcript& transcript) {
  deliver();
  close_account(transcript);
  return failures_;
}

// The operator's settings and the channel stand in the transcript; the rest happens in time.
void WorldPlayer::begin(const Transcript& transcript) {
  auto channel = gateway::Channel::kSignal;
  settings_ = settings_of_transcripts();
  for (const auto& line : transcript.lines) {
    if (line.verb == "set") apply_setting(line.rest, settings_);
    if (line.verb == "channel" && line.rest == "whatsapp") channel = gateway::Channel::kWhatsApp;
  }
  if (!as_written()) channel = gateway::Channel::kWhatsApp;
  WorldOptions options;
  options.settings = settings_;
  options.compiled = form_;
  options.wrap = [this](storage::Store& inner) -> storage::Store& {
    front_ = ledger_.listen_to(inner);
    return *front_;
  };
  world_ = std::make_unique<World>(options);
  phone_ = std::make_unique<Phone>(
      channel, channel == gateway::Channel::kSignal ? kSignalPerson : kWhatsAppPerson);
}

void WorldPlayer::next(const TranscriptLine& line) {
  line_ = line.number;
  if (is_setting(line)) return;
  if (auto said = said_in(line, twin_.prompt)) return act(std::move(*said));
  if (line.verb == "later") {
    deliver();
    world_->advance(std::chrono::minutes(std::stoi(line.rest)));
  } else if (line.verb == "restart") {
    deliver();
    world_->restart();
    posted_.clear();
    twin_.state = durable_part(world_->form(), twin_.state);
    awake_ = false;
    if (open_) told_[*open_].restarted();
  } else if (as_written() && !unsaid_) {
    expect(line);
  }
}

void WorldPlayer::act(Said said) {
  unsaid_ = !Phone::can_say(said);
  if (unsaid_) return;
  if (waiting_.empty()) world_->advance(std::chrono::seconds(5));
  step_twin(said);
  waiting_.push_back(std::move(said));
  if (as_written() || waiting_.size() == kBatch) deliver();
}

void WorldPlayer::step_twin(const Said& said) {
  const bool signal = phone_->channel() == gateway::Channel::kSignal;
  twin_ = advance(world_->form(), settings_, twin_.state, awake_,
                  signal ? ChannelKind::kSignal : ChannelKind::kWhatsApp, said, world_->now());
  awake_ = awake_ ||
           !Phone::changes_another(said);  // a change is silent: what faded is still to be asked
  if (twin_.prompt) due_.push_back(*twin_.prompt);
  note_change(said);
  note_told(twin_);
}

void WorldPlayer::note_change(const Said& said) {
  if (!Phone::changes_another(said)) {
    answered_ = std::ranges::any_of(
        twin_.given, [](const Given& one) { return one.kind == Given::Kind::kAnswer; });
  } else if (!answered_) {
    changed_ = Changed::kAnything;
  }
}

void WorldPlayer::note_told(const Step& step) {
  if (step.effect == Effect::kBeginReport) {
    open_ = told_.size();
    told_.emplace_back();
  }
  const bool close = step.effect == Effect::kCloseReport;
  if (!open_) {
    if (!step.given.empty()) fail("something would be sealed without consent");
    return;
  }
  ToldReport& report = told_[*open_];
  if (step.effect == Effect::kEraseReport) {
    report.fate = ToldReport::Fate::kErased;
  } else if (!step.given.empty() || close) {
    report.add(step.given, world_->now() - last_sealed_ >= std::chrono::minutes(30));
    last_sealed_ = world_->now();
  }
  if (close) report.fate = ToldReport::Fate::kClosed;
  if (step.effect == Effect::kLeave) report.fate = ToldReport::Fate::kLeft;
  if (report.fate != ToldReport::Fate::kOpen) open_.reset();
}

void WorldPlayer::deliver() {
  if (waiting_.empty()) return;
  open_before_ = world_->store().open_reports().value().size();
  reports_before_ = world_->store().reports().value().size();
  const std::string body = phone_->post(waiting_, world_->now());
  waiting_.clear();
  post(body);
  compare_replies();
  if (as_written()) return;
  post(body);
  if (!world_->replies(phone_->who()).empty()) fail("a delivery was answered twice");
  posted_.push_back(body);
}

void WorldPlayer::post(const std::string& body) {
  const bool signal = phone_->channel() == gateway::Channel::kSignal;
  const unsigned status = signal ? world_->post_signal(body) : world_->post_whatsapp(body);
  if (status / 100 != 2) fail("the webhook answered " + std::to_string(status));
}

void WorldPlayer::compare_replies() {
  shown_ = world_->replies(phone_->who());
  const auto due = std::exchange(due_, {});
  for (const Shown& shown : shown_)
    if (shown.text.find("CANARY") != std::string::npos) fail("the bot echoed a person's words");
  if (shown_.size() != due.size())
    return fail("the bot sent " + std::to_string(shown_.size()) + " messages, the engine " +
                std::to_string(due.size()));
  for (std::size_t i = 0; i < due.size(); ++i)
    if (!shows(shown_[i].text, due[i].text) || !same_choices(shown_[i].choices, due[i].choices))
      fail("instead of " + due[i].node + " the bot sent: " + shown_[i].text);
}

// Whoever is in the middle of a report goes to its end: what can be skipped is.
void WorldPlayer::finish_report() {
  std::string asked;
  for (int i = 0; open_ && i < kLongestWay; ++i) {
    const bool again = twin_.prompt && twin_.prompt->node == asked;
    asked = twin_.prompt ? twin_.prompt->node : std::string();
    std::string words = "skip";
    if (again && !twin_.prompt->choices.empty()) {
      const std::string& id = twin_.prompt->choices.front().id;
      words = id.substr(id.find(':') + 1);
    }
    act(Words{SecretText(words)});
    deliver();
  }
  if (open_) fail("the report does not come to an end");
}

}  // namespace resguardo::testing_support
