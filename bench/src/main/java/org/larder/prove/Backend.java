package org.larder.prove;

import java.util.Locale;
import org.larder.prove.database.DatabaseUnderProof;
import org.larder.prove.database.MysqlUnderProof;
import org.larder.prove.database.SqliteUnderProof;

/** With what it can be proved. */
public enum Backend {
  /** A file in the data folder. */
  SQLITE,
  /** A MariaDB that the proof starts. */
  MYSQL;

  /**
   * The database.
   *
   * @param writeConnections by which MariaDB is written to
   */
  DatabaseUnderProof database(int writeConnections) {
    return switch (this) {
      case SQLITE -> new SqliteUnderProof();
      case MYSQL -> new MysqlUnderProof(writeConnections);
    };
  }

  /** Its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
