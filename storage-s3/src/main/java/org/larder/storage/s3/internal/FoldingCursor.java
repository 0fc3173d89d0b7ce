package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.larder.storage.blob.BlobException;
import org.larder.storage.model.Merging;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows that a collection's mutations come to; for one thread. */
final class FoldingCursor implements RecordCursor {
  private static final Logger LOG = LoggerFactory.getLogger(FoldingCursor.class);

  private final LineSource lines;
  private final MutationReader reader;
  private final ScanRequest request;
  private final Set<String> wanted;
  private Line ahead;
  private boolean closed;

  FoldingCursor(LineSource lines, MutationReader reader, ScanRequest request) throws IOException {
    this.lines = lines;
    this.reader = reader;
    this.request = request;
    wanted = request.keys().map(Set::copyOf).orElse(null);
    ahead = lines.next();
  }

  @Override
  public Row next() {
    if (closed) {
      return null;
    }
    try {
      while (ahead != null) {
        List<Line> ofOneKey = ofOneKey();
        if (isWanted(ofOneKey.get(0).key())) {
          Row row = fold(ofOneKey);
          if (row != null) {
            return row.under(request.schema());
          }
        }
      }
      return null;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  private List<Line> ofOneKey() throws IOException {
    List<Line> all = new ArrayList<>();
    do {
      all.add(ahead);
      ahead = lines.next();
    } while (ahead != null && ahead.key().equals(all.get(0).key()));
    return all;
  }

  private boolean isWanted(String key) {
    return (wanted == null || wanted.contains(key))
        && request.afterKey().map(after -> Values.compareText(key, after) > 0).orElse(true);
  }

  private Row fold(List<Line> ofOneKey) throws IOException {
    Row row = null;
    for (Line line : ofOneKey) {
      Mutation mutation = reader.read(line);
      boolean lostInsert = mutation.kind() == Mutation.Kind.INSERT && row != null;
      if (!lostInsert) {
        row =
            Merging.apply(row, mutation)
                .map(after -> after.withVersion(mutation.sequence()))
                .orElse(null);
      }
    }
    return row;
  }

  /** What a failure to read means for the host. */
  static StorageException explain(IOException e) {
    if (e instanceof CorruptObjectException) {
      return new StorageException(HALT, "CORRUPT_STORE", e.getMessage(), e);
    }
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      return new StorageException(RETRY, "INTERRUPTED", "The scan was interrupted", e);
    }
    return new StorageException(
        RETRY, BlobException.UNAVAILABLE, "The collection cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    closed = true;
    try {
      lines.close();
    } catch (IOException e) {
      LOG.warn("A temporary file was not given up: {}", e.toString());
    }
  }
}
