package org.larder.storage.s3.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private interface Opener {
    LineSource open() throws IOException;
  }

  private final Spool spool;
  private final LineSource lines;

  private CollectionLines(Spool spool, LineSource lines) {
    this.spool = spool;
    this.lines = lines;
  }

  static CollectionLines open(Bucket bucket, String collection, Path folder) throws IOException {
    List<String> names = names(bucket, collection);
    Spool spool = Spool.in(folder);
    boolean opened = false;
    try {
      List<Opener> sources = new ArrayList<>();
      for (String name : names) {
        sources.add(fetch(bucket, name, spool));
      }
      while (sources.size() > SOURCES) {
        sources = merged(sources, spool);
      }
      CollectionLines lines = new CollectionLines(spool, merge(sources));
      opened = true;
      return lines;
    } finally {
      if (!opened) {
        spool.close();
      }
    }
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

  private static Opener fetch(Bucket bucket, String name, Spool spool) throws IOException {
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
    int generation = BatchName.parse(name).orElseThrow().generation();
    return () -> new ObjectLines(spool.open(section), name, generation);
  }

  private static List<Opener> merged(List<Opener> sources, Spool spool) throws IOException {
    List<Opener> merged = new ArrayList<>();
    for (int i = 0; i < sources.size(); i += SOURCES) {
      List<Opener> some = sources.subList(i, Math.min(i + SOURCES, sources.size()));
      Spool.Section section =
          spool.append(
              out -> {
                try (LineSource run = merge(some)) {
                  LineSource.writeRun(run, out);
                }
              });
      merged.add(() -> LineSource.ofRun(spool.open(section)));
    }
    return merged;
  }

  private static LineSource merge(List<Opener> openers) throws IOException {
    List<LineSource> sources = new ArrayList<>();
    for (Opener opener : openers) {
      sources.add(opener.open());
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
