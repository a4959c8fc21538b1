#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "events/ensure.h"
#include "events/sorted_rows.h"
#include "events/store.h"
#include "events/store_folder.h"

namespace tiendo {
namespace {

namespace fs = std::filesystem;

// A row of RocksDB's own default family: the families of a store that was made completely.
constexpr std::string_view families_key = "tiendo.families";
// Sorted files wait here, inside the store's folder, so that they can be moved and not copied.
constexpr std::string_view incoming_folder = "incoming";

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

Error to_error(const rocksdb::Status& status, std::string_view doing) {
  const char* code = status.IsCorruption() ? "corrupt" : "io";
  return {code, fmt::format("{}: {}", doing, status.ToString())};
}

// ---- Settings

// After a write error this RocksDB may abort when it resumes by itself. The process ends instead.
class NoResume final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

rocksdb::CompressionType light_compression() {
  const auto supported = rocksdb::GetSupportedCompressions();
  const bool lz4 =
      std::find(supported.begin(), supported.end(), rocksdb::kLZ4Compression) != supported.end();
  return lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

rocksdb::DBOptions database_options(const RocksOptions& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = !options.follower;
  db.paranoid_checks = true;
  // A torn tail is what a crash leaves; damage anywhere else is refused.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Without this a lost write-ahead file in the middle opens as a silent hole. It is not for
  // followers.
  db.track_and_verify_wals_in_manifest = !options.follower;
  // With fewer, a follower skips rows of files that the writer has removed.
  db.max_open_files = -1;
  // Bounds the time to open again after a crash (about 1.5 s for 100 MB).
  db.max_total_wal_size = 128u << 20;
  db.bytes_per_sync = 1u << 20;
  // Both stores of a process share RocksDB's threads: two that compact and one that flushes. Views
  // use one of the two at a time, so that rewriting them never keeps the log from its own.
  db.max_background_jobs = options.profile == RocksProfile::log ? 3 : 2;
  db.max_bgerror_resume_count = 0;
  db.listeners.push_back(std::make_shared<NoResume>());
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.keep_log_file_num = 10;
  db.max_log_file_size = 64u << 20;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.skip_stats_update_on_db_open = true;
  return db;
}

rocksdb::BlockBasedTableOptions table_options(bool point_lookups,
                                              std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  table.format_version = 5;
  table.block_size = point_lookups ? 4u << 10 : 16u << 10;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  if (point_lookups) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(12));
    table.whole_key_filtering = true;
  }
  return table;
}

// The log grows at the ends of its streams, and most of its files move down the levels unread.
void use_levels(rocksdb::ColumnFamilyOptions& family) {
  family.compaction_style = rocksdb::kCompactionStyleLevel;
  family.level_compaction_dynamic_level_bytes = true;
}

// Catching up hands over run after run, each over the whole range of keys. Levels would rewrite
// every row about ten times; this rewrites it about twice, for a few more files in each read.
void use_few_rewrites(rocksdb::ColumnFamilyOptions& family) {
  family.compaction_style = rocksdb::kCompactionStyleUniversal;
  family.level0_file_num_compaction_trigger = 8;
  family.level0_slowdown_writes_trigger = 40;
  family.level0_stop_writes_trigger = 80;
  family.compaction_options_universal.size_ratio = 20;
  family.compaction_options_universal.min_merge_width = 4;
  family.compaction_options_universal.max_size_amplification_percent = 200;
}

rocksdb::ColumnFamilyOptions family_options(const RocksOptions& options, const FamilySpec& spec,
                                            std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = spec.point_lookups ? 32u << 20 : 64u << 20;
  family.max_write_buffer_number = 3;
  family.compression = light_compression();
  family.target_file_size_base = 64u << 20;
  if (spec.point_lookups) {
    family.memtable_prefix_bloom_size_ratio = 0.1;
    family.memtable_whole_key_filtering = true;
  }
  family.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(table_options(spec.point_lookups, std::move(cache))));
  if (options.profile == RocksProfile::log) {
    use_levels(family);
  } else {
    use_few_rewrites(family);
  }
  return family;
}

// ---- Reading

struct Database {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // by Family
  bool follower = false;

  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    ENSURE(family < handles.size(), "a family that was not opened");
    return handles[family];
  }
};

