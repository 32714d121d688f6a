// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace resguardo::config {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kWhole = R"(
[server]
listen = "0.0.0.0:443"
tls_certificate = "tls/chain.pem"
tls_key = "tls/key.pem"
threads = 3
trusted_proxies = ["192.0.2.1", "unix"]
forwarded_header = "forwarded"
[store]
directory = "data"
master_key_credential = "resguardo-master"
[roster]
path = "roster.signed"
root_public_key = "00"
[form]
path = "/srv/forms/f.txtpb"
languages = ["es", "en"]
[whatsapp]
phone_number_id = "1"
app_secret_file = "a"
access_token_file = "b"
verify_token_file = "c"
mark_as_read = false
messages_per_second = 500
person_interval = 0
person_burst = 9
[signal]
account = "+15550100000"
webhook_token_file = "d"
expire_seconds = 3600
[dialogue]
cover_text = { es = "Hola." }
start_words = ["frontera"]
[limits]
conversations = 500
body_bytes = "2MB"
per_sender_per_minute = 12
connections = 64
connections_per_address = 0
refusals_per_minute = 7
idle_seconds = 9
request_seconds = 8
[retention]
idle_timeout = "2d"
)";

class ConfigTest : public ::testing::Test {
 protected:
  std::optional<Config> read(const std::string& text) {
    const Path file = directory_.path() / "resguardo.toml";
    std::ofstream(file) << text;
    problems_.clear();
    return read_config(file, problems_);
  }
  // The whole configuration with one line put after another.
  std::optional<Config> with(const std::string& table, const std::string& line) {
    std::string text = kWhole;
    const auto at = text.find("[" + table + "]\n");
    text.insert(at + table.size() + 3, line + "\n");
    return read(text);
  }
  testing_support::TemporaryDirectory directory_;
  std::vector<ConfigProblem> problems_;
};

TEST_F(ConfigTest, ReadsEverySetting) {
  const auto config = read(kWhole);
  ASSERT_TRUE(config) << problems_.front().where << problems_.front().what;
  EXPECT_EQ(config->server.listen, "0.0.0.0:443");
  EXPECT_EQ(config->server.threads, 3U);
  EXPECT_EQ(config->store.directory, directory_.path() / "data");
  EXPECT_EQ(config->form.path, "/srv/forms/f.txtpb");
  EXPECT_EQ(config->whatsapp->api_base, "https://graph.facebook.com/v23.0");
  EXPECT_FALSE(config->whatsapp->mark_as_read);
  EXPECT_EQ(config->whatsapp->messages_per_second, 500U);
  EXPECT_EQ(config->whatsapp->person_interval, 0U);
  EXPECT_EQ(config->whatsapp->person_burst, 9U);
  EXPECT_EQ(config->signal->messages_per_second, 20U);
  EXPECT_EQ(config->signal->expire_seconds, 3600U);
  EXPECT_EQ(config->dialogue.cover_text.front().second, "Hola.");
  EXPECT_EQ(config->limits.body_bytes, 2'000'000U);
  EXPECT_EQ(config->retention.idle_timeout, std::chrono::hours(48));
}

TEST_F(ConfigTest, HoldsBackWhoeverAsksTooMuch) {
  const auto some = read(kWhole);
  ASSERT_TRUE(some);
  EXPECT_THAT(some->server.trusted_proxies, ::testing::ElementsAre("192.0.2.1", "unix"));
  EXPECT_EQ(some->server.forwarded_header, "forwarded");
  EXPECT_EQ(some->limits.per_sender_per_minute, 12U);
  EXPECT_EQ(some->limits.connections, 64U);
  EXPECT_EQ(some->limits.connections_per_address, 0U);
  EXPECT_EQ(some->limits.refusals_per_minute, 7U);
  EXPECT_EQ(some->limits.idle_seconds, 9U);
  EXPECT_EQ(some->limits.request_seconds, 8U);
  EXPECT_EQ(Limits().per_sender_per_minute, 30U) << "the contract's own";
}

TEST_F(ConfigTest, RetentionHasItsOwnRulesOrTheUsualOnes) {
  const auto usual = read(kWhole);
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->retention.acknowledged, std::chrono::hours(30 * 24));
  EXPECT_EQ(usual->retention.acknowledgements, 2U);
  const auto own = with("retention", "acknowledged = \"45d\"\nacknowledgements = 3");
  ASSERT_TRUE(own);
  EXPECT_EQ(own->retention.acknowledged, std::chrono::hours(45 * 24));
  EXPECT_EQ(own->retention.acknowledgements, 3U);
}

TEST_F(ConfigTest, ProtectionIsRequiredUnlessAWarningIsAskedFor) {
  const auto usual = read(kWhole);
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->server.sandbox, Lacking::kRefuse);
  EXPECT_EQ(usual->server.locked_memory, Lacking::kRefuse);
  const auto warned = with("server", "sandbox = \"warn\"\nlocked_memory = \"warn\"");
  ASSERT_TRUE(warned);
  EXPECT_EQ(warned->server.sandbox, Lacking::kWarn);
  EXPECT_EQ(warned->server.locked_memory, Lacking::kWarn);
  EXPECT_EQ(with("server", "sandbox = \"require\"")->server.sandbox, Lacking::kRefuse);
}

