#pragma once
// All lanes of one RestTransport. Owned by the transport and by what it posted to the io thread. send(),
// set_width(), warm(), close() and abandon() may be called from any thread; the lanes themselves live on the
// io thread, which is the only one that adds to the map, so only other threads' look-ups need the lock.

#include "protocol/net/http_text.hpp"
#include "protocol/net/rest_lane.hpp"

#include <map>
#include <memory>
#include <mutex>

namespace bulkhead::protocol::net {

class RestPool : public std::enable_shared_from_this<RestPool> {
public:
  explicit RestPool(std::shared_ptr<RestSite> site);
  void send(HttpRequest request, RestTransport::OnReply on_reply);
  void set_width(LaneId id, std::size_t connections);
  [[nodiscard]] std::size_t warm(LaneId id) const;
  void close();
  /// As close(), but no callback runs any more once this returned.
  void abandon();

private:
  void submit(LaneId id, RestJob job);
  void refuse(RestJob job, model::Error why);
  void close_lanes();
  void offer_slots();
  [[nodiscard]] bool drop_spare();
  [[nodiscard]] std::shared_ptr<RestLane> lender() const;
  [[nodiscard]] RestLane& lane(LaneId id);

  std::shared_ptr<RestSite> site_;
  RequestWriter writer_;
  std::shared_ptr<RestSlots> slots_;
  mutable std::mutex lanes_mutex_;
  std::map<LaneId, std::shared_ptr<RestLane>> lanes_;
  bool closed_ = false;
  bool offering_ = false;
};

} // namespace bulkhead::protocol::net