using Values = std::vector<std::optional<std::string>>;

// Ranges are never deleted here. To look for such deletions all the same would cost time, and in
// 7.8.3 it hides damage: a scan that comes to a file whose first block is broken then leaves out
// the rest of the file's level and says OK.
rocksdb::ReadOptions read_options() {
  rocksdb::ReadOptions how;
  how.verify_checksums = true;
  how.ignore_range_deletions = true;
  return how;
}

Result<std::optional<std::string>> to_value(const rocksdb::Status& status,
                                            const rocksdb::PinnableSlice& value) {
  if (status.ok()) return std::optional<std::string>(value.ToString());
  if (status.IsNotFound()) return std::optional<std::string>();
  return to_error(status, "reading a row");
}

Result<std::optional<std::string>> read_one(const Database& database,
                                            const rocksdb::ReadOptions& how, Family family,
                                            std::string_view key) {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = database.db->Get(how, database.handle(family), slice(key), &value);
  return to_value(status, value);
}

Result<Values> read_many(const Database& database, const rocksdb::ReadOptions& how, Family family,
                         const std::vector<std::string_view>& keys) {
  Values answer;
  answer.reserve(keys.size());
  if (database.follower) {  // a follower has its own Get, but no MultiGet of its own
    for (std::string_view key : keys) {
      TRY_ASSIGN(value, read_one(database, how, family, key));
      answer.push_back(std::move(value));
    }
    return answer;
  }
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (std::string_view key : keys) slices.push_back(slice(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database.db->MultiGet(how, database.handle(family), keys.size(), slices.data(), values.data(),
                        statuses.data());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    TRY_ASSIGN(value, to_value(statuses[i], values[i]));
    answer.push_back(std::move(value));
  }
  return answer;
}

class RocksCursor final : public Cursor {
 public:
  explicit RocksCursor(std::unique_ptr<rocksdb::Iterator> iterator)
      : iterator_(std::move(iterator)) {}

  void seek(std::string_view key) override { iterator_->Seek(slice(key)); }
  void next() override {
    ENSURE(valid(), "next() of a cursor at its end");
    iterator_->Next();
  }
  [[nodiscard]] bool valid() const override { return iterator_->Valid(); }
  [[nodiscard]] std::string_view key() const override { return view(iterator_->key()); }
  [[nodiscard]] std::string_view value() const override { return view(iterator_->value()); }
  [[nodiscard]] Status status() const override {
    const rocksdb::Status status = iterator_->status();
    if (!status.ok()) return to_error(status, "scanning rows");
    return Done{};
  }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

std::unique_ptr<Cursor> open_cursor(const Database& database, const rocksdb::ReadOptions& how,
                                    Family family) {
  return std::make_unique<RocksCursor>(
      std::unique_ptr<rocksdb::Iterator>(database.db->NewIterator(how, database.handle(family))));
}

class RocksSnapshot final : public Snapshot {
 public:
  explicit RocksSnapshot(const Database& database) : database_(&database) {
    // A follower ignores snapshots in Get and refuses them in iterators; it stands still by itself
    // between two follow().
    if (!database.follower) how_.snapshot = database.db->GetSnapshot();
  }
  ~RocksSnapshot() override {
    if (how_.snapshot != nullptr) database_->db->ReleaseSnapshot(how_.snapshot);
  }
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    return read_one(*database_, how_, family, key);
  }
  [[nodiscard]] Result<Values> get_many(Family family,
                                        const std::vector<std::string_view>& keys) const override {
    return read_many(*database_, how_, family, keys);
  }
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override {
    return open_cursor(*database_, how_, family);
  }

 private:
  const Database* database_;
  rocksdb::ReadOptions how_ = read_options();
};

// ---- Sorted runs

// The entry of the row at a place of the order. Rows lie scattered over the batch: asking for the
// entry of a later row and for the bytes of a nearer one keeps the writer from waiting for memory
// at each of them.
const WriteBatch::Entry& entry_at(const WriteBatch& batch, const std::vector<uint32_t>& rows,
                                  std::size_t at) {
  constexpr std::size_t bytes_ahead = 8;
  constexpr std::size_t entry_ahead = 16;
  if (at + entry_ahead < rows.size()) {
    __builtin_prefetch(&batch.entries()[rows[at + entry_ahead]]);
    const std::string_view key = batch.key(batch.entries()[rows[at + bytes_ahead]]);
    __builtin_prefetch(key.data());
    __builtin_prefetch(key.data() + 64);
  }
  return batch.entries()[rows[at]];
}

// A file of rows in the order of their keys, removed when this goes. Once RocksDB has taken the
// file over, its own link to it stays.
class SortedFile {
 public:
  SortedFile(std::string path, rocksdb::ColumnFamilyHandle* handle)
      : path_(std::move(path)), handle_(handle) {}
  ~SortedFile() {
    std::error_code ignored;  // what is left is removed at the next open
    fs::remove(path_, ignored);
  }
  SortedFile(const SortedFile&) = delete;
  SortedFile& operator=(const SortedFile&) = delete;

  Status write(const rocksdb::Options& options, const WriteBatch& batch,
               const std::vector<uint32_t>& rows) const {
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options, handle_, false);
    rocksdb::Status status = writer.Open(path_);
    for (std::size_t i = 0; i < rows.size() && status.ok(); ++i) {
      const WriteBatch::Entry& entry = entry_at(batch, rows, i);
      const rocksdb::Slice key = slice(batch.key(entry));
      status = entry.erase ? writer.Delete(key) : writer.Put(key, slice(batch.value(entry)));
    }
    if (status.ok()) status = writer.Finish();
    if (!status.ok()) return to_error(status, "writing a sorted file");
    return Done{};
  }

  [[nodiscard]] rocksdb::IngestExternalFileArg handover() const {
    rocksdb::IngestExternalFileArg arg;
    arg.column_family = handle_;
    arg.external_files = {path_};
    arg.options.move_files = true;
    arg.options.failed_move_fall_back_to_copy = false;
    arg.options.write_global_seqno = false;
    return arg;
  }

 private:
  std::string path_;
  rocksdb::ColumnFamilyHandle* handle_;
};

