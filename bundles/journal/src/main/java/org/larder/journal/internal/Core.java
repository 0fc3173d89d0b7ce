package org.larder.journal.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.larder.journal.Append;
import org.larder.journal.Arrival;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.JournalLockedException;
import org.larder.journal.JournalOptions;
import org.larder.journal.JournalStats;
import org.larder.journal.NewFrame;
import org.larder.journal.RecoveryReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of an open journal put together. Any number of threads call it; what they share is in
 * the parts, each of which says how.
 */
public final class Core {
  private static final Logger LOG = LoggerFactory.getLogger(Core.class);
  private static final String LOCK = "journal.lock";

  /** With so much queued, filling the next group during a force is worth the taking of a lock. */
  private static final long ASSIST_BYTES = 64 << 10;

  private final JournalOptions options;
  private final Closeable lock;
  private final UUID id;
  private final Epochs epochs;
  private final RecoveryReport recovery;
  private final SegmentList segments;
  private final Losses losses;
  private final AppendQueue queue;
  private final SegmentAllocator allocator;
  private final Arrivals arrivals = new Arrivals();
  private final Meter meter = new Meter();
  private final Filler filler;
  private final Committer committer;
  private final Keeper keeper = new Keeper();
  private final Retention retention;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Core(JournalOptions options, Closeable lock) throws IOException {
    this.options = options;
    this.lock = lock;
    Recovery.Outcome outcome = new Recovery(options).recover();
    id = outcome.id();
    epochs = outcome.epochs();
    recovery = outcome.report();
    losses = outcome.losses();
    long end = epochs.lastStart();
    segments = new SegmentList(outcome.segments(), end);
    SpaceLedger space =
        new SpaceLedger(options.maxBytes(), options.segmentBytes(), outcome.fileBytes());
    if (outcome.spare() != null) {
      space.adoptSpare();
    }
    queue =
        new AppendQueue(
            space,
            options.maxBytes(),
            Layout.maxPayloadBytes(options.segmentBytes(), options.groupBytes()),
            end);
    allocator = new SegmentAllocator(options, queue, outcome.nextNumber(), outcome.spare());
    SegmentWriter writer =
        new SegmentWriter(options, id, epochs.last(), allocator, queue, segments, losses);
    filler = new Filler(queue, writer, pendingGroup(), pendingGroup());
    committer = new Committer(queue, arrivals, filler, writer, meter, this::published);
    retention =
        new Retention(
            options,
            new MetadataFile(options.files(), options.directory(), JournalScan.READERS),
            outcome.readers(),
            losses,
            segments,
            writer,
            queue,
            allocator,
            keeper);
  }

  private PendingGroup pendingGroup() {
    return new PendingGroup(
        new GroupBuffer(id, epochs.last(), options.segmentBytes(), options.groupBytes()));
  }

  /** Opens the journal, recovering it first. */
  public static Core open(JournalOptions options) throws IOException {
    Path directory = options.directory();
    options.files().createDirectories(directory);
    Closeable lock =
        options
            .files()
            .lock(directory.resolve(LOCK))
            .orElseThrow(
                () -> new JournalLockedException("the journal in " + directory + " is in use"));
    try {
      Core core = new Core(options, lock);
      core.start();
      return core;
    } catch (IOException | RuntimeException e) {
      try {
        lock.close();
      } catch (IOException notReleased) {
        e.addSuppressed(notReleased);
      }
      throw e;
    }
  }

  private void start() throws IOException {
    for (RecoveryReport.Finding finding : recovery.findings()) {
      LOG.warn("Journal in {}: {}", options.directory(), finding.sentence());
    }
    try {
      retention.collect();
    } catch (IOException | RuntimeException e) {
      keeper.close();
      throw e;
    }
    // Nothing fails from here on: a thread that outlived the lock would write into the directory.
    allocator.start();
    allocator.poke();
    committer.start();
  }

  private void published() {
    for (Runnable listener : listeners) {
      listener.run();
    }
  }

  /** Tells the listener, on the committer's thread, whenever something was synced. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  /** Tells it no more. */
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** See Journal. */
  public UUID id() {
    return id;
  }

  /** See Journal. */
  public long epoch() {
    return epochs.last();
  }

  /** See Journal. */
  public RecoveryReport recovery() {
    return recovery;
  }

  /** The segments that can be read. */
  public SegmentList segments() {
    return segments;
  }

  /** See Journal. */
  public long end() {
    return queue.nextSequence();
  }

  /** See Journal. */
  public OptionalLong epochEnd(long epoch) {
    return epochs.end(epoch);
  }

  /** See Journal. */
  public boolean lost(long from, long to) {
    return losses.overlap(from, to);
  }

  /** See Journal. */
  public Arrival announce() {
    return arrivals.announce();
  }

  /** A reader found damage below the synced end: it is put aside and stepped over from now on. */
  void salvage(Segment segment) throws IOException {
    keeper.run(() -> new Salvage(options, id, losses).of(segment));
  }

  /** See Journal. */
  public Append append(List<NewFrame> frames) throws JournalFullException, JournalFailedException {
    Ticket ticket = new Ticket(frames, queue.maxPayloadBytes());
    if (queue.add(ticket) >= ASSIST_BYTES) {
      filler.assist();
    }
    return ticket;
  }

  /** Largest payload of a frame. */
  public int maxPayloadBytes() {
    return queue.maxPayloadBytes();
  }

  /** See Journal. */
  public void retain(String reader, long sequence) throws IOException {
    retention.retain(reader, sequence);
  }

  /** See Journal. */
  public void release(String reader) throws IOException {
    retention.release(reader);
  }

  /** See Journal. */
  public Map<String, Long> retained() {
    return retention.retained();
  }

  /** See Journal. */
  public JournalStats stats() {
    List<Segment> now = segments.all();
    return new JournalStats(
        queue.fileBytes(),
        now.stream().mapToLong(Segment::dataEnd).sum(),
        options.maxBytes(),
        now.size(),
        meter.frames(),
        meter.items(),
        meter.bytes(),
        meter.groups(),
        meter.nanosTotal(),
        meter.nanosMean(),
        meter.nanosMax(),
        meter.failures(),
        queue.waiting());
  }

  /** The options it was opened with. */
  public JournalOptions options() {
    return options;
  }

  /** See Journal. */
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    queue.close();
    Uninterrupted.join(committer);
    allocator.close();
    try {
      retention.close();
      keeper.run(
          () ->
              new MetadataFile(options.files(), options.directory(), JournalScan.EPOCHS)
                  .write(epochs.closed(segments.syncedEnd()).lines()));
    } finally {
      keeper.close();
      published();
      lock.close();
    }
  }
}
