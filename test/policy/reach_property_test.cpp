#include <algorithm>

#include "support/catch.hpp"

#include "kaudit/policy/reach.hpp"
#include "policy/reference.hpp"

using kaudit::kube::Version;
using kaudit::policy::OwnedRequest;
using kaudit::policy::Policy;
using kaudit::policy::Reach;
using kaudit::policy::RequestKind;
using kaudit::test::Random;
using kaudit::test::Shape;

namespace {

using Texts = std::vector<std::string>;

/// Every request over the texts that random policies of `shape` are made of, and one text they never hold.
class Universe {
 public:
  explicit Universe(Shape shape) {
    for (std::size_t i = 0; i < shape.texts; ++i) m_texts.push_back(kaudit::test::text_of(i));
    m_texts.emplace_back("never");
  }

  template <typename Use>
  void visit(Use&& use) const {
    OwnedRequest request;
    for (std::size_t i = 0; i <= m_texts.size(); ++i) {
      request.user.reset();
      if (i > 0) request.user = m_texts[i - 1];
      for (const auto& groups : sets_of_groups()) {
        request.groups = groups;
        for (const auto& verb : m_texts) {
          request.verb = verb;
          visit_paths(request, use);
          visit_resources(request, use);
        }
      }
    }
  }

 private:
  [[nodiscard]] std::vector<Texts> sets_of_groups() const {
    std::vector<Texts> result = {{}, m_texts};
    for (const auto& text : m_texts) result.push_back({text});
    return result;
  }

  template <typename Use>
  void visit_paths(OwnedRequest request, Use& use) const {
    request.kind = RequestKind::non_resource;
    for (const auto* path : {"/", "/a", "/b", "/ab", "/a/b", "/a/never", "/never", "never", "", "/a*b", "/b/a"}) {
      request.path = path;
      use(request);
    }
  }

  template <typename Use>
  void visit_resources(OwnedRequest request, Use& use) const {
    request.kind = RequestKind::resource;
    for (const auto& name_space : m_texts) {
      request.name_space = name_space;
      for (const auto& group : m_texts) {
        request.api_group = group;
        for (const auto& name : m_texts) {
          request.name = name;
          visit_objects(request, use);
        }
      }
    }
  }

  template <typename Use>
  void visit_objects(OwnedRequest& request, Use& use) const {
    for (const auto* resource : {"a", "b", "*", "", "never", "a/b", "*/b"}) {
      request.resource = resource;
      for (const auto* subresource : {"", "a", "b", "b/c", "*", "never"}) {
        request.subresource = subresource;
        use(request);
      }
    }
  }

  Texts m_texts;
};

/// The requests are asked in an order that has nothing to do with how they are made; only some, to save time.
void check_against(const Policy& policy, Version version, const std::vector<Reach>& answers, Shape shape,
                   std::size_t stride) {
  std::size_t number = 0;
  Universe(shape).visit([&](const OwnedRequest& request) {
    if (number++ % stride != 0) return;
    for (std::uint32_t i = 0; i < policy.rules.size(); ++i) {
      if (!kaudit::test::matches(policy.rules[i], request, version)) continue;
      const bool is_real = (request.resource + request.subresource).find('/') == std::string::npos;
      if (is_real ? !answers[i].decides_no_real_request() : answers[i].answer == Reach::Answer::reachable) return;
      const auto& covers = answers[i].covered_by;
      FAIL_CHECK("rule " << i << " of " << policy.rules.size() << ", called unreachable, decides "
                         << kaudit::test::describe(request) << "; covers: " << covers.size());
      return;
    }
  });
}

}  // namespace

TEST_CASE("what reach says of small policies is true", "[reach][property]") {
  std::size_t unreachable = 0;
  std::size_t together = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(Random(seed).next());
    const Shape shape{1 + seed % 4, 1 + seed % 3};
    const auto policy = random_policy(random, 2 + seed % 7, shape);
    const Version version{1, random.one_in(2) ? 35 : 36};
    const auto answers = reach(policy, version);
    INFO("seed " << seed);
    REQUIRE(answers.size() == policy.rules.size());
    for (std::uint32_t i = 0; i < answers.size(); ++i) {
      REQUIRE(answers[i].answer != Reach::Answer::open);
      if (answers[i].answer == Reach::Answer::reachable) {
        REQUIRE(kaudit::test::first_match(policy, *answers[i].witness, version) == i);
        continue;
      }
      ++unreachable;
      together += answers[i].covered_by.size() > 1 ? 1U : 0U;
      REQUIRE(std::all_of(answers[i].covered_by.begin(), answers[i].covered_by.end(), [&](auto j) { return j < i; }));
    }
    check_against(policy, version, answers, shape, seed % 3 == 2 ? 97 : 11);
  }
  CHECK(unreachable > 100);
  CHECK(together > 10);
}

TEST_CASE("the rules named as covers match all that an unreachable rule matches", "[reach][property]") {
  std::size_t matched = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(Random(seed + 10'000).next());
    const Shape shape{1 + seed % 4, 4};
    const auto policy = random_policy(random, 4 + seed % 9, shape);
    const Version version{1, random.one_in(2) ? 35 : 36};
    const auto answers = reach(policy, version);
    for (int k = 0; k < 200; ++k) {
      const auto request = random_request(random, shape);
      for (std::uint32_t i = 0; i < answers.size(); ++i) {
        if (answers[i].answer != Reach::Answer::unreachable) continue;
        if (!kaudit::test::matches(policy.rules[i], request, version)) continue;
        ++matched;
        const auto& covers = answers[i].covered_by;
        INFO("seed " << seed << ", rule " << i << ": " << kaudit::test::describe(request));
        REQUIRE(std::any_of(covers.begin(), covers.end(),
                            [&](auto j) { return kaudit::test::matches(policy.rules[j], request, version); }));
      }
    }
  }
  CHECK(matched > 500);
}
