package org.larder.runtime.visitor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * A plugin that uses each store of objects in the node as soon as it is there, and notes in a file
 * of the data folder what came of it, and that it went away. Called by the framework.
 */
public final class BlobVisitor
    implements BundleActivator, ServiceTrackerCustomizer<BlobStore, BlobStore> {
  /** Folder of the notes, below the data folder. */
  public static final String NOTES = "visits";

  /** The object that it leaves in each store. */
  public static final String OBJECT = "visit/left.bin";

  /** Bytes of that object. */
  public static final int LENGTH = 5_000;

  /** What it notes of a store that does all it should. */
  public static final String GOOD = "kept, read and listed; the other one removed";

  /** What it notes of a store that went away. */
  public static final String GONE = "gone";

  private BundleContext context;
  private ServiceTracker<BlobStore, BlobStore> tracker;

  @Override
  public void start(BundleContext started) {
    context = started;
    tracker = new ServiceTracker<>(started, BlobStore.class, this);
    tracker.open();
  }

  @Override
  public void stop(BundleContext stopped) {
    tracker.close();
  }

  @Override
  public BlobStore addingService(ServiceReference<BlobStore> reference) {
    BlobStore store = context.getService(reference);
    note(reference, visit(store));
    return store;
  }

  @Override
  public void modifiedService(ServiceReference<BlobStore> reference, BlobStore store) {
    // Its properties say nothing that was noted.
  }

  @Override
  public void removedService(ServiceReference<BlobStore> reference, BlobStore store) {
    note(reference, GONE);
    context.ungetService(reference);
  }

  private static String visit(BlobStore store) {
    byte[] content = new byte[LENGTH];
    new Random(LENGTH).nextBytes(content);
    try {
      for (String name : List.of(OBJECT, "visit/other.bin")) {
        store.put(name, () -> new ByteArrayInputStream(content), hash(content), LENGTH);
      }
      boolean removed = store.delete("visit/other.bin");
      try (InputStream range = store.open(OBJECT, 1_000, 20).orElseThrow()) {
        boolean read =
            Arrays.equals(range.readAllBytes(), Arrays.copyOfRange(content, 1_000, 1_020));
        List<String> names = store.list("", "", 10).stream().map(BlobInfo::name).toList();
        boolean kept = store.stat(OBJECT).orElseThrow().sha256().equals(hash(content));
        return kept && read && removed && names.equals(List.of(OBJECT))
            ? GOOD
            : "kept " + kept + ", read " + read + ", removed " + removed + ", listed " + names;
      }
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private void note(ServiceReference<BlobStore> reference, String text) {
    Path notes = Path.of(context.getProperty("larder.data"), NOTES);
    String name = (String) reference.getProperty(BlobStore.NAME);
    try {
      Files.createDirectories(notes);
      Path half = Files.writeString(notes.resolve(name + ".half"), text);
      Files.move(half, notes.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
