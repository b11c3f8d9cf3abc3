#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "kaudit/host/system_error.hpp"
#include "record.hpp"

namespace kaudit::rollout {
namespace {

using Json = nlohmann::ordered_json;

/// What is wrong with a record that is JSON; ends in from_json.
struct NotARecord {
  std::string reason;
};

constexpr std::string_view k_digits = "0123456789abcdef";

/// As getfattr(1) and setfattr(1) write values: 0x and hexadecimal.
std::string to_hex(std::string_view bytes) {
  std::string text = "0x";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += k_digits[value >> 4U];
    text += k_digits[value & 15U];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  if (text.substr(0, 2) != "0x" || text.size() % 2 != 0) throw NotARecord{"an attribute's value is not hexadecimal"};
  std::string bytes;
  for (std::size_t at = 2; at < text.size(); at += 2) {
    const std::size_t high = k_digits.find(text[at]);
    const std::size_t low = k_digits.find(text[at + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) throw NotARecord{"a digit that is none"};
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string to_octal(std::uint32_t mode) {
  std::array<char, 16> text{};
  char* const end = std::to_chars(text.data(), text.data() + text.size(), mode, 8).ptr;
  return "0" + std::string(text.data(), end);
}

std::uint32_t from_octal(const std::string& text) {
  std::uint32_t mode = 0;
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data(), end, mode, 8).ptr != end || mode > 07777U) throw NotARecord{"a mode that is none"};
  return mode;
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
  metadata.mode = from_octal(from.at("mode").get<std::string>());
  metadata.uid = from.at("uid").get<std::uint32_t>();
  metadata.gid = from.at("gid").get<std::uint32_t>();
  for (const auto& [name, value] : from.at("attributes").items()) {
    metadata.attributes.push_back({name, from_hex(value.get<std::string>())});
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

/// The copies of a record lie below its own folder, whoever wrote it.
std::string safe_copy(std::string copy) {
  const std::size_t slash = copy.find('/');
  const std::string folder = copy.substr(0, slash);
  const std::string name = slash == std::string::npos ? "" : copy.substr(slash + 1);
  if ((folder != "before" && folder != "after") || name.empty() || name == "." || name == ".." ||
      name.find('/') != std::string::npos) {
    throw NotARecord{"the copy '" + copy + "' is not in before/ or after/"};
  }
  return copy;
}

StoredImage take_image(const Json& from) {
  StoredImage image;
  image.sha256 = from.at("sha256").get<std::string>();
  image.size = from.at("size").get<std::uint64_t>();
  image.copy = safe_copy(from.at("copy").get<std::string>());
  image.metadata = take_metadata(from);
  image.device = from.value("device", std::uint64_t{0});
  image.inode = from.value("inode", std::uint64_t{0});
  return image;
}

Role take_role(const std::string& text) {
  for (const Role role : {Role::manifest, Role::policy, Role::webhook_config, Role::webhook_file}) {
    if (text == to_string(role)) return role;
  }
  throw NotARecord{"unknown role '" + text + "'"};
}

RunState take_state(const std::string& text) {
  for (const RunState state : {RunState::prepared, RunState::written, RunState::abandoned}) {
    if (text == to_string(state)) return state;
  }
  throw NotARecord{"unknown state '" + text + "'"};
}

Json to_value(const RecordedFile& file) {
  return {{"role", to_string(file.role)},
          {"path", file.node_path},
          {"before", file.before ? to_value(*file.before) : Json()},
          {"after", to_value(file.after)}};
}

RecordedFile take_file(const Json& from) {
  RecordedFile file;
  file.role = take_role(from.at("role").get<std::string>());
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

/// Lines for people: what is not UTF-8 in them is replaced.
Json printable(const std::vector<std::string>& lines) {
  return Json::parse(Json(lines).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Record take_record(const Json& from) {
  Record record;
  record.program_version = from.at("kaudit").get<std::string>();
  record.id = from.at("id").get<std::string>();
  record.verb = from.at("verb").get<std::string>();
  record.state = take_state(from.at("state").get<std::string>());
  record.started = from.at("started").get<std::string>();
  record.finished = from.at("finished").is_null() ? "" : from.at("finished").get<std::string>();
  record.summary = from.at("summary").get<std::vector<std::string>>();
  for (const Json& file : from.at("files")) record.files.push_back(take_file(file));
  for (const Json& provision : from.at("provisions")) record.provisions.push_back(take_provision(provision));
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
                  {"provisions", Json::array()}};
    for (const RecordedFile& file : record.files) value["files"].push_back(to_value(file));
    for (const RecordedProvision& provision : record.provisions) value["provisions"].push_back(to_value(provision));
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
