// Endpoints of contracts and their history.
#include "simulator/codes.hpp"
#include "simulator/json_text.hpp"
#include "simulator/rest_api.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace bulkhead::simulator {

using model::Price;
using protocol::projectx::Member;

namespace {

constexpr std::size_t most_found = 20;
constexpr std::int64_t most_bars = 20'000;

/// The length of a bar unit; month and week are taken as 30 and 7 days.
std::optional<std::chrono::seconds> unit_length(std::int64_t unit) {
  using std::chrono::seconds;
  constexpr std::array lengths{seconds{1},     seconds{60},         seconds{3600},
                               seconds{86400}, seconds{7 * 86'400}, seconds{30 * 86'400}};
  if (unit < 1 || unit > static_cast<std::int64_t>(lengths.size())) return std::nullopt;
  return lengths[static_cast<std::size_t>(unit - 1)];
}

/// Made from its own time alone: asking twice gives the same history.
PriceBar made_up(model::Instant open_time, std::chrono::seconds length, Price base, Price tick) {
  const auto index = static_cast<std::uint64_t>(open_time.time_since_epoch() / length);
  const auto wave = [&](std::uint64_t k) {
    return static_cast<std::int64_t>((k * 2654435761U >> 7) % 21) - 10;
  };
  const Price open = base + Price{tick.nanos * wave(index)};
  const Price close = base + Price{tick.nanos * wave(index + 1)};
  return {open, std::max(open, close) + tick, std::min(open, close) - tick, close};
}

std::string bar_json(model::Instant open_time, std::chrono::seconds length, const PriceBar& bar) {
  std::string at = model::format_instant(open_time);
  at.pop_back();
  return JsonObject{}
      .text(Member::bar_time, at + "+00:00")
      .raw(Member::bar_open, decimal(bar.open))
      .raw(Member::bar_high, decimal(bar.high))
      .raw(Member::bar_low, decimal(bar.low))
      .raw(Member::bar_close, decimal(bar.close))
      .number(Member::bar_volume, 100 + open_time.time_since_epoch() / length % 57)
      .str();
}

} // namespace

RestApi::Reply RestApi::search_contracts(RequestBody& body) {
  const auto text = body.maybe_text(Member::search_text).value_or("");
  const bool live = body.flag(Member::live);
  const auto same = [](char a, char b) { return same_word({&a, 1}, {&b, 1}); };
  std::vector<std::string> rows;
  for (const auto& listed : core_.book().contracts()) {
    const auto& contract = listed.contract;
    const auto words = fmt::format("{} {} {}", contract.id.value, contract.name, contract.description);
    const bool found = std::search(words.begin(), words.end(), text.begin(), text.end(), same) != words.end();
    if (found && contract.active && !live && rows.size() < most_found) rows.push_back(contract_json(listed));
  }
  return {"\"contracts\":" + json_array(rows), 0, {}};
}

RestApi::Reply RestApi::available_contracts(RequestBody& body) {
  const bool live = body.flag(Member::live); // evaluation accounts have no live data subscription
  std::vector<std::string> rows;
  for (const auto& listed : core_.book().contracts()) {
    if (listed.contract.active && !live) rows.push_back(contract_json(listed));
  }
  return {"\"contracts\":" + json_array(rows), 0, {}};
}

RestApi::Reply RestApi::contract_by_id(RequestBody& body) {
  const auto* listed = core_.book().contract(body.contract());
  if (!listed) return {R"("contract":null)", number(SearchCode::not_found), {}};
  return {"\"contract\":" + contract_json(*listed), 0, {}};
}

RestApi::Reply RestApi::retrieve_bars(RequestBody& body) {
  const auto id = body.contract();
  const bool live = body.flag(Member::live);
  const auto start = body.instant(Member::start_time);
  const auto end = std::min(body.instant(Member::end_time), core_.now());
  const auto unit = unit_length(body.integer(Member::unit));
  const auto unit_number = body.integer(Member::unit_number);
  const auto limit = body.integer(Member::limit);
  const bool partial = body.flag(Member::include_partial_bar);
  const auto refuse = [](BarsCode code) { return Reply{R"("bars":null)", number(code), {}}; };
  const auto* listed = core_.book().contract(id);
  if (!listed || live) return refuse(BarsCode::contract_not_found);
  if (!unit) return refuse(BarsCode::unit_invalid);
  if (unit_number < 1 || unit_number > 1000) return refuse(BarsCode::unit_number_invalid);
  if (limit < 1 || limit > most_bars) return refuse(BarsCode::limit_invalid);
  const auto length = *unit * unit_number;
  const auto* prices = core_.book().prices(id);
  const auto base = core_.book().quote(id)->mark().value_or(listed->first_price);
  model::Instant at{end.time_since_epoch() / length * length};
  if (!partial && at + length > end) at -= length;
  std::vector<std::string> rows; // newest first; when there are more, the newest are kept
  // From the first quote on the prices there were; before it, prices around the present one.
  for (; at >= start && static_cast<std::int64_t>(rows.size()) < limit; at -= length) {
    const bool known =
        prices != nullptr && at + length > *prices->since() && length >= std::chrono::minutes{1};
    const auto made =
        known ? prices->between(at, at + length) : made_up(at, length, base, listed->contract.tick.size);
    if (made) rows.push_back(bar_json(at, length, *made));
  }
  return {"\"bars\":" + json_array(rows), 0, {}};
}

} // namespace bulkhead::simulator
