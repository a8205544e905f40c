#include "actors/runtime_parts.hpp"

#include "persistence/lmdb_store.hpp"
#include "persistence/memory_store.hpp"
#include "persistence/recovery.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <random>
#include <sys/resource.h>

namespace bulkhead::actors {

namespace net = protocol::net;
using model::Alert;

namespace {

constexpr std::size_t quotes_gathered = 16U << 10U; // bytes, about 50 quotes

std::function<void(std::string_view)> report_to(const Logs& logs, const char* thread) {
  return [daemon = logs.daemon, thread](std::string_view what) {
    daemon(Alert::Severity::critical, fmt::format("io-exception thread={} {}", thread, what));
  };
}

} // namespace

Runtime::Parts::Parts(RuntimeOptions given)
    : options(std::move(given)),
      breach_io("bh-breach-io", report_to(options.logs, "breach"),
                options.spin ? net::IoThread::Waiting::spinning : net::IoThread::Waiting::asleep),
      market_io("bh-market-io", report_to(options.logs, "market")) {
  // Where there is no core to spare, a burst of quotes gives way to a fill. It needs no right to be less
  // urgent.
  constexpr int gives_way = 10;
  boost::asio::post(market_io.context(),
                    [] { (void)::setpriority(PRIO_PROCESS, 0, gives_way); }); // this thread's
}

Runtime::Parts::~Parts() { close_sockets(); }

std::optional<ShardContexts> Runtime::Parts::shards() {
  if (options.scheduler == SchedulerKind::sharing) return std::nullopt;
  return ShardContexts{&breach_io.context(), &market_io.context()};
}

model::Result<void> Runtime::Parts::open_storage() {
  auto opened = persistence::DataDir::open(options.data_dir);
  if (!opened) return opened.error();
  data_dir = std::make_shared<persistence::DataDir>(std::move(*opened));
  const auto file = options.data_dir / options.config.persistence.database_path;
  auto lmdb = persistence::LmdbStore::open(file);
  const bool quarantined = !lmdb && lmdb.error().code() == model::Errc::corrupt;
  if (quarantined) {
    const auto aside = persistence::quarantine(file, clock->now());
    if (!aside) return aside.error();
    options.logs.daemon(Alert::Severity::critical,
                        fmt::format("store-quarantined {}: moved to {}; rebuilding from the journal",
                                    lmdb.error().message(), aside->string()));
    lmdb = persistence::LmdbStore::open(file);
  }
  if (lmdb) {
    store = std::move(*lmdb);
    // An unreadable cache costs a read of each contract, nothing else.
    if (auto cached = store->list_contracts()) contracts = std::move(*cached);
  } else if (lmdb.error().code() == model::Errc::full || lmdb.error().code() == model::Errc::io) {
    // Protection must not wait for a disk: the accounts come back from checkpoints and journals.
    store = std::make_shared<persistence::MemoryStore>();
    options.logs.daemon(Alert::Severity::critical,
                        fmt::format("store-failing {}: the state is kept in memory until the next start",
                                    lmdb.error().message()));
  } else {
    return lmdb.error();
  }
  set_clock();
  const auto boot = persistence::read_boot_id();
  const auto last = persistence::begin_run(*store, boot ? *boot : "unknown", clock->now());
  // What told how the last run ended is gone with the store.
  if (quarantined || !lmdb) (void)persistence::note_power_loss(*store, clock->now());
  if (!last) {
    options.logs.daemon(Alert::Severity::critical, fmt::format("store-failing {}", last.error().message()));
  }
  options.logs.daemon(Alert::Severity::info,
                      fmt::format("data-opened {} last_run={}", data_dir->path().string(),
                                  last ? to_string(*last) : "unknown"));
  return {};
}

/// An account that cannot be read here is recovered, and complained about, when it starts.
void Runtime::Parts::set_clock() {
  std::optional<model::Instant> latest;
  const auto accounts = store->list_accounts();
  for (const auto account : accounts ? *accounts : std::vector<model::AccountId>{}) {
    const auto stored = store->load_account(account);
    if (!stored || !*stored) continue;
    latest = std::max(latest.value_or((*stored)->state.last_event), (*stored)->state.last_event);
  }
  if (latest) clock->stand_at(*latest);
  clock->on_corrected([daemon = options.logs.daemon](const std::string& text) {
    daemon(Alert::Severity::critical, "clock-corrected " + text);
  });
}

model::Result<void> Runtime::Parts::make_ports(const model::Config& config) {
  for (const auto& account : config.accounts) {
    if (!account.enabled || ports.contains(account.credential())) continue;
    if (auto made = make_site(account); !made) return made.error().with_context(account.credential().value);
  }
  return {};
}

model::Result<void> Runtime::Parts::make_site(const model::AccountConfig& account) {
  std::optional<std::filesystem::path> ca_file;
  if (account.api.ca_file) ca_file = *account.api.ca_file;
  auto tls = net::make_tls_context(ca_file);
  if (!tls) return tls.error();
  const auto base = protocol::Endpoint::parse(account.api.base_url);
  const auto user = protocol::Endpoint::parse(account.api.user_hub);
  const auto market = protocol::Endpoint::parse(account.api.market_hub);
  if (!base) return base.error();
  if (!user) return user.error();
  if (!market) return market.error();
  auto& site = sites[account.credential()];
  site.tls = *tls;
  site.rest =
      logged(std::make_unique<net::BeastRestTransport>(breach_io.context(), *base, site.tls), wire_log);
  CredentialPorts made;
  made.sender = std::make_shared<GatewaySender>(*site.rest, *clock);
  made.make_socket = [this, context = site.tls](Hub hub) -> std::shared_ptr<protocol::WebsocketTransport> {
    const bool user = hub == Hub::user;
    auto& io = user ? breach_io.context() : market_io.context();
    net::WebsocketLimits limits;
    // One message to the router for all quotes at hand, instead of waking its thread for each. The log of the
    // wire shows each by itself.
    if (!user && !wire_log) limits.gather = quotes_gathered;
    return logged(std::make_shared<net::BeastWebsocketTransport>(io, context, limits),
                  user ? "user hub" : "market hub", wire_log);
  };
  made.user_hub = *user;
  made.market_hub = *market;
  ports.emplace(account.credential(), std::move(made));
  return {};
}

SupervisorDeps Runtime::Parts::supervisor_deps(const UseRules& rules) {
  SupervisorDeps deps;
  deps.clock = clock;
  deps.config = std::make_shared<const model::Config>(options.config);
  deps.rules = rules.strictest();
  deps.ports = ports;
  deps.store = store;
  deps.contracts = contracts;
  deps.disk = disk;
  deps.data_dir = data_dir;
  deps.logs = options.logs;
  deps.give_up = options.give_up ? options.give_up : [] {};
  deps.seed = std::random_device{}();
  return deps;
}

void Runtime::Parts::close_sockets() {
  for (auto& [credential, site] : sites) site.rest->close();
}

} // namespace bulkhead::actors
