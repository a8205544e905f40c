// What it costs to understand a frame: simdjson on demand, Boost.JSON and nlohmann reading the same members
// of the same frames into plain numbers and strings, and the daemon's own way, which makes a checked event of
// the record. Blocks of all take turns; single-threaded, in process. Only the ratios mean anything.

#include "bench/results.hpp"
#include "protocol/projectx/decode.hpp"
// This brings simdjson's on-demand parser, which only protocol/ may include by its own name.
#include "protocol/projectx/json_read.hpp"
#include "protocol/signalr/message.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/src.hpp>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
namespace json = boost::json;
namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;

constexpr std::size_t frames = 256;

/// The members that the rules need of a kind of event.
struct Kind {
  const char* name;
  std::string_view target;
  std::vector<const char*> numbers, texts;
  std::function<std::string(std::size_t)> data; // the object
};

std::string number_text(std::size_t i) {
  return fmt::format("{:.2f}", 24873.25 + 0.25 * static_cast<double>(i % 64));
}

std::vector<Kind> kinds() {
  constexpr auto time = "2025-11-20T14:30:00.1234567+00:00";
  return {
      {"fill",
       "GatewayUserTrade",
       {"id", "accountId", "price", "profitAndLoss", "fees", "side", "size", "orderId"},
       {"contractId", "creationTimestamp"},
       [=](std::size_t i) {
         return fmt::format(
             R"({{"id":{},"accountId":1001,"contractId":"CON.F.US.MNQ.Z25","creationTimestamp":"{}","price":{},)"
             R"("profitAndLoss":{},"fees":0.37,"side":{},"size":{},"voided":false,"orderId":{}}})",
             8'604'000 + i, time, number_text(i), static_cast<double>(i % 40) - 20.5, i % 2, i % 3 + 1,
             14'328'000 + i);
       }},
      {"position",
       "GatewayUserPosition",
       {"id", "accountId", "type", "size", "averagePrice"},
       {"contractId", "creationTimestamp"},
       [=](std::size_t i) {
         return fmt::format(
             R"({{"id":{},"accountId":1001,"contractId":"CON.F.US.MNQ.Z25","contractDisplayName":"MNQZ5",)"
             R"("creationTimestamp":"{}","type":1,"size":{},"averagePrice":{}}})",
             5'001'000 + i, time, i % 5 + 1, number_text(i));
       }},
      {"quote",
       "GatewayQuote",
       {"lastPrice", "bestBid", "bestAsk"},
       {"symbol", "lastUpdated"},
       [=](std::size_t i) {
         return fmt::format(
             R"({{"symbol":"F.US.MNQ","lastPrice":{0},"bestBid":{0},"bestAsk":{1},"change":25.5,)"
             R"("changePercent":0.14,"open":24800.00,"high":24910.25,"low":24790.50,"volume":{2},)"
             R"("lastUpdated":"{3}","timestamp":"{3}"}})",
             number_text(i), number_text(i + 1), 1'000'000 + i, time);
       }},
  };
}

std::string frame(const Kind& kind, std::size_t i) {
  const auto arguments = kind.target == "GatewayQuote"
                             ? fmt::format(R"(["CON.F.US.MNQ.Z25",{}])", kind.data(i))
                             : fmt::format(R"([{{"action":1,"data":{}}}])", kind.data(i));
  auto out = fmt::format(R"({{"type":1,"target":"{}","arguments":{}}})", kind.target, arguments);
  out.reserve(out.size() + protocol::json_padding);
  return out;
}

volatile double number_sink = 0;
volatile std::size_t text_sink = 0;

class Ours {
public:
  std::size_t operator()(const std::string& text, const Kind&) {
    const auto message = parser_.parse(signalr::Record{text, protocol::json_padding});
    const auto* call = message ? std::get_if<signalr::Invocation>(&*message) : nullptr;
    if (call == nullptr) return 0;
    std::size_t events = 0;
    const auto take = [&](auto&& what) {
      if constexpr (std::is_same_v<std::decay_t<decltype(what)>, model::Payload>) ++events;
    };
    decoder_.decode_event(call->target, call->arguments, take);
    return events;
  }

private:
  signalr::MessageParser parser_;
  projectx::Decoder decoder_;
};

class OnDemand {
public:
  std::size_t operator()(const std::string& text, const Kind& kind) {
    simdjson::ondemand::document message;
    if (parser_.iterate(text.data(), text.size(), text.size() + protocol::json_padding).get(message))
      return 0;
    std::string_view target;
    if (message["target"].get_string().get(target) || target != kind.target) return 0;
    std::size_t understood = 0;
    for (auto element : message["arguments"].get_array()) {
      simdjson::ondemand::object data;
      if (element.type() != simdjson::ondemand::json_type::object) continue;
      const bool wrapped = kind.target != "GatewayQuote";
      if (wrapped ? element["data"].get_object().get(data) : element.get_object().get(data)) return 0;
      understood += read(data, kind) ? 1 : 0;
    }
    return understood;
  }

private:
  static bool read(simdjson::ondemand::object& data, const Kind& kind) {
    for (const auto* name : kind.numbers) {
      double number = 0;
      if (data[name].get_double().get(number)) return false;
      number_sink = number_sink + number;
    }
    for (const auto* name : kind.texts) {
      std::string_view text;
      if (data[name].get_string().get(text)) return false;
      text_sink = text_sink + text.size();
    }
    return true;
  }
  simdjson::ondemand::parser parser_;
};

