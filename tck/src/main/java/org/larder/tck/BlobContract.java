package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.larder.storage.blob.BlobException;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;
import org.larder.tck.report.ReportExtension;

/**
 * The kit for stores of large objects, which ends in a report in {@code target/tck}. A store's test
 * extends it, says how the store is opened and closed, and thereby inherits every test of the
 * contract.
 */
@Area(name = "objects", promise = "An object comes back as it went in, whole or not at all.")
@ExtendWith(ReportExtension.class)
public abstract class BlobContract implements BlobListContract, BlobConcurrencyContract {
  private static final int LARGE_BYTES = 20_000_003;

  private BlobStore store;

  /**
   * Opens the store of the running test: empty at the first call of a test, as the last close left
   * it at later ones.
   */
  protected abstract BlobStore open() throws Exception;

  /** Closes what {@link #open} gave. */
  protected abstract void close(BlobStore opened) throws Exception;

  @BeforeEach
  final void begin() throws Exception {
    store = open();
  }

  @AfterEach
  final void end() throws Exception {
    close(store);
  }

  @Override
  public final BlobStore blobs() {
    return store;
  }

  private void comesBack(String name, BlobContent content) throws IOException {
    BlobInfo info = store.stat(name).orElseThrow();
    assertThat(info.name()).isEqualTo(name);
    assertThat(info.length()).isEqualTo(content.length());
    assertThat(info.sha256()).isEqualTo(content.sha256());
    InputStream all = store.open(name, 0, Long.MAX_VALUE).orElseThrow();
    assertThat(BlobContent.hash(all)).isEqualTo(content.sha256());
  }

  @Test
  void objectComesBackAsItWentIn() throws Exception {
    BlobContent content = BlobContent.of(1, 256 << 10);
    put("images/cam-1_20261121.jpg", content);
    comesBack("images/cam-1_20261121.jpg", content);
  }

  @Test
  void objectSurvivesTheStore() throws Exception {
    BlobContent content = BlobContent.of(2, 5000);
    put("kept", content);
    close(store);
    store = open();
    comesBack("kept", content);
    assertThat(names("", "", 10)).containsExactly("kept");
  }

  @Test
  void emptyObjectIsAnObject() throws Exception {
    BlobContent empty = BlobContent.of(0, 0);
    put("empty", empty);
    comesBack("empty", empty);
    assertThat(read("empty", 0, 10)).isEmpty();
    assertThat(read("empty", 3, 10)).isEmpty();
  }

  @Test
  void largeObjectIsStreamedAndComesBack() throws Exception {
    BlobContent large = BlobContent.of(3, LARGE_BYTES);
    put("large.bin", large);
    comesBack("large.bin", large);
    byte[] last = read("large.bin", LARGE_BYTES - 5, 100);
    assertThat(last).containsExactly(tail(large, 5));
  }

  private static byte[] tail(BlobContent content, int count) throws IOException {
    try (InputStream in = content.open()) {
      in.skipNBytes(content.length() - count);
      return in.readAllBytes();
    }
  }

  @Test
  void rangeGivesWhatThereIsOfIt() throws Exception {
    BlobContent content = BlobContent.of(4, 1000);
    byte[] bytes = content.bytes();
    put("range", content);
    for (int offset : List.of(0, 1, 500, 998, 999, 1000, 1001, 5000)) {
      for (long length : List.of(0L, 1L, 2L, 499L, 1000L, 1001L, Long.MAX_VALUE)) {
        int from = Math.min(offset, bytes.length);
        int to = (int) Math.min(bytes.length, Math.min(from + length, from + 5000L));
        int end = length > 5000 ? bytes.length : to;
        assertThat(read("range", offset, length))
            .as("%d bytes from %d", length, offset)
            .isEqualTo(Arrays.copyOfRange(bytes, from, end));
      }
    }
  }

