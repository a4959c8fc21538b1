#include "events/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "events/limits.h"
#include "events/mode.h"

namespace tiendo {
namespace {

constexpr std::string_view activity_json =
    R"({"specversion":"1.0","id":"e1","source":"urn:a","type":"vn.tiendo.activity.recorded.v1",)"
    R"("subject":"D1","time":"2024-03-10T16:20:00+07:00","actor":"acc-1","data":{"unit":"D1"}})";

Message message_of(std::string_view value, std::vector<Header> headers = {}) {
  Message message;
  message.headers = std::move(headers);
  message.value = std::string(value);
  return message;
}

Message structured(std::string_view value) {
  return message_of(value, {{"content-type", "application/cloudevents+json"}});
}

std::vector<Header> activity_headers() {
  return {{"content-type", "application/json"},
          {"ce_specversion", "1.0"},
          {"ce_id", "e1"},
          {"ce_source", "urn:a"},
          {"ce_type", "vn.tiendo.activity.recorded.v1"},
          {"ce_subject", "D1"},
          {"ce_time", "2024-03-10T16:20:00+07:00"},
          {"ce_actor", "acc-1"}};
}

// "reason field" of a refusal, "" of an event.
std::string fault_of(const Message& message) {
  json::Document document;
  const Decoded decoded = decode(message, document);
  const auto* const refusal = std::get_if<Refusal>(&decoded);
  if (refusal == nullptr) return "";
  EXPECT_LE(refusal->found.size(), limits::found_bytes_max);
  EXPECT_FALSE(refusal->expected.empty());
  const std::string name(name_of(refusal->reason));
  return refusal->field.empty() ? name : name + " " + refusal->field;
}

std::string with(std::string_view json, std::string_view from, std::string_view to) {
  std::string text(json);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string fault_with(std::string_view from, std::string_view to) {
  return fault_of(structured(with(activity_json, from, to)));
}

void expect_the_activity(const Message& message) {
  json::Document document;
  const Decoded decoded = decode(message, document);
  ASSERT_TRUE(std::holds_alternative<Event>(decoded)) << fault_of(message);
  const auto& event = std::get<Event>(decoded);
  EXPECT_EQ(event.type, EventType::activity_recorded);
  EXPECT_EQ(event.id, "e1");
  EXPECT_EQ(event.source, "urn:a");
  EXPECT_EQ(event.subject, "D1");
  EXPECT_EQ(event.actor, "acc-1");
  EXPECT_EQ(event.time, parse_instant("2024-03-10T09:20:00Z"));
  EXPECT_EQ(event.data["unit"].text(), "D1");
}

TEST(Decode, ReadsStructuredModeWhateverTheCaseAndParametersOfItsContentType) {
  for (const auto* const type :
       {"application/cloudevents+json", "application/cloudevents+json; charset=utf-8",
        "Application/CloudEvents+JSON ;charset=UTF-8"}) {
    expect_the_activity(message_of(activity_json, {{"Content-Type", type}}));
  }
}

TEST(Decode, ReadsMessagesWithoutHeadersAsStructured) {
  expect_the_activity(message_of(activity_json));
  expect_the_activity(message_of(activity_json, {{"traceparent", "00-ab"}}));
}

TEST(Decode, ReadsBinaryModeOfKafkaAndOfHttp) {
  expect_the_activity(message_of(R"({"unit":"D1"})", activity_headers()));
  auto headers = activity_headers();
  for (Header& header : headers) {
    if (header.name.starts_with("ce_")) header.name = "CE-" + header.name.substr(3);
  }
  expect_the_activity(message_of(R"({"unit":"D1"})", headers));
  headers.erase(headers.begin());
  expect_the_activity(message_of(R"({"unit":"D1"})", headers));
}

TEST(Decode, StructuredModeWinsOverHeadersThatLookBinary) {
  auto headers = activity_headers();
  headers[0].value = "application/cloudevents+json";
  headers[2].value = "another";
  expect_the_activity(message_of(activity_json, headers));
}

TEST(Decode, UnescapesHeadersOfHttpButNotOfKafka) {
  auto headers = activity_headers();
  headers[2] = {"ce-id", "e%31"};
  headers[3] = {"ce-source", "\"urn:a\""};
  headers[5] = {"ce-subject", "%44%31"};
  expect_the_activity(message_of(R"({"unit":"D1"})", headers));

  headers = activity_headers();
  headers[2].value = "e%31";
  json::Document document;
  const Message message = message_of("{}", headers);
  const Decoded decoded = decode(message, document);
  ASSERT_TRUE(std::holds_alternative<Event>(decoded));
  EXPECT_EQ(std::get<Event>(decoded).id, "e%31");
}

TEST(Decode, UnescapedTextOutlivesCopiesOfTheEvent) {
  auto headers = activity_headers();
  headers[5] = {"ce-subject", "Huy%e1%bb%87n"};
  const Message message = message_of("{}", headers);
  json::Document document;
  Event copy;
  {
    const Decoded decoded = decode(message, document);
    ASSERT_TRUE(std::holds_alternative<Event>(decoded));
    copy = std::get<Event>(decoded);
  }
  EXPECT_EQ(copy.subject, "Huyện");
}

TEST(Decode, RefusesMessagesWithoutBytes) {
  Message tombstone;
  EXPECT_EQ(fault_of(tombstone), "empty");
  EXPECT_EQ(fault_of(structured("")), "empty");
  EXPECT_EQ(fault_of(message_of("", activity_headers())), "empty");
}

TEST(Decode, RefusesFromOneByteOverTheLimitOn) {
  std::string json = with(activity_json, R"("D1"}})", R"("D1","note":""}})");
  json.insert(json.size() - 3, limits::event_bytes_max - json.size(), 'x');
  ASSERT_EQ(json.size(), limits::event_bytes_max);
  EXPECT_EQ(fault_of(structured(json)), "");
  EXPECT_EQ(fault_of(structured(json + " ")), "too_large");
  EXPECT_EQ(fault_of(message_of(json + " ", {{"content-type", "text/plain"}})), "too_large");
}

TEST(Decode, RefusesOtherContentTypes) {
  for (const auto* const type :
       {"application/cloudevents-batch+json", "application/cloudevents", "application/json",
        "application/cloudevents+avro", "application/cloudevents+jsonx", "text/plain", "",
        "application/cloudevents-batch+json; charset=utf-8"}) {
    EXPECT_EQ(fault_of(message_of(activity_json, {{"content-type", type}})),
              "content_type headers.content-type")
        << type;
  }
}

TEST(Decode, RefusesBinaryDataThatIsNotSaidToBeJson) {
  auto headers = activity_headers();
  for (const auto* const type :
       {"text/json", "application/xml", "", "application/jsonp", "application/cloudevents+xml",
        "application/cloudevents-batch+json", "+json", "a/b/c+json"}) {
    headers[0].value = type;
    EXPECT_EQ(fault_of(message_of("{}", headers)), "content_type headers.content-type") << type;
  }
  for (const auto* const type : {"application/json", "APPLICATION/JSON; charset=utf-8",
                                 "application/vnd.tiendo+json", "application/geo+JSON ;v=1"}) {
    headers[0].value = type;
    EXPECT_EQ(fault_of(message_of("{}", headers)), "") << type;
  }
}

TEST(Decode, RefusesStructuredDataThatIsSaidNotToBeJson) {
  EXPECT_EQ(fault_with(R"("data":)", R"("datacontenttype":"text/xml","data":)"),
            "content_type datacontenttype");
  EXPECT_EQ(fault_with(R"("data":)", R"("datacontenttype":5,"data":)"),
            "content_type datacontenttype");
  EXPECT_EQ(fault_with(R"("data":)", R"("datacontenttype":"application/json","data":)"), "");
  EXPECT_EQ(fault_with(R"("data":)", R"("datacontenttype":null,"data":)"), "");
}

TEST(Decode, RefusesHeadersThatAreNotText) {
  const auto fault = [](const char* name, std::optional<std::string> value) {
    auto headers = activity_headers();
    headers.push_back({name, std::move(value)});
    return fault_of(message_of("{}", headers));
  };
  EXPECT_EQ(fault("ce_extra", "\xff\xfe"), "header_invalid headers.ce_extra");
  EXPECT_EQ(fault("ce_extra", std::nullopt), "header_invalid headers.ce_extra");
  EXPECT_EQ(fault("ce-extra", "%zz"), "header_invalid headers.ce-extra");
  EXPECT_EQ(fault("ce-extra", "%4"), "header_invalid headers.ce-extra");
  EXPECT_EQ(fault("ce-extra", "%ff"), "header_invalid headers.ce-extra");
  EXPECT_EQ(fault("ce_id", "e2"), "header_invalid headers.ce_id");
  EXPECT_EQ(fault("CE-Id", "e1"), "header_invalid headers.CE-Id");
  EXPECT_EQ(fault("ce_extra", "Tây Ninh"), "");
  EXPECT_EQ(fault("x-other", "\xff\xfe"), "");
}

TEST(Decode, ShowsBytesThatAreNoTextInASafeForm) {
  auto headers = activity_headers();
  headers.push_back({"ce_extra", "a\xff\n"});
  json::Document document;
  const Decoded decoded = decode(message_of("{}", headers), document);
  ASSERT_TRUE(std::holds_alternative<Refusal>(decoded));
  EXPECT_EQ(std::get<Refusal>(decoded).found, "a\\xff\\x0a");
}

TEST(Decode, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(fault_of(structured("\xef\xbb\xbf" + std::string(activity_json))), "not_utf8");
  EXPECT_EQ(fault_with("D1", "D\xe9"), "not_utf8");
  EXPECT_EQ(fault_of(message_of("{\"unit\":\"\xc0\x80\"}", activity_headers())), "not_utf8 data");
}

TEST(Decode, RefusesWhatIsNotOneJsonValue) {
  EXPECT_EQ(fault_of(structured(" ")), "not_json");
  EXPECT_EQ(fault_of(structured(std::string(activity_json) + "{}")), "not_json");
  EXPECT_EQ(fault_of(structured(std::string(activity_json.substr(0, 80)))), "not_json");
  EXPECT_EQ(fault_with(R"("D1"})", R"(NaN})"), "not_json");
  EXPECT_EQ(fault_of(message_of("{'unit':1}", activity_headers())), "not_json data");
}

TEST(Decode, RefusesFromOneLevelOverTheLimitOn) {
  const auto nested = [](int levels) {
    const auto count = static_cast<std::size_t>(levels - 2);  // the event and its data are two
    const std::string lists = std::string(count, '[') + std::string(count, ']');
    return structured(with(activity_json, R"("D1"}})", R"("D1","x":)" + lists + "}}"));
  };
  EXPECT_EQ(fault_of(nested(limits::json_depth_max)), "");
  EXPECT_EQ(fault_of(nested(limits::json_depth_max + 1)), "too_deep");
  EXPECT_EQ(fault_of(structured(std::string(100'000, '['))), "not_json");
}

TEST(Decode, RefusesAKeyTwiceInOneObject) {
  EXPECT_EQ(fault_with(R"("id":"e1")", R"("id":"e1","id":"e1")"), "duplicate_key");
  EXPECT_EQ(fault_with(R"({"unit":"D1"})", R"({"unit":"D1","\u0075nit":"D1"})"), "duplicate_key");
  EXPECT_EQ(fault_with(R"({"unit":"D1"})", R"({"unit":"D1","id":"e1"})"), "");
}

TEST(Decode, RefusesEventsAndDataThatAreNoObjects) {
  EXPECT_EQ(fault_of(structured("[" + std::string(activity_json) + "]")), "not_object");
  EXPECT_EQ(fault_of(structured("null")), "not_object");
  EXPECT_EQ(fault_with(R"({"unit":"D1"}})", R"([]})"), "not_object data");
  EXPECT_EQ(fault_with(R"({"unit":"D1"}})", R"(null})"), "not_object data");
  EXPECT_EQ(fault_with(R"({"unit":"D1"}})", R"("{}"})"), "not_object data");
  EXPECT_EQ(fault_of(message_of("5", activity_headers())), "not_object data");
}

TEST(Decode, RefusesOtherSpecversions) {
  for (const auto* const version :
       {R"("0.3")", R"("1")", "1.0", "null", R"("1.0 ")", R"("")", "true"}) {
    EXPECT_EQ(fault_with(R"("1.0")", version), "specversion specversion") << version;
  }
  EXPECT_EQ(fault_with(R"("specversion":"1.0",)", ""), "specversion specversion");
  auto headers = activity_headers();
  headers.erase(headers.begin() + 1);
  EXPECT_EQ(fault_of(message_of("{}", headers)), "specversion headers.ce_specversion");
}

TEST(Decode, RefusesEventsWithoutIdSourceOrType) {
  EXPECT_EQ(fault_with(R"("id":"e1",)", ""), "attribute_missing id");
  EXPECT_EQ(fault_with(R"("source":"urn:a",)", ""), "attribute_missing source");
  EXPECT_EQ(fault_with(R"("type":"vn.tiendo.activity.recorded.v1",)", ""),
            "attribute_missing type");
  EXPECT_EQ(fault_with(R"("e1")", "null"), "attribute_missing id");
  EXPECT_EQ(fault_with(R"("id":"e1","source":"urn:a",)", ""), "attribute_missing id");
  auto headers = activity_headers();
  headers.erase(headers.begin() + 3);
  EXPECT_EQ(fault_of(message_of("{}", headers)), "attribute_missing headers.ce_source");
}

TEST(Decode, RefusesAttributesThatAreNoShortText) {
  EXPECT_EQ(fault_with(R"("e1")", R"("")"), "attribute_invalid id");
  EXPECT_EQ(fault_with(R"("e1")", "17"), "attribute_invalid id");
  EXPECT_EQ(fault_with(R"("urn:a")", R"("urn:\u0000a")"), "attribute_invalid source");
  EXPECT_EQ(fault_with(R"("urn:a")", R"("urn:\u0085a")"), "attribute_invalid source");
  EXPECT_EQ(fault_with(R"("acc-1")", R"("\u007f")"), "attribute_invalid actor");
  EXPECT_EQ(fault_with(R"("acc-1")", R"("\ud800")"), "attribute_invalid actor");
  EXPECT_EQ(fault_with(R"("subject":"D1")", R"("subject":["D1"])"), "attribute_invalid subject");
  EXPECT_EQ(fault_with(R"("subject":"D1")", R"("subject":null)"), "");
  EXPECT_EQ(fault_with(R"("acc-1")", "null"), "");
  auto headers = activity_headers();
  headers[2].value = "";
  EXPECT_EQ(fault_of(message_of("{}", headers)), "attribute_invalid headers.ce_id");
}

TEST(Decode, RefusesAttributesFromOneByteOverTheLimitOn) {
  const std::string longest = std::string(limits::id_bytes_max - 3, 'x') + "ệ";
  for (const auto* const value : {R"("e1")", R"("urn:a")", R"("acc-1")"}) {
    EXPECT_EQ(fault_with(value, '"' + longest + '"'), "");
    EXPECT_THAT(fault_with(value, "\"x" + longest + '"'),
                ::testing::StartsWith("attribute_invalid "));
  }
}

TEST(Decode, RefusesTimesWithoutOffset) {
  for (const auto* const time :
       {R"("2024-03-10T16:20:00")", R"("2024-03-10")", R"("2024-02-30T16:20:00Z")", "1710000000",
        R"("")", R"("10/03/2024")", R"("2024-03-10 16:20:00Z")"}) {
    EXPECT_EQ(fault_with(R"("2024-03-10T16:20:00+07:00")", time), "time_invalid time") << time;
  }
  EXPECT_EQ(fault_with(R"("2024-03-10T16:20:00+07:00")", "null"), "");
  EXPECT_EQ(fault_with(R"("time":"2024-03-10T16:20:00+07:00",)", ""), "");
}

TEST(Decode, RefusesUnknownTypesAndVersions) {
  EXPECT_EQ(fault_with("activity.recorded.v1", "activity.held.v1"), "type_unknown type");
  EXPECT_EQ(fault_with(R"("vn.tiendo.activity.recorded.v1")", "5"), "type_unknown type");
  EXPECT_EQ(fault_with("recorded.v1", "recorded.v2"), "type_version type");
  EXPECT_EQ(fault_with("recorded.v1", "recorded.v01"), "type_version type");
}

TEST(Decode, RefusesEventsWithoutDataOrWithBinaryData) {
  EXPECT_EQ(fault_with(R"(,"data":{"unit":"D1"}})", "}"), "data_missing data");
  EXPECT_EQ(fault_with(R"("data":{"unit":"D1"}})", R"("Data":{"unit":"D1"}})"),
            "data_missing data");
  EXPECT_EQ(fault_with(R"("data":{"unit":"D1"}})", R"("data_base64":"e30="})"),
            "data_binary data_base64");
  EXPECT_EQ(fault_with(R"("data":)", R"("data_base64":"e30=","data":)"), "data_binary data_base64");
  EXPECT_EQ(fault_with(R"("data":)", R"("data_base64":null,"data":)"), "");
  EXPECT_EQ(fault_with(R"("data":{"unit":"D1"}})", R"("data_base64":null})"), "data_missing data");
}

TEST(Decode, TheCheckThatComesFirstInTheTableWins) {
  EXPECT_EQ(fault_of(structured(R"({"data":[]})")), "not_object data");
  EXPECT_EQ(fault_of(structured(R"({"type":"x","time":"x","id":""})")), "specversion specversion");
  EXPECT_EQ(fault_of(structured(R"({"specversion":"1.0","type":"x","time":"x","id":""})")),
            "attribute_missing source");
  EXPECT_EQ(
      fault_of(structured(R"({"specversion":"1.0","type":"x","time":"x","source":"","id":""})")),
      "attribute_invalid source");
  EXPECT_EQ(
      fault_of(structured(R"({"specversion":"1.0","type":"x","time":"x","source":"s","id":"i"})")),
      "time_invalid time");
  EXPECT_EQ(fault_of(structured(R"({"specversion":"1.0","type":"x","source":"s","id":"i"})")),
            "type_unknown type");
  auto headers = activity_headers();
  headers[2].value = "";
  headers.push_back({"ce_extra", "\xff"});
  EXPECT_EQ(fault_of(message_of("not json", headers)), "header_invalid headers.ce_extra");
  headers.pop_back();
  EXPECT_EQ(fault_of(message_of("not json", headers)), "not_json data");
}

TEST(ReadEvent, GivesTheTimeOfARefusedEvent) {
  json::Document document;
  const Message message = structured(with(activity_json, "recorded.v1", "recorded.v9"));
  const Reading reading = read_event(message, document);
  ASSERT_TRUE(reading.refusal.has_value());
  EXPECT_EQ(reading.event.time, parse_instant("2024-03-10T09:20:00Z"));
}

TEST(Identity, PartsAreKeptApart) {
  EXPECT_EQ(identity_of("urn:a", "1"), identity_of("urn:a", "1"));
  EXPECT_NE(identity_of("urn:a", "1"), identity_of("urn:", "a1"));
  EXPECT_NE(identity_of("urn:a", "1"), identity_of("urn:a", "1 "));
}

// A report in several dresses; `figures` and `more` as JSON.
Message report(std::string_view figure, std::string_view more = "") {
  std::string json =
      R"({"specversion":"1.0","id":"r","source":"s","type":"vn.tiendo.report.submitted.v1",)";
  return structured(json.append(more) + R"("data":{"report":"r1","figures":[{"indicator":"f",)" +
                    std::string(figure) + "}]}}");
}

TEST(SameContent, ModeOrderSpaceAndOtherAttributesDoNotMatter) {
  const Message a = structured(activity_json);
  EXPECT_TRUE(same_content(a, message_of(R"( {"unit" : "D1"} )", activity_headers())));
  EXPECT_TRUE(same_content(a, message_of(activity_json)));
  EXPECT_TRUE(same_content(
      report(R"("value":1,"scope":"own")"),
      report(R"("scope":"own","value":1)", R"("traceparent":"00-1","dataschema":"urn:x",)")));
}

TEST(SameContent, SpellingOfNumbersDoesNotMatter) {
  EXPECT_TRUE(same_content(report(R"("value":1.5)"), report(R"("value":1.500)")));
  EXPECT_TRUE(same_content(report(R"("value":1.5)"), report(R"("value":"1.50")")));
  EXPECT_TRUE(same_content(report(R"("value":2)"), report(R"("value":"2")")));
  EXPECT_FALSE(same_content(report(R"("value":1.5)"), report(R"("value":1.51)")));
  EXPECT_FALSE(same_content(report(R"("scope":"1")"), report(R"("scope":1)")));
}

TEST(SameContent, NormalFormDoesNotMatter) {
  EXPECT_TRUE(same_content(report(R"("value":1,"x":"Vi\u1ec7t")"),
                           report(R"("value":1,"x":"Vie\u0323\u0302t")")));
  EXPECT_TRUE(same_content(report(R"("value":1)", R"("subject":"Vi\u1ec7t",)"),
                           report(R"("value":1)", R"("subject":"Vie\u0302\u0323t",)")));
  EXPECT_FALSE(same_content(report(R"("value":1,"x":"Viet")"), report(R"("value":1,"x":"Việt")")));
}

TEST(SameContent, TimesAreComparedAsInstants) {
  const auto at = [](std::string_view time) {
    return report(R"("value":1)", R"("time":")" + std::string(time) + R"(",)");
  };
  EXPECT_TRUE(same_content(at("2024-03-10T00:00:00Z"), at("2024-03-10T07:00:00.000+07:00")));
  EXPECT_FALSE(same_content(at("2024-03-10T00:00:00Z"), at("2024-03-10T00:00:01Z")));
  EXPECT_FALSE(same_content(at("2024-03-10T00:00:00Z"), report(R"("value":1)")));
}

TEST(SameContent, EveryPartOfTheContentMatters) {
  const Message a = structured(activity_json);
  EXPECT_FALSE(same_content(a, structured(with(activity_json, "recorded", "corrected"))));
  EXPECT_FALSE(same_content(a, structured(with(activity_json, "acc-1", "acc-2"))));
  EXPECT_FALSE(
      same_content(a, structured(with(activity_json, R"("subject":"D1")", R"("subject":"D2")"))));
  EXPECT_FALSE(same_content(
      a, structured(with(activity_json, R"({"unit":"D1"})", R"({"unit":"D1","task":null})"))));
  EXPECT_FALSE(same_content(a, structured("broken")));
}

TEST(Identity, IsComparedInNormalForm) {
  const std::string composed = "urn:t\u1EC9nh";  // ỉ
  const std::string decomposed = "urn:ti\u0309nh";
  EXPECT_EQ(identity_of(composed, "x"), identity_of(decomposed, "x"));
  EXPECT_EQ(identity_of("s", composed), identity_of("s", decomposed));
  EXPECT_NE(identity_of("s", composed), identity_of("s", "urn:tinh"));
}

}  // namespace
}  // namespace tiendo
