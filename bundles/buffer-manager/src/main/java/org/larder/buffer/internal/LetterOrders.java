package org.larder.buffer.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterFilter;
import org.larder.buffer.ReplayResult;
import org.larder.journal.Append;
import org.larder.journal.Journal;
import org.larder.journal.JournalFailedException;
import org.larder.journal.JournalFullException;
import org.larder.journal.NewFrame;

/** What operators order about dead letters; free for any thread. */
final class LetterOrders {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Journal journal;

  LetterOrders(Journal journal) {
    this.journal = journal;
  }

  /** Orders a replay and waits for it, as {@link org.larder.buffer.BufferControl} says. */
  ReplayResult replay(Follower follower, LetterFilter wanted, Duration deadline) {
    List<DeadLetter> letters = follower.deadLetters().letters();
    wanted.requireOneRecord(letters);
    Optional<LetterFilter> filter = ofRecords(wanted, letters);
    long count = filter.map(some -> letters.stream().filter(some::matches).count()).orElse(0L);
    if (count == 0) {
      return new ReplayResult(0, 0, Optional.empty());
    }
    if (follower.backend().isEmpty() || follower.progress().isStalled()) {
      throw new BufferException(
          Reason.BACKEND_AWAY,
          "Follower " + follower.name() + " does not follow now; nothing was replayed",
          RETRY_AFTER,
          null);
    }
    byte[] order = new LogRecord.Replay(follower.name(), filter.get()).encode();
    Append append = append(NewFrame.of(FramePayload.RECORD, true, room(count), 0, order));
    follower.progress().want(append.endSequence());
    append.onSettled(follower::wake);
    return await(follower.replaying().result(append.firstSequence()), deadline);
  }

  private static int room(long letters) {
    return Replaying.room((int) letters);
  }

  /** A letter cannot go alone: all of its record's are meant. Empty if there is none. */
  private static Optional<LetterFilter> ofRecords(LetterFilter wanted, List<DeadLetter> letters) {
    if (wanted.sequence().isEmpty()) {
      return Optional.of(wanted);
    }
    return letters.stream()
        .filter(wanted::matches)
        .findFirst()
        .map(
            letter ->
                new LetterFilter(
                    Optional.of(letter.row().schema().name()),
                    Optional.of(letter.row().key()),
                    OptionalLong.empty()));
  }

  private Append append(NewFrame frame) {
    try {
      return journal.append(0, List.of(frame));
    } catch (JournalFullException | JournalFailedException e) {
      throw JournalIntake.refused(e);
    }
  }

  private static ReplayResult await(CompletableFuture<ReplayResult> result, Duration deadline) {
    try {
      return result.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new BufferException(
          Reason.DEADLINE,
          "The replay is noted, but was not done within "
              + deadline.toMillis()
              + " ms; it will be when the follower gets there",
          RETRY_AFTER,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BufferException(Reason.CLOSED, "Interrupted", RETRY_AFTER, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A replay fails with its follower only", e);
    }
  }

  /** Gives letters up for good, but for those that a replay is in the middle of. */
  int discard(Follower follower, LetterFilter filter) {
    try {
      return follower.deadLetters().discard(filter);
    } catch (IOException e) {
      throw OwnFiles.refused("nothing was discarded", e);
    }
  }
}
