#include "rollout/lingering.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace kaudit::rollout;
using LingeringAction = LingeringStep::Action;
using Manifest = Sight::Manifest;
using Server = Sight::Server;

namespace {

Sight sight(Server server = Server::none, Manifest manifest = Manifest::ours) {
  Sight sight;
  sight.server = server;
  sight.manifest = manifest;
  return sight;
}

/// One look: at this moment, this was seen.
struct Look {
  double now;
  Lingerer lingerer;
  Sight sight = ::sight();
};

/// The action of each look.
std::vector<LingeringAction> play(const std::vector<Look>& looks) {
  std::vector<LingeringAction> actions;
  Lingering state;
  for (const Look& look : looks) {
    const LingeringStep next = step(state, look.sight, look.lingerer, look.now);
    actions.push_back(next.action);
    state = next.state;
  }
  return actions;
}

constexpr auto k_lingers = Lingerer::lingers;
constexpr auto k_wait = LingeringAction::wait;

}  // namespace

TEST_CASE("an old server that has been seen to linger for two seconds may be ended", "[hasten]") {
  CHECK(play({{0.1, k_lingers}, {0.4, k_lingers}, {2.0, k_lingers}, {2.1, k_lingers}}) ==
        std::vector<LingeringAction>{k_wait, k_wait, k_wait, LingeringAction::end_it});
}

TEST_CASE("the seconds count from the first look that saw it linger, not from the rename", "[hasten]") {
  CHECK(play({{9.0, Lingerer::listens}, {10.0, k_lingers}, {11.0, k_lingers}, {11.9, k_lingers}, {12.0, k_lingers}}) ==
        std::vector<LingeringAction>{k_wait, k_wait, k_wait, k_wait, LingeringAction::end_it});
}

TEST_CASE("two looks are not enough, however far apart", "[hasten]") {
  CHECK(play({{0.1, k_lingers}, {60, k_lingers}, {60.3, k_lingers}}) ==
        std::vector<LingeringAction>{k_wait, k_wait, LingeringAction::end_it});
}

TEST_CASE("each look that saw anything else begins anew", "[hasten]") {
  const std::vector<Look> others = {{2.5, Lingerer::listens},
                                    {2.5, Lingerer::unseen},
                                    {2.5, k_lingers, sight(Server::wrong)},
                                    {2.5, k_lingers, sight(Server::right)},
                                    {2.5, k_lingers, sight(Server::unseen)},
                                    {2.5, k_lingers, sight(Server::none, Manifest::other)},
                                    {2.5, k_lingers, sight(Server::none, Manifest::unreadable)}};
  for (const Look& other : others) {
    INFO(static_cast<int>(other.lingerer)
         << " " << static_cast<int>(other.sight.server) << " " << static_cast<int>(other.sight.manifest));
    CHECK(play({{0.1, k_lingers},
                {1.0, k_lingers},
                other,
                {2.6, k_lingers},
                {3.0, k_lingers},
                {4.5, k_lingers},
                {4.7, k_lingers}}) ==
          std::vector<LingeringAction>{k_wait, k_wait, k_wait, k_wait, k_wait, k_wait, LingeringAction::end_it});
  }
}

TEST_CASE("no sight but that of a process that only lingers ever ends one", "[hasten]") {
  const Lingering long_since{1.0, 100};
  for (const auto lingerer : {Lingerer::listens, k_lingers, Lingerer::ended, Lingerer::unseen}) {
    for (const auto server : {Server::none, Server::wrong, Server::right, Server::unseen}) {
      for (const auto manifest : {Manifest::ours, Manifest::other, Manifest::unreadable}) {
        for (const double now : {1.0, 2.9, 3.0, 300.0}) {
          const bool may = lingerer == k_lingers && server == Server::none && manifest == Manifest::ours && now >= 3.0;
          CHECK((step(long_since, sight(server, manifest), lingerer, now).action == LingeringAction::end_it) == may);
        }
      }
    }
  }
}

TEST_CASE("one that has ended by itself is not looked at any more", "[hasten]") {
  CHECK(play({{0.1, k_lingers}, {0.2, Lingerer::ended}}) ==
        std::vector<LingeringAction>{k_wait, LingeringAction::forget_it});
  CHECK(play({{0.2, Lingerer::ended, sight(Server::right)}}) ==
        std::vector<LingeringAction>{LingeringAction::forget_it});
}