TEST_F(ConfigTest, NoFilesAreTakenWhereTheirMostIsZero) {
  for (const char* line : {"media_bytes = 0", "media_bytes = \"0\""}) {
    const auto read = with("limits", line);
    ASSERT_TRUE(read) << line;
    EXPECT_EQ(read->limits.media_bytes, 0U) << line;
  }
  const auto some = with("limits", "media_bytes = \"25MB\"");
  ASSERT_TRUE(some);
  EXPECT_EQ(some->limits.media_bytes, 25'000'000U);
  EXPECT_FALSE(with("limits", "media_bytes = 7"));
}

TEST_F(ConfigTest, NamesTheTableAndTheKeyOfEachProblem) {
  const struct {
    const char* table;
    const char* line;
    const char* where;
  } cases[] = {
      {"server", "lisen = \"x\"", "[server] lisen"},
      {"server", "sandbox = \"off\"", "[server] sandbox"},
      {"server", "locked_memory = true", "[server] locked_memory"},
      {"store", "master_key_stdin = true", "[store] master key"},
      {"store", "master_key_stdin = 1", "[store] master_key_stdin"},
      {"signal", "mode = \"jsonrpc\"", "[signal] webhook_token_file, webhook_password_file"},
      {"signal", "mode = \"other\"", "[signal] mode"},
      {"whatsapp", "api_base = \"http://example.org\"", "[whatsapp] api_base"},
      {"whatsapp", "api_base = \"http://127.example.org\"", "[whatsapp] api_base"},
      {"limits", "media_bytes = \"many\"", "[limits] media_bytes"},
      {"signal", "attachments_dir = \"files\"", "[signal] attachments_dir"},
      {"retention", "acknowledged = \"23h\"", "[retention] acknowledged"},
      {"retention", "acknowledged = \"3651d\"", "[retention] acknowledged"},
      {"retention", "acknowledgements = 0", "[retention] acknowledgements"},
      {"retention", "acknowledgements = 257", "[retention] acknowledgements"},
      {"dialogue", "panic_words = \"x\"", "[dialogue] panic_words"},
      {"dialogue", "panic_words = [1]", "[dialogue] panic_words"},
      {"dialogue", "utc_offset = \"-6\"", "[dialogue] utc_offset"},
      {"dialogue", "utc_offset = \"-06:60\"", "[dialogue] utc_offset"},
      {"dialogue", "utc_offset = \"+15:00\"", "[dialogue] utc_offset"},
  };
  for (const auto& c : cases) {
    EXPECT_FALSE(with(c.table, c.line)) << c.line;
    ASSERT_THAT(problems_, SizeIs(1)) << c.line;
    EXPECT_EQ(problems_.front().where, c.where);
    EXPECT_FALSE(problems_.front().mend.empty());
  }
}

TEST_F(ConfigTest, TellsAllProblemsAtOnce) {
  EXPECT_FALSE(read("[store]\ndirectory = 1\n[server]\nthreads = 0\n[nothing]\n"));
  std::vector<std::string> places;
  for (const auto& problem : problems_) places.push_back(problem.where);
  EXPECT_THAT(places,
              ::testing::IsSupersetOf({"[store] directory", "[store] master key",
                                       "[server] threads", "[roster]", "[form]", "nothing"}));
}

TEST_F(ConfigTest, RefusesQuantitiesItCannotRead) {
  for (const char* value : {"\"\"", "\"3\"", "\"-3h\"", "\"3 h\"", "\"3w\"", "3", "\"0h\"",
                            "\"23h\"", "\"91d\"", "\"999999999999h\""}) {
    std::string text = kWhole;
    const auto at = text.find("idle_timeout = \"2d\"");
    text.replace(at, 19, std::string("idle_timeout = ") + value);
    EXPECT_FALSE(read(text)) << value;
    EXPECT_THAT(problems_, SizeIs(1)) << value;
  }
}

TEST_F(ConfigTest, SaysTheLineOfASyntaxError) {
  EXPECT_FALSE(read("[server]\nlisten = \n"));
  ASSERT_THAT(problems_, SizeIs(1));
  EXPECT_THAT(problems_.front().where, ::testing::EndsWith("line 2"));
}

TEST_F(ConfigTest, TellsAMissingFile) {
  EXPECT_FALSE(read_config(directory_.path() / "none.toml", problems_));
  EXPECT_THAT(problems_, SizeIs(1));
}

TEST_F(ConfigTest, HalfOfATlsPairIsAProblem) {
  std::string text = kWhole;
  text.erase(text.find("tls_key = \"tls/key.pem\"\n"), 24);
  EXPECT_FALSE(read(text));
  EXPECT_THAT(problems_, SizeIs(1));
}

}  // namespace
}  // namespace resguardo::config
