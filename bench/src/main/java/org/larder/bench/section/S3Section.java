package org.larder.bench.section;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.larder.bench.Measurement;
import org.larder.bench.Targets;
import org.larder.bench.report.Report;
import org.larder.bench.report.Target;
import org.larder.prove.node.Folders;
import org.larder.storage.s3.internal.S3Rates;

/**
 * Records and objects into a server of S3 in this process, by the backend and the store as a node
 * has them, beside plain puts of the SDK that send the same objects from as many threads.
 */
public final class S3Section implements Measurement.Section {
  private static final List<Integer> THREADS = List.of(1, 4);
  private static final int WARMING = 3;

  /** As many batches of 1,000 records as a follower writes between two syncs. */
  private static final int PUTS = 100;

  private static final int ENCODED_OBJECTS = 200;

  /** Requests that wait as they would on their way to a server elsewhere. */
  private static final Duration DISTANCE = Duration.ofMillis(20);

  @Override
  public void run(Measurement measurement) throws Exception {
    measurement.say("warming up");
    Path folder = measurement.folder("warming");
    try (S3Rates rates = S3Rates.over(folder, Duration.ZERO)) {
      for (int i = 0; i < WARMING; i++) {
        for (int threads : THREADS) {
          rates.records(true, threads, PUTS, false);
          rates.blobs(threads, PUTS, false);
        }
      }
    }
    Folders.delete(folder);
    S3Rates.encodingMillis(ENCODED_OBJECTS);
    for (int run = 1; run <= measurement.effort().runs(); run++) {
      measurement.say("run " + run + ", records and objects of 256 KiB");
      // Whichever comes first finds the machine as the one before has left it: take turns.
      measure(measurement, run, Duration.ZERO);
      measurement.say(
          "run " + run + ", the same with a distance of " + DISTANCE.toMillis() + " ms");
      measure(measurement, run, DISTANCE);
    }
  }

  private static void measure(Measurement measurement, int run, Duration distance)
      throws Exception {
    Report report = measurement.report();
    boolean near = distance.isZero();
    report.begin(
        near
            ? "S3: beside plain puts of the same objects, the server in this process"
            : "S3: the same, every request " + distance.toMillis() + " ms on its way");
    if (near) {
      report
          .add("making an object of records", "ms", S3Rates.encodingMillis(ENCODED_OBJECTS))
          .note("plain puts of records make theirs by the same code");
    }
    Path folder = measurement.folder("s3");
    try (S3Rates rates = S3Rates.over(folder, distance)) {
      for (int threads : THREADS) {
        String with = threads + (threads == 1 ? " thread" : " threads");
        String records =
            String.format(Locale.ROOT, "batches of %,d records, %s", S3Rates.recordsEach(), with);
        boolean oursFirst = run % 2 == 0;
        compare(report, records, rates.records(false, threads, PUTS, oursFirst));
        S3Rates.Rates made = rates.records(true, threads, PUTS, !oursFirst);
        report
            .add(records + ", times plain puts of finished objects", "x", made.ratio())
            .target(Target.atLeast(Targets.S3_OF_RAW));
        compare(report, "256 KiB, " + with, rates.blobs(threads, PUTS, oursFirst));
      }
    }
    Folders.delete(folder);
  }

  private static void compare(Report report, String what, S3Rates.Rates measured) {
    report.add(what + ", plain", "/s", measured.plain());
    report.add(what, "/s", measured.ours());
    report
        .add(what + ", times plain", "x", measured.ratio())
        .target(Target.atLeast(Targets.S3_OF_RAW));
  }
}
