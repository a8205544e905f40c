// The traps of running CAF's actors on the socket threads, each as a test on real threads.

#include "actors/scheduler/asio_scheduler.hpp"
#include "actors/system_config.hpp"
#include "protocol/net/io_thread.hpp"

#include <boost/asio/post.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <future>
#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using namespace std::chrono_literals;
using caf::actor;

constexpr auto soon = 10s; // a test that waits so long has failed

/// Two shards and an actor system on them. The message types are integers: CAF knows those.
struct Shards {
  static void report(std::string_view what) { ADD_FAILURE() << what; }

  protocol::net::IoThread breach{"breach", report};
  protocol::net::IoThread market{"market", report};
  SystemConfig config{ShardContexts{&breach.context(), &market.context()}};
  caf::actor_system system{config};
};

std::thread::id thread_of(protocol::net::IoThread& io) {
  std::promise<std::thread::id> told;
  boost::asio::post(io.context(), [&] { told.set_value(std::this_thread::get_id()); });
  return told.get_future().get();
}

struct Place {
  std::thread::id thread;
  std::shared_ptr<std::atomic<int>> strayed = std::make_shared<std::atomic<int>>(0);
  void check() const {
    if (std::this_thread::get_id() != thread) ++*strayed;
  }
};

/// Answers a number with the next one, and notes when it runs elsewhere than it belongs.
caf::behavior counter(caf::event_based_actor*, Place place) {
  return {[=](int n) {
    place.check();
    return n + 1;
  }};
}

/// Asks `next` and passes the answer on: a chain of these crosses the shards at each hop.
caf::behavior hop(caf::event_based_actor* self, Place place, actor next) {
  return {[=](int n) {
    place.check();
    auto promise = self->make_response_promise<int>();
    self->request(next, soon, n)
        .then(
            [=](int answer) mutable {
              place.check();
              promise.deliver(answer + 1);
            },
            [=](caf::error& error) mutable { promise.deliver(error); });
    return promise;
  }};
}

int ask(caf::actor_system& system, const actor& whom, int n) {
  caf::scoped_actor self{system};
  int result = -1;
  self->request(whom, soon, n).receive([&](int answer) { result = answer; }, [](caf::error&) {});
  return result;
}

TEST(AsioScheduler, IsWhatTheRunningSystemUsesWhenAskedFor) {
  Shards shards;
  EXPECT_TRUE(verify_settings(shards.system, SchedulerKind::asio).has_value());
  EXPECT_FALSE(verify_settings(shards.system, SchedulerKind::sharing).has_value());
}

TEST(AsioScheduler, KeepsEveryActorOnItsShardForLife) {
  Shards shards;
  const Place breach{thread_of(shards.breach)}, market{thread_of(shards.market)};
  actor chain = spawn_on(shards.system, Shard::market, Lane::normal, counter, market);
  std::vector<actor> all{chain};
  for (int i = 0; i < 50; ++i) {
    const bool on_breach = i % 2 == 0;
    chain = spawn_on(shards.system, on_breach ? Shard::breach : Shard::market,
                     i % 3 == 0 ? Lane::urgent : Lane::normal, hop, on_breach ? breach : market, chain);
    all.push_back(chain);
  }
  for (int n = 0; n < 20; ++n) EXPECT_EQ(ask(shards.system, chain, n), n + 51);
  EXPECT_EQ(*breach.strayed + *market.strayed, 0);
  // CAF keeps an answered request's time-out, and with it the actor, until it is due.
  for (const auto& one : all) caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
}

TEST(AsioScheduler, RunsActorsWithoutAPlaceOnTheMarketShard) {
  Shards shards;
  const Place market{thread_of(shards.market)};
  const auto unplaced = shards.system.spawn(counter, market);
  EXPECT_EQ(ask(shards.system, unplaced, 1), 2);
  EXPECT_EQ(*market.strayed, 0);
}

TEST(AsioScheduler, RunsWhatABurstCausesBeforeTheHandlerReturns) {
  Shards shards;
  auto answered = std::make_shared<std::atomic<int>>(0);
  const auto last = spawn_on(
      shards.system, Shard::breach, Lane::urgent,
      [](caf::event_based_actor*, std::shared_ptr<std::atomic<int>> count) -> caf::behavior {
        return {[=](int) { ++*count; }};
      },
      answered);
  const auto first = spawn_on(
      shards.system, Shard::breach, Lane::urgent,
      [](caf::event_based_actor* self, actor next) -> caf::behavior {
        return {[=](int n) { self->send(next, n); }};
      },
      last);
  std::promise<int> seen;
  boost::asio::post(shards.breach.context(), [&] {
    {
      const Burst burst(shards.system);
      caf::anon_send(first, 1);
      EXPECT_EQ(*answered, 0);
    }
    seen.set_value(*answered);
  });
  EXPECT_EQ(seen.get_future().get(), 1);
}

