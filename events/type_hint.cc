#include "events/type_hint.h"

#include <vector>

#include "events/nearest_word.h"
#include "events/plan_phrases.h"
#include "events/vocabulary.h"

namespace tiendo {

std::string types_meant(std::string_view said) {
  constexpr std::string_view version = ".v1";
  std::string_view name = said;
  if (name.starts_with(type_prefix)) name.remove_prefix(type_prefix.size());
  if (name.ends_with(version)) name.remove_suffix(version.size());
  const std::string_view thing = name.substr(0, name.find('.'));
  std::vector<std::string_view> all;
  std::vector<std::string_view> alike;
  std::string same_thing;
  for (const TypeSpec& spec : vocabulary()) {
    if (spec.is_control) continue;
    all.push_back(spec.name);
    const std::size_t point = spec.name.find('.');
    if (spec.name.substr(0, point) != thing) continue;
    alike.push_back(spec.name);
    same_thing += (same_thing.empty() ? "" : " | ") + std::string(spec.name.substr(point + 1));
  }
  const std::string prefix(type_prefix);
  std::string text = same_thing.empty() ? prefix + "*.v1"
                                        : prefix + std::string(thing) + ".(" + same_thing + ").v1";
  const std::string_view near = nearest_word(name, alike.empty() ? all : alike);
  if (!near.empty()) text += did_you_mean(prefix + std::string(near) + std::string(version));
  return text;
}

}  // namespace tiendo
