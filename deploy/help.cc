#include "deploy/help.h"

#include <algorithm>
#include <array>

#include "events/ensure.h"

namespace tiendo {
namespace {

constexpr Words about{
    "tiendo: the book of record for reported figures. It keeps every event it is sent, turns them "
    "into\nindicator figures at once, and says of any figure where it came from.",
    "tiendo: sổ gốc của các con số báo cáo. Giữ mọi sự kiện được gửi đến, tính ngay thành chỉ "
    "tiêu,\nvà nói được con số nào từ đâu mà có."};

constexpr Words examples{
    R"(Try it:
  tiendo                                       all services in one process, data in ./tiendo-data
  tiendo import units.ndjson --as units        load a file; again gives only duplicates
  tiendo publish events.ndjson                 send a file over HTTP, as a platform would
  curl -s localhost:8080/v1/plans              what there is; figures: /v1/plans/ID/progress
  tiendo stream list                           what was read from where, and how it stands
  tiendo COMMAND --help                        what a command does, and its exit codes
With Kafka:
  tiendo run --brokers kafka1:9092,kafka2:9092
  tiendo publish events.ndjson --brokers kafka1:9092 --topic tiendo.events
In three processes:
  tiendo ingest & tiendo project & tiendo query
Settings can stand in a file (--config FILE, TOML), under their names without dashes:
  data = "/var/lib/tiendo"
  listen = "127.0.0.1:8080"
and those of the Kafka client in a section [kafka], which keeps passwords off the command line:
  [kafka]
  security.protocol = "sasl_ssl"
Exit codes: 0 done, 1 the answer is no (something was refused, or does not add up),
2 wrong use, 75 try again (nothing is lost).)",
    R"(Dùng thử:
  tiendo                                       mọi dịch vụ, dữ liệu ở ./tiendo-data
  tiendo import units.ndjson --as units        nạp một tệp; nạp lại chỉ thành trùng
  tiendo publish events.ndjson                 gửi một tệp qua HTTP như một hệ thống nguồn
  curl -s localhost:8080/v1/plans              các kế hoạch; số liệu: /v1/plans/ID/progress
  tiendo stream list                           đã đọc gì, từ đâu, đến đâu
  tiendo LỆNH --help                           lệnh làm gì, và mã kết thúc của nó
Với Kafka:
  tiendo run --brokers kafka1:9092,kafka2:9092
  tiendo publish events.ndjson --brokers kafka1:9092 --topic tiendo.events
Ba tiến trình riêng:
  tiendo ingest & tiendo project & tiendo query
Có thể ghi thiết lập vào tệp (--config FILE, TOML), tên như trên, bỏ hai gạch:
  data = "/var/lib/tiendo"
  listen = "127.0.0.1:8080"
còn của trình khách Kafka thì ở mục [kafka], để mật khẩu không lộ trên dòng lệnh:
  [kafka]
  security.protocol = "sasl_ssl"
Mã kết thúc: 0 xong, 1 câu trả lời là không (có sự kiện bị từ chối, hoặc số không khớp),
2 dùng sai, 75 hãy thử lại (không mất gì).)"};

// Which of the program's own options a command heeds.
constexpr Words of_a_service{
    "Common options: --data DIR, --config FILE, --listen ADDRESS:PORT, --threads N, --lang; with\n"
    "Kafka --brokers HOST:PORT,… and --topics. What each means: tiendo --help",
    "Tùy chọn chung: --data DIR, --config FILE, --listen ĐỊA_CHỈ:CỔNG, --threads N, --lang; với\n"
    "Kafka thêm --brokers HOST:PORT,… và --topics. Ý nghĩa từng mục: tiendo --help"};
constexpr Words of_a_reader_of_the_log{
    "Common options: --data DIR, --config FILE, --listen ADDRESS:PORT, --threads N, --lang. What "
    "each means:\ntiendo --help",
    "Tùy chọn chung: --data DIR, --config FILE, --listen ĐỊA_CHỈ:CỔNG, --threads N, --lang. Ý "
    "nghĩa từng mục:\ntiendo --help"};
constexpr Words of_a_store{
    "Common options: --data DIR (default ./tiendo-data, or $TIENDO_DATA), --config FILE, --lang",
    "Tùy chọn chung: --data DIR (mặc định ./tiendo-data, hoặc $TIENDO_DATA), --config FILE, "
    "--lang"};
constexpr Words of_a_sender{
    "Common options: --brokers HOST:PORT,…, --kafka-property KEY=VALUE, --config FILE (which "
    "keeps\n"
    "passwords off the command line), --lang",
    "Tùy chọn chung: --brokers HOST:PORT,…, --kafka-property KEY=VALUE, --config FILE (để mật\n"
    "khẩu không lộ trên dòng lệnh), --lang"};
constexpr Words of_nobody{"Common option: --lang. It needs no store and no network.",
                          "Tùy chọn chung: --lang. Không cần kho dữ liệu, không cần mạng."};

struct Lesson {
  std::string_view command;
  Words purpose;
  Words text;
  const Words* common;
};

constexpr std::array lessons{
    Lesson{
        "run",
        {"all services in one process (the default)",
         "mọi dịch vụ trong một tiến trình (mặc định)"},
        {R"(Takes events, keeps the log, keeps the figures up with it and answers over HTTP, until SIGTERM or
Ctrl-C. This is what most installations need; the page is at the address it says.
  tiendo run --data /var/lib/tiendo --listen 127.0.0.1:8080
  tiendo run --brokers kafka1:9092,kafka2:9092
Exit codes: 0 ended as asked, 1 the store is damaged or of a newer version, 2 wrong use,
75 the environment failed (disk full, store in use): start it again, nothing is lost.)",
         R"(Nhận sự kiện, giữ sổ, tính số liệu theo sổ và trả lời qua HTTP, đến khi có SIGTERM hoặc Ctrl-C.
Phần lớn nơi cài đặt chỉ cần lệnh này; trang xem ở địa chỉ mà nó báo ra.
  tiendo run --data /var/lib/tiendo --listen 127.0.0.1:8080
  tiendo run --brokers kafka1:9092,kafka2:9092
Mã kết thúc: 0 dừng theo yêu cầu, 1 kho hỏng hoặc của phiên bản mới hơn, 2 dùng sai,
75 trục trặc môi trường (hết đĩa, kho đang được mở): chạy lại, không mất gì.)"},
        &of_a_service},
    Lesson{
        "ingest",
        {"only take events and write the log", "chỉ nhận sự kiện và ghi sổ"},
        {R"(The first of three processes on one folder: it reads Kafka, takes POST /v1/events, and alone writes
the log. Used where answering must go on while another part is started anew.
  tiendo ingest & tiendo project & tiendo query
Exit codes: 0 ended as asked, 1 the store is damaged or of a newer version, 2 wrong use, 75 start it again.)",
         R"(Tiến trình thứ nhất trong ba tiến trình trên cùng một thư mục: đọc Kafka, nhận POST /v1/events, và
là nơi duy nhất ghi sổ. Dùng khi phần trả lời phải chạy tiếp trong lúc khởi động lại phần khác.
  tiendo ingest & tiendo project & tiendo query
Mã kết thúc: 0 dừng theo yêu cầu, 1 kho hỏng hoặc của phiên bản mới hơn, 2 dùng sai, 75 chạy lại.)"},
        &of_a_service},
    Lesson{
        "project",
        {"only keep the figures up with the log", "chỉ tính số liệu từ sổ"},
        {R"(The second of three processes on one folder: it follows the log that `tiendo ingest` writes, and alone
writes the figures.
  tiendo project --data /var/lib/tiendo
Exit codes: 0 ended as asked, 1 the store is damaged or of a newer version, 2 wrong use, 75 start it again.)",
         R"(Tiến trình thứ hai trong ba tiến trình trên cùng một thư mục: theo sổ mà `tiendo ingest` ghi, và là
nơi duy nhất ghi số liệu.
  tiendo project --data /var/lib/tiendo
Mã kết thúc: 0 dừng theo yêu cầu, 1 kho hỏng hoặc của phiên bản mới hơn, 2 dùng sai, 75 chạy lại.)"},
        &of_a_reader_of_the_log},
    Lesson{
        "query",
        {"only answer questions", "chỉ trả lời câu hỏi"},
        {R"(The third of three processes on one folder: it answers over HTTP, and writes nothing. There may be
several of them, each with its own --listen.
  tiendo query --data /var/lib/tiendo --listen 127.0.0.1:8083
Exit codes: 0 ended as asked, 1 the store is damaged or of a newer version, 2 wrong use, 75 start it again.)",
         R"(Tiến trình thứ ba trong ba tiến trình trên cùng một thư mục: trả lời qua HTTP, không ghi gì. Có thể
chạy nhiều tiến trình như vậy, mỗi tiến trình một --listen.
  tiendo query --data /var/lib/tiendo --listen 127.0.0.1:8083
Mã kết thúc: 0 dừng theo yêu cầu, 1 kho hỏng hoặc của phiên bản mới hơn, 2 dùng sai, 75 chạy lại.)"},
        &of_a_reader_of_the_log},
    Lesson{
        "publish",
        {"send NDJSON files, a line an event, over HTTP or to Kafka",
         "gửi tệp NDJSON, mỗi dòng một sự kiện, qua HTTP hoặc Kafka"},
        {R"(Sends each line as a platform would, and says what became of it; each refusal is named FILE:LINE, as
by `tiendo validate`. The same file can be sent again: what is known already counts as a duplicate. A
FILE that is a plan document is sent as the event that publishes it, from --source. To
Kafka there is no verdict yet when it ends (tiendo stream list has it later).
  tiendo publish events.ndjson --to http://127.0.0.1:8080
  zcat events.ndjson.gz | tiendo publish - --brokers kafka1:9092 --topic tiendo.events
Exit codes: 0 all is accepted, duplicate or in Kafka, 1 something was refused or not sent, 2 wrong use,
75 no answer, or not from all: give the same command again.)",
         R"(Gửi từng dòng như một hệ thống nguồn, rồi nói kết quả; mỗi lần từ chối được nêu bằng TỆP:DÒNG, như
`tiendo validate`. Gửi lại cùng tệp cũng được: sự kiện đã có sẽ thành trùng. Tệp là văn bản kế hoạch thì
được gửi thành sự kiện công bố kế hoạch đó, từ nguồn --source. Gửi vào Kafka thì lúc kết
thúc chưa có kết quả từng sự kiện (xem sau: tiendo stream list).
  tiendo publish events.ndjson --to http://127.0.0.1:8080
  zcat events.ndjson.gz | tiendo publish - --brokers kafka1:9092 --topic tiendo.events
Mã kết thúc: 0 mọi sự kiện được nhận, trùng, hoặc đã vào Kafka, 1 có sự kiện bị từ chối hoặc không gửi,
2 dùng sai, 75 không có trả lời, hoặc thiếu: chạy lại đúng lệnh này.)"},
        &of_a_sender},
    Lesson{
        "import",
        {"load history from NDJSON files into the stream import:NAME",
         "nạp lịch sử từ tệp NDJSON vào luồng import:NAME"},
        {R"(For what happened before tiendo was there: the `time` of each event becomes its recorded_at (but not
later than now), so that the figures of past days are as they would have been: lines must be in the
order of their `time`, and it is said which are not. A FILE that is a plan document is known from its
`valid_from` on. Works on a running store and on one that nobody has open. The same file under the same
name again gives only duplicates.
  tiendo import units.ndjson --as units
  tiendo import 2023.ndjson 2024.ndjson --as history
Exit codes: 0 all is accepted or duplicate, 1 something was refused or left out, 2 wrong use,
75 the environment failed: give the same command again.)",
         R"(Dành cho những gì xảy ra trước khi có tiendo: `time` của mỗi sự kiện thành recorded_at của nó (nhưng