TEST(AsioScheduler, LetsTheSocketsHaveTheirTurnBesideAnEndlessActor) {
  Shards shards;
  auto messages = std::make_shared<std::atomic<long>>(0);
  const auto endless = spawn_on(
      shards.system, Shard::breach, Lane::normal,
      [](caf::event_based_actor* self, std::shared_ptr<std::atomic<long>> count) -> caf::behavior {
        return {[=](int n) {
          ++*count;
          self->send(self, n);
        }};
      },
      messages);
  caf::anon_send(endless, 1);
  // Bursts beside it, as sockets would make them: were each to leave a drain behind, the gaps would grow.
  long largest = 0;
  for (int i = 0; i < 2000; ++i) {
    std::promise<long> gap; // counted on the loop's own thread: this one may have to wait for a core
    boost::asio::post(shards.breach.context(), [&] {
      { const Burst burst(shards.system); }
      boost::asio::post(shards.breach.context(),
                        [&, before = messages->load()] { gap.set_value(*messages - before); });
    });
    auto counted = gap.get_future();
    ASSERT_EQ(counted.wait_for(soon), std::future_status::ready);
    if (i >= 1000) largest = std::max(largest, counted.get());
  }
  EXPECT_LT(largest, 100'000) << "messages handled between two turns of the event loop";
  caf::anon_send_exit(endless, caf::exit_reason::kill);
}

TEST(AsioScheduler, ServesTheLanesInTheirOrder) {
  Shards shards;
  auto order = std::make_shared<std::vector<int>>(); // touched on the breach shard only
  const auto noting = [](caf::event_based_actor*, std::shared_ptr<std::vector<int>> out) -> caf::behavior {
    return {[=](int n) { out->push_back(n); }};
  };
  const auto normal = spawn_on(shards.system, Shard::breach, Lane::normal, noting, order);
  const auto urgent = spawn_on(shards.system, Shard::breach, Lane::urgent, noting, order);
  const auto closing = spawn_on(shards.system, Shard::breach, Lane::closing, noting, order);
  std::promise<void> done;
  boost::asio::post(shards.breach.context(), [&] {
    {
      const Burst burst(shards.system);
      caf::anon_send(normal, 3);
      caf::anon_send(urgent, 2);
      caf::anon_send(closing, 1);
    }
    done.set_value();
  });
  done.get_future().get();
  EXPECT_EQ(*order, (std::vector<int>{1, 2, 3}));
}

TEST(AsioScheduler, AnswersLateRequestsWithATimeoutOnEveryKindOfThread) {
  Shards shards;
  const auto mute = spawn_on(
      shards.system, Shard::breach, Lane::normal,
      [](caf::event_based_actor* self, int) -> caf::behavior {
        return {[=](int) { return self->make_response_promise<int>(); }};
      },
      0);
  caf::scoped_actor outside{shards.system};
  caf::error seen;
  outside->request(mute, 5ms, 1).receive([](int) {}, [&](caf::error& error) { seen = error; });
  EXPECT_EQ(seen, caf::sec::request_timeout);
  const auto asker = spawn_on(
      shards.system, Shard::breach, Lane::urgent,
      [](caf::event_based_actor* self, actor whom) -> caf::behavior {
        return {[=](int n) {
          auto promise = self->make_response_promise<int>();
          self->request(whom, 5ms, n)
              .then([=](int) mutable { promise.deliver(-2); },
                    [=](caf::error&) mutable { promise.deliver(7); });
          return promise;
        }};
      },
      mute);
  EXPECT_EQ(ask(shards.system, asker, 1), 7);
  caf::anon_send_exit(mute, caf::exit_reason::kill);
}

TEST(AsioScheduler, TakesMessagesFromForeignThreadsWithoutLosingOne) {
  Shards shards;
  auto sum = std::make_shared<std::atomic<long>>(0);
  std::vector<actor> sinks;
  for (int i = 0; i < 8; ++i) {
    sinks.push_back(spawn_on(
        shards.system, i % 2 == 0 ? Shard::breach : Shard::market, Lane::normal,
        [](caf::event_based_actor*, std::shared_ptr<std::atomic<long>> total) -> caf::behavior {
          return {[=](int n) { return static_cast<int>(*total += n); }};
        },
        sum));
  }
  std::vector<std::thread> senders;
  for (int t = 0; t < 3; ++t) {
    senders.emplace_back([&] {
      for (int i = 0; i < 20'000; ++i) caf::anon_send(sinks[static_cast<std::size_t>(i) % sinks.size()], 1);
    });
  }
  for (auto& sender : senders) sender.join();
  for (const auto& sink : sinks) (void)ask(shards.system, sink, 0); // behind all that was sent to it
  EXPECT_EQ(*sum, 60'000);
}

TEST(AsioScheduler, EndsAgainAndAgainWithWorkLeftOver) {
  for (int round = 0; round < 60; ++round) {
    Shards shards;
    const Place breach{thread_of(shards.breach)};
    const auto child = spawn_on(shards.system, Shard::breach, Lane::urgent, counter, breach);
    const auto later = spawn_on(
        shards.system, Shard::market, Lane::normal,
        [](caf::event_based_actor* self, actor other) -> caf::behavior {
          self->delayed_send(self, 1h, 1); // never comes
          self->monitor(other);
          self->set_down_handler([=](caf::down_msg&) { self->quit(); });
          return {[](int) {}};
        },
        child);
    EXPECT_EQ(ask(shards.system, child, round), round + 1);
    for (int i = 0; i < 100; ++i) caf::anon_send(child, i);
    caf::anon_send_exit(child, caf::exit_reason::user_shutdown);
  }
}

TEST(SpawnOn, IsAPlainSpawnUnderCafsOwnScheduler) {
  SystemConfig config;
  caf::actor_system system{config};
  const auto child = spawn_on(
      system, Shard::breach, Lane::urgent,
      [](caf::event_based_actor*, int add) -> caf::behavior { return {[=](int n) { return n + add; }}; }, 2);
  EXPECT_EQ(ask(system, child, 1), 3);
  const Burst burst(system); // does nothing
}

} // namespace
} // namespace bulkhead::actors
