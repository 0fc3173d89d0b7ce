package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
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

/**
 * The rows that a collection's mutations come to; for one thread. It holds one row and one line,
 * however often a key was written. Once it has failed it gives no more rows.
 */
final class FoldingCursor implements RecordCursor {
  private static final Logger LOG = LoggerFactory.getLogger(FoldingCursor.class);

  private final LineSource lines;
  private final MutationReader reader;
  private final ScanRequest request;
  private final Set<String> wanted;
  private Line ahead;
  private StorageException failure;
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
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      return null;
    }
    try {
      Row row = null;
      while (row == null && ahead != null) {
        row = rowOfOneKey();
      }
      return row == null ? null : row.under(request.schema());
    } catch (IOException e) {
      failure = explain(e);
    } catch (StorageException e) {
      failure = e;
    }
    // What is left of the key would look like the whole of it.
    throw failure;
  }

  /** Folds all lines of the next key, one by one as they are read. */
  private Row rowOfOneKey() throws IOException {
    String key = ahead.key();
    boolean isWanted = isWanted(key);
    Row row = null;
    do {
      if (isWanted) {
        row = fold(row, reader.read(ahead));
      }
      ahead = lines.next();
    } while (ahead != null && ahead.key().equals(key));
    return row;
  }

  private boolean isWanted(String key) {
    return (wanted == null || wanted.contains(key))
        && request.afterKey().map(after -> Values.compareText(key, after) > 0).orElse(true);
  }

  private static Row fold(Row row, Mutation mutation) {
    if (mutation.kind() == Mutation.Kind.INSERT && row != null) {
      return row;
    }
    return Merging.apply(row, mutation)
        .map(after -> after.withVersion(mutation.sequence()))
        .orElse(null);
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
