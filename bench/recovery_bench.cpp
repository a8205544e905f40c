// From a killed daemon's disk to the first decision possible: the local part of a start, without the gateway.
// One account's journal of a thousand to a million records, with the state committed a thousand records
// before the end (the daemon commits every five seconds) and with no state at all; with the files in the page
// cache and with the cache dropped. The floor reads the same journal files and adds up their CRC-32C. Only
// the ratios mean anything.

#include "actors/journal.hpp"
#include "bench/directory.hpp"
#include "bench/results.hpp"
#include "cli/config_loader.hpp"
#include "persistence/codec.hpp"
#include "persistence/crc32c.hpp"
#include "persistence/lmdb_store.hpp"
#include "rules/risk_engine.hpp"
#include "simulator/certificates.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <iostream>
#include <iterator>
#include <unistd.h>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr std::uint64_t behind = 1'000; // records after the last committed state
constexpr int repetitions = 5;
constexpr double target_ms = 100;
const model::AccountId account{1};
const model::ContractId contract{"CON.F.US.MNQ.U26"};

[[noreturn]] void give_up(const model::Error& error) {
  std::cerr << "recovery_bench: " << error.message() << '\n';
  std::exit(1);
}
template <class T>
T sound(model::Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}
void sound(const model::Result<void>& result) {
  if (!result) give_up(result.error());
}

std::shared_ptr<const rules::RuleSet> load_rules() {
  const auto directory = sound(Directory::make());
  sound(simulator::write_text(directory.path() / "risk_config.yaml",
                              "rules:\n  max_contracts: { limit: 1000 }\n"
                              "  daily_realized_loss: { limit: 900000, include_unrealized: true }\n"));
  sound(simulator::write_text(directory.path() / "accounts.yaml",
                              "accounts:\n  - { account_id: 1, username: bench, api_key: bench }\n"));
  const auto loaded = cli::load_config(directory.path(), cli::process_environment());
  model::Problems repeated;
  return rules::make_rule_set(loaded.config, repeated);
}

/// A day of quotes, position updates and a fill in every thousand records.
class Day {
public:
  model::Event next() {
    now_ += 10ms;
    const auto number = ++count_;
    if (number == 1) {
      const auto start = *model::parse_instant("2026-07-14T22:00:00Z");
      return {now_, 0, model::DailyReset{{std::chrono::year{2026} / 7 / 15}, start, start + 24h}};
    }
    if (number % 1000 == 2) return {now_, 0, fill(number)};
    if (number % 10 == 3) return {now_, 0, position(number)};
    model::QuoteUpdate quote;
    quote.contract = contract;
    const auto ticks = static_cast<std::int64_t>(number % 8);
    quote.last = quote.bid = model::Price{21'000'000'000'000 + ticks * 250'000'000};
    quote.ask = model::Price{21'000'250'000'000 + ticks * 250'000'000};
    return {now_, 0, quote};
  }

private:
  [[nodiscard]] static model::PositionUpdate position(std::uint64_t number) {
    model::PositionUpdate update;
    update.account = account, update.contract = contract, update.type = model::PositionType::long_;
    update.size = 1 + static_cast<std::int32_t>(number % 20 / 10);
    update.average_price = *model::Price::parse("21000");
    return update;
  }
  [[nodiscard]] model::Fill fill(std::uint64_t number) const {
    model::Fill out;
    out.id = model::FillId{static_cast<std::int64_t>(number)}, out.order = model::OrderId{1};
    out.account = account, out.contract = contract, out.executed_at = now_;
    out.size = 1, out.price = *model::Price::parse("21000"), out.pnl = model::Money::dollars(1);
    return out;
  }
  model::Instant now_ = *model::parse_instant("2026-07-15T00:00:00Z");
  std::uint64_t count_ = 0;
};

/// What a killed daemon leaves behind.
struct Disk {
  Directory directory = sound(Directory::make());
  persistence::PosixDisk disk;
  [[nodiscard]] std::filesystem::path journal() const { return directory.path() / "journal" / "1"; }
  [[nodiscard]] std::filesystem::path store() const { return directory.path() / "state"; }

  Disk(const std::shared_ptr<const rules::RuleSet>& rules, std::uint64_t records, bool with_state) {
    model::AccountState state;
    state.id = state.account.id = account;
    rules::RiskEngine engine(std::move(state), rules);
    auto writer = sound(persistence::JournalWriter::open(
        disk, journal(), account, {std::chrono::year{2026} / 7 / 15}, {}, {4 << 20, 1 << 20, true}));
    Day day;
    std::string payload;
    for (std::uint64_t i = 1; i <= records; ++i) {
      const auto event = day.next();
      payload.clear();
      persistence::encode(event, payload);
      (void)sound(writer.append(persistence::RecordKind::event, event.at, payload));
      (void)engine.step(event);
      if (i % 1000 == 0) (void)sound(writer.sync_handle()->sync());
      if (!with_state || i + std::min(behind, records / 2) != records) continue;
      auto store = sound(persistence::LmdbStore::open(this->store()));
      sound(store->commit({{{engine.state(), i}}, {}, {}, {}}));
    }
    (void)sound(writer.sync_handle()->sync());
  }