không muộn hơn hiện tại), nên số liệu của các ngày đã qua đúng như lẽ ra phải có: các dòng phải theo thứ
tự `time`, dòng nào sai thứ tự sẽ được báo. Tệp là văn bản kế hoạch được coi là đã biết từ `valid_from`.
Dùng được cả khi kho đang chạy lẫn khi không ai mở. Nạp lại cùng tệp, cùng tên thì chỉ thành trùng.
  tiendo import units.ndjson --as units
  tiendo import 2023.ndjson 2024.ndjson --as history
Mã kết thúc: 0 mọi sự kiện được nhận hoặc trùng, 1 có sự kiện bị từ chối hoặc bỏ lại, 2 dùng sai,
75 trục trặc môi trường: chạy lại đúng lệnh này.)"},
        &of_a_store},
    Lesson{
        "validate",
        {"what would be said of the events of NDJSON files, or of a plan document",
         "xem trước kết quả của các sự kiện trong tệp NDJSON, hoặc của văn bản kế hoạch"},
        {R"(Asks the same judge as a running tiendo, before anything is sent: a line for each event that would be
refused, or is a duplicate of one before it, then a sum. A file is NDJSON (a line an event), or one JSON
document printed over many lines. An object with `indicators` and no `specversion` is a plan document: all
its faults are named, each with its place. What is accepted and looks like a slip is a warning: misspelt
fields and words, days outside the plan, lines out of the order of their times.
What waits for other events (a unit that is not known yet) cannot be said beforehand.
  tiendo validate events.ndjson
  tiendo validate plan.json
  my-export | tiendo validate --json -          - is standard input
Exit codes: 0 nothing would be refused, 1 something would, 2 wrong use, 75 a file or the output failed.)",
         R"(Hỏi đúng bộ xét của tiendo đang chạy, trước khi gửi đi: mỗi sự kiện sẽ bị từ chối, hoặc trùng với
sự kiện trước nó, là một dòng, sau đó là tổng số. Tệp có thể là NDJSON (mỗi dòng một sự kiện), hoặc một
văn bản JSON in trên nhiều dòng. Đối tượng có `indicators` mà không có `specversion` là văn bản kế hoạch:
mọi lỗi đều được nêu, kèm chỗ sai. Điều được chấp nhận nhưng có vẻ nhầm là lưu ý: trường hoặc từ viết sai,
ngày ngoài kế hoạch, dòng không theo thứ tự thời gian.
Điều còn chờ sự kiện khác (một đơn vị chưa biết) thì không nói trước được.
  tiendo validate events.ndjson
  tiendo validate plan.json
  my-export | tiendo validate --json -          - là đầu vào chuẩn
Mã kết thúc: 0 không có gì sẽ bị từ chối, 1 có, 2 dùng sai, 75 lỗi khi đọc tệp hoặc ghi kết quả.)"},
        &of_nobody},
    Lesson{"plan",
           {"plans in plain words", "kế hoạch bằng lời"},
           {"  tiendo plan explain --help", "  tiendo plan explain --help"},
           &of_a_store},
    Lesson{
        "plan explain",
        {"a plan in plain words: what is measured, how, for whom, by when",
         "kế hoạch bằng lời: đo gì, tính thế nào, cho ai, khi nào"},
        {R"(Prints every target with how it is figured and what counts as met, the reports owed with their
days, the tasks, and the budget with its sums; in Vietnamese, or with --language en in English. A document
that would be refused is not explained: `tiendo validate` says what to mend.
  tiendo plan explain deploy/plans/tayninh-2024.json | less
  tiendo plan explain --id tayninh-2024 --language en      as the running node has it
Exit codes: 0 done, 2 wrong use or no such plan, 75 try again.)",
         R"(In từng mục tiêu kèm cách tính và thế nào là đạt, các báo cáo phải gửi kèm hạn, nhiệm vụ, và kinh phí
kèm các tổng; bằng tiếng Việt, hoặc tiếng Anh với --language en. Văn bản còn lỗi thì không giải thích:
`tiendo validate` nói cần sửa gì.
  tiendo plan explain deploy/plans/tayninh-2024.json | less
  tiendo plan explain --id tayninh-2024                    như nút đang chạy có
Mã kết thúc: 0 xong, 2 dùng sai hoặc không có kế hoạch đó, 75 hãy thử lại.)"},
        &of_a_store},
    Lesson{
        "stream",
        {"what was read from where", "đã đọc gì, từ đâu"},
        {R"(Each source is a stream of its own: intake (HTTP), import:NAME, control, and TOPIC:PARTITION:EPOCH of
Kafka. `list` shows them; the others let a Kafka stream go on that has stopped because it cannot be trusted.
  tiendo stream list
  tiendo stream accept-gap --help)",
         R"(Mỗi nguồn là một luồng riêng: intake (HTTP), import:NAME, control, và TOPIC:PARTITION:EPOCH của
Kafka. `list` cho xem các luồng; hai lệnh kia cho luồng Kafka đã dừng vì không tin được đi tiếp.
  tiendo stream list
  tiendo stream accept-gap --help)"},
        &of_a_store},
    Lesson{
        "stream list",
        {"all streams: positions, verdicts, states", "mọi luồng: vị trí, kết quả, trạng thái"},
        {R"(How many events each stream has received, what became of them, and whether it stands: the first thing
to look at when figures are missing. Works on a running store and on one that nobody has open.
  tiendo stream list --data /var/lib/tiendo
Exit codes: 0 done, 2 there is no store, 75 try again.)",
         R"(Mỗi luồng đã nhận bao nhiêu sự kiện, kết quả ra sao, có đang đứng không: điều cần xem trước tiên khi
thiếu số liệu. Dùng được cả khi kho đang chạy lẫn khi không ai mở.
  tiendo stream list --data /var/lib/tiendo
Mã kết thúc: 0 xong, 2 không có kho dữ liệu, 75 hãy thử lại.)"},
        &of_a_store},
    Lesson{
        "stream accept-gap",
        {"let a stopped stream go on behind what it cannot have",
         "cho luồng đã dừng đi tiếp sau đoạn không thể lấy được"},
        {R"(For a stream in the state gap, poison or untrusted_time. It needs the process that reads the stream
(tiendo run or ingest). Without --yes it only says what would be passed over.
  tiendo stream accept-gap tiendo.events:0:0 --author chi-lan --reason "retention was too short"
  … the same with --yes
Exit codes: 0 done, 1 nothing is done yet or it cannot be, 2 wrong use, 75 nothing runs, or try again.)",
         R"(Dành cho luồng ở trạng thái gap, poison hoặc untrusted_time. Cần tiến trình đang đọc luồng (tiendo
run hoặc ingest). Không có --yes thì chỉ nói sẽ bỏ qua những gì.
  tiendo stream accept-gap tiendo.events:0:0 --author chi-lan --reason "Kafka giữ quá ngắn"
  … chạy lại, thêm --yes
