#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "encodings.hpp"
#include "kaudit/host/system_error.hpp"
#include "record.hpp"

namespace kaudit::rollout {
namespace {

using Json = nlohmann::ordered_json;

/// What is wrong with a record that is JSON; ends in from_json.
struct NotARecord {
  std::string reason;
};

template <typename Decoded>
Decoded valid(std::optional<Decoded> decoded, const char* otherwise) {
  if (!decoded) throw NotARecord{otherwise};
  return *std::move(decoded);
}

void put_metadata(Json& into, const host::Metadata& metadata) {
  into["mode"] = to_octal(metadata.mode);
  into["uid"] = metadata.uid;
  into["gid"] = metadata.gid;
  Json attributes = Json::object();
  for (const host::Attribute& attribute : metadata.attributes) attributes[attribute.name] = to_hex(attribute.value);
  into["attributes"] = std::move(attributes);
}

host::Metadata take_metadata(const Json& from) {
  host::Metadata metadata;
  metadata.mode = valid(from_octal(from.at("mode").get<std::string>()), "a mode that is none");
  metadata.uid = from.at("uid").get<std::uint32_t>();
  metadata.gid = from.at("gid").get<std::uint32_t>();
  for (const auto& [name, value] : from.at("attributes").items()) {
    metadata.attributes.push_back(
        {name, valid(from_hex(value.get<std::string>()), "an attribute's value is not hexadecimal")});
  }
  return metadata;
}

Json to_value(const StoredImage& image) {
  Json value = {{"sha256", image.sha256}, {"size", image.size}, {"copy", image.copy}};
  put_metadata(value, image.metadata);
  if (image.inode != 0) {
    value["device"] = image.device;
    value["inode"] = image.inode;
  }
  return value;
}

StoredImage take_image(const Json& from) {
  StoredImage image;
  image.sha256 = from.at("sha256").get<std::string>();
  image.size = from.at("size").get<std::uint64_t>();
  image.copy = from.at("copy").get<std::string>();
  if (!is_copy_name(image.copy)) throw NotARecord{"the copy '" + image.copy + "' is not in before/ or after/"};
  image.metadata = take_metadata(from);
  image.device = from.value("device", std::uint64_t{0});
  image.inode = from.value("inode", std::uint64_t{0});
  return image;
}

Json to_value(const RecordedFile& file) {
  return {{"role", to_string(file.role)},
          {"path", file.node_path},
          {"before", file.before ? to_value(*file.before) : Json()},
          {"after", to_value(file.after)}};
}

RecordedFile take_file(const Json& from) {
  RecordedFile file;
  file.role = valid(role_of(from.at("role").get<std::string>()), "an unknown role");
  file.node_path = from.at("path").get<std::string>();
  if (!from.at("before").is_null()) file.before = take_image(from.at("before"));
  file.after = take_image(from.at("after"));
  return file;
}

Json to_value(const RecordedProvision& recorded) {
  const Provision& provision = recorded.provision;
  Json value = {{"kind", provision.kind == Provision::Kind::directory ? "directory" : "file"},
                {"path", provision.node_path},
                {"existed", recorded.existed}};
  put_metadata(value, provision.metadata);
  return value;
}

RecordedProvision take_provision(const Json& from) {
  RecordedProvision recorded;
  const std::string kind = from.at("kind").get<std::string>();
  if (kind != "directory" && kind != "file") throw NotARecord{"unknown kind '" + kind + "'"};
  recorded.provision.kind = kind == "file" ? Provision::Kind::empty_file : Provision::Kind::directory;
  recorded.provision.node_path = from.at("path").get<std::string>();
  recorded.provision.metadata = take_metadata(from);
  recorded.existed = from.at("existed").get<bool>();
  return recorded;
}

Json to_value(const WatchPlan& plan) {
  const node::ApiServer& server = plan.server;
  return {{"namespace", server.pod_namespace},
          {"pod", server.pod_name},
          {"container", server.container},
          {"address", server.bind_address},
          {"port", server.secure_port},
          {"certificates", server.certificate_files},
          {"client_certificate", server.client_certificate_file},
          {"client_key", server.client_key_file},
          {"audit_flags_before", plan.audit_flags_before},
          {"audit_flags_after", plan.audit_flags_after},
          {"pod_logs", plan.pod_log_directory},
          {"timeout", plan.times.timeout},
          {"settle", plan.times.settle},
          {"restart", plan.restart == WatchPlan::Restart::expected},
          {"hasten", plan.hasten == WatchPlan::Hasten::yes},
          {"trail", plan.trail ? Json(node::fields_of(*plan.trail)) : Json()}};
}

WatchPlan take_watch(const Json& from) {
  const auto text = [&](const char* key) { return from.at(key).get<std::string>(); };
  const auto list = [&](const char* key) { return from.at(key).get<std::vector<std::string>>(); };
  WatchPlan plan;
  plan.server = {text("namespace"),
                 text("pod"),
                 text("container"),
                 text("address"),
                 from.at("port").get<std::uint16_t>(),
                 list("certificates"),
                 text("client_certificate"),
                 text("client_key")};
  plan.audit_flags_before = list("audit_flags_before");
  plan.audit_flags_after = list("audit_flags_after");
  plan.pod_log_directory = text("pod_logs");
  plan.times.timeout = from.at("timeout").get<double>();
  plan.times.settle = from.at("settle").get<double>();
  plan.restart = from.at("restart").get<bool>() ? WatchPlan::Restart::expected : WatchPlan::Restart::none;
  plan.hasten = from.value("hasten", false) ? WatchPlan::Hasten::yes : WatchPlan::Hasten::no;
  if (const Json trail = from.value("trail", Json()); !trail.is_null()) {
    plan.trail = node::trail_plan_in(trail.get<node::Fields>());
  }
  return plan;
}

Json to_value(const Baseline& baseline) {
  Json processes = Json::array();
  for (const host::ProcessId& process : baseline.processes) {
    processes.push_back({{"pid", process.pid}, {"start_time", process.start_time}});
  }
  const node::KubeletLogMark& mark = baseline.kubelet_log;
  Json log = {
      {"file", mark.file}, {"offset", mark.offset}, {"inode", mark.inode}, {"since", mark.since}, {"pid", mark.pid}};
  return {{"boot_id", baseline.boot_id},
          {"began", baseline.began},
          {"after_reboot", baseline.boot == Baseline::Boot::later},
          {"processes", std::move(processes)},
          {"containers", baseline.attempts},
          {"kubelet_log", std::move(log)},
          {"hastened", baseline.signal == Baseline::Signal::sent}};
}

Baseline take_baseline(const Json& from) {
  Baseline baseline;
  baseline.boot_id = from.at("boot_id").get<std::string>();
  baseline.began = from.at("began").get<double>();
  baseline.boot = from.value("after_reboot", false) ? Baseline::Boot::later : Baseline::Boot::same;
  for (const Json& process : from.at("processes")) {
    baseline.processes.push_back({process.at("pid").get<int>(), process.at("start_time").get<std::uint64_t>()});
  }
  baseline.attempts = from.at("containers").get<std::vector<std::string>>();
  const Json& mark = from.at("kubelet_log");
  baseline.kubelet_log = {mark.at("file").get<std::string>(), mark.at("offset").get<std::uint64_t>(),
                          mark.at("inode").get<std::uint64_t>(), mark.at("since").get<std::string>(),
                          mark.at("pid").get<int>()};
  baseline.signal = from.value("hastened", false) ? Baseline::Signal::sent : Baseline::Signal::not_sent;
  return baseline;
}

Ending take_ending(const Json& from) {
  Ending ending = {from.at("seconds").get<double>(), from.at("reason").get<std::string>(),
                   from.at("log_tail").get<std::vector<std::string>>(),
                   from.at("errors").get<std::vector<std::string>>()};
  if (const Json proof = from.value("proof", Json()); !proof.is_null()) {
    ending.proof = node::proof_in(proof.get<node::Fields>());
  }
  return ending;
}

Json to_value(const Removal& removal) {
  return {{"path", removal.node_path}, {"sha256", removal.sha256.empty() ? Json() : Json(removal.sha256)}};
}

Removal take_removal(const Json& from) {
  const Json& sha256 = from.at("sha256");
  return {from.at("path").get<std::string>(), sha256.is_null() ? "" : sha256.get<std::string>()};
}

/// Lines for people: what is not UTF-8 in them is replaced.
Json printable(const Json& lines) { return Json::parse(lines.dump(-1, ' ', false, Json::error_handler_t::replace)); }

Record take_record(const Json& from) {
  Record record;
  record.program_version = from.at("kaudit").get<std::string>();
  record.id = from.at("id").get<std::string>();
  record.verb = from.at("verb").get<std::string>();
  record.state = valid(run_state_of(from.at("state").get<std::string>()), "an unknown state");
  record.started = from.at("started").get<std::string>();
  record.finished = from.at("finished").is_null() ? "" : from.at("finished").get<std::string>();
  record.summary = from.at("summary").get<std::vector<std::string>>();
  for (const Json& file : from.at("files")) record.files.push_back(take_file(file));
  for (const Json& provision : from.at("provisions")) record.provisions.push_back(take_provision(provision));
  const auto part = [&](const char* key) { return from.value(key, Json()); };
  if (const Json watch = part("watch"); !watch.is_null()) record.watch = take_watch(watch);
  if (const Json baseline = part("baseline"); !baseline.is_null()) record.baseline = take_baseline(baseline);
  if (const Json ending = part("ending"); !ending.is_null()) record.ending = take_ending(ending);
  for (const Json& removal : part("removals")) record.removals.push_back(take_removal(removal));
  if (record.files.empty() || record.files.front().role != Role::manifest) throw NotARecord{"no manifest in it"};
  return record;
}

ParsedRecord unreadable(Unreadable::Kind kind, std::string reason) { return {{}, {kind, std::move(reason)}}; }

bool has_its_end(std::string_view text) {
  constexpr std::string_view k_end = "\n}\n";
  return text.size() >= k_end.size() && text.substr(text.size() - k_end.size()) == k_end;
}

}  // namespace

Result<std::string> to_json(const Record& record) {
  try {
    Json value = {{"format_version", k_format_version},
                  {"kaudit", record.program_version},
                  {"id", record.id},
                  {"verb", record.verb},
                  {"state", to_string(record.state)},
                  {"started", record.started},
                  {"finished", record.finished.empty() ? Json() : Json(record.finished)},
                  {"summary", printable(record.summary)},
                  {"files", Json::array()},
                  {"provisions", Json::array()},
                  {"removals", Json::array()}};
    for (const RecordedFile& file : record.files) value["files"].push_back(to_value(file));
    for (const RecordedProvision& provision : record.provisions) value["provisions"].push_back(to_value(provision));
    value["watch"] = record.watch ? to_value(*record.watch) : Json();
    value["baseline"] = record.baseline ? to_value(*record.baseline) : Json();
    const Ending& ending = record.ending;
    value["ending"] = {{"seconds", ending.seconds},
                       {"reason", printable(ending.reason)},
                       {"log_tail", printable(ending.log_tail)},
                       {"errors", printable(ending.errors)},
                       {"proof", ending.proof ? printable(node::fields_of(*ending.proof)) : Json()}};
    for (const Removal& removal : record.removals) value["removals"].push_back(to_value(removal));
    return value.dump(2) + "\n";
  } catch (const Json::exception&) {
    return host::file_error(ExitStatus::refused, "path", "", "a path that is not UTF-8 cannot be recorded",
                            "rename the file");
  }
}

ParsedRecord from_json(std::string_view text) {
  if (!has_its_end(text)) return unreadable(Unreadable::Kind::cut_off, "it has no end");
  try {
    const Json value = Json::parse(text);
    const int version = value.at("format_version").get<int>();
    if (version > k_format_version) {
      return unreadable(Unreadable::Kind::newer, "format version " + std::to_string(version) + ", written by kaudit " +
                                                     value.value("kaudit", std::string("?")));
    }
    return {take_record(value), {}};
  } catch (const Json::exception& problem) {
    return unreadable(Unreadable::Kind::damaged, problem.what());
  } catch (const NotARecord& problem) {
    return unreadable(Unreadable::Kind::damaged, problem.reason);
  }
}

}  // namespace kaudit::rollout
