package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.larder.shell.internal.BlobReports.Asked;
import org.larder.storage.blob.BlobUsage;

class BlobReportsTest {
  @Test
  void storesShowWhatTheyHoldAndTheirBounds() {
    Map<String, Asked> stores = new TreeMap<>();
    stores.put("main", () -> new BlobUsage(1_234_567, 7_500_000_000L, 0, 10_000_000_000L));
    stores.put("free", () -> new BlobUsage(1, 17, 5, 0));
    stores.put(
        "gone",
        () -> {
          throw new IOException("The folder is gone");
        });
    List<String> lines = BlobReports.list(stores).strip().lines().toList();
    assertThat(lines).hasSize(4).allMatch(line -> Text.width(line) <= 80);
    assertThat(lines.get(1)).matches("free +1 +5 +17 B +any *");
    assertThat(lines.get(2)).contains("gone", "The folder is gone");
    assertThat(lines.get(3)).matches("main +1,234,567 +any +7.5 GB +10.0 GB +75% full");
  }

  @Test
  void withoutStoresNothingIsSaid() {
    assertThat(BlobReports.list(Map.of())).isEmpty();
  }
}
