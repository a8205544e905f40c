#pragma once
// The promise that no callback runs after a transport's destructor returned, whichever thread destroys it.
// Shared by a transport and its sessions. Callbacks pass on the io thread; shut() may be called from any
// thread, also from inside a callback (hence the recursive mutex). Uncontended, so a pass costs some 20 ns.

#include <mutex>
#include <utility>

namespace bulkhead::protocol::net {

class CallbackGate {
public:
  /// Runs `callback` unless the gate is shut. A shut() from another thread waits until it returned.
  template <class Callback>
  void pass(Callback&& callback) {
    const std::lock_guard lock(mutex_);
    if (open_) std::forward<Callback>(callback)();
  }
  void shut() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }

private:
  std::recursive_mutex mutex_;
  bool open_ = true;
};

} // namespace bulkhead::protocol::net
