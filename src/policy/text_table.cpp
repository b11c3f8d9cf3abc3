#include "text_table.hpp"

#include <utility>

namespace kaudit::policy {

TextTable::Entry& TextTable::at(std::uint64_t tag, std::string_view text) {
  if (m_entries.size() <= std::size_t{m_count} * 2) grow();
  const auto print = fingerprint(text);
  auto place = first_place(print, tag, text.size());
  while (m_entries[place].data != nullptr) {
    if (is(m_entries[place], print, tag, text)) return m_entries[place];
    place = (place + 1) & (m_entries.size() - 1);
  }
  auto& entry = m_entries[place];
  entry.print = print;
  entry.tag = tag;
  entry.data = text.data() != nullptr ? text.data() : "";
  entry.size = text.size();
  entry.id = m_count++;
  m_ends |= end_of(text);
  return entry;
}

void TextTable::grow() {
  const auto before = std::exchange(m_entries, {});
  m_entries.resize(before.empty() ? 8 : before.size() * 2);
  m_shift = before.empty() ? 61 : m_shift - 1;
  for (const auto& entry : before) {
    if (entry.data == nullptr) continue;
    auto place = first_place(entry.print, entry.tag, entry.size);
    while (m_entries[place].data != nullptr) place = (place + 1) & (m_entries.size() - 1);
    m_entries[place] = entry;
  }
}

}  // namespace kaudit::policy
