package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.model.CollectionSchema;

/** A collection that cannot be recorded for now is recorded when it can be, without its bundle. */
class WaitingCollectionsTest {
  private static final Duration PAUSE = Duration.ofMillis(1);

  @TempDir Path data;

  @Test
  void aCollectionThatMetAFailedDiskIsThereWhenTheDiskIsBack() throws IOException {
    try (TestNode node = new TestNode(data).open();
        WaitingCollections collections =
            new WaitingCollections(node.buffer::addCollection, PAUSE)) {
      Path inTheWay = Files.createDirectory(data.resolve("buffer/catalogue.new"));
      collections.add(Notes.TAGS);
      assertThat(node.buffer.collection("tags")).isEmpty();
      Files.delete(inTheWay);
      TestNode.until(() -> node.buffer.collection("tags").isPresent());
    }
  }

  @Test
  void anotherThatWaitsLaterIsTriedAgainAsWell() {
    AtomicInteger failures = new AtomicInteger(3);
    List<CollectionSchema> recorded = new CopyOnWriteArrayList<>();
    try (WaitingCollections collections =
        new WaitingCollections(
            schema -> {
              if (failures.getAndDecrement() > 0) {
                throw new IOException("as told");
              }
              recorded.add(schema);
            },
            PAUSE)) {
      collections.add(Notes.V1);
      TestNode.until(() -> recorded.contains(Notes.V1));
      failures.set(3);
      collections.add(Notes.TAGS);
      TestNode.until(() -> recorded.contains(Notes.TAGS));
    }
  }

  @Test
  void whatContradictsWhatIsRecordedIsNotTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger(1);
    try (WaitingCollections collections =
        new WaitingCollections(
            schema -> {
              if (schema.equals(Notes.V1)) {
                tries.incrementAndGet();
                throw new IllegalArgumentException("as told");
              }
              if (failures.getAndDecrement() > 0) {
                throw new IOException("as told");
              }
            },
            PAUSE)) {
      collections.add(Notes.V1);
      collections.add(Notes.TAGS);
      TestNode.until(() -> failures.get() < 0);
      assertThat(tries).hasValue(1);
    }
  }
}
