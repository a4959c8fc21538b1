// A remark on what is accepted and yet may not mean what its writer wants: it changes no verdict
// and no figure.
#pragma once

#include <string>

#include "events/message.h"

namespace tiendo {

struct Warning {
  std::string field;  // a path as in Refusal
  Sentence text;      // without the field and the closing point
  friend bool operator==(const Warning& a, const Warning& b) {
    return a.field == b.field && a.text.en == b.text.en && a.text.vi == b.text.vi;
  }
};

}  // namespace tiendo
