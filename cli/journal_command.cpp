#include "cli/journal_command.hpp"

#include "cli/exit_codes.hpp"
#include "persistence/checkpoint.hpp"
#include "persistence/journal_reader.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

namespace bulkhead::cli {
namespace {

using Json = nlohmann::ordered_json;
using model::Errc;
using model::Error;
using model::Result;

struct Verdict {
  model::AccountId account;
  persistence::ChainReport chain;
  std::vector<std::string> bad_checkpoints;
  [[nodiscard]] bool sound() const { return !chain.damage && bad_checkpoints.empty(); }
};

/// The accounts that have a journal, ascending.
Result<std::vector<model::AccountId>> accounts_in(const std::filesystem::path& journals) {
  std::vector<model::AccountId> ids;
  std::error_code code;
  std::filesystem::directory_iterator entry(journals, code);
  for (; !code && entry != std::filesystem::directory_iterator{}; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    model::AccountId id;
    std::from_chars(name.data(), name.data() + name.size(), id.value);
    if (to_string(id) == name) ids.push_back(id);
  }
  if (code) return persistence::system_error(code.value(), "list", journals);
  std::sort(ids.begin(), ids.end());
  return ids;
}

Result<Verdict> verify(const std::filesystem::path& dir, model::AccountId account) {
  persistence::PosixDisk disk;
  Verdict verdict{account, {}, {}};
  auto chain = persistence::verify_chain(disk, dir, account);
  if (!chain) return chain.error();
  verdict.chain = std::move(*chain);
  const auto checkpoints = persistence::list_checkpoints(dir);
  if (!checkpoints) return checkpoints.error();
  for (const std::uint64_t sequence : *checkpoints) {
    const auto read = persistence::read_checkpoint(disk, dir, account, sequence);
    // One that went meanwhile was removed by the daemon.
    if (!read && read.error().code() != Errc::not_found)
      verdict.bad_checkpoints.push_back(read.error().message());
  }
  return verdict;
}

void print_text(const Verdict& verdict, std::ostream& out) {
  const auto& chain = verdict.chain;
  out << fmt::format("account {}: {} segments, {} records", to_string(verdict.account), chain.segments,
                     chain.records);
  if (chain.records > 0) out << fmt::format(" ({} to {})", chain.first_sequence, chain.last_sequence);
  out << (verdict.sound() ? ": sound\n" : ": DAMAGED\n");
  if (chain.damage) out << "  first bad record: " << chain.damage->error.message() << '\n';
  for (const auto& text : verdict.bad_checkpoints) out << "  checkpoint: " << text << '\n';
  if (chain.torn)
    out << fmt::format("  an unfinished record at the end: {} at offset {}, {} bytes\n",
                       to_string(chain.torn->segment), chain.torn->position, chain.torn->bytes);
}

Json to_json(const Verdict& verdict) {
  const auto& chain = verdict.chain;
  Json damage = nullptr;
  if (chain.damage)
    damage = {{"file", chain.damage->file.string()},
              {"offset", chain.damage->offset},
              {"message", chain.damage->error.message()}};
  Json torn = nullptr;
  if (chain.torn)
    torn = {{"file", to_string(chain.torn->segment)},
            {"offset", chain.torn->position},
            {"bytes", chain.torn->bytes}};
  return {{"account_id", verdict.account.value},  {"sound", verdict.sound()},
          {"segments", chain.segments},           {"records", chain.records},
          {"first_record", chain.first_sequence}, {"last_record", chain.last_sequence},
          {"first_bad", std::move(damage)},       {"bad_checkpoints", verdict.bad_checkpoints},
          {"unfinished_end", std::move(torn)}};
}

Result<std::vector<Verdict>> verify_all(const JournalCommand& command) {
  const auto journals = command.data_dir / "journal";
  std::vector<model::AccountId> ids{model::AccountId{command.account}};
  if (command.account == 0) {
    auto all = accounts_in(journals);
    if (!all) return all.error();
    ids = std::move(*all);
  }
  std::vector<Verdict> verdicts;
  for (const auto id : ids) {
    const auto dir = journals / to_string(id);
    std::error_code ignored;
    if (!std::filesystem::is_directory(dir, ignored))
      return Error{Errc::not_found, fmt::format("{}: there is no such journal", dir.string())};
    auto verdict = verify(dir, id);
    if (!verdict) return verdict.error();
    verdicts.push_back(std::move(*verdict));
  }
  return verdicts;
}

} // namespace

int journal_verify_command(const JournalCommand& command, std::ostream& out, std::ostream& err) {
  const auto verdicts = verify_all(command);
  std::string error;
  if (!verdicts) error = verdicts.error().message();
  Json accounts = Json::array();
  if (verdicts) {
    for (const auto& verdict : *verdicts) {
      if (!verdict.sound()) error = "the journal is damaged";
      if (command.json) accounts.push_back(to_json(verdict));
      if (!command.json) print_text(verdict, out);
    }
  }
  if (command.json) {
    const Json reply{{"status", error.empty() ? "success" : "error"},
                     {"data", {{"accounts", std::move(accounts)}}},
                     {"error", error.empty() ? Json(nullptr) : Json("INTERNAL: " + error)},
                     {"request_id", nullptr}};
    out << reply.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else if (!verdicts) {
    err << error << '\n';
  }
  return error.empty() ? exit_ok : exit_failed;
}

} // namespace bulkhead::cli
