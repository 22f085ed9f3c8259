-- Prosody for `openline-bench peers`: one host, two accounts, TLS with a certificate of its own. @DIR@ is put in by the bench.
run_as_root = true
pidfile = "@DIR@/prosody.pid"
data_path = "@DIR@/data"
certificates = "@DIR@"
modules_enabled = { "roster", "saslauth", "tls", "disco", "presence", "message", "iq", "smacks", "ping" }
modules_disabled = { "s2s", "offline" }
authentication = "internal_plain"
c2s_require_encryption = true
c2s_ports = { 5222 }
interfaces = { "*" }
log = { info = "*console" } -- the bench waits for its first line
VirtualHost "line.example"
ssl = { key = "@DIR@/line.example.key", certificate = "@DIR@/line.example.crt" }
