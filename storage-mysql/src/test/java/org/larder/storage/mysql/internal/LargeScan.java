package org.larder.storage.mysql.internal;

import org.larder.storage.model.Row;
import org.larder.storage.mysql.server.MariaDbServer;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/** Scans notes in a process of its own, and says what came and how much memory there was. */
final class LargeScan {
  private static final int BODY = Host.NOTES.ordinal("body");

  private LargeScan() {}

  public static void main(String[] arguments) {
    long rows = 0;
    long characters = 0;
    try (Host host = new Host(MysqlBackend.at("main", arguments[0], MariaDbServer.ROOT, ""))) {
      host.attach();
      try (RecordCursor cursor = host.backend.scan(ScanRequest.all(Host.NOTES))) {
        for (Row row = cursor.next(); row != null; row = cursor.next()) {
          rows++;
          characters += row.getString(BODY).length();
        }
      }
    }
    System.out.printf("%d %d %d%n", rows, characters, Runtime.getRuntime().maxMemory());
  }
}
