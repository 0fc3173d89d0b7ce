package org.larder.storage.mysql.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.larder.storage.spi.StorageException;

/** Which of the two databases a server is. */
enum ServerKind {
  /** MySQL 8.0.19 or newer: the first whose inserts name the row that they bring. */
  MYSQL("utf8mb4_0900_bin", 8, 0, 19),
  /** MariaDB 10.11 or newer. */
  MARIADB("utf8mb4_nopad_bin", 10, 11, 0);

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  private final String collation;
  private final long least;

  ServerKind(String collation, int major, int minor, int patch) {
    this.collation = collation;
    least = number(major, minor, patch);
  }

  /** The collation by which text compares as unsigned bytes of UTF-8, blanks at its end counted. */
  String collation() {
    return collation;
  }

  /**
   * Asks a server.
   *
   * @throws StorageException HALT if it is too old
   */
  static ServerKind of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT VERSION()")) {
      result.next();
      return of(result.getString(1));
    }
  }

  static ServerKind of(String version) {
    ServerKind kind = version.contains("MariaDB") ? MARIADB : MYSQL;
    Matcher parts = VERSION.matcher(version);
    if (!parts.find()
        || number(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)))
            < kind.least) {
      throw new StorageException(
          HALT,
          "STORE_ERROR",
          "The database server is %s; MySQL 8.0.19 or MariaDB 10.11 is the least"
              .formatted(version));
    }
    return kind;
  }

  private static long number(int major, int minor, int patch) {
    return (major * 1000L + minor) * 1000 + patch;
  }
}
