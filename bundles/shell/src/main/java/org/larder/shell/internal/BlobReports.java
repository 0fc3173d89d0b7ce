package org.larder.shell.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;

/** What the commands print about the stores of large objects that count. */
final class BlobReports {
  private static final String ANY = "any";

  private BlobReports() {}

  /** A store that can be asked how full it is. */
  interface Asked {
    BlobUsage usage() throws IOException;
  }

  /** The stores by their names, which their services' properties have. */
  static Map<String, Asked> named(List<Map.Entry<Map<String, Object>, QuotaBlobStore>> stores) {
    Map<String, Asked> named = new TreeMap<>();
    stores.forEach(
        store ->
            named.put(String.valueOf(store.getKey().get(BlobStore.NAME)), store.getValue()::usage));
    return named;
  }

  /** A table of the stores; nothing if there are none. */
  static String list(Map<String, Asked> stores) {
    Table table = new Table("BLOBS", ">OBJECTS", ">ALLOWED", ">SIZE", ">ALLOWED", "DETAIL");
    stores.forEach((name, store) -> row(name, store, table));
    return table.isEmpty() ? "" : "\n" + table;
  }

  private static void row(String name, Asked store, Table table) {
    try {
      BlobUsage usage = store.usage();
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
}
