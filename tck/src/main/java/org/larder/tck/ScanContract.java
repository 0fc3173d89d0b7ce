package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.delete;
import static org.larder.tck.Samples.put;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;

/** That a scan goes through a collection by key, once. */
@Area(name = "scans", promise = "A scan goes through a collection by key, once.")
public interface ScanContract extends BackendUnderTest {
  private List<Row> fill(int count) {
    store().prepare(THINGS);
    List<Row> rows = Samples.things(count);
    store().merge(THINGS, rows);
    return rows.stream().map(Merging::complete).sorted(Row::compareKey).toList();
  }

  @Test
  default void scanGivesCompleteRowsInTheOrderOfKeys() {
    List<Row> expected = fill(2500);
    assertThat(store().rows(THINGS)).isEqualTo(expected);
  }

  @Test
  default void emptyCollectionScansToNothing() {
    store().prepare(THINGS);
    assertThat(store().rows(THINGS)).isEmpty();
    assertThat(store().scan(ScanRequest.of(THINGS, List.of("a")))).isEmpty();
    assertThat(store().scan(ScanRequest.of(THINGS, List.of()))).isEmpty();
  }

  @Test
  default void scanResumesBehindAnyKey() {
    List<Row> expected = fill(300);
    for (int i = 0; i < expected.size(); i += 37) {
      assertThat(store().scan(ScanRequest.after(THINGS, expected.get(i).key())))
          .isEqualTo(expected.subList(i + 1, expected.size()));
    }
    assertThat(store().scan(ScanRequest.after(THINGS, "0"))).hasSize(300);
    assertThat(store().scan(ScanRequest.after(THINGS, "\udbff\udfff"))).isEmpty();
  }

  @Test
  default void scanOfKeysGivesThoseThatAreThere() {
    List<Row> expected = fill(1500);
    List<Row> wanted = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < expected.size(); i += 2) {
      wanted.add(expected.get(i));
      keys.add(expected.get(i).key());
      keys.add(expected.get(i).key() + "!");
    }
    assertThat(store().scan(ScanRequest.of(THINGS, keys))).isEqualTo(wanted);
    String middle = wanted.get(400).key();
    assertThat(store().scan(new ScanRequest(THINGS, Optional.of(middle), Optional.of(keys))))
        .isEqualTo(wanted.subList(401, wanted.size()));
  }

  /** Not declared: rows written meanwhile may be seen or not, the others are seen once. */
  @Test
  @Proves(Capability.SNAPSHOT_SCAN)
  default void writesDuringAScanHideAndRepeatNothing() {
    List<Row> before = fill(2200);
    List<String> seen = new ArrayList<>();
    try (RecordCursor cursor = store().backend().scan(ScanRequest.all(THINGS))) {
      seen.add(cursor.next().key());
      for (int i = 3; i < before.size(); i += 3) {
        store()
            .write(
                THINGS,
                delete(THINGS, store().position(), before.get(i).key()),
                put(THINGS, store().position() + 1, before.get(i).key() + "+"));
      }
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        seen.add(row.key());
      }
    }
    if (declares(Capability.SNAPSHOT_SCAN)) {
      assertThat(seen).isEqualTo(before.stream().map(Row::key).toList());
      return;
    }
    assertThat(seen).doesNotHaveDuplicates();
    for (int i = 0; i < before.size(); i++) {
      if (i == 0 || i % 3 != 0) {
        assertThat(seen).contains(before.get(i).key());
      }
    }
    store()
        .doesNotApply(
            "A promise, not a call: a scan may see rows written meanwhile; the others it saw once.");
  }

  @Test
  default void cursorMayBeClosedEarlyAndTwice() {
    List<Row> rows = fill(50);
    RecordCursor cursor = store().backend().scan(ScanRequest.all(THINGS));
    assertThat(cursor.next()).isEqualTo(rows.get(0));
    cursor.close();
    cursor.close();
    assertThat(store().rows(THINGS)).hasSize(50);
  }
}
