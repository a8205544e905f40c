// Replies of the REST interface: every reader on any body and status. A success needs status 2xx, is bounded,
// and where another parser takes the body for JSON too, it finds success and the same rows there. (A body may
// be broken inside of members that nobody reads.)

#include "protocol/projectx/error_codes.hpp"
#include "protocol/projectx/responses.hpp"
#include "tests/fuzz/bytes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace bulkhead;
using fuzz::expect;
namespace projectx = protocol::projectx;
using projectx::Endpoint;

namespace {

/// What nlohmann makes of the body; none when it is no JSON object. Of a key that comes twice the last
/// counts.
std::optional<nlohmann::json> other_view(std::string_view body) {
  auto json = nlohmann::json::parse(body, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  return json;
}

struct Checked {
  const protocol::HttpReply& reply;
  std::optional<nlohmann::json> json;

  template <class T>
  void operator()(const model::Result<T>& read) const {
    if (!read) {
      expect(read.error().code() != model::Errc::ok && !read.error().message().empty(), "an error says why");
      return;
    }
    expect(reply.status >= 200 && reply.status < 300, "success needs status 2xx");
    expect(!json || !json->contains("success") || (*json)["success"] == true,
           "success needs the gateway's word");
  }
  /// One row for each of the reply's array, or the read is refused.
  template <class T>
  void rows(const model::Result<std::vector<T>>& read, const char* member, bool all = true) const {
    (*this)(read);
    if (!read) return;
    expect(read->size() <= projectx::most_rows, "rows are bounded");
    if (!json) return;
    expect(json->contains(member), "rows need their array");
    const auto there = (*json)[member].size();
    expect(all ? read->size() == there : read->size() <= there, "no row is dropped");
  }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int statuses[] = {200, 200, 204, 400, 401, 404, 408, 429, 500, 503};
  fuzz::Bytes bytes(data, size);
  protocol::HttpReply reply;
  reply.status = statuses[bytes.byte() % std::size(statuses)];
  reply.body = bytes.rest();
  const Checked check{reply, other_view(reply.body)};
  check(projectx::read_done(Endpoint::position_close, reply));
  check(projectx::read_token(reply));
  check(projectx::read_new_token(reply));
  check.rows(projectx::read_accounts(reply), "accounts");
  check(projectx::read_contract(reply));
  check.rows(projectx::read_contracts(Endpoint::contract_search, reply), "contracts");
  check.rows(projectx::read_positions(reply), "positions");
  check(projectx::read_orders(Endpoint::order_search_open, reply));
  check(projectx::read_order(reply));
  check(projectx::read_placed(reply));
  check.rows(projectx::read_fills(reply), "trades", false); // unreadable voided rows are skipped
  check.rows(projectx::read_bars(reply), "bars");
  const auto classified = projectx::classify(Endpoint::position_close, reply.status, reply.body);
  expect(classified.message.size() <= 256, "the gateway's words are bounded");
  expect(classified == projectx::classify(Endpoint::position_close, reply.status, reply.body), "a function");
  return 0;
}
