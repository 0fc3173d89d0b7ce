package org.larder.storage.sqlite.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.larder.storage.jdbc.Call;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.core.DB;

/** Copies a database while it is in use. Stateless and free for any thread. */
final class Snapshot {
  private static final int STEP_PAGES = 2048;

  private Snapshot() {}

  /** Copies the database to a file that is there only when it is whole. */
  static void copy(SqliteSettings settings, Path target, Call call)
      throws SQLException, IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    try {
      copyPages(settings, partial, call);
      // The copy is closed, so that opening it from Java drops nobody's locks.
      force(partial, StandardOpenOption.WRITE);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      force(target.toAbsolutePath().getParent(), StandardOpenOption.READ);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void copyPages(SqliteSettings settings, Path partial, Call call)
      throws SQLException {
    try (Connection connection = Databases.readers(settings).getConnection();
        Statement statement = connection.createStatement()) {
      // A transaction around the copy: without it each write would make it begin again.
      statement.execute("BEGIN");
      try (ResultSet pinned = statement.executeQuery("SELECT COUNT(*) FROM _store")) {
        pinned.next();
      }
      DB database = connection.unwrap(SQLiteConnection.class).getDatabase();
      DB.ProgressObserver observer = (remaining, pages) -> call.check();
      int code =
          database.backup("main", partial.toAbsolutePath().toString(), observer, 0, 0, STEP_PAGES);
      if (code != SQLiteErrorCode.SQLITE_OK.code) {
        throw DB.newSQLException(code, "The copy failed");
      }
    }
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
