#include <algorithm>
#include <sstream>

#include "connection.hpp"
#include "kaudit/host/http.hpp"
#include "kaudit/host/run_program.hpp"

namespace kaudit::host {

std::vector<std::string> addresses_of(const std::string& name, int timeout_ms) {
  constexpr std::size_t k_limit = std::size_t{64} << 10U;
  if (is_numeric_address(name)) return {name};
  if (name.empty() || name.front() == '-') return {};  // an option for getent
  std::vector<std::string> addresses;
  const ProgramResult result = run_program({"getent", "ahosts", name}, k_limit, timeout_ms);
  std::istringstream lines(result.exit_code == 0 ? result.output : std::string());
  // "10.0.0.1       STREAM receiver.example": one line for each kind of socket
  for (std::string line; std::getline(lines, line);) {
    const std::string address = line.substr(0, line.find_first_of(" \t"));
    const bool is_new = std::find(addresses.begin(), addresses.end(), address) == addresses.end();
    if (is_new && is_numeric_address(address)) addresses.push_back(address);
  }
  return addresses;
}

}  // namespace kaudit::host
