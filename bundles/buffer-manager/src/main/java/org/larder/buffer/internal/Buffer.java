package org.larder.buffer.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.FlushResult;
import org.larder.buffer.Intake;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.Migrations;
import org.larder.buffer.ReceiptState;
import org.larder.buffer.RecordReader;
import org.larder.buffer.Recovery;
import org.larder.buffer.ReplayResult;
import org.larder.buffer.Route;
import org.larder.buffer.RouteRefusedException;
import org.larder.buffer.RouteStatus;
import org.larder.buffer.RouteTable;
import org.larder.buffer.internal.migrate.Migrator;
import org.larder.journal.Append;
import org.larder.journal.Journal;
import org.larder.journal.JournalOptions;
import org.larder.journal.NewFrame;
import org.larder.journal.RecoveryReport;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.PoolUsage;
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
  private static final String UNCHANGED = "nothing was changed";

  private final Journal journal;
  private final Catalogue catalogue;
  private final Backends backends = new Backends(this::backendsChanged);
  private final BackendProbes probes = new BackendProbes(backends);
  private final InFlight inFlight;
  private final Routing routing;
  private final Rerouting rerouting;
  private final RouteWatch watch;
  private final Guarding guarding;
  private final JournalIntake intake;
  private final PrimaryReader reader;
  private final Flushing flushing;
  private final Receipts receipts;
  private final Overview overview;
  private final LetterOrders orders;
  private final Migrator migrator;
  private final RouteKeeper keeper;
  private volatile BufferOptions options;

  private Buffer(
      BufferOptions options,
      Clock clock,
      LongSupplier nanoTime,
      Journal journal,
      Catalogue catalogue,
      RouteMemory memory,
      Coverage coverage,
      Duplicates duplicates,
      RouteKeeper keeper)
      throws IOException {
    this.options = options;
    this.keeper = keeper;
    this.journal = journal;
    this.catalogue = catalogue;
    Surroundings node =
        new Surroundings(
            options.directory().resolve("buffer"),
            journal,
            catalogue,
            backends,
            () -> this.options,
            memory,
            coverage,
            duplicates,
            new KnownKeys(),
            new Questions(),
            journal.end(0),
            clock,
            nanoTime);
    routing = new Routing(node, options.routes());
    rerouting = new Rerouting(node, routing);
    watch = new RouteWatch(routing, rerouting, journal);
    inFlight = new InFlight(options.maxInFlightBytes());
    flushing = new Flushing(journal);
    guarding =
        new Guarding(routing, flushing, node.known(), node.questions(), RowVersions.in(journal));
    intake =
        new JournalIntake(journal, catalogue, inFlight, new NodeClock(clock, 0), routing, guarding);
    reader = new PrimaryReader(journal, catalogue, routing, flushing);
    receipts = new Receipts(journal, catalogue, routing, duplicates);
    orders = new LetterOrders(journal);
    overview = new Overview(journal, intake, probes, routing, clock, nanoTime);
    migrator =
        Migrator.open(
            node.folder().resolve("migrations"),
            new NodePremises(node, routing, this::takeFilling));
  }

  /** The same as {@link #open(BufferOptions, Clock, RouteKeeper)}; changed routes are not kept. */
  public static Buffer open(BufferOptions options, Clock clock) throws IOException {
    return open(options, clock, RouteKeeper.NONE);
  }

  /**
   * Opens the buffer of a node, after a crash as well, and begins to follow.
   *
   * @param keeper gets changed routes before they take effect
   * @throws IOException if its files cannot be used; says which and what to do
   */
  static Buffer open(BufferOptions options, Clock clock, RouteKeeper keeper) throws IOException {
    return open(
        options,
        clock,
        System::nanoTime,
        JournalOptions.of(options.directory().resolve("journal"), options.maxJournalBytes()),
        keeper);
  }

  /** Opens a buffer over a journal with options of its own, for tests of disks and of time. */
  static Buffer open(
      BufferOptions options,
      Clock clock,
      LongSupplier nanoTime,
      JournalOptions journalOptions,
      RouteKeeper keeper)
      throws IOException {
    Path folder = options.directory().resolve("buffer");
    Files.createDirectories(folder);
    Catalogue catalogue = Catalogue.open(folder.resolve("catalogue"));
    RouteMemory memory = RouteMemory.open(folder.resolve("stores"));
    Coverage coverage = Coverage.open(folder.resolve("coverage"));
    Journal journal = Journal.open(journalOptions);
    Closeable opened = journal::close;
    try {
      Duplicates duplicates = Duplicates.open(folder.resolve("duplicates"), journal.id());
      Buffer buffer =
          new Buffer(
              options, clock, nanoTime, journal, catalogue, memory, coverage, duplicates, keeper);
      opened = buffer::abandon;
      RecoveryReport report = journal.recovery();
      report.findings().forEach(finding -> LOG.warn("Journal: {}", finding.sentence()));
      LOG.info(
          "Journal open: epoch {}, sequences {} to {} in {} segments",
          report.epoch(),
          report.startSequence(),
          report.endSequence(),
          report.segments());
      buffer.rerouting.begin();
      buffer.watch.start();
      buffer.migrator.resume();
      return buffer;
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e, opened);
      throw e;
    }
  }

  private static void closeAfter(Throwable failure, Closeable opened) {
    try {
      opened.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** The opening has failed: nothing that it began goes on. */
  private void abandon() throws IOException {
    try {
      migrator.close();
      intake.close();
    } finally {
      end();
    }
  }

  /**
   * Takes other options while running.
   *
   * @throws org.larder.buffer.RouteRefusedException if the routes cannot be taken: then the old
   *     options stay
   * @throws IOException if the node's own files fail: likewise
   */
  public synchronized void change(BufferOptions changed) throws IOException {
    // The file may have been read before it was written last: then what it says now holds.
    boolean outdated =
        !changed.routes().routes().equals(options.routes().routes())
            && keeper.says(options.routes());
    change(outdated ? changed.with(options.routes()) : changed, "", RouteKeeper.NONE);
  }

  private void change(BufferOptions changed, String filled, RouteKeeper keptIn) throws IOException {
    rerouting.change(changed.routes(), filled, keptIn);
    if (changed.maxJournalBytes() != options.maxJournalBytes()) {
      LOG.warn("max_journal_mb takes effect at the next start");
    }
    options = changed;
    inFlight.limitTo(changed.maxInFlightBytes());
    routing.followers().refresh();
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
    routing.followers().refresh();
  }

  /**
   * Records a collection, in the catalogue and in the journal, before anything is written to it.
   *
   * @throws IOException if it cannot be recorded
   * @throws IllegalArgumentException if it contradicts what is recorded
   */
  public synchronized void addCollection(CollectionSchema schema) throws IOException {
    boolean first = catalogue.newest(schema.name()).isEmpty();
    if (catalogue.add(schema, known -> record(known, first))) {
      LOG.info("Collection {} is recorded", schema);
    }
  }

  private void record(CollectionSchema schema, boolean first) throws IOException {
    if (first) {
      rerouting.added(schema.name());
    }
    byte[] record = SchemaCodec.encode(schema);
    Append append =
        journal.append(
            0, List.of(NewFrame.of(FramePayload.SCHEMA, true, 1, schema.version(), record)));
    // At once: reads of the collection need it to be ready.
    for (Follower follower : routing.followers().list()) {
      follower.progress().want(append.endSequence());
      append.onSettled(follower::wake);
    }
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
    return flushing.flush(routing, deadline);
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
    return routing.followers().list().stream()
        .flatMap(follower -> follower.deadLetters().letters().stream())
        .sorted(Comparator.comparingLong(DeadLetter::sequence))
        .toList();
  }

  @Override
  public ReplayResult replay(String follower, LetterFilter filter, Duration deadline) {
    return orders.replay(routing.follower(follower), filter, deadline);
  }

  @Override
  public int discard(String follower, LetterFilter filter) {
    int discarded = orders.discard(routing.follower(follower), filter);
    guarding.forget();
    return discarded;
  }

  @Override
  public Recovery recovery() {
    return overview.recovery();
  }

  @Override
  public void adopt(String follower) {
    try {
      rerouting.adopt(follower);
      guarding.forget();
    } catch (IOException e) {
      throw OwnFiles.refused(UNCHANGED, e);
    }
  }

  @Override
  public List<RouteStatus> routes() {
    return overview.routes();
  }

  @Override
  public synchronized void changeRoute(Route route) {
    order(options.routes().with(route));
  }

  @Override
  public synchronized void swap(String collection, String backend) {
    Route now = options.routes().routeOf(collection);
    Route own = new Route(collection, now.primary(), now.mirrors(), now.readFrom());
    changeRoute(own.swappedTo(backend));
  }

  @Override
  public synchronized void removeRoute(String collection) {
    if (collection.equals(Route.ALL) || !options.routes().routes().containsKey(collection)) {
      throw new RouteRefusedException(
          "ROUTE_NOT_FOUND", collection + " has no route of its own that could be removed");
    }
    order(options.routes().without(collection));
  }

  private synchronized void takeFilling(UnaryOperator<RouteTable> change, String filled) {
    RouteTable changed = change.apply(options.routes());
    if (changed.equals(options.routes())) {
      return;
    }
    try {
      change(options.with(changed), filled, keeper);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void order(RouteTable routes) {
    try {
      change(options.with(routes), "", keeper);
    } catch (IOException e) {
      throw OwnFiles.refused(UNCHANGED, e);
    }
  }

  @Override
  public Migrations migrations() {
    return migrator;
  }

  /** From where the journal is kept, for whom. */
  Map<String, Long> retained() {
    return journal.retained();
  }

  UUID journalId() {
    return journal.id();
  }

  /** How many records and claims were written and are not on the disk yet. */
  int unsettledGuards() {
    return guarding.unsettledCount();
  }

  Guarding guarding() {
    return guarding;
  }

  Routing routing() {
    return routing;
  }

  Map<String, PoolUsage> pools() {
    return probes.pools();
  }

  long inFlightBytes() {
    return inFlight.bytes();
  }

  /** Lets nothing in, drains as long as the options allow, and closes; what is left is kept. */
  @Override
  public void close() throws IOException {
    // Before the lock is taken, which a migration may wait for.
    migrator.close();
    closeAll();
  }

  private synchronized void closeAll() throws IOException {
    try {
      intake.close();
      drain();
    } finally {
      end();
    }
  }

  private void drain() {
    try {
      if (!options.holdFollowers()) {
        flush(options.drainOnStop());
      }
    } catch (BufferException e) {
      LOG.info("What is pending stays in the journal ({}): {}", overview.pending(), e.getMessage());
    }
  }

  /** Closes all, whatever becomes of each; the journal, which all the others use, last. */
  private void end() throws IOException {
    try (journal;
        backends) {
      watch.stop();
      rerouting.close();
    }
  }
}
