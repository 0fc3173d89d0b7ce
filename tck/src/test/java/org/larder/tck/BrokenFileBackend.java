package org.larder.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageException;

/** A backend over a file with one flaw, which shows only when something goes wrong. */
final class BrokenFileBackend extends FileBackend {
  private record Late(CollectionSchema schema, List<Row> rows) {}

  private final Flaw flaw;
  private final List<Late> late = new ArrayList<>();

  BrokenFileBackend(Path file, Disk disk, Flaw flaw) {
    super(file, disk);
    this.flaw = flaw;
  }

  @Override
  public BackendDescriptor descriptor() {
    Set<Capability> declared = new HashSet<>();
    if (flaw == Flaw.DECLARES_ATOMIC_BATCHES) {
      declared.add(Capability.ATOMIC_POSITION);
    }
    return new BackendDescriptor("file", "file", declared);
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    if (flaw != Flaw.WRITES_DATA_LATER) {
      super.put(schema, rows);
      return;
    }
    // Seen at once by whoever asks this instance, but on the disk only with the next batch.
    late.forEach(each -> super.put(each.schema(), each.rows()));
    late.clear();
    late.add(new Late(schema, rows));
    rows(schema).putAll(byKey(rows));
  }

  private static Map<String, Row> byKey(List<Row> rows) {
    Map<String, Row> byKey = new HashMap<>();
    rows.forEach(row -> byKey.put(row.key(), row));
    return byKey;
  }

  @Override
  protected void failed(IOException failure) {
    if (flaw == Flaw.HALTS_ON_A_FULL_DISK
        && "No space left on device".equals(failure.getMessage())) {
      throw new StorageException(
          StorageException.Severity.HALT, "STORE_ERROR", failure.getMessage(), failure);
    }
    if (flaw != Flaw.SWALLOWS_FAILURES) {
      super.failed(failure);
    }
  }
}
