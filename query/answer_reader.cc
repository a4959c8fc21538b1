#include "query/answer_reader.h"

#include <algorithm>

#include "events/whole_number.h"

namespace tiendo {
namespace {

Error malformed_answer(std::string_view what) {
  return {"protocol", "the answer is not HTTP/1.1: " + std::string(what)};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Status AnswerReader::take(std::string_view bytes) {
  bytes_ += bytes;
  bool more = true;
  while (more && !done()) {
    TRY_ASSIGN(stepped, step());
    more = stepped;
  }
  return Done{};
}

Status AnswerReader::end() {
  if (state_ == State::body_to_end) state_ = State::done;
  keep_alive_ = false;
  if (!done()) return Error{"connection_lost", "the connection ended before the answer did"};
  return Done{};
}

Result<bool> AnswerReader::step() {
  switch (state_) {
    case State::head:
      return take_head();
    case State::body:
      return take_counted(State::done);
    case State::body_to_end:
      left_ = bytes_.size();
      if (response_.body.size() + left_ > options_.body_bytes_max)
        return malformed_answer("its body is too large");
      take_counted(State::body_to_end);
      return false;
    case State::chunk_size:
      return take_chunk_size();
    case State::chunk:
      return take_counted(State::chunk_end);
    case State::chunk_end:
    case State::trailers: {
      TRY_ASSIGN(text, line());
      if (!text) return false;
      if (state_ == State::trailers) {
        if (text->empty()) state_ = State::done;
      } else if (text->empty()) {
        state_ = State::chunk_size;
      } else {
        return malformed_answer("a chunk is longer than it says");
      }
      return true;
    }
    case State::done:
      break;
  }
  return false;
}

Result<bool> AnswerReader::take_head() {
  const std::size_t end = bytes_.find("\r\n\r\n");
  if (is_over(options_.head_bytes_max, end, 4))
    return malformed_answer("its headers are too large");
  if (end == std::string::npos) return false;
  const std::string head = bytes_.substr(0, end + 2);
  bytes_.erase(0, end + 4);
  TRY_DO(take_head_lines(head));
  TRY_DO(choose_body());
  return true;
}

Status AnswerReader::take_head_lines(std::string_view head) {
  const std::size_t first_end = head.find("\r\n");
  const std::string_view first = head.substr(0, first_end);
  const int status = first.size() < 12 ? 0 : whole_number<int>(first.substr(9, 3)).value_or(0);
  if (status < 100 || first.substr(0, 7) != "HTTP/1." || first[8] != ' ')
    return malformed_answer("it begins with no status line");
  response_.status = status;
  keep_alive_ = first[7] == '1';
  response_.headers.clear();
  head.remove_prefix(first_end + 2);
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view text = head.substr(0, end);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return malformed_answer("a header has no colon");
    HttpHeader header{std::string(text.substr(0, colon)),
                      std::string(trimmed(text.substr(colon + 1)))};
    if (!is_sendable(header)) return malformed_answer("a header is malformed");
    response_.headers.push_back(std::move(header));
    head.remove_prefix(end + 2);
  }
  return Done{};
}

Status AnswerReader::choose_body() {
  const HttpHeaders& headers = response_.headers;
  response_.content_type = find_header(headers, "Content-Type").value_or("");
  if (same_ascii(find_header(headers, "Connection").value_or(""), "close")) keep_alive_ = false;
  if (response_.status < 200) return Done{};  // announces another answer: back to State::head
  if (options_.to_head_request || response_.status == 204 || response_.status == 304) {
    state_ = State::done;
    return Done{};
  }
  const auto coding = find_header(headers, "Transfer-Encoding");
  const auto length = find_header(headers, "Content-Length");
  if (coding && (length || !same_ascii(*coding, "chunked")))
    return malformed_answer("the length of its body is not clear");
  state_ = coding ? State::chunk_size : length ? State::body : State::body_to_end;
  if (!length) return Done{};
  const auto bytes = whole_number<std::size_t>(*length);
  if (!bytes) return malformed_answer("its Content-Length is no number");
  if (*bytes > options_.body_bytes_max) return malformed_answer("its body is too large");
  left_ = *bytes;
  return Done{};
}

Result<bool> AnswerReader::take_chunk_size() {
  TRY_ASSIGN(text, line());
  if (!text) return false;
  const std::string_view digits = trimmed(std::string_view(*text).substr(0, text->find(';')));
  const auto bytes = whole_number<std::size_t>(digits, 16);
  if (!bytes) return malformed_answer("the size of a chunk is no number");
  if (*bytes > options_.body_bytes_max - response_.body.size())
    return malformed_answer("its body is too large");
  left_ = *bytes;
  state_ = left_ == 0 ? State::trailers : State::chunk;
  return true;
}

bool AnswerReader::take_counted(State next) {
  const std::size_t taken = std::min(left_, bytes_.size());
  response_.body.append(bytes_, 0, taken);
  bytes_.erase(0, taken);
  left_ -= taken;
  if (left_ > 0) return false;
  state_ = next;
  return true;
}

bool AnswerReader::is_over(std::size_t max, std::size_t end, std::size_t mark_bytes) const {
  return end == std::string::npos ? bytes_.size() >= max : end + mark_bytes > max;
}

Result<std::optional<std::string>> AnswerReader::line() {
  const std::size_t end = bytes_.find("\r\n");
  if (is_over(options_.head_bytes_max, end, 2)) return malformed_answer("a line is too long");
  if (end == std::string::npos) return std::optional<std::string>();
  std::string text = bytes_.substr(0, end);
  bytes_.erase(0, end + 2);
  return std::optional<std::string>(std::move(text));
}

}  // namespace tiendo
