#include "query/target.h"

#include <algorithm>

#include "events/text.h"
#include "events/whole_number.h"

namespace tiendo {
namespace {

enum class Plus { literal, space };

Error invalid(std::string why) { return {"target_invalid", std::move(why)}; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus == Plus::space) {
      c = ' ';
    } else if (c == '%') {
      if (text.size() - i < 3) return invalid("a percent sign is not followed by two hex digits");
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return invalid("a percent sign is not followed by two hex digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return invalid("it holds a NUL");
    decoded += c;
  }
  if (!is_utf8(decoded)) return invalid("it is not UTF-8 once decoded");
  return decoded;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

template <class Each>
Status for_each_piece(std::string_view text, char separator, Each each) {
  while (true) {
    const std::size_t end = text.find(separator);
    TRY_DO(each(text.substr(0, end)));
    if (end == std::string_view::npos) return Done{};
    text.remove_prefix(end + 1);
  }
}

Status check_path(std::string_view path) {
  if (std::any_of(path.begin(), path.end(), is_control))
    return invalid("the path holds a control character");
  if (path.find('\\') != std::string_view::npos) return invalid("the path holds a backslash");
  // Over the decoded path, so that an escaped slash hides nothing.
  return for_each_piece(path, '/', [](std::string_view piece) -> Status {
    if (piece == "." || piece == "..") return invalid("the path holds a segment \".\" or \"..\"");
    return Done{};
  });
}

Status take_path(std::string_view raw, RequestTarget& target) {
  if (raw == "/") {
    target.path = "/";
    return Done{};
  }
  TRY_DO(for_each_piece(raw.substr(1), '/', [&](std::string_view piece) -> Status {
    TRY_ASSIGN(segment, percent_decoded(piece, Plus::literal));
    target.path += '/';
    target.path += segment;
    target.segments.push_back(std::move(segment));
    return Done{};
  }));
  return check_path(target.path);
}

Status take_query(std::string_view raw, RequestTarget& target) {
  return for_each_piece(raw, '&', [&](std::string_view piece) -> Status {
    if (piece.empty()) return Done{};
    const std::size_t equals = piece.find('=');
    TRY_ASSIGN(name, percent_decoded(piece.substr(0, equals), Plus::space));
    std::string value;
    if (equals != std::string_view::npos) {
      TRY_ASSIGN(decoded, percent_decoded(piece.substr(equals + 1), Plus::space));
      value = std::move(decoded);
    }
    target.parameters.push_back({std::move(name), std::move(value)});
    return Done{};
  });
}

// "http://host/path?query" to "/path?query".
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    target.remove_prefix(scheme.size());
    const std::size_t path = target.find_first_of("/?");
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

}  // namespace

Result<RequestTarget> parse_request_target(std::string_view text) {
  text = without_authority(text);
  if (text.find('#') != std::string_view::npos) return invalid("it holds a fragment (#)");
  const std::size_t question = text.find('?');
  const std::string_view path = text.substr(0, question);
  if (path.empty() || path[0] != '/') return invalid("it does not begin with a slash");
  RequestTarget target;
  TRY_DO(take_path(path, target));
  if (question != std::string_view::npos) TRY_DO(take_query(text.substr(question + 1), target));
  return target;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kept = "-._~:@";
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alphanumeric || kept.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return encoded;
}

Result<HostPort> parse_host_port(std::string_view text) {
  const Error wrong{"wrong_use", "\"" + std::string(text) +
                                     "\" is no address: write HOST:PORT, such as 127.0.0.1:8080"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.empty() || host.find_first_of(":[]/ ") != std::string_view::npos) {
    return wrong;
  }
  const auto port = whole_number<uint16_t>(digits);
  if (!port) return wrong;
  return HostPort{std::string(host), *port};
}

}  // namespace tiendo
