package org.larder.buffer.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.BufferException;
import org.larder.buffer.Durability;
import org.larder.buffer.FlushResult;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.buffer.Submission;
import org.larder.journal.JournalOptions;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** A buffer over a small journal whose forces cost nothing, and what tests do with it. */
final class TestNode implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(10);

  final Path directory;
  final TestFiles files = new TestFiles();
  final SettableClock clock = new SettableClock("2026-05-01T10:00:00Z");
  volatile LongSupplier nanoTime = System::nanoTime;
  int flushSize = 1_000;
  Duration flushInterval = Duration.ofMillis(5);
  Duration mirrorFlushInterval = Duration.ofMillis(5);
  long maxInFlightBytes = 64_000_000;
  Duration writeTimeout = Duration.ofSeconds(10);
  Duration retryBase = Duration.ofMillis(1);
  Duration retryMax = Duration.ofMillis(20);
  Duration drainOnStop = Duration.ofSeconds(5);
  RouteTable routes = RouteTable.of("main");
  boolean hold;
  long journalBytes = 16 << 20;
  volatile RouteKeeper keeper = RouteKeeper.NONE;
  Buffer buffer;

  TestNode(Path directory) {
    this.directory = directory;
  }

  BufferOptions options() {
    return new BufferOptions(
        directory,
        64_000_000,
        flushSize,
        flushInterval,
        mirrorFlushInterval,
        maxInFlightBytes,
        writeTimeout,
        retryBase,
        retryMax,
        drainOnStop,
        routes,
        hold);
  }

  TestNode open() throws IOException {
    JournalOptions journal =
        JournalOptions.of(directory.resolve("journal"), journalBytes)
            .withSegmentBytes(1 << 20)
            .withGroupBytes(512 << 10)
            .withFiles(files);
    buffer = Buffer.open(options(), clock, () -> nanoTime.getAsLong(), journal, keptIn());
    buffer.addCollection(Notes.V1);
    return this;
  }

  /** Whatever keeper the test has set by then. */
  private RouteKeeper keptIn() {
    return new RouteKeeper() {
      @Override
      public void write(RouteTable table) throws IOException {
        keeper.write(table);
      }

      @Override
      public boolean says(RouteTable table) throws IOException {
        return keeper.says(table);
      }
    };
  }

  /** Opens with a backend. */
  TestNode open(FakeBackend backend) throws IOException {
    open();
    buffer.addBackend(backend);
    return this;
  }

  /** Leaves deletes out of what a mirror is given, from the next start or configuration on. */
  void makeArchive(String mirror, RouteTable.Deletes deletes) {
    routes =
        new RouteTable(
            routes.routes(),
            Map.of(mirror, new RouteTable.MirrorOptions(RouteTable.OnLag.DETACH, deletes)));
  }

  void reconfigure() {
    try {
      buffer.change(options());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the follower has met its backend. */
  void awaitAttached() {
    until(() -> follower().position() >= 0);
  }

  void hold(boolean wanted) {
    hold = wanted;
    reconfigure();
    until(() -> follower().code().equals("HELD") == wanted);
  }

  FollowerStatus follower() {
    return buffer.status().followers().get(0);
  }

  FollowerStatus follower(String name) {
    return buffer.status().followers().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  void awaitState(FollowerStatus.State state) {
    until(() -> follower().state() == state);
  }

  /** How much a backend has of what the first route leads to it. */
  RouteStatus.Completeness completeness(String name) {
    return buffer.routes().get(0).copies().stream()
        .filter(one -> one.backend().equals(name))
        .findFirst()
        .orElseThrow()
        .completeness();
  }

  /** Waits until the backend has all. */
  void awaitLive(String name) {
    until(
        () ->
            follower(name).position() >= 0
                && follower(name).lag() == 0
                && completeness(name) == RouteStatus.Completeness.LIVE);
  }

  FlushResult flush() {
    try {
      return buffer.flush(LONG);
    } catch (BufferException e) {
      e.addSuppressed(new AssertionError(follower().toString()));
      throw e;
    }
  }

  /** Fills a row's builder. */
  interface Filler {
    void fill(org.larder.storage.model.RowBuilder row) throws InvalidRowException;
  }

  Submission begin() {
    return begin(Notes.V1);
  }

  private Submission begin(CollectionSchema schema) {
    return buffer.intake().begin(schema.name(), 1_000);
  }

  static void add(Submission submission, Mutation.Kind kind, String key, Filler filler) {
    add(submission, Notes.V1, kind, key, filler);
  }

  private static void add(
      Submission submission,
      CollectionSchema schema,
      Mutation.Kind kind,
      String key,
      Filler filler) {
    try {
      if (kind == Mutation.Kind.DELETE) {
        submission.delete(key);
        return;
      }
      filler.fill(submission.row().set(schema.key().name(), key));
      submission.add(kind);
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Acknowledgement write(Mutation.Kind kind, String key, Filler filler) {
    return write(Notes.V1, kind, key, filler);
  }

  private Acknowledgement write(
      CollectionSchema schema, Mutation.Kind kind, String key, Filler filler) {
    try (Submission submission = begin(schema)) {
      add(submission, schema, kind, key, filler);
      return submission.commit(Durability.JOURNAL, LONG);
    }
  }

  /** Puts a record of which nothing but the key is told. */
  Acknowledgement put(CollectionSchema schema, String key) {
    return write(schema, Mutation.Kind.PUT, key, row -> {});
  }

  /** Writes until a mirror that makes no progress is given up. */
  void writeUntilStale(String mirror) {
    String body = "x".repeat(4_000);
    for (int i = 0; follower(mirror).state() != FollowerStatus.State.STALE; i++) {
      if (i >= 20_000) {
        throw new AssertionError(mirror + " is not given up: " + follower(mirror));
      }
      try {
        write(Mutation.Kind.PUT, "k" + i, row -> row.set("body", body));
      } catch (BufferException e) {
        // The journal is full until the mirror is given up.
        until(() -> !buffer.retained().containsKey(mirror));
      }
    }
  }

  /** Puts a note with a number. */
  Acknowledgement put(String key, long n) {
    return write(Mutation.Kind.PUT, key, row -> row.set("n", n));
  }

  Acknowledgement put(Durability durability, Duration patience, String... keys) {
    try (Submission submission = begin()) {
      for (String key : keys) {
        add(submission, Mutation.Kind.PUT, key, row -> {});
      }
      return submission.commit(durability, patience);
    }
  }

  Acknowledgement puts(String... keys) {
    return put(Durability.JOURNAL, LONG, keys);
  }

  static long n(Row row) {
    return row.getLong(row.schema().ordinal("n"));
  }

  /** Waits for what no call tells. */
  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("It has not come true within 30 s");
      }
      LockSupport.parkNanos(500_000);
    }
  }

  /** Copies the data folder as a crash would leave it. */
  void copyDataTo(Path target) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(target.resolve(directory.relativize(source).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path source, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(source, target.resolve(directory.relativize(source).toString()));
              return FileVisitResult.CONTINUE;
            } catch (NoSuchFileException e) {
              return visitFileFailed(source, e);
            }
          }

          /** A spare segment under its first name goes at any time; a crash would leave either. */
          @Override
          public FileVisitResult visitFileFailed(Path source, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException && source.toString().endsWith(".new")) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
  }

  @Override
  public void close() throws IOException {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }
}
