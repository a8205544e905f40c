#pragma once
// CAF 0.17 never empties OpenSSL's error queue, which all TLS connections of its I/O thread share: one failed
// handshake then makes OpenSSL report a healthy connection's "try again" as fatal, and a port scanner cuts
// every client off. The program's own SSL_read and its kin stand in front of OpenSSL's and empty the queue
// first. Works because symbols of the main program win over those of shared libraries; any thread.

namespace bulkhead::actors {

/// Whether calls of the shared libraries really reach the functions that empty the queue.
[[nodiscard]] bool tls_guard_active() noexcept;

} // namespace bulkhead::actors
