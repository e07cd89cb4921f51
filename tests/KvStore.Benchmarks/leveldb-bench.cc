// The workloads of `bench engine` on LevelDB, for tests/KvStore.Benchmarks/compare-rocksdb: Debian has LevelDB's library and no
// db_bench of it. Options and output are those of `bench engine --json true`; keys and values are made in the same way; options of
// the database that are not given are as in StoreOptions of EngineCommand.cs.
//
//   g++ -O2 -o leveldb-bench leveldb-bench.cc -lleveldb -lpthread
#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/iterator.h>
#include <leveldb/options.h>
#include <leveldb/write_batch.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

std::map<std::string, std::string> arguments;

long Number(const char* name, long otherwise) {
  auto found = arguments.find(name);
  return found == arguments.end() ? otherwise : std::atol(found->second.c_str());
}

bool Flag(const char* name) { return arguments.count(name) && arguments[name] == "true"; }

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "leveldb-bench: %s\n", why.c_str());
  std::exit(1);
}

void Check(const leveldb::Status& status) {
  if (!status.ok()) Fail(status.ToString());
}

// Splitmix64, as BenchRandom.cs.
struct Random {
  uint64_t state;
  uint64_t Next() {
    uint64_t mixed = state += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }
  uint64_t Below(uint64_t bound) { return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * bound) >> 64); }
};

// Nanoseconds in buckets of a sixteenth of a power of two, as LatencyHistogram.cs.
struct Histogram {
  std::vector<uint64_t> counts = std::vector<uint64_t>(64 * 16);
  uint64_t count = 0, most = 0;
  void Add(uint64_t nanoseconds) {
    count++;
    most = std::max(most, nanoseconds);
    counts[Bucket(nanoseconds)]++;
  }
  void Add(const Histogram& other) {
    for (size_t i = 0; i < counts.size(); i++) counts[i] += other.counts[i];
    count += other.count;
    most = std::max(most, other.most);
  }
  double Percentile(double share) const {
    uint64_t wanted = static_cast<uint64_t>(share * count), seen = 0;
    for (size_t i = 0; i < counts.size(); i++) {
      seen += counts[i];
      if (seen > wanted) return i < 16 ? i : static_cast<double>((16 + i % 16) << (i / 16 - 1));
    }
    return most;
  }
  static size_t Bucket(uint64_t value) {
    if (value < 16) return value;
    int exponent = 63 - __builtin_clzll(value);
    return (exponent - 3) * 16 + ((value >> (exponent - 4)) & 15);
  }
};

struct Bench {
  std::string workload = arguments["workload"];
  std::string path = arguments["db"];
  long num = Number("num", 1000000);
  long key_size = Number("key-size", 16);
  long value_size = Number("value-size", 100);
  long threads = Number("threads", 1);
  long reads = Number("reads", 0) > 0 ? Number("reads", 0) : num;
  long nexts = Number("seek-nexts", 100);
  bool sync = Flag("sync") || workload == "fillsync";
  std::string noise;
  leveldb::DB* db = nullptr;
  std::atomic<uint64_t> found{0};
  std::atomic<bool> stop{false};

  leveldb::Options Options(long memtable) {
    leveldb::Options options;
    options.create_if_missing = true;
    options.write_buffer_size = memtable;
    options.max_file_size = 64 << 20;
    options.block_size = 4096;
    options.block_restart_interval = 16;
    options.compression = leveldb::kNoCompression;
    static const leveldb::FilterPolicy* bloom = leveldb::NewBloomFilterPolicy(10);
    options.filter_policy = bloom;
    options.block_cache = leveldb::NewLRUCache(Number("cache-size", 1L << 30));
    return options;
  }

  void Open(long memtable = 64 << 20) { Check(leveldb::DB::Open(Options(memtable), path, &db)); }

  void MakeNoise() {
    Random random{301};
    while (noise.size() < static_cast<size_t>(65536 + value_size)) noise.push_back(static_cast<char>(random.Next()));
  }

  leveldb::Slice Value(uint64_t number) const { return {noise.data() + (number * 0x9E3779B97F4A7C15 >> 48), static_cast<size_t>(value_size)}; }

  static void Write(std::string* key, uint64_t number) {
    for (int i = 0; i < 8; i++) (*key)[i] = static_cast<char>(number >> (56 - 8 * i));
  }

