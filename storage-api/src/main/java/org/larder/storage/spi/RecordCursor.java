package org.larder.storage.spi;

import org.larder.storage.model.Row;
import org.larder.storage.query.Evaluator;
import org.osgi.annotation.versioning.ConsumerType;

/** Rows of a scan, one by one; for one thread, which closes it. */
@ConsumerType
public interface RecordCursor extends Evaluator.Source, AutoCloseable {
  /**
   * The next row, complete and with its version; null behind the last.
   *
   * @throws StorageException if the store fails; the scan may be resumed behind the last key
   */
  @Override
  Row next();

  /** Lets go of the store's resources; never fails. */
  @Override
  void close();
}
