#pragma once
// The fold of one account's stored state and journal into a RiskEngine. A record that throws is put aside and
// everything is folded again without it; one that ended the process twice while it was folded as well. Made
// and used by the recovery of that account, on the journal's thread.

#include "actors/journal.hpp"
#include "persistence/recovery.hpp"
#include "persistence/set_aside.hpp"

#include <map>

namespace bulkhead::actors {

class Fold {
public:
  Fold(const JournalDeps& deps, const RecoverAccount& order);

  /// Errors: as persistence::recover_account; the engine is then what could be folded, or empty.
  [[nodiscard]] model::Result<persistence::Recovered> run();

  std::shared_ptr<rules::RiskEngine> engine; // never null after run()
  persistence::StoreBatch found;             // what the store does not know of yet
  std::vector<Activity> untold;              // decisions the store does not know of; at most 1000
  std::optional<model::Decision> unfinished; // on the last event; the journal does not hold it
  std::vector<model::Alert> alerts;          // about events put aside
  std::vector<std::string> notes;            // the same, for the journal
  std::set<model::FillId> fills_set_aside;

private:
  struct Thrown {
    persistence::SetAside event;
    model::Event what;
  };
  [[nodiscard]] model::Result<persistence::Recovered> fold_once();
  void start_from(model::AccountState base);
  void step(std::uint64_t sequence, const model::Event& event);
  void decided(model::Instant at, const model::Decision& decision);
  void put_aside(const Thrown& thrown);
  void leave_out(const persistence::SetAside& event);
  [[nodiscard]] bool is_left_out(std::uint64_t sequence, const model::Event& event) const;

  const JournalDeps& deps_;
  const RecoverAccount& order_;
  std::filesystem::path dir_;
  persistence::FoldMark mark_;
  std::map<std::uint64_t, std::string> left_out_; // payload by sequence
  std::optional<Thrown> thrown_;                  // of the present fold: nothing is folded behind it
};

} // namespace bulkhead::actors
