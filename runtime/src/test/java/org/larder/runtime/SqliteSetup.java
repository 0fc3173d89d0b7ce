package org.larder.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an operator does to let a node keep its records in more databases of SQLite. */
final class SqliteSetup {
  private SqliteSetup() {}

  /** Makes a backend of that name of the shipped one, with a file of its own. */
  static void addBackend(Path config, String name) throws IOException {
    Files.writeString(
        file(config, name),
        Files.readString(file(config, "main"))
            .replaceFirst("(?m)^name = .*$", "name = " + name)
            .replaceFirst("(?m)^file = .*$", "file = " + name + ".db"));
  }

  /** The configuration of the backend of that name. */
  static Path file(Path config, String name) {
    return config.resolve("larder.storage.sqlite-" + name + ".cfg");
  }
}
