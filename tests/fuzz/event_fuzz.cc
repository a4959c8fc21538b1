// Any message gets one verdict, the same each time, with words a person can read; an accepted one
// says the same as itself, and what its headers say is no business of a structured one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "events/ensure.h"
#include "events/event.h"
#include "events/text.h"
#include "ingest/judge.h"

namespace tiendo {
namespace {

// Lines before an empty line are headers, NAME: VALUE; what follows is the value.
Message message_of(std::string_view bytes) {
  Message message;
  while (true) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view line = bytes.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (!line.empty() && colon == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    if (line.empty()) break;
    message.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
  }
  message.value = std::string(bytes);
  return message;
}

void check(std::string_view bytes) {
  static Judge judge;
  static Judge other;
  const Message message = message_of(bytes);
  const Judged judged = judge.judge(message);
  const Judged again = other.judge(message);
  ENSURE(judged.refusal == again.refusal && judged.identity == again.identity,
         "a verdict does not depend on what was judged before");
  if (judged.refusal) {
    const Sentence sentence = sentence_of(*judged.refusal);
    ENSURE(!sentence.vi.empty() && !sentence.en.empty(), "every refusal has words");
    ENSURE(is_utf8(sentence.vi) && is_utf8(sentence.en), "words are text");
    return;
  }
  ENSURE(!judge.event().id.empty() && !judge.event().source.empty(), "accepted: it has a name");
  ENSURE(same_content(message, message), "an accepted event says what it says");
}

}  // namespace
}  // namespace tiendo

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  tiendo::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
