// Takes one HTTP/1.1 answer apart as its bytes arrive, for the client. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "events/result.h"
#include "query/http_message.h"

namespace tiendo {

class AnswerReader {
 public:
  struct Options {
    std::size_t head_bytes_max = 64u << 10;
    std::size_t body_bytes_max = 256u << 20;
    bool to_head_request = false;  // then the answer ends with its headers
  };

  explicit AnswerReader(Options options) : options_(options) {}

  // Takes the next bytes, in pieces of any size. Error: protocol, and nothing more is taken.
  Status take(std::string_view bytes);
  // The server has closed its end. Error: connection_lost, unless the answer is complete by that.
  Status end();

  [[nodiscard]] bool done() const { return state_ == State::done; }
  // Whether another request may follow on this connection. Of a done answer.
  [[nodiscard]] bool keep_alive() const { return keep_alive_ && bytes_.empty(); }
  [[nodiscard]] HttpResponse response() && { return std::move(response_); }

 private:
  enum class State { head, body, body_to_end, chunk_size, chunk, chunk_end, trailers, done };

  // One step through bytes_; false when it needs more of them.
  Result<bool> step();
  Result<bool> take_head();
  Status take_head_lines(std::string_view head);
  Status choose_body();
  Result<bool> take_chunk_size();
  // Moves what is there of the `left_` bytes to the body; then goes on in `next`.
  bool take_counted(State next);
  // Whether what ends with a mark at `end` (npos: not yet) has more than `max` bytes with the mark,
  // said as soon as it is certain.
  [[nodiscard]] bool is_over(std::size_t max, std::size_t end, std::size_t mark_bytes) const;
  // The next line without its end, if it is all there.
  Result<std::optional<std::string>> line();

  Options options_;
  State state_ = State::head;
  std::string bytes_;  // received and not yet taken
  std::size_t left_ = 0;
  bool keep_alive_ = true;
  HttpResponse response_;
};

}  // namespace tiendo
