package org.larder.storage.sqlite.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How a database is used.
 *
 * @param name the backend's name
 * @param file the database
 * @param poolSize readers at most
 * @param poolMinimum readers kept ready
 * @param poolRecycle age at which a reader is replaced
 * @param busyTimeout how long to wait for another program that writes to the database
 * @param queryTimeout how long a question may take
 * @param writerCacheKib pages that the writer keeps
 * @param readerCacheKib pages that each reader keeps
 * @param mmapMib how much of the file is mapped into memory
 * @param checkpointPages pages of the write-ahead log after which it is brought into the file
 * @param maxPages pages that the database may grow to; 0 for no bound
 */
record SqliteSettings(
    String name,
    Path file,
    int poolSize,
    int poolMinimum,
    Duration poolRecycle,
    Duration busyTimeout,
    Duration queryTimeout,
    int writerCacheKib,
    int readerCacheKib,
    int mmapMib,
    int checkpointPages,
    int maxPages) {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  SqliteSettings {
    requireRange("pool_size", poolSize, 1, 100);
    requireRange("pool_min_size", poolMinimum, 0, 100);
    requireRange("pool_recycle", poolRecycle.toSeconds(), 30, 604_800);
    requireRange("busy_timeout_ms", busyTimeout.toMillis(), 0, 60_000);
    requireRange("query_timeout_ms", queryTimeout.toMillis(), 1, 3_600_000);
    requireRange("writer_cache_kib", writerCacheKib, 64, 4 << 20);
    requireRange("reader_cache_kib", readerCacheKib, 64, 4 << 20);
    requireRange("mmap_mib", mmapMib, 0, 1 << 20);
    // At most 1.6 GB of log: its size in bytes is given to SQLite as an int.
    requireRange("checkpoint_pages", checkpointPages, 1, 200_000);
    requireRange("max_pages", maxPages, 0, Integer.MAX_VALUE);
  }

  private static void requireRange(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " has to be from " + least + " to " + most + ", not " + value);
    }
  }

  /** The settings that hold unless configured. */
  static SqliteSettings of(String name, Path file) {
    return new SqliteSettings(
        name,
        file,
        10,
        5,
        Duration.ofSeconds(3600),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        16 << 10,
        2 << 10,
        0,
        4000,
        0);
  }

  /** The file that the write-ahead log is in. */
  Path log() {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /**
   * The file in which the store is kept as it was before it got another format. It is named for the
   * second, so that a copy from an earlier migration is not taken for it.
   */
  Path copyOfFormat(int format, Instant at) {
    return file.resolveSibling(file.getFileName() + ".format-" + format + "-" + SECOND.format(at));
  }

  /** The file that says that the disk refused to make the database durable. */
  Path failedSync() {
    return file.resolveSibling(file.getFileName() + ".failed-sync");
  }

  /** The file whose lock says who has the database. */
  Path lock() {
    return file.resolveSibling(file.getFileName() + ".lock");
  }
}