// ---- The store

class RocksStore final : public KvStore {
 public:
  // `own_folder`: where a follower keeps what RocksDB wants to write down about it.
  RocksStore(const std::string& path, Database database, std::optional<TemporaryFolder> own_folder)
      : own_folder_(std::move(own_folder)),
        database_(std::move(database)),
        incoming_(fs::path(path) / incoming_folder) {
    synced_.sync = true;
  }

  // Notes in a new store that all of its families are there, and clears what an earlier process
  // left behind.
  Status begin(const std::string& families) {
    std::string noted;
    const rocksdb::Status found = database_.db->Get(read_options(), slice(families_key), &noted);
    if (!found.ok() && !found.IsNotFound()) return to_error(found, "reading the families");
    if (found.IsNotFound()) {
      const rocksdb::Status status = database_.db->Put(synced_, slice(families_key), families);
      if (!status.ok()) return failed(to_error(status, "noting the families"));
    }
    return make_empty_folder(incoming_);
  }

  ~RocksStore() override {
    if (failed_) {
      // Closing after a write error can abort the process. It is about to end anyway.
      static_cast<void>(database_.db.release());
      return;
    }
    for (rocksdb::ColumnFamilyHandle* handle : database_.handles) {
      static_cast<void>(database_.db->DestroyColumnFamilyHandle(handle));
    }
  }
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  Status commit(const WriteBatch& batch, Durability durability) override {
    TRY_DO(check_usable());
    rows_.Clear();
    for (const WriteBatch::Entry& entry : batch.entries()) {
      rocksdb::ColumnFamilyHandle* handle = database_.handle(entry.family);
      const rocksdb::Slice key = slice(batch.key(entry));
      const rocksdb::Status status = entry.erase
                                         ? rows_.Delete(handle, key)
                                         : rows_.Put(handle, key, slice(batch.value(entry)));
      if (!status.ok()) return failed(to_error(status, "gathering a batch"));
    }
    return write_rows(durability);
  }

