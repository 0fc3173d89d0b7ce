package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.larder.storage.model.Row;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.WriteResult;

/** That a host which dies in the middle of a batch goes on where the store stands. */
@Area(
    name = "crash of the writer",
    promise = "After kill -9 the position is not ahead of the data, and replaying converges.")
public interface CrashContract extends BackendUnderTest {
  int KILLS = 6;

  /** Each writer goes on where the last one was killed. */
  @Test
  @Proves(Capability.ATOMIC_POSITION)
  default void writerKilledInMidBatchGoesOnWhereTheStoreStands() throws Exception {
    OtherProcess other = store().take("otherProcess", otherProcess()).orElse(null);
    if (other == null) {
      return;
    }
    Random random = new Random();
    for (int kill = 1; kill <= KILLS; kill++) {
      CrashedWriter.Told told = CrashedWriter.runAndKill(other, 2L * kill, random);
      long epoch = 2L * kill + 1;
      Position position =
          TestStore.persist(() -> store().backend().attach(CrashHistory.attachment(epoch)))
              .position();
      store().backend().ensureCollection(CrashHistory.SCHEMA);
      assertThat(position.sequence())
          .as("what was synced is there, and nothing that was never sent")
          .isBetween(told.synced(), told.written() + CrashHistory.BATCH);
      long inAll = position.sequence() / CrashHistory.BATCH;
      assertThat(position.sequence()).as("whole batches").isEqualTo(inAll * CrashHistory.BATCH);
      long atMost = told.written() / CrashHistory.BATCH + 1;
      assertPossible(inAll, declares(Capability.ATOMIC_POSITION) ? inAll : atMost);

      long end = atMost + 1;
      for (long number = inAll; number < end; number++) {
        assertThat(store().backend().write(CrashHistory.batch(number, epoch)))
            .isInstanceOf(WriteResult.Committed.class);
      }
      assertPossible(end, end);
      store().reopen();
    }
  }

  private void assertPossible(long first, long last) {
    List<Row> rows = store().rows(CrashHistory.SCHEMA);
    assertThat(rows).extracting(Row::key).doesNotHaveDuplicates();
    Map<String, Set<String>> possible = CrashHistory.possible(first, last);
    CrashHistory.describe(rows)
        .forEach(
            (key, row) ->
                assertThat(row)
                    .as("%s with %s to %s batches in", key, first, last)
                    .isIn(possible.get(key)));
  }
}
