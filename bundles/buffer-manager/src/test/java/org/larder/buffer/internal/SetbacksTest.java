package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.larder.storage.spi.StorageException.Severity.HALT;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.larder.buffer.FollowerStatus.State;
import org.larder.storage.spi.StorageException;

class SetbacksTest {
  private final FollowerFigures figures = new FollowerFigures();
  private final BackendHandle backend =
      new BackendHandle(new FakeBackend(new FakeStore()), new Stragglers());
  private final Setbacks setbacks =
      new Setbacks("main", () -> BufferOptions.in(Path.of("unused")), figures, () -> false);

  private void fail(String code, Runnable before) {
    setbacks.attempt(
        backend,
        () -> {
          before.run();
          throw new StorageException(HALT, code, "as told");
        });
  }

  @Test
  void routesThatChangeBeforeItHaltsAreLookedAtAgain() {
    fail("NOT_SEEDED", setbacks::reconsider);
    assertThat(setbacks.haveHaltedOn(backend)).isFalse();
    fail("NOT_SEEDED", () -> {});
    assertThat(setbacks.haveHaltedOn(backend)).as("with the routes of now").isTrue();
    assertThat(figures.condition().state()).isEqualTo(State.HALTED);
    setbacks.reconsider();
    assertThat(setbacks.haveHaltedOn(backend)).isFalse();
  }

  @Test
  void otherRoutesDoNotMakeUpForAStoreOfAnother() {
    fail("DIFFERENT_JOURNAL", setbacks::reconsider);
    assertThat(setbacks.haveHaltedOn(backend)).isTrue();
    setbacks.reconsider();
    assertThat(setbacks.haveHaltedOn(backend)).isTrue();
  }
}
