package org.larder.storage.sqlite.internal;

import java.nio.file.Path;

/** SQLite databases for those who need one to come from. */
public final class SqliteStores {
  private SqliteStores() {}

  /** A database with the settings that hold unless configured. */
  public static SqliteBackend named(String name, Path file) {
    return new SqliteBackend(SqliteSettings.of(name, file));
  }
}
