#include "yaml_composer.hpp"

#include <cmath>
#include <iterator>

#include "alias_limits.hpp"
#include "kaudit/text/yaml_lines.hpp"
#include "limits.hpp"
#include "scalar_value.hpp"
#include "yaml_frame.hpp"
#include "yaml_object.hpp"
#include "yaml_scalar.hpp"

namespace kaudit::decode {
namespace {

using Kind = TapeNode::Kind;

constexpr std::size_t k_most_findings = 1000;
constexpr std::size_t k_most_path_bytes = std::size_t{1} << 20;
class Composer {
 public:
  Composer(const text::Source& source, const Tape& tape, TypeDependent what)
      : m_source(source), m_tape(tape), m_what(what), m_aliases(tape.nodes.size()) {}

  Result<Composition> run() {
    if (m_tape.nodes.empty()) return Composition();
    KAUDIT_TRY_DO(count(0));
    KAUDIT_TRY_DO(decode(0));
    while (!m_frames.empty()) KAUDIT_TRY_DO(step());
    if (m_finding != k_no_finding) {
      return text::refuse(text::YamlLines(m_source), m_findings[static_cast<std::size_t>(m_finding)]);
    }
    return Composition{std::move(m_result), in_order(std::move(m_repeated))};
  }

 private:
  [[nodiscard]] const TapeNode& node(std::uint32_t index) const { return m_tape.nodes[index]; }

  [[nodiscard]] static text::Diagnostic finding(std::size_t offset, std::string code, std::string message,
                                                std::string hint = {}) {
    return {text::Severity::error, std::move(code), {}, std::move(message), std::move(hint), offset};
  }

  [[nodiscard]] Error refuse(std::size_t offset, std::string code, std::string message, std::string hint = {}) const {
    return text::refuse(text::YamlLines(m_source),
                        finding(offset, std::move(code), std::move(message), std::move(hint)));
  }

  /// What is wrong only if it is still there in the end: a later duplicate may take its place.
  std::int32_t note(text::Diagnostic found) {
    if (m_findings.size() < k_most_findings) m_findings.push_back(std::move(found));
    return static_cast<std::int32_t>(m_findings.size()) - 1;
  }

  Status count(std::uint32_t index) {
    if (m_aliases.count()) return Done{};
    return refuse(node(index).offset, "yaml-alias", "yaml: document contains excessive aliasing", "use fewer aliases");
  }

  /// Follows an alias: counts, and makes sure that it is not inside itself.
  Status enter_alias(std::uint32_t alias) {
    if (!m_aliases.enter(alias)) {
      return refuse(node(alias).offset, "yaml-alias", "yaml: an anchor's value contains itself");
    }
    return count(alias);
  }

  void leave_alias(std::uint32_t alias) {
    if (alias != k_no_alias) m_aliases.leave(alias);
  }

  /// Decodes node `index` as what the innermost frame expects: an item, a key or a value.
  Status decode(std::uint32_t index) {
    KAUDIT_TRY_DO(count(index));
    std::uint32_t alias = k_no_alias;
    const std::size_t offset = node(index).offset;
    if (node(index).kind == Kind::alias) {
      alias = index;
      KAUDIT_TRY_DO(enter_alias(alias));
      index = node(index).link;
    }
    if (node(index).kind == Kind::scalar) {
      KAUDIT_TRY_DO(decode_scalar(index, offset));
      leave_alias(alias);
      return Done{};
    }
    if (expects_key()) return collection_as_key(offset);
    Frame frame;
    frame.kind = node(index).kind == Kind::sequence ? Frame::Kind::sequence : Frame::Kind::mapping;
    frame.next = index + 1;
    frame.end = node(index).link;
    frame.offset = offset;
    frame.alias = alias;
    frame.target = m_frames.size();
    m_frames.push_back(std::move(frame));
    if (++m_depth > k_deepest) return refuse(offset, "too-deep", "json: exceeded max depth");
    return Done{};
  }

