package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.FlushResult;
import org.larder.buffer.Intake;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.RecordReader;
import org.larder.buffer.Recovery;
import org.larder.buffer.ReplayResult;
import org.larder.journal.Append;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.larder.journal.RecoveryReport;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buffer of one node: the journal, what follows it, and what is asked of both. It starts one
 * thread a follower; its methods are free for any thread, save that open, change and close come one
 * at a time.
 */
public final class Buffer implements BufferControl, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Buffer.class);

  private final Journal journal;
  private final Catalogue catalogue;
  private final RouteMemory memory;
  private final Backends backends = new Backends(this::backendsChanged);
  private final BackendProbes probes = new BackendProbes(backends);
  private final PendingCounts pending = new PendingCounts();
  private final InFlight inFlight;
  private final JournalIntake intake;
  private final PendingIndex index;
  private final PrimaryReader reader;
  private final Flushing flushing;
  private final Receipts receipts;
  private final Overview overview;
  private final LetterOrders orders;
  private final Clock clock;
  private final long openingEnd;
  private volatile BufferOptions options;
  private volatile Follower primary;

  private Buffer(
      BufferOptions options,
      Clock clock,
      Journal journal,
      Catalogue catalogue,
      RouteMemory memory) {
    this.options = options;
    this.clock = clock;
    this.journal = journal;
    this.catalogue = catalogue;
    this.memory = memory;
    openingEnd = journal.end(0);
    inFlight = new InFlight(options.maxInFlightBytes());
    intake =
        new JournalIntake(
            journal, catalogue, inFlight, new NodeClock(clock, 0), pending, () -> primary);
    index = new PendingIndex(journal, catalogue, PendingIndex.MAX_BYTES);
    flushing = new Flushing(journal);
    reader = new PrimaryReader(journal, catalogue, () -> primary, flushing, index);
    receipts = new Receipts(journal, () -> primary);
    orders = new LetterOrders(journal);
    overview = new Overview(journal, intake, pending, probes, () -> primary, clock);
  }

  /**
   * Opens the buffer of a node, after a crash as well, and begins to follow.
   *
   * @throws IOException if its files cannot be used; says which and what to do
   */
  public static Buffer open(BufferOptions options, Clock clock) throws IOException {
    return open(
        options,
        clock,
        JournalOptions.of(options.directory().resolve("journal"), options.maxJournalBytes()));
  }

  /** Opens a buffer over a journal with options of its own, for tests of what a disk may do. */
  static Buffer open(BufferOptions options, Clock clock, JournalOptions journalOptions)
      throws IOException {
    Path folder = options.directory().resolve("buffer");
    Files.createDirectories(folder);
    Catalogue catalogue = Catalogue.open(folder.resolve("catalogue"));
    RouteMemory memory = RouteMemory.open(folder.resolve("stores"));
    Journal journal = Journal.open(journalOptions);
    try {
      Buffer buffer = new Buffer(options, clock, journal, catalogue, memory);
      RecoveryReport report = journal.recovery();
      report.findings().forEach(finding -> LOG.warn("Journal: {}", finding.sentence()));
      LOG.info(
          "Journal open: epoch {}, sequences {} to {} in {} segments",
          report.epoch(),
          report.startSequence(),
          report.endSequence(),
          report.segments());
      String name = options.primary();
      DeadLetterLog letters = buffer.prepareFollower(name);
      buffer.releaseAllBut(name);
      buffer.primary = buffer.startFollower(name, letters);
      return buffer;
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** Does all that may fail before a follower can start; nothing else notices. */
  private DeadLetterLog prepareFollower(String name) throws IOException {
    DeadLetterLog letters =
        DeadLetterLog.open(
            options.directory().resolve("buffer").resolve("dead-letters-" + name),
            name,
            journal.id(),
            catalogue);
    try {
      if (!journal.retained().containsKey(name)) {
        journal.retain(name, journal.start(0));
      }
      return letters;
    } catch (IOException | RuntimeException e) {
      letters.close();
      throw e;
    }
  }

  private void releaseAllBut(String name) throws IOException {
    for (String former : journal.retained().keySet()) {
      if (!former.equals(name)) {
        LOG.warn("The journal is not kept for {} any more: {} is the primary", former, name);
        journal.release(former);
      }
    }
  }

  private Follower startFollower(String name, DeadLetterLog letters) {
    Follower follower =
        new Follower(
            name,
            journal,
            catalogue,
            backends,
            () -> options,
            memory,
            letters,
            pending,
            openingEnd,
            clock);
    follower.start();
    return follower;
  }

  /**
   * Takes other options while running.
   *
   * @throws IOException if another primary is named and its follower cannot begin: then the old
   *     options and the old follower stay; or if the old one's files cannot be given up: then the
   *     new ones are in effect, and the journal is kept for the old one until the next change or
   *     start
   */
  public synchronized void change(BufferOptions changed) throws IOException {
    String name = changed.primary();
    Follower former = primary;
    boolean another = !name.equals(former.name());
    DeadLetterLog letters = another ? prepareFollower(name) : former.deadLetters();
    if (changed.maxJournalBytes() != options.maxJournalBytes()) {
      LOG.warn("max_journal_mb takes effect at the next start");
    }
    options = changed;
    inFlight.limitTo(changed.maxInFlightBytes());
    if (!another) {
      former.refresh();
      return;
    }
    halt(former);
    index.reset();
    pending.reset();
    primary = startFollower(name, letters);
    primary.refresh();
    former.deadLetters().close();
    releaseAllBut(name);
  }

  /** A backend has come. */
  public void addBackend(StorageBackend backend) {
    backends.add(backend);
  }

  /** A backend goes; when this returns it is left alone. */
  public void removeBackend(StorageBackend backend) {
    backends.remove(backend);
  }

  private void backendsChanged() {
    probes.forget();
    Follower follower = primary;
    if (follower != null) {
      follower.refresh();
    }
  }

  /**
   * Records a collection, in the catalogue and in the journal, before anything is written to it.
   *
   * @throws IOException if it cannot be recorded
   * @throws IllegalArgumentException if it contradicts what is recorded
   */
  public synchronized void addCollection(CollectionSchema schema) throws IOException {
    if (catalogue.add(schema, this::record)) {
      LOG.info("Collection {} is recorded", schema);
    }
  }

  private void record(CollectionSchema schema) throws IOException {
    byte[] record = SchemaCodec.encode(schema);
    Append append =
        journal.append(
            0, List.of(NewFrame.of(FramePayload.SCHEMA, true, 1, schema.version(), record)));
    Follower follower = primary;
    // At once: reads of the collection need it to be ready.
    follower.progress().want(append.endSequence());
    append.onSettled(follower::wake);
  }

  /** The way in. */
  public Intake intake() {
    return intake;
  }

  /** The way out. */
  public RecordReader reader() {
    return reader;
  }

  @Override
  public FlushResult flush(Duration deadline) {
    return flushing.flush(primary, deadline);
  }

  @Override
  public Optional<ReceiptState> receipt(String receipt) {
    return receipts.stateOf(receipt);
  }

  @Override
  public BufferStatus status() {
    return overview.status(options.flushSize());
  }

  @Override
  public List<CollectionSchema> collections() {
    return catalogue.newest();
  }

  @Override
  public Optional<CollectionSchema> collection(String name) {
    return catalogue.newest(name);
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return primary.deadLetters().letters();
  }

  @Override
  public ReplayResult replay(String follower, LetterFilter filter, Duration deadline) {
    return orders.replay(follower(follower), filter, deadline);
  }

  @Override
  public int discard(String follower, LetterFilter filter) {
    return orders.discard(follower(follower), filter);
  }

  @Override
  public Recovery recovery() {
    return overview.recovery();
  }

  @Override
  public void adopt(String follower) {
    follower(follower).adopt();
  }

  private Follower follower(String name) {
    Follower found = primary;
    if (!found.name().equals(name)) {
      throw new NoSuchElementException("No follower " + name);
    }
    return found;
  }

  /** From where the journal is kept, for whom. */
  Map<String, Long> retained() {
    return journal.retained();
  }

  long inFlightBytes() {
    return inFlight.bytes();
  }

  /** Lets nothing in, drains as long as the options allow, and closes; what is left is kept. */
  @Override
  public synchronized void close() throws IOException {
    intake.close();
    try {
      if (!options.holdFollowers()) {
        flush(options.drainOnStop());
      }
    } catch (BufferException e) {
      LOG.info("What is pending stays in the journal ({}): {}", pending.snapshot(), e.getMessage());
    }
    halt(primary);
    primary.deadLetters().close();
    backends.close();
    index.reset();
    journal.close();
  }

  private static void halt(Follower follower) {
    try {
      follower.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
