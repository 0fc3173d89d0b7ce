package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.journal.Payloads.PATIENCE;
import static org.larder.journal.Payloads.append;
import static org.larder.journal.Payloads.frame;
import static org.larder.journal.Payloads.readAll;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FailureTest {
  private static final Path DIRECTORY = Path.of("journal");

  private final SimulatedDisk disk = new SimulatedDisk(1);

  private JournalOptions options() {
    return JournalOptions.of(DIRECTORY, 128 << 10)
        .withSegmentBytes(16 << 10)
        .withRetryInterval(Duration.ofMillis(1))
        .withFiles(disk);
  }

  private static Append awaitFailure(Append append) {
    assertThatThrownBy(() -> append.awaitSynced(PATIENCE))
        .isInstanceOf(JournalFailedException.class);
    assertThat(append.isSynced()).isFalse();
    assertThat(append.failure()).isPresent();
    return append;
  }

  /** Appends until the journal refuses. */
  private static List<Integer> appendUntilRefused(
      Journal journal, Class<? extends Exception> refusal) {
    List<Integer> done = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int number = 0; number < 10_000; number++) {
                append(journal, number, number + 1, 1000);
                done.add(number);
              }
            })
        .isInstanceOf(refusal);
    return done;
  }

  /** Appends the frame once the journal takes it again. */
  private static void appendWhenTaken(Journal journal, int number) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        append(journal, number, number + 1, 1000);
        return;
      } catch (JournalFailedException | JournalFullException e) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void failedForceFailsItsAppendsAndTheNextGoElsewhere() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 3, 1000);
      disk.failNextForceOf(Directories.segment(DIRECTORY, 1));
      Append failed = awaitFailure(journal.append(0, List.of(frame(3, 1000), frame(4, 1000))));
      assertThat(failed.firstSequence()).isEqualTo(3);
      assertThat(journal.syncedEnd(0)).isEqualTo(3);
      append(journal, 5, 8, 1000);
      assertThat(readAll(journal)).containsExactly(0, 1, 2, 5, 6, 7);
      assertThat(journal.lost(3, 5)).isTrue();
      assertThat(journal.lost(0, 3) || journal.lost(5, 8)).isFalse();
      assertThat(journal.end(0)).as("sequences are skipped, not used again").isEqualTo(8);
      assertThat(journal.stats().failedForces()).isEqualTo(1);
      assertThat(disk.forcedAfterFailure()).isFalse();
    }
    disk.kill();
    try (Journal journal = Journal.open(options())) {
      assertThat(readAll(journal)).containsExactly(0, 1, 2, 5, 6, 7);
      assertThat(journal.lost(3, 5)).isTrue();
      assertThat(journal.recovery().findings()).isEmpty();
    }
  }

  @Test
  void whatWasLaidOutBehindAFailedGroupIsLaidOutAgainElsewhere() throws Exception {
    JournalOptions roomy =
        JournalOptions.of(DIRECTORY, 8 << 20).withSegmentBytes(1 << 20).withFiles(disk);
    try (Journal journal = Journal.open(roomy)) {
      append(journal, 0, 1, 10);
      Semaphore forcing = disk.holdNextForceOf(Directories.segment(DIRECTORY, 1));
      disk.failNextForceOf(Directories.segment(DIRECTORY, 1));
      Append failing = journal.append(0, List.of(frame(1, 10)));
      disk.awaitHeldForce();
      List<Append> behind = new ArrayList<>();
      try {
        for (int number = 2; number < 22; number++) {
          behind.add(journal.append(0, List.of(frame(number, 10_000), frame(number + 100, 50))));
        }
      } finally {
        forcing.release();
      }
      awaitFailure(failing);
      List<Integer> expected = new ArrayList<>(List.of(0));
      for (Append append : behind) {
        append.awaitSynced(PATIENCE);
      }
      for (int number = 2; number < 22; number++) {
        expected.addAll(List.of(number, number + 100));
      }
      assertThat(readAll(journal)).isEqualTo(expected);
      assertThat(journal.lost(1, 2)).isTrue();
      assertThat(journal.lost(2, 1000)).isFalse();
    }
  }

  @Test
  void failedForceOfAFirstGroupGivesTheSegmentUp() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 8, 1000);
      disk.failForces(1);
      awaitFailure(journal.append(0, List.of(frame(8, 1000))));
      disk.failForces(0);
      appendWhenTaken(journal, 9);
      assertThat(readAll(journal)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 9);
      assertThat(disk.forcedAfterFailure()).isFalse();
    }
  }

  @Test
  void powerLossAfterAFailedForceLosesNothingAcknowledged() throws Exception {
    Journal journal = Journal.open(options());
    append(journal, 0, 3, 1000);
    disk.failNextForceOf(Directories.segment(DIRECTORY, 1));
    awaitFailure(journal.append(0, List.of(frame(3, 1000))));
    append(journal, 4, 6, 1000);
    disk.crashAfter(0);
    assertThatThrownBy(journal::close).isInstanceOf(IOException.class);
    disk.losePower();
    try (Journal after = Journal.open(options())) {
      assertThat(readAll(after)).containsExactly(0, 1, 2, 4, 5);
      assertThat(after.lost(3, 4)).isTrue();
    }
  }

  @Test
  void fullDiskRefusesBeforeASequenceIsGivenAndRecovers() throws Exception {
    disk.freeBytes(50 << 10);
    try (Journal journal = Journal.open(options())) {
      List<Integer> done = appendUntilRefused(journal, JournalFailedException.class);
      // The first may have been taken in while it was not known yet that the disk is full.
      long end = journal.end(0);
      assertThatThrownBy(() -> journal.append(0, List.of(frame(0, 1000))))
          .isInstanceOfSatisfying(
              JournalFailedException.class, e -> assertThat(e.diskFull()).isTrue());
      assertThat(journal.end(0)).isEqualTo(end).isBetween((long) done.size(), done.size() + 1L);
      assertThat(readAll(journal)).isEqualTo(done);
      disk.freeBytes(Long.MAX_VALUE);
      appendWhenTaken(journal, 5000);
      assertThat(readAll(journal)).hasSize(done.size() + 1).contains(5000);
    }
  }

  @Test
  void boundIsKeptAndRoomComesBackWhenTheReaderMovesOn() throws Exception {
    try (Journal journal = Journal.open(options())) {
      journal.retain("slow", 0);
      List<Integer> done = appendUntilRefused(journal, JournalFullException.class);
      assertThat(done).hasSizeGreaterThan(50);
      assertThat(disk.bytesOf(".segment")).isLessThanOrEqualTo(128 << 10);
      assertThat(journal.stats().diskBytes()).isEqualTo(disk.bytesOf(".segment"));
      assertThat(readAll(journal)).isEqualTo(done);
      journal.retain("slow", 24);
      assertThat(journal.start(0)).isEqualTo(24);
      append(journal, 1000, 1016, 1000);
      assertThat(disk.bytesOf(".segment")).isLessThanOrEqualTo(128 << 10);
    }
  }

  @Test
  void segmentThatCannotBeDeletedIsTriedAgainAndLeavesNoHole() throws Exception {
    try (Journal journal = Journal.open(options())) {
      journal.retain("slow", 0);
      appendUntilRefused(journal, JournalFullException.class);
      disk.refuseDeletes(Directories.segment(DIRECTORY, 2)::equals);
      assertThatThrownBy(() -> journal.retain("slow", 24)).isInstanceOf(IOException.class);
      assertThat(journal.start(0)).isEqualTo(24);
      append(journal, 1000, 1008, 1000);
      appendUntilRefused(journal, JournalFullException.class);
      assertThat(journal.stats().diskBytes()).isEqualTo(disk.bytesOf(".segment"));
      assertThat(disk.bytesOf(".segment")).isLessThanOrEqualTo(128 << 10);
      // No reader moves on from here.
      disk.refuseDeletes(false);
      appendWhenTaken(journal, 5000);
      assertThat(readAll(journal)).endsWith(5000);
    }
  }

  @Test
  void nothingIsDeletedBeforeItIsNotedAndThatIsTriedAgain() throws Exception {
    try (Journal journal = Journal.open(options())) {
      journal.retain("slow", 0);
      appendUntilRefused(journal, JournalFullException.class);
      Path readers = DIRECTORY.resolve("readers");
      disk.refuseRenames(readers::equals);
      assertThatThrownBy(() -> journal.retain("slow", 24)).isInstanceOf(IOException.class);
      assertThat(journal.start(0)).isZero();
      assertThatThrownBy(() -> append(journal, 1000, 1001, 1000))
          .isInstanceOf(JournalFullException.class);
      // No reader moves on from here.
      disk.refuseRenames(file -> false);
      appendWhenTaken(journal, 5000);
      assertThat(journal.start(0)).isEqualTo(24);
    }
  }

  @Test
  void readerThatGoesBackAndCannotBeNotedIsNotedWhenThatIsRepeated() throws Exception {
    Path readers = DIRECTORY.resolve("readers");
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 48, 1000);
      journal.retain("slow", 10);
      disk.refuseRenames(readers::equals);
      assertThatThrownBy(() -> journal.retain("slow", 4)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> journal.retain("slow", 4)).isInstanceOf(IOException.class);
      disk.refuseRenames(file -> false);
      journal.retain("slow", 4);
      // Nothing is left for the closing to note: it would fail.
      disk.refuseRenames(readers::equals);
    }
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.retained()).isEqualTo(Map.of("slow", 4L));
      disk.refuseRenames(file -> false);
    }
  }

  @Test
  void boundHoldsWhileManyAppendsAreUnderWay() throws Exception {
    try (Journal journal = Journal.open(options())) {
      List<Append> taken = new ArrayList<>();
      try {
        for (int number = 0; number < 10_000; number++) {
          taken.add(journal.append(0, List.of(frame(number, 20 + number * 37 % 9000))));
        }
      } catch (JournalFullException e) {
        assertThat(taken).isNotEmpty();
      }
      for (Append append : taken) {
        append.awaitSynced(PATIENCE);
      }
      assertThat(disk.bytesOf(".segment")).isLessThanOrEqualTo(128 << 10);
      assertThat(readAll(journal)).hasSize(taken.size());
    }
  }

  @Test
  void frameThatNeverFitsIsRefused() throws Exception {
    try (Journal journal = Journal.open(options())) {
      int most = journal.maxPayloadBytes();
      append(journal, 0, 1, most);
      assertThat(readAll(journal)).containsExactly(0);
      assertThatThrownBy(() -> journal.append(0, List.of(frame(1, most + 1))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.append(0, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.append(1, List.of(frame(1, 10))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closedJournalTakesNothingAndHasKeptWhatWasQueued() throws Exception {
    Journal journal = Journal.open(options());
    List<Append> queued = new ArrayList<>();
    for (int number = 0; number < 30; number++) {
      queued.add(journal.append(0, List.of(frame(number, 100))));
    }
    journal.close();
    journal.close();
    assertThat(queued).allSatisfy(append -> assertThat(append.isSynced()).isTrue());
    assertThatThrownBy(() -> journal.append(0, List.of(frame(30, 100))))
        .isInstanceOf(JournalFailedException.class);
    try (Journal again = Journal.open(options())) {
      assertThat(readAll(again)).hasSize(30);
    }
  }

  @Test
  void secondOpeningOfTheSameDirectoryIsRefused() throws Exception {
    try (Journal journal = Journal.open(options())) {
      assertThat(journal.epoch()).isEqualTo(1);
      assertThatThrownBy(() -> Journal.open(options())).isInstanceOf(JournalLockedException.class);
    }
    Journal.open(options()).close();
  }

  @Test
  void failedOpeningLeavesNoThreadThatMakesSegments() throws Exception {
    try (Journal journal = Journal.open(options())) {
      append(journal, 0, 20, 1000);
      disk.refuseDeletes(true);
      assertThatThrownBy(() -> journal.retain("primary", 20)).isInstanceOf(IOException.class);
    }
    Set<Thread> before = journalThreads();
    assertThatThrownBy(() -> Journal.open(options())).isInstanceOf(IOException.class);
    assertThat(journalThreads()).isSubsetOf(before);
    disk.refuseDeletes(false);
    try (Journal journal = Journal.open(options())) {
      append(journal, 20, 40, 1000);
      assertThat(readAll(journal)).endsWith(39);
    }
  }

  /** Those that write; the keeper's does so only while somebody waits for it. */
  private static Set<Thread> journalThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("journal-(allocator|committer)"))
        .collect(Collectors.toSet());
  }

  @Test
  void epochsTellWhatWasLostWithTheMemory() throws Exception {
    Journal journal = Journal.open(options());
    append(journal, 0, 3, 1000);
    disk.crashAfter(0);
    Append unsynced = awaitFailure(journal.append(0, List.of(frame(3, 1000))));
    assertThatThrownBy(journal::close).isInstanceOf(IOException.class);
    disk.losePower();
    try (Journal after = Journal.open(options())) {
      assertThat(after.epoch()).isEqualTo(2);
      long ended = after.epochEnd(1).orElseThrow();
      assertThat(ended).isBetween(3L, 4L);
      assertThat(unsynced.firstSequence() >= ended || readAll(after).contains(3)).isTrue();
      assertThat(after.epochEnd(2)).isEmpty();
      assertThat(after.epochEnd(77)).isEmpty();
    }
  }
}