  [[nodiscard]] bool expects_key() const {
    if (m_frames.empty()) return false;
    const Frame& frame = m_frames.back();
    return (frame.kind == Frame::Kind::mapping || frame.kind == Frame::Kind::merge) && !frame.has_key;
  }

  [[nodiscard]] Error collection_as_key(std::size_t offset) const {
    return refuse(offset, "yaml-key", "yaml: invalid map key: a list or mapping cannot be a key");
  }

  Status decode_scalar(std::uint32_t index, std::size_t offset) {
    const TapeNode& scalar_node = node(index);
    if (!m_aliases.take_text(scalar_node.size)) {
      return refuse(offset, "not-modelled", "the aliases stand for more than 64 MiB of text");
    }
    ResolvedScalar resolved = resolve_scalar(m_tape.value(scalar_node), scalar_node.tag, scalar_node.implicit);
    if (resolved.not_modelled) {
      return refuse(offset, "not-modelled", "not known how Kubernetes reads this: " + resolved.problem);
    }
    if (!resolved.problem.empty()) return refuse(offset, "yaml-tag", "yaml: " + resolved.problem);
    if (expects_key()) {
      take_key(resolved.scalar, offset);
      return Done{};
    }
    std::int32_t found = k_no_finding;
    if (resolved.scalar.type == Scalar::Type::real && !std::isfinite(resolved.scalar.real)) {
      const std::string name = std::isnan(resolved.scalar.real) ? "NaN" : resolved.scalar.real > 0 ? "+Inf" : "-Inf";
      found =
          note(finding(offset, "yaml-value", "json: unsupported value: " + name, "put it in quotes if it is a text"));
    }
    deliver(scalar_value(std::move(resolved.scalar), offset), found);
    return Done{};
  }

  void take_key(const Scalar& scalar, std::size_t offset) {
    Frame& frame = m_frames.back();
    frame.has_key = true;
    frame.entry = YamlEntry{};
    frame.entry.key_type = scalar.type;
    frame.entry.key_real = scalar.real;
    frame.entry.key_replaced = scalar.replaced;
    frame.entry.member.key_offset = offset;
    if (scalar.type == Scalar::Type::null) {
      frame.entry.finding = note(finding(offset, "yaml-key", "unsupported map key of type: %!s(<nil>), key: <nil>",
                                         "an empty key, ~ or null is no text; put it in quotes if it is one"));
    } else if (scalar.type == Scalar::Type::unsigned_integer) {
      frame.entry.finding = note(finding(
          offset, "yaml-key", "unsupported map key of type: uint64, key: " + std::to_string(scalar.unsigned_integer),
          "put the number in quotes"));
    }
    frame.entry.member.key = key_text(scalar);
  }

  /// Gives a decoded value to the innermost frame, or it is the document.
  void deliver(Value value, std::int32_t found) {
    if (m_frames.empty()) {
      m_result = std::move(value);
      m_finding = found;
      return;
    }
    Frame& frame = m_frames.back();
    if (frame.kind == Frame::Kind::sequence) {
      if (frame.finding == k_no_finding) frame.finding = found;
      frame.items.push_back(std::move(value));
      return;
    }
    if (frame.entry.finding == k_no_finding) frame.entry.finding = found;
    frame.entry.member.value = std::move(value);
    frame.has_key = false;
    frame.entry.sequence = m_sequence++;
    m_frames[frame.target].entries.push_back(std::move(frame.entry));
  }

  Status step() {
    Frame& frame = m_frames.back();
    if (frame.kind == Frame::Kind::merge_list) return step_merge_list();
    if (frame.next == frame.end) {
      finish();
      return Done{};
    }
    const std::uint32_t child = frame.next;
    frame.next = m_tape.behind(child);
    if (expects_key() && is_merge_key(node(child))) {
      const std::uint32_t value = frame.next;
      frame.next = m_tape.behind(value);
      return merge(value);
    }
    frame.entry.value_line = node(child).line;
    return decode(child);
  }