Mã kết thúc: 0 xong, 1 chưa làm gì hoặc không thể làm, 2 dùng sai, 75 chưa có gì chạy, hoặc thử lại.)"},
        &of_a_store},
    Lesson{
        "stream new-epoch",
        {"read a topic that was made anew as a stream of its own",
         "đọc topic đã được tạo lại thành một luồng mới"},
        {R"(For a stream in the state diverged: the topic was deleted and made again, or another broker answers.
The old stream stays as it is and is closed. It needs the process that reads the stream (tiendo run or
ingest). Without --yes it only says what would happen.
  tiendo stream new-epoch tiendo.events:0:0 --author chi-lan --reason "the topic was made anew" --yes
Exit codes: 0 done, 1 nothing is done yet or it cannot be, 2 wrong use, 75 nothing runs, or try again.)",
         R"(Dành cho luồng ở trạng thái diverged: topic đã bị xoá và tạo lại, hoặc một broker khác trả lời. Luồng
cũ giữ nguyên và khép lại. Cần tiến trình đang đọc luồng (tiendo run hoặc ingest). Không có --yes thì chỉ
nói sẽ xảy ra gì.
  tiendo stream new-epoch tiendo.events:0:0 --author chi-lan --reason "topic đã được tạo lại" --yes
Mã kết thúc: 0 xong, 1 chưa làm gì hoặc không thể làm, 2 dùng sai, 75 chưa có gì chạy, hoặc thử lại.)"},
        &of_a_store},
    Lesson{
        "rejudge",
        {"judge a refused record again, by the rules of this version",
         "xét lại một bản ghi đã bị từ chối, theo quy tắc của phiên bản này"},
        {R"(For a record that an older version refused and this one would take. The record stays as it was
sent; who decided it and why is kept in the log. It needs a running process (tiendo run or ingest).
STREAM and POSITION are in GET /v1/rejected and in `tiendo export`.
  tiendo rejudge intake 1207 --author chi-lan --reason "version 1.2 knows this type"
Exit codes: 0 accepted, 1 the answer is no, 2 wrong use or nothing runs, 75 try again.)",
         R"(Dành cho bản ghi mà phiên bản cũ từ chối còn phiên bản này chấp nhận. Nội dung giữ nguyên như đã gửi;
ai quyết định và vì sao được ghi vào sổ. Cần một tiến trình đang chạy (tiendo run hoặc ingest). STREAM và
POSITION có trong GET /v1/rejected và `tiendo export`.
  tiendo rejudge intake 1207 --author chi-lan --reason "phiên bản 1.2 đã biết loại này"
Mã kết thúc: 0 được chấp nhận, 1 câu trả lời là không, 2 dùng sai hoặc không có gì đang chạy, 75 thử lại.)"},
        &of_a_store},
    Lesson{
        "publications",
        {"close a period into an edition that stays as it is, and amend it",
         "chốt số liệu một kỳ thành bản công bố không đổi, và bổ sung"},
        {R"(An edition holds every figure and report slot of a unit and all below it, as known at one moment.
Nothing changes it: what comes later makes another edition, which says what is other and why.
  tiendo publications list
  tiendo publications show nam-2024
  tiendo publications close nam-2024 --plan tayninh-2024 --period 2024 --unit tayninh \
    --author chi-lan --reason "end of the year"
  tiendo publications amend nam-2024 --author chi-lan --reason "two communes were late" --decision 12/QD
Each of them has a --help of its own.)",
         R"(Một bản công bố giữ mọi số liệu và kỳ báo cáo của một đơn vị và cấp dưới, như đã biết tại một thời
điểm. Không gì làm nó thay đổi: số liệu đến sau chỉ tạo bản mới, có nêu điều gì khác đi và vì sao.
  tiendo publications list
  tiendo publications show nam-2024
  tiendo publications close nam-2024 --plan tayninh-2024 --period 2024 --unit tayninh \
    --author chi-lan --reason "tổng kết năm"
  tiendo publications amend nam-2024 --author chi-lan --reason "hai xã báo cáo muộn" --decision 12/QĐ
Mỗi lệnh đều có --help riêng.)"},
        &of_a_store},
    Lesson{
        "publications list",
        {"what was published, and how it stands", "đã chốt những gì, đang ra sao"},
        {R"(Each publication with what was said of it: by whom, why, and the edition that came of it, or what it
waits for. It needs a running process (tiendo run, or project).
  tiendo publications list
Exit codes: 0 done, 2 nothing runs, 75 try again.)",
         R"(Từng kỳ công bố với những gì đã quyết định: ai, vì sao, thành bản nào, hay còn chờ gì. Cần một tiến
trình đang chạy (tiendo run, hoặc project).
  tiendo publications list
Mã kết thúc: 0 xong, 2 không có gì đang chạy, 75 thử lại.)"},
        &of_a_store},
    Lesson{
        "publications show",
        {"one of them, or the bytes of an edition",
         "một kỳ công bố, hoặc đúng từng byte của một bản"},
        {R"(With --edition the edition itself, byte for byte: its SHA-256 is the digest that is told of it.
  tiendo publications show nam-2024
  tiendo publications show nam-2024 --edition 1 | sha256sum
  tiendo publications show nam-2024 --edition 2 | jq -c '.changed[] | {unit, target_id, difference}'
Exit codes: 0 done, 2 there is none, or nothing runs, 75 try again.)",
         R"(Với --edition: chính bản đó, đúng từng byte; SHA-256 của nó là mã băm được nêu.
  tiendo publications show nam-2024
  tiendo publications show nam-2024 --edition 1 | sha256sum
  tiendo publications show nam-2024 --edition 2 | jq -c '.changed[] | {unit, target_id, difference}'
Mã kết thúc: 0 xong, 2 không có, hoặc không có gì đang chạy, 75 thử lại.)"},
        &of_a_store},
    Lesson{
        "publications close",
        {"freeze the figures of a plan, period and unit",
         "chốt số liệu của một kế hoạch, kỳ và đơn vị"},
        {R"(Writes the decision to the log. The edition is made once every stream is read past that moment; until
then `show` names the streams that lag. With --without STREAM,… they are not waited for: the edition says so.
  tiendo publications close nam-2024 --plan tayninh-2024 --period 2024 --unit tayninh \
    --author chi-lan --reason "end of the year" --decision 7/QD
  tiendo publications close nam-2024 --without tiendo.events:3:0 --author chi-lan --reason "line is down"
Exit codes: 0 written, 1 it is closed already, 2 wrong use, unknown plan, period or unit, or nothing runs,
75 try again.)",
         R"(Ghi quyết định vào sổ. Bản công bố được lập khi mọi luồng đã được đọc qua thời điểm chốt; trước đó
`show` nêu các luồng còn chậm. Với --without LUỒNG,… thì không chờ chúng nữa, và bản công bố nói rõ điều đó.
  tiendo publications close nam-2024 --plan tayninh-2024 --period 2024 --unit tayninh \
    --author chi-lan --reason "tổng kết năm" --decision 7/QĐ
  tiendo publications close nam-2024 --without tiendo.events:3:0 --author chi-lan --reason "mất đường truyền"
Mã kết thúc: 0 đã ghi, 1 đã chốt từ trước, 2 dùng sai, không có kế hoạch, kỳ hoặc đơn vị đó, hoặc không có
gì đang chạy, 75 thử lại.)"},
        &of_a_store},
    Lesson{
        "publications amend",
        {"make the next edition, of what is known now",
         "lập bản tiếp theo, theo những gì đã biết bây giờ"},
        {R"(The plan, period, unit and tree stay those of the closing. The new edition lists each figure that is
another than in the edition before, with its causes; the earlier editions stay as they are.
  tiendo publications amend nam-2024 --author chi-lan --reason "two communes were late" --decision 12/QD
Exit codes: 0 written, 2 there is no such publication, wrong use, or nothing runs, 75 try again.)",
         R"(Kế hoạch, kỳ, đơn vị và cây vẫn như khi chốt. Bản mới liệt kê từng số liệu khác với bản trước, kèm
nguyên nhân; các bản trước giữ nguyên.
  tiendo publications amend nam-2024 --author chi-lan --reason "hai xã báo cáo muộn" --decision 12/QĐ
Mã kết thúc: 0 đã ghi, 2 không có kỳ đó, dùng sai, hoặc không có gì đang chạy, 75 thử lại.)"},
        &of_a_store},
    Lesson{
        "rebuild",
        {"fill the views anew from the log, compare with the old, and switch",
         "dựng lại số liệu từ sổ, so với bản cũ, rồi chuyển sang bản mới"},
        {R"(After an upgrade that gives more events an effect, or to make sure of the figures. A running tiendo
goes on answering meanwhile; it needs room for a second copy of the figures.
  tiendo rebuild --data /var/lib/tiendo
Exit codes: 0 filled, and equal to the old, 1 filled, and different (the log decides), 2 there is no store,
75 try again.)",
         R"(Sau khi nâng cấp khiến thêm sự kiện có hiệu lực, hoặc để chắc chắn về số liệu. tiendo đang chạy vẫn
trả lời trong lúc đó; cần chỗ cho một bản số liệu thứ hai.
  tiendo rebuild --data /var/lib/tiendo
Mã kết thúc: 0 dựng xong, giống bản cũ, 1 dựng xong, khác bản cũ (sổ quyết định), 2 không có kho dữ liệu,
75 hãy thử lại.)"},
        &of_a_store},
    Lesson{
        "verify",
        {"count the whole log again and compare with what it says of itself",
         "đếm lại toàn bộ sổ và đối chiếu"},
        {R"(Reads every record: positions without holes, received = accepted + duplicate + rejected, and the counts
that the log keeps. Used after trouble with a disk, and before a copy of the folder is trusted.
  tiendo verify --data /backup/tiendo
With --views all figures are derived again from the log too, and each row that differs is named, with the
first record behind it; a running tiendo does that by itself in the background. It changes nothing.
  tiendo verify --views --data /var/lib/tiendo
Exit codes: 0 all adds up, 1 something does not, 2 there is no store, 75 try again.)",
         R"(Đọc mọi bản ghi: vị trí không đứt quãng, đã ghi = được nhận + trùng + từ chối, và các số đếm mà sổ
giữ. Dùng sau sự cố đĩa, và trước khi tin một bản sao của thư mục dữ liệu.
  tiendo verify --data /backup/tiendo
Với --views, mọi số liệu được dựng lại từ sổ để đối chiếu, dòng nào khác thì nêu tên cùng bản ghi đầu tiên
liên quan; tiendo đang chạy tự làm việc này ở chế độ nền. Lệnh không sửa gì.
  tiendo verify --views --data /var/lib/tiendo
Mã kết thúc: 0 mọi số khớp, 1 có chỗ không khớp, 2 không có kho dữ liệu, 75 hãy thử lại.)"},
        &of_a_store},
    Lesson{
        "digest",
        {"one number for all figures: equal for equal events", "mã băm của mọi số liệu"},
        {R"(Two stores that hold the same records have the same digest, whatever order they came in: the way to
compare two nodes, or a copy with its original.
  tiendo digest --data /var/lib/tiendo
Exit codes: 0 done, 2 there is no store, 75 try again.)",
         R"(Hai kho có cùng các bản ghi thì có cùng mã băm, dù thứ tự đến thế nào: cách để so hai nút, hoặc so
bản sao với bản gốc.
  tiendo digest --data /var/lib/tiendo
Mã kết thúc: 0 xong, 2 không có kho dữ liệu, 75 hãy thử lại.)"},
        &of_a_store},
    Lesson{
        "export",
        {"the records of the log as NDJSON, as they came, with their verdicts",
         "các bản ghi trong sổ, dạng NDJSON, kèm kết quả"},
        {R"(A line for each record on standard output, refused ones too: `value` is what was sent, byte for byte
(`value_base64` where it is no text). For looking things up, and for those who keep the book elsewhere.
  tiendo export --stream intake --from 1207 --before 1208
  tiendo export | jq -c 'select(.verdict == "rejected") | {stream, position, code}'
Exit codes: 0 done, 2 there is no store or no such stream, 75 not all could be read or written.)",
         R"(Mỗi bản ghi một dòng trên đầu ra chuẩn, cả bản ghi bị từ chối: `value` là đúng từng byte đã gửi
(`value_base64` nếu không phải văn bản). Để tra cứu, và để lưu sổ ở nơi khác.
  tiendo export --stream intake --from 1207 --before 1208
  tiendo export | jq -c 'select(.verdict == "rejected") | {stream, position, code}'
Mã kết thúc: 0 xong, 2 không có kho dữ liệu hoặc không có luồng đó, 75 chưa đọc hoặc ghi được hết.)"},
        &of_a_store},
};

const Lesson& lesson(std::string_view command) {
  const auto found = std::find_if(lessons.begin(), lessons.end(),
                                  [&](const Lesson& one) { return one.command == command; });
  ENSURE(found != lessons.end(), "every command has its lesson");
  return *found;
}

}  // namespace

std::string about_program(Language language) { return std::string(about.in(language)); }

std::string examples_of_program(Language language) { return std::string(examples.in(language)); }

std::string_view purpose_of(std::string_view command, Language language) {
  return lesson(command).purpose.in(language);
}

std::string lesson_of(std::string_view command, Language language) {
  const Lesson& one = lesson(command);
  return std::string(one.text.in(language)) + "\n" + std::string(one.common->in(language));
}

}  // namespace tiendo
