package org.larder.storage.mysql.internal;

import java.time.Duration;
import java.util.Objects;
import org.larder.storage.jdbc.Partition;

/**
 * How a database is used.
 *
 * @param name the backend's name
 * @param url where the database is
 * @param user the account
 * @param password its password
 * @param tls how connections are encrypted
 * @param writing how many connections write one batch
 * @param poolSize readers at most
 * @param poolMinimum readers kept ready
 * @param poolRecycle age at which a reader is replaced
 * @param connectTimeout how long a server may take to answer a connection, and a call may wait for
 *     a reader
 * @param queryTimeout how long a question may take
 */
record MysqlSettings(
    String name,
    ServerUrl url,
    String user,
    Secret password,
    Tls tls,
    Partition writing,
    int poolSize,
    int poolMinimum,
    Duration poolRecycle,
    Duration connectTimeout,
    Duration queryTimeout) {

  /** Smaller parts take longer in several transactions than in one. */
  private static final int LEAST_ROWS = 250;

  MysqlSettings {
    Objects.requireNonNull(name, "name");
    requireRange("pool_size", poolSize, 1, 100);
    requireRange("pool_min_size", poolMinimum, 0, 100);
    requireRange("pool_recycle", poolRecycle.toSeconds(), 30, 604_800);
    requireRange("connect_timeout_ms", connectTimeout.toMillis(), 250, 60_000);
    requireRange("query_timeout_ms", queryTimeout.toMillis(), 1, 3_600_000);
  }

  /**
   * The way to divide batches.
   *
   * @param connections what {@code write_connections} says
   */
  static Partition writing(int connections) {
    requireRange("write_connections", connections, 1, Partition.MOST);
    return new Partition(connections, LEAST_ROWS);
  }

  private static void requireRange(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " has to be from " + least + " to " + most + ", not " + value);
    }
  }

  /** The settings that hold unless configured. */
  static MysqlSettings of(String name, String url, String user, String password) {
    return new MysqlSettings(
        name,
        ServerUrl.parse(url),
        user,
        Secret.of(password),
        Tls.preferred(),
        Partition.WHOLE,
        10,
        5,
        Duration.ofSeconds(3600),
        Duration.ofSeconds(3),
        Duration.ofSeconds(60));
  }

  /** The same, but for how batches are divided. */
  MysqlSettings dividing(Partition partition) {
    return new MysqlSettings(
        name,
        url,
        user,
        password,
        tls,
        partition,
        poolSize,
        poolMinimum,
        poolRecycle,
        connectTimeout,
        queryTimeout);
  }
}