  Status commit_sorted_run(const WriteBatch& batch) override {
    TRY_DO(check_usable());
    // The files are durable once they are handed over, the unsynced commits before them are not:
    // a power loss would keep this run and lose what it was built on. So those go first.
    TRY_DO(sync_commits());
    const auto rows = sorted_rows(batch, database_.handles.size());
    std::vector<std::unique_ptr<SortedFile>> files;
    std::vector<rocksdb::IngestExternalFileArg> handovers;
    for (Family family = 0; family < rows.size(); ++family) {
      if (rows[family].empty()) continue;
      rocksdb::ColumnFamilyHandle* handle = database_.handle(family);
      files.push_back(std::make_unique<SortedFile>(
          incoming_ / fmt::format("{}.sst", database_.handle(family)->GetName()), handle));
      const Status written =
          files.back()->write(database_.db->GetOptions(handle), batch, rows[family]);
      if (!written.ok()) return failed(written.error());
      handovers.push_back(files.back()->handover());
    }
    if (handovers.empty()) return Done{};
    const rocksdb::Status status = database_.db->IngestExternalFiles(handovers);
    if (!status.ok()) return failed(to_error(status, "taking over sorted files"));
    return Done{};
  }

  [[nodiscard]] std::unique_ptr<Snapshot> snapshot() const override {
    return std::make_unique<RocksSnapshot>(database_);
  }
  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override {
    return read_one(database_, read_options(), family, key);
  }
  [[nodiscard]] Result<Values> get_many(Family family,
                                        const std::vector<std::string_view>& keys) const override {
    return read_many(database_, read_options(), family, keys);
  }
  [[nodiscard]] std::unique_ptr<Cursor> cursor(Family family) const override {
    return open_cursor(database_, read_options(), family);
  }

  Status follow() override {
    if (!database_.follower) return Done{};
    const rocksdb::Status status = database_.db->TryCatchUpWithPrimary();
    if (!status.ok()) return to_error(status, "following the writer");
    return Done{};
  }

 private:
  Status check_usable() const {
    ENSURE(!database_.follower, "a follower does not write");
    if (failed_) return Error{"io", "the store was used after a failed commit; start anew"};
    return Done{};
  }

  Error failed(const Error& error) {
    failed_ = true;
    return error.with_context("a commit failed, and the process must start anew");
  }

  Status write_rows(Durability durability) {
    const bool sync = durability == Durability::synced;
    const rocksdb::Status status = database_.db->Write(sync ? synced_ : unsynced_, &rows_);
    if (!status.ok()) return failed(to_error(status, "writing a batch"));
    lags_ = !sync;
    return Done{};
  }

  // A note in the write-ahead log, which changes no row, synced with all before it. (SyncWAL() of
  // 7.8.3 can make a later open report a missing file.)
  Status sync_commits() {
    if (!lags_) return Done{};
    rows_.Clear();
    const rocksdb::Status status = rows_.PutLogData("sync");
    if (!status.ok()) return failed(to_error(status, "gathering a batch"));
    return write_rows(Durability::synced);
  }

  std::optional<TemporaryFolder> own_folder_;  // outlives the database
  Database database_;
  fs::path incoming_;
  rocksdb::WriteOptions unsynced_;
  rocksdb::WriteOptions synced_;
  rocksdb::WriteBatch rows_;
  bool lags_ = false;  // there are unsynced commits
  bool failed_ = false;
};

// ---- Opening

struct Layout {
  std::vector<std::string> names;
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;  // the default family is the last
  [[nodiscard]] std::string text() const { return fmt::format("{}", fmt::join(names, ",")); }
};

Layout layout_of(const RocksOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  Layout layout;
  for (const FamilySpec& spec : options.families) {
    layout.names.push_back(spec.name);
    layout.descriptors.emplace_back(spec.name, family_options(options, spec, cache));
  }
  layout.descriptors.emplace_back(
      rocksdb::kDefaultColumnFamilyName,
      family_options(options, {.name = "default", .point_lookups = false}, cache));
  return layout;
}

Error open_error(const rocksdb::Status& status, const std::string& path) {
  const std::string text = status.ToString();
  const bool locked = text.find("While lock file") != std::string::npos ||
                      text.find("lock hold by current process") != std::string::npos;
  if (status.IsIOError() && locked) {
    return {"locked", fmt::format("another process has the store {} open: stop it first, or let it "
                                  "do the work",
                                  path)};
  }
  return to_error(status, fmt::format("opening the store {}", path));
}