std::size_t boost_json(const std::string& text, const Kind& kind) {
  std::array<unsigned char, 8192> buffer; // NOLINT: the resource fills it
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const auto message = json::parse(text, &memory);
  if (std::string_view(message.at("target").as_string()) != kind.target) return 0;
  const auto& first = message.at("arguments").as_array().back();
  const auto& data = first.as_object().contains("data") ? first.at("data").as_object() : first.as_object();
  for (const auto* name : kind.numbers) number_sink = number_sink + data.at(name).to_number<double>();
  for (const auto* name : kind.texts) text_sink = text_sink + data.at(name).as_string().size();
  return 1;
}

std::size_t nlohmann_json(const std::string& text, const Kind& kind) {
  const auto message = nlohmann::json::parse(text);
  if (message.at("target").get_ref<const std::string&>() != kind.target) return 0;
  const auto& first = message.at("arguments").back();
  const auto& data = first.contains("data") ? first.at("data") : first;
  for (const auto* name : kind.numbers) number_sink = number_sink + data.at(name).get<double>();
  for (const auto* name : kind.texts)
    text_sink = text_sink + data.at(name).get_ref<const std::string&>().size();
  return 1;
}

using Parse = std::function<std::size_t(const std::string&, const Kind&)>;
struct Way {
  const char* name;
  Parse parse;
  std::vector<double> nanos = {}; // per frame, one for each block
};

bool run_block(Way& way, const Kind& kind, const std::vector<std::string>& all, std::size_t rounds) {
  std::size_t understood = 0;
  const auto began = protocol::monotonic_now();
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const auto& text : all) understood += way.parse(text, kind);
  }
  way.nanos.push_back(static_cast<double>(protocol::monotonic_now() - began) /
                      static_cast<double>(rounds * all.size()));
  return understood == rounds * all.size();
}

model::Result<void> measure(const RunOptions& options, Results& results) {
  const std::size_t blocks = options.quick ? 20 : 100, rounds = 20;
  std::cout << fmt::format("{:<9} {:>6} {:>10} {:>8} {:>11} {:>9}   {:>11} {:>9} {:>8} {:>6}\n", "frame",
                           "bytes", "on demand", "event", "Boost.JSON", "nlohmann", "Boost.JSON", "nlohmann",
                           "event", "null");
  std::vector<double> nulls;
  double least = 1e9;
  for (const auto& kind : kinds()) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < frames; ++i) all.push_back(frame(kind, i));
    OnDemand on_demand;
    Ours ours;
    const Parse read = [&](const std::string& text, const Kind& of) { return on_demand(text, of); };
    const Parse decode = [&](const std::string& text, const Kind& of) { return ours(text, of); };
    std::vector<Way> ways{{"on_demand", read},
                          {"event", decode},
                          {"boost_json", boost_json},
                          {"nlohmann", nlohmann_json},
                          {"null", read}};
    for (std::size_t block = 0; block < blocks; ++block) {
      for (auto& way : ways) {
        if (!run_block(way, kind, all, rounds))
          return model::Error{model::Errc::malformed,
                              fmt::format("{} did not understand a {}", way.name, kind.name)};
      }
    }
    std::vector<double> ns;
    for (const auto& way : ways) {
      ns.push_back(median(way.nanos));
      results.figure(way.name, "ns_per_frame", ns.back(), 0, fmt::format(R"("frame":"{}",)", kind.name));
    }
    nulls.push_back(ns[4] / ns[0]);
    least = std::min(least, ns[2] / ns[0]);
    std::cout << fmt::format(
        "{:<9} {:>6} {:>10.0f} {:>8.0f} {:>11.0f} {:>9.0f}   {:>10.2f}x {:>8.2f}x {:>7.2f}x {:>6.3f}\n",
        kind.name, all[0].size(), ns[0], ns[1], ns[2], ns[3], ns[2] / ns[0], ns[3] / ns[0], ns[1] / ns[0],
        nulls.back());
  }
  std::cout << "ns per frame; then ratios to simdjson on demand\n";
  results.target("Boost.JSON takes >= 1.5x simdjson on demand", least >= 1.5,
                 fmt::format("{:.2f}x at the least", least));
  results.null_test(median(nulls));
  return {};
}

constexpr const char* about = "parse: simdjson on demand, Boost.JSON (from a buffer on the stack) and "
                              "nlohmann read the members that the rules\n"
                              "need; event: the daemon's own decoder, which checks the record to its last "
                              "byte, every member and its range,\n"
                              "and makes exact prices and instants of them";

} // namespace

int main(int argc, char** argv) {
  const auto options = read_run_options(argc, argv, "parse_bench", about);
  if (!options) return 2;
  Results results(*options, "parse", about);
  if (auto done = measure(*options, results); !done) return malfunction("parse_bench", done.error());
  return 0;
}
