package org.larder.bench;

/** What Larder has promised to reach, on two cores that the load generator shares. */
public final class Targets {
  /** Acknowledged items/s with nothing draining, batches of 1,000. */
  public static final double HELD_1000_ITEMS_PER_SECOND = 100_000;

  /** The same in batches of 100 over 8 connections. */
  public static final double HELD_100_ITEMS_PER_SECOND = 60_000;

  /** The same one by one over 32 connections. */
  public static final double HELD_SINGLE_ITEMS_PER_SECOND = 8_000;

  /** Or, one by one, this share of the requests/s of an endpoint that does nothing. */
  public static final double HELD_SINGLE_OF_NO_OP = 0.7;

  /** Acknowledged items/s while SQLite drains beside it. */
  public static final double DRAINING_ITEMS_PER_SECOND = 60_000;

  /** Processor time of the node for an item up to its acknowledgement, batches of 100 and more. */
  public static final double ACKNOWLEDGE_CPU_MICROS = 8;

  /** What the way through SQLite may cost on top of what plain JDBC costs. */
  public static final double THROUGH_CPU_MICROS_OVER_RAW = 12;

  /** Rows/s into SQLite with random keys, as a share of plain JDBC's. */
  public static final double RANDOM_KEYS_OF_RAW = 0.9;

  /** Rows/s into SQLite with keys in order. */
  public static final double ORDERED_ROWS_PER_SECOND = 60_000;

  /** Latency at the 99th percentile of 50 requests/s of 100 items. */
  public static final double OPEN_LOOP_P99_MS = 10;

  /** Or as many times that of the disk alone at the same rate and size. */
  public static final double OPEN_LOOP_P99_OF_RAW = 2;

  /** One task by its id among a million, 99th percentile. */
  public static final double BY_ID_P99_MS = 3;

  /** A page by status with its total, median. */
  public static final double PAGE_WITH_TOTAL_P50_MS = 50;

  /** Any page by cursor, 99th percentile. */
  public static final double CURSOR_PAGE_P99_MS = 5;

  /** The statistics of what was written since they were asked for last, median. */
  public static final double STATS_P50_MS = 100;

  /** Acknowledged items that may be missing, doubled or altered after a kill -9. */
  public static final double LOST_ITEMS = 0;

  /** From the start of the process to the first 200 of /health/ready. */
  public static final double START_SECONDS = 5;

  /** Resident memory of a node that has been idle for a minute. */
  public static final double IDLE_MEGABYTES = 250;

  /** Rows/s into MariaDB, as a share of plain JDBC's batches. */
  public static final double MARIADB_OF_RAW = 0.9;

  /** The median of an acknowledgement with a mirror, times that without. */
  public static final double MIRROR_P50_TIMES = 1.1;

  /** The 99th percentile with a mirror, times that without ... */
  public static final double MIRROR_P99_TIMES = 1.25;

  /** ... or so many milliseconds more, whichever is more. */
  public static final double MIRROR_P99_MS_MORE = 2;

  /** How fast a backend that comes back catches up, times what comes in meanwhile. */
  public static final double CATCH_UP_TIMES_INCOMING = 2;

  /** Rows/s of a migration's back-fill, as a share of plain JDBC copying the same rows. */
  public static final double BACK_FILL_OF_RAW = 0.5;

  /** Objects/s into S3, of records or of bytes, as a share of plain puts by the SDK. */
  public static final double S3_OF_RAW = 0.9;

  private Targets() {}
}
