#include "deploy/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tiendo {
namespace {

std::string in_numbers(const Counters& counters) {
  return fmt::format("{} received = {} accepted + {} duplicate + {} rejected", counters.received(),
                     counters.accepted, counters.duplicate, counters.rejected_total());
}

// What a head must say once all of its records were seen.
void compare_head(StreamVerification& found, const StreamHead& head, Instant recorded_at,
                  int64_t next_offset) {
  if (found.counted != head.counters) {
    found.faults.push_back(fmt::format("the head counts {}, the records come to {}",
                                       in_numbers(head.counters), in_numbers(found.counted)));
  }
  if (found.counted.received() != head.next_position) {
    found.faults.push_back(fmt::format("the head is at position {}, and there are {} records",
                                       head.next_position, found.counted.received()));
  }
  if (recorded_at != head.recorded_at) {
    found.faults.push_back("the head's recorded_at is not that of the last record");
  }
  if (next_offset != head.next_offset) {
    found.faults.push_back(fmt::format("the head goes on at offset {}, the records end before {}",
                                       head.next_offset, next_offset));
  }
}

}  // namespace

StreamVerification verify_stream(const LogReader& log, StreamName stream, const StreamHead& head,
                                 const std::function<void()>& progress) {
  StreamVerification found{.stream = stream};
  Instant recorded_at;
  int64_t next_offset = 0;
  const Status scanned = log.scan(stream, 0, head.next_position, [&](const Record& record) {
    if (record.recorded_at < recorded_at) {
      found.faults.push_back(fmt::format("recorded_at falls at position {}", record.position));
    }
    recorded_at = record.recorded_at;
    if (record.message.offset >= 0) {
      if (record.message.offset < next_offset) {
        found.faults.push_back(fmt::format("the offset repeats at position {}", record.position));
      }
      next_offset = record.message.offset + 1;
    }
    found.counted.add(record.judgement);
    progress();
    return true;
  });
  if (scanned.ok()) {
    compare_head(found, head, recorded_at, next_offset);
  } else {
    found.faults.push_back(scanned.error().message);
  }
  return found;
}

bool Verification::clean() const {
  return std::all_of(streams_.begin(), streams_.end(),
                     [](const StreamVerification& stream) { return stream.faults.empty(); }) &&
         std::all_of(editions_.begin(), editions_.end(),
                     [](const EditionVerification& edition) { return edition.fault.empty(); });
}

std::string Verification::in_words(Language language) const {
  std::string text;
  for (const StreamVerification& stream : streams_) {
    text += fmt::format("{}  {}\n", stream.stream.text(), in_numbers(stream.counted));
    for (const std::string& fault : stream.faults) text += "  ! " + fault + "\n";
  }
  const bool vi = language == Language::vi;
  for (const EditionVerification& edition : editions_) {
    text +=
        fmt::format("{} {} {} {}  {}\n", vi ? "công bố" : "publication", edition.head.publication,
                    vi ? "bản" : "edition", edition.head.edition, to_hex(edition.head.digest));
    if (!edition.fault.empty()) text += "  ! " + edition.fault + "\n";
  }
  if (clean()) return text + (vi ? "sổ khớp với chính nó\n" : "the log adds up\n");
  return text + (vi ? "SỔ KHÔNG KHỚP\n" : "THE LOG DOES NOT ADD UP\n");
}

Status verify_editions(const LogReader& log, Verification& verification) {
  const EditionReader reader(log);
  TRY_ASSIGN(heads, reader.heads());
  for (const EditionHead& head : heads) {
    const auto text = reader.text(head);
    verification.add(EditionVerification{head, text.ok() ? "" : text.error().message});
  }
  return Done{};
}

}  // namespace tiendo