  @Test
  void rangeThatIsNoneIsRefused() throws Exception {
    put("range", BlobContent.of(4, 10));
    assertThatThrownBy(() -> store.open("range", -1, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.open("range", 0, -5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void streamMayBeClosedBeforeItsEnd() throws Exception {
    BlobContent large = BlobContent.of(5, 3_000_000);
    put("large", large);
    for (int i = 0; i < 30; i++) {
      try (InputStream in = store.open("large", i, Long.MAX_VALUE).orElseThrow()) {
        assertThat(in.read()).isNotNegative();
      }
    }
    comesBack("large", large);
  }

  @Test
  void whatIsNotThereIsEmpty() throws Exception {
    put("folder/there", BlobContent.of(6, 1));
    for (String name : List.of("absent", "folder", "folder/ther", "folder/there2")) {
      assertThat(store.stat(name)).as(name).isEmpty();
      assertThat(store.open(name, 0, 1)).as(name).isEmpty();
      assertThat(store.open(name, 0, 0)).as(name).isEmpty();
      assertThat(store.delete(name)).as(name).isFalse();
    }
  }

  @Test
  void putTakesThePlaceOfWhatWasThere() throws Exception {
    put("name", BlobContent.of(7, 5000));
    BlobContent second = BlobContent.of(8, 300);
    put("name", second);
    comesBack("name", second);
    assertThat(names("", "", 10)).containsExactly("name");
  }

  @Test
  void repeatedPutLeavesTheSameObject() throws Exception {
    BlobContent content = BlobContent.of(9, 5000);
    for (int i = 0; i < 3; i++) {
      put("same", content);
      comesBack("same", content);
    }
    BlobContent sameLength = BlobContent.of(10, 5000);
    put("same", sameLength);
    comesBack("same", sameLength);
  }

  @Test
  void wrongContentIsRefusedAndChangesNothing() throws Exception {
    BlobContent right = BlobContent.of(11, 5000);
    BlobContent wrong = BlobContent.of(12, 5000);
    BlobContent large = BlobContent.of(13, LARGE_BYTES);
    put("kept", right);
    for (String name : List.of("kept", "new")) {
      refused(name, wrong, right.sha256(), 5001);
      refused(name, wrong, wrong.sha256(), 4999);
      refused(name, wrong, wrong.sha256(), 5001);
      refused(name, wrong, BlobContent.of(14, 5000).sha256(), 5000);
      refused(name, large, right.sha256(), large.length());
      refused(name, large, large.sha256(), large.length() + 1);
      refused(name, large, large.sha256(), 1);
      refused(name, BlobContent.of(0, 0), right.sha256(), 0);
    }
    comesBack("kept", right);
    assertThat(store.stat("new")).isEmpty();
    assertThat(names("", "", 10)).containsExactly("kept");
  }

  private void refused(String name, BlobContent content, String sha256, long length) {
    BlobException failure =
        catchThrowableOfType(BlobException.class, () -> store.put(name, content, sha256, length));
    assertThat(failure).as("a refusal of %d bytes", length).isNotNull();
    assertThat(failure.code()).isEqualTo(BlobException.MISMATCH);
  }

  @Test
  void sourceThatFailsChangesNothing() throws Exception {
    BlobContent content = BlobContent.of(15, 12_000_000);
    IOException broken = new IOException("the camera went away");
    BlobStore.Source failing = () -> new BlobFailingStream(content.open(), 9_000_000, broken);
    assertThatThrownBy(() -> store.put("name", failing, content.sha256(), content.length()))
        .satisfies(failure -> assertThat(causes(failure)).contains(broken));
    assertThat(store.stat("name")).isEmpty();
    put("name", content);
    comesBack("name", content);
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, each -> each != null, Throwable::getCause).toList();
  }

  @Test
  void deletedObjectIsGone() throws Exception {
    put("a/b/c", BlobContent.of(16, 10));
    put("a/b/d", BlobContent.of(17, 10));
    assertThat(store.delete("a/b/c")).isTrue();
    assertThat(store.delete("a/b/c")).isFalse();
    assertThat(store.stat("a/b/c")).isEmpty();
    assertThat(names("", "", 10)).containsExactly("a/b/d");
    put("a/b/c", BlobContent.of(18, 10));
    comesBack("a/b/c", BlobContent.of(18, 10));
  }

  @Test
  void storedAtIsAboutNow() throws Exception {
    put("now", BlobContent.of(19, 10));
    Instant modified = store.stat("now").map(BlobInfo::modified).orElseThrow();
    assertThat(Duration.between(modified, Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
  }

  @Test
  void namesThatDifferAtAllAreDifferentObjects() throws Exception {
    String segment = "Z".repeat(120);
    String longest = (segment + "/").repeat(4) + "z".repeat(28);
    List<String> names =
        List.of("a", "A", "b/a", "b/A", "a.a", "a.b/a", "a.b/a.a", "a_", "a-", "-", "_", longest);
    for (int i = 0; i < names.size(); i++) {
      put(names.get(i), BlobContent.of(100 + i, 100 + i));
    }
    for (int i = 0; i < names.size(); i++) {
      comesBack(names.get(i), BlobContent.of(100 + i, 100 + i));
    }
    assertThat(names("", "", 100)).containsExactlyElementsOf(names.stream().sorted().toList());
  }

  @Test
  void nameThatIsNoneIsRefused() throws Exception {
    BlobContent content = BlobContent.of(20, 10);
    for (String name : BlobListContract.BAD_NAMES) {
      assertThatThrownBy(() -> put(name, content))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.open(name, 0, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.stat(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.delete(name)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(content.timesOpened()).isZero();
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void hashThatIsNoneIsRefused() {
    BlobContent content = BlobContent.of(21, 10);
    for (String hash : List.of("", "abc", content.sha256().toUpperCase(Locale.ROOT))) {
      assertThatThrownBy(() -> store.put("name", content, hash, 10))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> store.put("name", content, content.sha256(), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private List<String> names(String prefix, String after, int limit) throws IOException {
    return store.list(prefix, after, limit).stream().map(BlobInfo::name).toList();
  }

  private byte[] read(String name, long offset, long length) throws IOException {
    Optional<InputStream> stream = store.open(name, offset, length);
    try (InputStream in = stream.orElseThrow()) {
      return in.readAllBytes();
    }
  }
}
