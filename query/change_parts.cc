#include "query/change_parts.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <map>
#include <numeric>

namespace tiendo {
namespace {

using Big = boost::multiprecision::cpp_int;

constexpr int64_t quanta_of_one = 10'000;                    // 0.01 of 100 per cent
constexpr int64_t quantum_units = Decimal::one_units / 100;  // of a percentage
constexpr std::size_t exact_digits_max = 200;  // a fraction too long to read is not written

// A fraction; d > 0.
struct Ratio {
  Big n = 0;
  Big d = 1;
};

// A sum of fractions, kept by denominator: the figures of a part have few of them.
using ByDenominator = std::map<Decimal, Big>;

Ratio sum_of(const std::vector<Ratio>& list, std::size_t first, std::size_t last) {
  if (first == last) return {};
  if (first + 1 == last) return list[first];
  const std::size_t middle = first + (last - first) / 2;
  const Ratio a = sum_of(list, first, middle);
  const Ratio b = sum_of(list, middle, last);
  const Big common = gcd(a.d, b.d);
  return {a.n * (b.d / common) + b.n * (a.d / common), a.d / common * b.d};
}

Ratio sum_of(const ByDenominator& fractions) {
  std::vector<Ratio> list;
  for (const auto& [d, n] : fractions) {
    if (n == 0) continue;
    const Big units(d.units());
    list.push_back(units > 0 ? Ratio{n, units} : Ratio{-n, -units});
  }
  Ratio sum = sum_of(list, 0, list.size());
  const Big common = gcd(abs(sum.n), sum.d);
  return {sum.n / common, sum.d / common};
}

// The points of a percentage, as a text.
std::string exact_text(const Ratio& part) {
  const Big n = part.n * 100;
  const Big common = gcd(abs(n), part.d);
  const Big over = part.d / common;
  std::string text = Big(n / common).str();
  if (over != 1) text += "/" + over.str();
  return text.size() <= exact_digits_max ? text : "";
}

struct InQuanta {
  Big whole;   // towards minus infinity
  Ratio rest;  // below 1
};
InQuanta in_quanta(const Ratio& part) {
  const Big n = part.n * quanta_of_one;
  Big whole = n / part.d;
  if (whole * part.d > n) --whole;
  return {whole, {n - whole * part.d, part.d}};
}

// The whole, a number of quanta, shared out among exact parts: semantics 4, largest remainder. The
// whole may be as far from the sum of the parts as showing two figures makes it.
std::vector<Big> share_out(const std::vector<Ratio>& parts, const Big& whole) {
  std::vector<InQuanta> quanta;
  std::transform(parts.begin(), parts.end(), std::back_inserter(quanta), in_quanta);
  Big left = whole;
  for (const InQuanta& one : quanta) left -= one.whole;
  const Big count(quanta.size());
  Big each = left / count;
  if (each * count > left) --each;
  const auto larger = static_cast<std::size_t>(left - each * count);
  std::vector<std::size_t> order(quanta.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Ratio& one = quanta[a].rest;
    const Ratio& other = quanta[b].rest;
    return one.n * other.d > other.n * one.d;
  });
  std::vector<Big> shares;
  for (const InQuanta& one : quanta) shares.push_back(one.whole + each);
  for (std::size_t i = 0; i < larger; ++i) ++shares[order[i]];
  return shares;
}

bool is_ratio_figure(const Figure& figure) { return figure.has_data() && !figure.value; }

Decimal value_of(const Figure& figure) {
  return figure.has_data() ? figure.value.value_or(Decimal()) : Decimal();
}

// What the steps of one cause add up to.
struct Totals {
  Sum value;
  Sum numerator;
  Sum denominator;
  ByDenominator percentage;

  void add(const Figure& figure, int sign) {
    const auto give = [&](Sum& sum, Decimal amount) { sum += sign > 0 ? amount : -amount; };
    give(value, value_of(figure));
    give(numerator, figure.numerator.value_or(Decimal()));
    give(denominator, figure.denominator.value_or(Decimal()));
    if (!is_ratio_figure(figure)) return;
    percentage[*figure.denominator] += sign * Big(figure.numerator->units());
  }
};

FigureDifference difference_of(const Totals& totals, bool has_terms, bool as_value) {
  FigureDifference difference;
  if (has_terms) {
    difference.numerator = totals.numerator.decimal();
    difference.denominator = totals.denominator.decimal();
  }
  if (as_value) difference.shown = totals.value.decimal();
  return difference;
}

}  // namespace

std::optional<Decimal> shown_number(const Figure& figure) {
  if (!figure.has_data()) return std::nullopt;
  if (figure.value) return figure.value;
  if (figure.denominator->is_zero()) return std::nullopt;
  return shown_percentage(*figure.numerator, *figure.denominator);
}

ChangeParts parts_of(const Figure& before, const std::vector<CausedStep>& steps) {
  ChangeParts result;
  std::vector<Totals> totals;
  Totals whole;
  const Figure* last = &before;
  bool has_terms = before.numerator || before.denominator;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto part = std::find_if(result.parts.begin(), result.parts.end(),
                             [&](const ChangePart& one) { return one.cause == steps[i].cause; });
    if (part == result.parts.end()) {
      totals.emplace_back();
      part = result.parts.insert(part, ChangePart{steps[i].cause, {}, {}});
    }
    part->steps.push_back(i);
    Totals& total = totals[static_cast<std::size_t>(part - result.parts.begin())];
    const Figure& figure = steps[i].figure;
    total.add(figure, 1);
    total.add(*last, -1);
    has_terms = has_terms || figure.numerator || figure.denominator;
    last = &figure;
  }
  whole.add(*last, 1);
  whole.add(before, -1);
  const bool as_value = before.value && before.has_data() && last->value && last->has_data();
  result.whole = difference_of(whole, has_terms, as_value);
  for (std::size_t i = 0; i < totals.size(); ++i) {
    result.parts[i].difference = difference_of(totals[i], has_terms, as_value);
  }
  const bool as_percentage = is_ratio_figure(before) && is_ratio_figure(*last);
  if (!as_percentage) return result;
  result.whole.shown = *shown_number(*last) - *shown_number(before);
  result.whole.exact = exact_text(sum_of(whole.percentage));
  std::vector<Ratio> exact;
  for (const Totals& total : totals) exact.push_back(sum_of(total.percentage));
  if (exact.empty()) return result;
  const std::vector<Big> shares =
      share_out(exact, Big(result.whole.shown->units()) / quantum_units);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    FigureDifference& difference = result.parts[i].difference;
    difference.shown = Decimal::from_units(static_cast<int128>(shares[i] * quantum_units));
    difference.exact = exact_text(exact[i]);
  }
  return result;
}

}  // namespace tiendo
