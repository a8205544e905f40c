#include "actors/fold.hpp"

#include "actors/thrown.hpp"
#include "persistence/codec.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;
using model::Event;
using persistence::Recovered;
using persistence::SetAside;

namespace {

constexpr std::size_t most_untold = 1000;
constexpr std::uint64_t deaths_before_aside = 2; // of the process; once may have been anybody's kill -9

} // namespace

Fold::Fold(const JournalDeps& deps, const RecoverAccount& order)
    : deps_(deps), order_(order), dir_(deps.data_dir.journal(order.account)), mark_(*deps.disk, dir_) {
  for (const auto& event : persistence::list_set_aside(*deps.disk, dir_)) leave_out(event);
}

model::Result<Recovered> Fold::run() {
  auto recovered = fold_once();
  for (std::size_t n = 0; thrown_ && n < persistence::most_set_aside; ++n) {
    put_aside(*thrown_);
    recovered = fold_once();
  }
  mark_.done();
  if (!thrown_) return recovered;
  return model::Error{model::Errc::corrupt, fmt::format("folding ended at record {}: {}",
                                                        thrown_->event.sequence, thrown_->event.why)};
}

model::Result<Recovered> Fold::fold_once() {
  thrown_.reset();
  engine = nullptr;
  found = {};
  untold.clear();
  unfinished.reset();
  persistence::RecoveryHandler handler;
  handler.on_base = [this](model::AccountState base) { start_from(std::move(base)); };
  handler.on_event = [this](std::uint64_t sequence, const Event& event) { step(sequence, event); };
  handler.on_decision = [this](model::Instant at, const model::Decision& decision) {
    unfinished.reset();
    decided(at, decision);
  };
  auto recovered = persistence::recover_account(*deps_.store, *deps_.disk, dir_, order_.account, handler);
  if (!engine) {
    model::AccountState empty;
    empty.id = empty.account.id = order_.account;
    start_from(std::move(empty));
  }
  if (unfinished) decided(unfinished->at, *unfinished);
  return recovered;
}

void Fold::start_from(model::AccountState base) {
  engine = std::make_shared<rules::RiskEngine>(std::move(base), order_.rules);
}

void Fold::step(std::uint64_t sequence, const Event& event) {
  if (thrown_ || is_left_out(sequence, event)) return;
  const auto before = day_of(engine->state());
  unfinished.reset();
  if (mark_.suspect().sequence == sequence && mark_.suspect().deaths >= deaths_before_aside)
    return put_aside({{sequence, "the process ended", persistence::encoded(event)}, event});
  mark_.folding(sequence);
  model::Decision decision;
  if (auto text = thrown_by([&] { decision = engine->step(event); })) {
    thrown_ = Thrown{{sequence, std::move(*text), persistence::encoded(event)}, event};
    return;
  }
  if (!decision.empty()) unfinished = std::move(decision);
  if (auto day = finished_day(before, engine->state(), *deps_.store, found.lockouts))
    found.days.push_back(std::move(*day));
}

void Fold::decided(model::Instant at, const model::Decision& decision) {
  for (auto& row : history_of(order_.account, at, decision)) found.lockouts.push_back(std::move(row));
  if (untold.size() < most_untold)
    untold.push_back(Activity{order_.account, at, "recovered", {}, true, decision});
}

void Fold::put_aside(const Thrown& thrown) {
  const auto& [event, what] = thrown;
  leave_out(event);
  const std::string why =
      fmt::format("{} of {}: {}", kind_name(what), model::format_instant(what.at), event.why);
  const auto file = persistence::write_set_aside(*deps_.disk, dir_, {event.sequence, why, event.payload});
  const std::string kept = file ? file->string() : "the journal alone, " + file.error().message();
  notes.push_back(fmt::format("set aside: record {}, {}", event.sequence, why));
  alerts.push_back(
      {Alert::Severity::critical, "event-set-aside",
       fmt::format("record {} ended the account twice, {}; it is kept in {}. Going on without it; "
                   "the account is read anew",
                   event.sequence, why, kept)});
}

void Fold::leave_out(const SetAside& event) {
  left_out_.insert_or_assign(event.sequence, event.payload);
  const auto decoded = persistence::decode_event(event.payload);
  if (!decoded) return;
  if (const auto* fill = std::get_if<model::Fill>(&decoded->payload)) fills_set_aside.insert(fill->id);
}

bool Fold::is_left_out(std::uint64_t sequence, const Event& event) const {
  const auto known = left_out_.find(sequence);
  return known != left_out_.end() && known->second == persistence::encoded(event);
}

} // namespace bulkhead::actors
