package org.larder.tck;

import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * The backend over a file as a component of a bundle, with at most one flaw. Its monitor is held by
 * each call, and by the close, which so waits for what is under way.
 */
public final class BundledBackend extends FileBackend {
  private record Late(CollectionSchema schema, List<Row> rows) {}

  private final String name;
  private final BundleFlaw flaw;
  private final List<Late> late = new ArrayList<>();
  private boolean closed;

  /** Called by Declarative Services. */
  public BundledBackend(BundleContext context, Map<String, Object> configuration) {
    super(Path.of((String) configuration.get("file")), FileBackend::append);
    name = (String) configuration.get(StorageBackend.NAME);
    flaw = BundleFlaw.valueOf((String) configuration.get("flaw"));
    if (flaw == BundleFlaw.KEEPS_ITS_SERVICE) {
      context.registerService(
          StorageBackend.class,
          this,
          FrameworkUtil.asDictionary(Map.of(StorageBackend.NAME, name)));
    }
    if (flaw == BundleFlaw.LEAVES_A_THREAD) {
      Thread thread = new Thread(BundledBackend::linger, "left behind");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void linger() {
    try {
      boolean unused = new CountDownLatch(1).await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called by Declarative Services. */
  synchronized void close() {
    closed = true;
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new StorageException(RETRY, "STORE_UNAVAILABLE", "The backend is closed");
    }
  }

  @Override
  public BackendDescriptor descriptor() {
    return new BackendDescriptor(name, "file", super.descriptor().capabilities());
  }

  @Override
  public synchronized StoreState attach(Attachment claim) {
    refuseIfClosed();
    return super.attach(claim);
  }

  @Override
  public synchronized WriteResult write(Batch batch) {
    refuseIfClosed();
    return super.write(batch);
  }

  @Override
  public synchronized RecordCursor scan(ScanRequest request) {
    refuseIfClosed();
    return super.scan(request);
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    if (flaw != BundleFlaw.ANSWERS_BEFORE_IT_HAS_WRITTEN) {
      super.put(schema, rows);
      return;
    }
    late.forEach(each -> super.put(each.schema(), each.rows()));
    late.clear();
    late.add(new Late(schema, rows));
    rows.forEach(row -> rows(schema).put(row.key(), row));
  }
}
