package org.larder.journal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.larder.journal.internal.Core;

/**
 * A journal in a directory of its own. Every method may be called by any number of threads.
 *
 * <p>Appended frames get sequences at once and become durable in groups, in the order of their
 * sequences. Readers see what is durable and nothing else. Segments are deleted once every {@link
 * #retain registered reader} is past them; while there is none, nothing is deleted.
 *
 * <p>Each opening is an epoch. Sequences that were assigned in an epoch and are at or above its
 * {@link #epochEnd end} were never durable, and another epoch uses them again; below it, a sequence
 * means one item for good.
 *
 * <p>There is one lane, 0; another is refused.
 */
public final class Journal implements AutoCloseable {
  private final Core core;

  private Journal(Core core) {
    this.core = core;
  }

  /**
   * Opens the journal, or makes one. Recovers what is there: damage above the last synced end is
   * cut, damage below is copied to {@code quarantine/} and stepped over; {@link #recovery()} tells.
   * The new epoch is durable on return.
   *
   * @throws JournalLockedException when it is open elsewhere
   * @throws IOException when the disk fails; nothing that could be read before is lost by it
   */
  public static Journal open(JournalOptions options) throws IOException {
    return new Journal(Core.open(options));
  }

  /** Its identity, made with the journal and kept for good. */
  public UUID id() {
    return core.id();
  }

  /** The number of this opening, from 1. */
  public long epoch() {
    return core.epoch();
  }

  /** What this opening found, cut and put aside. */
  public RecoveryReport recovery() {
    return core.recovery();
  }

  /** The first sequence that can still be read; {@link #syncedEnd} when there is none. */
  public long start(int lane) {
    checkLane(lane);
    return core.segments().start();
  }

  /** The sequence the next append will get. */
  public long end(int lane) {
    checkLane(lane);
    return core.end();
  }

  /** Everything below is durable, or known to be lost. */
  public long syncedEnd(int lane) {
    checkLane(lane);
    return core.segments().syncedEnd();
  }

  /**
   * The sequence at which an earlier epoch ended, which is the first of the next; empty for the
   * current one and for those unknown. The last 4096 openings are known.
   */
  public OptionalLong epochEnd(long epoch) {
    return core.epochEnd(epoch);
  }

  /**
   * Whether part of the sequences is known to be gone: in damage that was put aside, in a missing
   * segment, or in a group that could not be forced.
   */
  public boolean lost(long from, long to) {
    return core.lost(from, to);
  }

  /**
   * Says that a request is being parsed and will append soon. A group waits for those announced
   * before it is forced, at most a quarter of the mean time of a force.
   */
  public Arrival announce() {
    return core.announce();
  }

  /**
   * Queues the frames and gives them sequences, one after the other without a gap; appends get
   * theirs in the order of the calls. Does not wait for the disk. Each frame becomes durable as a
   * whole; several frames of one append may become so one after the other.
   *
   * @throws JournalFullException when the journal's bound leaves no room; nothing was queued
   * @throws JournalFailedException when the journal is closed, or no segment can be made for want
   *     of space; nothing was queued
   * @throws IllegalArgumentException for no frames, or a payload over {@link #maxPayloadBytes()}
   */
  public Append append(int lane, List<NewFrame> frames)
      throws JournalFullException, JournalFailedException {
    checkLane(lane);
    return core.append(frames);
  }

  /**
   * The largest payload a frame can have here; it follows from the sizes of segments and groups.
   */
  public int maxPayloadBytes() {
    return core.maxPayloadBytes();
  }

  /**
   * A reader from the sequence on. A sequence whose segment has been deleted shows at the first
   * read, as {@link SequenceGoneException}. Close it before the journal.
   */
  public JournalReader reader(int lane, long fromSequence) {
    checkLane(lane);
    return new JournalReader(core, fromSequence);
  }

  /**
   * Says what the named reader needs: nothing at or above the sequence is deleted until it says
   * otherwise, also after a restart. A first call, and one that goes back, is durable on return;
   * one that goes forward is so before a segment is deleted by it, and costs nothing until then. A
   * sequence beyond {@link #syncedEnd} counts as that.
   */
  public void retain(String reader, long sequence) throws IOException {
    core.retain(reader, sequence);
  }

  /** Forgets the named reader: it holds nothing back any more. Durable on return. */
  public void release(String reader) throws IOException {
    core.release(reader);
  }

  /** The registered readers and the sequences from which they need the journal. */
  public Map<String, Long> retained() {
    return core.retained();
  }

  /** Figures of this moment. */
  public JournalStats stats() {
    return core.stats();
  }

  /**
   * Takes no more appends, waits until those queued are durable or failed, and releases the
   * directory. An interrupt does not cut it short. Closing twice does nothing.
   */
  @Override
  public void close() throws IOException {
    core.close();
  }

  private static void checkLane(int lane) {
    if (lane != 0) {
      throw new IllegalArgumentException("there is no lane " + lane);
    }
  }
}
