// The one way to say that something could not be done. A Result<T> holds a T or an Error; an Error
// has a stable code for programs and a message for people. Exceptions of libraries are turned into
// Errors in the one .cc that calls the library.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "events/ensure.h"

namespace tiendo {

struct Error {
  std::string code;     // stable, snake_case: "io", "corrupt", "wrong_use", "not_found", ...
  std::string message;  // what happened, where, and what to do next

  [[nodiscard]] Error with_context(std::string_view context) const {
    return {code, std::string(context) + ": " + message};
  }
};

struct Done {};  // the value of an operation that only succeeds

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    ENSURE(ok(), "value() of a failed Result");
    return std::get<0>(state_);
  }
  [[nodiscard]] T& value() & {
    ENSURE(ok(), "value() of a failed Result");
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    ENSURE(ok(), "value() of a failed Result");
    return std::get<0>(std::move(state_));
  }
  [[nodiscard]] const Error& error() const {
    ENSURE(!ok(), "error() of a Result that succeeded");
    return std::get<1>(state_);
  }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Done>;

}  // namespace tiendo

#define TIENDO_JOIN_(a, b) a##b
#define TIENDO_JOIN(a, b) TIENDO_JOIN_(a, b)

// Returns the error of `expression` (a Result) from the enclosing function, if it failed.
#define TRY_DO(expression)                             \
  do {                                                 \
    auto try_result_ = (expression);                   \
    if (!try_result_.ok()) return try_result_.error(); \
  } while (false)

// Declares `name` with the value of `expression`, or returns its error.
#define TRY_ASSIGN(name, expression)                                                               \
  auto TIENDO_JOIN(try_result_, __LINE__) = (expression);                                          \
  if (!TIENDO_JOIN(try_result_, __LINE__).ok()) return TIENDO_JOIN(try_result_, __LINE__).error(); \
  auto name = std::move(TIENDO_JOIN(try_result_, __LINE__)).value()