  void finish() {
    Frame frame = std::move(m_frames.back());
    m_frames.pop_back();
    leave_alias(frame.alias);
    if (frame.kind == Frame::Kind::merge) return;
    --m_depth;
    if (frame.kind == Frame::Kind::sequence) {
      deliver(Value(std::move(frame.items), frame.offset), frame.finding);
      return;
    }
    YamlObject made = make_object(std::move(frame.entries), m_what);
    name_paths(made.repeated);
    std::move(made.repeated.begin(), made.repeated.end(), std::back_inserter(m_repeated));
    std::int32_t found = made.finding;
    if (made.has_collision && found == k_no_finding && m_what == TypeDependent::refused) {
      found = note(finding(made.collision_offset, "not-modelled",
                           "two keys become the same text \"" + made.collision_key +
                               "\", and Go picks one of them at random each time it reads the file",
                           "keep one of them"));
    }
    deliver(Value(std::move(made.object), frame.offset), found);
  }

  /// Of keys that are repeated in what stands inside all frames.
  void name_paths(std::vector<Repeated>& repeated) {
    if (repeated.empty() || m_path_bytes > k_most_path_bytes) return;
    const std::string prefix = path_of(m_frames);
    for (Repeated& one : repeated) {
      if (m_path_bytes > k_most_path_bytes) return;
      one.key.path = prefix + (prefix.empty() ? "" : ".") + one.key.key;
      m_path_bytes += one.key.path.size();
    }
  }

  /// decode.go isMerge.
  [[nodiscard]] bool is_merge_key(const TapeNode& key) const {
    return key.kind == Kind::scalar && m_tape.value(key) == "<<" && (key.implicit || key.tag == Tag::merge);
  }

  /// decode.go decoder.merge: a mapping, an alias of one, or a list of either; entries take the place of those
  /// already there.
  Status merge(std::uint32_t value) {
    if (node(value).kind != Kind::sequence) return merge_mapping(value);
    Frame frame;
    frame.kind = Frame::Kind::merge_list;
    frame.target = m_frames.back().target;
    for (std::uint32_t item = value + 1; item != node(value).link; item = m_tape.behind(item)) {
      frame.merged.push_back(item);
    }
    m_frames.push_back(std::move(frame));
    return Done{};
  }

  Status step_merge_list() {
    Frame& frame = m_frames.back();
    if (frame.merged.empty()) {
      m_frames.pop_back();
      return Done{};
    }
    const std::uint32_t item = frame.merged.back();
    frame.merged.pop_back();
    return merge_mapping(item);
  }

  Status merge_mapping(std::uint32_t value) {
    const bool is_alias = node(value).kind == Kind::alias;
    const std::uint32_t mapping = is_alias ? node(value).link : value;
    if (node(mapping).kind != Kind::mapping) {
      return refuse(node(value).offset, "yaml-merge", "yaml: map merge requires map or sequence of maps as the value",
                    "<< takes a mapping, an alias of one or a list of these; put it in quotes if it is a plain key");
    }
    KAUDIT_TRY_DO(count(value));
    if (is_alias) {
      KAUDIT_TRY_DO(enter_alias(value));
    }
    Frame frame;
    frame.kind = Frame::Kind::merge;
    frame.next = mapping + 1;
    frame.end = node(mapping).link;
    frame.alias = is_alias ? value : k_no_alias;
    frame.target = m_frames.back().target;
    m_frames.push_back(std::move(frame));
    return Done{};
  }

  const text::Source& m_source;
  const Tape& m_tape;
  TypeDependent m_what;
  std::vector<Frame> m_frames;
  std::vector<text::Diagnostic> m_findings;
  AliasLimits m_aliases;
  std::vector<Repeated> m_repeated;
  std::size_t m_sequence = 0;
  std::size_t m_depth = 0;
  std::size_t m_path_bytes = 0;
  Value m_result;
  std::int32_t m_finding = k_no_finding;
};

}  // namespace

Result<Composition> compose(const text::Source& source, const Tape& tape, TypeDependent what) {
  return Composer(source, tape, what).run();
}

}  // namespace kaudit::decode
