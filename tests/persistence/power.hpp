#pragma once
// A machine whose power fails at a chosen step of the disk or the store, before or after that step took
// effect; from then on every call fails. What the disk had not synced is dropped afterwards by FaultyDisk.
// For one thread.

#include "persistence/file.hpp"
#include "persistence/memory_store.hpp"

#include <utility>

namespace bulkhead::persistence {

struct Power {
  std::size_t steps = 0; // so far
  std::size_t fails_at = SIZE_MAX;
  bool before = false; // the step it fails at has no effect
  bool off = false;

  template <class Work>
  auto step(Work work) -> decltype(work()) {
    const model::Error error{model::Errc::io, "the power is off"};
    if (off) return error;
    if (steps++ != fails_at) return work();
    off = true;
    if (!before) (void)work();
    return error;
  }
};

class PoweredFile final : public File {
public:
  PoweredFile(Power& power, std::shared_ptr<File> inner) : power_(power), inner_(std::move(inner)) {}
  model::Result<std::size_t> pwrite(std::string_view bytes, std::uint64_t offset) override {
    return power_.step([&] { return inner_->pwrite(bytes, offset); });
  }
  model::Result<std::string> pread(std::uint64_t offset, std::size_t size) override {
    return inner_->pread(offset, size);
  }
  model::Result<void> sync() override {
    return power_.step([&] { return inner_->sync(); });
  }
  model::Result<std::uint64_t> size() override { return inner_->size(); }
  model::Result<void> truncate(std::uint64_t size) override {
    return power_.step([&] { return inner_->truncate(size); });
  }
  model::Result<void> allocate(std::uint64_t size) override {
    return power_.step([&] { return inner_->allocate(size); });
  }

private:
  Power& power_;
  std::shared_ptr<File> inner_;
};

class PoweredDisk final : public Disk {
public:
  PoweredDisk(Power& power, Disk& inner) : power_(power), inner_(inner) {}
  model::Result<std::shared_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) override {
    if (mode == OpenMode::read) return inner_.open(path, mode);
    auto file = power_.step([&] { return inner_.open(path, mode); });
    if (!file) return file;
    return std::shared_ptr<File>(std::make_shared<PoweredFile>(power_, *file));
  }
  model::Result<void> remove(const std::filesystem::path& path) override {
    return power_.step([&] { return inner_.remove(path); });
  }
  model::Result<void> make_directory(const std::filesystem::path& path) override {
    return power_.step([&] { return inner_.make_directory(path); });
  }
  model::Result<void> sync_directory(const std::filesystem::path& path) override {
    return power_.step([&] { return inner_.sync_directory(path); });
  }

private:
  Power& power_;
  Disk& inner_;
};

} // namespace bulkhead::persistence