  [[nodiscard]] std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(journal())) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
  }
  void drop_cache() const {
    auto all = files();
    if (std::filesystem::exists(store())) all.push_back(store());
    for (const auto& file : all) {
      const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
      ::fdatasync(descriptor);
      ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
      ::close(descriptor);
    }
  }
};

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

double floor_takes(const Disk& disk) {
  const auto begin = std::chrono::steady_clock::now();
  persistence::Crc32c crc;
  std::string buffer(1 << 20, '\0');
  for (const auto& file : disk.files()) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    for (ssize_t got = 0; (got = ::read(descriptor, buffer.data(), buffer.size())) > 0;)
      crc.add({buffer.data(), static_cast<std::size_t>(got)});
    ::close(descriptor);
  }
  volatile auto sink = crc.value();
  (void)sink;
  return milliseconds_since(begin);
}

/// Lock, store, journal, engine: up to where a live event would be decided.
double recovery_takes(Disk& disk, const std::shared_ptr<const rules::RuleSet>& rules, std::uint64_t records) {
  const auto begin = std::chrono::steady_clock::now();
  auto data = sound(persistence::DataDir::open(disk.directory.path()));
  const actors::JournalDeps deps{std::make_shared<actors::TrustedClock>(),
                                 sound(persistence::LmdbStore::open(disk.store())),
                                 std::make_shared<persistence::PosixDisk>(),
                                 data,
                                 {}};
  const auto recovered = actors::recover(deps, {account, rules});
  const auto took = milliseconds_since(begin);
  if (recovered.journal->sequence() != records)
    give_up({model::Errc::corrupt, "not everything was recovered"});
  return took;
}

/// Milliseconds from a cold cache.
double measure(const std::shared_ptr<const rules::RuleSet>& rules, std::uint64_t records, bool with_state,
               Results& results) {
  std::vector<double> warm, cold, floor, cold_floor;
  // Each recovery commits what it found, so each one needs a disk of its own; the large ones are made once.
  const int times = records > 100'000 ? 1 : repetitions;
  for (int i = 0; i < times; ++i) {
    Disk first(rules, records, with_state), second(rules, records, with_state);
    floor.push_back(floor_takes(first));
    warm.push_back(recovery_takes(first, rules, records));
    second.drop_cache();
    cold_floor.push_back(floor_takes(second));
    second.drop_cache();
    cold.push_back(recovery_takes(second, rules, records));
  }
  const auto* const state = with_state ? "committed" : "journal only";
  std::cout << fmt::format("{:>9} {:<12} {:>10.1f} {:>10.1f} {:>8.1f} {:>10.1f} {:>10.1f} {:>8.1f}\n",
                           records, state, median(floor), median(warm), median(warm) / median(floor),
                           median(cold_floor), median(cold), median(cold) / median(cold_floor));
  const auto more = fmt::format(R"("records":{},"state":"{}",)", records, state);
  results.figure("floor", "warm_ms", median(floor), 0, more);
  results.figure("daemon", "warm_ms", median(warm), 0, more);
  results.figure("floor", "cold_ms", median(cold_floor), 0, more);
  results.figure("daemon", "cold_ms", median(cold), 0, more);
  return median(cold);
}

constexpr const char* about = "recovery of one account, local part: lock, store, journal, engine; state "
                              "committed 1,000 records before the end,\n"
                              "or none; the floor reads the same journal files and adds up their CRC-32C";

} // namespace

int main(int argc, char** argv) {
  if (!cli::time_zones_present()) return std::cerr << "no time zone database on this machine\n", 1;
  const auto options = read_run_options(argc, argv, "recovery_bench", about);
  if (!options) return 2;
  const auto rules = load_rules();
  Results results(*options, "recovery", about);
  std::cout << fmt::format("{:>9} {:<12} {:>10} {:>10} {:>8} {:>10} {:>10} {:>8}\n", "records", "state",
                           "floor ms", "warm ms", "ratio", "floor ms", "cold ms", "ratio");
  double slowest = 0;
  for (const bool with_state : {true, false}) {
    for (const std::uint64_t records : {1'000U, 10'000U, 100'000U, 1'000'000U}) {
      if (options->quick && records > 100'000) continue;
      const auto cold = measure(rules, records, with_state, results);
      if (with_state) slowest = std::max(slowest, cold);
    }
  }
  results.target(fmt::format("recovery from a committed state <= {:.0f} ms", target_ms), slowest <= target_ms,
                 fmt::format("{:.1f} ms", slowest));
  return 0;
}
