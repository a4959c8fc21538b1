// Sends the events that standard input names (one JSON object a line, with their attributes) in one
// way, and writes what was answered (one JSON object a line).
//
//   node send.js WAY http://HOST:PORT HOST:PORT TOPIC <events
//
// WAY: http-structured, http-binary, http-batch, kafka-structured or kafka-binary.
import {readFileSync} from 'node:fs';
import {CloudEvent, HTTP, Kafka as KafkaBinding} from 'cloudevents';
import {Kafka, Partitioners, logLevel} from 'kafkajs';

const [way, url, broker, topic] = process.argv.slice(2);
const events = readFileSync(0, 'utf8').split('\n').filter(Boolean)
  .map((line) => new CloudEvent(JSON.parse(line)));

async function post(message) {
  const answer = await fetch(url + '/v1/events?wait=applied', {method: 'POST', ...message});
  const said = await answer.json();
  if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(said)}`);
  return said.events;
}

async function overHttp() {
  if (way === 'http-batch') {
    return post({
      headers: {'content-type': 'application/cloudevents-batch+json; charset=utf-8'},
      body: JSON.stringify(events),
    });
  }
  const mode = way === 'http-binary' ? HTTP.binary : HTTP.structured;
  const said = [];
  for (const event of events) said.push(...await post(mode(event)));
  return said;
}

async function overKafka() {
  const mode = way === 'kafka-binary' ? KafkaBinding.binary : KafkaBinding.structured;
  const kafka = new Kafka({clientId: 'foreign', brokers: [broker], logLevel: logLevel.ERROR});
  const producer = kafka.producer({createPartitioner: Partitioners.DefaultPartitioner});
  await producer.connect();
  const messages = events.map((event) => {
    const {key, value, headers: all} = mode(event);
    // The SDK names attributes that are not said, and kafkajs cannot send those.
    const headers = Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined));
    return {key, headers, value: typeof value === 'string' ? value : JSON.stringify(value)};
  });
  const said = await producer.send({topic, messages, acks: -1});
  await producer.disconnect();
  return said;
}

for (const one of await (way.startsWith('http') ? overHttp() : overKafka())) {
  console.log(JSON.stringify(one));
}
