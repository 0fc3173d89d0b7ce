package org.larder.shell.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;

/** What the commands print about the stores of large objects that count. */
final class BlobReports {
  private static final String ANY = "any";

  private BlobReports() {}

  /** A table of the stores, by their services' properties; nothing if there are none. */
  static String list(List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores) {
    Table table = new Table("BLOBS", ">OBJECTS", ">ALLOWED", ">SIZE", ">ALLOWED", "DETAIL");
    for (Map.Entry<Map<String, Object>, QuotaBlobStore> store : stores) {
      Object name = store.getKey().get(BlobStore.NAME);
      try {
        BlobUsage usage = store.getValue().usage();
        table.row(
            name,
            Text.count(usage.objects()),
            usage.maxObjects() > 0 ? Text.count(usage.maxObjects()) : ANY,
            Text.bytes(usage.bytes()),
            usage.maxBytes() > 0 ? Text.bytes(usage.maxBytes()) : ANY,
            usage.maxBytes() > 0 ? 100 * usage.bytes() / usage.maxBytes() + "% full" : "");
      } catch (IOException e) {
        table.row(name, "?", "?", "?", "?", e.getMessage());
      }
    }
    return table.isEmpty() ? "" : "\n" + table;
  }
}
