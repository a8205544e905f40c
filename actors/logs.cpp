#include "actors/logs.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace bulkhead::actors {
namespace {

using model::Alert;

spdlog::level::level_enum level_of(Alert::Severity severity) {
  switch (severity) {
  case Alert::Severity::info: return spdlog::level::info;
  case Alert::Severity::warning: return spdlog::level::warn;
  case Alert::Severity::critical: return spdlog::level::critical;
  }
  return spdlog::level::info;
}

spdlog::level::level_enum level_of(const std::string& name) {
  if (name == "DEBUG") return spdlog::level::debug;
  if (name == "WARNING") return spdlog::level::warn;
  if (name == "ERROR") return spdlog::level::err;
  return spdlog::level::info;
}

/// "breach-detected account=1 ..." as the fields of a JSON object; its first word names the event.
std::string as_fields(const std::string& line) {
  const auto text = [](const std::string& value) {
    return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  return fmt::format(R"("event":{},"text":{})", text(line.substr(0, line.find(' '))), text(line));
}

std::shared_ptr<spdlog::sinks::sink> file_sink(const model::LoggingConfig& config,
                                               const std::filesystem::path& path) {
  constexpr std::size_t megabyte = 1024 * 1024;
  return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
      path.string(), static_cast<std::size_t>(config.max_size_mb) * megabyte,
      static_cast<std::size_t>(config.backup_count));
}

} // namespace

model::Result<Logs> make_logs(const model::LoggingConfig& config, const std::filesystem::path& data_dir,
                              bool to_stderr) {
  // spdlog reports files it cannot open by exception only.
  try {
    std::vector<spdlog::sink_ptr> sinks = {file_sink(config, data_dir / config.file)};
    if (to_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto daemon = std::make_shared<spdlog::logger>("daemon", sinks.begin(), sinks.end());
    const auto* pattern =
        config.json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %-8l %v";
    daemon->set_pattern(pattern, spdlog::pattern_time_type::utc);
    daemon->set_level(level_of(config.level));
    daemon->flush_on(spdlog::level::info);
    auto enforcement = std::make_shared<spdlog::logger>(
        "enforcement", file_sink(config, data_dir / config.enforcement_file));
    enforcement->set_pattern("%v"); // the line carries its own stamp
    enforcement->flush_on(spdlog::level::info);
    return Logs{[daemon, json = config.json](Alert::Severity severity, const std::string& line) {
                  daemon->log(level_of(severity), json ? as_fields(line) : line);
                },
                [enforcement](const std::string& line) { enforcement->info(line); }};
  } catch (const spdlog::spdlog_ex& failure) {
    return model::Error{model::Errc::io, fmt::format("cannot open a log file: {}", failure.what())};
  }
}

} // namespace bulkhead::actors
