// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/whatsapp/files.h"

#include <boost/json/object.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/rules.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;
namespace {

constexpr int kMostPlaces = 3;  // that are asked for in one try
constexpr StaticText kNotTheFile = "what WhatsApp gave is not the file";

bool is_reference(std::string_view text) {
  return is_unreserved(text) && text.size() <= kMaxId && text != "." && text != "..";
}

bool is_meta_host(std::string_view host) {
  return host == "lookaside.fbsbx.com" || host.ends_with(".fbsbx.com") ||
         host.ends_with(".fbcdn.net");
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

class Fetch final : public FileFetch {
 public:
  Fetch(const Files& files, const FileTold& told, std::uint64_t most)
      : files_(files), reference_(told.reference), told_(told.sha256), most_(most) {
    // Nothing else says whether what lies there is the file.
    if (told_ && !told.url.empty()) place_ = Files::place_of(told.url, files.api_base());
  }

  FileCall next() override {
    FileCall call;
    if (place_) {
      call.base = place_->base;
      call.call = files_.call_of("GET", place_->path);
      call.gives_file = true;
      call.answer_limit = most_;
      return call;
    }
    ++asked_;
    call.call =
        files_.call_of("GET", "/" + reference_ + "?phone_number_id=" + files_.phone_number_id());
    return call;
  }

  FileOutcome take(const CallAnswer& answer) override {
    if (answer.status < 200 || answer.status >= 300) return refused(answer);
    const auto document = JsonDocument::parse(answer.body.view());
    const json::object* root = document.ok() ? document->root().if_object() : nullptr;
    if (root == nullptr || present(*root, "error")) return refused(answer);
    length_ = integer_at(*root, "file_size");
    if (length_.value_or(0) > most_) return {FileVerdict::kTooLarge, "a file is over the limit"};
    now_told_ = digest_told(text_at(*root, "sha256").value_or(""));
    place_ = Files::place_of(text_at(*root, "url").value_or(""), files_.api_base());
    if (place_) return {FileVerdict::kCall};
    return {FileVerdict::kAgain, "WhatsApp names a place for a file that is not Meta's"};
  }

  FileOutcome take_end(const CallAnswer& answer, const FileSeen& seen) override {
    place_.reset();
    if (answer.status == 200 && fits(seen)) return {FileVerdict::kWhole};
    if (answer.status == 429)
      return {FileVerdict::kPause, "a rate limit", std::chrono::milliseconds{60'000}};
    const bool no_answer = answer.status == 0 || answer.status >= 500;
    if (no_answer && asked_ > 0) return {FileVerdict::kAgain, "no usable answer about a file"};
    // The place holds for minutes only, and gives a page, or an error, when it does not.
    if (asked_ < kMostPlaces) return {FileVerdict::kCall};
    return {FileVerdict::kAgain, kNotTheFile};
  }

 private:
  bool fits(const FileSeen& seen) const {
    if (told_ && seen.sha256 != *told_) return false;
    if (now_told_ && seen.sha256 != *now_told_) return false;
    if (length_ && seen.length != *length_) return false;
    return told_ || now_told_ || length_;
  }

  // Only what can mean nothing else: whatever else is refused (a version of the API that has ended,
  // a permission) an operator can mend, and the file is still there then.
  static bool says_that_it_is_gone(const CallAnswer& answer) {
    if (answer.status == 404 || answer.status == 410) return true;
    const auto document = JsonDocument::parse(answer.body.view());
    const json::object* root = document.ok() ? document->root().if_object() : nullptr;
    const json::object* error = root == nullptr ? nullptr : object_at(*root, "error");
    if (error == nullptr) return false;
    const auto code = integer_at(*error, "code");
    return code == 131052 || (code == 100 && integer_at(*error, "error_subcode") == 33);
  }

  static FileOutcome refused(const CallAnswer& answer) {
    const SendOutcome why = outcome_of(answer);
    switch (why.verdict) {
      case SendVerdict::kSlowDown:
        return {FileVerdict::kPause, why.reason, why.wait};
      case SendVerdict::kStop:
        return {FileVerdict::kStop, why.reason};
      case SendVerdict::kDrop:
        if (says_that_it_is_gone(answer))
          return {FileVerdict::kGone, "WhatsApp does not have the file"};
        return {FileVerdict::kStop, "WhatsApp does not answer what it was asked about a file"};
      case SendVerdict::kSent:
      case SendVerdict::kRetry:
        break;
    }
    return {FileVerdict::kAgain, why.reason};
  }

  const Files& files_;
  std::string reference_;
  std::optional<Digest> told_;      // by the message
  std::optional<Digest> now_told_;  // by the answer to the first call
  std::optional<std::uint64_t> length_;
  std::uint64_t most_;
  std::optional<Files::Place> place_;
  int asked_ = 0;
};

}  // namespace

Files::Files(std::string phone_number_id, const SharedSecret& access_token, std::string api_base)
    : phone_number_id_(std::move(phone_number_id)),
      access_token_(access_token),
      api_base_(std::move(api_base)) {}

std::unique_ptr<FileFetch> Files::fetch(const FileTold& told, std::uint64_t most) const {
  if (!is_reference(told.reference)) return nullptr;
  return std::make_unique<Fetch>(*this, told, most);
}

std::optional<OutboundCall> Files::discard(std::string_view reference) const {
  if (!is_reference(reference)) return std::nullopt;
  return call_of("DELETE", std::string("/").append(reference));
}

OutboundCall Files::call_of(std::string method, std::string path) const {
  OutboundCall call;
  call.method = std::move(method);
  call.path = std::move(path);
  call.headers = {bearer_of(access_token_), {"user-agent", "Resguardo"}};
  return call;
}

std::optional<Files::Place> Files::place_of(std::string_view url, std::string_view api_base) {
  if (url.size() > kMaxUrl || !is_visible_ascii(url)) return std::nullopt;
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return std::nullopt;
  if (parsed->has_userinfo() || parsed->has_fragment() || !parsed->has_authority())
    return std::nullopt;
  const std::string host = lower_case(parsed->host());
  const bool plain_port = !parsed->has_port() || parsed->port() == "443";
  const bool metas = parsed->scheme() == "https" && plain_port && is_meta_host(host);
  const auto ours = boost::urls::parse_uri(api_base);
  const bool at_home =
      ours.has_value() && parsed->scheme() == ours->scheme() &&
      lower_case(parsed->encoded_host_and_port()) == lower_case(ours->encoded_host_and_port());
  if (!metas && !at_home) return std::nullopt;
  Place place;
  place.base.append(parsed->scheme())
      .append("://")
      .append(std::string_view(parsed->encoded_host_and_port()));
  place.path = parsed->encoded_target();
  if (!place.path.starts_with('/')) place.path.insert(0, "/");
  return place;
}

}  // namespace resguardo::gateway::whatsapp
