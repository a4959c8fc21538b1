#include "query/routes.h"

#include <array>

namespace tiendo {
namespace {

using Parameters = std::span<const ParameterSpec>;
using Fields = std::span<const AnswerField>;

constexpr ParameterSpec unit_parameter = {"unit", "the unit; without it the plan's own"};
constexpr ParameterSpec period_parameter = {
    "period",
    "2024, 2024-H1, 2024-Q2, 2024-03, 2024-9M, statutory 2024s-03, a day, A..B, ..B, plan, or a "
    "name of the plan's own; without it the year of the moment"};
constexpr ParameterSpec tree_parameter = {
    "tree", "as_reported (each fact in the tree of its own day), current, or a date"};
constexpr ParameterSpec as_of_parameter = {
    "as_of", "what was known at an instant, to the end of a date, or up to stream@position"};
constexpr ParameterSpec after_parameter = {
    "after", "stream@position: answer only once the views hold that record, or 503 after 10 s"};
constexpr ParameterSpec of_parameter = {
    "of", "own: what is said of the unit itself; subtree: the unit and everything below it"};
constexpr ParameterSpec limit_parameter = {"limit", "rows of a page, 1 to 1000"};
constexpr ParameterSpec cursor_parameter = {"cursor", "`next` of the page before"};
constexpr ParameterSpec plan_parameter = {"plan", "the id of the plan", true};
constexpr ParameterSpec indicator_parameter = {"indicator", "the id of the indicator", true};
constexpr ParameterSpec code_parameter = {"code", "only rows with this code"};

constexpr std::array progress_parameters = {unit_parameter, period_parameter, tree_parameter,
                                            as_of_parameter, after_parameter};
constexpr std::array rollups_parameters = {
    plan_parameter,
    indicator_parameter,
    unit_parameter,
    period_parameter,
    ParameterSpec{"by", "a breakdown into rows: unit, level, period or pillar"},
    of_parameter,
    tree_parameter,
    as_of_parameter,
    after_parameter};
constexpr std::array explain_parameters = {
    plan_parameter, indicator_parameter, unit_parameter,  period_parameter, of_parameter,
    tree_parameter, as_of_parameter,     after_parameter, limit_parameter,  cursor_parameter};
constexpr std::array changes_parameters = {
    plan_parameter,
    indicator_parameter,
    unit_parameter,
    period_parameter,
    of_parameter,
    tree_parameter,
    ParameterSpec{"from", "the first moment, written as as_of is", true},
    ParameterSpec{"to", "the second moment, written as as_of is; without it now"},
    after_parameter};
constexpr std::array preview_parameters = {unit_parameter, period_parameter,
                                           ParameterSpec{"indicator", "only this indicator"},
                                           tree_parameter, after_parameter};
constexpr std::array history_parameters = {of_parameter,    tree_parameter,  as_of_parameter,
                                           after_parameter, limit_parameter, cursor_parameter};
constexpr std::array reports_parameters = {
    plan_parameter,
    unit_parameter,
    ParameterSpec{"obligation", "only this obligation of the plan"},
    ParameterSpec{"period", "only this period; it also selects the version of the plan"},
    tree_parameter,
    as_of_parameter,
    after_parameter,
    limit_parameter,
    cursor_parameter};
constexpr std::array units_parameters = {
    ParameterSpec{"at", "the day; without it the day of the moment"},
    ParameterSpec{"level", "only units of this level"},
    ParameterSpec{"parent", "only units directly below this one"},
    ParameterSpec{"q", "part of a name or id, without regard to accents and case"},
    ParameterSpec{"code", "CATALOGUE:CODE, a foreign code"},
    ParameterSpec{"ended", "true: those too that have ended by the day, with their successors"},
    as_of_parameter,
    after_parameter,
    limit_parameter,
    cursor_parameter};
constexpr std::array unit_parameters = {
    ParameterSpec{"at", "the day; without it the day of the moment"}, as_of_parameter,
    after_parameter};
constexpr std::array bridge_parameters = {
    ParameterSpec{"from", "the day whose units are asked about", true},
    ParameterSpec{"to", "the day in whose tree they are looked for; without it that of the moment"},
    as_of_parameter, after_parameter};
constexpr std::array plans_parameters = {as_of_parameter, after_parameter};
constexpr std::array plan_parameters = {
    ParameterSpec{"version",
                  "without it the one that serves questions about the day of the moment"},
    as_of_parameter, after_parameter};
constexpr std::array rejected_parameters = {ParameterSpec{"stream", "only this stream"},
                                            code_parameter, limit_parameter, cursor_parameter};
constexpr std::array waiting_parameters = {code_parameter, after_parameter, limit_parameter,
                                           cursor_parameter};
constexpr std::array publications_parameters = {
    ParameterSpec{"publication", "only this one, with its editions"},
    ParameterSpec{"edition", "with publication: only this edition, as the bytes of its digest"},
    after_parameter};
constexpr std::array event_parameters = {after_parameter};
constexpr std::array health_parameters = {
    ParameterSpec{"verbose", "every check and stream, as JSON"}};
constexpr std::array post_parameters = {ParameterSpec{
    "wait",
    "applied: with Kafka, answer only once the verdict is known, or after 10 s without it"}};

constexpr AnswerField plan_field = {"plan", "string", "the plan"};
constexpr AnswerField version_field = {"version", "number", "of the plan, chosen by the period"};
constexpr AnswerField unit_field = {"unit", "string", "the unit"};
constexpr AnswerField unit_name_field = {"unit_name", "object", "its name {vi, en}"};
constexpr AnswerField period_field = {"period", "string", "the period"};
constexpr AnswerField first_field = {"first", "string", "its first day"};
constexpr AnswerField last_field = {"last", "string", "its last day"};
constexpr AnswerField tree_field = {"tree", "string", "the tree, as asked"};
constexpr AnswerField indicator_field = {"indicator", "string", "the indicator"};
constexpr AnswerField of_field = {"of", "string", "own or subtree"};
constexpr AnswerField value_field = {
    "value", "decimal?", "the figure; of ratios the percentage with two decimals; null: no data"};
constexpr AnswerField numerator_field = {"numerator", "decimal?", "of ratios"};
constexpr AnswerField denominator_field = {"denominator", "decimal?", "of ratios"};
constexpr AnswerField measure_field = {"unit_of_measure", "string", "what is counted"};
constexpr AnswerField next_field = {"next", "string?", "cursor of the next page; null: the last"};

constexpr std::array progress_answer = {
    plan_field,
    version_field,
    unit_field,
    unit_name_field,
    period_field,
    first_field,
    last_field,
    tree_field,
    AnswerField{
        "targets", "array",
        "one for each target of the version: {indicator, target_id, ref, value, numerator, "
        "denominator, reason, comparator, or_more, target, met, status, unit_of_measure, "
        "bound, lower, missing, unknown, over_one, partial, worst_day, days_without_data, "
        "established, planned, spent, findings, reported, reported_numerator, "
        "reported_denominator, difference, contributors, done_on, first, last, name, note}; "
        "missing: units left out for want of a denominator; unknown: units of which it was "
        "never said; reported: what a report says of it, which is only shown"}};
constexpr std::array rollups_answer = {
    plan_field,
    version_field,
    unit_field,
    unit_name_field,
    period_field,
    first_field,
    last_field,
    tree_field,
    indicator_field,
    of_field,
    value_field,
    numerator_field,
    denominator_field,
    measure_field,
    AnswerField{"contributors", "number", "records behind it"},
    AnswerField{"bound", "string?", "upper where only an upper bound is known"},
    AnswerField{"missing", "array", "units without a denominator"},
    AnswerField{"apportioned", "boolean", "whether amounts of split units were divided"},
    AnswerField{"by", "string?", "the breakdown"},
    AnswerField{"rows", "array",
                "{by unit: unit, name, kind (own, child, unplaced); by level: level; by period: "
                "period, first, last; by pillar: pillar; value, numerator, denominator}"}};
constexpr std::array explain_answer = {
    plan_field,
    version_field,
    unit_field,
    unit_name_field,
    period_field,
    first_field,
    last_field,
    tree_field,
    indicator_field,
    of_field,
    value_field,
    numerator_field,
    denominator_field,
    measure_field,
    AnswerField{"total", "number", "contributions on all pages"},
    AnswerField{"sums", "object", "the amounts of all pages by role: they are the figure"},
    AnswerField{"contributions", "array",
                "in the order of records: {stream, position, recorded_at, source, id, thing, unit, "
                "day, role, amount, share, placed}"},
    next_field};
constexpr std::array history_answer = {
    plan_field,
    indicator_field,
    unit_field,
    period_field,
    of_field,
    tree_field,
    measure_field,
    AnswerField{"entries", "array",
                "one for each record that changed the figure: {stream, position, recorded_at, "
                "value, numerator, denominator, no_data (why there is none), cause, source, actor, "
                "reason, decision}; cause time_passed has no record"},
    AnswerField{"reports", "array",
                "of reported figures, what became of the reports of these entries: {stream, "
                "position, recorded_at, report, unit, period, indicator, state (submitted, "
                "approved, reopened, returned, withdrawn), value, numerator, denominator, by, "
                "source, actor, reason, decision}; an approval changes no value"},
    next_field};
constexpr std::array changes_answer = {
    plan_field,
    version_field,
    unit_field,
    unit_name_field,
    period_field,
    first_field,
    last_field,
    tree_field,
    indicator_field,
    of_field,
    measure_field,
    AnswerField{"from", "string", "the first moment"},
    AnswerField{"to", "string", "the second moment"},
    AnswerField{"before", "decimal?", "the figure at the first; null: no data"},
    AnswerField{"after", "decimal?", "the figure at the second; null: no data"},
    AnswerField{"difference", "decimal?",
                "of the two as shown; of ratios in percentage points; null where one has no data"},
    AnswerField{"numerator", "decimal?", "of ratios: the difference of the numerators"},
    AnswerField{"denominator", "decimal?", "of ratios: the difference of the denominators"},
    AnswerField{"parts", "array",
                "one for each cause, adding up to the difference: {cause, difference, exact, "
                "numerator, denominator, records: [{stream, position, recorded_at, source, id, "
                "actor, reason, decision, difference, numerator, denominator}], records_total}; "
                "exact: percentage points as a fraction; records_total: where not all are listed; "
                "time_passed has no records"},
    AnswerField{"targets", "array",
                "targets of the indicator that the versions of the plan ask otherwise: "
                "{target_id, before, after, comparator_before, comparator_after, difference}"}};
constexpr std::array preview_answer = {
    plan_field,
    version_field,
    unit_field,
    unit_name_field,
    period_field,
    first_field,
    last_field,
    tree_field,
    AnswerField{"version_before", "number?", "the version that serves the question now"},
    AnswerField{"filled", "number",
                "subjects gone through for terms that are new; while state is building, ask again "
                "with the same document"},
    AnswerField{"rows", "array",
                "the unit and each unit directly below it, for each indicator of either version: "
                "{unit, indicator, before, after, difference, before_reason, after_reason, "
                "before_measure, after_measure}"}};
constexpr std::array reports_answer = {
    plan_field,
    version_field,
    unit_field,
    AnswerField{"counts", "object",
                "owed, on_time, late, returned, missing, not_yet_due, complete, over all pages"},
    AnswerField{"rows", "array",
                "{obligation, unit, period, state, report_state, first_at, last_at, complete, "
                "stream, position}"},
    AnswerField{"extra", "array", "sent by units that did not owe it"},
    next_field};
constexpr std::array units_answer = {
    AnswerField{"at", "string", "the day"},
    AnswerField{"units", "array",
                "{unit, name, kind, level, organisation, parent, effective, codes, attributes}; of "
                "those that have ended also exists and successors"},
    next_field};
constexpr std::array unit_answer = {
    AnswerField{"at", "string", "the day"},
    unit_field,
    AnswerField{"name", "object", "{vi, en} on that day"},
    AnswerField{"kind", "string", ""},
    AnswerField{"level", "string", ""},
    AnswerField{"parent", "string?", "on that day"},
    AnswerField{"effective", "string", "its first day"},
    AnswerField{"codes", "array", "{catalogue, code}"},
    AnswerField{"attributes", "object", ""},
    AnswerField{"exists", "boolean", "on that day"},
    AnswerField{"successors", "array",
                "of one that has ended by that day, where its figures stand: {unit, share, "
                "unplaced}"},
    AnswerField{"above", "array", "its parent and so on, up to the root"},
    AnswerField{"children", "array", "on that day"},
    AnswerField{"names", "array", "{effective, name, stream, position}"},
    AnswerField{"parents", "array", "{effective, parent, stream, position}"}};
constexpr std::array bridge_answer = {
    AnswerField{"from", "string", "the day"}, AnswerField{"to", "string", "the other day"},
    AnswerField{"rows", "array",
                "{from, to, share, unplaced} of every unit that exists on the first day: where its "
                "figures stand on the other; shares of a unit add up to 1"}};
constexpr std::array plans_answer = {AnswerField{
    "plans", "array", "{plan, version, title, valid_from, first, last, unit, calendar, versions}"}};
constexpr std::array plan_answer = {plan_field,
                                    version_field,
                                    AnswerField{"title", "object", "{vi, en}"},
                                    AnswerField{"valid_from", "string", ""},
                                    AnswerField{"first", "string", ""},
                                    AnswerField{"last", "string", ""},
                                    unit_field,
                                    AnswerField{"calendar", "string", "calendar or statutory"},
                                    AnswerField{"versions", "array", ""},
                                    AnswerField{"document", "object", "the version as published"}};
constexpr std::array event_answer = {
    AnswerField{"stream", "string", ""},
    AnswerField{"position", "number", ""},
    AnswerField{"recorded_at", "string", "when we could first know"},
    AnswerField{"verdict", "string",
                "accepted, duplicate or rejected; with code, field, found, "
                "expected and message where rejected, and rejudged where it was judged again"},
    AnswerField{"conflict", "boolean", "a duplicate with other content"},
    AnswerField{"rules", "number", "the version of the rules of the verdict"},
    AnswerField{"offset", "number?", "in the source"},
    AnswerField{"timestamp_type", "string", ""},
    AnswerField{"timestamp", "string?", "as the source gave it"},
    AnswerField{"headers", "array", "{name, value}"}};
constexpr std::array rejected_answer = {
    AnswerField{"rows", "array",
                "{stream, position, recorded_at, code, field, found, expected, message, and "
                "rejudged where it was}"},
    AnswerField{"total", "number", "of all pages, whatever their code"}, next_field};
constexpr std::array schemas_answer = {
    AnswerField{"schemas", "array", "{type, schema}: each type and the path of its schema"}};
constexpr std::array schema_answer = {
    AnswerField{"$schema", "string", "draft 2020-12"}, AnswerField{"$id", "string", "its path"},
    AnswerField{"title", "string", "the type"}, AnswerField{"properties", "object", ""}};
constexpr std::array rejudge_answer = {
    AnswerField{"stream", "string", "control"},
    AnswerField{"position", "number", "of the control record: from it on the message has effect"},
    AnswerField{"verdict", "string", "accepted"}};
constexpr std::array publications_answer = {
    AnswerField{"publications", "array",
                "{publication, plan, period, unit, tree, edition, digest, acts: [{what, stream, "
                "position, recorded_at, source, actor, reason, decision, moment, state (made, "
                "waiting, void, unmade), code, streams, message, edition, digest}]}; edition: the "
                "latest, null: none is made yet; streams: those that are not read past the moment"},
    AnswerField{"editions", "array",
                "with publication: {digest, publication, edition, plan, version, unit, period, "
                "first, last, tree, as_of {moment, record, streams}, without, stream, position, "
                "recorded_at, source, actor, reason, decision, figures, slots, extra, changed, "
                "changed_slots}; the digest is SHA-256 over the object without it"}};
constexpr std::array publish_answer = {AnswerField{"stream", "string", "control"},
                                       AnswerField{"position", "number", "of the control record"},
                                       AnswerField{"verdict", "string", "accepted"}};
constexpr std::array waiting_answer = {
    AnswerField{"rows", "array",
                "{stream, position, recorded_at, code, waits_for, source, id, message}"},
    next_field};
constexpr std::array post_answer = {AnswerField{
    "events", "array",
    "in the order sent. Without Kafka {stream, position, verdict, conflict, code, field, found, "
    "expected, message}; with Kafka {topic, partition, offset}, and with wait=applied the former "
    "too, where this node reads the partition. A 503 or 413 of the gateway has it too: of events "
    "that are not in Kafka, or may not be, {topic, code, detail}"}};

constexpr std::array all_routes = {
    Route{"POST", "/v1/events", "Takes CloudEvents: structured, binary or batched",
          Parameters(post_parameters), Fields(post_answer)},
    Route{"GET", "/v1/events/{stream}/{position}", "One record as it came, with its verdict",
          Parameters(event_parameters), Fields(event_answer), false, false, answer_event},
    Route{"GET", "/v1/rejected", "What was refused, why, and how to mend it",
          Parameters(rejected_parameters), Fields(rejected_answer), false, false, answer_rejected},
    Route{"POST", "/v1/rejected/{stream}/{position}/rejudge",
          "Judges a refused record again: {author, reason}", Parameters(), Fields(rejudge_answer),
          false, false, answer_rejudge},
    Route{"GET", "/v1/waiting", "What waits, for what, and how to mend it",
          Parameters(waiting_parameters), Fields(waiting_answer), true, true, answer_waiting},
    Route{"GET", "/v1/schemas", "The types of events", Parameters(), Fields(schemas_answer), false,
          false, answer_schemas},
    Route{"GET", "/v1/schemas/{type}", "JSON Schema of the events of a type", Parameters(),
          Fields(schema_answer), false, false, answer_schema},
    Route{"GET", "/v1/units", "Units on a day", Parameters(units_parameters), Fields(units_answer),
          true, true, answer_units},
    Route{"GET", "/v1/units/{unit}", "One unit, with its names and parents over time",
          Parameters(unit_parameters), Fields(unit_answer), true, true, answer_unit},
    Route{"GET", "/v1/bridge", "What the units of one day are on another",
          Parameters(bridge_parameters), Fields(bridge_answer), true, true, answer_bridge},
    Route{"GET", "/v1/plans", "Plans and their versions", Parameters(plans_parameters),
          Fields(plans_answer), true, true, answer_plans},
    Route{"GET", "/v1/plans/{plan}", "One plan with its document", Parameters(plan_parameters),
          Fields(plan_answer), true, true, answer_plan},
    Route{"GET", "/v1/plans/{plan}/progress", "Every target of a plan, and how it is met",
          Parameters(progress_parameters), Fields(progress_answer), true, true, answer_progress},
    Route{"POST", "/v1/plans/{plan}/preview",
          "What figures would be if the plan document sent were published; it is no record",
          Parameters(preview_parameters), Fields(preview_answer), true, true, answer_preview},
    Route{"GET", "/v1/rollups", "A figure with its breakdown", Parameters(rollups_parameters),
          Fields(rollups_answer), true, true, answer_rollups},
    Route{"GET", "/v1/explain", "A figure down to the records it is made of",
          Parameters(explain_parameters), Fields(explain_answer), true, true, answer_explain},
    Route{"GET", "/v1/figures/{plan}/{indicator}/{unit}/{period}/history",
          "Every value a figure ever had, by whom, when and why", Parameters(history_parameters),
          Fields(history_answer), true, true, answer_history},
    Route{"GET", "/v1/changes", "A figure at two moments, and why it changed",
          Parameters(changes_parameters), Fields(changes_answer), true, true, answer_changes},
    Route{"GET", "/v1/reports", "Who owes which report, and how it stands with it",
          Parameters(reports_parameters), Fields(reports_answer), true, true, answer_reports},
    Route{"GET", "/v1/publications", "What was published, and its editions",
          Parameters(publications_parameters), Fields(publications_answer), false, false,
          answer_publications},
    Route{"POST", "/v1/publications",
          "Closes a publication, or amends it: {act (close, amend), publication, author, reason; "
          "plan, period, unit, moment, tree, decision, without}",
          Parameters(), Fields(publish_answer), false, true, answer_publish},
    Route{"GET", "/healthz", "Whether the process is alive", Parameters(health_parameters),
          Fields(), false, false, answer_healthz},
    Route{"GET", "/readyz", "Whether it can serve", Parameters(health_parameters), Fields(), false,
          false, answer_readyz},
    Route{"GET", "/metrics", "Numbers for Prometheus", Parameters(), Fields(), false, false,
          answer_metrics},
    Route{"GET", "/openapi.json", "This document", Parameters(), Fields(), false, false,
          answer_openapi},
};

}  // namespace

std::span<const Route> routes() { return all_routes; }

}  // namespace tiendo
