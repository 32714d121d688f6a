// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/config_template.h"

namespace resguardo::commands {

std::string config_template(const std::string& form) {
  return R"(# Resguardo: configuration of resguardo-bot. TOML; paths start in this file's folder; an unknown
# key is an error. Secrets are named by file, never written here. After a change:
#   resguardo-bot check --config resguardo.toml

[server]
listen = "127.0.0.1:8080"          # WhatsApp's webhook; behind a proxy that ends TLS, or with:
# tls_certificate = "tls/chain.pem"
# tls_key = "tls/key.pem"
gateway_listen = "127.0.0.1:8081"  # signal-cli-rest-api's webhook: loopback or "unix:/path" only
admin_listen = "127.0.0.1:9090"    # /healthz /readyz /metrics: loopback or "unix:/path" only
threads = 2
# What the system may lack: "require" does not start without it, "warn" says what is missing and goes on.
locked_memory = "require"          # keys and open conversations stay out of swap (ulimit -l, LimitMEMLOCK=)
sandbox = "require"                # Landlock and seccomp: docs/operations.md
# trusted_proxies = ["127.0.0.1"]  # who says for whom it asks: addresses, ranges, "unix"; only for limits
# forwarded_header = "x-forwarded-for"   # or "forwarded": the one that your proxy sets itself

[store]
directory = "data"
# Exactly one of three. A file beside the store means that the disk opens itself: for trying out.
master_key_file = "secrets/master.key"
# master_key_credential = "resguardo-master"   # systemd: LoadCredentialEncrypted=
# master_key_stdin = true

[roster]
path = "roster.signed"             # who may open reports; from whoever holds the root key
root_public_key = ""               # what `resguardo-analyst root create` printed

[form]
path = "forms/)" +
         form + R"("
# languages = ["es", "en"]         # refuse to start if the form lacks one of these

# [whatsapp]
# api_base = "https://graph.facebook.com/v23.0"
# phone_number_id = ""
# app_secret_file = "secrets/whatsapp.app"       # one line; two while the secret is rotated
# access_token_file = "secrets/whatsapp.access"
# verify_token_file = "secrets/whatsapp.verify"
# mark_as_read = true              # people see that what they wrote was read
# messages_per_second = 80         # Meta's limit for the number; 0: none
# person_interval = 6              # seconds between two messages to one person, after a burst of
# person_burst = 45                # so many: Meta's pair limit

# [signal]
# mode = "jsonrpc"                 # signal-cli's own daemon, which loses least; or "rest-api"
# api_base = "http://127.0.0.1:8082"
# account = "+15550100000"
# webhook_token_file = "secrets/signal.token"        # rest-api: the last part of the webhook's path
# webhook_password_file = "secrets/signal.password"  # http://bot:PASSWORD@…; else the token again
# expire_seconds = 86400                             # disappearing messages
# attachments_dir = "/var/lib/signal-cli/attachments"  # jsonrpc: files are deleted there once they are sealed
# messages_per_second = 20         # 0: no limit

[dialogue]
# cover_text = { es = "Hola. Este número no recibe mensajes.", en = "Hello. This number takes no messages." }
# start_words = ["girasol"]        # with these, everything else gets the cover text
# panic_words = []                 # answered like EXIT
# resume_words = []                # lead back after EXIT who has no word of their own: the card's
# Codes for field researchers are made by `resguardo-bot team-code add`, not written here.
organisation = ""                  # named in the consent notice, not before
retention = "5"                    # years that you keep reports, told to whoever asks
utc_offset = "-06:00"              # of the border: which day "yesterday" is
# signal_link = "https://signal.me/#eu/…"   # offered on WhatsApp, which is not private from Meta

[limits]
conversations = 200000             # open at once, in memory; 104 bytes of locked memory each, when it is used
body_bytes = "3MB"
media_bytes = "100MB"              # of one photo, voice note, video or document; 0: none is taken
per_sender_per_minute = 30         # messages of one person, after a burst twenty times as long; 0: no limit
connections = 1024                 # at each listener; for one more, the oldest that had nothing taken goes
connections_per_address = 128      # at the public listener; 0: no limit
refusals_per_minute = 120          # of one address there; then it is not heard for a while. 0: no limit
idle_seconds = 60                  # a connection between two requests
request_seconds = 30               # a request from its first byte to its last

[retention]
idle_timeout = "72h"               # after so long a silence nobody can look a sender up any more
acknowledged = "30d"               # a report is erased here so long after …
acknowledgements = 2               # … so many analysts said to have opened it (`ack install`)
)";
}

}  // namespace resguardo::commands
