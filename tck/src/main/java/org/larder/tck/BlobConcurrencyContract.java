package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.storage.blob.QuotaBlobStore;

/** That threads do not see or spoil each other's half-written objects. */
@Area(name = "threads", promise = "Threads do not see or spoil each other's half-written objects.")
public interface BlobConcurrencyContract extends BlobStoreUnderTest {
  private static void inThreads(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Void> future : threads.invokeAll(tasks)) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  default void ofSeveralPutsAtOnceOneIsThereWhole() throws Exception {
    List<BlobContent> contents =
        IntStream.range(0, 8).mapToObj(i -> BlobContent.of(i, 200_000 + i)).toList();
    for (int round = 0; round < 5; round++) {
      List<Callable<Void>> writers = new ArrayList<>();
      for (BlobContent content : contents) {
        writers.add(
            () -> {
              put("contended/name", content);
              return null;
            });
      }
      inThreads(writers);
      BlobInfo info = blobs().stat("contended/name").orElseThrow();
      BlobContent winner = contents.get((int) (info.length() - 200_000));
      assertThat(info.sha256()).isEqualTo(winner.sha256());
      InputStream all = blobs().open("contended/name", 0, Long.MAX_VALUE).orElseThrow();
      assertThat(BlobContent.hash(all)).isEqualTo(winner.sha256());
    }
    assertThat(blobs().list("", "", 10)).hasSize(1);
  }

  @Test
  default void readerSeesTheOldOrTheNewWhole() throws Exception {
    List<BlobContent> contents =
        IntStream.range(0, 4).mapToObj(i -> BlobContent.of(i, 300_000 + 1000 * i)).toList();
    Set<String> hashes = contents.stream().map(BlobContent::sha256).collect(Collectors.toSet());
    put("replaced", contents.get(0));
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          try {
            for (int i = 1; i < 40; i++) {
              put("replaced", contents.get(i % contents.size()));
            }
          } finally {
            done.set(true);
          }
          return null;
        });
    for (int reader = 0; reader < 2; reader++) {
      tasks.add(
          () -> {
            while (!done.get()) {
              Optional<InputStream> all = blobs().open("replaced", 0, Long.MAX_VALUE);
              assertThat(BlobContent.hash(all.orElseThrow())).isIn(hashes);
              BlobInfo info = blobs().stat("replaced").orElseThrow();
              assertThat(info.sha256()).isIn(hashes);
            }
            return null;
          });
    }
    inThreads(tasks);
  }

  /** Where a store counts, it counts right whatever its threads do. */
  @Test
  default void countersAreRightAfterManyThreads() throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 6; thread++) {
      int seed = thread;
      tasks.add(
          () -> {
            for (int i = 0; i < 30; i++) {
              String name = "folder" + (i + seed) % 3 + "/n" + (i * 7 + seed) % 5;
              if ((i + seed) % 4 == 0) {
                blobs().delete(name);
              } else {
                put(name, BlobContent.of(i, 1000L + i * 6L + seed));
              }
            }
            return null;
          });
    }
    inThreads(tasks);
    List<BlobInfo> left = blobs().list("", "", BlobStore.PAGE);
    for (BlobInfo info : left) {
      InputStream all = blobs().open(info.name(), 0, Long.MAX_VALUE).orElseThrow();
      String sha256 = blobs().stat(info.name()).orElseThrow().sha256();
      assertThat(BlobContent.hash(all)).isEqualTo(sha256);
    }
    if (blobs() instanceof QuotaBlobStore counting) {
      BlobUsage usage = counting.usage();
      assertThat(usage.objects()).isEqualTo(left.size());
      assertThat(usage.bytes()).isEqualTo(left.stream().mapToLong(BlobInfo::length).sum());
    }
  }
}
