#include "persistence/codec.hpp"
#include "persistence/codec_fields_decision.hpp"
#include "persistence/codec_versioned.hpp"

namespace bulkhead::persistence {
namespace {

template <std::size_t I, class T>
constexpr bool payload_is = std::is_same_v<std::variant_alternative_t<I, model::Payload>, T>;

// Journals of years ago hold these numbers: a new payload goes to the end, nothing ever moves.
static_assert(payload_is<0, model::Account> && payload_is<1, model::PositionUpdate> &&
              payload_is<2, model::Order> && payload_is<3, model::Fill> &&
              payload_is<4, model::QuoteUpdate> && payload_is<5, model::ContractLearned> &&
              payload_is<6, model::Reconciled> && payload_is<7, model::DailyReset> &&
              payload_is<8, model::ConnectionLost> && payload_is<9, model::ConnectionRestored> &&
              payload_is<10, model::ConfigReloaded> && payload_is<11, model::TimeReached> &&
              payload_is<12, model::LockoutOrdered> && payload_is<13, model::LockoutLifted> &&
              payload_is<14, model::FlattenOrdered> && payload_is<15, model::IntentReported> &&
              payload_is<16, model::Restarted> && payload_is<17, model::AccountMissing> &&
              payload_is<18, model::AutomationReported> && payload_is<19, model::BalanceAdjusted> &&
              payload_is<20, model::EnforcementSwitched> && payload_is<21, model::HistoryRead>);

} // namespace

void encode(const model::Event& value, std::string& out) { encode_versioned(value, event_version, out); }
void encode(const model::Decision& value, std::string& out) {
  encode_versioned(value, decision_version, out);
}

model::Result<model::Event> decode_event(std::string_view bytes) {
  return decode_versioned<model::Event>(bytes, event_version, "event");
}
model::Result<model::Decision> decode_decision(std::string_view bytes) {
  return decode_versioned<model::Decision>(bytes, decision_version, "decision");
}

} // namespace bulkhead::persistence
