package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Appends, a crash in the middle of any change to the disk, another opening, against a model:
 * acknowledged is readable, in order, and nothing is invented.
 */
class CrashPropertyTest {
  private static final Path DIRECTORY = Path.of("journal");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** One life of the process: what it appends, and how it ends. */
  record Life(
      List<List<Integer>> appends,
      int crashAfter,
      boolean atOpening,
      boolean power,
      double bad,
      double retained) {}

  @Provide
  static Arbitrary<List<Life>> lives() {
    Arbitrary<List<List<Integer>>> appends =
        Arbitraries.integers()
            .between(0, 3000)
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .list()
            .ofMaxSize(12);
    return Combinators.combine(
            appends,
            Arbitraries.integers().between(0, 90),
            Arbitraries.of(true, false, false),
            Arbitraries.of(true, false),
            Arbitraries.of(0.0, 0.0, 0.1),
            Arbitraries.of(0.0, 0.0, 0.5, 1.0))
        .as(Life::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Property(tries = 600, shrinking = ShrinkingMode.BOUNDED)
  void acknowledgedIsReadableInOrderAndNothingIsInvented(
      @ForAll("lives") List<Life> lives, @ForAll long seed) throws Exception {
    World world = new World(seed);
    for (Life life : lives) {
      world.live(life);
    }
    world.verifyAfterOpening().close();
  }

  /** The disk, and what the model knows about what must and may be on it. */
  private static final class World {
    private final SimulatedDisk disk;
    private final Map<Long, List<NewFrame>> submitted = new HashMap<>();
    private final TreeMap<Long, byte[]> owed = new TreeMap<>();
    private final Set<Long> failed = new HashSet<>();
    private long lastEpoch;
    private long floor;
    private int stamp;
    private boolean forcesFailed;

    World(long seed) {
      disk = new SimulatedDisk(seed);
    }

    private JournalOptions options() {
      return JournalOptions.of(DIRECTORY, 256 << 10)
          .withSegmentBytes(16 << 10)
          .withRetryInterval(Duration.ofMillis(1))
          .withIdentity(() -> new UUID(1, 2))
          .withFiles(disk);
    }

    void live(Life life) throws Exception {
      if (life.atOpening()) {
        disk.crashAfter(life.crashAfter() / 4);
        try {
          Journal.open(options()).close();
        } catch (IOException e) {
          assertThat(disk.isDown()).isTrue();
        }
        end(life);
      }
      Journal journal = verifyAfterOpening();
      disk.crashAfter(life.crashAfter());
      disk.failForces(life.bad());
      forcesFailed |= life.bad() > 0;
      append(journal, life.appends());
      retain(journal, life.retained());
      assertThat(disk.bytesOf(".segment")).isLessThanOrEqualTo(options().maxBytes());
      assertThat(disk.forcedAfterFailure()).isFalse();
      try {
        journal.close();
      } catch (IOException e) {
        assertThat(disk.isDown() || forcesFailed).isTrue();
      }
      end(life);
    }

    private void retain(Journal journal, double part) {
      long sequence = (long) (journal.syncedEnd(0) * part);
      if (sequence < floor) {
        return;
      }
      floor = sequence;
      try {
        journal.retain("slow", sequence);
      } catch (IOException e) {
        assertThat(disk.isDown() || forcesFailed).isTrue();
      }
    }

    private void end(Life life) {
      if (life.power()) {
        disk.losePower();
      } else {
        disk.kill();
      }
    }

    private void append(Journal journal, List<List<Integer>> appends) throws Exception {
      List<Append> underWay = new ArrayList<>();
      for (List<Integer> sizes : appends) {
        List<NewFrame> frames = sizes.stream().map(this::frame).toList();
        try {
          Append append = journal.append(0, frames);
          long sequence = append.firstSequence();
          for (NewFrame frame : frames) {
            submitted.computeIfAbsent(sequence, any -> new ArrayList<>()).add(frame);
            sequence += frame.count();
          }
          underWay.add(append);
          if (sizes.size() % 2 == 0) {
            settle(append);
          }
        } catch (JournalFullException e) {
          assertThat(journal.stats().segments()).isGreaterThan(4);
        } catch (JournalFailedException e) {
          assertThat(disk.isDown() || forcesFailed).isTrue();
        }
      }
      for (Append append : underWay) {
        settle(append);
      }
    }

    private void settle(Append append) throws InterruptedException, TimeoutException {
      try {
        append.awaitSynced(PATIENCE);
        long sequence = append.firstSequence();
        while (sequence < append.endSequence()) {
          List<NewFrame> frames = submitted.get(sequence);
          NewFrame frame = frames.get(frames.size() - 1);
          owed.put(sequence, frame.payload());
          sequence += frame.count();
        }
      } catch (JournalFailedException e) {
        assertThat(disk.isDown() || forcesFailed).isTrue();
        for (long i = append.firstSequence(); i < append.endSequence(); i++) {
          failed.add(i);
        }
      }
    }

    private NewFrame frame(int size) {
      byte[] payload = new byte[size + Integer.BYTES];
      ByteBuffer.wrap(payload).putInt(++stamp);
      for (int i = Integer.BYTES; i < payload.length; i++) {
        payload[i] = (byte) (stamp * 31 + i);
      }
      return NewFrame.of((byte) (stamp % 100), false, 1 + stamp % 3, stamp, payload);
    }

    Journal verifyAfterOpening() throws IOException {
      Journal journal = Journal.open(options());
      assertThat(journal.epoch()).isGreaterThan(lastEpoch);
      lastEpoch = journal.epoch();
      List<Frame> frames = new ArrayList<>();
      try (JournalReader reader = journal.reader(0, journal.start(0))) {
        List<Frame> some;
        do {
          some = reader.read(10_000);
          frames.addAll(some);
        } while (!some.isEmpty());
        assertThat(reader.position()).isEqualTo(journal.syncedEnd(0));
      }
      for (RecoveryReport.Finding finding : journal.recovery().findings()) {
        if (finding.kind() != RecoveryReport.Kind.CUT) {
          assertThat(forcesFailed).as(finding.sentence()).isTrue();
          for (long i = finding.fromSequence(); i < finding.toSequence(); i++) {
            assertThat(failed).as(finding.sentence()).contains(i);
          }
        }
      }
      Set<Long> found = new HashSet<>();
      long end = journal.start(0);
      for (Frame frame : frames) {
        assertThat(frame.sequence()).isGreaterThanOrEqualTo(end);
        end = frame.endSequence();
        byte[] payload = new byte[frame.payload().remaining()];
        frame.payload().get(payload);
        assertThat(submitted.getOrDefault(frame.sequence(), List.of()))
            .as("frame %d", frame.sequence())
            .anyMatch(
                sent ->
                    Arrays.equals(sent.payload(), payload)
                        && sent.schemaVersion() == frame.schemaVersion()
                        && sent.count() == frame.count()
                        && sent.kind() == frame.kind());
        byte[] acknowledged = owed.get(frame.sequence());
        if (acknowledged != null) {
          assertThat(payload).as("frame %d", frame.sequence()).isEqualTo(acknowledged);
        }
        found.add(frame.sequence());
        owed.put(frame.sequence(), payload);
      }
      for (long i = floor; i < journal.start(0); i++) {
        assertThat(failed).as("the journal starts behind %d", i).contains(i);
      }
      assertThat(found).containsAll(owed.tailMap(floor).keySet());
      assertThat(journal.end(0)).isGreaterThanOrEqualTo(end);
      return journal;
    }
  }
}