  // One thread of a workload: the same step again and again, each timed from the end of the one before.
  void Run(const std::string& name, long steps, uint64_t seed, Histogram* times) {
    Random random{seed * 1000003 + std::hash<std::string>()(name)};
    std::string key(key_size + (name == "readmissing" ? 1 : 0), '0'), value;
    leveldb::WriteOptions writing;
    writing.sync = sync;
    leveldb::ReadOptions reading;
    reading.verify_checksums = Flag("verify-checksums");
    uint64_t hits = 0, keys = name == "readhot" ? std::max(1L, num / 100) : num;
    auto last = Clock::now();
    for (long step = 0; step < steps && !stop.load(std::memory_order_relaxed); step++) {
      uint64_t number = name == "fillseq" ? step : random.Below(keys);
      Write(&key, number);
      if (name == "deleterandom") {
        Check(db->Delete(writing, key));
      } else if (name == "compact") {
        db->CompactRange(nullptr, nullptr);
      } else if (name == "seekrandom") {
        std::unique_ptr<leveldb::Iterator> iterator(db->NewIterator(reading));
        iterator->Seek(key);
        hits += iterator->Valid();
        uint64_t sum = 0;
        for (long next = 0; next < nexts && iterator->Valid(); next++) {
          sum += iterator->key().size() + iterator->value().size();
          iterator->Next();
        }
        Check(iterator->status());
        if (sum == 1) Fail("impossible");
      } else if (name.compare(0, 4, "read") == 0) {
        leveldb::Status status = db->Get(reading, key, &value);
        if (!status.ok() && !status.IsNotFound()) Check(status);
        hits += status.ok();
      } else {
        Check(db->Put(writing, key, Value(number)));
      }
      auto now = Clock::now();
      times->Add(std::chrono::nanoseconds(now - last).count());
      last = now;
    }
    found += hits;
  }

  Histogram Together(const std::string& name, long steps, Histogram* beside, double duration) {
    std::vector<Histogram> times(threads);
    std::vector<std::thread> running;
    for (long i = 0; i < threads; i++) running.emplace_back([&, i] { Run(name, steps, 17 + i, &times[i]); });
    if (beside != nullptr) {
      running.emplace_back([&] { Run("overwrite", INT64_MAX, 99, beside); });
      std::this_thread::sleep_for(std::chrono::duration<double>(duration));
      stop = true;
    }
    for (auto& thread : running) thread.join();
    stop = false;
    Histogram all;
    for (auto& one : times) all.Add(one);
    return all;
  }
};

double ProcessorSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

int main(int count, char** values) {
  for (int i = 1; i + 1 < count; i += 2) arguments[std::string(values[i]).substr(2)] = values[i + 1];
  if (count % 2 == 0 || !arguments.count("workload") || !arguments.count("db"))
    Fail("usage: leveldb-bench --workload NAME --db DIR [--num N] [...]. Nothing was run.");
  Bench bench;
  bench.MakeNoise();
  bool recover = bench.workload == "recover", beside = bench.workload == "readwhilewriting";
  if (recover) {
    bench.Open(std::max(1L << 20, bench.num * (bench.key_size + bench.value_size + 64)));
    Histogram filling;
    bench.Run("fillrandom", bench.num, 1, &filling);
    delete bench.db;
  }
  double processor = ProcessorSeconds();
  auto start = Clock::now();
  bench.Open();
  double open = std::chrono::duration<double>(Clock::now() - start).count();
  bool writes = bench.workload.compare(0, 4, "read") != 0 && bench.workload != "seekrandom";
  long steps = bench.workload == "compact" ? 1 : beside ? INT64_MAX : writes ? bench.num : bench.reads;
  Histogram times, writing;
  double seconds = open;
  if (!recover) {
    if (Flag("warm")) bench.Together(bench.workload, steps, nullptr, 0);
    bench.found = 0;
    processor = ProcessorSeconds();
    start = Clock::now();
    times = bench.Together(bench.workload, steps, beside ? &writing : nullptr, std::atof((arguments.count("duration") ? arguments["duration"] : "6").c_str()));
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  }
  uint64_t operations = recover ? bench.num : times.count;
  processor = ProcessorSeconds() - processor;
  std::printf("{\"operationsPerSecond\":%.3f,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f,\"writesPerSecond\":%.3f,\"found\":%lu,"
              "\"openSeconds\":%.6f,\"processorPerOperation\":%.4f}\n",
              operations / seconds, times.Percentile(0.5) / 1e3, times.Percentile(0.99) / 1e3, times.Percentile(0.999) / 1e3, times.most / 1e3,
              writing.count / seconds, bench.found.load(), open, processor * 1e6 / std::max<uint64_t>(1, operations));
  delete bench.db;
  return 0;
}
