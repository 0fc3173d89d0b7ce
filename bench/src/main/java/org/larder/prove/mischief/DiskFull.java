package org.larder.prove.mischief;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.larder.bench.http.Reply;

/** The disk with the node's data is filled to the last byte for seconds, and emptied again. */
public final class DiskFull implements Mischief {
  private static final Duration REFUSAL_BOUND = Duration.ofSeconds(60);
  private static final Duration RECOVERY_BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final String DISK_FULL = "507 DISK_FULL";
  private static final String READ = "/api/v1/translation/tasks?limit=1";

  private int reads;
  private int failedReads;

  @Override
  public void run(Stage stage) throws IOException {
    Path disk = stage.options().disk().orElseThrow();
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      long begin = System.nanoTime();
      long refused = fill(stage, disk, round);
      awaitAcknowledgement(stage);
      stage.done(round, "disk full, " + refused + " writes refused", begin);
    }
    stage.figure("reads while the disk was full", reads + ", failed: " + failedReads);
  }

  @Override
  public void judge(Stage stage) {
    if (stage.answers().wrong() > 0 || stage.answers().broken() > 0) {
      stage.fault("a write was answered with neither 202 nor a refusal");
    }
    if (failedReads > 0) {
      stage.fault(failedReads + " of " + reads + " reads failed while the disk was full");
    }
  }

  /** Returns how many writes were refused meanwhile. */
  private long fill(Stage stage, Path disk, int round) throws IOException {
    long before = refused(stage);
    long begin = System.nanoTime();
    try (Ballast ballast = new Ballast(disk.resolve("ballast"))) {
      ballast.fill();
      stage.say("round " + round + ": the disk is full");
      while (refused(stage) == before) {
        if (System.nanoTime() - begin > REFUSAL_BOUND.toNanos()) {
          stage.unproved("the disk was full in round " + round + ", but no write got " + DISK_FULL);
          return 0;
        }
        stayFull(stage, ballast);
      }
      long end = System.nanoTime() + Duration.ofSeconds(stage.options().hold()).toNanos();
      while (System.nanoTime() < end) {
        stayFull(stage, ballast);
      }
    }
    return refused(stage) - before;
  }

  private void stayFull(Stage stage, Ballast ballast) throws IOException {
    stage.pause(POLL);
    ballast.fill();
    Reply reply = stage.node().node().get(READ);
    reads++;
    if (reply.status() != 200) {
      failedReads++;
    }
  }

  private static long refused(Stage stage) {
    return stage.answers().others().getOrDefault(DISK_FULL, 0L);
  }

  private static void awaitAcknowledgement(Stage stage) throws IOException {
    long before = stage.answers().requests();
    long begin = System.nanoTime();
    while (stage.answers().requests() == before) {
      if (System.nanoTime() - begin > RECOVERY_BOUND.toNanos()) {
        throw new IOException("there is room again, but no write is taken");
      }
      stage.pause(POLL);
    }
  }
}
