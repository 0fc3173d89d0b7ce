package org.larder.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;

class BlobReportsTest {
  /** A store that holds nothing and says what it is told to; null for a failure. */
  private record Counting(BlobUsage told) implements QuotaBlobStore {
    @Override
    public BlobUsage usage() throws IOException {
      if (told == null) {
        throw new IOException("The folder is gone");
      }
      return told;
    }

    @Override
    public void put(String name, Source source, String sha256, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<InputStream> open(String name, long offset, long length) {
      return Optional.empty();
    }

    @Override
    public Optional<BlobInfo> stat(String name) {
      return Optional.empty();
    }

    @Override
    public List<BlobInfo> list(String prefix, String after, int limit) {
      return List.of();
    }

    @Override
    public boolean delete(String name) {
      return false;
    }
  }

  private static Map.Entry<Map<String, Object>, QuotaBlobStore> store(
      String name, BlobUsage usage) {
    return Map.entry(Map.of(BlobStore.NAME, name), new Counting(usage));
  }

  @Test
  void storesShowWhatTheyHoldAndTheirBounds() {
    List<String> lines =
        BlobReports.list(
                List.of(
                    store("main", new BlobUsage(1_234_567, 7_500_000_000L, 0, 10_000_000_000L)),
                    store("free", new BlobUsage(1, 17, 5, 0)),
                    store("gone", null)))
            .strip()
            .lines()
            .toList();
    assertThat(lines).hasSize(4).allMatch(line -> Text.width(line) <= 80);
    assertThat(lines.get(1)).matches("main +1,234,567 +any +7.5 GB +10.0 GB +75% full");
    assertThat(lines.get(2)).matches("free +1 +5 +17 B +any *");
    assertThat(lines.get(3)).contains("gone", "The folder is gone");
  }

  @Test
  void withoutStoresNothingIsSaid() {
    assertThat(BlobReports.list(List.of())).isEmpty();
  }
}
