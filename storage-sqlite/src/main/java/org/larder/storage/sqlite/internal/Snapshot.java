package org.larder.storage.sqlite.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.larder.storage.jdbc.Call;

/** Copies a database while it is in use. Stateless and free for any thread. */
final class Snapshot {
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
      copyInto(settings, partial, call);
      // The copy is closed, so that opening it from Java drops nobody's locks.
      force(partial, StandardOpenOption.WRITE);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      force(target.toAbsolutePath().getParent(), StandardOpenOption.READ);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * One statement, and so one state of the database, which a stop can cancel: the driver's backup
   * call cannot be, and begins again with each write.
   */
  private static void copyInto(SqliteSettings settings, Path partial, Call call)
      throws SQLException {
    try (Connection connection = Databases.readers(settings).getConnection();
        PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, partial.toAbsolutePath().toString());
      call.run(statement).execute();
    } finally {
      call.release();
    }
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
