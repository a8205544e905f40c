#pragma once
// The inside of `control`: asks the accounts, puts their answers together, and feeds those who watch. Lives
// in the behaviour of its actor and is called in its turns only.

#include "actors/control.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace bulkhead::actors {

/// One answer per account asked, none where it did not come in time.
template <class Answer>
using Answers = std::vector<std::pair<model::AccountId, std::optional<Answer>>>;

class ControlDesk {
public:
  using Self = control_backend_actor::stateful_pointer<ControlState>;

  ControlDesk(Self self, ControlDeps deps);

  caf::result<StatusReply> status(const StatusRequest& request);
  /// Everything else that concerns accounts.
  caf::result<ControlReply> answer(const ControlRequest& request);
  caf::result<ControlReply> watch(const AddWatcher& message);
  void take(const Activity& activity);
  /// While anybody watches: what all accounts look like now, to everyone who has seen the last frame.
  void tick();

private:
  static constexpr std::chrono::milliseconds account_answers_within{500};
  using Accounts = std::map<model::AccountId, account_actor>;

  [[nodiscard]] Accounts accounts(std::int64_t wanted) const;
  [[nodiscard]] StatusReply head() const;
  void collect_status(const Accounts& asked, StatusReply head, std::function<void(StatusReply)> done);
  void show_frames(const StatusReply& status);
  caf::result<ControlReply> show(const Accounts& asked, const ControlRequest& request);
  caf::result<ControlReply> past(const Accounts& asked, const ControlRequest& request);
  caf::result<ControlReply> order(const Accounts& asked, const ControlRequest& request);
  [[nodiscard]] ControlReply list_accounts(const ControlRequest& request) const;

  template <class Answer, class Question>
  void ask_all(const Accounts& asked, const Question& question, std::chrono::milliseconds within,
               std::function<void(Answers<Answer>)> done) {
    struct Collection {
      Answers<Answer> answers;
      std::size_t missing = 0;
      std::function<void(Answers<Answer>)> done;
      void add(std::size_t place, std::optional<Answer> answer) {
        answers[place].second = std::move(answer);
        if (--missing == 0) done(std::move(answers));
      }
    };
    if (asked.empty()) return done({});
    const auto collection = std::make_shared<Collection>();
    collection->done = std::move(done);
    collection->missing = asked.size();
    for (const auto& [id, account] : asked) collection->answers.emplace_back(id, std::nullopt);
    std::size_t place = 0;
    for (const auto& [id, account] : asked) {
      const auto here = place++;
      if (!account) {
        collection->add(here, std::nullopt);
        continue;
      }
      self_->request(account, within, question)
          .then([=](Answer& answer) { collection->add(here, std::move(answer)); },
                [=](caf::error&) { collection->add(here, std::nullopt); });
    }
  }

  Self self_;
  ControlDeps deps_;
  bool ticking_ = false;
};

} // namespace bulkhead::actors
