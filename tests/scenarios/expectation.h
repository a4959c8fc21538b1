// How an answer is compared with what a scenario expects of it. Only what is expected is looked at:
//
//   {"value": 5}              the member is there and prints as 5 (5.0 is another text)
//   {"reason": "<absent>"}    there is no such member
//   [{"unit": "D1", ...}]     among the objects of the list is one whose first expected member,
//                             here unit, is equal, and it has the others too
//   []                        the list is empty; a list of texts or numbers must be equal whole
//   {"#": 2}                  the list has two elements
//   {"=": [{...}, {...}]}     the list has exactly these elements, in this order
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tiendo::scenarios {

// The first difference, such as `targets[T1].value: expected 5, found 7`; none: it is as expected.
// Both are JSON; what cannot be read is a difference.
[[nodiscard]] std::optional<std::string> difference(std::string_view expected,
                                                    std::string_view found);

}  // namespace tiendo::scenarios
