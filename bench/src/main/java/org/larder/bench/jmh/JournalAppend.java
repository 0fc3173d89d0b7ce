package org.larder.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.larder.journal.Append;
import org.larder.journal.Journal;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** Frames into a journal, each waited for until it is on the disk. */
@State(Scope.Benchmark)
public class JournalAppend {
  private static final long MAX_BYTES = 16L << 30;
  private static final int ITEM_BYTES = 350;
  private static final int LANE = 0;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String READER = "bench";

  /** Items in a frame. */
  @Param({"1", "100", "1000"})
  public int items;

  private Path folder;
  private Journal journal;
  private List<NewFrame> frames;

  /** Opens a journal in the folder that the property larder.bench.work names. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory(Path.of(System.getProperty("larder.bench.work")), "jmh-");
    journal = Journal.open(JournalOptions.of(folder, MAX_BYTES));
    byte[] payload = new byte[items * ITEM_BYTES];
    ThreadLocalRandom.current().nextBytes(payload);
    frames = List.of(NewFrame.of((byte) 1, false, items, 1, payload));
  }

  /** Lets go of what was written, so that an iteration never meets the journal's bound. */
  @TearDown(Level.Iteration)
  public void trim() throws IOException {
    journal.retain(READER, journal.syncedEnd(LANE));
  }

  /** Closes the journal; its files go with the folder of the measurement. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    journal.close();
  }

  /** One thread: every frame is a group of its own. */
  @Benchmark
  @Threads(1)
  public long alone()
      throws JournalFullException, JournalFailedException, TimeoutException, InterruptedException {
    return append();
  }

  /** Eight threads: frames share a force. */
  @Benchmark
  @Threads(8)
  public long grouped()
      throws JournalFullException, JournalFailedException, TimeoutException, InterruptedException {
    return append();
  }

  private long append()
      throws JournalFullException, JournalFailedException, TimeoutException, InterruptedException {
    Append append = journal.append(LANE, frames);
    append.awaitSynced(TIMEOUT);
    return append.endSequence();
  }
}
