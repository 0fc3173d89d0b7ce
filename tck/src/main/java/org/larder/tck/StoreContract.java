package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.tck.Samples.THINGS;
import static org.larder.tck.Samples.put;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.BackendDescriptor;
import org.larder.storage.spi.Probe;
import org.larder.storage.spi.SnapshotBackend;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;

/** That a store knows itself, keeps what it has, and says how it is. */
@Area(name = "store", promise = "A store knows itself, keeps what it has, and says how it is.")
public interface StoreContract extends BackendUnderTest {
  @Test
  default void storeKeepsItsIdentityRowsAndPosition() throws Exception {
    store().prepare(THINGS);
    UUID storeId = store().attach(1).storeId();
    store().write(THINGS, put(THINGS, 0, "a", "note", "kept"));

    store().reopen();

    StoreState state = store().attach(2);
    assertThat(state.storeId()).isEqualTo(storeId);
    assertThat(state.position().sequence()).isEqualTo(1);
    assertThat(state.lifecycle()).isEqualTo(StoreState.Lifecycle.LIVE);
    store().backend().ensureCollection(THINGS);
    assertThat(store().row(THINGS, "a").orElseThrow().value("note")).isEqualTo("kept");
  }

  @Test
  default void expectedStoreIsAccepted() {
    UUID storeId = store().attach(1).storeId();
    assertThat(store().backend().attach(expecting(storeId, 2)).storeId()).isEqualTo(storeId);
  }

  @Test
  default void anotherStoreThanExpectedStaysUntouched() {
    StoreState before = store().attach(1);
    StorageException failure =
        TestStore.expect(HALT, () -> store().backend().attach(expecting(UUID.randomUUID(), 9)));
    assertThat(failure.code()).isEqualTo("DIFFERENT_STORE");
    assertThat(store().attach(1)).as("no epoch 9 was noted").isEqualTo(before);
  }

  @Test
  default void newStoreIsNotTakenForTheExpectedOne() {
    UUID lost = UUID.randomUUID();
    StorageException failure =
        TestStore.expect(HALT, () -> store().backend().attach(expecting(lost, 1)));
    assertThat(failure.code()).isEqualTo("DIFFERENT_STORE");
    assertThat(store().attach(1).storeId()).isNotEqualTo(lost);
  }

  private Attachment expecting(UUID storeId, long epoch) {
    return new Attachment(
        TestStore.FOLLOWER,
        0,
        store().journal(),
        epoch,
        Optional.of(storeId),
        OptionalLong.empty());
  }

  @Test
  default void descriptorIsAlwaysTheSame() throws Exception {
    BackendDescriptor descriptor = store().backend().descriptor();
    assertThat(descriptor.name()).isNotBlank();
    assertThat(descriptor.kind()).isNotBlank();
    store().prepare(THINGS);
    assertThat(store().backend().descriptor()).isEqualTo(descriptor);
    store().reopen();
    assertThat(store().backend().descriptor()).isEqualTo(descriptor);
  }

  @Test
  default void probeSaysThatAWorkingStoreIsUp() {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"));
    Probe probe = store().backend().probe(Duration.ofSeconds(10));
    assertThat(probe.condition()).isEqualTo(Probe.Condition.UP);
    assertThat(probe.storedBytes()).isGreaterThanOrEqualTo(-1);
  }

  @Test
  default void copyIsANewFileAndNeverOverwritesOne() throws Exception {
    store().prepare(THINGS);
    store().write(THINGS, put(THINGS, 0, "a"));
    if (!(store().backend() instanceof SnapshotBackend copying)) {
      store().doesNotApply("It offers no copies: it does not implement SnapshotBackend.");
      return;
    }
    Path folder = Files.createTempDirectory("larder-kit");
    Path target = folder.resolve("copy");
    try {
      copying.snapshot(target);
      assertThat(target).isNotEmptyFile();
      assertThatThrownBy(() -> copying.snapshot(target)).isInstanceOf(IOException.class);
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).containsExactly(target);
      }
    } finally {
      Files.deleteIfExists(target);
      Files.delete(folder);
    }
  }
}
