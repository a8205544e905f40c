#pragma once
// Stands in front of the control port. CAF waits for a silent peer for ever, counts nobody, and ends the
// process when descriptors run out, so every connection passes through here first: at most 64 at a time (the
// next is closed at once), one that sends nothing within 5 s of connecting or for 10 s later on is closed
// (the command line sends a heartbeat every six), and what a peer sends is read at 1 MiB a second at
// most. Bytes pass unread; TLS is between the peer and the daemon. Runs on one io thread; made and closed by
// any.

#include "model/error.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace bulkhead::actors {

struct RelayLimits {
  std::size_t connections = 64;
  std::chrono::milliseconds first_byte{5000};
  std::chrono::milliseconds silence{10'000};
  std::size_t bytes_per_second = 1024 * 1024;
};

class ControlRelay {
public:
  /// Listens at host:port (0: the system picks one) and passes on to 127.0.0.1:target. Errors: malformed
  /// (host is no address), io.
  [[nodiscard]] static model::Result<std::unique_ptr<ControlRelay>>
  listen(boost::asio::io_context& io, const std::string& host, std::uint16_t port, std::uint16_t target,
         RelayLimits limits = {});
  /// Closes.
  ~ControlRelay();
  ControlRelay(const ControlRelay&) = delete;
  ControlRelay& operator=(const ControlRelay&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

private:
  class Listener;
  explicit ControlRelay(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  std::shared_ptr<Listener> listener_;
};

} // namespace bulkhead::actors
