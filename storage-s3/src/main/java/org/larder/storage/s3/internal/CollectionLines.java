package org.larder.storage.s3.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * All mutations of a collection, by key and then as they came about; for one thread, which closes
 * it. What a collection has is settled when this is opened: its objects are listed, fetched into a
 * temporary file, and read from there, however slowly.
 *
 * <p>At most 64 sources are read at one time, each with some 50 KiB and one line. Of more objects,
 * 64 at a time are first merged into longer ones. The temporary file takes what the objects take,
 * and the same again for each time that they have to be merged: none up to 64 objects, once up to
 * 4,096, twice up to 262,144.
 */
final class CollectionLines implements LineSource {
  private static final int SOURCES = 64;
  private static final int PAGE = 1000;

  /** Opens a source. */
  interface Opener {
    /** The source, at its beginning. */
    LineSource open() throws IOException;
  }

  private final Spool spool;
  private final List<Line.Origin> origins = new ArrayList<>();
  private final Map<Line.Origin, Integer> numbers = new HashMap<>();
  private LineSource lines;

  private CollectionLines(Spool spool) {
    this.spool = spool;
  }

  static CollectionLines open(Bucket bucket, String collection, Path folder) throws IOException {
    List<String> names = names(bucket, collection);
    CollectionLines lines = new CollectionLines(Spool.in(folder));
    try {
      lines.collect(bucket, names);
    } catch (IOException | RuntimeException e) {
      try {
        lines.spool.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
    return lines;
  }

  private void collect(Bucket bucket, List<String> names) throws IOException {
    List<Opener> sources = new ArrayList<>();
    for (String name : names) {
      sources.add(fetch(bucket, name));
    }
    while (sources.size() > SOURCES) {
      sources = merged(sources);
    }
    lines = merge(sources);
  }

  private static List<String> names(Bucket bucket, String collection) {
    String folder = BatchName.folder(collection);
    List<String> names = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      Bucket.Page page = bucket.list(folder, after, PAGE);
      for (S3Object object : page.objects()) {
        after = bucket.name(object.key());
        // Other programs may have put their own notes there.
        if (BatchName.parse(after).isPresent()) {
          names.add(after);
        }
      }
      more = page.hasMore();
    }
    return names;
  }

  private Opener fetch(Bucket bucket, String name) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("The scan was interrupted");
    }
    Optional<InputStream> content = bucket.open(name, 0, Long.MAX_VALUE);
    if (content.isEmpty()) {
      throw new IOException(name + " was removed while the collection was read");
    }
    Spool.Section section;
    try (InputStream in = new ObjectStream(content.get(), bucket.settings())) {
      section = spool.append(in::transferTo);
    }
    Line.Origin origin = new Line.Origin(name, BatchName.parse(name).orElseThrow().generation());
    numbers.put(origin, origins.size());
    origins.add(origin);
    return () -> new ObjectLines(spool.open(section), origin);
  }

  private List<Opener> merged(List<Opener> sources) throws IOException {
    List<Opener> merged = new ArrayList<>();
    for (int i = 0; i < sources.size(); i += SOURCES) {
      List<Opener> some = sources.subList(i, Math.min(i + SOURCES, sources.size()));
      Spool.Section section =
          spool.append(
              out -> {
                try (LineSource run = merge(some)) {
                  LineSource.writeRun(run, numbers, out);
                }
              });
      merged.add(() -> LineSource.ofRun(spool.open(section), origins));
    }
    return merged;
  }

  /** Opens sources and merges them; if one does not open, those that did are closed. */
  static LineSource merge(List<Opener> openers) throws IOException {
    List<LineSource> sources = new ArrayList<>();
    try {
      for (Opener opener : openers) {
        sources.add(opener.open());
      }
    } catch (IOException | RuntimeException e) {
      Closing.after(e, sources);
      throw e;
    }
    return new Merge(sources);
  }

  @Override
  public Line next() throws IOException {
    return lines.next();
  }

  @Override
  public void close() throws IOException {
    try (spool) {
      lines.close();
    }
  }
}
