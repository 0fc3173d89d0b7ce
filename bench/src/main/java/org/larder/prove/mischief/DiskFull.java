package org.larder.prove.mischief;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.prove.Disks;
import org.larder.prove.database.DatabaseServer;

/**
 * A disk is filled to the last byte for seconds, and emptied again: the one with the journal, the
 * one with the database, or both.
 */
public final class DiskFull implements Mischief {
  private static final String BOTH = "both";
  private static final String DATABASE = "database";

  /** The disks that can be filled. */
  public static final List<String> WAYS = List.of(BOTH, "journal", DATABASE);

  /** With everything on one disk it can only be full for all. */
  public static final List<String> WAYS_WITH_ONE_DISK = List.of(BOTH);

  private static final Duration EFFECT_BOUND = Duration.ofSeconds(60);
  private static final Duration RECOVERY_BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final String REFUSAL = "507 DISK_FULL";
  private static final String READ = "/api/v1/translation/tasks?limit=1";

  private final ReadsWhileFull reads = new ReadsWhileFull();

  @Override
  public void run(Stage stage) throws IOException {
    Disks disks = stage.options().disks().orElseThrow();
    List<String> ways = stage.options().ways();
    for (int round = 1; round <= stage.options().rounds(); round++) {
      stage.rest(round);
      String way = ways.get((round - 1) % ways.size());
      long begin = System.nanoTime();
      String what = fill(stage, full(disks, way), way, round);
      Optional<DatabaseServer> server = stage.database().server();
      if (server.isPresent() && server.get().revive()) {
        what += "; the server had ended";
      }
      awaitAcknowledgement(stage);
      stage.done(round, what, begin);
    }
    stage.figure("reads while a disk was full", reads.all() + ", failed: " + reads.failed());
    if (reads.withoutServer() > 0) {
      stage.figure("reads refused while the server had ended", "" + reads.withoutServer());
    }
  }

  @Override
  public void judge(Stage stage) {
    if (stage.answers().wrong() > 0 || stage.answers().broken() > 0) {
      stage.fault("a write was answered with neither 202 nor a refusal");
    }
    if (reads.failed() > 0) {
      stage.fault(
          "%d of %d reads failed while a disk was full, the first with %s"
              .formatted(reads.failed(), reads.all(), reads.firstFailure()));
    }
  }

  private static List<Path> full(Disks disks, String way) {
    if (disks.isOne()) {
      return List.of(disks.node());
    }
    return switch (way) {
      case BOTH -> List.of(disks.node(), disks.database());
      case DATABASE -> List.of(disks.database());
      default -> List.of(disks.node());
    };
  }

  private String fill(Stage stage, List<Path> disks, String way, int round) throws IOException {
    long before = refused(stage);
    long begin = System.nanoTime();
    List<Ballast> ballast = new ArrayList<>();
    try {
      for (Path disk : disks) {
        ballast.add(new Ballast(disk.resolve("ballast")));
      }
      ballast.forEach(Ballast::fill);
      stage.say("round " + round + ": full: " + way);
      String effect = effect(stage, way, before);
      while (effect.isEmpty()) {
        if (System.nanoTime() - begin > EFFECT_BOUND.toNanos()) {
          stage.unproved("disk full in round " + round + " (" + way + "), but nothing noticed it");
          return "disk full: " + way + ", without any effect";
        }
        stayFull(stage, ballast);
        effect = effect(stage, way, before);
      }
      long end = System.nanoTime() + Duration.ofSeconds(stage.options().hold()).toNanos();
      while (System.nanoTime() < end) {
        stayFull(stage, ballast);
        String now = effect(stage, way, before);
        effect = now.isEmpty() ? effect : now;
      }
      return way + " full: " + effect;
    } finally {
      Ballast.closeAll(ballast);
    }
  }

  /** What the node suffers from the full disk, in words; empty as long as it does not. */
  private static String effect(Stage stage, String way, long before) throws IOException {
    if (way.equals(DATABASE)) {
      JsonNode follower = stage.node().follower(stage.database().backends().get(0));
      return follower.path("state").asText().equals("backing_off")
          ? follower.path("code").asText() + ", " + follower.path("lag").asLong() + " behind"
          : "";
    }
    long refused = refused(stage) - before;
    return refused > 0 ? refused + " writes refused" : "";
  }

  private void stayFull(Stage stage, List<Ballast> ballast) throws IOException {
    stage.pause(POLL);
    ballast.forEach(Ballast::fill);
    reads.note(stage.node().node().get(READ), stage.database().server());
  }

  private static long refused(Stage stage) {
    return stage.answers().others().getOrDefault(REFUSAL, 0L);
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