// RocksDB takes a folder without CURRENT for a new store and would begin an empty one over rows.
Status check_root(const std::string& path) {
  std::error_code why;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, why)) {
    const fs::path extension = entry.path().extension();
    if (extension != ".sst" && extension != ".log") continue;
    return Error{"corrupt",
                 fmt::format("the store {} has rows but no CURRENT file: restore it from "
                             "a backup",
                             path)};
  }
  if (why) return Error{"io", fmt::format("reading the folder {}: {}", path, why.message())};
  return Done{};
}

// Whether the store was once opened with all of its families. A crash while it was made leaves some
// of them, and no row.
Result<bool> is_complete(const std::string& path) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(rocksdb::Options(), path, &opened);
  if (!status.ok()) return open_error(status, path);
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string value;
  const rocksdb::Status found = db->Get(read_options(), slice(families_key), &value);
  if (!found.ok() && !found.IsNotFound()) return open_error(found, path);
  return found.ok();
}

// Whether families are still to be made; error `format` if those of the store are not the layout's.
Result<bool> lacks_families(const std::string& path, const Layout& layout) {
  std::vector<std::string> found;
  const rocksdb::Status listed =
      rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &found);
  if (!listed.ok()) return false;  // the open that follows says why, and whether it is locked
  std::erase(found, rocksdb::kDefaultColumnFamilyName);
  const Error mismatch{"format",
                       fmt::format("the store {} has the families {}, this program wants {}: it is "
                                   "of another version",
                                   path, fmt::join(found, ","), layout.text())};
  for (const std::string& name : found) {
    if (std::find(layout.names.begin(), layout.names.end(), name) == layout.names.end()) {
      return mismatch;
    }
  }
  if (found.size() == layout.names.size()) return false;
  TRY_ASSIGN(complete, is_complete(path));
  if (complete) return mismatch;
  return true;
}

Result<Database> open_database(const RocksOptions& options, const rocksdb::DBOptions& how,
                               const Layout& layout, const TemporaryFolder* own_folder) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      own_folder != nullptr
          ? rocksdb::DB::OpenAsSecondary(how, options.path, own_folder->path().string(),
                                         layout.descriptors, &handles, &opened)
          : rocksdb::DB::Open(how, options.path, layout.descriptors, &handles, &opened);
  if (!status.ok()) return open_error(status, options.path);
  Database database;
  database.db.reset(opened);
  static_cast<void>(opened->DestroyColumnFamilyHandle(handles.back()));
  handles.pop_back();
  database.handles = std::move(handles);
  database.follower = options.follower;
  return database;
}

Result<std::unique_ptr<KvStore>> open_follower(const RocksOptions& options) {
  TRY_ASSIGN(own_folder, TemporaryFolder::make("tiendo-follower-"));
  TRY_ASSIGN(database,
             open_database(options, database_options(options), layout_of(options), &own_folder));
  return std::unique_ptr<KvStore>(
      std::make_unique<RocksStore>(options.path, std::move(database), std::move(own_folder)));
}

Result<std::unique_ptr<KvStore>> open_writer(const RocksOptions& options) {
  TRY_DO(make_folder_durably(options.path));
  const Layout layout = layout_of(options);
  rocksdb::DBOptions how = database_options(options);
  std::error_code why;
  if (fs::exists(fs::path(options.path) / "CURRENT", why)) {
    TRY_ASSIGN(lacking, lacks_families(options.path, layout));
    how.create_missing_column_families = lacking;
  } else {
    TRY_DO(check_root(options.path));
    how.create_missing_column_families = true;
  }
  TRY_ASSIGN(database, open_database(options, how, layout, nullptr));
  auto store = std::make_unique<RocksStore>(options.path, std::move(database), std::nullopt);
  TRY_DO(store->begin(layout.text()));
  return std::unique_ptr<KvStore>(std::move(store));
}

}  // namespace

Result<std::unique_ptr<KvStore>> open_rocks_store(const RocksOptions& options) {
  return options.follower ? open_follower(options) : open_writer(options);
}

}  // namespace tiendo
