// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/graph_api.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "deploy/standin/wire.h"

namespace resguardo::standin {
namespace json = boost::json;
namespace {

constexpr unsigned kInvalidParameter = 131009;
constexpr std::string_view kFilePath = "/whatsapp_business/attachments/";

http::Response graph_error(unsigned status, unsigned code) {
  const json::object body({{"error",
                            {{"message", "(#" + std::to_string(code) + ") refused by the stand-in"},
                             {"type", "OAuthException"},
                             {"code", code},
                             {"error_subcode", 0},
                             {"fbtrace_id", "standin"}}}});
  return {status, "application/json", json::serialize(body)};
}

bool within(const std::string& text, std::size_t limit) {
  return !text.empty() && characters(text) <= limit;
}

// Reads action.buttons[] or the rows of action.sections[]; false: over a limit, or not whole.
bool read_buttons(const json::object& action, BotMessage& message) {
  const json::array* buttons = array_in(action, "buttons");
  if (buttons == nullptr || buttons->empty() || buttons->size() > 3) return false;
  std::set<std::string> seen;
  for (const json::value& item : *buttons) {
    const json::object* reply = item.is_object() ? object_in(item.get_object(), "reply") : nullptr;
    if (reply == nullptr) return false;
    Choice choice{text_in(*reply, "id"), text_in(*reply, "title"), ""};
    if (!within(choice.id, 256) || !within(choice.title, 20)) return false;
    if (!seen.insert(choice.title).second || !seen.insert("id " + choice.id).second) return false;
    message.choices.push_back(std::move(choice));
  }
  return characters(message.text) <= 1024;
}

bool read_rows(const json::object& action, BotMessage& message) {
  const json::array* sections = array_in(action, "sections");
  if (sections == nullptr || sections->size() != 1 || !sections->front().is_object()) return false;
  if (!within(text_in(action, "button"), 20)) return false;
  const json::array* rows = array_in(sections->front().get_object(), "rows");
  if (rows == nullptr || rows->empty() || rows->size() > 10) return false;
  for (const json::value& item : *rows) {
    if (!item.is_object()) return false;
    const json::object& row = item.get_object();
    Choice choice{text_in(row, "id"), text_in(row, "title"), text_in(row, "description")};
    if (!within(choice.id, 200) || !within(choice.title, 24)) return false;
    if (characters(choice.description) > 72) return false;
    message.choices.push_back(std::move(choice));
  }
  return characters(message.text) <= 4096;
}

bool read_interactive(const json::object& interactive, BotMessage& message) {
  const json::object* body = object_in(interactive, "body");
  const json::object* action = object_in(interactive, "action");
  if (body == nullptr || action == nullptr) return false;
  message.kind = text_in(interactive, "type");
  message.text = text_in(*body, "text");
  if (message.text.empty()) return false;
  if (message.kind == "location_request_message")
    return text_in(*action, "name") == "send_location" && characters(message.text) <= 1024;
  if (message.kind == "button") return read_buttons(*action, message);
  return message.kind == "list" && read_rows(*action, message);
}

bool read_message(const json::object& request, BotMessage& message) {
  if (text_in(request, "messaging_product") != "whatsapp") return false;
  const std::string to = text_in(request, "to");
  message.person = to.starts_with('+') ? to.substr(1) : to;
  if (message.person.empty()) message.person = text_in(request, "recipient");
  if (message.person.empty()) return false;
  if (const json::object* interactive = object_in(request, "interactive")) {
    return text_in(request, "type") == "interactive" && read_interactive(*interactive, message);
  }
  const json::object* text = object_in(request, "text");
  if (text == nullptr || text_in(request, "type") != "text") return false;
  message.kind = "text";
  message.text = text_in(*text, "body");
  return within(message.text, 4096);
}

// A person's message that is shown to them as read; nothing: another kind of call.
std::optional<std::string> read_by_bot(const http::Request& request) {
  boost::system::error_code failed;
  const json::value body = json::parse(as_text(request.body.view()), failed);
  if (failed || !body.is_object()) return std::nullopt;
  if (text_in(body.get_object(), "status") != "read") return std::nullopt;
  return text_in(body.get_object(), "message_id");
}

}  // namespace

http::Response GraphApi::answer(const http::Request& request) {
  const std::string path = "/" + settings_.phone_number_id + "/messages";
  const bool sends = request.method == "POST" && request.target.ends_with(path);
  if (header_of(request, "authorization") != "Bearer " + settings_.access_token) {
    return graph_error(401, 190);
  }
  if (request.method == "GET" &&
      request.target.ends_with("/" + settings_.phone_number_id + "?fields=id")) {
    const json::object number({{"id", settings_.phone_number_id}});
    return {200, "application/json", json::serialize(number)};
  }
  if (!sends) return file_call(request).value_or(graph_error(404, 100));
  if (const auto read = read_by_bot(request)) {
    mailbox_.record(json::serialize(json::object({{"read", *read}})));
    return {200, "application/json", R"({"success":true})"};
  }
  if (const auto code = failures_.take()) return graph_error(400, *code);
  return send(request);
}

// Step 1 names an address of step 2, which here is on this host too.
http::Response GraphApi::file_facts(const http::Request& request, const std::string& id) {
  const auto file = files_.find(Channel::kWhatsApp, id);
  if (!file) return graph_error(404, 100);
  const json::object facts(
      {{"messaging_product", "whatsapp"},
       {"url", "http://" + header_of(request, "host") + std::string(kFilePath) + id + "?mid=" + id},
       {"mime_type", file->mime},
       {"sha256", file->sha256},
       {"file_size", std::to_string(file->bytes->size())},
       {"id", id}});
  return {200, "application/json", json::serialize(facts)};
}

std::optional<http::Response> GraphApi::file_call(const http::Request& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string id = path.substr(path.rfind('/') + 1);
  if (path.starts_with(kFilePath)) {
    const auto file = files_.find(Channel::kWhatsApp, id);
    if (request.method != "GET" || !file) return http::Response{404, "text/html", "<html></html>"};
    return http::Response{200, file->mime, *file->bytes};
  }
  if (request.method == "DELETE") {
    if (!files_.remove(Channel::kWhatsApp, id)) return graph_error(404, 100);
    return http::Response{200, "application/json", R"({"success":true})"};
  }
  const std::string wanted = "?phone_number_id=" + settings_.phone_number_id;
  if (request.method != "GET" || !request.target.ends_with(wanted)) return std::nullopt;
  return file_facts(request, id);
}

http::Response GraphApi::send(const http::Request& request) {
  boost::system::error_code failed;
  const json::value body = json::parse(as_text(request.body.view()), failed);
  BotMessage message;
  message.channel = Channel::kWhatsApp;
  if (failed || !body.is_object() || !read_message(body.get_object(), message)) {
    mailbox_.record(R"({"refused":"a message that WhatsApp would not take"})");
    return graph_error(400, kInvalidParameter);
  }
  if (!mailbox_.has_written(Channel::kWhatsApp, message.person)) return graph_error(400, 131047);
  message.id = "wamid.SENT" + std::to_string(++sent_);
  mailbox_.deliver(message);
  const json::object answer(
      {{"messaging_product", "whatsapp"},
       {"contacts", json::array{{{"input", message.person}, {"wa_id", message.person}}}},
       {"messages", json::array{{{"id", message.id}, {"message_status", "accepted"}}}}});
  return {200, "application/json", json::serialize(answer)};
}

}  // namespace resguardo::standin
